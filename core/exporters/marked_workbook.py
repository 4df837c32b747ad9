"""The user's own table with what is wrong marked in it: bad cells coloured and commented, all problems on a sheet.

A workbook that openpyxl can carry keeps its look; any other table comes back as a plain grid. Macros and links to other
files are dropped, nothing is calculated, and no text becomes a formula.
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from core.importers.read_sheet import cell_text
from core.importers.sheet import Cell, Sheet

PROBLEM_SHEET = "导入问题"
_HEADINGS = ("工作表", "行", "列", "处理", "问题与改法")
_WIDTHS = (16, 8, 24, 10, 90)
_MOST_CELLS = 200_000  # with styles openpyxl needs about a kilobyte for each
_MOST_MARKS = 5_000
_AUTHOR = "挂图作战"
_FILL = "FFF2CC"
_LABEL = re.compile(r"([A-Z]{1,3})(?: |$)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Mark:
    """
    Something to say at a place of a table.

    Attributes:
        row: Excel row number; 0 = about the whole sheet or file, then only listed.
        column: Column as problems show it (``F 总投资``); empty = the whole row.
        weight: Word for the list (未导入, 请核对, 说明).
    """

    sheet: str
    row: int
    column: str
    weight: str
    text: str


def mark_workbook(data: bytes, sheets: Sequence[Sheet], marks: Sequence[Mark]) -> bytes:
    """Return the table *data* (read as *sheets*) as xlsx with *marks* in it."""
    if data.startswith(b"PK\x03\x04") and _extent(sheets) <= _MOST_CELLS:
        try:
            if not _declares_entities(data):
                return _mark_own(data, marks)
        except Exception:  # noqa: S110 - openpyxl refuses many real files in many ways; the plain grid always works
            pass
    return _mark_grid(sheets, marks)


def _declares_entities(data: bytes) -> bool:
    """Whether a part of the archive has a document type, or an encoding that hides one: openpyxl never opens it."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.lower().endswith((".xml", ".rels", ".vml")):
                with archive.open(name) as part:
                    head = part.read(4_096).removeprefix(b"\xef\xbb\xbf").lstrip()
                if not head.startswith(b"<") or b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    return True
    return False


def _extent(sheets: Sequence[Sheet]) -> int:
    """Cells that openpyxl would make, those hidden inside merged ranges included."""
    cells = sum(len(row) for sheet in sheets for row in sheet.cells)
    merged = sum((r2 - r1 + 1) * (c2 - c1 + 1) for sheet in sheets for (r1, c1), (r2, c2) in sheet.merges)
    return cells + merged


def _by_cell(marks: Sequence[Mark]) -> dict[str, dict[tuple[int, int], str]]:
    """Return sheet → (row, column) from 1 → all that is said there."""
    texts: dict[str, dict[tuple[int, int], list[str]]] = defaultdict(lambda: defaultdict(list))
    for mark in [one for one in marks if one.row][:_MOST_MARKS]:
        texts[mark.sheet][mark.row, column_number(mark.column)].append(f"【{mark.weight}】{mark.text}")
    return {sheet: {cell: "\n".join(said) for cell, said in cells.items()} for sheet, cells in texts.items()}


def column_number(label: str) -> int:
    """Return the Excel number (from 1) of a column as problems show it; 1 when it names none."""
    match = _LABEL.match(label)
    number = 0
    for letter in match[1] if match else "A":
        number = number * 26 + ord(letter) - 64
    return number


def _mark_own(data: bytes, marks: Sequence[Mark]) -> bytes:
    book = load_workbook(BytesIO(data), keep_vba=False, keep_links=False)
    fill = PatternFill("solid", fgColor=_FILL)
    for name, cells in _by_cell(marks).items():
        page = book[name]
        areas = list(page.merged_cells.ranges)
        for (row, column), text in cells.items():
            at = next((one.coord.split(":")[0] for one in areas if _covers(one, row, column)), None)
            cell = page[at] if at else page.cell(row, column)
            cell.fill = fill
            cell.comment = Comment(_clean(text), _AUTHOR, height=120, width=320)
    page = book.create_sheet(_free_name(PROBLEM_SHEET, book.sheetnames))
    for number, width in enumerate(_WIDTHS):
        page.column_dimensions[chr(65 + number)].width = width
    for row, values in enumerate(_listing(marks), 1):
        for column, value in enumerate(values, 1):
            cell = page.cell(row, column, value)
            # Text that begins with = would be taken for a formula.
            cell.data_type = "n" if isinstance(value, int) else "s"
    page.freeze_panes = "A2"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _covers(area: Any, row: int, column: int) -> bool:
    """Only the first cell of a merged range can be marked."""
    return bool(area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col)


def _listing(marks: Sequence[Mark]) -> Iterator[tuple[str | int, ...]]:
    yield _HEADINGS
    for mark in marks:
        row: str | int = mark.row or ""
        yield _clean(mark.sheet), row, _clean(mark.column), mark.weight, _clean(mark.text)


def _mark_grid(sheets: Sequence[Sheet], marks: Sequence[Mark]) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    bad = book.add_format({"bg_color": f"#{_FILL}"})
    texts = _by_cell(marks)
    names: list[str] = []
    for sheet in sheets:
        name = _free_name(sheet.name, names)
        names.append(name)
        page = book.add_worksheet(name)
        said = texts.get(sheet.name[:100], {})
        for row, cells in enumerate(sheet.cells):
            for column, value in enumerate(cells):
                _write(page, row, column, value, bad if (row + 1, column + 1) in said else None)
        for (row, column), text in said.items():
            if row > len(sheet.cells) or column > len(sheet.cells[row - 1]):
                page.write_blank(row - 1, column - 1, None, bad)
            page.write_comment(row - 1, column - 1, _clean(text), {"author": _AUTHOR, "x_scale": 2})
    page = book.add_worksheet(_free_name(PROBLEM_SHEET, names))
    for row, values in enumerate(_listing(marks)):
        for column, value in enumerate(values):
            _write(page, row, column, value, None)
    for number, width in enumerate(_WIDTHS):
        page.set_column(number, number, width)
    page.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


def _write(page: Any, row: int, column: int, value: Cell, style: Any) -> None:
    """Write one cell as what it is; text stays text."""
    if value is None or value == "":
        if style is not None:
            page.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, (int, float)) and abs(value) < 1e300 and value == value:
        page.write_number(row, column, value, style)
    elif isinstance(value, (datetime, date, time, timedelta)):
        page.write_string(row, column, cell_text(value), style)
    else:
        page.write_string(row, column, _clean(cell_text(value)), style)


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)[:32_000]


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    """Return a sheet name that Excel accepts and the workbook does not have yet."""
    base = _FORBIDDEN_IN_NAME.sub(" ", wanted).strip()[:28] or "表"
    names = {name.lower() for name in taken}
    return next(name for name in (base, *(f"{base}{number}" for number in range(2, 200))) if name.lower() not in names)
