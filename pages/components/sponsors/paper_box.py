"""打印: the one-page briefs of a tour and the responsibility letters, as Word or PDF."""

import streamlit as st

from core.domain.permissions import Permission
from core.services import sponsors
from core.services.sponsors import MAX_PAPERS, LeaderView, PaperForm
from pages.components import state
from pages.components.page import Frame
from pages.components.state import Key


def draw(frame: Frame, view: LeaderView) -> None:
    """Draw the button that offers the papers of the leader's projects."""
    if not view.rows or not frame.actor.can(Permission.EXPORT):
        return
    with st.popover("打印简报"):
        _draw(frame, view)


def _draw(frame: Frame, view: LeaderView) -> None:
    names = {one.row.id: one.row.name for one in view.rows}
    key = state.variant(Key.LEADER_PAPER, view.person.id)
    chosen = st.multiselect(
        "项目",
        list(names),
        format_func=lambda number: names[number],
        placeholder="不选即全部",
        max_selections=MAX_PAPERS,
        key=f"{key}_projects",
    )
    form = st.segmented_control(
        "格式",
        list(PaperForm),
        default=PaperForm.PDF,
        required=True,
        format_func=lambda one: one.label,
        key=f"{key}_form",
    )
    ids, wanted = chosen or list(names)[:MAX_PAPERS], form or PaperForm.PDF
    stamp, person = frame.version.stamp, view.person
    st.caption(f"简报每个项目一页，共 {len(ids)} 个项目；责任书为公文格式。")
    with st.container(horizontal=True):
        st.download_button(
            "下载简报",
            frame.later(lambda: sponsors.briefs(frame.actor, person.id, ids, wanted).content),
            file_name=f"{person.name}包保项目简报_{stamp}.{wanted.value}",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
            key=f"{key}_brief",
        )
        st.download_button(
            "下载责任书",
            frame.later(lambda: sponsors.letters(frame.actor, ids, wanted).content),
            file_name=f"{person.name}包干责任书_{stamp}.{wanted.value}",
            icon=":material/download:",
            on_click="ignore",
            key=f"{key}_letter",
        )
