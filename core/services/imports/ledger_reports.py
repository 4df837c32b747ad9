"""Completed investment of a ledger row → monthly reports.

The store keeps months; ledgers often state only this month and the cumulated year. What the cumulated figure holds
beyond the known months is entered once in the month before (or in the month itself when nothing else is stated), so
that the months add up to the figure that was typed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from core.domain.period import Month
from core.domain.terms import ReportStatus
from core.importers.cells.text import is_same
from core.importers.row import LedgerRow
from core.importers.sheet_rows import show_yuan
from db.queries.import_targets import StoredRow

CLOSED = (ReportStatus.REVIEWED.value, ReportStatus.LOCKED.value)
_FEEDBACK_LIMIT = 1000

Say = Callable[..., None]


def wanted_reports(
    row: LedgerRow,
    stored: Mapping[int, StoredRow],
    say: Say,
    progress: str = "",
    sealed: Collection[int] = (),
) -> dict[int, dict[str, Any]]:
    """
    Return month → columns of the report as the ledger has it, closed months left out.

    Args:
        stored: Reports of the year by month.
        say: Takes a problem code, the field it is about and the values of its sentence.
        progress: Physical progress that stands on the project itself.
        sealed: Months of the row's year that are closed (月结): nothing of them is written, missing reports included.
    """
    months = {month: yuan for month, yuan in enumerate(row.month_actuals_yuan, 1) if yuan is not None}
    if row.month is None:
        if row.month_done_yuan is not None or row.ytd_done_yuan is not None:
            say("month_unknown", "ytd_done_yuan" if row.ytd_done_yuan is not None else "month_done_yuan")
    else:
        if row.month_done_yuan is not None:
            months[row.month] = row.month_done_yuan
        if row.ytd_done_yuan is not None and not _is_stored(row, stored.get(row.month)):
            _place_remainder(row, row.month, row.ytd_done_yuan, months, stored, say)
    wanted: dict[int, dict[str, Any]] = {month: {"done_yuan": yuan} for month, yuan in months.items()}
    if row.month in wanted:
        wanted[row.month].update(_words(row))
        _drop_known(wanted, row, stored, progress)
    return {month: values for month, values in wanted.items() if _is_open(month, values, stored, say, sealed)}


def sealed_numbers(sealed: Iterable[str], year: int) -> frozenset[int]:
    """Return which months of *year* are among *sealed* (``2026-09``)."""
    months = map(Month.parse, sealed)
    return frozenset(month.number for month in months if month.year == year)


def _is_stored(row: LedgerRow, report: StoredRow | None) -> bool:
    """Whether the month's report states this month and this cumulated figure already: then nothing is left to place."""
    if report is None:
        return False
    values = report.values
    return bool(values["done_yuan"] == row.month_done_yuan and values["reported_ytd_yuan"] == row.ytd_done_yuan)


def _place_remainder(
    row: LedgerRow, last: int, ytd: int, months: dict[int, int], stored: Mapping[int, StoredRow], say: Say
) -> None:
    known = {month: yuan for month, yuan in _stated_months(stored).items() if month <= last} | months
    gap = ytd - sum(yuan for month, yuan in known.items() if month <= last)
    if gap == 0:
        return
    is_first = not any(month < last for month in known)
    if last not in known and gap > 0:
        months[last] = gap
    elif is_first and gap > 0 and last > 1:
        months[last - 1] = gap
    else:
        total = ytd - gap
        say("ytd_differs", "ytd_done_yuan", ytd=show_yuan(ytd), months=show_yuan(total), gap=show_yuan(abs(gap)))


def _drop_known(
    wanted: dict[int, dict[str, Any]], row: LedgerRow, stored: Mapping[int, StoredRow], progress: str
) -> None:
    """
    Take out what the row only repeats: a cumulated figure that the stored months add up to, progress of the project.

    The typed cumulated figure of a report (填报的累计) stays as it was typed; an export states the sum of the months.
    """
    report = stored.get(row.month or 0)
    if report is None or row.month is None:
        return
    values = wanted[row.month]
    same_months = all(
        month in stored and stored[month].values["done_yuan"] == wanted[month]["done_yuan"] for month in wanted
    )
    added_up = sum(yuan for month, yuan in _stated_months(stored).items() if month <= row.month)
    if same_months and row.ytd_done_yuan == added_up:
        values.pop("reported_ytd_yuan", None)
    if not report.values["physical_progress"] and is_same(progress, values.get("physical_progress")):
        values.pop("physical_progress", None)


def _stated_months(stored: Mapping[int, StoredRow]) -> dict[int, int]:
    """Return the amounts of the stored months; a draft may leave its amount open."""
    amounts = {month: report.values["done_yuan"] for month, report in stored.items()}
    return {month: yuan for month, yuan in amounts.items() if yuan is not None}


def _words(row: LedgerRow) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "reported_ytd_yuan": row.ytd_done_yuan,
        "physical_progress": (row.physical_progress or "")[:_FEEDBACK_LIMIT],
        "difficulty": (row.problem or "")[:_FEEDBACK_LIMIT],
        "next_step": (row.measures or "")[:_FEEDBACK_LIMIT],
    }
    return {name: value for name, value in stated.items() if value not in (None, "")}


def _is_open(
    month: int, values: Mapping[str, Any], stored: Mapping[int, StoredRow], say: Say, sealed: Collection[int]
) -> bool:
    report = stored.get(month)
    if month not in sealed and (report is None or report.values["status"] not in CLOSED):
        return True
    if report is None or not all(is_same(report.values[name], value) for name, value in values.items()):
        code = "month_closed" if month in sealed else "report_closed"
        say(code, "month_done_yuan", month=f"{month}月")
    return False
