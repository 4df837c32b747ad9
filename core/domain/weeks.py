"""The trend of a list: what came up and what ended, week by week, Monday to Sunday."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

TREND_WEEKS = 12
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """What came up and what ended from Monday *first* up to *last*; the present week ends today."""

    first: date
    last: date
    came: int
    ended: int


def monday_of(day: date) -> date:
    """Return the first day of the week of *day*."""
    return day - timedelta(days=day.weekday())


def last_weeks(today: date, came: Mapping[date, int], ended: Mapping[date, int]) -> tuple[WeekCounts, ...]:
    """
    Return twelve weeks, the present one last; days outside of them are left out.

    Args:
        came, ended: How many on each day.
    """
    first = first_day(today)
    return tuple(_week(first + number * _WEEK, today, came, ended) for number in range(TREND_WEEKS))


def first_day(today: date) -> date:
    """Return the Monday that the twelve weeks begin with."""
    return monday_of(today) - (TREND_WEEKS - 1) * _WEEK


def _week(first: date, today: date, came: Mapping[date, int], ended: Mapping[date, int]) -> WeekCounts:
    last = min(first + _WEEK - timedelta(days=1), today)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return WeekCounts(first, last, sum(came.get(day, 0) for day in days), sum(ended.get(day, 0) for day in days))
