"""Tables of a Word document: each one a sheet, named by the heading nearest above it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.importers.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from core.importers.problems import ImportProblem, UnreadableFile, build_problem
from core.importers.safe_xml import read_xml
from core.importers.sheet import Cell, MergedRange, Sheet, column_letter

_CAPTION_LINES = 6
_LONGEST_NAME = 40
# Text boxes repeat what stands elsewhere; deleted text, field codes and notes are no content.
_SKIPPED = frozenset({"Fallback", "txbxContent", "delText", "instrText", "del", "moveFrom"})
_HEADING_STYLES = ("heading", "标题", "title", "1", "2", "3", "4")


@dataclass(slots=True)
class _Table:
    caption: list[str]
    name: str
    cells: list[list[Cell]] = field(default_factory=list)
    merges: list[MergedRange] = field(default_factory=list)
    open_merges: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    nested: list[tuple[int, int]] = field(default_factory=list)
    count: int = 0


@dataclass(slots=True)
class _CellState:
    """The cell being read: its text so far, columns it spans, part in a vertical merge (``restart``, ``continue``)."""

    lines: list[str] = field(default_factory=list)
    span: int = 1
    vertical: str = ""


class _Reader:
    """Handlers for the events of ``word/document.xml``."""

    def __init__(self) -> None:
        self.tables: list[_Table] = []
        self._depth = 0  # of tables within tables
        self._skipping = 0
        self._cell = _CellState()
        self._paragraph: list[str] = []
        self._is_heading = False
        self._is_text = False
        self._heading = ""
        self._caption: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skipping or name in _SKIPPED:
            self._skipping += 1
            return
        if name == "tbl":
            self._start_table()
        elif self._depth <= 1:
            self._start_inside(name, attributes)

    def _start_table(self) -> None:
        self._depth += 1
        if self._depth == 1:
            name = self._heading or next(reversed([t for t in self._caption if len(t) <= _LONGEST_NAME]), "")
            self.tables.append(_Table(self._caption[-_CAPTION_LINES:], name))
            self._caption = []
        elif self._depth == 2:
            table = self.tables[-1]
            table.nested.append((len(table.cells) - 1, len(table.cells[-1]) if table.cells else 0))

    def _start_inside(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "p":
            self._paragraph, self._is_heading = [], False
        elif name == "t":
            self._is_text = True
        elif name in ("br", "cr"):
            self._paragraph.append("\n")
        elif name == "tab":
            self._paragraph.append(" ")
        elif name == "pStyle":
            self._is_heading = attributes.get("val", "").lower().startswith(_HEADING_STYLES)
        elif name == "outlineLvl":
            self._is_heading = attributes.get("val", "9") != "9"
        elif self._depth == 1:
            self._start_in_table(name, attributes)

    def _start_in_table(self, name: str, attributes: Mapping[str, str]) -> None:
        table = self.tables[-1]
        if name == "tr":
            if len(table.cells) >= MAX_ROWS:
                raise UnreadableFile("too_many_rows", rows=len(table.cells) + 1, limit=MAX_ROWS)
            table.cells.append([])
        elif name == "gridBefore" and table.cells:
            self._widen(table, _number(attributes.get("val", "1")))
        elif name == "tc":
            self._cell = _CellState()
        elif name == "gridSpan":
            self._cell.span = max(1, _number(attributes.get("val", "1")))
        elif name == "vMerge":
            self._cell.vertical = attributes.get("val", "continue")

    def text(self, text: str) -> None:
        if self._is_text and not self._skipping and self._depth <= 1:
            self._paragraph.append(text)

    def end(self, name: str) -> None:
        if self._skipping:
            self._skipping -= 1
        elif name == "t":
            self._is_text = False
        elif name == "tbl":
            self._depth -= 1
            if self._depth == 0:
                _close_merges(self.tables[-1], {})
                self._heading = ""
        elif self._depth <= 1 and name == "p":
            self._end_paragraph()
        elif self._depth == 1 and name == "tc":
            self._end_cell(self.tables[-1])

    def _end_paragraph(self) -> None:
        text = "".join(self._paragraph).strip()
        self._paragraph = []
        if self._depth:
            self._cell.lines.append(text)
        elif text:
            self._caption.append(text[:200])
            if self._is_heading:
                self._heading = text[:_LONGEST_NAME]

    def _end_cell(self, table: _Table) -> None:
        if not table.cells:
            return
        row, column = len(table.cells) - 1, len(table.cells[-1])
        cell = self._cell
        text = "\n".join(cell.lines).strip()
        self._widen(table, cell.span)
        last = column + cell.span - 1
        is_continued = cell.vertical == "continue" and column in table.open_merges
        if not is_continued:
            table.cells[row][column] = text or None
        if cell.vertical:
            top = table.open_merges[column][0] if is_continued else row
            if not is_continued:
                _close_merges(table, {column})
            table.open_merges[column] = (top, row, last)
        else:
            _close_merges(table, {column})
            if last > column:
                table.merges.append(((row, column), (row, last)))

    @staticmethod
    def _widen(table: _Table, columns: int) -> None:
        cells = table.cells[-1]
        table.count += columns
        if len(cells) + columns > MAX_COLUMNS or table.count > MAX_CELLS:
            raise UnreadableFile("too_many_columns", columns=len(cells) + columns, limit=MAX_COLUMNS)
        cells.extend([None] * columns)


def _number(text: str) -> int:
    return min(int(text), MAX_COLUMNS + 1) if text.isdecimal() and len(text) < 9 else 1


def _close_merges(table: _Table, columns: set[int] | dict[int, object]) -> None:
    """Write down the vertical merges that end at *columns*; all of them when none is named."""
    for column in [c for c in table.open_merges if not columns or c in columns]:
        top, bottom, last = table.open_merges.pop(column)
        if bottom > top or last > column:
            table.merges.append(((top, column), (bottom, last)))


def read_docx(document: bytes) -> tuple[Sheet, ...]:
    """
    Return the tables of ``word/document.xml`` in order; a table inside a cell is not read, and said.

    The paragraphs above a table are its caption: titles and 单位 lines stand there.

    Raises:
        UnreadableFile: Damaged, beyond the limits, or without any table.
    """
    reader = _Reader()
    read_xml(document, reader.start, reader.end, reader.text)
    if not reader.tables:
        raise UnreadableFile("no_table")
    used: Counter[str] = Counter()
    return tuple(_sheet(table, number, used) for number, table in enumerate(reader.tables, 1))


def _sheet(table: _Table, number: int, used: Counter[str]) -> Sheet:
    name = table.name or f"表格{number}"
    used[name] += 1
    if used[name] > 1:
        name = f"{name}（{used[name]}）"
    caption = "\n".join(table.caption)
    return Sheet(name, True, table.cells, tuple(table.merges), caption=caption, problems=_nested(name, table))


def _nested(name: str, table: _Table) -> tuple[ImportProblem, ...]:
    return tuple(build_problem("nested_table", name, row + 1, column_letter(column)) for row, column in table.nested)
