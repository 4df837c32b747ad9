"""议程: the items of a meeting with the reason of each; added, moved and taken off by hand before it is closed."""

import pandas as pd
import streamlit as st

from core.domain.meetings import MeetingStatus
from core.services import meetings
from core.services.meetings import ItemRow, MeetingView
from pages.components import state
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.meetings import words
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

_COLUMNS = ["序号", "议题", "来源", "列入理由", "状态", "议定"]


def draw(frame: Frame, view: MeetingView) -> None:
    """Draw the agenda, and below it what may be done with the chosen item."""
    if not view.items:
        st.info("还没有议题。可按规则生成，也可手工添加。")
    rows = [
        (
            number,
            item.title,
            words.topic(item.topic),
            item.reason,
            item.state.label,
            len(view.decisions_of(item.id)),
        )
        for number, item in enumerate(view.items, start=1)
    ]
    picked = st.dataframe(
        pd.DataFrame(rows, columns=_COLUMNS),
        hide_index=True,
        width="stretch",
        height=table_height(len(rows)),
        row_height=ROW_PIXELS,
        column_config={
            "序号": st.column_config.NumberColumn(width=50),
            "议题": st.column_config.TextColumn(width=320),
            "来源": st.column_config.TextColumn(width=110),
            "列入理由": st.column_config.TextColumn(width=520),
        },
        on_select="rerun",
        selection_mode="single-row",
        key=state.variant(Key.MEETING_AGENDA, view.row.id),
    )
    chosen = [place for place in picked["selection"]["rows"] if place < len(view.items)]
    if chosen:
        _draw_chosen(frame, view, chosen[0])
    elif view.items:
        st.caption("点选一行查看理由全文、调整次序、撤下，或从该项开始会议。")
    if view.may_run:
        _draw_adding(frame, view)


def _draw_chosen(frame: Frame, view: MeetingView, place: int) -> None:
    item = view.items[place]
    st.markdown(f"**{place + 1}. {plain(item.title)}**　{plain(item.reason or '—')}")
    if item.discussion:
        st.caption(plain(f"讨论情况：{item.discussion}"))
    with st.container(horizontal=True):
        if item.project_id is not None:
            st.link_button("项目详情", f"/project?id={item.project_id}")
        if st.button("到大屏的这一项"):
            st.switch_page(words.ROOM, query_params=words.query(view.row.id, place + 1))
        if view.may_run and view.row.status is MeetingStatus.DRAFT:
            ids = [one.id for one in view.items]
            _mover(frame, view, "上移", ids, place, place - 1)
            _mover(frame, view, "下移", ids, place, place + 1)
            _mover(frame, view, "移到最前", ids, place, 0)
        if view.may_run and st.button("撤下"):
            _take_off(frame, item)


def _mover(frame: Frame, view: MeetingView, label: str, ids: list[int], place: int, target: int) -> None:
    if st.button(label, disabled=place == target or not 0 <= target < len(ids)):
        order = [*ids[:place], *ids[place + 1 :]]
        order.insert(target, ids[place])
        with telling():
            meetings.reorder(frame.actor, view.row.id, order)
            st.session_state.pop(state.variant(Key.MEETING_AGENDA, view.row.id), None)
            st.rerun()


def _take_off(frame: Frame, item: ItemRow) -> None:
    with telling():
        meetings.remove(frame.actor, item.id, item.version)
        notify(f"已撤下“{item.title}”。")
        st.rerun()


def _draw_adding(frame: Frame, view: MeetingView) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.popover("添加议题"):
            _draw_form(frame, view)
        if st.button("按规则补充", help="把规则今天找到、议程中还没有的补在后面；撤下的不再列入"):
            with telling():
                count = meetings.refresh(frame.actor, view.row.id)
                notify(f"已补充 {count} 项议题。" if count else "没有需要补充的议题。")
                st.rerun()


def _draw_form(frame: Frame, view: MeetingView) -> None:
    with st.form(state.variant(Key.MEETING_ADD, view.row.id, len(view.items)), border=False):
        title = st.text_input("议题", max_chars=200)
        project = st.text_input("关于项目（可空）", max_chars=200, placeholder="项目编号或完整名称")
        reason = st.text_area("列入理由（可空）", max_chars=1000, height=80)
        sent = st.form_submit_button("添加", type="primary")
    if sent:
        with telling():
            meetings.add_topic(frame.actor, view.row.id, title, reason, project)
            notify("议题已添加。")
            st.rerun()
