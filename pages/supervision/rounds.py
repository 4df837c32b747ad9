"""督查轮次: choose or make a round, look at its flags as board or table, override, review, publish."""

import streamlit as st

from core.domain.permissions import Permission
from core.services.rounds import RoundRow, RoundView
from pages.components import markup, state
from pages.components.page import Frame, page
from pages.components.state import Key
from pages.components.supervision import (
    board,
    filters,
    flag_table,
    head,
    override_box,
    period_box,
    reads,
    subject,
    verbs,
)

BOARD, TABLE, OVERRIDES, PROCESSES = "看板", "表格", "人工调整", "过程事实"


def _draw_empty(frame: Frame) -> None:
    if frame.actor.can(Permission.MANAGE_ROUNDS):
        st.info("还没有督查轮次。点击“新建轮次”，确定月份和数据截止日后测算旗色。")
        verbs.draw_new_button(frame)
    else:
        st.info("还没有发布过督查结果。督查部门发布后，在这里查看旗色和依据。")


def _draw_flags(frame: Frame, view: RoundView, row: RoundRow) -> None:
    kind = head.choose_kind(view)
    head.draw_counts(frame, view, kind)
    waiting = view.waiting + view.moved
    labels = {OVERRIDES: f"{OVERRIDES}（{waiting} 待办）" if waiting else OVERRIDES}
    seen = st.segmented_control(
        "视图",
        [BOARD, TABLE, OVERRIDES, PROCESSES],
        key=Key.ROUND_VIEW.value,
        default=BOARD,
        format_func=lambda name: labels.get(name, name),
        label_visibility="collapsed",
        required=True,
    )
    if seen == OVERRIDES:
        override_box.draw_list(frame, view, reads.overrides(frame, row.id))
    elif seen == PROCESSES:
        period_box.draw(frame, row)
    else:
        wanted = filters.draw(kind, reads.choices(frame))
        if seen == TABLE:
            flag_table.draw(frame, view, wanted)
        else:
            board.draw(frame, view, wanted)


with page("督查轮次", Permission.VIEW_PROJECTS) as frame:
    markup.show("supervision/style.html")
    known = reads.all_rounds(frame)
    view = None
    if known:
        with st.container(horizontal=True, vertical_alignment="center"):
            row = head.choose_round(known)
            view = reads.one_round(frame, row.id)
            st.space("stretch")
            verbs.draw_buttons(frame, view)
            verbs.draw_new_button(frame)
        head.draw_round(view)
        verbs.draw_warnings(view)
        if view.counts:
            _draw_flags(frame, view, row)
        else:
            st.info("本轮还没有测算。点击“测算旗色”，按规则和截止日的数据得出各项目、县区、指挥部、责任单位的旗色。")
    else:
        _draw_empty(frame)
    if state.get(Key.ROUND_DIALOG):
        verbs.show_dialog(frame, view)
    elif view is not None:
        subject.show(frame, view)
