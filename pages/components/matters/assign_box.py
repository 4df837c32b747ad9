"""交办: the form for one matter or a batch."""

from collections.abc import Mapping

import streamlit as st

from core.services import matters
from core.services.matters import Order
from pages.components import state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key


def open_(versions: Mapping[int, int]) -> None:
    """Have the dialog for a batch (id → version that was seen) drawn at the next run."""
    state.put(Key.MATTER_BATCH, versions)


def show(frame: Frame) -> bool:
    """Draw the dialog if a batch was chosen; return whether it was."""
    versions: Mapping[int, int] | None = state.get(Key.MATTER_BATCH)
    if not versions:
        return False
    st.dialog(f"交办 {len(versions)} 项", width="medium", on_dismiss=_close)(draw)(frame, versions)
    return True


def _close() -> None:
    state.take(Key.MATTER_BATCH)


def draw(frame: Frame, versions: Mapping[int, int]) -> None:
    """Draw the form."""
    units = dict(matters.unit_choices(frame.actor))
    first = next(iter(versions))
    with st.form(state.variant(Key.MATTER_ASSIGN, first, versions[first], len(versions))):
        lead = st.selectbox(
            "主办单位", list(units), index=None, format_func=units.__getitem__, placeholder="选择或输入名称查找"
        )
        supporting = st.multiselect("协办单位", list(units), format_func=units.__getitem__, placeholder="可不选")
        left, right = st.columns(2)
        due_on = left.date_input("办理期限", value=None, format="YYYY-MM-DD", help="不填按难易程度的工作日推算")
        leader = right.text_input("责任领导", max_chars=64)
        remark = st.text_input("交办要求", max_chars=400)
        sent = st.form_submit_button("交办", type="primary")
    if sent:
        with telling():
            count = matters.assign(frame.actor, versions, Order(lead, tuple(supporting), due_on, leader, remark))
            state.take(Key.MATTER_OPEN)
            _close()
            notify(f"已交办 {count} 项。")
            st.rerun()
