"""The rules of starting as a form: deadlines, thresholds and grades; a new version with its reason."""

from typing import Any

import streamlit as st

from core.domain.start_rules import StartRules, parse_rules, rules_to_dict
from core.domain.start_terms import ProcedureKind
from core.services import starts
from pages.components import state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key


def draw(frame: Frame) -> None:
    """Draw the rules in force as a form."""
    rules = starts.read_rules(frame.actor)
    body = rules_to_dict(rules)
    with st.form(Key.START_RULES.value):
        first, second, third = st.columns(3)
        with first:
            _ask_readiness(body)
        with second:
            _ask_watch(rules, body)
        with third:
            _ask_pool(rules, body)
        reason = st.text_input("调整原因和依据", max_chars=400)
        sent = st.form_submit_button("保存为新版本", type="primary")
    if sent:
        with telling():
            number = starts.save_rules(frame.actor, parse_rules(body), reason)
            notify(f"规则第 {number} 版已生效；已在清单上的项目期限不变。")
            st.rerun()


def _number(label: str, value: int, highest: int = 366) -> int:
    return int(st.number_input(label, 1, highest, value, key=state.variant(Key.START_RULES, label)))


def _ask_readiness(body: dict[str, Any]) -> None:
    st.markdown("**开工条件**")
    chosen = st.multiselect(
        "须具备的手续",
        list(ProcedureKind),
        [ProcedureKind(code) for code in body["required"]],
        format_func=lambda kind: kind.label,
    )
    body["required"] = [kind.value for kind in chosen]
    body["ready_month"] = _number("新开工项目最迟具备月份（月底）", body["ready_month"], 12)
    body["warn_days"] = _number("提前预警（天）", body["warn_days"])
    body["urgent_days"] = _number("紧急预警（天）", body["urgent_days"])


def _ask_watch(rules: StartRules, body: dict[str, Any]) -> None:
    st.markdown("**列入清单（达到即列入）**")
    for rule in rules.watch:
        body["watch"][rule.code] = _number(f"{rule.code} {rule.measure.label}", rule.threshold)
    for kind, days in rules.workdays.items():
        body["workdays"][kind.value] = _number(f"{kind.label}整改期限（工作日）", days)


def _ask_pool(rules: StartRules, body: dict[str, Any]) -> None:
    st.markdown("**储备成熟度与入统**")
    for rule in rules.grades:
        needed = "、".join(kind.label for kind in rule.required)
        label = f"{rule.grade.label} 具备比例（%{f'，且 {needed} 已办' if needed else ''}）"
        body["grades"][rule.grade.value] = _number(label, rule.min_share_pct, 100)
    body["late_months"] = _number("开工后入统期限（月）", body["late_months"], 24)
    body["severe_months"] = _number("严重超期（月）", body["severe_months"], 24)
    wan = st.number_input("入统起点（万元）", 1, 10_000_000, body["min_yuan"] // 10_000)
    body["min_yuan"] = int(wan) * 10_000
