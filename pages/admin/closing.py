"""月结: close a month, verify what is sealed, decide corrections, keep the office's own working days."""

import streamlit as st

from core.domain.permissions import Permission
from core.services import closing
from db.session import live_store
from pages.components import closing_box
from pages.components.page import page

_NOTE = "月结把当月月报锁定、全部数据封存：此后任何页面和大屏都能回到当时；迟到的改动只能作为更正，不改变已封存的数字。"

with page("月结", Permission.CLOSE_MONTH, note=_NOTE, live=True) as frame:
    year = live_store().today().year
    chosen = st.segmented_control(
        "年度", [year - 1, year], default=year, required=True, format_func=lambda number: f"{number}年"
    )
    months = closing.status(frame.actor, chosen or year)
    closing_box.draw_months(months)
    closing_box.draw_close(frame, months)
    closing_box.draw_verify(frame, months)
    corrections, days = st.tabs(["更正", "工作日安排"])
    with corrections:
        closing_box.draw_corrections(frame)
    with days:
        closing_box.draw_calendar(frame, year)
