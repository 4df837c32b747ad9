"""The bar above a list of matters: view, narrowing, what the address asks for; and all of it in words."""

from dataclasses import dataclass

import streamlit as st

from core.domain.matters.words import CATEGORIES, MatterLevel, RateGroup
from core.domain.permissions import Permission
from core.domain.terms import MatterKind
from core.services import matters
from core.services.matters import MatterFilter
from pages.components import state
from pages.components.matters import address, matter_box, raise_box
from pages.components.matters.address import VIEWS, Behind
from pages.components.page import Frame, plain
from pages.components.state import Key
from pages.components.supervision import reads

_OPEN = {"未办完": True, "已办完": False, "全部": None}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the bar asks for: the view, the filter, and the whole of it in words for screen and workbook."""

    view: str
    wanted: MatterFilter
    words: str


def draw(frame: Frame, kind: MatterKind) -> Asked:
    """Draw the bar of the list of *kind*."""
    behind = _follow_address(kind)
    view = _draw_views(frame, kind)
    wanted, words = _draw_filter(frame, kind, view)
    if behind == Behind():
        return Asked(view, wanted, "；".join([VIEWS[view], *words]))
    told = behind.words(_names(frame, behind), _headquarters(frame, behind))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":blue-badge[{plain(told)}]")
        st.button("清除", on_click=st.query_params.clear, key=state.variant(Key.MATTER_FILTER, kind.value, "clear"))
    return Asked(view, behind.narrow(wanted), "；".join([told, *words]))


def _follow_address(kind: MatterKind) -> Behind:
    """Turn to what a new address asks for; once, or the visitor could not leave it."""
    query = st.query_params
    asked = repr(sorted((name, tuple(query.get_all(name))) for name in query))
    seen = state.variant(Key.MATTER_ADDRESS, kind.value)
    behind = address.read_behind(query)
    if st.session_state.get(seen) != asked:
        st.session_state[seen] = asked
        if asked != "[]":
            st.session_state[_view_key(kind)] = address.read_view(query)
        if behind != Behind():
            st.session_state[_ended_key(kind)] = "全部"
        matter_id = address.read_matter_id(query)
        if matter_id is not None:
            matter_box.open_(matter_id)
    return behind


def _view_key(kind: MatterKind) -> str:
    return state.variant(Key.MATTER_VIEW, kind.value)


def _ended_key(kind: MatterKind) -> str:
    return state.variant(Key.MATTER_FILTER, kind.value, "ended")


def _draw_views(frame: Frame, kind: MatterKind) -> str:
    offered = [code for code in VIEWS if code != "extensions" or frame.actor.can(Permission.ASSIGN_MATTER)]
    st.session_state.setdefault(_view_key(kind), offered[0])
    with st.container(horizontal=True, vertical_alignment="center"):
        view = st.segmented_control(
            "视图",
            offered,
            required=True,
            format_func=VIEWS.__getitem__,
            label_visibility="collapsed",
            key=_view_key(kind),
        )
        st.space("stretch")
        if frame.actor.can(Permission.RAISE_MATTER):
            st.button("登记事项", type="primary", on_click=raise_box.open_)
    return view or offered[0]


def _draw_filter(frame: Frame, kind: MatterKind, view: str) -> tuple[MatterFilter, list[str]]:
    name = kind.value
    text, county, level, category, ended = st.columns([3, 2, 1.6, 2, 1.5], vertical_alignment="center")
    typed = text.text_input(
        "查找",
        placeholder="事项、编号或企业",
        label_visibility="collapsed",
        max_chars=100,
        key=state.variant(Key.MATTER_FILTER, name, "text"),
    ).strip()
    names = dict(reads.choices(frame).counties)
    county_id = county.selectbox(
        "县区",
        [None, *names],
        format_func=lambda key: names[key] if key else "全部县区",
        label_visibility="collapsed",
        key=state.variant(Key.MATTER_FILTER, name, "county"),
    )
    chosen_level = level.selectbox(
        "层级",
        [None, *MatterLevel],
        format_func=lambda item: item.label if item else "全部层级",
        label_visibility="collapsed",
        key=state.variant(Key.MATTER_FILTER, name, "level"),
    )
    group = category.selectbox(
        "类别",
        ["", *CATEGORIES],
        format_func=lambda word: word or "全部类别",
        label_visibility="collapsed",
        key=state.variant(Key.MATTER_FILTER, name, "category"),
    )
    standing = next(iter(_OPEN))
    if view == "list":
        standing = ended.selectbox("办理", list(_OPEN), label_visibility="collapsed", key=_ended_key(kind))
    wanted = MatterFilter(
        kinds=(kind,),
        levels=(chosen_level,) if chosen_level else (),
        county_id=county_id,
        category=group,
        is_open=_OPEN[standing] if view == "list" else None,
        text=typed,
    )
    words = [standing] if view == "list" else []
    words += [names[county_id]] if county_id else []
    words += [chosen_level.label] if chosen_level else []
    words += [group] if group else []
    words += [f"查找“{typed}”"] if typed else []
    return wanted, words


def _headquarters(frame: Frame, behind: Behind) -> str:
    if behind.headquarters_id is None:
        return ""
    return dict(reads.choices(frame).headquarters).get(behind.headquarters_id, "其他指挥部")


def _names(frame: Frame, behind: Behind) -> dict[tuple[RateGroup, int | str | None], str]:
    """Return how the group of *behind* is called."""
    if behind.group is None:
        return {}
    group, key = behind.group
    if group is RateGroup.CATEGORY:
        return {behind.group: str(key) if key else "未分类"}
    if group is RateGroup.COUNTY:
        return {behind.group: dict(reads.choices(frame).counties).get(key, "其他县区") if key else "市级"}
    return {behind.group: dict(matters.unit_choices(frame.actor)).get(int(key), "其他单位") if key else "未交办"}
