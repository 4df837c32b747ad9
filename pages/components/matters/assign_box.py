"""交办: the form for one matter or a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.domain.matters.words import CATEGORIES, Difficulty
from core.domain.terms import MatterStatus
from core.services import matters
from core.services.matters import MatterRow, Order
from pages.components import state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key


@dataclass(frozen=True, slots=True)
class Batch:
    """Matters to be assigned: id → version that was seen; whether any of them nobody has classified yet."""

    versions: Mapping[int, int]
    is_unstudied: bool = False


def open_(rows: Sequence[MatterRow]) -> None:
    """Have the dialog for a batch drawn at the next run."""
    unstudied = any(row.state.status is MatterStatus.REGISTERED for row in rows)
    state.put(Key.MATTER_BATCH, Batch({row.id: row.version for row in rows}, is_unstudied=unstudied))


def show(frame: Frame) -> bool:
    """Draw the dialog if a batch was chosen; return whether it was."""
    batch: Batch | None = state.get(Key.MATTER_BATCH)
    if batch is None:
        return False
    title = f"交办 {len(batch.versions)} 项"
    st.dialog(title, width="medium", on_dismiss=_close)(draw)(frame, batch)
    return True


def _close() -> None:
    state.take(Key.MATTER_BATCH)


def draw(frame: Frame, batch: Batch) -> None:
    """Draw the form."""
    units, versions = dict(matters.unit_choices(frame.actor)), batch.versions
    first = next(iter(versions))
    with st.form(state.variant(Key.MATTER_ASSIGN, first, versions[first], len(versions))):
        lead = st.selectbox(
            "主办单位", list(units), index=None, format_func=units.__getitem__, placeholder="选择或输入名称查找"
        )
        supporting = st.multiselect("协办单位", list(units), format_func=units.__getitem__, placeholder="可不选")
        left, right = st.columns(2)
        difficulty = left.selectbox(
            "难易程度",
            list(Difficulty) if batch.is_unstudied else [None, *Difficulty],
            index=1 if batch.is_unstudied else 0,
            format_func=lambda item: item.label if item else "按各事项研判",
            help="决定办理期限；尚未研判的事项随交办一并研判",
        )
        due_on = right.date_input("办理期限", value=None, format="YYYY-MM-DD", help="不填按难易程度的工作日推算")
        category = ""
        if batch.is_unstudied:
            category = left.selectbox("类别（未分类的）", CATEGORIES, index=None, placeholder="尚未研判的须选择") or ""
        leader = right.text_input("责任领导", max_chars=64)
        remark = st.text_input("交办要求", max_chars=400)
        sent = st.form_submit_button("交办", type="primary")
    if sent:
        with telling():
            order = Order(lead, tuple(supporting), due_on, leader, remark, difficulty, category)
            count = matters.assign(frame.actor, versions, order)
            state.take(Key.MATTER_OPEN)
            _close()
            notify(f"已交办 {count} 项。")
            st.rerun()
