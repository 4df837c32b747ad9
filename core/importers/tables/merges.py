"""Cells merged below the header of a table: a text speaks for each of its rows, a number for none of them alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.importers.sheet import Cell, Sheet

_SPREAD_COLUMNS = 3


@dataclass(slots=True)
class TableMerges:
    """
    What merged ranges mean; all rows and columns 0-based.

    Attributes:
        spread: Rows with a cell merged over three or more columns, as headings have.
        shared: Row → columns whose number is one cell for several rows.
    """

    spread: set[int] = field(default_factory=set)
    shared: dict[int, set[int]] = field(default_factory=dict)


def spread_merges(sheet: Sheet, data_row: int, numeric: Mapping[int, bool], cells: list[list[Cell]]) -> TableMerges:
    """
    Fill texts that several rows share into *cells* and return what else merged ranges mean.

    Args:
        numeric: Column → whether it holds numbers; columns that are not read are absent.
    """
    found = TableMerges()
    for (row1, column1), (row2, column2) in sheet.merges:
        if row1 < data_row:
            continue
        if column2 - column1 + 1 >= _SPREAD_COLUMNS:
            found.spread.update(range(row1, row2 + 1))
        elif row2 > row1:
            for column in range(column1, column2 + 1):
                if column in numeric:
                    _fill(cells, found, column, range(row1, min(row2, len(cells) - 1) + 1), numeric[column])
    return found


def _fill(cells: list[list[Cell]], found: TableMerges, column: int, rows: range, is_numeric: bool) -> None:
    first = cells[rows[0]] if rows else []
    value = first[column] if column < len(first) else None
    if value is None or value == "" or len(rows) < 2:
        return
    for row in rows:
        if is_numeric:
            found.shared.setdefault(row, set()).add(column)
        else:
            cells[row].extend([None] * (column + 1 - len(cells[row])))
            cells[row][column] = value
