"""The flags of a round as a paged table with reasons; a click on a row opens its subject."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.services.rounds import DecisionFilter, DecisionRow, RoundView
from pages.components import state, theme
from pages.components.layout import PAGES_WIDTH, ROW_PIXELS, table_height
from pages.components.page import Frame
from pages.components.state import Key
from pages.components.supervision import reads, words
from pages.components.supervision.board import open_subject

ROWS = 50


def draw(frame: Frame, view: RoundView, wanted: DecisionFilter) -> None:
    """Draw one page of the flags that match."""
    row = view.row
    number = state.get(Key.ROUND_PAGE) or 1
    found = reads.flags(frame, row.id, replace(wanted, limit=ROWS, offset=(number - 1) * ROWS))
    if not found.rows and number > 1:
        state.take(Key.ROUND_PAGE)
        found = reads.flags(frame, row.id, replace(wanted, limit=ROWS, offset=0))
        number = 1
    if not found.rows:
        st.info("没有符合条件的对象。请放宽筛选条件。")
        return
    table = pd.DataFrame(
        [_cells(item, is_first=view.previous is None) for item in found.rows], columns=list(_columns())
    )
    event = st.dataframe(
        table.style.apply(_paint, axis=1, rows=found.rows),
        key=state.variant(Key.ROUND_TABLE, row.id, state.get(Key.ROUND_CLICKS, 0)),
        on_select="rerun",
        selection_mode="single-cell",
        hide_index=True,
        height=table_height(len(table)),
        row_height=ROW_PIXELS,
        column_config=_columns(),
    )
    cells = event["selection"]["cells"]
    if cells and cells[0][0] < len(found.rows):
        open_subject(found.rows[cells[0][0]], found.rows)
        # Another key is a fresh table without the selection, or the drawer would open again at each run.
        state.put(Key.ROUND_CLICKS, state.get(Key.ROUND_CLICKS, 0) + 1)
    with st.container(horizontal=True, vertical_alignment="center"):
        first = (number - 1) * ROWS
        st.caption(f"第 {first + 1}—{first + len(found.rows)} 行，共 {found.total} 行。点击一行查看依据、调整旗色。")
        st.space("stretch")
        if found.total > ROWS:
            st.pagination(-(-found.total // ROWS), key=Key.ROUND_PAGE.value, width=PAGES_WIDTH)


def _cells(item: DecisionRow, *, is_first: bool) -> tuple[Any, ...]:
    facts = item.facts
    return (
        words.text(item.level),
        item.name,
        "" if is_first else words.change(item.previous_level, item.level),
        words.streak(item.streak),
        "；".join(item.reasons),
        item.gap_milli_pp / 1000 if item.gap_milli_pp is not None else None,
        facts.county,
        facts.headquarters,
        facts.unit,
        item.override_status.label if item.override_status else "",
        words.text(item.computed_level) if item.computed_level is not item.level else "",
        facts.code,
    )


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "旗色": column.TextColumn(width=76),
        "对象": column.TextColumn(width=240),
        "变化": column.TextColumn(width=130),
        "连续": column.TextColumn(width=80, help="连续红黄旗的轮数，含本轮"),
        "依据": column.TextColumn(width=380),
        "序时差": column.NumberColumn(format="%+.1f", width=70, help="完成率减序时，百分点；负数为落后"),
        "县区": column.TextColumn(width=84),
        "指挥部": column.TextColumn(width=150),
        "责任单位": column.TextColumn(width=140),
        "人工调整": column.TextColumn(width=80),
        "测算旗色": column.TextColumn(width=80, help="与最终旗色不同时显示"),
        "编号": column.TextColumn(width=110),
    }


def _paint(cells: "pd.Series[Any]", rows: tuple[DecisionRow, ...]) -> list[str]:
    colour = theme.flag_mark(rows[int(str(cells.name))].level).colour.word
    return [f"color: {colour}" if name == "旗色" else "" for name in cells.index]
