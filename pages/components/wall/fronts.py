"""What the wall says of one headquarters: marks, steps of its chain, lists; the templates draw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlencode

from core.domain.headquarters import SetUpStanding
from core.domain.headquarters_chain import STEPS
from core.services.wall_view import MonthSums, TeamFront, WallView
from pages.components.supervision import words as flag_words
from pages.components.supervision.words import Count
from pages.components.wall import words
from pages.components.wall.words import DueWords


@dataclass(frozen=True, slots=True)
class ChainBar:
    """One step of the funnel: projects that reached it, as a share of the first step for the bar's height."""

    label: str
    reached: int
    height: str
    conversion: str


@dataclass(frozen=True, slots=True)
class MonthBar:
    """One month: what was done as a bar, what was planned as a mark; both in per cent of the highest of the year."""

    label: str
    done: str
    height: str
    plan: str
    title: str
    measure: str


@dataclass(frozen=True, slots=True)
class FrontPart:
    """The fronts as the scene shows them; *is_of_record* says whose flags open the ledger."""

    teams: tuple[TeamFront, ...]
    is_of_record: bool


def part(view: WallView) -> FrontPart:
    """Return what both cards of the scene are drawn from."""
    return FrontPart(view.fronts, view.published is not None)


def marks(team: TeamFront) -> tuple[Count, ...]:
    """Return red, yellow and green with their projects."""
    return flag_words.counts(dict(team.line.levels), None)[:3]


def chain(team: TeamFront) -> tuple[ChainBar, ...]:
    """Return the funnel as bars."""
    first = team.funnel[0].reached if team.funnel else 0
    return tuple(
        ChainBar(
            line.step.label,
            line.reached,
            words.width(Fraction(line.reached, first) if first else None),
            "" if line.conversion is None else f"{words.pct(line.conversion)}%",
        )
        for line in team.funnel
    )


def months(sums: Sequence[MonthSums]) -> tuple[MonthBar, ...]:
    """Return the months of the year up to the as-of month."""
    most = max((max(item.plan_yuan, item.done_yuan) for item in sums), default=0)
    return tuple(
        MonthBar(
            f"{item.month}月",
            words.yi(item.done_yuan),
            words.width(Fraction(item.done_yuan, most) if most > 0 else None),
            words.width(Fraction(item.plan_yuan, most)) if item.plan_yuan > 0 else "",
            f"{item.month}月完成 {words.yi(item.done_yuan)} 亿元，计划 {words.yi(item.plan_yuan)} 亿元",
            f"done_m{item.month:02d}_yuan",
        )
        for item in sums
    )


def set_up(standing: SetUpStanding) -> DueWords:
    """Return how much time the set-up has left; empty once it is complete."""
    if standing.is_complete or standing.days_left is None:
        return DueWords("", "")
    if standing.days_left < 0:
        return DueWords("late", f"组建逾期 {-standing.days_left} 天（{standing.done}/{standing.total}）")
    late = f"，逾期 {standing.overdue} 项" if standing.overdue else ""
    kind = "late" if standing.overdue else "soon"
    return DueWords(kind, f"组建剩 {standing.days_left} 天（{standing.done}/{standing.total}{late}）")


def when(team: TeamFront, days_of: object) -> DueWords:
    """Return how a deadline stands on the day of the picture; empty without one."""
    due_on = getattr(days_of, "planned_on", None) or getattr(days_of, "due_on", None)
    if due_on is None:
        return DueWords("", "")
    days = (due_on - team.on).days
    if days < 0:
        return DueWords("late", f"逾期 {-days} 天")
    if days == 0:
        return DueWords("soon", "今日到期")
    return DueWords("soon" if days <= words.SOON_DAYS else "", f"剩 {days} 天")


def reasons(row_reasons: Sequence[str]) -> str:
    """Return the reasons of a flag in one line."""
    return "；".join(row_reasons)


def desk(links: bool, screen: str, **query: object) -> str:
    """Return the address of a screen of the desk; empty where nothing may be opened."""
    return f"/{screen}?{urlencode(query)}" if links else ""


def flagged(links: bool, shown: FrontPart, team: TeamFront, count: Count) -> str:
    """Return the address of the projects of *team* behind one mark."""
    levels = ",".join(level.value for level in count.group.levels)
    return words.ledger(links, hq=team.key_id, **{"record" if shown.is_of_record else "flag": levels})


def steps_from(index: int) -> str:
    """Return the steps of the chain from *index* on, as the ledger's address spells them."""
    return ",".join(step.value for step in STEPS[index:])
