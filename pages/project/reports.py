"""投资月报: one grid for the month, paste, review, and who is late."""

import streamlit as st

from core.domain.permissions import Permission
from pages.components import export_button, state
from pages.components.desk import (
    report_correction,
    report_grid,
    report_head,
    report_late,
    report_paste_box,
    report_review_box,
    report_sheet,
)
from pages.components.page import page
from pages.components.state import Key

FILL, PASTE, REVIEW, LATE, CORRECT = "填报", "粘贴导入", "审核", "未报名单", "更正"

with page("投资月报", Permission.VIEW_PROJECTS) as frame:
    report_sheet.absorb_edits()
    may_fill, may_review = frame.actor.can(Permission.SUBMIT_REPORT), frame.actor.can(Permission.REVIEW_REPORT)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        month = report_head.ask_month(frame)
        is_closed = report_correction.is_closed(frame, month)
        sections = [
            FILL,
            *([PASTE] if may_fill and not is_closed else []),
            *([REVIEW] if may_review and not is_closed else []),
            LATE,
            *([CORRECT] if is_closed else []),
        ]
        if state.get(Key.REPORT_SECTION) not in (None, *sections):
            state.put(Key.REPORT_SECTION, FILL)  # the month before offered another section
        section = st.segmented_control(
            "办理",
            sections,
            default=FILL,
            required=True,
            label_visibility="collapsed",
            key=Key.REPORT_SECTION.value,
        )
    wanted = report_head.ask_filter(frame)
    head, body = st.container(), st.container()
    foot = st.container(horizontal=True, vertical_alignment="center")
    number = report_grid.chosen_page((month, wanted))
    seen = report_sheet.see(frame, month, wanted, number)
    with head:
        report_head.draw_progress(frame, month, wanted, seen.sheet.deadline_on, seen.sheet.enters_on)
    with body:
        if section == PASTE:
            report_paste_box.draw(frame, month)
        elif section == REVIEW:
            report_review_box.draw(frame, month, wanted)
        elif section == CORRECT:
            report_correction.draw(frame, month, wanted)
        elif section == LATE:
            report_late.draw(frame, month, wanted)
        else:
            report_grid.draw(frame, seen, month, is_closed=is_closed)
    if section == FILL:
        with foot:
            report_grid.draw_pages((month, wanted), seen.sheet.total)
            st.space("stretch")
            export_button.draw_owned(frame, "reports", wanted.county_id, wanted.headquarters_id)
