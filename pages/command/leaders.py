"""包保领导: a leader's own projects when he is signed in, everybody's list for the others."""

import streamlit as st

from core.domain.permissions import Actor, Permission
from core.services import sponsors
from core.services.sponsors import LeaderView
from pages.components import markup, state
from pages.components.cached import cached_view
from pages.components.matters import matter_box
from pages.components.page import Frame, page
from pages.components.sponsors import leader_table, leader_view, sponsor_box, visit_box
from pages.components.state import Key

MINE, ALL = "我的项目", "全部领导"


@cached_view(max_entries=128)
def _leader(actor: Actor, person_id: int) -> LeaderView:
    return sponsors.leader(actor, person_id)


def _asked() -> int | None:
    """Return the leader that the address names."""
    text = st.query_params.get("id", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _leave() -> None:
    st.query_params.pop("id", None)


def _choose(own: int | None) -> int | None:
    """Return whose page is drawn; None = everybody's list."""
    asked = _asked()
    if own is not None:
        seen = st.segmented_control(
            "视图",
            [MINE, ALL],
            default=MINE,
            required=True,
            label_visibility="collapsed",
            key=Key.LEADER_VIEW.value,
            on_change=_leave,
        )
        return asked or (own if seen == MINE else None)
    return asked


def _draw(frame: Frame, person_id: int, own: int | None) -> None:
    if person_id != own:
        st.button("返回全部领导", icon=":material/arrow_back:", on_click=_leave, type="tertiary")
    view = _leader(frame, person_id)
    leader_view.draw(frame, view)
    visit_box.show(frame, view)
    sponsor_box.show(frame, person_id)
    if state.get(Key.LEADER_DIALOG) is None:
        matter_box.show(frame)


with page("包保领导", Permission.VIEW_PROJECTS) as frame:
    markup.show("sponsors/style.html")
    own = sponsors.own_person(frame.actor)
    person_id = _choose(own)
    if person_id is None:
        leader_table.draw(frame)
        sponsor_box.show(frame, None)
    else:
        _draw(frame, person_id, own)
