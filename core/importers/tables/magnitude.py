"""元 typed into a column of 万元: amounts ten thousand times the usual of their column are named."""

from collections.abc import Iterator
from statistics import median

from core.importers.checks.check_magnitude import is_suspect
from core.importers.problems import ImportProblem, build_problem
from core.importers.sheet_rows import show_yuan
from core.importers.tables.sheet_table import SheetTable
from core.importers.tables.spec import Reading, TableKind

_LEAST_ROWS = 5


def find_slips(kind: TableKind, sheet: SheetTable) -> Iterator[ImportProblem]:
    """Warn of amounts that look like 元; unlike projects, other rows have no second amount that would bear them out."""
    rows = [row for unfolded in sheet.rows for row in unfolded]
    for column in sheet.columns:
        if not column.is_read or column.group is not None or kind.field_of(column.field).reading is not Reading.MONEY:
            continue
        amounts = [amount for row in rows if (amount := row.values.get(column.field))]
        if len(amounts) < _LEAST_ROWS:
            continue
        middle = median(amounts)
        for row in rows:
            amount = row.values.get(column.field)
            if amount and is_suspect(amount, middle):
                times, unit = round(amount / middle), column.unit or "万元"
                shown = {"amount": show_yuan(amount), "times": times, "unit": unit}
                yield build_problem("magnitude_doubt", sheet.name, row.row, column.label, **shown)
