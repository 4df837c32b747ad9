"""Counts and amounts that headings and totals of a table state, against its rows (勾稽)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from core.importers.outline import SumRow
from core.importers.problems import ImportProblem, build_problem
from core.importers.read_sheet import DeclaredSum
from core.importers.sheet_rows import show_yuan
from core.importers.tables.sheet_table import SheetTable
from core.importers.tables.spec import FieldSpec, Reading, TableKind

_YUAN_TOLERANCE = 10_000
_SQM_TOLERANCE = 1
# Half of the last digit that a column of such a unit usually shows.
_COARSE_UNITS = {"亿元": 1_000_000, "亿": 1_000_000, "亩": 4, "公顷": 1, "平方公里": 5_000}


@dataclass(frozen=True, slots=True)
class ComparedSum:
    """A stated count or amount beside that of the rows; ``spec`` is ``None`` for a count of rows."""

    stated: DeclaredSum
    spec: FieldSpec | None


def compare_sums(kind: TableKind, sheet: SheetTable) -> Iterator[ComparedSum]:
    """Compare every stating row with the range it may cover that comes nearest."""
    for sums in sheet.sums:
        # Rows that only continue a project are not what an office counts.
        if sums.declared is not None and sums.spans and not kind.carried:
            counts = [end - start for start, end in sums.spans]
            given = sums.declared
            nearest = min(counts, key=lambda count: abs(count - given))
            stated = DeclaredSum(sheet.name, sums.row, sums.label, "", given, nearest, nearest == given)
            yield ComparedSum(stated, None)
        for code, given in sums.amounts.items():
            yield from _compare_amount(kind.field_of(code), sheet, sums, given)


def tell_sum(one: ComparedSum) -> ImportProblem | None:
    """Return the problem of a sum that does not agree."""
    stated, spec = one.stated, one.spec
    if stated.agrees:
        return None
    if spec is None:
        shown: dict[str, object] = {"declared": stated.given, "counted": stated.computed}
        return build_problem("declared_count", stated.sheet, stated.row, "", label=stated.label, **shown)
    figures = {"given": stated.given, "computed": stated.computed, "gap": abs(stated.computed - stated.given)}
    shown = {name: _show(spec, amount) for name, amount in figures.items()}
    return build_problem("subtotal", stated.sheet, stated.row, stated.column, label=stated.label, **shown)


def _compare_amount(spec: FieldSpec, sheet: SheetTable, sums: SumRow, given: int) -> Iterator[ComparedSum]:
    column = next(column for column in sheet.columns if column.field == spec.code)
    found = []
    for start, end in sums.spans:
        rows = [row for unfolded in sheet.rows[start:end] for row in unfolded]
        amounts = [row.values[spec.code] for row in rows if row.values.get(spec.code) is not None]
        if amounts:
            found.append((abs(sum(amounts) - given), sum(amounts), _tolerance(spec, column.unit, len(amounts))))
    if found:
        agrees = any(gap <= tolerance for gap, _, tolerance in found)
        computed = min(found)[1]
        stated = DeclaredSum(sheet.name, sums.row, sums.label, column.label, given, computed, agrees)
        yield ComparedSum(stated, spec)


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
