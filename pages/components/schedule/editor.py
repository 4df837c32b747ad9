"""The schedule to edit: finish, first day, tasks; computed at once, kept as a draft, both versions on a conflict."""

from dataclasses import replace

import streamlit as st

from core.domain.backward_schedule import Placed, Schedule
from core.domain.errors import Conflict, Invalid
from core.services import schedules
from core.services.schedules import ScheduleView
from pages.components import state
from pages.components.layout import card
from pages.components.page import Frame, notify, plain, telling
from pages.components.schedule import task_grid, work
from pages.components.schedule.work import Work
from pages.components.state import Key


def draw(frame: Frame, view: ScheduleView, table: Work, schedule: Schedule | None) -> None:
    """Draw the form; what it holds is computed or saved when a button is pressed."""
    with card("schedule_edit"):
        _draw_template(frame, table)
        if not table.rows:
            st.info("还没有任务。请先套用一个模板，再按本项目实际修改；也可以直接在空表中填写或从 Excel 粘贴。")
        edited, note, pressed = _draw_form(table, schedule)
    if pressed:
        _act(frame, view, edited, note, pressed)
    _draw_clash(frame, view, table)


def show(table: Work, schedule: Schedule | None) -> None:
    """Draw the schedule for those who only look."""
    if table.rows:
        with card("schedule_show"):
            task_grid.show(table.rows, _placed(schedule))


def _draw_template(frame: Frame, table: Work) -> None:
    templates = {template.code: template for template in schedules.list_templates(frame.actor)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            "模板",
            list(templates),
            index=list(templates).index(table.template_code) if table.template_code in templates else 0,
            format_func=lambda key: templates[key].label,
            key=state.variant(Key.SCHEDULE_TEMPLATE, table.project_id),
            width=380,
        )
        word = "重新套用（替换下表任务）" if table.rows else "套用模板"
        if st.button(word, type="secondary" if table.rows else "primary") and code:
            work.use_template(table, templates[code])
            st.rerun()
        st.caption("工期为示例，须按本项目实际修改；改好后可在页面下方另存为本地模板。")


def _draw_form(table: Work, schedule: Schedule | None) -> tuple[Work, str, str]:
    with st.form(state.variant(Key.SCHEDULE_FORM, table.project_id, table.generation), border=False):
        finish, first, said = st.columns([1, 1, 2.4])
        wanted = finish.date_input("要求完成日期", table.wanted_on, format="YYYY-MM-DD")
        earliest = first.date_input("最早开始日期（可空）", table.earliest_on, format="YYYY-MM-DD", help="不填为今天")
        note = said.text_input("本次修改说明（可空）", max_chars=400, placeholder="如 按 11 月调度会要求提前通车")
        rows = task_grid.draw(table.rows, _placed(schedule), table.editor_key)
        with st.container(horizontal=True, vertical_alignment="center"):
            pressed = {
                "try": st.form_submit_button("试算", type="primary"),
                "save": st.form_submit_button("保存草稿"),
                "drop": st.form_submit_button("放弃修改", type="tertiary"),
            }
            st.caption("前置写序号：“3”= 3 完成后开始，“3压10天”“3压50%”= 3 做完 10 天或一半即可开始。工期为工作日。")
    # A cleared date keeps the one before: a schedule without a finish is none.
    edited = replace(table, rows=rows, wanted_on=wanted or table.wanted_on, earliest_on=earliest)
    return edited, note, next((verb for verb, is_pressed in pressed.items() if is_pressed), "")


def _act(frame: Frame, view: ScheduleView, edited: Work, note: str, pressed: str) -> None:
    if pressed == "drop":
        state.take(Key.SCHEDULE_CLASH)
        work.read_again(view, edited)
        st.rerun()
    if pressed == "save":
        _save(frame, edited, note)
        return
    work.put(replace(edited, is_saved=False))
    st.rerun()


def _save(frame: Frame, edited: Work, note: str) -> None:
    """Save, and go on with the stored draft; what is refused stays on the table."""
    with telling():
        try:
            schedules.save_draft(frame.actor, edited.project_id, edited.edit(), note, edited.seen)
        except Invalid:
            # What is wrong with the tasks is said at the next run, when they are computed.
            work.put(replace(edited, is_saved=False))
            st.rerun()
        except Conflict as conflict:
            state.put(Key.SCHEDULE_CLASH, (conflict, note))
            work.put(replace(edited, is_saved=False))
            st.rerun()
        state.take(Key.SCHEDULE_CLASH)
        work.read_again(schedules.read_schedule(frame.actor, edited.project_id), edited)
        notify("草稿已保存，上一稿保留在历史版本中。")
        st.rerun()


def _draw_clash(frame: Frame, view: ScheduleView, table: Work) -> None:
    """Draw both versions: the stored one in words, the typed one still on the table."""
    clash: tuple[Conflict, str] | None = state.get(Key.SCHEDULE_CLASH)
    if clash is None:
        return
    conflict, note = clash
    current = conflict.current
    st.warning(
        plain(
            f"{current.get('made_by') or '他人'}刚刚保存了第 {current.get('number') or '—'} 稿"
            f"（完成日期 {current.get('wanted_on') or '—'}），您的内容尚未保存，仍在上表中。"
        )
    )
    with st.container(horizontal=True):
        if st.button("以我的为准保存", type="primary", key=state.variant(Key.SCHEDULE_CLASH, "mine")):
            _save(frame, replace(table, seen=view.seen), note)
        if st.button("改用对方的版本", key=state.variant(Key.SCHEDULE_CLASH, "theirs")):
            state.take(Key.SCHEDULE_CLASH)
            work.read_again(view, table)
            st.rerun()


def _placed(schedule: Schedule | None) -> dict[str, Placed]:
    return {row.task.code: row for row in schedule.rows} if schedule else {}
