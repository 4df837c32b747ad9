"""One sheet → its tables: header block, columns with figures, rows with their kind."""

import re
from collections.abc import Iterator
from itertools import takewhile

from core.importers.columns.grid import HeaderGrid, header_path, is_numbering_row
from core.importers.columns.units import sheet_units
from core.importers.sheet import Cell, Sheet
from core.importers.summary.columns import build_columns
from core.importers.summary.lines import build_lines
from core.importers.summary.model import SummaryTable
from core.importers.summary.numbers import read_figure
from core.importers.summary.words import paces_in

_MAX_HEADER_ROWS = 5
_LOOK_BACK = 12
_LONG = 60
_BESIDE_HEADER = re.compile(r"单位\s*[:：]|填报|制表|截[至止]日期|^(?:时间|日期|截至)[:：]")
_HEADER_WORD = re.compile(
    r"序号|编号|名称|单位|地区|县|区$|项目|投资|计划|完成|任务|目标|开工|竣工|金额|资金|面积|个?数$|率|占|比|排名|名次|位次|合计|小计|备注|指标|同比|增|月|年"
)
_NUMBERED = re.compile(r"^[（(]?[一二三四五六七八九十]+[)）]?[、.．]?$|^[Ⅰ-Ⅻ]+$")


def find_tables(sheet: Sheet) -> tuple[SummaryTable, ...]:
    """Return the tables of *sheet* from top to bottom; text before, between and after them is left aside."""
    rows = _Rows(sheet)
    return tuple(table for block in rows.blocks() if (table := rows.table(*block)) is not None)


