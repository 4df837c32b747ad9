"""The ledger as the screen shows it, as a workbook to be printed: flags, 序时 and next node beside the money."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.flag_schemes import Scheme
from core.domain.terms import FlagLevel
from core.exporters.layout import Form, SheetColumn, SheetLayout, Value
from core.exporters.workbook import XLSX, build_workbook
from db.queries.projects import LedgerRow, LedgerTotals

__all__ = ["COLUMNS", "SHEET", "XLSX", "LedgerSheet", "build_ledger"]
SHEET = "项目台账"

COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn("序号", 6, Form.COUNT),
    SheetColumn("项目编号", 14),
    SheetColumn("项目代码", 26),
    SheetColumn("项目名称", 40),
    SheetColumn("县区", 12),
    SheetColumn("指挥部", 20),
    SheetColumn("责任单位", 20),
    SheetColumn("包保领导", 14),
    SheetColumn("级别", 7, Form.WORD),
    SheetColumn("类别", 12, Form.WORD),
    SheetColumn("年度类别", 10, Form.WORD),
    SheetColumn("状态", 8, Form.WORD),
    SheetColumn("总投资", 14, Form.WAN),
    SheetColumn("年度计划投资", 14, Form.WAN),
    SheetColumn("序时应完成", 14, Form.WAN),
    SheetColumn("本年累计完成", 14, Form.WAN),
    SheetColumn("年度完成率", 11, Form.RATIO),
    SheetColumn("与序时差（百分点）", 12, Form.PP),
    SheetColumn("督查旗色", 8, Form.WORD),
    SheetColumn("实时测算", 8, Form.WORD),
    SheetColumn("测算依据", 40),
    SheetColumn("下一节点", 18),
    SheetColumn("计划时间", 12, Form.DAY),
)
_TOTAL_AT = {column.heading: number for number, column in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """What is printed: *note* names filter, round, 口径 and as-of day under the title."""

    title: str
    note: str
    rows: Sequence[LedgerRow]
    totals: LedgerTotals
    scheme: Scheme


def build_ledger(sheet: LedgerSheet) -> bytes:
    """Return the workbook as bytes."""
    layout = SheetLayout(SHEET, sheet.title, COLUMNS, note=sheet.note, unit="单位：万元", frozen=4)
    rows = (_cells(number, row, sheet.scheme) for number, row in enumerate(sheet.rows, start=1))
    return build_workbook(layout, rows, _total_cells(sheet.totals))


def _cells(number: int, row: LedgerRow, scheme: Scheme) -> tuple[Value, ...]:
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
        row.total_investment_yuan,
        row.annual_plan_yuan or None,
        row.curve_due_yuan if row.annual_plan_yuan else None,
        row.ytd_done_yuan if row.year_class else None,
        row.ytd_done_yuan / row.annual_plan_yuan if row.annual_plan_yuan else None,
        row.gap_milli_pp / 1000 if row.gap_milli_pp is not None else None,
        _flag(row.record_flag, scheme) if row.record_flag else "",
        _flag(row.flag, scheme),
        "；".join(row.reasons),
        row.next_milestone,
        row.next_due_on,
    )


def _flag(level: FlagLevel, scheme: Scheme) -> str:
    mark = scheme.mark(level)
    return f"{mark.shape} {mark.word}" if mark.shape != mark.word else mark.word


def _total_cells(totals: LedgerTotals) -> tuple[Value, ...]:
    cells: list[Value] = [None] * len(COLUMNS)
    sums = totals.sums
    cells[_TOTAL_AT["项目名称"]] = f"合计 {sums['projects']} 项"
    for heading, code in (
        ("总投资", "total_investment_yuan"),
        ("年度计划投资", "annual_plan_yuan"),
        ("序时应完成", "curve_due_yuan"),
        ("本年累计完成", "ytd_done_yuan"),
    ):
        cells[_TOTAL_AT[heading]] = sums[code]
    plan = sums["annual_plan_yuan"]
    if plan:
        cells[_TOTAL_AT["年度完成率"]] = sums["ytd_done_yuan"] / plan
        cells[_TOTAL_AT["与序时差（百分点）"]] = 100 * (sums["ytd_done_yuan"] - sums["curve_due_yuan"]) / plan
    return tuple(cells)
