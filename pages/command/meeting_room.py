"""会议大屏: a meeting item by item on the room's screen, with decisions recorded live."""

import streamlit as st

from core.domain.permissions import Permission
from pages.components.meetings import room
from pages.components.page import page

with page("", Permission.VIEW_PROJECTS, full_screen=True, live=True) as frame:
    wanted = st.query_params.get("id", "")
    room.draw(frame, int(wanted) if wanted.isascii() and wanted.isdigit() else 0)
