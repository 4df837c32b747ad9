"""Counts and amounts that headings, subtotals and totals state, against the rows themselves (勾稽)."""

import math
from collections.abc import Iterator, Sequence

from core.importers.columns.fields import Column, Field
from core.importers.outline import SumRow
from core.importers.problems import ImportProblem
from core.importers.sheet_rows import SheetRows, show_yuan

_TOLERANCE_YUAN = {"亿元": 1_000_000, "亿": 1_000_000}  # such columns are typed with two decimals
_LEAST_TOLERANCE_YUAN = 10_000


def check(sheets: Sequence[SheetRows]) -> Iterator[ImportProblem]:
    """Warn when no range that a sum row may cover agrees with it; the nearest range is shown."""
    for sheet in sheets:
        for sums in sheet.sums:
            if sums.declared is not None:
                yield from _check_count(sheet, sums)
            for field, given in sums.amounts.items():
                yield from _check_amount(sheet, sums, field, given)


def _check_count(sheet: SheetRows, sums: SumRow) -> Iterator[ImportProblem]:
    counts = [end - start for start, end in sums.spans]
    if sums.declared not in counts:
        nearest = min(counts, key=lambda count: abs(count - (sums.declared or 0)))
        yield sheet.problem("declared_count", sums.row, None, label=sums.label, declared=sums.declared, counted=nearest)


def _check_amount(sheet: SheetRows, sums: SumRow, field: Field, given: int) -> Iterator[ImportProblem]:
    computed = []
    for start, end in sums.spans:
        amounts = [amount for row in sheet.rows[start:end] if (amount := getattr(row, field.value)) is not None]
        if amounts and abs(sum(amounts) - given) <= _tolerance(sheet.column(field), len(amounts)):
            return
        if amounts:
            computed.append(sum(amounts))
    if computed:
        nearest = min(computed, key=lambda amount: abs(amount - given))
        yield sheet.problem(
            "subtotal",
            sums.row,
            field,
            label=sums.label,
            given=show_yuan(given),
            computed=show_yuan(nearest),
            gap=show_yuan(abs(nearest - given)),
        )


def _tolerance(column: Column | None, rows: int) -> float:
    """Rounding of each row adds up like a random walk."""
    unit = _TOLERANCE_YUAN.get(column.unit, 0) if column else 0
    return max(_LEAST_TOLERANCE_YUAN, unit * max(1.0, math.sqrt(rows) / 2))
