"""The rule of visits: read by everybody, changed by who maintains rules."""

import streamlit as st

from core.domain.permissions import Permission
from core.domain.sponsors import MOST_VISITS, VisitRules
from core.domain.terms import Stage
from core.services import sponsors
from pages.components import state
from pages.components.page import Frame, notify, telling
from pages.components.sponsors import leader_words
from pages.components.state import Key


def draw(frame: Frame) -> None:
    """Draw the button that opens the rule."""
    rules = sponsors.read_rules(frame.actor)
    with st.popover("调研规则"):
        st.caption(leader_words.rule(rules))
        if frame.actor.can(Permission.MANAGE_RULES):
            _draw_form(frame, rules)


def _draw_form(frame: Frame, rules: VisitRules) -> None:
    stages = list(Stage)
    with st.form(Key.LEADER_RULES.value, border=False):
        times = st.number_input("每个项目每月调研次数", 1, MOST_VISITS, rules.per_month, step=1)
        chosen = st.multiselect("需要调研的阶段", stages, rules.stages, format_func=lambda stage: stage.label)
        reason = st.text_input("修改原因和依据", max_chars=400, key=state.variant(Key.LEADER_RULES, "reason"))
        is_sent = st.form_submit_button("保存为新版本", type="primary")
    if is_sent:
        with telling():
            number = sponsors.save_rules(frame.actor, VisitRules(int(times), tuple(chosen)), reason)
            notify(f"调研规则第 {number} 版已启用。")
            st.rerun()