class _Rows:
    """Looks at the rows of a sheet one by one; row numbers are 0-based here."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cells = sheet.cells
        self._spread = _covered(sheet)
        self._seen_texts: dict[int, list[str]] = {}
        self._seen_figures: dict[int, list[Cell]] = {}
        self._seen_headers: dict[int, bool] = {}

    def blocks(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield (first row of the title, header row, data row, end) of each table."""
        start = 0
        while (data := self._next_data(start, start)) is not None:
            header = self._header_above(data[0], start)
            first, below = header if header else (data[0], data[0])
            end = self._end(first, below)
            if header:
                yield start, first, below, end
            start = end

    def _next_data(self, start: int, floor: int) -> tuple[int] | None:
        """Return the first row from *start* on that holds figures below a header, or just figures."""
        fallback = None
        for row in range(start, len(self._cells)):
            if self._has_figures(row) and not self._is_years(row):
                if self._header_above(row, floor):
                    return (row,)
                fallback = fallback if fallback is not None else row
        return None if fallback is None else (fallback,)

    def _texts(self, row: int) -> list[str]:
        """Texts of a row; a merged range counts once, where it begins."""
        if row not in self._seen_texts:
            self._seen_texts[row] = [
                value.strip()
                for column, value in enumerate(self._cells[row])
                if isinstance(value, str) and value.strip() and (row, column) not in self._spread
            ]
        return self._seen_texts[row]

    def _figures(self, row: int) -> list[Cell]:
        if row not in self._seen_figures:
            self._seen_figures[row] = [value for value in self._cells[row] if read_figure(value) is not None]
        return self._seen_figures[row]

    def _has_figures(self, row: int) -> bool:
        return bool(self._figures(row)) and not self._is_numbering(row)

    def _is_numbering(self, row: int) -> bool:
        figures = self._figures(row)
        # Most rows hold words or do not begin with a small number: no need to look closer.
        is_possible = len(figures) >= 3 and str(figures[0]).strip("() （）0.").isdigit()
        return is_possible and is_numbering_row(HeaderGrid([self._cells[row]], ()), 0)

    def _is_years(self, row: int) -> bool:
        """A header row such as ``指标 | 2023 | 2024``: nothing but years."""
        figures = self._figures(row)
        return len(figures) >= 2 and all(
            isinstance(value, (int, float)) and value == int(value) and 1990 <= value <= 2100 for value in figures
        )

    def _is_header(self, row: int) -> bool:
        if row not in self._seen_headers:
            self._seen_headers[row] = self._looks_like_header(row)
        return self._seen_headers[row]

    def _looks_like_header(self, row: int) -> bool:
        if self._has_figures(row) and not self._is_years(row):
            return False
        texts = self._texts(row)
        if len(texts) + len(self._figures(row)) < 2 or any(len(text) > _LONG for text in texts):
            return False
        return not any(_BESIDE_HEADER.search(text) for text in texts) and not _NUMBERED.match(texts[0] if texts else "")

    def _header_above(self, data: int, floor: int) -> tuple[int, int] | None:
        """Return (first header row, row below the header) of the figures at *data*; headings may stand between."""
        row = data - 1
        while row >= max(floor, data - _LOOK_BACK) and not self._is_header(row):
            row -= 1
        if row < max(floor, data - _LOOK_BACK):
            return None
        below = row + 1
        upward = range(row, max(floor - 1, row - _MAX_HEADER_ROWS), -1)
        first = below - len(list(takewhile(self._is_header, upward)))
        return first, below

    def _end(self, first: int, below: int) -> int:
        """Return the row where the table ends: at the next header that is not this one again, or with the sheet."""
        own = {tuple(self._texts(row)) for row in range(first, below)}
        for row in range(below + 1, len(self._cells)):
            if not self._starts_header(row) or tuple(self._texts(row)) in own:
                continue
            return self._title_above(row, below + 1)
        return len(self._cells)

    def _starts_header(self, row: int) -> bool:
        texts = self._texts(row)
        if len(texts) < 3 or self._has_figures(row) or not self._is_header(row):
            return False
        known = sum(bool(_HEADER_WORD.search(text)) and len(text) <= 20 for text in texts)
        return known >= 0.6 * len(texts)

    def _title_above(self, row: int, floor: int) -> int:
        """Titles and blank rows above a new header belong to the new table."""
        above = takewhile(
            lambda r: not self._has_figures(r) and (len(self._texts(r)) < 2 or self._is_beside(r)),
            range(row - 1, floor - 1, -1),
        )
        return row - len(list(above))

    def _is_beside(self, row: int) -> bool:
        return any(_BESIDE_HEADER.search(text) for text in self._texts(row))

    def table(self, start: int, first: int, below: int, end: int) -> SummaryTable | None:
        """Return the table of one block; None when it has no column with figures."""
        merges = [
            ((r1 - first, c1), (r2 - first, c2)) for (r1, c1), (r2, c2) in self._sheet.merges if first <= r1 < below
        ]
        grid = HeaderGrid(self._cells[first:below], merges)
        paths = {column: header_path(grid, 0, below - first - 1, column) for column in range(grid.width)}
        headers = {tuple(self._texts(row)) for row in range(first, below)}
        data = [row for row in range(below, end) if tuple(self._texts(row)) not in headers or self._has_figures(row)]
        data = [row for row in data if any(not _is_blank(value) for value in self._cells[row])]
        data = [row for row in data if not (row < below + 2 and self._is_numbering(row))]
        title = "\n".join(text for row in range(start, first) for text in self._texts(row))
        columns = build_columns(paths, [self._cells[row] for row in data], sheet_units(title))
        if not columns:
            return None
        lines = build_lines(self._cells, data, paths, columns, self._fills(below))
        words = "\n".join([title, self._sheet.name, *("".join(column.path) for column in columns)])
        return SummaryTable(self._sheet.name, title.split("\n")[0], first + 1, columns, lines, paces_in(words))

    def _fills(self, below: int) -> dict[tuple[int, int], Cell]:
        """Return the texts that merged ranges below the header carry into their other rows."""
        fills: dict[tuple[int, int], Cell] = {}
        for (r1, c1), (r2, _c2) in self._sheet.merges:
            if r1 >= below and r2 > r1 and c1 < len(self._cells[r1] if r1 < len(self._cells) else ()):
                fills |= {(row, c1): self._cells[r1][c1] for row in range(r1 + 1, min(r2 + 1, len(self._cells)))}
        return fills


def _covered(sheet: Sheet) -> set[tuple[int, int]]:
    """Return the cells inside merged ranges of the top rows other than their first."""
    inside: set[tuple[int, int]] = set()
    for (r1, c1), (r2, c2) in sheet.merges:
        if (r2 - r1 + 1) * (c2 - c1 + 1) <= 10_000:
            inside.update((r, c) for r in range(r1, r2 + 1) for c in range(c1, c2 + 1) if (r, c) != (r1, c1))
    return inside


def _is_blank(value: Cell) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
