"""How a headquarters is worded: set-up, flags, dates; plain values, nothing is drawn here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.headquarters import Presence, SetUpStanding, StepState
from core.domain.terms import FlagLevel
from core.domain.units import NOTHING
from pages.components.supervision import words as flag_words
from pages.components.theme import FlagMark

# Shape and word together, as flags have them; these are states of a task, never of a project.
STEP_MARKS = {
    StepState.DONE: "● 已完成",
    StepState.OPEN: "○ 进行中",
    StepState.DUE_SOON: "▲ 即将到期",
    StepState.OVERDUE: "■ 逾期",
}
PRESENCE_MARKS = {
    Presence.COMING: "○ 未到岗",
    Presence.PRESENT: "● 在岗",
    Presence.ENDING: "▲ 即将期满",
    Presence.ENDED: "— 已离岗",
}


def set_up(standing: SetUpStanding) -> str:
    """Return how the set-up stands in few words."""
    if not standing.total:
        return NOTHING
    if standing.is_complete:
        return "● 已完成"
    if standing.overdue:
        return f"■ {standing.done}/{standing.total}，逾期 {standing.overdue}"
    return f"○ {standing.done}/{standing.total}，剩 {standing.days_left} 天"


def due_words(due_on: date, today: date) -> str:
    """Return how far a day is."""
    days = (due_on - today).days
    if days < 0:
        return f"■ 逾期 {-days} 天"
    return "▲ 今日到期" if days == 0 else f"{days} 天后"


@dataclass(frozen=True, slots=True)
class FlagCount:
    """Projects of one mark, and the query of the ledger that lists them."""

    mark: FlagMark
    word: str
    count: int
    query: str


def flag_counts(
    levels: Sequence[tuple[FlagLevel, int]], headquarters_id: int, *, is_of_record: bool
) -> tuple[FlagCount, ...]:
    """Return the projects by mark, red first, each with its list: flags of record, or the live ones before any."""
    counted = flag_words.counts(dict(levels), None)
    name = "record" if is_of_record else "flag"
    return tuple(
        FlagCount(
            item.group.mark,
            item.group.word,
            item.now,
            f"hq={headquarters_id}&{name}={','.join(level.value for level in item.group.levels)}",
        )
        for item in counted
    )


def flag_line(levels: Sequence[tuple[FlagLevel, int]]) -> str:
    """Return red, yellow and green counts as text with shapes."""
    known: Mapping[FlagLevel, int] = dict(levels)
    counted = flag_words.counts(known, None)[:3]
    return "　".join(f"{item.group.mark.shape}{item.group.word} {item.now}" for item in counted)
