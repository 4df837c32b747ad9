"""元 typed into a column of 万元: amounts ten thousand times the usual."""

from collections.abc import Iterator, Sequence
from statistics import median

from core.importers.columns.fields import Field
from core.importers.problems import ImportProblem
from core.importers.row import LedgerRow
from core.importers.sheet_rows import SheetRows, show_yuan

_FIELDS = (Field.TOTAL, Field.ANNUAL_PLAN, Field.YTD_DONE, Field.SINCE_START_DONE, Field.PRIOR_DONE, Field.MONTH_DONE)
_LEAST_ROWS = 5
_LEAST_TIMES = 1_000
_SLIP = 10_000
_USUAL = 100  # divided by the slip, the amount must lie within this factor of the median
_LARGEST_MEDIAN_YUAN = 50_000_000_000  # 500 亿元: no ledger's typical project is larger
_LARGEST_SHARE = 200  # a plan smaller than 1/200 of the total does not make the total believable


def check(sheets: Sequence[SheetRows]) -> Iterator[ImportProblem]:
    """Refuse single amounts that look like 元, and a whole column that does."""
    for sheet in sheets:
        medians = {field: _median(sheet, field) for field in _FIELDS}
        typical = medians[Field.TOTAL]
        if typical is not None and typical > _LARGEST_MEDIAN_YUAN:
            yield sheet.problem("column_magnitude", sheet.header_row, Field.TOTAL, amount=show_yuan(int(typical)))
            continue
        for row in sheet.rows:
            yield from _check_row(sheet, row, medians)


def _median(sheet: SheetRows, field: Field) -> float | None:
    amounts = [amount for row in sheet.rows if (amount := getattr(row, field.value))]
    return median(amounts) if len(amounts) >= _LEAST_ROWS else None


def _check_row(sheet: SheetRows, row: LedgerRow, medians: dict[Field, float | None]) -> Iterator[ImportProblem]:
    suspect = [field for field in _FIELDS if is_suspect(getattr(row, field.value), medians[field])]
    for field in suspect:
        if not _is_believable(row, field, suspect):
            amount, middle = getattr(row, field.value), medians[field] or 1
            column = sheet.column(field)
            unit = column.unit if column and column.unit else "万元"
            yield sheet.problem(
                "magnitude", row.row, field, amount=show_yuan(amount), times=round(amount / middle), unit=unit
            )


def is_suspect(amount: int | None, middle: float | None) -> bool:
    """Return whether *amount* looks like 元 typed into a column of 万元 whose median is *middle*."""
    if not amount or not middle or amount < _LEAST_TIMES * middle:
        return False
    return middle / _USUAL <= amount / _SLIP <= middle * _USUAL


def _is_believable(row: LedgerRow, field: Field, suspect: list[Field]) -> bool:
    """A large project has a large plan: the other amounts of the row, themselves usual, bear it out."""
    if field is Field.TOTAL:
        plan = row.annual_plan_yuan
        return (
            bool(plan)
            and Field.ANNUAL_PLAN not in suspect
            and (row.total_investment_yuan or 0) <= _LARGEST_SHARE * (plan or 0)
        )
    total = row.total_investment_yuan
    return total is not None and Field.TOTAL not in suspect and getattr(row, field.value) <= total
