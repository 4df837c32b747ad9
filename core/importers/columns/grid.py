"""The top rows of a table as texts: merged cells filled, header words of each column from parent to child."""

import re
from collections.abc import Sequence

from core.importers.sheet import Cell, MergedRange

_ORDINALS = "甲乙丙丁戊"
_NUMBERING = re.compile(r"\(?(\d{1,3})\)?(?:=[\d+\-()]+)?")


class HeaderGrid:
    """Texts of the top rows with merged cells filled; ``origin`` tells cells of one merged range."""

    def __init__(self, top: Sequence[Sequence[Cell]], merges: Sequence[MergedRange], caption: str = "") -> None:
        self.caption = caption
        self.width = max((len(row) for row in top), default=0)
        self.texts = [[_text(row[c]) if c < len(row) else "" for c in range(self.width)] for row in top]
        self.origin: dict[tuple[int, int], tuple[int, int]] = {}
        for (row1, column1), (row2, column2) in merges:
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


def header_path(grid: HeaderGrid, first: int, last: int, column: int) -> tuple[str, ...]:
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


def _spread_parent(grid: HeaderGrid, row: int, last: int, column: int) -> str:
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


def is_numbering_row(grid: HeaderGrid, row: int) -> bool:
    """A row of column numbers below the header: `1 2 3 …` or `甲 乙 1 2 …`, counting up without a gap."""
    texts = [text for _, text in grid.cells(row)]
    while texts and texts[0] in _ORDINALS:
        texts = texts[1:]
    matches = [_NUMBERING.fullmatch(text) for text in texts]
    numbers = [int(match[1]) for match in matches if match]
    return (
        len(numbers) >= 3 and len(numbers) == len(texts) and numbers == list(range(numbers[0], numbers[0] + len(texts)))
    )
