"""What a leader should ask on the site of a project: questions drawn from what is late, short or stuck."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.domain.terms import Stage
from core.domain.units import format_number

SOON_DAYS = 30
_LAST = "质量安全责任、农民工工资和扬尘管控是否落实到位？"


@dataclass(frozen=True, slots=True)
class OpenNode:
    """A node that is not reached yet, and how often its date was moved."""

    name: str
    planned_on: date
    moves: int


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """An open problem: who works on it, by when (None = no deadline)."""

    title: str
    owner: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Situation:
    """
    Where a project stands on *today*.

    Attributes:
        gap_pp: Behind (negative) or ahead of 序时; None = cannot be known.
        missing_months: Months of the year whose report is due and missing.
    """

    today: date
    stage: Stage
    start_planned_on: date | None
    is_started: bool
    gap_pp: Fraction | None
    nodes: Sequence[OpenNode]
    problems: Sequence[OpenProblem]
    missing_months: Sequence[int] = ()


def questions(now: Situation, limit: int) -> tuple[str, ...]:
    """Return at most *limit* questions, what presses most first; the last place is always for safety and wages."""
    asked = [question for question, _ in zip(_questions(now), range(limit - 1), strict=False)]
    return (*asked, _LAST)


def _questions(now: Situation) -> Iterator[str]:
    yield from _standstill(now)
    yield from _late(now)
    if now.gap_pp is not None and now.gap_pp < 0:
        yield f"欠序时 {format_number(-now.gap_pp, 1)} 个百分点，本月能完成多少投资，差额怎样补上？"
    if now.missing_months:
        yield f"{'、'.join(map(str, now.missing_months))} 月投资月报为何未报？"
    yield from _coming(now)


def _standstill(now: Situation) -> Iterator[str]:
    if now.stage is Stage.SUSPENDED:
        yield "停工原因是否已消除？何时复工，还缺什么条件？"
    if not now.is_started and now.start_planned_on is not None and now.start_planned_on < now.today:
        yield f"计划 {now.start_planned_on} 开工至今未开工，还差哪项条件、由谁何时办结？"


def _late(now: Situation) -> Iterator[str]:
    for problem in now.problems:
        if problem.due_on is not None and problem.due_on < now.today:
            days = (now.today - problem.due_on).days
            yield f"“{problem.title}”由{problem.owner or '未定单位'}办理，已逾期 {days} 天，卡在哪里？"
    for node in now.nodes:
        if node.planned_on < now.today:
            moved = f"（已调整 {node.moves} 次）" if node.moves else ""
            yield f"节点“{node.name}”{moved}逾期 {(now.today - node.planned_on).days} 天，哪天能完成，如何追赶？"


def _coming(now: Situation) -> Iterator[str]:
    for problem in now.problems:
        if problem.due_on is None or problem.due_on >= now.today:
            yield f"“{problem.title}”办到哪一步，能否按期办结？"
    for node in now.nodes:
        if 0 <= (node.planned_on - now.today).days <= SOON_DAYS:
            yield f"节点“{node.name}”{node.planned_on} 到期，能否按期完成？"
