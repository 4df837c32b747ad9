"""到点验收 and 第三方评估 of a campaign: what was found so far, and the forms of who may record it."""

from datetime import timedelta
from decimal import Decimal

import streamlit as st

from core.domain.campaigns.acceptance import Judgement
from core.domain.campaigns.words import CampaignStatus, Verdict
from core.domain.evidence import EvidenceOwner
from core.services import attachments, campaigns
from core.services.campaigns import Assessment, CampaignView
from pages.components import evidence, state
from pages.components.campaigns import seen, words
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key


def draw_acceptance(frame: Frame, view: CampaignView) -> None:
    """Draw the reconciliation by task, the acceptances and the form for the next one."""
    sums, row = view.card.sums, view.card.row
    open_tasks = sums.tasks - sums.closed_out
    st.markdown(
        plain(
            f"对账：任务 {sums.tasks} 项，已销号 {sums.closed_out} 项，待核验 {sums.claimed} 项，"
            f"未销号 {open_tasks} 项，其中逾期 {sums.overdue} 项。"
        )
    )
    for item in view.acceptances:
        with st.container(border=True):
            st.markdown(plain(f"第 {item.number} 次验收　{item.held_on}　{item.verdict.label}"))
            again = f"　整改要求：{item.conditions}　再次验收：{item.again_on}" if item.again_on else ""
            number = f"　{item.document_no}" if item.document_no else ""
            st.caption(plain(f"应验收 {item.due_on}　验收人 {item.verifier}{number}"))
            st.text(f"{item.record}{again}")
    files = attachments.list_for(frame.actor, EvidenceOwner.CAMPAIGN.value, [row.id])
    evidence.gallery(files, empty="" if view.manages else "暂无验收材料。")
    if view.manages and row.status is CampaignStatus.RUNNING:
        _draw_form(frame, view)
    if view.manages:
        _draw_files(frame, row.id)
    elif not view.acceptances:
        st.caption(f"尚未验收，应于 {row.acceptance_due_on} 验收。")


def _draw_form(frame: Frame, view: CampaignView) -> None:
    row = view.card.row
    version = seen.version(f"accept {row.id}", row.version)
    with st.form(_key("accept", row.id)):
        st.markdown(f"**第 {len(view.acceptances) + 1} 次验收**（应于 {row.acceptance_due_on}）")
        left, middle, right = st.columns(3)
        verdict = left.segmented_control(
            "结论", list(Verdict), format_func=lambda item: item.label, key=_key("verdict", row.id)
        )
        held_on = middle.date_input("验收日期", view.today, format="YYYY-MM-DD", key=_key("held", row.id))
        document_no = right.text_input("文号", max_chars=200, key=_key("document", row.id))
        record = st.text_area("验收情况", height=90, max_chars=4000, key=_key("record", row.id))
        conditions = st.text_area(
            "整改要求",
            height=70,
            max_chars=4000,
            placeholder="未通过、有条件通过时必填",
            key=_key("conditions", row.id),
        )
        again_on = st.date_input(
            "再次验收",
            view.today + timedelta(days=view.rules.again_days),
            format="YYYY-MM-DD",
            key=_key("again", row.id),
            help="通过时不需要",
        )
        sent = st.form_submit_button("登记验收", type="primary")
    if not sent:
        return
    if verdict is None or held_on is None:
        st.error("请选择验收结论和日期。")
        return
    with telling():
        again = None if verdict is Verdict.PASSED else again_on
        campaigns.accept(
            frame.actor, row.id, Judgement(verdict, held_on, record, conditions, again), document_no, version
        )
        seen.forget()
        notify(f"“{row.name}”验收{verdict.label}。")
        st.rerun()


def _draw_files(frame: Frame, campaign_id: int) -> None:
    with st.form(_key("files", campaign_id), clear_on_submit=True, border=False):
        files = evidence.uploader(_key("upload", campaign_id), "验收材料")
        if st.form_submit_button("上传") and files:
            with telling():
                evidence.attach_all(frame.actor, EvidenceOwner.CAMPAIGN.value, campaign_id, files)
                st.rerun()


def draw_assessment(frame: Frame, view: CampaignView) -> None:
    """Draw the assessments and the form for another."""
    for item in view.assessments:
        with st.container(border=True):
            score = words.plain_number(Decimal(item.score_milli) / 1000)
            st.markdown(plain(f"{item.organisation}　{item.assessed_on}　{score} 分"))
            st.text(item.findings)
    if not view.assessments:
        st.caption("还没有第三方评估。")
    if not view.manages:
        return
    row = view.card.row
    with st.form(_key("assess", row.id)):
        left, middle, right = st.columns([2, 1, 1])
        organisation = left.text_input("评估机构", max_chars=200, key=_key("organisation", row.id))
        day = middle.date_input("评估日期", view.today, format="YYYY-MM-DD", key=_key("assessed", row.id))
        score = right.number_input("得分", 0.0, 100.0, None, key=_key("score", row.id))
        findings = st.text_area("评估意见", height=90, max_chars=4000, key=_key("findings", row.id))
        sent = st.form_submit_button("登记评估", type="primary")
    if sent:
        with telling():
            known = None if score is None else Decimal(str(score))
            campaigns.assess(frame.actor, row.id, Assessment(organisation, day, known, findings))
            notify("评估已登记。")
            st.rerun()


def _key(*parts: object) -> str:
    return state.variant(Key.CAMPAIGN_FORM, *parts)
