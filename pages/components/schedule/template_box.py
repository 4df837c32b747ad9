"""Templates: what is in use as a table to edit, saved as a new version with a reason; the table above as a template."""

from dataclasses import replace

import streamlit as st

from core.domain.permissions import Permission
from core.domain.schedule_templates import ScheduleTemplate
from core.services import schedules
from pages.components import state
from pages.components.page import Frame, notify, plain, telling
from pages.components.schedule import task_grid
from pages.components.schedule.work import Work
from pages.components.state import Key

_OWN = "local"


def draw(frame: Frame, table: Work | None) -> None:
    """Draw the templates for those who maintain rules; *table* = what may become one."""
    if not frame.actor.can(Permission.MANAGE_RULES):
        return
    with st.expander("维护模板"):
        templates = {template.code: template for template in schedules.list_templates(frame.actor)}
        code = st.selectbox(
            "要修改的模板",
            list(templates),
            format_func=lambda key: templates[key].label,
            key=state.variant(Key.SCHEDULE_TEMPLATE, "edit"),
            width=420,
        )
        chosen = templates[code or next(iter(templates))]
        st.caption(plain(f"{chosen.note}。已按旧版编制的计划不受影响。"))
        _draw_form(frame, chosen)
        if table is not None and table.rows:
            _draw_own(frame, table, templates)


def _draw_form(frame: Frame, chosen: ScheduleTemplate) -> None:
    key = state.variant(Key.SCHEDULE_TEMPLATE, chosen.code, chosen.number)
    with st.form(f"{key}_form", border=False):
        name = st.text_input("模板名称", chosen.name, max_chars=60)
        rows = task_grid.draw(task_grid.rows_of_tasks(chosen.tasks), {}, f"{key}_grid", with_dates=False)
        reason = st.text_input("修改原因（必填）", max_chars=400)
        if st.form_submit_button("保存为新版本"):
            with telling():
                edited = replace(chosen, name=name, tasks=task_grid.tasks_of_rows(rows))
                _save(frame, edited, reason)


def _draw_own(frame: Frame, table: Work, templates: dict[str, ScheduleTemplate]) -> None:
    with st.form(state.variant(Key.SCHEDULE_TEMPLATE, "own"), border=False):
        left, right = st.columns(2)
        name = left.text_input("把上表另存为模板，名称", max_chars=60)
        reason = right.text_input("说明（必填）", max_chars=400)
        if st.form_submit_button("另存为模板"):
            with telling():
                number = sum(code.startswith(_OWN) for code in templates) + 1
                tasks = task_grid.tasks_of_rows(table.rows)
                _save(frame, ScheduleTemplate(f"{_OWN}_{number}", name, tasks), reason)


def _save(frame: Frame, template: ScheduleTemplate, reason: str) -> None:
    number = schedules.save_template(frame.actor, template, reason)
    notify(f"模板“{template.name}”已保存为第 {number} 版。")
    st.rerun()
