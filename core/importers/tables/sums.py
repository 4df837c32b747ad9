"""Counts and amounts that headings and totals of a table state, against its rows (勾稽)."""

import math
from collections.abc import Iterator

from core.importers.outline import SumRow
from core.importers.problems import ImportProblem, build_problem
from core.importers.sheet_rows import show_yuan
from core.importers.tables.sheet_table import SheetTable
from core.importers.tables.spec import FieldSpec, Reading, TableKind

_YUAN_TOLERANCE = 10_000
_SQM_TOLERANCE = 1
_COARSE_UNITS = {
    "亿元": 1_000_000,
    "亿": 1_000_000,
    "亩": 4,
    "公顷": 1,
    "平方公里": 5_000,
}  # half of the last usual digit


def check_sums(kind: TableKind, sheet: SheetTable) -> Iterator[ImportProblem]:
    """Warn when no range that a stating row may cover agrees with it; the nearest range is shown."""
    for sums in sheet.sums:
        # Rows that only continue a project are not what an office counts.
        if sums.declared is not None and not kind.carried:
            yield from _check_count(sheet, sums)
        for code, given in sums.amounts.items():
            yield from _check_amount(kind.field_of(code), sheet, sums, given)


def _check_count(sheet: SheetTable, sums: SumRow) -> Iterator[ImportProblem]:
    counts = [end - start for start, end in sums.spans]
    declared = sums.declared or 0
    if counts and declared not in counts:
        nearest = min(counts, key=lambda count: abs(count - declared))
        yield build_problem(
            "declared_count", sheet.name, sums.row, "", label=sums.label, declared=declared, counted=nearest
        )


def _check_amount(spec: FieldSpec, sheet: SheetTable, sums: SumRow, given: int) -> Iterator[ImportProblem]:
    column = next(column for column in sheet.columns if column.field == spec.code)
    computed = []
    for start, end in sums.spans:
        rows = [row for unfolded in sheet.rows[start:end] for row in unfolded]
        amounts = [row.values[spec.code] for row in rows if row.values.get(spec.code) is not None]
        if amounts and abs(sum(amounts) - given) <= _tolerance(spec, column.unit, len(amounts)):
            return
        if amounts:
            computed.append(sum(amounts))
    if computed:
        nearest = min(computed, key=lambda amount: abs(amount - given))
        shown = {"given": given, "computed": nearest, "gap": abs(nearest - given)}
        yield build_problem(
            "subtotal",
            sheet.name,
            sums.row,
            column.label,
            label=sums.label,
            **{name: _show(spec, amount) for name, amount in shown.items()},
        )


def _tolerance(spec: FieldSpec, unit: str, rows: int) -> float:
    """Rounding of each row adds up like a random walk; counts are exact."""
    if spec.reading is Reading.COUNT:
        return 0
    least = _YUAN_TOLERANCE if spec.reading is Reading.MONEY else _SQM_TOLERANCE
    return max(least, _COARSE_UNITS.get(unit, 0) * max(1.0, math.sqrt(rows) / 2))


def _show(spec: FieldSpec, amount: int) -> str:
    if spec.reading is Reading.MONEY:
        return show_yuan(amount)
    return f"{amount:,}{'平方米' if spec.reading is Reading.AREA else ''}"
