"""What a sheet looks like, as data: title, unit, columns with parents, paper. Workbooks and CSV are made from it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from core.domain.period import Month
from core.domain.units import round_exact, sqm_to_ha, sqm_to_mu, yuan_to_wan
from core.importers.cells.text import DITTO

Value = str | int | float | Decimal | date | Month | bool | None
ZERO_WIDTH = "\u200b"


class Form(StrEnum):
    """How a value is written; rows hold the stored units (元, m²), the sheet shows the unit of its heading."""

    TEXT = "text"
    WORD = "word"
    COUNT = "count"
    WAN = "wan"
    MU = "mu"
    HA = "ha"
    RATIO = "ratio"  # 0.97 shown as 97.0%
    PERCENT = "percent"  # 97 shown as 97%, with its sign: a bare 0.97 could be a ratio
    PP = "pp"
    NUMBER = "number"
    DAY = "day"
    MONTH = "month"
    YES_NO = "yes_no"


class Paper(StrEnum):
    """Paper of a printed sheet, always landscape."""

    A3 = "A3"
    A4 = "A4"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """
    One column.

    Attributes:
        heading: Lowest header cell.
        parent: Merged header cell above it; empty = the heading stands over both rows.
        code: Field it fills when the sheet comes back (``core.importers.tables.schema_sheet``); empty = none.
        choices: What a template offers in a drop-down.
    """

    heading: str
    width: int = 14
    form: Form = Form.TEXT
    parent: str = ""
    code: str = ""
    choices: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Heading in one line, the parent first: how files without merged cells name the column."""
        return f"{self.parent}/{self.heading}" if self.parent else self.heading


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """
    One printed sheet.

    Attributes:
        title: First line, over all columns.
        note: Second line on the left: as-of day, filter, 口径.
        unit: Second line on the right (单位：万元).
        frozen: Columns that stay when the sheet is moved sideways.
        kind: Kind of table it comes back as; empty = it is only for reading and gets no schema sheet.
    """

    sheet: str
    title: str
    columns: tuple[SheetColumn, ...]
    note: str = ""
    unit: str = ""
    frozen: int = 0
    paper: Paper = Paper.A3
    kind: str = ""

    @property
    def has_parents(self) -> bool:
        """Whether the header takes two rows."""
        return any(column.parent for column in self.columns)

    @property
    def header_rows(self) -> tuple[int, int]:
        """First and last 0-based row of the header, below title and unit."""
        return 2, 3 if self.has_parents else 2

    def parents(self) -> list[tuple[str, int, int]]:
        """Return each run of columns under one parent: its words, first and last column."""
        found = []
        start = 0
        for parent, group in groupby(self.columns, key=lambda column: column.parent):
            length = len(list(group))
            if parent:
                found.append((parent, start, start + length - 1))
            start += length
        return found


def shown_value(value: Value, form: Form) -> str | int | Decimal | date | float | None:
    """
    Return *value* in the unit in which the sheet shows it, without losing anything.

    元 become 万元 with four decimals, m² become 亩 or 公顷 with four decimals (1 m² = 0.0015 亩 exactly); None and ""
    stay blank, never 0.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Month):
        return str(value)
    if form is Form.WAN:
        return yuan_to_wan(_integer(value))
    if form is Form.MU:
        return round_exact(sqm_to_mu(_integer(value)), 4)
    if form is Form.HA:
        return sqm_to_ha(_integer(value))
    if form is Form.PERCENT:
        return f"{Decimal(str(value)).normalize():f}%"
    return literal(value) if isinstance(value, str) else value


def _integer(value: Value) -> int:
    """Return a stored amount or area; they are whole numbers by the rules of the store."""
    if not isinstance(value, int):
        raise TypeError(f"stored amounts and areas are whole numbers, not {value!r}")
    return value


def literal(text: str) -> str:
    """
    Return *text* so that it is read back as itself.

    A cell that holds nothing but 同上 would take the value of the row above. Readers drop the mark put before it.
    """
    return f"{ZERO_WIDTH}{text}" if text.strip() in DITTO else text
