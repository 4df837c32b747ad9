"""议题规则: which topics come onto an agenda by themselves, in which order and how many; saved as a new version."""

from typing import Any

import pandas as pd
import streamlit as st

from core.domain.errors import Invalid, Problem
from core.domain.meeting_agenda import DEFAULT, AgendaRules, Topic, TopicRule
from core.domain.meetings import MAX_ITEMS
from core.services import meetings
from pages.components import state
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

_UNITS = {
    Topic.OVERDUE_MATTER: "逾期天数",
    Topic.OVERDUE_NODE: "逾期天数",
    Topic.OVERDUE_CASE: "逾期天数",
    Topic.BOND_LAG: "低于要求的百分点",
}


def draw(frame: Frame) -> None:
    """Draw the rules in force as a table to edit; the order of the numbers is the order of the agenda."""
    rules = meetings.read_rules(frame.actor)
    st.caption(plain(f"现行规则：{rules.name}。次序小的先议，数量为 0 的不列入；同一项目只列一次，理由合并。"))
    # The editor's own shape: with other rules in force it begins anew.
    key = state.variant(Key.MEETING_RULES, abs(hash(rules)))
    with st.form(key, border=False):
        table = st.data_editor(
            pd.DataFrame(_rows(rules)),
            hide_index=True,
            width="stretch",
            height=table_height(len(Topic)),
            row_height=ROW_PIXELS,
            disabled=["议题来源", "门槛含义"],
            column_config={
                "次序": st.column_config.NumberColumn(min_value=1, max_value=99, step=1, required=True),
                "数量": st.column_config.NumberColumn(min_value=0, max_value=MAX_ITEMS, step=1, required=True),
                "门槛": st.column_config.NumberColumn(min_value=0, max_value=365, step=1, required=True),
            },
            key=f"{key}_grid",
        )
        left, right = st.columns([1, 3])
        most = left.number_input("议题总数上限", 1, MAX_ITEMS, rules.most, step=1)
        reason = right.text_input("修改原因和依据", max_chars=400)
        sent = st.form_submit_button("保存为新版本", type="primary")
    if sent:
        with telling():
            meetings.save_rules(frame.actor, _rules(table, int(most)), reason)
            notify("议题规则已保存为新版本，此后生成的议程按新规则。")
            st.rerun()


def _rows(rules: AgendaRules) -> list[dict[str, Any]]:
    known = [rule.topic for rule in rules.rules]
    off = [TopicRule(topic, 0) for topic in Topic if topic not in known]
    return [
        {
            "次序": number,
            "议题来源": rule.topic.label,
            "数量": rule.limit,
            "门槛": rule.least,
            "门槛含义": _UNITS.get(rule.topic, ""),
        }
        for number, rule in enumerate([*rules.rules, *off], start=1)
    ]


def _rules(table: pd.DataFrame, most: int) -> AgendaRules:
    by_label = {topic.label: topic for topic in Topic}
    if table[["次序", "数量", "门槛"]].isna().any(axis=None):
        raise Invalid([Problem("rules", "missing", "次序、数量和门槛都要填写整数。")])
    ordered = table.sort_values("次序", kind="stable")
    found = tuple(
        TopicRule(by_label[label], int(limit), int(least))
        for label, limit, least in zip(ordered["议题来源"], ordered["数量"], ordered["门槛"], strict=True)
    )
    name = DEFAULT.name if (found, most) == (DEFAULT.rules, DEFAULT.most) else "本地规则"
    return AgendaRules(name, found, most)
