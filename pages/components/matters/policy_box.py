"""政策落实 of one matter: clause, audience, delivery, applications, payment; read by all, edited by who may."""

from decimal import Decimal

import streamlit as st

from core.domain.units import NOTHING, format_whole_wan, wan_to_yuan, yuan_to_wan
from core.services import matters
from core.services.matters import POLICY_LEVELS, MatterView, PolicyDraft, PolicyRow
from pages.components import state
from pages.components.matters import matter_words
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key


def draw(frame: Frame, found: MatterView) -> None:
    """Draw what is known of the policy, and the form for who may write it."""
    row = found.policy
    st.markdown("**政策台账**")
    if row is not None:
        st.markdown("\n".join(f"- {label}：{plain(text)}" for label, text in _facts(row) if text))
    else:
        st.caption("还没有登记条款、送达和兑现情况。")
    if found.may_edit_policy:
        with st.popover("登记送达与兑现"):
            _draw_form(frame, found, row)


def _facts(row: PolicyRow) -> tuple[tuple[str, str], ...]:
    delivered = matter_words.share(row.delivered_count, row.target_count)
    honoured = matter_words.share(row.honoured_yuan, row.approved_yuan)
    money = f"{format_whole_wan(row.honoured_yuan)}/{format_whole_wan(row.approved_yuan)} 万元，兑现率 {honoured}"
    told = f"{row.delivered_on or ''} {row.delivery_channel}".strip()
    return (
        ("文号", f"{row.document_no}　{row.level}".strip()),
        ("条款", row.clause),
        ("适用对象", row.audience),
        ("申报条件", row.conditions),
        ("送达", f"{_count(row.delivered_count)}/{_count(row.target_count)} 户，送达率 {delivered}　{told}"),
        ("申请", f"{_count(row.applied_count)} 户，已兑现 {_count(row.honoured_count)} 户"),
        ("兑现", money),
        ("未兑现原因", row.unhonoured_reason),
    )


def _draw_form(frame: Frame, found: MatterView, row: PolicyRow | None) -> None:
    version = row.version if row else 0
    known = row or PolicyDraft()
    levels = ["", *POLICY_LEVELS, *([known.level] if known.level not in ("", *POLICY_LEVELS) else [])]
    with st.form(state.variant(Key.MATTER_ACT, "policy", found.card.row.id, version), border=False):
        left, right = st.columns([2, 1])
        number = left.text_input("文号", known.document_no, max_chars=100)
        level = right.selectbox("层级", levels, index=levels.index(known.level), format_func=lambda w: w or "未注明")
        clause = st.text_area("条款", known.clause, height=68, max_chars=4000)
        audience = st.text_input("适用对象", known.audience, max_chars=400)
        conditions = st.text_area("申报条件", known.conditions, height=68, max_chars=4000)
        first, second, third = st.columns(3)
        channel = first.text_input("送达渠道", known.delivery_channel, max_chars=200)
        delivered_on = second.date_input("送达日期", known.delivered_on, format="YYYY-MM-DD")
        target = third.number_input("应送达（户）", 0, value=known.target_count, step=1)
        delivered = first.number_input("已送达（户）", 0, value=known.delivered_count, step=1)
        applied = second.number_input("已申请（户）", 0, value=known.applied_count, step=1)
        honoured = third.number_input("已兑现（户）", 0, value=known.honoured_count, step=1)
        approved_wan = first.number_input("审核通过（万元）", 0.0, value=_typed(known.approved_yuan), format="%.2f")
        honoured_wan = second.number_input("已兑现（万元）", 0.0, value=_typed(known.honoured_yuan), format="%.2f")
        reason = st.text_input("未兑现原因", known.unhonoured_reason, max_chars=400)
        sent = st.form_submit_button("保存", type="primary")
    if sent:
        with telling():
            draft = PolicyDraft(
                document_no=number,
                clause=clause,
                level=level,
                audience=audience,
                conditions=conditions,
                delivery_channel=channel,
                delivered_on=delivered_on,
                target_count=target,
                delivered_count=delivered,
                applied_count=applied,
                approved_yuan=_yuan(approved_wan, known.approved_yuan),
                honoured_yuan=_yuan(honoured_wan, known.honoured_yuan),
                honoured_count=honoured,
                unhonoured_reason=reason,
            )
            matters.save_policy(frame.actor, found.card.row.id, draft, version)
            notify("政策台账已保存。")
            st.rerun()


def _typed(yuan: int | None) -> float | None:
    return None if yuan is None else float(yuan_to_wan(yuan))


def _yuan(wan: float | None, known: int | None) -> int | None:
    """Return what was typed; an amount that was left as it is keeps what the form cannot show."""
    if wan is None:
        return None
    return known if wan == _typed(known) else wan_to_yuan(Decimal(str(wan)))


def _count(number: int | None) -> str:
    return NOTHING if number is None else str(number)
