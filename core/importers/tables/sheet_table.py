"""One sheet with a header → data rows, and the rows that state sums."""

from dataclasses import dataclass
from typing import Any

from core.domain.period import Month
from core.importers.cells.refused import Refused
from core.importers.columns.fields import Field
from core.importers.columns.header import Header
from core.importers.columns.words import header_words, title_month, year_in
from core.importers.options import ReadOptions
from core.importers.outline import Outline, SumRow
from core.importers.problems import ImportProblem, build_problem
from core.importers.read_sheet import Certainty, ReadColumn, ReadSheet
from core.importers.rows import RowKind, RowReader, RowReading, Shape
from core.importers.sheet import Cell, Sheet
from core.importers.tables.cells import NUMERIC
from core.importers.tables.merges import TableMerges, spread_merges
from core.importers.tables.reader import TableReader, identity_of, is_monthly
from core.importers.tables.settle import Settling, settle
from core.importers.tables.spec import Reading, TableKind, TableRow
from core.importers.tables.vocabulary import SEQUENCE, TableColumn

# A row with its own number is a row, whatever its name looks like.
_CODES = ("code", "login", "project_code", "national_code")
_SUMMED = frozenset({Reading.MONEY, Reading.AREA, Reading.COUNT})
_WEAK_STYLES = ("plain", "region", "class")


@dataclass(frozen=True, slots=True)
class SheetTable:
    """
    What one sheet holds.

    Attributes:
        header_row: Excel row number of the header.
        rows: Per data row of the file, the rows it was unfolded into.
        sums: Headings and totals; their spans are positions in ``rows``.
    """

    name: str
    header_row: int
    columns: tuple[TableColumn, ...]
    rows: list[list[TableRow]]
    sums: list[SumRow]
    cells: list[list[Cell]]

    def as_read(self) -> ReadSheet:
        """Return columns and cells for the screen and for profiles."""
        columns = tuple(ReadColumn(c.index, c.header, c.code, c.unit, certainty=_certainty(c)) for c in self.columns)
        return ReadSheet(self.name, self.header_row, columns, self.cells)


