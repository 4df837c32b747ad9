"""Working days with Chinese holidays and make-up days (调休); an office may overlay its own notice.

The day of receipt is not counted; a deadline is the end of the n-th working day. Years whose 调休 is not published
yet are answered with the statutory holidays and say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import holidays

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class WorkdayDeadline(NamedTuple):
    """A day counted in working days; *published* is False when a year it crosses has no published 调休."""

    on: date
    published: bool


class _Year(NamedTuple):
    days_off: frozenset[date]
    make_up_days: frozenset[date]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """
    Which days are worked.

    Attributes:
        overlay: Own entries by day: True = worked, False = off; they win over the built-in calendar. A worked Saturday
            or Sunday marks its year as published, a lone local day off does not.
    """

    overlay: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Return whether *day* is worked."""
        own = self.overlay.get(day)
        if own is not None:
            return own
        year = _year(day.year)
        if day.weekday() >= SATURDAY:
            return day in year.make_up_days
        return day not in year.days_off

    def is_published(self, year: int) -> bool:
        """Return whether the 调休 of *year* is known."""
        return bool(_year(year).make_up_days) or any(
            worked and day.year == year and day.weekday() >= SATURDAY for day, worked in self.overlay.items()
        )


@lru_cache(maxsize=64)
def _year(year: int) -> _Year:
    known = holidays.country_holidays("CN", years=year)
    make_up_days = frozenset(day for day in known.weekend_workdays if day.year == year)
    return _Year(frozenset(known), make_up_days)


def add_workdays(start: date, days: int, calendar: WorkCalendar) -> WorkdayDeadline:
    """
    Return the *days*-th working day after *start* (*start* itself is not counted).

    With 0 days, *start* itself, or the next working day when *start* is off (顺延).

    Raises:
        ValueError: *days* is negative.
    """
    if days < 0:
        raise ValueError(f"cannot count {days} working days")
    day, left = start, days
    while left:
        day += ONE_DAY
        left -= calendar.is_working_day(day)
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return WorkdayDeadline(day, all(calendar.is_published(year) for year in range(start.year, day.year + 1)))


def workdays_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """Return the working days after *start* up to and including *end*; negative when *end* is earlier."""
    if end < start:
        return -workdays_between(end, start, calendar)
    days = (end - start).days
    return sum(calendar.is_working_day(start + timedelta(days=step)) for step in range(1, days + 1))


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """
    How long something may still take.

    Attributes:
        days: Calendar days to the deadline; negative = overdue.
        workdays: Working days of them, today not counted; negative = overdue.
        is_published: False when the 调休 of a year in between is not known yet.
    """

    days: int
    workdays: int
    is_published: bool


def time_to(due_on: date, today: date, calendar: WorkCalendar) -> TimeLeft:
    """Return how long it is from *today* to *due_on*."""
    first, last = sorted((today, due_on))
    is_published = all(calendar.is_published(year) for year in range(first.year, last.year + 1))
    return TimeLeft((due_on - today).days, workdays_between(today, due_on, calendar), is_published)


def unpublished_wording(year: int) -> str:
    """Return the warning shown beside a deadline in a year without published 调休."""
    return f"{year}年调休安排尚未公布，按法定节假日推算，公布后可能变动。"
