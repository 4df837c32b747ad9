"""时限规则: the deadlines of rectifications, who presses a raised case, and what rewards and penalties are proposed."""

from dataclasses import asdict

import pandas as pd
import streamlit as st

from core.domain.permissions import Permission
from core.domain.rectification_rules import (
    LADDER_LABELS,
    DeadlineLadder,
    MeritTrigger,
    RectificationRules,
    parse_rules,
    rules_to_dict,
)
from core.domain.supervision_terms import MeritKind
from core.services import rectifications
from pages.components import state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key

_COLUMNS = 5
_TRIGGERS = {trigger.label: trigger for trigger in MeritTrigger}
_KINDS = {kind.label: kind for kind in MeritKind}


def draw(frame: Frame) -> None:
    """Draw the rules in force; who may change them gets the form."""
    rules = rectifications.read_rules(frame.actor)
    may_edit = frame.actor.can(Permission.MANAGE_RULES)
    st.caption("时限从次日起算，遇休息日顺延，按本地工作日历。修改后自动成为新版本，已立项事项的期限不变。")
    with st.form(Key.CASE_RULES.value):
        days = _draw_ladder(rules.ladder, disabled=not may_edit)
        leaders = st.text_input(
            "逾期升级层级（由低到高，用“→”分隔）",
            " → ".join(rules.leaders),
            disabled=not may_edit,
            key=state.variant(Key.CASE_RULES, "leaders"),
        )
        st.markdown("**奖惩建议**　满足情形时提出建议，由督查人员逐条确认")
        table = _draw_merits(rules, disabled=not may_edit)
        if may_edit:
            reason = st.text_input("修改原因和依据", max_chars=400, key=state.variant(Key.CASE_RULES, "reason"))
        sent = st.form_submit_button("保存为新版本", type="primary", disabled=not may_edit)
    if sent and may_edit:
        with telling():
            number = rectifications.save_rules(frame.actor, _read(days, leaders, table), reason)
            notify(f"时限规则第 {number} 版已启用。")
            st.rerun()


def _draw_ladder(ladder: DeadlineLadder, *, disabled: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    values = list(asdict(ladder).items())
    for start in range(0, len(values), _COLUMNS):
        for (name, value), column in zip(values[start : start + _COLUMNS], st.columns(_COLUMNS), strict=False):
            key = state.variant(Key.CASE_RULES, name)
            label = LADDER_LABELS[name]
            found[name] = int(column.number_input(label, 1, 365, int(value), step=1, disabled=disabled, key=key))
    return found


def _draw_merits(rules: RectificationRules, *, disabled: bool) -> pd.DataFrame:
    rows = [(r.trigger.label, r.times, r.kind.label, r.points_tenths / 10) for r in rules.merits]
    return st.data_editor(
        pd.DataFrame(rows, columns=["情形", "每满（次）", "奖惩", "分值"]),
        column_config={
            "情形": st.column_config.SelectboxColumn(options=list(_TRIGGERS), required=True),
            "每满（次）": st.column_config.NumberColumn(min_value=1, max_value=365, step=1, required=True),
            "奖惩": st.column_config.SelectboxColumn(options=list(_KINDS), required=True),
            "分值": st.column_config.NumberColumn(min_value=-100.0, max_value=100.0, step=0.5, format="%.1f"),
        },
        num_rows="dynamic",
        hide_index=True,
        disabled=disabled,
        width="stretch",
        key=state.variant(Key.CASE_RULES, "merits"),
    )


def _read(days: dict[str, int], leaders: str, table: pd.DataFrame) -> RectificationRules:
    merits = [
        {
            "trigger": _TRIGGERS[row[0]].value,
            "times": int(row[1]),
            "kind": _KINDS[row[2]].value,
            "points_tenths": 0 if pd.isna(row[3]) else round(row[3] * 10),
        }
        for row in table.itertuples(index=False, name=None)
        if not any(pd.isna(cell) for cell in row[:3])
    ]
    names = [name.strip() for name in leaders.split("→")]
    return parse_rules(
        {**rules_to_dict(RectificationRules(DeadlineLadder(**days))), "leaders": names, "merits": merits}
    )
