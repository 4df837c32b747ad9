"""Look into an archive before a reader does: bombs, far-away cells, hidden rows, formulas without a value.

The Rust reader lays a sheet out densely, so one stray cell at XFD1048576 would ask for gigabytes; and it gives
formula errors and uncached formulas as blanks. Both are visible in the raw XML.
"""

import re
import struct
import zipfile
from dataclasses import dataclass, field
from enum import Enum
from io import BytesIO
from xml.sax.saxutils import unescape
from zlib import crc32, decompressobj
from zlib import error as zlib_error

from core.importers.guard import check_entries, check_places
from core.importers.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNPACKED_BYTES,
    RATIO_FREE_BYTES,
)
from core.importers.problems import UnreadableFile
from core.importers.signals import signal_fills

_COLUMN = re.compile(rb' r="([A-Z]{1,3})\d')
_LATE_ROW = re.compile(rb' r="[A-Z]{1,3}(\d{5,})"')
# Styled blanks (<c r="XFD1" s="3"/>) are no content; they count only when the quick look finds too much.
_CELL_WITH_CONTENT = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*(?<!/)>')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d+)"')
_UNCACHED_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt="str")[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_ENTITIES = {"&quot;": '"', "&apos;": "'", "&#10;": "\n"}


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """
    What the raw XML of one sheet tells beyond its values; rows and columns from 0.

    Attributes:
        broken: Cell → True for a formula error, False for a formula saved without its result.
        signals: Cell → 红, 黄 or 绿 when it is filled so.
    """

    hidden_rows: frozenset[int]
    broken: dict[tuple[int, int], bool]
    signals: dict[tuple[int, int], str] = field(default_factory=dict)


class ArchiveKind(Enum):
    """What a zip archive holds, told by its members."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    DOCX = "docx"
    OTHER = "压缩包"


_MARKS = (
    (ArchiveKind.XLSX, "xl/workbook.xml"),
    (ArchiveKind.XLSB, "xl/workbook.bin"),
    (ArchiveKind.DOCX, "word/document.xml"),
)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def unpack_archive(data: bytes) -> tuple[ArchiveKind, dict[str, bytes]]:
    """
    Return the kind of an office archive and its parts by name; nothing is written anywhere.

    Raises:
        UnreadableFile: Damaged or a bomb.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
        check_bomb(entries, len(data))
        kind = _kind_of(data, entries)
        wanted = (".xml", ".rels", ".bin") if kind is ArchiveKind.XLSB else (".xml", ".rels")
        parts = {entry.filename: unpack(data, entry) for entry in entries if entry.filename.endswith(wanted)}
    except (zipfile.BadZipFile, zlib_error, struct.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise UnreadableFile("file_damaged") from error
    return kind, parts


def inspect_workbook(parts: dict[str, bytes]) -> dict[str, SheetFacts]:
    """
    Return the facts of an xlsx workbook by sheet name.

    Raises:
        UnreadableFile: Damaged, or a sheet beyond the limits.
    """
    if "xl/_rels/workbook.xml.rels" not in parts:
        raise UnreadableFile("file_damaged")
    styles = parts.get("xl/styles.xml", b"")
    by_name = {name.lower(): content for name, content in parts.items()}
    places = {sheet: part.lower() for sheet, part in _sheet_parts(parts).items()}
    # A sheet that cannot be looked into must not reach the reader.
    if any(part and part not in by_name for part in places.values()):
        raise UnreadableFile("file_damaged")
    return {sheet: _sheet_facts(by_name[part], styles) for sheet, part in places.items() if part}


def check_bomb(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    ratio = unpacked / max(packed, 1)
    if (
        len(entries) > MAX_ENTRIES
        or unpacked > MAX_UNPACKED_BYTES
        or (unpacked > RATIO_FREE_BYTES and ratio > MAX_RATIO)
    ):
        raise UnreadableFile("file_bomb")
    check_entries(entries, packed)


def unpack(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Return the content of *entry*; its declared size must be true, for the Rust reader would unpack the rest."""
    start = entry.header_offset
    name_size, extra_size = struct.unpack("<HH", data[start + 26 : start + 30])
    start += 30 + name_size + extra_size
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED and not entry.flag_bits & 1:
        content = decompressobj(-15).decompress(packed, entry.file_size + 1)
    else:
        raise UnreadableFile("file_damaged")
    if len(content) > entry.file_size:
        raise UnreadableFile("file_bomb")
    if len(content) < entry.file_size or crc32(content) != entry.CRC:
        raise UnreadableFile("file_damaged")
    return content


def _kind_of(data: bytes, entries: list[zipfile.ZipInfo]) -> ArchiveKind:
    by_name = {entry.filename: entry for entry in entries}
    if "mimetype" in by_name:
        is_sheet = by_name["mimetype"].file_size <= 200 and unpack(data, by_name["mimetype"]).strip() == _ODS
        return ArchiveKind.ODS if is_sheet and "content.xml" in by_name else ArchiveKind.OTHER
    return next((kind for kind, mark in _MARKS if mark in by_name), ArchiveKind.OTHER)


def _attributes(tag: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(tag))


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Return sheet name → part name, by way of the workbook's relations."""
    relations = parts["xl/_rels/workbook.xml.rels"].decode("utf-8", "replace")
    targets = {}
    for tag in _RELATION.findall(relations):
        attributes = _attributes(tag)
        target = attributes.get("Target", "")
        targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = {}
    for tag in _SHEET.findall(parts["xl/workbook.xml"].decode("utf-8", "replace")):
        attributes = _attributes(tag)
        relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        sheets[unescape(attributes.get("name", ""), _ENTITIES)] = targets.get(relation, "")
    return sheets


def _sheet_facts(xml: bytes, styles: bytes) -> SheetFacts:
    check_places(xml)
    _check_extent(xml)
    hidden = _HIDDEN_ROW.findall(xml) if b"hidden=" in xml else []
    broken = {_position(*cell): False for cell in _UNCACHED_CELL.findall(xml)} if b"f>" in xml or b"<f" in xml else {}
    if b't="e"' in xml:
        broken |= {_position(*cell): True for cell in _ERROR_CELL.findall(xml)}
    signals = {_position(column, row): word for column, row, word in signal_fills(styles, xml)}
    return SheetFacts(frozenset(int(row) - 1 for row in hidden), broken, signals)


def _check_extent(xml: bytes) -> None:
    """A quick look at all cell names; the exact one, slower, only when the quick one finds too much."""
    columns = max(map(column_index, set(_COLUMN.findall(xml))), default=0) + 1
    rows = max(map(int, set(_LATE_ROW.findall(xml))), default=9_999)
    if _is_within(rows, columns):
        return
    cells = set(_CELL_WITH_CONTENT.findall(xml))
    columns = max((column_index(column) for column, _ in cells), default=0) + 1
    rows = max((int(row) for _, row in cells), default=1)
    if rows > MAX_ROWS:
        raise UnreadableFile("too_many_rows", rows=rows, limit=MAX_ROWS)
    if not _is_within(rows, columns):
        raise UnreadableFile("too_many_columns", columns=columns, limit=min(MAX_COLUMNS, MAX_CELLS // rows))


def _is_within(rows: int, columns: int) -> bool:
    return rows <= MAX_ROWS and columns <= MAX_COLUMNS and rows * columns <= MAX_CELLS


def column_index(letters: bytes) -> int:
    """Return the 0-based number of an Excel column name (``A`` → 0, ``AA`` → 26)."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _position(column: bytes, row: bytes) -> tuple[int, int]:
    return int(row) - 1, column_index(column)
