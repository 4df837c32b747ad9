"""The door through which every kind of table reads its sheets: the file, with the cells that a user mended."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from core.importers.options import Mend, ReadOptions
from core.importers.sheet import Cell, Sheet
from core.importers.table import read_sheets

NAME_LIMIT = 100  # of a sheet's name as the store keeps it; a text file bears the name of the file


def open_sheets(data: bytes, file_name: str, options: ReadOptions) -> tuple[Sheet, ...]:
    """
    Return the sheets of a file after ``options.mends``.

    Raises:
        UnreadableFile: See ``read_sheets``.
    """
    return apply_mends(read_sheets(data, file_name), options.mends)


def apply_mends(sheets: Sequence[Sheet], mends: Sequence[Mend]) -> tuple[Sheet, ...]:
    """Return *sheets* with each mended cell in the place of the file's own; *sheets* themselves stay as they are."""
    by_sheet: dict[str, list[Mend]] = defaultdict(list)
    for mend in mends:
        by_sheet[mend.sheet[:NAME_LIMIT]].append(mend)
    return tuple(
        _mended(sheet, by_sheet[key]) if (key := sheet.name[:NAME_LIMIT]) in by_sheet else sheet for sheet in sheets
    )


def _mended(sheet: Sheet, mends: Sequence[Mend]) -> Sheet:
    cells: list[list[Cell]] = list(sheet.cells)
    copied: set[int] = set()
    for mend in mends:
        row = mend.row - 1
        if not 0 <= row < len(cells):
            continue
        if row not in copied:
            cells[row] = list(cells[row])
            copied.add(row)
        cells[row].extend([None] * (mend.column + 1 - len(cells[row])))
        cells[row][mend.column] = mend.value
    return replace(sheet, cells=cells)
