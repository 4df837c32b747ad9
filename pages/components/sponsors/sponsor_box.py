"""Who stands for what (包保关系): a leader gets a project from a day on, or gives it up; what was stays."""

from datetime import date

import streamlit as st

from core.domain.errors import Invalid, Problem
from core.services import sponsors
from core.services.sponsors import AssignmentRow
from pages.components import state
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

NEW, CHANGE = "new", "change"


def open_new() -> None:
    """Have the dialog for another leader drawn at the next run."""
    state.put(Key.LEADER_DIALOG, NEW)


def open_change() -> None:
    """Have the dialog of one leader's projects drawn at the next run."""
    state.put(Key.LEADER_DIALOG, CHANGE)


def close() -> None:
    """Forget which dialog was open."""
    state.take(Key.LEADER_DIALOG)


def show(frame: Frame, person_id: int | None) -> None:
    """Draw the dialog that was opened, if any."""
    wanted = state.get(Key.LEADER_DIALOG)
    if wanted == NEW:
        st.dialog("新增包保", on_dismiss=close)(_draw_new)(frame)
    elif wanted == CHANGE and person_id is not None:
        st.dialog("调整包保", on_dismiss=close)(_draw_change)(frame, person_id)


def _draw_new(frame: Frame) -> None:
    text = st.text_input(
        "领导姓名", max_chars=64, placeholder="输入姓名查找", key=state.variant(Key.LEADER_SPONSOR, "who")
    )
    if not text.strip():
        st.caption("从人员名册中查找；名册在导入中心维护。")
        return
    found = {one.id: one for one in sponsors.people(frame.actor, text)}
    if not found:
        st.info("名册中没有这个姓名。请先在导入中心导入人员。")
        return

    def named(key: int) -> str:
        return " · ".join(filter(None, (found[key].name, found[key].title, found[key].unit_name)))

    person_id = st.selectbox("人员", list(found), format_func=named)
    _draw_adding(frame, int(person_id), frame.version.on)


def _draw_adding(frame: Frame, person_id: int, today: date) -> None:
    with st.form(state.variant(Key.LEADER_SPONSOR, "add", person_id), border=False):
        project = st.text_input("项目", max_chars=200, placeholder="编号或完整名称")
        from_on = st.date_input("包保起始日期", today, max_value=today, format="YYYY-MM-DD")
        is_sent = st.form_submit_button("登记包保", type="primary")
    if is_sent:
        with telling():
            sponsors.assign(frame.actor, person_id, project, from_on if isinstance(from_on, date) else None)
            _done("包保关系已登记。")


def _draw_change(frame: Frame, person_id: int) -> None:
    rows = sponsors.assignments(frame.actor, person_id)
    present = {row.id: row for row in rows if row.to_on is None}
    _draw_adding(frame, person_id, frame.version.on)
    if present:
        st.divider()
        _draw_ending(frame, present)
    past = [row for row in rows if row.to_on is not None]
    if past:
        st.caption(
            "以往包保：" + "；".join(plain(f"{row.project_name}（{row.from_on or ''} 至 {row.to_on}）") for row in past)
        )


def _draw_ending(frame: Frame, present: dict[int, AssignmentRow]) -> None:
    with st.form(state.variant(Key.LEADER_SPONSOR, "end"), border=False):
        chosen = st.selectbox(
            "不再包保的项目",
            list(present),
            None,
            format_func=lambda key: present[key].project_name,
            placeholder="请选择",
        )
        to_on = st.date_input(
            "结束日期",
            frame.version.on,
            max_value=frame.version.on,
            format="YYYY-MM-DD",
            help="自这一天起不再包保，历史保留",
        )
        is_sent = st.form_submit_button("结束包保")
    if is_sent:
        with telling():
            if chosen is None:
                raise Invalid([Problem("project", "missing", "请选择不再包保的项目。")])
            sponsors.end(frame.actor, chosen, to_on if isinstance(to_on, date) else None, present[chosen].version)
            _done("包保关系已结束，历史保留。")


def _done(message: str) -> None:
    close()
    notify(message)
    st.rerun()
