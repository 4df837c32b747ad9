"""OpenDocument spreadsheets (ods): typed cells, merged ranges, hidden rows and sheets, broken formulas.

Repeated cells and rows are a number in the file, so the extent is known only by counting: it is bounded before a cell
is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.importers.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from core.importers.problems import UnreadableFile
from core.importers.safe_xml import read_xml
from core.importers.sheet import BrokenCell, Cell, MergedRange, Sheet

_OWN_CURRENCIES = ("", "CNY", "RMB")
_SKIPPED = frozenset({"annotation", "shapes", "forms", "tracked-changes", "named-expressions", "deletion"})


@dataclass(slots=True)
class _Table:
    name: str
    visible: bool
    cells: list[list[Cell]] = field(default_factory=list)
    merges: list[MergedRange] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    blank_rows: int = 0
    count: int = 0


@dataclass(slots=True)
class _Row:
    repeat: int
    is_hidden: bool
    cells: list[Cell] = field(default_factory=list)
    blanks: int = 0


class _Reader:
    """Handlers for the events of ``content.xml``."""

    def __init__(self) -> None:
        self.tables: list[_Table] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._skipping = 0
        self._row: _Row | None = None
        self._attributes: Mapping[str, str] | None = None  # of the open cell
        self._lines: list[str] = []
        self._is_paragraph = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skipping or name in _SKIPPED:
            self._skipping += 1
        elif name == "style":
            self._style = attributes.get("name", "")
        elif name == "table-properties":
            if attributes.get("display") == "false":
                self._hidden_styles.add(self._style)
        elif name == "table":
            visible = attributes.get("style-name", "") not in self._hidden_styles
            self.tables.append(_Table(attributes.get("name", ""), visible))
        elif name == "table-row":
            self._row = _Row(_repeat(attributes, "rows"), attributes.get("visibility", "visible") != "visible")
        elif name in ("table-cell", "covered-table-cell"):
            self._attributes, self._lines = attributes, []
        elif self._attributes is not None:
            self._start_text(name, attributes)

    def _start_text(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "p":
            self._is_paragraph = True
            self._lines.append("")
        elif name == "s":
            count = attributes.get("c", "1")
            self._add(" " * (min(int(count), 100) if count.isdecimal() else 1))
        elif name == "tab":
            self._add(" ")
        elif name == "line-break":
            self._add("\n")

    def _add(self, text: str) -> None:
        if self._is_paragraph:
            self._lines[-1] += text

    def text(self, text: str) -> None:
        if not self._skipping:
            self._add(text)

    def end(self, name: str) -> None:
        if self._skipping:
            self._skipping -= 1
        elif name == "p":
            self._is_paragraph = False
        elif name in ("table-cell", "covered-table-cell"):
            if self._row is not None and self._attributes is not None and self.tables:
                self._end_cell(self.tables[-1], self._row, self._attributes)
            self._attributes = None
        elif name == "table-row":
            if self._row is not None and self.tables:
                _end_row(self.tables[-1], self._row)
            self._row = None

    def _end_cell(self, table: _Table, row: _Row, attributes: Mapping[str, str]) -> None:
        repeat = _repeat(attributes, "columns")
        value = _value(attributes, "\n".join(self._lines))
        if value is None and "number-columns-spanned" not in attributes:
            row.blanks += repeat
            return
        if len(row.cells) + row.blanks + repeat > MAX_COLUMNS:
            raise UnreadableFile("too_many_columns", columns=len(row.cells) + row.blanks + repeat, limit=MAX_COLUMNS)
        row.cells.extend([None] * row.blanks)
        row.blanks = 0
        _note_merge(table, row, attributes)
        row.cells.extend([value] * repeat)


def _note_merge(table: _Table, row: _Row, attributes: Mapping[str, str]) -> None:
    columns = _bounded(attributes.get("number-columns-spanned", "1"), MAX_COLUMNS)
    rows = _bounded(attributes.get("number-rows-spanned", "1"), MAX_ROWS)
    if columns * rows > 1:
        top, left = len(table.cells) + table.blank_rows, len(row.cells)
        table.merges.append(((top, left), (top + rows - 1, left + columns - 1)))


def _end_row(table: _Table, row: _Row) -> None:
    """Blank rows are only counted until a row with content follows."""
    if not row.cells:
        if row.is_hidden and row.repeat + table.blank_rows <= MAX_ROWS:
            first = len(table.cells) + table.blank_rows
            table.hidden.update(range(first, first + row.repeat))
        table.blank_rows += row.repeat
        return
    rows = len(table.cells) + table.blank_rows + row.repeat
    if rows > MAX_ROWS:
        raise UnreadableFile("too_many_rows", rows=rows, limit=MAX_ROWS)
    table.count += len(row.cells) * row.repeat
    if table.count > MAX_CELLS:
        raise UnreadableFile("too_many_columns", columns=len(row.cells), limit=MAX_CELLS // rows)
    table.cells.extend([] for _ in range(table.blank_rows))
    table.blank_rows = 0
    if row.is_hidden:
        table.hidden.update(range(len(table.cells), len(table.cells) + row.repeat))
    table.cells.extend(list(row.cells) for _ in range(row.repeat))


def _repeat(attributes: Mapping[str, str], what: str) -> int:
    return _bounded(attributes.get(f"number-{what}-repeated", "1"), 2**21)


def _bounded(text: str, most: int) -> int:
    return max(1, min(int(text), most)) if text.isdecimal() and len(text) < 12 else 1


def _value(attributes: Mapping[str, str], text: str) -> Cell:
    """Return the typed value of a cell; a currency other than 人民币 stays beside its number."""
    kind = attributes.get("value-type", "")
    has_formula = "formula" in attributes
    if has_formula and text.startswith(("#", "Err:")):
        return BrokenCell.ERROR
    if kind in ("float", "percentage", "currency"):
        number = _float(attributes.get("value", ""))
        currency = attributes.get("currency", "")
        return f"{currency} {number}" if currency not in _OWN_CURRENCIES else number
    if kind == "date":
        return _date(attributes.get("date-value", "")) or text or None
    if kind == "boolean":
        return attributes.get("boolean-value") == "true"
    if not kind and has_formula and not text:
        return BrokenCell.UNCACHED
    return attributes.get("string-value") or text or None


def _float(text: str) -> Cell:
    try:
        return float(text)
    except ValueError:
        return text or None


def _date(text: str) -> date | datetime | None:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None


def read_ods(content: bytes) -> tuple[Sheet, ...]:
    """
    Return the sheets of ``content.xml``.

    Raises:
        UnreadableFile: Damaged, or beyond the limits.
    """
    reader = _Reader()
    read_xml(content, reader.start, reader.end, reader.text)
    return tuple(
        Sheet(table.name, table.visible, table.cells, tuple(table.merges), frozenset(table.hidden))
        for table in reader.tables
    )
