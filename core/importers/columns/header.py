"""Find the header block of a sheet: below titles, over one to four rows, with merged parents or without."""

import re
from dataclasses import dataclass

from core.importers.columns.fields import Column, Field
from core.importers.columns.meaning import meaning_of, read_column
from core.importers.columns.words import header_words, split_unit
from core.importers.sheet import Cell, Sheet

_SEARCH_ROWS = 40
_MAX_HEADER_ROWS = 5
_ORDINALS = "甲乙丙丁戊"
_NUMBERING = re.compile(r"\(?(\d{1,3})\)?(?:=[\d+\-()]+)?")
_ABOVE_HEADER = re.compile(
    r"单位\s*[:：]|填报|制表|截[至止]日期|(?:一览|调度|情况|明细|汇总|进度|计划|台账)表$|名单$|清单$"
)
_SENTENCE = re.compile(r"^(?!其中)[^:]*:.|[。;,]")
_LONG = 60  # longer texts are notes, not headers


@dataclass(frozen=True, slots=True)
class Header:
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
    columns: tuple[Column, ...]
    title: str


class _Grid:
    """Texts of the top rows with merged cells filled; ``origin`` tells cells of one merged range."""

    def __init__(self, sheet: Sheet) -> None:
        top = sheet.cells[: _SEARCH_ROWS + _MAX_HEADER_ROWS]
        self.width = max((len(row) for row in top), default=0)
        self.texts = [[_text(row[c]) if c < len(row) else "" for c in range(self.width)] for row in top]
        self.origin: dict[tuple[int, int], tuple[int, int]] = {}
        for (row1, column1), (row2, column2) in sheet.merges:
            if row1 < len(self.texts) and column1 < self.width:
                self._fill(row1, column1, min(row2, len(self.texts) - 1), min(column2, self.width - 1))

    def _fill(self, row1: int, column1: int, row2: int, column2: int) -> None:
        for row in range(row1, row2 + 1):
            for column in range(column1, column2 + 1):
                self.texts[row][column] = self.texts[row1][column1]
                self.origin[row, column] = (row1, column1)

    def cells(self, row: int) -> list[tuple[int, str]]:
        """Non-empty cells of a row, each merged range once."""
        seen = set()
        found = []
        for column, text in enumerate(self.texts[row]):
            key = self.origin.get((row, column), (row, column))
            if text and key not in seen:
                seen.add(key)
                found.append((column, text))
        return found

    def continues(self, row: int, first: int) -> bool:
        """Whether a merged range reaches *row* from a header row above it."""
        return any(first <= self.origin.get((row, column), (row, 0))[0] < row for column in range(self.width))


def _text(value: Cell) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def find_header(sheet: Sheet) -> Header | None:
    """Return the header of *sheet*: the first row that names projects and at least one more field."""
    grid = _Grid(sheet)
    for row in range(min(_SEARCH_ROWS, len(grid.texts))):
        if _may_start(grid, row):
            header = _build(grid, row, _last_row(grid, row))
            if header is not None:
                return header
    return None


def _may_start(grid: _Grid, row: int) -> bool:
    """Titles, unit rows, notes and data do not start a header."""
    cells = grid.cells(row)
    if len(cells) < 2 or any(len(text) > _LONG or _ABOVE_HEADER.search(text) for _, text in cells):
        return False
    is_title = len(cells) < 3 and max(grid.texts[row].count(text) for _, text in cells) > 0.7 * grid.width
    return not is_title and not _looks_like_data(grid, row)


def _last_row(grid: _Grid, first: int) -> int:
    last = first
    while last + 1 < len(grid.texts) and last + 1 - first < _MAX_HEADER_ROWS and _belongs(grid, first, last + 1):
        last += 1
    return last


def _looks_like_data(grid: _Grid, row: int) -> bool:
    return any(re.fullmatch(r"-?\d+\.\d+|\d{3,}", text) for _, text in grid.cells(row))


def _belongs(grid: _Grid, first: int, row: int) -> bool:
    """Whether *row* continues the header above it."""
    cells = grid.cells(row)
    if not cells or _looks_like_data(grid, row) or any(len(text) > _LONG for _, text in cells):
        return False
    if grid.continues(row, first):
        return True
    return len(cells) > 0 and all(_is_header_cell(grid, first, row, column, text) for column, text in cells)


def _is_header_cell(grid: _Grid, first: int, row: int, column: int, text: str) -> bool:
    """A cell below header cells: a unit, a word that has a meaning there, or the rest of a split word."""
    words, unit = split_unit(header_words(text))
    if unit and not words:
        return True
    if _SENTENCE.search(words):
        return False
    above = _path(grid, first, row - 1, column)
    joined = meaning_of(_path(grid, first, row, column))
    if meaning_of(above) is Field.NAME and words not in ("名称", "项目名称"):
        return False
    if joined is Field.SEQUENCE or (text.isdigit() and joined not in (Field.MONTH_PLAN, Field.MONTH_ACTUAL)):
        return False
    changed = joined is not None and joined is not meaning_of(above)
    return changed or (meaning_of((text,)) is not None and len(text) <= 20)


def _path(grid: _Grid, first: int, last: int, column: int) -> tuple[str, ...]:
    """Header texts of a column from top to bottom, each merged range once, unmerged parents spread to the right."""
    path: list[str] = []
    seen = set()
    for row in range(first, last + 1):
        text = grid.texts[row][column] or _spread_parent(grid, row, last, column)
        key = grid.origin.get((row, column), (row, column))
        if text and key not in seen and (not path or path[-1] != text):
            path.append(text)
        seen.add(key)
    return tuple(path)


def _spread_parent(grid: _Grid, row: int, last: int, column: int) -> str:
    """Text files have no merged cells: a blank over a child belongs to the parent on its left."""
    if row >= last or not any(grid.texts[below][column] for below in range(row + 1, last + 1)):
        return ""
    for left in range(column - 1, -1, -1):
        if not any(grid.texts[below][left] for below in range(row + 1, last + 1)):
            return ""
        if grid.texts[row][left]:
            # A range merged in the file ends where its author said.
            return "" if (row, left) in grid.origin else grid.texts[row][left]
    return ""


def _build(grid: _Grid, first: int, last: int) -> Header | None:
    columns = tuple(
        read_column(column, path) for column in range(grid.width) if (path := _path(grid, first, last, column))
    )
    fields = {column.field for column in columns if column.field is not None}
    if Field.NAME not in fields or len(fields) < 2:
        return None
    data_row = last + 1
    while data_row < len(grid.texts) and _is_numbering_row(grid, data_row):
        data_row += 1
    title = "\n".join(text for row in range(first) for _, text in grid.cells(row))
    return Header(first, data_row, columns, title)


def _is_numbering_row(grid: _Grid, row: int) -> bool:
    """A row of column numbers below the header: `1 2 3 …` or `甲 乙 1 2 …`, counting up without a gap."""
    texts = [text for _, text in grid.cells(row)]
    while texts and texts[0] in _ORDINALS:
        texts = texts[1:]
    matches = [_NUMBERING.fullmatch(text) for text in texts]
    numbers = [int(match[1]) for match in matches if match]
    return (
        len(numbers) >= 3 and len(numbers) == len(texts) and numbers == list(range(numbers[0], numbers[0] + len(texts)))
    )
