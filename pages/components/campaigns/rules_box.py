"""预警规则: the thresholds of campaigns, changed by who keeps rules."""

import streamlit as st

from core.domain.campaigns.rules import LABELS, CampaignRules, rules_to_dict
from core.services import campaigns
from pages.components import state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key


def draw(frame: Frame) -> None:
    """Draw the form."""
    rules = rules_to_dict(campaigns.read_rules(frame.actor))
    with st.form(state.variant(Key.CAMPAIGN_FORM, "rules"), width=520):
        values = {
            name: int(st.number_input(label, 1, 100, rules[name], key=state.variant(Key.CAMPAIGN_FORM, "rule", name)))
            for name, label in LABELS.items()
        }
        reason = st.text_input("修改原因和依据", max_chars=400, key=state.variant(Key.CAMPAIGN_FORM, "rule_reason"))
        sent = st.form_submit_button("启用新规则", type="primary")
    st.caption("灯按进度与序时之差亮起；逾期任务亮红，退回任务至少亮黄；有逾期任务的行动不会是绿灯。")
    if sent:
        with telling():
            number = campaigns.save_rules(frame.actor, CampaignRules(**values), reason)
            notify(f"预警规则第 {number} 版已启用。")
            st.rerun()
