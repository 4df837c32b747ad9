"""The ledger as a workbook that can be printed: title, unit, header, 合计 first, landscape A3."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from core.domain.flag_schemes import Scheme
from core.domain.units import YUAN_PER_WAN
from db.queries.projects import LedgerRow, LedgerTotals

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "项目台账"
HEADER_ROW = 2
A3 = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, width in characters, cell format."""

    heading: str
    width: int
    kind: str = "text"


COLUMNS: tuple[Column, ...] = (
    Column("序号", 6, "count"),
    Column("项目编号", 14),
    Column("项目代码", 26),
    Column("项目名称", 40),
    Column("县区", 12),
    Column("指挥部", 20),
    Column("责任单位", 20),
    Column("包保领导", 14),
    Column("级别", 7, "word"),
    Column("类别", 12, "word"),
    Column("年度类别", 10, "word"),
    Column("状态", 8, "word"),
    Column("总投资", 14, "wan"),
    Column("年度计划投资", 14, "wan"),
    Column("序时应完成", 14, "wan"),
    Column("本年累计完成", 14, "wan"),
    Column("年度完成率", 11, "ratio"),
    Column("与序时差（百分点）", 12, "pp"),
    Column("旗色", 8, "word"),
    Column("旗色依据", 40),
    Column("下一节点", 18),
    Column("计划时间", 12, "day"),
)
_TOTAL_AT = {name: number for number, name in enumerate(column.heading for column in COLUMNS)}


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """What is printed: *note* names filter, 口径 and as-of day under the title."""

    title: str
    note: str
    rows: Sequence[LedgerRow]
    totals: LedgerTotals
    scheme: Scheme


def build_ledger(sheet: LedgerSheet) -> bytes:
    """
    Return the workbook as bytes.

    Text is written as text whatever it begins with, so that a name such as ``=1+1`` never becomes a formula.
    """
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        formats = _formats(book)
        page = book.add_worksheet(SHEET)
        last = len(COLUMNS) - 1
        page.merge_range(0, 0, 0, last, sheet.title, formats["title"])
        page.merge_range(1, 0, 1, last - 3, sheet.note, formats["note"])
        page.merge_range(1, last - 2, 1, last, "单位：万元", formats["unit"])
        page.set_row(0, 34)
        for number, column in enumerate(COLUMNS):
            page.set_column(number, number, column.width)
            page.write_string(HEADER_ROW, number, column.heading, formats["header"])
        page.set_row(HEADER_ROW, 32)
        _write(page, HEADER_ROW + 1, _total_cells(sheet.totals), formats, bold=True)
        for number, row in enumerate(sheet.rows, start=1):
            _write(page, HEADER_ROW + 1 + number, _cells(number, row, sheet.scheme), formats)
        _set_up_page(page, HEADER_ROW + 1 + len(sheet.rows), last)
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    grid = {"border": 1, "border_color": "#8c97a6", "valign": "vcenter", "font_name": "宋体", "font_size": 10}
    numbers = {"wan": "#,##0", "ratio": "0.0%", "pp": "+0.0;-0.0;0.0", "day": "yyyy-mm-dd", "count": "0"}
    kinds: dict[str, dict[str, Any]] = {
        "text": {**grid, "text_wrap": True},
        "word": {**grid, "align": "center"},
        **{kind: {**grid, "num_format": form} for kind, form in numbers.items()},
    }
    kinds["count"]["align"] = kinds["day"]["align"] = "center"
    made = {kind: book.add_format(values) for kind, values in kinds.items()}
    made |= {f"{kind}_bold": book.add_format({**values, "bold": True}) for kind, values in kinds.items()}
    made["title"] = book.add_format(
        {"bold": True, "font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"}
    )
    made["note"] = book.add_format({"font_name": "宋体", "font_size": 10, "font_color": "#5a6676"})
    made["unit"] = book.add_format({"font_name": "宋体", "font_size": 10, "align": "right"})
    made["header"] = book.add_format(
        {**grid, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#e8eef6", "font_name": "黑体"}
    )
    return made


def _cells(number: int, row: LedgerRow, scheme: Scheme) -> tuple[object, ...]:
    mark = scheme.mark(row.flag)
    return (
        number,
        row.code,
        row.national_code,
        row.name,
        row.county_name,
        row.headquarters_name,
        row.unit_name,
        row.sponsors,
        row.level.label,
        row.category,
        row.year_class.label if row.year_class else "未列入",
        row.stage.label,
        row.total_investment_yuan / YUAN_PER_WAN,
        row.annual_plan_yuan / YUAN_PER_WAN if row.annual_plan_yuan else None,
        row.curve_due_yuan / YUAN_PER_WAN if row.annual_plan_yuan else None,
        row.ytd_done_yuan / YUAN_PER_WAN if row.year_class else None,
        row.ytd_done_yuan / row.annual_plan_yuan if row.annual_plan_yuan else None,
        row.gap_milli_pp / 1000 if row.gap_milli_pp is not None else None,
        f"{mark.shape} {mark.word}" if mark.shape != mark.word else mark.word,
        "；".join(row.reasons),
        row.next_milestone,
        row.next_due_on,
    )


def _total_cells(totals: LedgerTotals) -> tuple[object, ...]:
    cells: list[object] = [None] * len(COLUMNS)
    sums = totals.sums
    cells[_TOTAL_AT["项目名称"]] = f"合计 {sums['projects']} 项"
    for heading, code in (
        ("总投资", "total_investment_yuan"),
        ("年度计划投资", "annual_plan_yuan"),
        ("序时应完成", "curve_due_yuan"),
        ("本年累计完成", "ytd_done_yuan"),
    ):
        cells[_TOTAL_AT[heading]] = sums[code] / YUAN_PER_WAN
    plan = sums["annual_plan_yuan"]
    if plan:
        cells[_TOTAL_AT["年度完成率"]] = sums["ytd_done_yuan"] / plan
        cells[_TOTAL_AT["与序时差（百分点）"]] = 100 * (sums["ytd_done_yuan"] - sums["curve_due_yuan"]) / plan
    return tuple(cells)


def _write(page: Any, at: int, cells: tuple[object, ...], formats: dict[str, Any], *, bold: bool = False) -> None:
    for number, (cell, column) in enumerate(zip(cells, COLUMNS, strict=True)):
        form = formats[f"{column.kind}_bold" if bold else column.kind]
        if cell is None or cell == "":
            page.write_blank(at, number, None, form)
        elif isinstance(cell, date):
            page.write_datetime(at, number, cell, form)
        elif isinstance(cell, int | float):
            page.write_number(at, number, cell, form)
        else:
            page.write_string(at, number, str(cell), form)


def _set_up_page(page: Any, last_row: int, last_column: int) -> None:
    page.freeze_panes(HEADER_ROW + 2, 4)
    page.set_landscape()
    page.set_paper(A3)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER_ROW)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_footer("&C第 &P 页　共 &N 页")
    page.print_area(0, 0, last_row, last_column)
