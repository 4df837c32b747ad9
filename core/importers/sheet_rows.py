"""The parsed rows of one sheet, as checks see them."""

from dataclasses import dataclass, field

from core.importers.columns.column_reading import ColumnReading
from core.importers.columns.fields import Column, Field
from core.importers.columns.settled import code_of
from core.importers.outline import SumRow
from core.importers.problems import ImportProblem, build_problem
from core.importers.read_sheet import ReadColumn, ReadSheet
from core.importers.row import LedgerRow
from core.importers.sheet import Cell


@dataclass(frozen=True, slots=True)
class SheetRows:
    """
    Project rows of one sheet, refused ones included, with the rows that state sums.

    Attributes:
        header_row: Excel row number of the header.
        is_turned: Rows are the columns of the file (``core.importers.turned``).
    """

    name: str
    header_row: int
    columns: tuple[Column, ...]
    rows: list[LedgerRow]
    sums: list[SumRow]
    cells: list[list[Cell]] = field(default_factory=list)
    readings: tuple[ColumnReading, ...] = ()
    is_turned: bool = False

    def as_read(self) -> ReadSheet:
        """Return columns and cells for the screen and for profiles."""
        by_index = {reading.index: reading for reading in self.readings}
        columns = tuple(_as_read(column, by_index.get(column.index)) for column in self.columns)
        return ReadSheet(self.name, self.header_row, columns, self.cells, self.is_turned)

    def column(self, wanted: Field) -> Column | None:
        """Return the column of *wanted*, if the sheet has it."""
        return next((column for column in self.columns if column.field is wanted), None)

    def problem(self, code: str, row: int, wanted: Field | None, **values: object) -> ImportProblem:
        """Return a problem at a row and at the column of *wanted*."""
        column = self.column(wanted) if wanted else None
        return build_problem(code, self.name, row, column.label if column else "", **values)


def _as_read(column: Column, reading: ColumnReading | None) -> ReadColumn:
    field = code_of(column)
    if reading is None:
        return ReadColumn(column.index, column.header, field, column.unit)
    open_part = (reading.period, reading.choices, reading.question, reading.certainty)
    return ReadColumn(column.index, column.header, field, column.unit, *open_part)


def show_yuan(amount: int) -> str:
    """Return an amount for a message, in 万元 (``12,000万元``)."""
    return f"{amount / 10_000:,.4f}".rstrip("0").rstrip(".") + "万元"
