"""Bytes of xlsx, xlsb, xls/et, ods, docx or delimited text → sheets of plain cells."""

import zipfile
from dataclasses import replace
from io import BytesIO

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from core.importers.archive import ArchiveKind, SheetFacts, inspect_workbook, unpack_archive
from core.importers.delimited import read_delimited
from core.importers.docx_tables import read_docx
from core.importers.guard import carried_kinds, check_compound
from core.importers.limits import MAX_BYTES, MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from core.importers.ods import read_ods
from core.importers.problems import UnreadableFile, build_problem
from core.importers.sheet import BrokenCell, Cell, Sheet
from core.importers.xlsb import inspect_xlsb

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
)


def read_sheets(data: bytes, file_name: str) -> tuple[Sheet, ...]:
    """
    Return the sheets of a workbook, of a Word document or of delimited text; the content decides, not the name.

    Raises:
        UnreadableFile: Empty, too large, a bomb, protected, damaged, or no table at all.
    """
    if not data.strip(b"\x00 \r\n\t"):
        raise UnreadableFile("file_empty")
    if len(data) > MAX_BYTES:
        raise UnreadableFile("file_too_large", size=f"{len(data) / 2**20:.1f} MB", limit=f"{MAX_BYTES // 2**20} MB")
    if data.startswith(_ZIP):
        return _read_archive(data)
    if data.startswith(_OLE):
        check_compound(data)
        return _read_workbook(data, {})
    _refuse_foreign(data)
    cells, decoded = read_delimited(data)
    _check_extent(len(cells), max((len(row) for row in cells), default=0))
    problems = (build_problem("encoding_assumed", file_name, encoding=decoded.assumed),) if decoded.assumed else ()
    return (Sheet(name=file_name, visible=True, cells=[list(row) for row in cells], problems=problems),)


def _read_archive(data: bytes) -> tuple[Sheet, ...]:
    kind, parts = unpack_archive(data)
    if kind is ArchiveKind.XLSX:
        return _with_carried(_read_workbook(data, inspect_workbook(parts)), data)
    if kind is ArchiveKind.XLSB:
        return _with_carried(_read_workbook(data, inspect_xlsb(parts)), data)
    if kind is ArchiveKind.DOCX:
        return read_docx(parts["word/document.xml"])
    if kind is ArchiveKind.ODS:
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise UnreadableFile("file_password")
        return read_ods(parts["content.xml"])
    raise UnreadableFile("file_type", kind=kind.value)


def _with_carried(sheets: tuple[Sheet, ...], data: bytes) -> tuple[Sheet, ...]:
    """Say with the first sheet what the workbook carries besides its cells."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        kinds = carried_kinds(archive.namelist())
    if not kinds or not sheets:
        return sheets
    first = replace(sheets[0], problems=(*sheets[0].problems, build_problem("file_carries", kinds=kinds)))
    return (first, *sheets[1:])


def _refuse_foreign(data: bytes) -> None:
    for magic, kind in _FOREIGN:
        if data.startswith(magic):
            raise UnreadableFile("file_type", kind=kind)
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")):
        raise UnreadableFile("file_type", kind="网页格式的表格（虽然扩展名可能是 xls）")


def _read_workbook(data: bytes, facts: dict[str, SheetFacts]) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_object(BytesIO(data)) as book:
            return tuple(
                _read_sheet(book, meta.name, meta.visible is SheetVisibleEnum.Visible, facts.get(meta.name))
                for meta in book.sheets_metadata
                if meta.typ is SheetTypeEnum.WorkSheet
            )
    except (UnreadableFile, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except PasswordError as error:
        raise UnreadableFile("file_password") from error
    # A panic inside the Rust reader is a BaseException; a damaged file must not end the process.
    except BaseException as error:
        raise UnreadableFile("file_damaged") from error


def _read_sheet(book: CalamineWorkbook, name: str, visible: bool, facts: SheetFacts | None) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    _check_extent(sheet.total_height, sheet.total_width)
    cells: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), is_error in (facts.broken if facts else {}).items():
        if row < len(cells):
            cells[row].extend([None] * (column + 1 - len(cells[row])))
            cells[row][column] = BrokenCell.ERROR if is_error else BrokenCell.UNCACHED
    merges = tuple(sheet.merged_cell_ranges or ())
    facts = facts or SheetFacts(frozenset(), {})
    return Sheet(name, visible, cells, merges, facts.hidden_rows, facts.signals)


def _check_extent(rows: int, columns: int) -> None:
    if rows > MAX_ROWS:
        raise UnreadableFile("too_many_rows", rows=rows, limit=MAX_ROWS)
    if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise UnreadableFile("too_many_columns", columns=columns, limit=min(MAX_COLUMNS, MAX_CELLS // max(rows, 1)))
