"""节点填报: late and due nodes first; list → row → 登记完成, with one-click undo."""

import streamlit as st

from core.domain.permissions import Permission
from pages.components import address
from pages.components.desk import feed_box, milestone_list, milestone_panel
from pages.components.page import page

with page("节点填报", Permission.VIEW_PROJECTS) as frame:
    asked = address.take_id("node")
    if asked is not None:
        milestone_panel.open_milestone(frame, asked)
    wanted, counts = milestone_list.ask(frame)
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        clicked = milestone_list.draw(frame, wanted, counts)
    if clicked is not None:
        milestone_panel.open_milestone(frame, clicked)
    with right:
        milestone_panel.draw_undo(frame)
        milestone_panel.draw(frame)
        feed_box.draw(frame, wanted)
