"""The filter bar over the flags of a round."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.domain.supervision_terms import SubjectKind
from core.services.projects import LedgerChoices
from core.services.rounds import DecisionFilter
from pages.components.state import Key
from pages.components.supervision import words


def draw(kind: SubjectKind, choices: LedgerChoices) -> DecisionFilter:
    """Draw the bar and return what it asks for."""
    text, county, team, levels, moved, held = st.columns([1.5, 1.3, 1.5, 1.3, 0.8, 0.8], vertical_alignment="center")
    with text:
        typed = st.text_input(
            "查找", key=Key.ROUND_TEXT.value, placeholder="名称或编号", max_chars=100, label_visibility="collapsed"
        )
    counties: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    if kind is SubjectKind.PROJECT:
        with county:
            counties = _choose("县区", Key.ROUND_COUNTIES, dict(choices.counties))
        with team:
            teams = _choose("指挥部", Key.ROUND_TEAMS, dict(choices.headquarters))
    with levels:
        groups = {group.level: f"{group.mark.shape} {group.word}" for group in words.groups()}
        chosen = _choose("旗色", Key.ROUND_LEVELS, groups)
    with moved:
        only_moved = st.checkbox("只看变化", key=Key.ROUND_MOVED.value)
    with held:
        only_held = st.checkbox("只看调整", key=Key.ROUND_HELD.value)
    return DecisionFilter(
        kind=kind,
        levels=tuple(level for group in words.groups() if group.level in chosen for level in group.levels),
        county_ids=counties,
        headquarters_ids=teams,
        text=typed.strip(),
        only_moved=only_moved,
        only_overridden=only_held,
    )


def _choose(label: str, key: Key, options: Mapping[Any, str]) -> tuple[Any, ...]:
    return tuple(
        st.multiselect(
            label,
            list(options),
            key=key.value,
            format_func=lambda value: options.get(value, str(value)),
            placeholder=f"全部{label}",
            label_visibility="collapsed",
            wrap=False,
        )
    )
