"""会商调度: meetings to come and held; one of them with agenda, decisions and minutes."""

import streamlit as st

from core.domain.permissions import Permission
from pages.components.meetings import board, create_box, desk, rules_box
from pages.components.page import page
from pages.components.state import Key

UPCOMING, HELD, RULES = "待开", "已开", "议题规则"

with page("会商调度", Permission.VIEW_PROJECTS, live=True) as frame:
    wanted = st.query_params.get("id", "")
    if wanted.isascii() and wanted.isdigit():
        desk.draw(frame, int(wanted))
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            seen = st.segmented_control(
                "视图",
                [UPCOMING, HELD, *([RULES] if frame.actor.can(Permission.MANAGE_RULES) else [])],
                default=UPCOMING,
                required=True,
                label_visibility="collapsed",
                key=Key.MEETING_VIEW.value,
            )
            st.space("stretch")
            if frame.actor.can(Permission.RUN_MEETING):
                st.button("新建会议", type="primary", on_click=create_box.open_new)
        if seen == HELD:
            board.draw_held(frame)
        elif seen == RULES:
            rules_box.draw(frame)
        else:
            board.draw_upcoming(frame)
        create_box.show_new(frame)