class SheetParser:
    """One sheet with a header; problems go to the list of the whole file."""

    def __init__(
        self,
        kind: TableKind,
        sheet: Sheet,
        header: Header[TableColumn],
        options: ReadOptions,
        problems: list[ImportProblem],
    ) -> None:
        self._kind = kind
        self._sheet = sheet
        self._header = header
        self._options = options
        self._problems = problems
        self._cells = [list(row) for row in sheet.cells] if sheet.merges else sheet.cells

    def parse(self) -> SheetTable:
        """Return the data rows and the rows that state sums."""
        header, sheet = self._header, self._sheet
        title_year = year_in(header.title) or year_in(sheet.name)
        columns = self._columns()
        numeric = {c.index: self._kind.field_of(c.field).reading in NUMERIC for c in columns if c.is_read}
        merges = spread_merges(sheet, header.data_row, numeric, self._cells)
        year = self._year(columns, title_year)
        reader = TableReader(
            self._kind, sheet.name, header.first_row + 1, year, self._month(columns, year), columns, self._problems
        )
        reader.prepare(self._cells[header.data_row :], title_year)
        self._check_month(reader)
        rows, sums = self._read(reader, merges)
        if not rows:
            self._say("no_rows", 0)
        return SheetTable(sheet.name, header.first_row + 1, columns, rows, sums, sheet.cells)

    def _columns(self) -> tuple[TableColumn, ...]:
        header = self._header
        choices = Settling(
            self._kind,
            self._sheet.name,
            header.first_row + 1,
            list(header.columns),
            self._cells[header.data_row :],
            self._problems,
        )
        settle(choices, header.title, self._options)
        return tuple(choices.columns)

    def _year(self, columns: tuple[TableColumn, ...], title_year: int | None) -> int:
        years = {column.year for column in columns if column.is_read and column.year}
        return title_year or (years.pop() if len(years) == 1 else self._options.year)

    def _month(self, columns: tuple[TableColumn, ...], year: int) -> Month | None:
        """The month of the whole sheet: of a cumulated column (1-8月), else of the title, else as the user said."""
        if not is_monthly(self._kind):
            return None
        months = {column.month for column in columns if column.is_read and column.month and column.group is None}
        number = max(months) if months else title_month(self._header.title) or self._options.month
        return Month(year, number) if number else None

    def _check_month(self, reader: TableReader) -> None:
        """Without any month the rows cannot be placed: the sheet is refused at its header, and the user asked."""
        has_column = any(column.field == self._kind.group_field for column in reader.columns)
        if is_monthly(self._kind) and not (reader.month or reader.has_groups or has_column):
            self._say("report_month_unknown", self._header.first_row + 1)

    def _say(self, code: str, row: int, column: str = "", **values: object) -> None:
        self._problems.append(build_problem(code, self._sheet.name, row, column, **values))

    def _read(self, reader: TableReader, merges: TableMerges) -> tuple[list[list[TableRow]], list[SumRow]]:
        kinds = RowReader(self._shape(reader.columns), self._header_texts(), self._options.counties)
        outline = Outline(kinds)
        inherited = self._inherited({})
        rows: list[list[TableRow]] = []
        for index in range(self._header.data_row, len(self._cells)):
            cells = self._cells[index]
            reading = self._kind_of(kinds.read(cells, index in merges.spread), cells, reader, index in merges.spread)
            if reading.kind is RowKind.PROJECT:
                self._check_shared(reader, merges, index)
                rows.append(reader.read(cells, index + 1, inherited))
                if index in self._sheet.hidden_rows:
                    self._say("hidden_data_row", index + 1)
            elif reading.kind is RowKind.GROUP:
                outline.heading(reading, index + 1, _amounts(reader, cells), len(rows))
                inherited = self._inherited(outline.inherited())
            elif reading.kind is RowKind.TOTAL:
                outline.total(reading, index + 1, _amounts(reader, cells), len(rows))
        return rows, outline.finish(len(rows))

    def _shape(self, columns: tuple[TableColumn, ...]) -> Shape:
        sequence = tuple(column.index for column in columns if column.field == SEQUENCE)
        named = (self._kind.title, *self._kind.anchors)
        name = next((c.index for code in named for c in columns if c.field == code), 0)
        numeric = frozenset(c.index for c in columns if c.is_read and self._kind.field_of(c.field).reading in NUMERIC)
        codes = tuple(c.index for c in columns if c.field in _CODES)
        return Shape(sequence, name, numeric, len(columns), codes)

    def _kind_of(self, reading: RowReading, cells: list[Cell], reader: TableReader, is_spread: bool) -> RowReading:
        """A line that states everything required is a row, even when it looks like a heading (a list of units)."""
        if reading.kind is not RowKind.GROUP or is_spread or reading.style not in _WEAK_STYLES:
            return reading
        required = [e.column.index for e in reader.entries if e.spec.is_required and e.column.group is None]
        is_full = all(index < len(cells) and cells[index] not in (None, "") for index in required)
        known = {entry.spec.code for entry in reader.entries}
        if required and is_full and identity_of(self._kind) <= known:
            return RowReading(RowKind.PROJECT)
        return reading

    def _inherited(self, found: dict[Field, object]) -> dict[str, Any]:
        """What headings and the sheet's name say about the rows below, where the kind has such a field."""
        codes = {spec.code for spec in self._kind.fields}
        values: dict[str, Any] = {}
        if "county" in codes and self._sheet.name in self._options.counties:
            values["county"] = self._sheet.name
        if "county" in codes and Field.COUNTY in found:
            values["county"] = found[Field.COUNTY]
        return values

    def _header_texts(self) -> set[str]:
        headers = [column.header for column in self._header.columns]
        return {header_words(part) for header in headers for part in (header, *header.split("/"))}

    def _check_shared(self, reader: TableReader, merges: TableMerges, index: int) -> None:
        for entry in reader.entries if index in merges.shared else ():
            if entry.column.index in merges.shared[index]:
                self._say("shared_amount", index + 1, entry.column.label)


def _certainty(column: TableColumn) -> Certainty:
    if column.is_settled:
        return Certainty.SETTLED
    return Certainty.HEADER if column.field else Certainty.UNKNOWN


def _amounts(reader: TableReader, cells: list[Cell]) -> dict[str, int]:
    """Return the readable amounts, areas and counts of a heading or total row."""
    amounts: dict[str, int] = {}
    for entry in reader.entries:
        column = entry.column
        if entry.spec.reading not in _SUMMED or column.group is not None or column.index >= len(cells):
            continue
        try:
            amount = entry.parse(cells[column.index])
        except Refused:
            continue
        if amount is not None:
            amounts[column.field] = amount
    return amounts
