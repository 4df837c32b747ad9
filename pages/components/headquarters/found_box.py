"""新建指挥部: one short form; the checklist with its deadlines comes by itself."""

import streamlit as st

from core.domain.headquarters_checks import MAX_NAME, MAX_SHORT_NAME, MAX_TEXT
from core.domain.permissions import Permission
from core.services import headquarters as service
from core.services.headquarters import Charter
from pages.components import state
from pages.components.headquarters import reads
from pages.components.page import Frame, notify, telling
from pages.components.state import Key

NEW = "new"


def button(frame: Frame) -> None:
    """Draw the button for who may found one."""
    scope = frame.actor.scope
    may = frame.actor.can(Permission.MANAGE_HEADQUARTERS) and (scope.everything or scope.headquarters_ids)
    if may and st.button("新建指挥部", type="primary", icon=":material/add:"):
        state.put(Key.HQ_DIALOG, NEW)


def show(frame: Frame) -> None:
    """Draw the dialog if it was opened."""
    if state.get(Key.HQ_DIALOG) == NEW:
        st.dialog("新建指挥部", width="large", on_dismiss=_close)(_draw)(frame)


def _close() -> None:
    state.take(Key.HQ_DIALOG)


def _draw(frame: Frame) -> None:
    above = {card.row.id: card.row.name for card in reads.board(frame).cards if _may_found_below(frame, card.row.id)}
    days = {"format": "YYYY-MM-DD"}
    with st.form(state.variant(Key.HQ_FORM, "new"), border=False):
        left, middle, right = st.columns([3, 1.5, 2])
        name = left.text_input("名称", max_chars=MAX_NAME, placeholder="如：滨江新城建设指挥部")
        short = middle.text_input("简称", max_chars=MAX_SHORT_NAME, placeholder="大屏显示")
        options = [None, *above] if frame.actor.scope.everything else list(above)
        parent = right.selectbox("上级指挥部", options, format_func=lambda key: above[key] if key else "市级直管")
        mission = st.text_area("职责任务", height=80, max_chars=MAX_TEXT)
        first, second, third = st.columns([2, 1, 1])
        area = first.text_input("责任范围", max_chars=200)
        founded = second.date_input("成立日期", reads.board(frame).version.on, **days)
        due = third.date_input("组建期限", None, help="不填则按组建清单中最晚的一项", **days)
        sent = st.form_submit_button("成立并生成组建清单", type="primary")
    if sent:
        with telling():
            charter = Charter(name, short, mission, "", area, "", founded, due)
            key = service.found(frame.actor, charter, parent)
            _close()
            notify(f"{name.strip()}已成立，组建清单和期限已生成。")
            st.query_params["id"] = str(key)
            st.query_params["tab"] = "setup"
            st.rerun()


def _may_found_below(frame: Frame, headquarters_id: int) -> bool:
    scope = frame.actor.scope
    return scope.everything or headquarters_id in scope.headquarters_ids
