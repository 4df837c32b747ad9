"""The board: every headquarters with progress, flags, problems and set-up; a row opens it."""

from typing import Any

import pandas as pd
import streamlit as st

from core.domain.units import NOTHING, format_pp, format_yi
from core.services.headquarters import Board, BoardCard
from pages.components.headquarters import reads, words
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.page import Frame
from pages.components.state import Key


def draw(frame: Frame) -> None:
    """Draw the board."""
    found = reads.board(frame)
    if not found.cards:
        st.info("还没有分指挥部。点“新建指挥部”填写名称即可成立，系统按组建清单排出各项期限。")
        return
    st.caption(f"共 {len(found.cards)} 个指挥部；{found.flags_by}；投资 {found.version.month.span_label}。点一行打开。")
    picked = st.dataframe(
        table_of(found),
        key=Key.HQ_TABLE.value,
        on_select="rerun",
        selection_mode="single-cell",
        hide_index=True,
        width="stretch",
        height=table_height(len(found.cards)),
        row_height=ROW_PIXELS,
        column_config=_columns(),
    )
    cells = picked["selection"]["cells"]
    if cells and cells[0][0] < len(found.cards):
        st.query_params["id"] = str(found.cards[cells[0][0]].row.id)
        st.rerun()


def table_of(found: Board) -> pd.DataFrame:
    """Return the board as a table."""
    return pd.DataFrame([_cells(card) for card in found.cards])


def _cells(card: BoardCard) -> dict[str, Any]:
    line, progress, problems = card.line, card.line.progress, card.problems
    ratio = progress.done_ratio
    late = f"（逾期 {problems.overdue}）" if problems.overdue else ""
    return {
        "指挥部": card.row.name,
        "指挥长": card.commander or NOTHING,
        "项目": line.projects,
        "完成/计划": f"{format_yi(progress.done_yuan)} / {format_yi(progress.plan_yuan)}",
        "完成率": None if ratio is None else float(ratio * 100),
        "序时差": format_pp(progress.gap_pp),
        "旗色": words.flag_line(line.levels),
        "逾期节点": line.milestones_overdue,
        "未办结问题": f"{problems.total}{late}",
        "组建": words.set_up(card.set_up),
        "报送": f"■ 逾期 {card.reports_overdue}" if card.reports_overdue else NOTHING,
    }


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "完成/计划": text("完成/计划（亿元）", alignment="right"),
        "完成率": st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100, width="small"),
        "序时差": text("序时差（百分点）", alignment="right"),
    }
