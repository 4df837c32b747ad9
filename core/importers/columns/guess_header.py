"""Tables whose header names no projects, or that have none: the column of names is proposed and asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.importers.columns.by_values import fields_by_values, look_like_names
from core.importers.columns.fields import Column, Field
from core.importers.columns.header import Header, find_header
from core.importers.columns.propose import fields_by_words
from core.importers.columns.settled import map_columns
from core.importers.options import MappedColumn
from core.importers.sheet import Cell, Sheet, column_letter

_SAMPLED_ROWS = 200
_LEAST_KNOWN = 2  # further fields that a header without 项目名称 must name
_LEAST_ROWS = 3
_FIRST_ROWS = 10  # titles and blanks above a table without header


@dataclass(frozen=True, slots=True)
class GuessedHeader:
    """A header with a proposed column of names; ``code`` is the question it raises, empty when the user settled it."""

    header: Header[Column]
    name: Column
    code: str


def guess_header(sheet: Sheet, mapping: Sequence[MappedColumn]) -> GuessedHeader | None:
    """Return a header for a *sheet* in which ``find_header`` finds none; ``None`` when nothing speaks for a ledger."""
    header = find_header(sheet, mapping, needs_name=False)
    if header is not None:
        return _with_name(header, sheet, "name_proposed")
    return _without_header(sheet, mapping)


def _with_name(header: Header[Column], sheet: Sheet, code: str) -> GuessedHeader | None:
    known = {column.field for column in header.columns} - {None, Field.SEQUENCE, Field.ELSEWHERE}
    rows = sheet.cells[header.data_row : header.data_row + _SAMPLED_ROWS]
    unknown = [column for column in header.columns if column.field is None and not column.is_settled]
    by_words = [column for column in unknown if Field.NAME in fields_by_words(column.header)]
    by_values = [column for column in unknown if look_like_names(_values(rows, column.index))]
    name = next(iter(by_words or by_values), None)
    if name is None or len(known) < _LEAST_KNOWN:
        return None
    return _named(header, name, code)


def _named(header: Header[Column], name: Column, code: str) -> GuessedHeader:
    named = replace(name, field=Field.NAME)
    columns = tuple(named if column is name else column for column in header.columns)
    return GuessedHeader(replace(header, columns=columns), named, code)


def _without_header(sheet: Sheet, mapping: Sequence[MappedColumn]) -> GuessedHeader | None:
    """Data from the first full row on: names of projects beside codes or amounts make a ledger."""
    first = _first_full_row(sheet.cells)
    rows = sheet.cells[first : first + _SAMPLED_ROWS]
    if len(rows) < _LEAST_ROWS:
        return None
    width = max(map(len, rows))
    columns = map_columns([Column(index, f"{column_letter(index)}列", None) for index in range(width)], mapping)
    title = "\n".join([sheet.caption, *(str(v) for row in sheet.cells[:first] for v in row if v not in (None, ""))])
    header = Header(first - 1, first, columns, title.strip())
    settled = next((column for column in columns if column.field is Field.NAME), None)
    if settled is not None:
        return GuessedHeader(header, settled, "")
    name = next((column for column in columns if look_like_names(_values(rows, column.index))), None)
    others = [fields_by_values(_values(rows, column.index)) for column in columns if column is not name]
    if name is None or not any(Field.NATIONAL_CODE in found or Field.TOTAL in found for found in others):
        return None
    return _named(header, name, "header_missing")


def _first_full_row(cells: list[list[Cell]]) -> int:
    """Return the first row with as many cells as most rows have."""
    sizes = [sum(value not in (None, "") for value in row) for row in cells[:_SAMPLED_ROWS]]
    usual = sorted(sizes)[len(sizes) // 2] if sizes else 0
    return next((row for row, size in enumerate(sizes[:_FIRST_ROWS]) if size >= max(usual, 2)), 0)


def _values(rows: list[list[Cell]], index: int) -> list[Cell]:
    return [row[index] for row in rows if index < len(row) and row[index] not in (None, "")]
