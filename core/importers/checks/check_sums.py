"""Counts and amounts that headings, subtotals and totals state, against the rows themselves (勾稽)."""

import math
from collections.abc import Iterator, Sequence

from core.importers.columns.fields import Column, Field
from core.importers.outline import SumRow
from core.importers.problems import ImportProblem
from core.importers.read_sheet import DeclaredSum
from core.importers.sheet_rows import SheetRows, show_yuan

_TOLERANCE_YUAN = {"亿元": 1_000_000, "亿": 1_000_000}  # such columns are typed with two decimals
_LEAST_TOLERANCE_YUAN = 10_000


def check(sheets: Sequence[SheetRows]) -> Iterator[ImportProblem]:
    """Warn when no range that a sum row may cover agrees with it; the nearest range is shown."""
    for sheet in sheets:
        for field, one in _compared(sheet):
            if one.agrees:
                continue
            if field is None:
                said = {"label": one.label, "declared": one.given, "counted": one.computed}
                yield sheet.problem("declared_count", one.row, None, **said)
            else:
                gap = show_yuan(abs(one.computed - one.given))
                said = {"label": one.label, "given": show_yuan(one.given), "computed": show_yuan(one.computed)}
                yield sheet.problem("subtotal", one.row, field, **said, gap=gap)


def declared_sums(sheets: Sequence[SheetRows]) -> tuple[DeclaredSum, ...]:
    """Return every count and amount that the file states, beside what its rows give."""
    return tuple(one for sheet in sheets for _, one in _compared(sheet))


def _compared(sheet: SheetRows) -> Iterator[tuple[Field | None, DeclaredSum]]:
    for sums in sheet.sums:
        if sums.declared is not None:
            counts = [end - start for start, end in sums.spans]
            nearest = min(counts, key=lambda count: abs(count - (sums.declared or 0)))
            yield (
                None,
                DeclaredSum(*(sheet.name, sums.row, sums.label, ""), sums.declared, nearest, nearest == sums.declared),
            )
        for name, given in sums.amounts.items():
            field = Field(name)
            column = sheet.column(field)
            found = _nearest_amount(sheet, sums, field, given)
            if found is not None:
                computed, agrees = found
                label = column.label if column else ""
                yield field, DeclaredSum(sheet.name, sums.row, sums.label, label, given, computed, agrees)


def _nearest_amount(sheet: SheetRows, sums: SumRow, field: Field, given: int) -> tuple[int, bool] | None:
    """Return the sum of the range that comes nearest, and whether it agrees; ``None`` when no row has an amount."""
    computed = []
    for start, end in sums.spans:
        amounts = [amount for row in sheet.rows[start:end] if (amount := getattr(row, field.value)) is not None]
        if amounts and abs(sum(amounts) - given) <= _tolerance(sheet.column(field), len(amounts)):
            return sum(amounts), True
        if amounts:
            computed.append(sum(amounts))
    return (min(computed, key=lambda amount: abs(amount - given)), False) if computed else None


def _tolerance(column: Column | None, rows: int) -> float:
    """Rounding of each row adds up like a random walk."""
    unit = _TOLERANCE_YUAN.get(column.unit, 0) if column else 0
    return max(_LEAST_TOLERANCE_YUAN, unit * max(1.0, math.sqrt(rows) / 2))
