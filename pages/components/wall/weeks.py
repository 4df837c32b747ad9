"""The panel 近十二周: what came up and what ended, one pair of columns a week, each with the address of its rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.domain.weeks import WeekCounts
from pages.components.wall import words

Address = Callable[[WeekCounts], str]


@dataclass(frozen=True, slots=True)
class Side:
    """One half of the trend: its word, and where the rows of a week are."""

    word: str
    address: Address


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its number, its height in per cent of the highest, the address of its rows."""

    kind: str
    count: int
    height: str
    address: str


@dataclass(frozen=True, slots=True)
class Week:
    """One week by its Monday, short enough to stand under its columns."""

    monday: str
    columns: tuple[Column, Column]


@dataclass(frozen=True, slots=True)
class Weeks:
    """The panel; *keys* are class, word and sum of both sides."""

    keys: tuple[tuple[str, str, int], ...]
    weeks: tuple[Week, ...]


def draw(counts: Sequence[WeekCounts], came: Side, ended: Side) -> Weeks:
    """Return the panel."""
    most = max((max(week.came, week.ended) for week in counts), default=0)

    def column(kind: str, count: int, address: str) -> Column:
        return Column(kind, count, words.width(Fraction(count, most) if most else None), address)

    return Weeks(
        (
            ("raised", came.word, sum(week.came for week in counts)),
            ("ended", ended.word, sum(week.ended for week in counts)),
        ),
        tuple(
            Week(
                f"{week.first.month}/{week.first.day}",
                (
                    column("raised", week.came, came.address(week)),
                    column("ended", week.ended, ended.address(week)),
                ),
            )
            for week in counts
        ),
    )
