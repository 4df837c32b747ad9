"""大屏: the shell of the wall; it lives by itself from then on (docs/adr/0002-wall-long-poll.md)."""

import streamlit as st

from core.domain.permissions import Permission
from pages.components import closed_months
from pages.components.page import page
from pages.components.wall import shell

with page("大屏", Permission.VIEW_WALL, full_screen=True, live=True) as frame:
    month = closed_months.month_of(st.query_params.get("month", ""))
    closed_months.remember(frame.actor, month)
    with closed_months.seeing(month):
        shell.show(frame.actor, str(month or ""))
