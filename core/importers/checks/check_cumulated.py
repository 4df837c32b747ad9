"""本月 ≤ 本年累计 ≤ 自开工累计 ≤ 总投资 × 1.05."""

from collections.abc import Iterator, Sequence

from core.importers.columns.fields import Field
from core.importers.problems import ImportProblem
from core.importers.row import LedgerRow
from core.importers.sheet_rows import SheetRows, show_yuan

_OVERRUN_PCT = 105


def check(sheets: Sequence[SheetRows]) -> Iterator[ImportProblem]:
    """Warn when a shorter period shows more than the longer one that contains it."""
    for sheet in sheets:
        for row in sheet.rows:
            yield from _check_row(sheet, row)


def _check_row(sheet: SheetRows, row: LedgerRow) -> Iterator[ImportProblem]:
    month, ytd, since, total = (
        row.month_done_yuan,
        row.ytd_done_yuan,
        row.since_start_done_yuan,
        row.total_investment_yuan,
    )
    if month is not None and ytd is not None and month > ytd:
        yield sheet.problem("month_over_ytd", row.row, Field.MONTH_DONE, month=show_yuan(month), ytd=show_yuan(ytd))
    if ytd is not None and since is not None and ytd > since:
        yield sheet.problem("ytd_over_since_start", row.row, Field.YTD_DONE, ytd=show_yuan(ytd), since=show_yuan(since))
    if since is not None and total and since * 100 > total * _OVERRUN_PCT:
        yield sheet.problem(
            "done_over_total", row.row, Field.SINCE_START_DONE, done=show_yuan(since), total=show_yuan(total)
        )
