"""An empty sheet that people fill in and bring back: headings the importer knows, drop-downs, help, hidden schema."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from core.exporters.layout import SheetLayout
from core.exporters.schema import write_schema
from core.importers.sheet import column_letter

_ROWS = 1_000
HELP_SHEET = "填写说明"
_COMMON_HELP = (
    "带 * 的列必填，其余可留空。留空表示“没有说”，不会清除系统中已有的数据。",
    "数额按表头单位填数字；单位不同的单元格请连单位一起填写，例如 1.2亿元。",
    "日期写成 2026-06-30、2026年6月 或 2026.06。",
    "表头可以调换次序；标题行和单位行请保留。右侧各列是下拉选项的来源，请勿删改。",
)


def build_template(layout: SheetLayout, help_lines: Sequence[str]) -> bytes:
    """
    Return the template workbook.

    Args:
        layout: Columns with ``choices`` get a drop-down; ``kind`` goes into the schema sheet.
        help_lines: What is peculiar to this kind, one line each.
    """
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(layout.sheet)
        _write_head(book, page, layout)
        guide = book.add_worksheet(HELP_SHEET)
        guide.set_column(0, 0, 100)
        for row, line in enumerate((*help_lines, *_COMMON_HELP)):
            guide.write_string(row, 0, line)
        _offer_choices(page, guide, layout)
        write_schema(book, layout)
    return target.getvalue()


def _write_head(book: Any, page: Any, layout: SheetLayout) -> None:
    title = book.add_format({"bold": True, "font_size": 16})
    look = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
    head, needed = book.add_format(look), book.add_format({**look, "bg_color": "#fff2cc"})
    page.write_string(0, 0, layout.title, title)
    page.write_string(1, 0, layout.unit)
    upper, lower = layout.header_rows
    for number, column in enumerate(layout.columns):
        page.set_column(number, number, column.width)
        form = needed if column.heading.startswith("*") else head
        if column.parent or upper == lower:
            page.write_string(lower, number, column.heading, form)
        else:
            page.merge_range(upper, number, lower, number, column.heading, form)
    for parent, start, end in layout.parents():
        if start < end:
            page.merge_range(upper, start, upper, end, parent, head)
        else:
            page.write_string(upper, start, parent, head)
    page.set_row(lower, 36)
    page.freeze_panes(lower + 1, layout.frozen)


def _offer_choices(page: Any, guide: Any, layout: SheetLayout) -> None:
    first = layout.header_rows[1] + 1
    offered = [(number, column) for number, column in enumerate(layout.columns) if column.choices]
    for place, (number, column) in enumerate(offered, start=2):
        guide.write_string(0, place, column.heading.lstrip("*"))
        guide.write_column(1, place, column.choices)
        letter = column_letter(place)
        source = f"='{HELP_SHEET}'!${letter}$2:${letter}${len(column.choices) + 1}"
        page.data_validation(
            first, number, first + _ROWS, number, {"validate": "list", "source": source, "error_type": "warning"}
        )
