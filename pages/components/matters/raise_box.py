"""登记: one matter in a form, or several rows pasted from a spreadsheet into a grid."""

from decimal import Decimal

import pandas as pd
import streamlit as st

from core.domain.matters.words import CATEGORIES
from core.domain.terms import MatterKind
from core.domain.units import wan_to_yuan
from core.services import matters
from core.services.matters import MAX_BATCH, MatterDraft
from pages.components import state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key
from pages.components.supervision import reads

SOURCES = ("项目", "企业", "领导调研", "会议", "群众", "其他")
_GRID = ("事项", "情况说明", "类别", "所属项目", "企业")


def open_() -> None:
    """Have the dialog drawn at the next run."""
    state.put(Key.MATTER_NEW, True)


def show(frame: Frame, kind: MatterKind) -> bool:
    """Draw the dialog if it was opened; return whether it was."""
    if not state.get(Key.MATTER_NEW):
        return False
    st.dialog(f"登记{kind.label}事项", width="large", on_dismiss=_close)(_draw)(frame, kind)
    return True


def _close() -> None:
    state.take(Key.MATTER_NEW)


def _draw(frame: Frame, kind: MatterKind) -> None:
    single, several = st.tabs(["单项登记", "批量粘贴"])
    names = dict(reads.choices(frame).counties)
    with single:
        _draw_single(frame, kind, names)
    with several:
        _draw_grid(frame, kind, names)


def _draw_single(frame: Frame, kind: MatterKind, names: dict[int, str]) -> None:
    with st.form(state.variant(Key.MATTER_RAISE, kind.value)):
        title = st.text_input("事项名称", max_chars=200, placeholder="一句话说清问题或诉求")
        description = st.text_area("情况说明", height=100, max_chars=4000)
        left, middle, right = st.columns(3)
        category = left.selectbox("类别", ["", *CATEGORIES], format_func=lambda word: word or "研判时再定")
        source = middle.selectbox("来源", SOURCES)
        enterprise = right.text_input("企业", max_chars=200)
        project = left.text_input("所属项目", max_chars=200, placeholder="编号或完整名称，可空")
        county_id = middle.selectbox(
            "县区（无项目时）", [None, *names], format_func=lambda key: names[key] if key else "市级"
        )
        amount = right.number_input("涉及金额（万元）", min_value=0.0, value=None, step=10.0, format="%.2f")
        raised_by = left.text_input("提出人", max_chars=64, placeholder="不填为本人")
        sent = st.form_submit_button("登记", type="primary")
    if sent:
        with telling():
            yuan = None if amount is None else wan_to_yuan(Decimal(str(amount)))
            matters.raise_(
                frame.actor,
                MatterDraft(
                    kind, title, description, category, source, enterprise, raised_by, project, county_id, yuan
                ),
            )
            _close()
            notify(f"已登记“{title.strip()}”，请研判后交办。")
            st.rerun()


def _draw_grid(frame: Frame, kind: MatterKind, names: dict[int, str]) -> None:
    st.caption(f"从 Excel 复制若干行，点第一格粘贴；一次最多 {MAX_BATCH} 项，有一行不对就都不登记。")
    with st.form(state.variant(Key.MATTER_RAISE, kind.value, "grid")):
        county_id = st.selectbox(
            "县区（无项目的行）", [None, *names], format_func=lambda key: names[key] if key else "市级"
        )
        blank = pd.DataFrame([[""] * len(_GRID)] * 5, columns=list(_GRID))
        typed = st.data_editor(blank, num_rows="dynamic", hide_index=True, width="stretch")
        sent = st.form_submit_button("全部登记", type="primary")
    if sent:
        with telling():
            drafts = [
                MatterDraft(kind, title, note, category, "批量登记", enterprise, "", project, county_id)
                for title, note, category, project, enterprise in _filled(typed)
            ]
            ids = matters.raise_many(frame.actor, drafts)
            _close()
            notify(f"已登记 {len(ids)} 项。")
            st.rerun()


def _filled(typed: pd.DataFrame) -> list[list[str]]:
    rows = [[str(value or "").strip() for value in row] for row in typed.fillna("").itertuples(index=False)]
    return [row for row in rows if any(row)]
