"""Reports of a headquarters to the committee (周报、旬报、月报): which period is due when, and which one is missing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.period import Month
from core.domain.terms import Term
from core.domain.workdays import ONE_DAY, WorkCalendar, add_workdays

LOOK_BACK_DAYS = 370  # older periods without a report are history, not a list of duties
_DAYS_PER_WEEK = 7
_TEN_DAY_ENDS = (10, 20)
_TEN_DAY_NAMES = ("上旬", "中旬", "下旬")


class ReportCycle(Term):
    """How often a headquarters reports."""

    WEEKLY = "weekly", "周报"
    TEN_DAY = "ten_day", "旬报"
    MONTHLY = "monthly", "月报"


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A week (Monday to Sunday), ten days or a calendar month; both days inclusive."""

    cycle: ReportCycle
    first_on: date
    last_on: date

    @property
    def label(self) -> str:
        """Return the period in words."""
        month = Month.of(self.first_on)
        if self.cycle is ReportCycle.MONTHLY:
            return month.label
        if self.cycle is ReportCycle.TEN_DAY:
            return f"{month.label}{_TEN_DAY_NAMES[self.first_on.day // 10]}"
        year = "" if self.first_on.year == self.last_on.year else f"{self.last_on.year}年"
        first = f"{self.first_on.year}年{self.first_on.month}月{self.first_on.day}日"
        return f"{first}—{year}{self.last_on.month}月{self.last_on.day}日"


@dataclass(frozen=True, slots=True)
class ReportDuty:
    """
    A report that is owed.

    Attributes:
        is_over: Whether the period has ended, so that it can be written in full.
        is_overdue: Whether the deadline has passed.
        is_published: False when the make-up days of a year it is counted in are not published yet.
    """

    period: ReportPeriod
    due_on: date
    is_over: bool
    is_overdue: bool
    is_published: bool


def period_of(cycle: ReportCycle, day: date) -> ReportPeriod:
    """Return the period of *cycle* that holds *day*."""
    if cycle is ReportCycle.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return ReportPeriod(cycle, monday, monday + timedelta(days=_DAYS_PER_WEEK - 1))
    month = Month.of(day)
    if cycle is ReportCycle.MONTHLY:
        return ReportPeriod(cycle, month.first_day, month.last_day)
    first = 1
    for end in _TEN_DAY_ENDS:
        if day.day <= end:
            return ReportPeriod(cycle, day.replace(day=first), day.replace(day=end))
        first = end + 1
    return ReportPeriod(cycle, day.replace(day=first), month.last_day)


def owed(
    cycle: ReportCycle,
    since_on: date,
    workdays: int,
    sent: Collection[date],
    today: date,
    calendar: WorkCalendar,
) -> tuple[ReportDuty, ...]:
    """
    Return the reports owed on *today*, the oldest first; the last one is that of the present period.

    Args:
        since_on: From the period of this day on there is a duty.
        workdays: The report is due at the end of so many working days after the last day of its period.
        sent: First days of the periods that were reported.
    """
    period = period_of(cycle, max(since_on, today - timedelta(days=LOOK_BACK_DAYS)))
    duties = []
    while period.first_on <= today:
        if period.first_on not in sent:
            due = add_workdays(period.last_on, workdays, calendar)
            duties.append(ReportDuty(period, due.on, period.last_on < today, due.on < today, due.published))
        period = period_of(cycle, period.last_on + ONE_DAY)
    return tuple(duties)
