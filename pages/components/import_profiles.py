"""Profiles of confirmed columns: what is kept, and taking one out of use."""

import streamlit as st

from core.services import imports
from pages.components import state
from pages.components.moments import local
from pages.components.page import Frame, notify, telling
from pages.components.state import Key

_WIDTHS = [4, 2, 2, 2, 2, 1]
_HEADS = ("方案", "内容", "保存人", "保存时间", "最近使用", "")


def draw(frame: Frame) -> None:
    """Draw the profiles in use; nothing when there are none."""
    profiles = imports.list_profiles(frame.actor)
    if not profiles:
        return
    kinds = dict(imports.list_kinds(frame.actor))
    with st.expander(f"列对应方案（{len(profiles)}）"):
        st.caption("表头相同或相近的表会自动套用方案。停用后不再套用，已导入的数据不受影响。")
        for column, head in zip(st.columns(_WIDTHS), _HEADS, strict=True):
            column.caption(head)
        for row in profiles:
            cells = st.columns(_WIDTHS, vertical_alignment="center")
            cells[0].text(row.name)
            cells[1].text(kinds.get(row.kind, row.kind))
            cells[2].text(row.created_by)
            cells[3].text(local(row.created_at))
            cells[4].text(local(row.used_at) if row.used_at else "—")
            if cells[5].button("停用", key=state.variant(Key.IMPORT_RETIRE, row.id), width="stretch"):
                with telling():
                    imports.retire_profile(frame.actor, row.id, expected_version=row.version)
                    notify(f"方案“{row.name}”已停用。")
                    st.rerun()
