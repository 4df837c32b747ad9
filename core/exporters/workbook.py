"""A sheet in official layout: title, 单位, merged header, 合计 first, print titles, landscape, fit to width.

Rows are written one after the other and leave the memory at once, so 100 000 rows need no more of it than a hundred.
Text is written as text whatever it begins with: a name such as ``=1+1`` never becomes a formula or a link.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import xlsxwriter

from core.exporters.layout import Form, Paper, SheetColumn, SheetLayout, Value, shown_value
from core.exporters.schema import write_schema

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_PAPERS = {Paper.A3: 8, Paper.A4: 9}
_GRID = {"border": 1, "border_color": "#8c97a6", "valign": "vcenter", "font_name": "宋体", "font_size": 10}
_LONGEST = 32_767  # characters in one cell of an Excel sheet
_CENTRED = frozenset({Form.WORD, Form.COUNT, Form.DAY, Form.MONTH, Form.YES_NO, Form.PERCENT})
_NUMBERS = {
    Form.COUNT: "0",
    Form.RATIO: "0.0%",
    Form.PP: "+0.0;-0.0;0.0",
    Form.DAY: "yyyy-mm-dd",
    Form.NUMBER: "General",
}
# As many decimals as the amount has: whole 元 must stay visible, and whole 万元 need no zeros.
_DECIMALS = {0: "#,##0", 2: "#,##0.00", 4: "#,##0.0000"}

Formats = dict[str, Any]


def build_workbook(layout: SheetLayout, rows: Iterable[Sequence[Value]], total: Sequence[Value] | None = None) -> bytes:
    """
    Return the workbook as bytes.

    Args:
        rows: Values of each row in stored units, one per column.
        total: The 合计 row, printed above the others; None = none.
    """
    with TemporaryFile() as target:
        write_workbook(target, layout, rows, total)
        target.seek(0)
        return target.read()


def write_workbook(
    target: BinaryIO, layout: SheetLayout, rows: Iterable[Sequence[Value]], total: Sequence[Value] | None = None
) -> int:
    """Write the workbook to *target* and return the number of rows (合计 not counted)."""
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        return _write_sheet(book, _formats(book), Sheet(layout, rows, total))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its layout, its rows in stored units, its 合计 row."""

    layout: SheetLayout
    rows: Iterable[Sequence[Value]]
    total: Sequence[Value] | None = None


