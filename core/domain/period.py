"""Months, and the day and month at which figures stand."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Self

CHINESE_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; ordered, so months compare like dates."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12:
            raise ValueError(f"month number {self.number} is not 1..12")

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month that holds *day*."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the month written as ``2026-11``."""
        year, number = text.split("-")
        return cls(int(year), int(number))

    def shift(self, months: int) -> "Month":
        """Return the month *months* later (earlier when negative)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def label(self) -> str:
        return f"{self.year}年{self.number}月"

    @property
    def span_label(self) -> str:
        """Return the wording of cumulated figures: 1—N月, or 1月 alone."""
        return f"{self.year}年1月" if self.number == 1 else f"{self.year}年1—{self.number}月"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def add_months(day: date, months: int) -> date:
    """Return *day* moved by calendar months; the day is cut to the month's length."""
    month = Month.of(day).shift(months)
    return date(month.year, month.number, min(day.day, month.last_day.day))


@dataclass(frozen=True, slots=True)
class AsOf:
    """
    Where figures stand.

    Attributes:
        on: The day (local calendar); milestones and deadlines are judged against it.
        month: The last month whose reports are due; money is counted January..month of its year.
    """

    on: date
    month: Month

    @property
    def year(self) -> int:
        return self.month.year


def as_of_day(today: date, due_day: int, due_next_month: bool) -> AsOf:
    """
    Return the as-of point for *today*: the last month whose reporting deadline has passed.

    Args:
        today: Local calendar day.
        due_day: Day of the month by which a month's report is due (1..28).
        due_next_month: True when a month is reported in the following month (上月数次月报), False when in itself.
    """
    month = Month.of(today)
    if due_next_month:
        month = month.shift(-1)
    if today.day <= due_day:
        month = month.shift(-1)
    return AsOf(on=today, month=month)


@lru_cache(maxsize=64)
def report_deadlines(last: Month, due_day: int, due_next_month: bool, zone: tzinfo) -> tuple[datetime, ...]:
    """
    Return for each month January..*last* the first moment (aware UTC) at which its report is late (迟报).

    A report sent in on the due day itself is in time; the day ends by the local calendar of *zone*.
    """
    late = []
    for number in range(1, last.number + 1):
        month = Month(last.year, number).shift(1 if due_next_month else 0)
        day_after = date(month.year, month.number, due_day) + timedelta(days=1)
        late.append(datetime.combine(day_after, time.min, zone).astimezone(UTC))
    return tuple(late)
