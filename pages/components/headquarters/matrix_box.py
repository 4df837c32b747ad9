"""县区 × 指挥部: each project stands in one cell; the margins are added up from projects, and every cell opens them."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.ledger import ProjectFilter
from core.domain.units import yuan_to_yi
from core.services.headquarters import Matrix, MatrixSums
from pages.components.headquarters import reads
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.page import Frame
from pages.components.project_query import write_filter
from pages.components.state import Key

_TOTAL = "合计"


def _rate(sums: MatrixSums) -> float | None:
    return float(Fraction(100 * sums.ytd_done_yuan, sums.annual_plan_yuan)) if sums.annual_plan_yuan else None


_VALUES: Mapping[str, tuple[Callable[[MatrixSums], Any], str]] = {
    "项目数": (lambda sums: sums.projects, "%d"),
    "年度计划（亿元）": (lambda sums: float(yuan_to_yi(sums.annual_plan_yuan)), "%.1f"),
    "累计完成（亿元）": (lambda sums: float(yuan_to_yi(sums.ytd_done_yuan)), "%.1f"),
    "完成率": (_rate, "%.1f%%"),
    "实时红黄旗项目": (lambda sums: sums.level_warn + sums.level_severe, "%d"),
}


def draw(frame: Frame) -> None:
    """Draw the matrix."""
    found = reads.matrix(frame)
    if not found.rows.total.projects:
        st.info("您的范围内还没有列入本年度的项目。导入台账并指定县区、指挥部后，这里显示交叉表。")
        return
    unit = st.segmented_control(
        "内容", list(_VALUES), default="项目数", required=True, label_visibility="collapsed",
        key=Key.HQ_MATRIX_UNIT.value,
    )  # fmt: skip
    st.caption("一个项目既在县区、又在指挥部，只计一次：合计由项目直接汇总，不由各格相加。点任意一格打开项目。")
    value, form = _VALUES[unit]
    table = table_of(found, value)
    picked = st.dataframe(
        table,
        key=Key.HQ_MATRIX.value,
        on_select="rerun",
        selection_mode="single-cell",
        hide_index=True,
        width="stretch",
        height=table_height(len(table)),
        row_height=ROW_PIXELS,
        column_config={
            "县区": st.column_config.TextColumn(pinned=True),
            **{name: st.column_config.NumberColumn(format=form) for name in table.columns[1:]},
        },
    )
    cells = picked["selection"]["cells"]
    if cells:
        st.switch_page("pages/project/ledger.py", query_params=write_filter(_filter(found, *cells[0])))


def table_of(found: Matrix, value: Callable[[MatrixSums], Any]) -> pd.DataFrame:
    """Return the table: 合计 first, then the counties; 合计 first, then the headquarters."""
    rows, nothing = found.rows, MatrixSums()
    table = []
    for county, name in ((None, _TOTAL), *found.counties):
        margin = rows.total if county is None else rows.counties[county]
        line: dict[str, Any] = {"县区": name, _TOTAL: value(margin)}
        for team, title in found.headquarters:
            sums = rows.headquarters[team] if county is None else rows.cells.get((county, team), nothing)
            line[title] = value(sums) if sums.projects else None
        table.append(line)
    return pd.DataFrame(table)


def _filter(found: Matrix, row: int, column: str) -> ProjectFilter:
    county = () if row == 0 else (found.counties[row - 1][0],)
    team = tuple(key for key, name in found.headquarters if name == column)
    return ProjectFilter(county_ids=county, headquarters_ids=team)