def build_sheets(sheets: Iterable[Sheet], created_at: datetime) -> bytes:
    """Return a workbook of several sheets; equal arguments give equal bytes."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"created": created_at})
        formats = _formats(book)
        for sheet in sheets:
            _write_sheet(book, formats, sheet)
    return target.getvalue()


def _write_sheet(book: Any, formats: Formats, sheet: Sheet) -> int:
    layout = sheet.layout
    page = book.add_worksheet(layout.sheet)
    _set_up_page(page, layout, is_totalled=sheet.total is not None)
    _write_head(page, layout, formats)
    last = layout.header_rows[1]
    if sheet.total is not None:
        last += 1
        _write_row(page, last, layout.columns, sheet.total, formats, bold=True)
    count = 0
    for count, row in enumerate(sheet.rows, start=1):
        _write_row(page, last + count, layout.columns, row, formats)
    page.print_area(0, 0, last + count, len(layout.columns) - 1)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + count + 1}"})
    if layout.kind:
        write_schema(book, layout)
    return count


def _formats(book: Any) -> Formats:
    kinds: dict[str, dict[str, Any]] = {}
    for form in Form:
        looks: dict[str, Any] = {**_GRID}
        if form in _CENTRED:
            looks["align"] = "center"
        if form is Form.TEXT:
            looks["text_wrap"] = True
        if form in _NUMBERS:
            looks["num_format"] = _NUMBERS[form]
        kinds[form.value] = looks
    kinds |= {f"amount{digits}": {**_GRID, "num_format": shown} for digits, shown in _DECIMALS.items()}
    made = {name: book.add_format(looks) for name, looks in kinds.items()}
    made |= {f"{name}_bold": book.add_format({**looks, "bold": True}) for name, looks in kinds.items()}
    made["title"] = book.add_format(
        {"bold": True, "font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"}
    )
    made["note"] = book.add_format({"font_name": "宋体", "font_size": 10, "font_color": "#5a6676"})
    made["unit"] = book.add_format({"font_name": "宋体", "font_size": 10, "align": "right"})
    made["header"] = book.add_format(
        {**_GRID, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#e8eef6", "font_name": "黑体"}
    )
    return made


def _set_up_page(page: Any, layout: SheetLayout, *, is_totalled: bool) -> None:
    first, last = layout.header_rows
    for number, column in enumerate(layout.columns):
        page.set_column(number, number, column.width)
    page.freeze_panes(last + 1 + is_totalled, layout.frozen)
    page.set_landscape()
    page.set_paper(_PAPERS[layout.paper])
    page.fit_to_pages(1, 0)
    page.repeat_rows(first, last)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_footer("&C第 &P 页　共 &N 页")


def _write_head(page: Any, layout: SheetLayout, formats: Formats) -> None:
    columns = layout.columns
    last = len(columns) - 1
    page.set_row(0, 34)
    _write_wide(page, 0, 0, last, layout.title, formats["title"])
    split = max(last - 2, 1)
    _write_wide(page, 1, 0, split - 1, layout.note, formats["note"])
    _write_wide(page, 1, split, last, layout.unit, formats["unit"])
    first, leaf_row = layout.header_rows
    look = formats["header"]
    if first != leaf_row:
        page.set_row(first, 20)
        for number, column in enumerate(columns):
            page.write_string(first, number, column.parent or column.heading, look)
    page.set_row(leaf_row, 32)
    for number, column in enumerate(columns):
        page.write_string(leaf_row, number, column.heading if column.parent or first == leaf_row else "", look)
    _merge_header(page, layout)


def _merge_header(page: Any, layout: SheetLayout) -> None:
    """
    Merge parents over their columns, and headings without a parent over both rows.

    The merges go into the sheet's list: ``merge_range`` would write the cells of two rows in turn, and rows that are
    not kept in memory can only be written from top to bottom.
    """
    first, last = layout.header_rows
    if first == last:
        return
    page.merge.extend([first, start, first, end] for _, start, end in layout.parents() if start < end)
    page.merge.extend([first, n, last, n] for n, column in enumerate(layout.columns) if not column.parent)


def _write_wide(page: Any, row: int, first: int, last: int, text: str, look: Any) -> None:
    """Write one text over the columns *first*..*last*."""
    if first < last:
        page.merge_range(row, first, row, last, text, look)
    else:
        page.write_string(row, first, text, look)


def _write_row(
    page: Any, at: int, columns: Sequence[SheetColumn], row: Sequence[Value], formats: Formats, *, bold: bool = False
) -> None:
    ending = "_bold" if bold else ""
    for number, (value, column) in enumerate(zip(row, columns, strict=True)):
        shown = shown_value(value, column.form)
        if shown is None:
            page.write_blank(at, number, None, formats[column.form.value + ending])
        elif isinstance(shown, str):
            # A longer text cannot be held by the file format; it is cut where every reader would cut it.
            page.write_string(at, number, shown[:_LONGEST], formats[column.form.value + ending])
        elif isinstance(shown, date):
            page.write_datetime(at, number, shown, formats[column.form.value + ending])
        else:
            page.write_number(at, number, shown, formats[_number_look(shown, column.form) + ending])


def _number_look(shown: float | Decimal, form: Form) -> str:
    if form not in (Form.WAN, Form.MU, Form.HA) or not isinstance(shown, Decimal):
        return form.value
    digits = next(digits for digits in _DECIMALS if digits == 4 or shown == round(shown, digits))
    return f"amount{digits}"
