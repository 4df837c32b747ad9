"""Report periods (周、旬、月): which one a day lies in, and which reports a task owes."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.campaigns.words import ReportPeriod

_FIRST_OF_TEN = (1, 11, 21)
_TEN_WORDS = ("上旬", "中旬", "下旬")


@dataclass(frozen=True, slots=True)
class Period:
    """
    One report period, both days inclusive.

    Attributes:
        key: Stable text: ``2026-W48`` (ISO week), ``2026-11-2`` (second ten days), ``2026-11``.
    """

    kind: ReportPeriod
    key: str
    first_on: date
    last_on: date

    @property
    def label(self) -> str:
        """Return its Chinese name."""
        if self.kind is ReportPeriod.WEEK:
            year, week, _ = self.first_on.isocalendar()
            return f"{year}年第{week}周"
        month = f"{self.first_on.year}年{self.first_on.month}月"
        if self.kind is ReportPeriod.MONTH:
            return month
        return month + _TEN_WORDS[_FIRST_OF_TEN.index(self.first_on.day)]


def period_of(kind: ReportPeriod, day: date) -> Period:
    """Return the period of *kind* that *day* lies in."""
    if kind is ReportPeriod.WEEK:
        first = day - timedelta(days=day.weekday())
        year, week, _ = day.isocalendar()
        return Period(kind, f"{year}-W{week:02d}", first, first + timedelta(days=6))
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    if kind is ReportPeriod.MONTH:
        return Period(kind, f"{day:%Y-%m}", day.replace(day=1), following - timedelta(days=1))
    place = max(number for number, first in enumerate(_FIRST_OF_TEN) if first <= day.day)
    last = following if place == 2 else day.replace(day=_FIRST_OF_TEN[place + 1])
    return Period(kind, f"{day:%Y-%m}-{place + 1}", day.replace(day=_FIRST_OF_TEN[place]), last - timedelta(days=1))


def previous(period: Period) -> Period:
    """Return the period before *period*."""
    return period_of(period.kind, period.first_on - timedelta(days=1))


def is_owed(planned_start_on: date, finished_on: date | None, period: Period) -> bool:
    """
    Return whether a task owes a report for *period*: it had begun by plan and was not done before the period.

    Args:
        planned_start_on: First day of the task by plan.
        finished_on: Day it was claimed done; None = it still runs.
    """
    return planned_start_on <= period.last_on and (finished_on is None or finished_on >= period.first_on)
