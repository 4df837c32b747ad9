"""What a table file showed while it was read: its columns, its cells as typed, the sums it states.

Every parser of tables hands these on beside its rows. The screen draws the mapping and the grid of rows to mend from
them, profiles recognise a table by them, and stated sums are shown beside the computed ones (勾稽).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from core.importers.sheet import BrokenCell, Cell, column_letter

_SAMPLES = 3
_SAMPLED_ROWS = 200
_BROKEN = {BrokenCell.ERROR: "#错误", BrokenCell.UNCACHED: "（公式未保存结果）"}


class Certainty(StrEnum):
    """What the meaning of a column rests on."""

    SETTLED = "settled"  # the user or a profile
    HEADER = "header"  # its words
    VALUES = "values"  # its words leave a choice, all its values decided
    PROPOSED = "proposed"  # not read before somebody agrees
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """
    One column as it was understood.

    Attributes:
        index: From 0.
        header: Header texts, parents first, parted by ``/``.
        field: Code of the field it fills, with month, source or node behind a colon; empty = not read.
        unit: Unit of its bare numbers; empty = none or not known.
        period: What an amount covers: 本月, 本年累计, 自开工累计 …; empty for other columns.
        choices: Codes of the fields it may mean, likeliest first, when the reader leaves that open.
        question: What to ask about it; empty when everything is clear.
        certainty: What its meaning rests on; of ``PROPOSED`` the first of ``choices`` is the likeliest.
    """

    index: int
    header: str
    field: str = ""
    unit: str = ""
    period: str = ""
    choices: tuple[str, ...] = ()
    question: str = ""
    certainty: Certainty = Certainty.HEADER

    @property
    def label(self) -> str:
        """Excel letter and header, as problems show it."""
        return f"{column_letter(self.index)} {self.header}"


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """
    One sheet with a header (Excel row ``header_row``); ``cells[r][c]`` is Excel row r+1, mended cells included.

    Attributes:
        is_turned: The file has a row per column and a column per row of this sheet; mends are counted as here.
    """

    name: str
    header_row: int
    columns: tuple[ReadColumn, ...]
    cells: list[list[Cell]] = field(repr=False)
    is_turned: bool = False

    def text(self, row: int, column: int) -> str:
        """Return the cell at Excel row *row* (from 1) and *column* (from 0) as people read it."""
        cells = self.cells[row - 1] if 0 < row <= len(self.cells) else []
        return cell_text(cells[column]) if column < len(cells) else ""

    def samples(self, column: int) -> tuple[str, ...]:
        """Return the first different values of *column* below the header."""
        return tuple(dict.fromkeys(self._values(column)))[:_SAMPLES]

    def _values(self, column: int) -> Iterator[str]:
        last = min(len(self.cells), self.header_row + _SAMPLED_ROWS)
        headers = {part for one in self.columns for part in one.header.split("/")}
        for row in range(self.header_row + 1, last + 1):
            text = self.text(row, column)
            if text and text not in headers:
                yield text


@dataclass(frozen=True, slots=True)
class DeclaredSum:
    """
    A count or an amount that a heading or total row states, beside what its rows give.

    Attributes:
        row: Excel row number.
        label: Words of the stating row.
        column: Column as problems show it; empty for a count.
        given, computed: Rows, or 元 and m² for amounts.
        agrees: Whether they are the same but for rounding.
    """

    sheet: str
    row: int
    label: str
    column: str
    given: int
    computed: int
    agrees: bool


def cell_text(value: Cell) -> str:
    """Return a cell as people read it; a blank cell is empty text."""
    if value is None:
        return ""
    if isinstance(value, BrokenCell):
        return _BROKEN[value]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != datetime.min.time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
