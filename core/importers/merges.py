"""Cells merged below the header: values that several rows share, projects that take several rows."""

from dataclasses import dataclass, field

from core.importers.columns.fields import MONEY_FIELDS, Column, Field
from core.importers.reading import SHARED_FIELDS
from core.importers.sheet import Cell, Sheet

_SPREAD_COLUMNS = 3


@dataclass(slots=True)
class Merges:
    """
    What merged ranges mean for the data rows of a sheet; all rows 0-based.

    Attributes:
        spread: Rows with a cell merged over three or more columns, as headings have.
        continued: Row → first row of the project that it continues.
        shared: Row → columns whose amount is one cell for several projects.
    """

    spread: set[int] = field(default_factory=set)
    continued: dict[int, int] = field(default_factory=dict)
    shared: dict[int, set[int]] = field(default_factory=dict)


def apply_merges(sheet: Sheet, columns: tuple[Column, ...], data_row: int, cells: list[list[Cell]]) -> Merges:
    """Fill texts that several rows share into *cells* and return what else merged ranges mean."""
    found = Merges()
    meaning = {column.index: column.field for column in columns}
    name = next(column.index for column in columns if column.field is Field.NAME)
    ranges = [merge for merge in sheet.merges if merge[0][0] >= data_row]
    for (row1, column1), (row2, column2) in ranges:
        if column2 - column1 + 1 >= _SPREAD_COLUMNS:
            found.spread.update(range(row1, row2 + 1))
        elif column1 <= name <= column2 and row2 > row1:
            found.continued.update(dict.fromkeys(range(row1 + 1, row2 + 1), row1))
    for (row1, column1), (row2, column2) in ranges:
        if row2 > row1:
            for column in range(column1, column2 + 1):
                _fill(cells, found, meaning.get(column), column, row1, row2)
    return found


def _fill(cells: list[list[Cell]], found: Merges, wanted: Field | None, column: int, row1: int, row2: int) -> None:
    rows = [row for row in range(row1, min(row2, len(cells) - 1) + 1) if row not in found.continued]
    value = cells[row1][column] if row1 < len(cells) and column < len(cells[row1]) else None
    if value is None or value == "" or len(rows) < 2:
        return
    if wanted in MONEY_FIELDS:
        for row in rows:
            found.shared.setdefault(row, set()).add(column)
    elif wanted in SHARED_FIELDS:
        for row in rows:
            cells[row].extend([None] * (column + 1 - len(cells[row])))
            cells[row][column] = value
