"""Neutral form of a spreadsheet: sheets of plain cells, whatever file they came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum

from core.importers.problems import ImportProblem


class BrokenCell(Enum):
    """A formula cell that holds no usable value."""

    ERROR = "formula_error"
    UNCACHED = "formula_without_value"


Cell = str | int | float | bool | date | datetime | time | timedelta | BrokenCell | None
MergedRange = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One sheet; ``cells[r][c]`` is Excel row r+1, column c, blanks are ``None`` or ``""``.

    Attributes:
        merges: Merged ranges, 0-based, both corners inclusive; empty when the format has none.
        hidden_rows: 0-based rows hidden by the author or a filter; known for xlsx, xlsb and ods.
        signals: (row, column) from 0 → 红, 黄 or 绿 of cells filled so; known for xlsx only.
        caption: Lines above the table in a document that is no spreadsheet; titles and 单位 lines stand there.
        problems: What was found while the file was opened; each parser of sheets hands it on.
    """

    name: str
    visible: bool
    cells: list[list[Cell]]
    merges: tuple[MergedRange, ...] = ()
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    signals: Mapping[tuple[int, int], str] = field(default_factory=dict)
    caption: str = ""
    problems: tuple[ImportProblem, ...] = ()


def column_letter(index: int) -> str:
    """Return the Excel name of 0-based column *index* (0 → ``A``, 26 → ``AA``)."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
