"""Overrides of a round: proposing one in the drawer, and deciding those that wait, each by another person."""

import streamlit as st

from core.domain.permissions import Permission
from core.domain.reasons import MAX_REASON
from core.domain.rounds import OVERRIDE_LEVELS
from core.domain.supervision_terms import ApprovalStatus, RoundStatus
from core.domain.terms import FlagLevel
from core.services import rounds
from core.services.rounds import DecisionView, OverrideProposal, OverrideRow, RoundView
from pages.components import state
from pages.components.layout import card
from pages.components.moments import local
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key
from pages.components.supervision import reads, words

_LIVE = (ApprovalStatus.PROPOSED, ApprovalStatus.APPROVED)


def draw(frame: Frame, view: RoundView, found: DecisionView) -> None:
    """Draw the overrides of one subject and the form for a new one."""
    for item in found.overrides:
        draw_one(frame, view, item, with_name=False)
    live = any(item.status in _LIVE for item in found.overrides)
    if view.row.status is not RoundStatus.DRAFT:
        if not found.overrides:
            st.caption("本轮没有人工调整。" if view.row.is_frozen else "会审后不再调整；如需调整请先退回草稿。")
    elif live:
        pass
    elif frame.actor.can(Permission.MANAGE_ROUNDS):
        _draw_form(frame, view, found)
    elif not found.overrides:
        st.caption("没有人工调整。")


def _draw_form(frame: Frame, view: RoundView, found: DecisionView) -> None:
    row = found.row
    choices = [level for level in (*OVERRIDE_LEVELS, FlagLevel.EXEMPT) if level is not row.computed_level]
    key = state.variant(Key.ROUND_PROPOSE, row.kind.value, row.subject_id)
    with st.form(key, border=False):
        level = st.segmented_control("调整为", choices, format_func=_label, key=f"{key}_level")
        reason, document = st.columns([2, 1])
        why = reason.text_area("理由", height=80, max_chars=MAX_REASON, key=f"{key}_reason")
        number = document.text_input("文号（免评必填）", max_chars=200, key=f"{key}_document")
        is_sent = st.form_submit_button("提出调整", type="primary", help="须由另一人审批后生效")
    if not is_sent:
        return
    if level is None:
        st.error("请选择调整为哪一级。")
        return
    with telling():
        rounds.propose_override(
            frame.actor, view.row.id, OverrideProposal(row.kind, row.subject_id, level, why, number)
        )
        state.take(Key.ROUND_SUBJECT)
        notify(f"已提出将“{row.name}”调整为{words.word(level)}，待另一人审批。")
        st.rerun()


def _label(level: FlagLevel) -> str:
    return "— 免予评旗" if level is FlagLevel.EXEMPT else f"{words.text(level)}（{level.label}）"


def draw_list(frame: Frame, view: RoundView, found: tuple[OverrideRow, ...]) -> None:
    """Draw every override of a round, those that wait first."""
    if not found:
        st.info("本轮还没有人工调整。在看板或表格中打开一个对象，可以提出调整；调整须由另一人审批。")
        return
    for item in sorted(found, key=lambda item: not _waits(item)):
        draw_one(frame, view, item, with_name=True)


def _waits(item: OverrideRow) -> bool:
    return item.status is ApprovalStatus.PROPOSED or (item.status is ApprovalStatus.APPROVED and item.is_moved)


def draw_one(frame: Frame, view: RoundView, item: OverrideRow, *, with_name: bool) -> None:
    """Draw one override with what the visitor may do about it."""
    name = f"{item.kind.label}　**{plain(item.name)}**　" if with_name else ""
    moved = "　:orange-badge[测算结果已变，须再确认]" if item.is_moved else ""
    with card(f"override_{with_name}_{item.id}"):
        st.markdown(
            f"{name}{plain(words.text(item.computed_level))} → **{plain(words.text(item.level))}**　"
            f":gray-badge[{item.status.label}]{moved}"
        )
        document = f"　文号：{item.document_no}" if item.document_no else ""
        st.markdown(plain(f"理由：{item.reason}{document}"))
        names = reads.names(frame, frozenset({item.proposed_by, item.decided_by} - {""}))
        decided = ""
        if item.decided_at:
            decided = f"；{names[item.decided_by]} {local(item.decided_at)} {item.decision_note}"
        st.caption(plain(f"{names[item.proposed_by]} 提出于 {local(item.proposed_at)}{decided}"))
        if view.row.status is RoundStatus.DRAFT:
            _draw_verbs(frame, item, with_name)


def _draw_verbs(frame: Frame, item: OverrideRow, with_name: bool) -> None:
    key = state.variant(Key.ROUND_DECIDE, with_name, item.id, item.version)
    may_decide = _waits(item) and frame.actor.can(Permission.APPROVE_OVERRIDE) and item.proposed_by != frame.actor.login
    may_withdraw = item.status in _LIVE and frame.actor.can(Permission.MANAGE_ROUNDS)
    if not (may_decide or may_withdraw):
        return
    note = st.text_input(
        "意见",
        key=f"{key}_note",
        max_chars=MAX_REASON,
        label_visibility="collapsed",
        placeholder="意见（不批准、撤回时必填）",
    )
    with st.container(horizontal=True):
        if may_decide and st.button("批准", type="primary", key=f"{key}_yes"):
            _decide(frame, item, True, note)
        if may_decide and st.button("不批准", key=f"{key}_no"):
            _decide(frame, item, False, note)
        if may_withdraw and st.button("撤回调整", key=f"{key}_back"):
            with telling():
                rounds.withdraw_override(frame.actor, item.id, note, item.version)
                _done(f"“{item.name}”的调整已撤回，恢复测算结果。")


def _decide(frame: Frame, item: OverrideRow, approved: bool, note: str) -> None:
    with telling():
        rounds.decide_override(frame.actor, item.id, approved, note, item.version)
        _done(f"“{item.name}”的调整{'已批准' if approved else '未批准'}。")


def _done(message: str) -> None:
    state.take(Key.ROUND_SUBJECT)
    notify(message)
    st.rerun()
