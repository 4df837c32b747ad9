"""Find the header block of a sheet: below titles, over one to four rows, with merged parents or without."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from core.importers.columns.fields import Column
from core.importers.columns.grid import HeaderGrid, header_path, is_numbering_row
from core.importers.columns.vocabulary import C, LedgerVocabulary, Vocabulary
from core.importers.columns.words import header_words, split_unit
from core.importers.options import MappedColumn
from core.importers.sheet import Sheet

_SEARCH_ROWS = 40
_MAX_HEADER_ROWS = 5
_ABOVE_HEADER = re.compile(
    r"单位\s*[:：]|填报|制表|截[至止]日期|(?:一览|调度|情况|明细|汇总|进度|计划|台账)表$|名单$|清单$"
)
_SENTENCE = re.compile(r"^(?!其中)[^:]*:.|[。;,]")
_LONG = 60  # longer texts are notes, not headers


@dataclass(frozen=True, slots=True)
class Header(Generic[C]):
    """
    Where the header stands and what its columns mean.

    Attributes:
        first_row: 0-based first row of the header.
        data_row: 0-based first row below it.
        columns: Columns with any header text, from left to right.
        title: Texts above the header, one per line.
    """

    first_row: int
    data_row: int
    columns: tuple[C, ...]
    title: str


def find_header(
    sheet: Sheet, mapping: Sequence[MappedColumn] = (), *, needs_name: bool = True
) -> Header[Column] | None:
    """
    Return the header of a ledger: the first row that names projects and at least one more field, settled or known.

    Args:
        needs_name: Without it, any row that names two fields will do (``columns.guess_header``).
    """
    return find_header_with(sheet, LedgerVocabulary(mapping, needs_name=needs_name))


def find_header_with(sheet: Sheet, vocabulary: Vocabulary[C]) -> Header[C] | None:
    """Return the header of *sheet*: the first row whose columns *vocabulary* takes for one."""
    grid = HeaderGrid(sheet.cells[: _SEARCH_ROWS + _MAX_HEADER_ROWS], sheet.merges, sheet.caption)
    for row in range(min(_SEARCH_ROWS, len(grid.texts))):
        if _may_start(grid, row):
            header = _build(grid, row, _last_row(grid, row, vocabulary), vocabulary)
            if header is not None:
                return header
    return None


def _may_start(grid: HeaderGrid, row: int) -> bool:
    """Titles, unit rows, notes and data do not start a header."""
    cells = grid.cells(row)
    if len(cells) < 2 or any(len(text) > _LONG or _ABOVE_HEADER.search(text) for _, text in cells):
        return False
    is_title = len(cells) < 3 and max(grid.texts[row].count(text) for _, text in cells) > 0.7 * grid.width
    return not is_title and not _looks_like_data(grid, row)


def _last_row(grid: HeaderGrid, first: int, vocabulary: Vocabulary[C]) -> int:
    last = first
    most = min(len(grid.texts), first + _MAX_HEADER_ROWS)
    while last + 1 < most and _belongs(grid, first, last + 1, vocabulary):
        last += 1
    return last


def _looks_like_data(grid: HeaderGrid, row: int) -> bool:
    return any(re.fullmatch(r"-?\d+\.\d+|\d{3,}", text) for _, text in grid.cells(row))


def _belongs(grid: HeaderGrid, first: int, row: int, vocabulary: Vocabulary[C]) -> bool:
    """Whether *row* continues the header above it."""
    cells = grid.cells(row)
    if not cells or _looks_like_data(grid, row) or any(len(text) > _LONG for _, text in cells):
        return False
    if grid.continues(row, first):
        return True
    return len(cells) > 0 and all(_is_header_cell(grid, first, row, column, text, vocabulary) for column, text in cells)


def _is_header_cell(grid: HeaderGrid, first: int, row: int, column: int, text: str, vocabulary: Vocabulary[C]) -> bool:
    """A cell below header cells: a unit, a word that has a meaning there, or the rest of a split word."""
    words, unit = split_unit(header_words(text))
    if unit and not words:
        return True
    if _SENTENCE.search(words):
        return False
    above = vocabulary.meaning(header_path(grid, first, row - 1, column))
    joined = vocabulary.meaning(header_path(grid, first, row, column))
    if vocabulary.is_name(above) and words not in ("名称", "项目名称"):
        return False
    if vocabulary.is_sequence(joined) or (text.isdigit() and not vocabulary.is_counted(joined)):
        return False
    changed = joined is not None and joined != above
    return changed or (vocabulary.meaning((text,)) is not None and len(text) <= 20)


def _build(grid: HeaderGrid, first: int, last: int, vocabulary: Vocabulary[C]) -> Header[C] | None:
    paths = [(column, path) for column in range(grid.width) if (path := header_path(grid, first, last, column))]
    columns = vocabulary.read(paths)
    if not vocabulary.completes(columns):
        return None
    data_row = last + 1
    while data_row < len(grid.texts) and is_numbering_row(grid, data_row):
        data_row += 1
    title = "\n".join([grid.caption, *(text for row in range(first) for _, text in grid.cells(row))]).strip()
    return Header(first, data_row, columns, title)
