"""One matter in a side panel: what, who, by when, its story, and the next step for who may take it."""

from datetime import date

import streamlit as st

from core.domain.errors import Invalid, Problem
from core.domain.evidence import EvidenceOwner, can_write
from core.domain.matters.words import MatterAction
from core.domain.permissions import Permission
from core.domain.terms import MatterKind
from core.domain.units import format_whole_wan
from core.services import attachments, matters
from core.services.matters import MatterRow, MatterView
from pages.components import evidence, state
from pages.components.matters import matter_words, policy_box, step_forms
from pages.components.moments import local
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

PIXELS = 760


def open_(matter_id: int) -> None:
    """Have the panel of a matter drawn at the next run."""
    state.put(Key.MATTER_OPEN, matter_id)


def show(frame: Frame) -> None:
    """Draw the panel of the matter that was opened, if any."""
    matter_id = state.get(Key.MATTER_OPEN)
    if matter_id is not None:
        found = matters.read_matter(frame.actor, int(matter_id))
        st.dialog("事项办理", width=PIXELS, position="right", on_dismiss=step_forms.close)(_draw)(frame, found)


def _draw(frame: Frame, found: MatterView) -> None:
    row = found.card.row
    st.markdown(f"**{plain(row.title)}**")
    parts = (
        f":gray-badge[{row.state.status.label}]",
        plain(row.code),
        plain(matter_words.left_words(found.card.left)),
        plain(matter_words.pressed(row.state)),
    )
    st.markdown("　".join(part for part in parts if part))
    st.markdown("\n".join(f"- {label}：{plain(text)}" for label, text in _facts(row, found.today) if text))
    for label, text in (("情况说明", row.description), ("办理进展", row.progress), ("答复意见", row.answer)):
        if text:
            st.markdown(f"**{label}**　{plain(text)}")
    if row.state.kind is MatterKind.POLICY:
        policy_box.draw(frame, found)
    _draw_actions(frame, found)
    _draw_supports(frame, found)
    _draw_evidence(frame, row.id)
    _draw_story(found)


def _facts(row: MatterRow, today: date) -> tuple[tuple[str, str], ...]:
    now = row.state
    amount = f"{format_whole_wan(now.amount_yuan)} 万元" if now.amount_yuan is not None else ""
    moved = f"（首次期限 {now.first_due_on}）" if now.first_due_on and now.first_due_on != now.due_on else ""
    reports = (matter_words.first_report(now, today), matter_words.result_report(now, today))
    return (
        ("项目", row.project_name),
        ("企业", row.enterprise),
        ("地块", row.parcel_name),
        ("县区", f"{row.county_name or '市级'}，{now.level.label}办理"),
        ("类别", f"{row.category or '未分类'}，{now.difficulty.label}"),
        ("涉及金额", amount),
        ("主办", f"{matter_words.owner(row)}{f'，协办{row.supporting_units}' if row.supporting_units else ''}"),
        ("责任领导", row.responsible_leader),
        ("提出", f"{row.raised_by}　{row.raised_on}　{row.source}"),
        ("办理期限", f"{now.due_on}{moved}" if now.due_on else ""),
        ("一事两报告", "；".join(text for text in reports if text)),
        ("办理结果", row.outcome_word),
        ("可解决的条件", now.conditions),
        ("满意度", row.satisfaction_word),
    )


def _draw_actions(frame: Frame, found: MatterView) -> None:
    forms = step_forms.FORMS
    main = [action for action in found.actions if action in step_forms.MAIN]
    for action in main:
        forms[action](frame, found)
    others = [action for action in found.actions if action not in step_forms.MAIN | step_forms.ANSWERED_THERE]
    with st.container(horizontal=True):
        for action in others:
            label = action.label
            if action is MatterAction.ESCALATED and found.escalates_to is not None:
                label = f"提级至{found.escalates_to.label}"
            with st.popover(label):
                forms[action](frame, found)
        if frame.actor.can(Permission.RAISE_MATTER) and found.card.row.state.is_open:
            with st.popover("关联"):
                step_forms.link(frame, found)


def _draw_supports(frame: Frame, found: MatterView) -> None:
    for support in found.supports:
        told = (
            f"{support.replied_on} 回复：{support.opinion}" if support.replied_on else f"应于 {support.due_on} 前回复"
        )
        st.caption(plain(f"协办　{support.unit_name}　{told}"))
        may = support.unit_id in frame.actor.scope.unit_ids and frame.actor.can(Permission.HANDLE_MATTER)
        if may and found.card.row.state.is_open and support.replied_on is None:
            step_forms.support(frame, found, support)


def _draw_evidence(frame: Frame, matter_id: int) -> None:
    rows = attachments.list_for(frame.actor, EvidenceOwner.MATTER.value, (matter_id,))
    st.markdown(f"**佐证材料**　{len(rows)} 件")
    evidence.gallery(rows)
    if not can_write(frame.actor, EvidenceOwner.MATTER):
        return
    key = state.variant(Key.MATTER_FILES, matter_id, len(rows))
    with st.popover("上传佐证"), st.form(state.variant(Key.MATTER_ACT, "files", matter_id, len(rows)), border=False):
        files = evidence.uploader(key)
        sent = st.form_submit_button("上传", type="primary")
    if sent:
        with telling():
            if not files:
                raise Invalid([Problem("files", "missing", "请先选择要上传的文件。")])
            evidence.attach_all(frame.actor, EvidenceOwner.MATTER.value, matter_id, files)
            notify(f"已上传 {len(files)} 件佐证材料。")
            st.rerun()


def _draw_story(found: MatterView) -> None:
    st.markdown("**办理过程**")
    for event in found.events:
        due = f"　期限 {event.new_due_on}" if event.new_due_on and event.new_due_on != event.old_due_on else ""
        number = f"　{event.document_no}" if event.document_no else ""
        head = f"{local(event.happened_at)}　{event.kind_label}　{event.actor_name}"
        st.caption(plain(f"{head}{number}{due}　{event.note}"))
    if found.linked:
        told = "；".join(f"{one.relation} {one.code} {one.title}" for one in found.linked)
        st.caption(plain(told))
