"""The ledger on the screen: totals, origin of the list, and the table of one page."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.ledger import ProjectFilter
from core.domain.schedule import gap_wording
from core.domain.terms import FlagLevel
from core.domain.units import format_mu, format_number, format_pct, format_wan, format_yi, yuan_to_yi
from core.services.figures import Version
from core.services.projects import FigureOrigin, LedgerPage, LedgerRow, LedgerTotals
from pages.components import markup, theme
from pages.components.project_query import ledger_address
from pages.components.state import Key

_SHOWN_LEVELS = (FlagLevel.OK, FlagLevel.NOTICE, FlagLevel.WARN, FlagLevel.SEVERE, FlagLevel.NO_DATA, FlagLevel.EXEMPT)
ROW_PIXELS = 35
MAX_PIXELS = 20 * ROW_PIXELS + 3


@dataclass(frozen=True, slots=True)
class FlagCount:
    """How many projects of the list have a mark, and the address that lists them."""

    mark: theme.FlagMark
    count: int
    title: str
    address: str


def draw_totals(totals: LedgerTotals, wanted: ProjectFilter) -> None:
    """Draw the sums of everything that matches; every flag count opens its list."""
    sums = totals.sums
    plan, done, due = sums["annual_plan_yuan"], sums["ytd_done_yuan"], sums["curve_due_yuan"]
    gap = Fraction(100 * (done - due), plan) if plan else None
    markup.show(
        "project/totals.html",
        projects=f"{sums['projects']:,}",
        total=format_yi(sums["total_investment_yuan"]),
        plan=format_yi(plan),
        done=format_yi(done),
        due=format_yi(due),
        completion=format_pct(Fraction(done, plan) if plan else None),
        gap=gap_wording(gap) if plan else "",
        is_behind=gap is not None and gap < 0,
        flags=_flag_counts(sums, wanted),
    )


def _flag_counts(sums: dict[str, int], wanted: ProjectFilter) -> list[FlagCount]:
    """Return one count per mark; levels that share a mark (正常、提示 are both green) are added up."""
    found: dict[str, FlagCount] = {}
    levels: dict[str, tuple[FlagLevel, ...]] = {}
    for level in _SHOWN_LEVELS:
        mark = found[word].mark if (word := theme.flag_mark(level).word) in found else theme.flag_mark(level)
        levels[mark.word] = (*levels.get(mark.word, ()), level)
        count = sums[f"level_{level.value}"] + (found[mark.word].count if mark.word in found else 0)
        title = "、".join(item.label for item in levels[mark.word])
        address = ledger_address(replace(wanted, flags=levels[mark.word]))
        found[mark.word] = FlagCount(mark, count, f"{title}：{count} 项", address)
    main = (FlagLevel.OK, FlagLevel.WARN, FlagLevel.SEVERE)
    return [item for item in found.values() if item.count or item.mark.level in main]


def draw_origin(origin: FigureOrigin, version: Version) -> None:
    """Draw which figure the list was opened from: value, rates it enters, 口径, as-of point."""
    rates = [
        {
            "side": f"位于{item.side}",
            "label": item.rate.label,
            "text": item.rate.text(),
            "numerator": " ".join(_shown(item.rate.numerator, item.numerator_unit)),
            "denominator": " ".join(_shown(item.rate.denominator, item.denominator_unit)),
            "basis": item.rate.basis,
        }
        for item in origin.rates[:4]
    ]
    value, unit = _shown(origin.value, origin.measure.unit)
    markup.show(
        "project/origin.html",
        label=origin.measure.label,
        value=value,
        unit=unit,
        rates=rates,
        as_of=f"按 {origin.projects} 项计算，下表列出其中该指标大于 0 的项目；数据截至 {version.on:%Y-%m-%d}，"
        f"投资统计期 {version.month.span_label}",
    )


def _shown(value: int, unit: str) -> tuple[str, str]:
    if unit == "元":
        return format_wan(value), "万元"
    if unit == "㎡":
        return format_mu(value, 1), "亩"
    return f"{value:,}", unit


def draw_rows(page: LedgerPage) -> int | None:
    """Draw the table of *page*; return the id of the project that was chosen in it."""
    frame = table_of(page.rows)
    event = st.dataframe(
        frame.style.apply(_paint, axis=1, rows=page.rows),
        key=Key.LEDGER_TABLE.value,
        on_select="rerun",
        selection_mode="single-cell",
        hide_index=True,
        height=min(MAX_PIXELS, (len(frame) + 1) * ROW_PIXELS + 3),
        row_height=ROW_PIXELS,
        column_config=_columns(),
    )
    cells = event["selection"]["cells"]
    return page.rows[cells[0][0]].id if cells and cells[0][0] < len(page.rows) else None


def table_of(rows: tuple[LedgerRow, ...]) -> pd.DataFrame:
    """Return the rows as they are shown: 亿元, %, 百分点; None where there is no figure."""
    return pd.DataFrame([_cells(row) for row in rows], columns=list(_columns()))


def _cells(row: LedgerRow) -> tuple[Any, ...]:
    plan = row.annual_plan_yuan
    return (
        theme.flag_mark(row.record_flag).text if row.record_flag else "",
        theme.flag_mark(row.flag).text,
        row.name,
        row.county_name,
        row.stage.label,
        _yi(row.total_investment_yuan),
        _yi(plan) if plan else None,
        _yi(row.curve_due_yuan) if plan else None,
        _yi(row.ytd_done_yuan) if row.year_class else None,
        100 * row.ytd_done_yuan / plan if plan else None,
        row.gap_milli_pp / 1000 if row.gap_milli_pp is not None else None,
        row.next_milestone or "",
        row.next_due_on,
        row.headquarters_name or "",
        row.unit_name or "",
        row.sponsors,
        row.year_class.label if row.year_class else "未列入",
        row.category,
        row.code,
        "；".join(row.reasons),
    )


def _yi(yuan: int) -> float:
    return float(yuan_to_yi(yuan))


def _columns() -> dict[str, Any]:
    column = st.column_config
    money = {"format": "%.2f", "width": 82}
    return {
        "督查旗色": column.TextColumn(width=74, help="最近一次发布的督查轮次中的旗色；空白为未参评"),
        "实时测算": column.TextColumn(width=74, help="按现行督查规则实时测算"),
        "项目名称": column.TextColumn(width=236),
        "县区": column.TextColumn(width=84),
        "状态": column.TextColumn(width=54),
        "总投资（亿）": column.NumberColumn(**money),
        "年计划（亿）": column.NumberColumn(**money),
        "序时应完成": column.NumberColumn(**money, help="按月度计划累计；无月度计划的按年度计划 N/12"),
        "累计完成": column.NumberColumn(**money),
        "年度完成率": column.ProgressColumn(format="%.1f%%", min_value=0, max_value=100, width=122),
        "序时差": column.NumberColumn(format="%+.1f", width=70, help="完成率减序时，百分点；负数为落后"),
        "下一节点": column.TextColumn(width=112),
        "计划时间": column.DateColumn(format="YYYY-MM-DD", width=96),
        "指挥部": column.TextColumn(width=170),
        "责任单位": column.TextColumn(width=150),
        "包保领导": column.TextColumn(width=110),
        "年度类别": column.TextColumn(width=84),
        "类别": column.TextColumn(width=84),
        "项目编号": column.TextColumn(width=110),
        "旗色依据": column.TextColumn(width=320),
    }


def _paint(cells: "pd.Series[Any]", rows: tuple[LedgerRow, ...]) -> list[str]:
    row = rows[int(str(cells.name))]
    gap = cells["序时差"]
    late = f"color: {theme.DESK.alert}" if isinstance(gap, float | Decimal) and gap < 0 else ""
    styles = {"督查旗色": _colour(row.record_flag), "实时测算": _colour(row.flag), "序时差": late}
    return [styles.get(str(name), "") for name in cells.index]


def _colour(level: FlagLevel | None) -> str:
    return f"color: {theme.flag_mark(level).colour.word}" if level else ""


def page_note(page: LedgerPage, size: int) -> str:
    """Return which rows are shown and of how many."""
    first = (page.number - 1) * size + 1
    rows = format_number(page.totals.rows, 0)
    return f"第 {first}—{first + len(page.rows) - 1} 行，共 {rows} 行"
