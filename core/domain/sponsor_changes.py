"""What changed in a project since a day, such as a leader's last visit: a pure difference over dated facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.period import Month
from core.domain.terms import FlagLevel, LifecycleKind
from core.domain.units import format_wan

_NAMED = 3  # nodes and problems named in one line; the others are counted


@dataclass(frozen=True, slots=True)
class FlagFact:
    """A level that a published round gave, from the day of its publication on."""

    on: date
    level: FlagLevel


@dataclass(frozen=True, slots=True)
class NodeFact:
    """A node as it stands: planned by the latest baseline, reached on *actual_on*."""

    name: str
    planned_on: date
    actual_on: date | None


@dataclass(frozen=True, slots=True)
class MoveFact:
    """A node's date was moved on a day, by *days* (negative = earlier)."""

    name: str
    on: date
    days: int


@dataclass(frozen=True, slots=True)
class MoneyFact:
    """A month's investment, known since the day its report came in."""

    month: Month
    on: date
    done_yuan: int


@dataclass(frozen=True, slots=True)
class ProblemFact:
    """A problem with its first and last day; None = open."""

    title: str
    raised_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class EventFact:
    """A dated fact in the project's life."""

    kind: LifecycleKind
    on: date


@dataclass(frozen=True, slots=True)
class DatedFacts:
    """Everything dated that is known of a project; in any order."""

    flags: tuple[FlagFact, ...] = ()
    nodes: tuple[NodeFact, ...] = ()
    moves: tuple[MoveFact, ...] = ()
    money: tuple[MoneyFact, ...] = ()
    problems: tuple[ProblemFact, ...] = ()
    events: tuple[EventFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """
    What happened after *since*, up to *until* inclusive; the day itself was seen on the visit.

    Attributes:
        flag: Level then and now when they differ; then None = no round had judged it.
        late: Nodes whose planned day passed meanwhile and that are not reached.
        done_yuan: Investment whose reports came in; None = no report did.
    """

    since: date
    until: date
    flag: tuple[FlagLevel | None, FlagLevel] | None = None
    done: tuple[NodeFact, ...] = ()
    late: tuple[NodeFact, ...] = ()
    moved: tuple[MoveFact, ...] = ()
    done_yuan: int | None = None
    opened: tuple[ProblemFact, ...] = ()
    closed: tuple[ProblemFact, ...] = ()
    events: tuple[EventFact, ...] = ()


def changes_since(facts: DatedFacts, since: date, until: date) -> Changes:
    """Return what changed after *since*, up to *until*."""

    def is_new(day: date | None) -> bool:
        return day is not None and since < day <= until

    money = [fact.done_yuan for fact in facts.money if is_new(fact.on)]
    return Changes(
        since=since,
        until=until,
        flag=_flag(facts.flags, since, until),
        done=tuple(sorted((n for n in facts.nodes if is_new(n.actual_on)), key=lambda n: (str(n.actual_on), n.name))),
        late=tuple(
            sorted(
                (n for n in facts.nodes if n.actual_on is None and since <= n.planned_on < until),
                key=lambda n: (n.planned_on, n.name),
            )
        ),
        moved=tuple(sorted((m for m in facts.moves if is_new(m.on)), key=lambda m: (m.on, m.name))),
        done_yuan=sum(money) if money else None,
        opened=tuple(sorted((p for p in facts.problems if is_new(p.raised_on)), key=lambda p: (p.raised_on, p.title))),
        closed=tuple(
            sorted((p for p in facts.problems if is_new(p.closed_on)), key=lambda p: (str(p.closed_on), p.title))
        ),
        events=tuple(sorted((e for e in facts.events if is_new(e.on)), key=lambda e: (e.on, e.kind))),
    )


def _flag(flags: Sequence[FlagFact], since: date, until: date) -> tuple[FlagLevel | None, FlagLevel] | None:
    ordered = sorted(flags, key=lambda fact: fact.on)
    before = next((fact.level for fact in reversed(ordered) if fact.on <= since), None)
    now = next((fact.level for fact in reversed(ordered) if fact.on <= until), None)
    return None if now is None or now is before else (before, now)


def wordings(changes: Changes) -> tuple[str, ...]:
    """Return the changes in words, one line each, what presses most first; empty = nothing changed."""
    lines = []
    if changes.flag and _mark(changes.flag[0]) != _mark(changes.flag[1]):  # a scheme may show two levels as one
        lines.append(f"旗色 {_mark(changes.flag[0])} → {_mark(changes.flag[1])}")
    lines += [f"{_day(event.on)}登记{event.kind.label}" for event in changes.events]
    if changes.late:
        lines.append(f"新逾期节点 {len(changes.late)} 个：{_names([node.name for node in changes.late])}")
    if changes.done:
        lines.append(f"完成节点 {len(changes.done)} 个：{_names([node.name for node in changes.done])}")
    if changes.moved:
        told = [f"{move.name}{'推迟' if move.days > 0 else '提前'} {abs(move.days)} 天" for move in changes.moved]
        lines.append(f"调整节点 {len(changes.moved)} 次：{_names(told)}")
    if changes.opened:
        lines.append(f"新增问题 {len(changes.opened)} 件：{_names([one.title for one in changes.opened])}")
    if changes.closed:
        lines.append(f"办结问题 {len(changes.closed)} 件：{_names([one.title for one in changes.closed])}")
    if changes.done_yuan is not None:
        lines.append(f"新报完成投资 {format_wan(changes.done_yuan)} 万元")
    return tuple(lines)


def _mark(level: FlagLevel | None) -> str:
    if level is None:
        return "未评"
    mark = DEFAULT_SCHEME.mark(level)
    return level.label if mark.word == mark.shape else f"{mark.shape} {mark.word}"


def _names(names: Sequence[str]) -> str:
    shown = "、".join(names[:_NAMED])
    return f"{shown} 等" if len(names) > _NAMED else shown


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
