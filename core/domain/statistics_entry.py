"""入库入统: whether a started project is in the statistics library, and whose clock runs (银川: one and two months)."""

from dataclasses import dataclass
from datetime import date

from core.domain.period import add_months
from core.domain.start_rules import SHIPPED, EntryRules
from core.domain.start_terms import EntryStatus

OWED = (EntryStatus.UNDATED, EntryStatus.WAITING, EntryStatus.LATE, EntryStatus.SEVERE)


@dataclass(frozen=True, slots=True)
class Entry:
    """
    Where a project stands.

    Attributes:
        due_on: Last day in time; None while no clock runs.
        severe_on: Last day before it is severely late.
        days_left: Days to *due_on*, negative when passed; None when entered or no clock runs.
    """

    status: EntryStatus
    due_on: date | None = None
    severe_on: date | None = None
    days_left: int | None = None


def entry_of(
    total_investment_yuan: int,
    started_on: date | None,
    entered_on: date | None,
    today: date,
    *,
    has_started: bool | None = None,
    rules: EntryRules = SHIPPED.entry,
) -> Entry:
    """
    Return where a project stands on *today*.

    Args:
        has_started: Whether it has begun where no date says so (续建 without a recorded start); None = by the date.

    Dates after *today* have not happened. Below the starting figure nothing is owed, whatever was recorded.
    """
    begun = started_on is not None and started_on <= today
    if not begun and not has_started:
        return Entry(EntryStatus.NOT_STARTED)
    if total_investment_yuan < rules.min_yuan:
        return Entry(EntryStatus.TOO_SMALL)
    entered = entered_on if entered_on is not None and entered_on <= today else None
    if started_on is None or not begun:
        return Entry(EntryStatus.ENTERED if entered else EntryStatus.UNDATED)
    due_on, severe_on = add_months(started_on, rules.late_months), add_months(started_on, rules.severe_months)
    if entered is not None:
        return Entry(EntryStatus.ENTERED if entered <= due_on else EntryStatus.ENTERED_LATE, due_on, severe_on)
    status = EntryStatus.WAITING
    if today > due_on:
        status = EntryStatus.SEVERE if today > severe_on else EntryStatus.LATE
    return Entry(status, due_on, severe_on, (due_on - today).days)
