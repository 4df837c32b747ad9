"""登记调研: date, projects, who went along, what was seen, what was taken up on the spot, photos; fit for a phone."""

from datetime import date
from typing import Any

import streamlit as st

from core.domain.matters.words import CATEGORIES
from core.services import matters, sponsors
from core.services.sponsors import MAX_PROMISES, LeaderView, PromiseDraft, Upload, VisitDraft
from pages.components import evidence, state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key

VISIT = "visit"


def open_() -> None:
    """Have the dialog drawn at the next run."""
    state.put(Key.LEADER_DIALOG, VISIT)


def show(frame: Frame, view: LeaderView) -> None:
    """Draw the dialog if it was opened."""
    if state.get(Key.LEADER_DIALOG) == VISIT:
        st.dialog("登记调研", width="large", on_dismiss=_close)(_draw)(frame, view)


def _close() -> None:
    state.take(Key.LEADER_DIALOG)


def _draw(frame: Frame, view: LeaderView) -> None:
    names = {one.row.id: one.row.name for one in view.rows}
    owing = [one.row.id for one in view.rows if one.owed]
    key = state.variant(Key.LEADER_VISIT, view.person.id)
    chosen = st.multiselect(
        "调研项目",
        list(names),
        owing if len(owing) == 1 else [],
        format_func=lambda number: names[number],
        placeholder="可选几个",
        key=f"{key}_projects",
    )
    count = st.number_input("现场交办问题（件）", 0, MAX_PROMISES, 0, step=1, key=f"{key}_count")
    with st.form(key, border=False):
        draft = _fields(frame, view, tuple(chosen), int(count), key)
        files = evidence.uploader(state.variant(Key.LEADER_PHOTOS, view.person.id), "现场照片（记在所选第一个项目）")
        is_sent = st.form_submit_button("保存调研", type="primary")
    if is_sent:
        with telling():
            made = sponsors.record(frame.actor, draft, [Upload(file.name, file.getvalue()) for file in files])
            _forget(key)
            told = f"，交办问题 {len(made.matter_ids)} 件" if made.matter_ids else ""
            notify(f"调研已登记（{len(made.fact_ids)} 个项目）{told}。")
            st.rerun()


def _forget(key: str) -> None:
    _close()
    for name in [name for name in st.session_state if str(name).startswith(key)]:
        del st.session_state[name]


def _fields(frame: Frame, view: LeaderView, chosen: tuple[int, ...], count: int, key: str) -> VisitDraft:
    left, right = st.columns(2)
    on = left.date_input("调研日期", view.today, max_value=view.today, format="YYYY-MM-DD", key=f"{key}_on")
    companions = right.text_input("陪同人员或单位", max_chars=380, placeholder="可空", key=f"{key}_who")
    summary = st.text_area(
        "现场情况", height=90, max_chars=4000, placeholder="看到了什么、要求什么", key=f"{key}_summary"
    )
    units = dict(matters.unit_choices(frame.actor)) if count else {}
    names = {one.row.id: one.row.name for one in view.rows}
    promises = [_promise(number, chosen, names, units, f"{key}_{number}") for number in range(1, count + 1)]
    return VisitDraft(view.person.id, chosen, _day(on), companions, summary, tuple(promises))


def _promise(
    number: int, chosen: tuple[int, ...], names: dict[int, str], units: dict[int, str], key: str
) -> PromiseDraft:
    with st.container(border=True):
        title = st.text_input(f"交办问题 {number}", max_chars=200, key=f"{key}_title")
        project = (
            st.selectbox("所属项目", chosen, format_func=lambda one: names[one], key=f"{key}_project")
            if len(chosen) > 1
            else next(iter(chosen), 0)
        )
        left, middle, right = st.columns(3)
        unit = left.selectbox(
            "主办单位", list(units), None, format_func=lambda one: units[one], placeholder="请选择", key=f"{key}_unit"
        )
        due = middle.date_input("办理期限", None, format="YYYY-MM-DD", help="不填按办理时限规则", key=f"{key}_due")
        category = right.selectbox("类别", CATEGORIES, len(CATEGORIES) - 1, key=f"{key}_category")
    return PromiseDraft(int(project or 0), title, unit, _day(due), str(category))


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None
