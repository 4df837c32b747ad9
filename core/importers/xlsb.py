"""Binary workbooks (xlsb): extent and hidden rows by a walk over their records, before the Rust reader lays them out.

Basis: [MS-XLSB] 2.1.4 (record = type, size, content), 2.4.740 BrtRowHdr, 2.5.9 Cell.
"""

import re
from collections.abc import Iterator, Mapping

from core.importers.archive import SheetFacts
from core.importers.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from core.importers.problems import UnreadableFile

_ROW = 0
_CELLS = frozenset(range(1, 12))  # blank, numbers, errors, texts, formulas
_BLANK_CELL = 1
_ROW_IS_HIDDEN = 0x10  # fDyZero, in byte 11 beside the outline level
_SHEET_BUNDLE = 156
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE_ID = re.compile(rb'\bId="([^"]*)"')
_ATTRIBUTE_TARGET = re.compile(rb'\bTarget="([^"]*)"')


def inspect_xlsb(parts: Mapping[str, bytes]) -> dict[str, SheetFacts]:
    """
    Return the facts of each sheet by its name.

    Raises:
        UnreadableFile: Damaged, or a sheet beyond the limits.
    """
    targets = {
        _ATTRIBUTE_ID.search(tag)[1]: _ATTRIBUTE_TARGET.search(tag)[1]  # type: ignore[index]
        for tag in _RELATION.findall(parts.get("xl/_rels/workbook.bin.rels", b""))
        if _ATTRIBUTE_ID.search(tag) and _ATTRIBUTE_TARGET.search(tag)
    }
    facts = {}
    for name, relation in _sheet_names(parts["xl/workbook.bin"]):
        part = targets.get(relation, b"").decode("utf-8", "replace")
        part = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
        if part in parts:
            facts[name] = SheetFacts(_inspect_sheet(parts[part]), {})
    return facts


def _sheet_names(workbook: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (name, relation) of each BrtBundleSh: state, id, then the two texts."""
    for kind, content in _records(workbook):
        if kind == _SHEET_BUNDLE and len(content) >= 16:
            relation, place = _text(content, 8)
            name, _ = _text(content, place)
            yield name, relation.encode()


def _text(content: bytes, place: int) -> tuple[str, int]:
    size = int.from_bytes(content[place : place + 4], "little") * 2
    end = place + 4 + size
    if end > len(content):
        raise UnreadableFile("file_damaged")
    return content[place + 4 : end].decode("utf-16-le", "replace"), end


def _inspect_sheet(records: bytes) -> frozenset[int]:
    """
    Return the hidden rows (from 0) of a sheet part.

    Raises:
        UnreadableFile: Damaged, or a cell beyond the limits.
    """
    row, rows, columns = 0, 0, 0
    hidden = set()
    for kind, content in _records(records):
        if kind == _ROW and len(content) >= 12:
            row = int.from_bytes(content[:4], "little")
            if content[11] & _ROW_IS_HIDDEN:
                hidden.add(row)
        elif kind in _CELLS and kind != _BLANK_CELL and len(content) >= 4:
            rows = max(rows, row + 1)
            columns = max(columns, int.from_bytes(content[:4], "little") + 1)
    if rows > MAX_ROWS:
        raise UnreadableFile("too_many_rows", rows=rows, limit=MAX_ROWS)
    if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise UnreadableFile("too_many_columns", columns=columns, limit=min(MAX_COLUMNS, MAX_CELLS // max(rows, 1)))
    return frozenset(hidden)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(data):
        kind, place = _varint(data, place, 2)
        size, place = _varint(data, place, 4)
        if place + size > len(data):
            raise UnreadableFile("file_damaged")
        yield kind, data[place : place + size]
        place += size


def _varint(data: bytes, place: int, most: int) -> tuple[int, int]:
    """Return a number of seven bits per byte, low ones first, and the place behind it."""
    number = 0
    for shift in range(0, 7 * most, 7):
        if place >= len(data):
            raise UnreadableFile("file_damaged")
        byte = data[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return number, place
