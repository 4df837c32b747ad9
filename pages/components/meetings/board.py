"""The list of meetings: those to come and those that were held, with how far their decisions have come."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.services import meetings
from core.services.meetings import MeetingCard
from pages.components import state
from pages.components.layout import PAGES_WIDTH, ROW_PIXELS, table_height
from pages.components.meetings import words
from pages.components.page import Frame
from pages.components.state import Key

_COLUMNS = ["会期", "会议", "范围", "类型", "状态", "议题", "已议", "议定", "已落实", "逾期", "主持人"]


def draw_upcoming(frame: Frame) -> None:
    """Draw the meetings that are not closed."""
    cards = meetings.upcoming(frame.actor)
    if cards:
        _draw_table(cards, "upcoming")
    else:
        st.info("没有待开的会议。新建会议时，系统按规则生成议题：上次未落实的议定事项、红旗、逾期、提级、未开工等。")


def draw_held(frame: Frame) -> None:
    """Draw the meetings that were held."""
    number = int(state.get(Key.MEETING_PAGE) or 1)
    found = meetings.held(frame.actor, number)
    if not found.total:
        st.info("还没有开过的会议。会议结束后，纪要和议定事项的落实情况在这里查看。")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"共 {found.total} 次会议；点选一行打开。")
        pages = -(-found.total // meetings.PAGE_SIZE)
        if pages > 1:
            st.pagination(pages, key=Key.MEETING_PAGE.value, width=PAGES_WIDTH)
    _draw_table(found.cards, f"held{found.number}")


def _draw_table(cards: Sequence[MeetingCard], name: str) -> None:
    picked = st.dataframe(
        pd.DataFrame([_cells(card) for card in cards], columns=_COLUMNS),
        hide_index=True,
        width="stretch",
        height=table_height(len(cards)),
        row_height=ROW_PIXELS,
        column_config={"会议": st.column_config.TextColumn(width="large")},
        on_select="rerun",
        selection_mode="single-row",
        key=state.variant(Key.MEETING_TABLE, name),
    )
    chosen = picked["selection"]["rows"]
    if chosen and chosen[0] < len(cards):
        st.session_state.pop(state.variant(Key.MEETING_TABLE, name), None)
        st.query_params.from_dict({"id": str(cards[chosen[0]].row.id)})
        st.rerun()


def _cells(card: MeetingCard) -> tuple[object, ...]:
    row, counts = card.row, card.counts
    return (
        words.when(row),
        row.title,
        words.body(row),
        row.kind.label,
        row.status.label,
        counts.items,
        counts.discussed,
        counts.decisions,
        counts.done,
        counts.overdue,
        row.chair,
    )
