"""What the wall says of deadlines (到期), in words and addresses. Templates get this module as ``d``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from urllib.parse import urlencode

from core.domain.terms import FlagLevel
from core.domain.todo import SOON_DAYS, Todo, TodoGroup, TodoKind
from core.services.deadlines import DueBoard, TeamDue
from pages.components.wall import words
from pages.components.wall.words import DueWords

NEAR_DAYS = 3
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Figure:
    """One big number with its mark (None = plain) and the rows behind it."""

    word: str
    count: int
    level: FlagLevel | None
    group: TodoGroup


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a list: *about* = what is to be done where, *when* = its clock."""

    link: str
    title: str
    about: str
    owner: str
    when: DueWords


@dataclass(frozen=True, slots=True)
class EntryList:
    """A list with its heading, how many there are in all, and what stands there when it is empty."""

    heading: str
    total: int
    rows: tuple[Entry, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the near week: how many fall due."""

    on: date
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Days:
    """The near week; *most* is the longest bar; *report* says which month's reports are due in it."""

    days: tuple[Day, ...]
    most: int
    report: str


def figures(board: DueBoard) -> tuple[Figure, ...]:
    """Return the big numbers, the worst first."""
    total = board.total
    return (
        Figure("逾期", total.overdue, FlagLevel.SEVERE, TodoGroup.OVERDUE),
        Figure("今天到期", total.today, FlagLevel.WARN, TodoGroup.TODAY),
        Figure(f"{SOON_DAYS}天内到期", total.week, None, TodoGroup.WEEK),
    )


def soon(board: DueBoard) -> EntryList:
    """Return what falls due first."""
    return EntryList("近期到期", board.total.week, _entries(board.soon, board.on), f"{SOON_DAYS} 天内没有到期事项")


def late(board: DueBoard) -> EntryList:
    """Return what is overdue for the longest time."""
    return EntryList("逾期最久", board.total.overdue, _entries(board.late, board.on), "没有逾期事项")


def days(board: DueBoard) -> Days:
    """Return the near week, day by day."""
    shown = tuple(Day(on, _day_word(on, board.on), count) for on, count in board.days)
    month = board.report_month
    report = f"{month[0]}投资月报 {words.day(month[1])} 截止" if month else ""
    return Days(shown, max((day.count for day in shown), default=0), report)


def team_words(team: TeamDue) -> str:
    """Return what a headquarters lets slip, by kind."""
    return " · ".join(f"{kind.label} {count}" for kind, count in team.overdue.items() if count)


def share(part: int, most: int) -> str:
    """Return the length of a bar in percent."""
    return words.width(Fraction(part, most) if most else None)


def desk(links: bool, **query: object) -> str:
    """Return the address of the rows behind a figure; empty where nothing may be opened."""
    named = {name: value for name, value in query.items() if value is not None}
    return f"/deadlines?{urlencode(named)}" if links else ""


def opened(links: bool, entry: Entry) -> str:
    """Return the address of one thing; empty where nothing may be opened."""
    return entry.link if links else ""


def kinds(board: DueBoard) -> tuple[tuple[TodoKind, int, int], ...]:
    """Return kind, overdue, due within the week."""
    return tuple((kind, counts.overdue, counts.week) for kind, counts in board.kinds.items())


def _entries(items: Iterable[Todo], on: date) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            todo.link,
            todo.title,
            " · ".join(part for part in (f"{todo.kind.label} {todo.step}", todo.place) if part),
            words.short(todo.owner),
            _when(todo, on),
        )
        for todo in items
    )


def _when(todo: Todo, on: date) -> DueWords:
    left = todo.days_left(on) or 0
    if left < 0:
        return DueWords("late", f"逾期 {-left} 天")
    if left == 0:
        return DueWords("soon", "今天到期")
    day = words.day(todo.due_on) if todo.due_on else ""
    return DueWords("soon" if left <= NEAR_DAYS else "", f"{day} 剩 {left} 天")


def _day_word(on: date, today: date) -> str:
    return "今天" if on == today else f"周{WEEKDAYS[on.weekday()]}"
