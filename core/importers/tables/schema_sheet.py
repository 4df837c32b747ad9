"""The hidden sheet ``_schema`` of our own templates and exports: which column is which, whatever its heading became.

The heading that was issued is put back where somebody edited it, as long as the new words say nothing else: another
unit, year, month or another known field is what its author meant, and is read as it stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.importers.columns.words import header_words, month_in, month_span_in, split_unit, year_in
from core.importers.limits import MAX_ROWS
from core.importers.options import MappedColumn
from core.importers.problems import ImportProblem, build_problem
from core.importers.sheet import Cell, Sheet, column_letter

SHEET = "_schema"
MARK = "挂图作战"
VERSION = 1
_SEARCH_ROWS = 40
_LEAST_HEADINGS = 2

Meaning = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """One column as it was issued: 0-based place of its heading, field code, heading."""

    row: int
    index: int
    code: str
    heading: str


@dataclass(frozen=True, slots=True)
class Schema:
    """What a file says about itself: kind of table (``ledger``, ``TableKind.code``), data sheet, columns."""

    kind: str
    sheet: str
    columns: tuple[SchemaColumn, ...]

    def rows(self) -> list[tuple[str | int, ...]]:
        """Return the schema as rows of its sheet."""
        head: list[tuple[str | int, ...]] = [(MARK, VERSION), ("kind", self.kind), ("sheet", self.sheet)]
        return head + [("column", one.row + 1, one.index + 1, one.code, one.heading) for one in self.columns]


def read_schema(sheets: Sequence[Sheet]) -> Schema | None:
    """Return the schema that the file carries; None when it has none, or one of another version."""
    found = next((sheet for sheet in sheets if sheet.name == SHEET), None)
    if found is None:
        return None
    rows = [[_text(cell) for cell in row] for row in found.cells]
    facts = {row[0]: row[1] for row in rows if len(row) >= 2 and row[0] != "column"}
    if facts.get(MARK) != str(VERSION):
        return None
    columns = tuple(
        SchemaColumn(int(row[1]) - 1, int(row[2]) - 1, row[3], row[4])
        for row in rows
        if len(row) >= 5 and row[0] == "column" and _is_place(row[1]) and _is_place(row[2])
    )
    return Schema(facts.get("kind", ""), facts.get("sheet", ""), columns)


def _is_place(text: str) -> bool:
    """Whether *text* is a row or column number from 1 that a sheet can have."""
    return text.isascii() and text.isdigit() and 0 < int(text[:7]) <= MAX_ROWS and len(text) < 7


def restore_headings(
    sheets: Sequence[Sheet], kind: str, meaning: Meaning, settled: Sequence[MappedColumn] = ()
) -> tuple[tuple[Sheet, ...], tuple[ImportProblem, ...]]:
    """
    Return the sheets without ``_schema``, edited headings put back, and a note for each of them.

    Args:
        kind: Kind that is being read; a schema of another kind is left aside.
        meaning: Field that header words mean to the reader of this kind, None when unknown.
        settled: Columns settled by the user; their headings stay, for they are found by them.
    """
    schema = read_schema(sheets)
    others = tuple(sheet for sheet in sheets if sheet.name != SHEET)
    if schema is None or schema.kind != kind:
        return others, ()
    notes: list[ImportProblem] = []
    fixed = {header_words(one.header.rpartition("/")[2]) for one in settled}
    restored = [
        _restore(sheet, schema, meaning, fixed, notes) if sheet.name == schema.sheet else sheet for sheet in others
    ]
    return tuple(restored), tuple(notes)


def _restore(sheet: Sheet, schema: Schema, meaning: Meaning, fixed: set[str], notes: list[ImportProblem]) -> Sheet:
    shift = _shift(sheet, schema)
    rows = {column.row + shift for column in schema.columns}
    present = {words for row in rows for words in _words(sheet, row)}
    cells = [list(row) if number in rows else row for number, row in enumerate(sheet.cells)]
    for column in schema.columns:
        at = column.row + shift
        if not (0 <= at < len(cells) and column.index < len(cells[at])):
            continue
        current = _text(cells[at][column.index])
        if not current or header_words(column.heading) in present or header_words(current) in fixed:
            continue
        if _says_nothing_else(current, column.heading, meaning):
            cells[at][column.index] = column.heading
            place = f"{column_letter(column.index)} {' '.join(current.split())}"
            notes.append(build_problem("heading_restored", sheet.name, at + 1, place, heading=column.heading))
    return replace(sheet, cells=cells)


def _shift(sheet: Sheet, schema: Schema) -> int:
    """Return by how many rows the header was moved: where most issued headings are found again, nearest first."""
    words = [_words(sheet, row) for row in range(min(_SEARCH_ROWS, len(sheet.cells)))]

    def found(shift: int) -> int:
        places = ((column.row + shift, header_words(column.heading)) for column in schema.columns)
        return sum(0 <= row < len(words) and heading in words[row] for row, heading in places)

    best = max(range(-_SEARCH_ROWS, _SEARCH_ROWS), key=lambda shift: (found(shift), -abs(shift)))
    return best if found(best) >= _LEAST_HEADINGS else 0


def _words(sheet: Sheet, row: int) -> set[str]:
    return {header_words(_text(cell)) for cell in sheet.cells[row]} if 0 <= row < len(sheet.cells) else set()


def _says_nothing_else(current: str, issued: str, meaning: Meaning) -> bool:
    now, then = header_words(current), header_words(issued)
    for read in (year_in, month_span_in, month_in, _unit):
        said = read(now)
        if said and said != read(then):
            return False
    return meaning(current) in (None, meaning(issued))


def _unit(words: str) -> str:
    return split_unit(words)[1]


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
