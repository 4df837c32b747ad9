"""What the wall says of the problem list, in words and addresses. Templates get this module as ``m``."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from core.domain.matters.words import MatterCount, RateGroup
from core.domain.terms import FlagLevel, MatterKind
from core.domain.weeks import WeekCounts
from core.services.matters import MatterCard
from core.services.matters.board import BOARD_KIND, MatterBoard
from pages.components.matters.address import Behind, list_address, matter_address
from pages.components.matters.matter_words import SOON_WORKDAYS
from pages.components.wall import words
from pages.components.wall.weeks import Side, Weeks, draw
from pages.components.wall.words import DueWords


@dataclass(frozen=True, slots=True)
class Figure:
    """One big number: what it counts, the mark that draws the eye (None = plain), the rows behind it."""

    word: str
    count: int
    level: FlagLevel | None
    behind: Behind


@dataclass(frozen=True, slots=True)
class OtherList:
    """Another list in one line."""

    kind: MatterKind
    open: int
    overdue: int
    behind: Behind


@dataclass(frozen=True, slots=True)
class Entry:
    """One problem of a list: *about* = where and how far, *when* = its clock, *owner* = who owes the step."""

    id: int
    title: str
    about: str
    owner: str
    when: DueWords


@dataclass(frozen=True, slots=True)
class EntryList:
    """A list of problems with its heading, their number in all, and what stands there when it is empty."""

    heading: str
    total: int
    rows: tuple[Entry, ...]
    empty: str


def figures(board: MatterBoard) -> tuple[Figure, ...]:
    """Return the big numbers."""
    counts = board.counts
    month = (board.on.replace(day=1), board.on)
    return (
        Figure("未办完", counts.open, None, Behind(MatterCount.OPEN)),
        Figure("逾期", counts.overdue, FlagLevel.SEVERE, Behind(MatterCount.OVERDUE)),
        Figure("提级办理", counts.escalated, FlagLevel.WARN, Behind(MatterCount.ESCALATED)),
        Figure("本月办完", board.ended_this_month, FlagLevel.OK, Behind(MatterCount.MATTERS, ended=month)),
    )


def other_lists(board: MatterBoard) -> tuple[OtherList, ...]:
    """Return the other lists, those without open matters with a 0."""
    known = {row.kind: row for row in board.kinds}
    return tuple(
        OtherList(
            kind,
            known[kind].open if kind in known else 0,
            known[kind].overdue if kind in known else 0,
            Behind(MatterCount.OPEN),
        )
        for kind in MatterKind
        if kind is not BOARD_KIND
    )


def urgent(board: MatterBoard) -> EntryList:
    """Return the open problems by their clocks."""
    return EntryList("办理时钟", board.counts.open, _entries(board.urgent), "没有未办完的问题")


def escalated(board: MatterBoard) -> EntryList:
    """Return the problems lifted to a higher table."""
    return EntryList("提级办理", board.counts.escalated, _entries(board.escalated), "没有提级办理的问题")


def weeks(board: MatterBoard) -> Weeks:
    """Return the trend."""
    return draw(board.weeks, Side("登记", _raised_in), Side("办完", _ended_in))


def share(part: int, whole: int) -> str:
    """Return *part* of *whole* as the percent of a bar."""
    return words.width(Fraction(part, whole) if whole else None)


def late_of(unit_id: int | None) -> Behind:
    """Return the overdue problems of one unit."""
    return Behind(MatterCount.OVERDUE, (RateGroup.UNIT, unit_id))


def list_of(links: bool, behind: Behind, kind: MatterKind = BOARD_KIND) -> str:
    """Return the address of the rows behind a figure; empty where nothing may be opened."""
    return list_address(kind, behind) if links else ""


def matter(links: bool, matter_id: int) -> str:
    """Return the address of one problem; empty where nothing may be opened."""
    return matter_address(BOARD_KIND, matter_id) if links else ""


def clock(card: MatterCard) -> DueWords:
    """Return how long the present step may still take; overdue in calendar days, else in working days."""
    left = card.left
    if left is None:
        return DueWords("", "未定期限")
    if left.days < 0:
        return DueWords("late", f"逾期 {-left.days} 天")
    if left.days == 0:
        return DueWords("soon", "今日到期")
    return DueWords("soon" if left.workdays <= SOON_WORKDAYS else "", f"剩 {left.workdays} 个工作日")


def _raised_in(week: WeekCounts) -> str:
    return list_address(BOARD_KIND, Behind(MatterCount.MATTERS, raised=(week.first, week.last)))


def _ended_in(week: WeekCounts) -> str:
    return list_address(BOARD_KIND, Behind(MatterCount.MATTERS, ended=(week.first, week.last)))


def _entries(cards: Iterable[MatterCard]) -> tuple[Entry, ...]:
    return tuple(_entry(card) for card in cards)


def _entry(card: MatterCard) -> Entry:
    row = card.row
    place = words.short(row.county_name) if row.county_name else "市级"
    parts = [place, row.category, row.state.status.label, f"{row.state.level.label}办理"]
    return Entry(row.id, row.title, " · ".join(part for part in parts if part), row.unit_name or "未交办", clock(card))
