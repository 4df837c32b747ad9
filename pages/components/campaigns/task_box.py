"""One task in a side panel: what it is, its reports and evidence, and the next step for who may take it."""

from decimal import Decimal

import streamlit as st

from core.domain.campaigns.acceptance import CLAIMABLE
from core.domain.campaigns.words import CampaignStatus, TaskStatus
from core.domain.evidence import EvidenceOwner
from core.services import attachments, campaigns
from core.services.campaigns import CampaignView, EventRow, TaskDraft, TaskLine, TaskReport
from pages.components import evidence, markup, state, theme
from pages.components.campaigns import seen, words
from pages.components.moments import local
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

PIXELS = 760
_ENTITY = EvidenceOwner.CAMPAIGN_TASK


def open_(campaign_id: int, task_id: int) -> None:
    """Have the panel drawn at the next run."""
    seen.forget()
    state.put(Key.CAMPAIGN_TASK, (campaign_id, task_id))


def show(frame: Frame) -> bool:
    """Draw the panel if it was opened; return whether it was."""
    opened = state.get(Key.CAMPAIGN_TASK)
    if opened is None:
        return False
    campaign_id, task_id = opened
    view = campaigns.read_campaign(frame.actor, campaign_id)
    if all(line.row.id != task_id for line in view.lines):
        close()
        return False
    st.dialog("任务", width=PIXELS, position="right", on_dismiss=close)(_draw)(frame, campaign_id, task_id)
    return True


def close() -> None:
    """Close the panel."""
    state.take(Key.CAMPAIGN_TASK)
    seen.forget()


def _draw(frame: Frame, campaign_id: int, task_id: int) -> None:
    view = campaigns.read_campaign(frame.actor, campaign_id)
    line = next(one for one in view.lines if one.row.id == task_id)
    version = seen.version(f"task {task_id}", line.row.version)
    _draw_facts(view, line)
    status, is_running = line.row.facts.status, view.card.row.status is CampaignStatus.RUNNING
    if line.is_mine and status in CLAIMABLE:
        _draw_report(frame, line, version)
        _draw_claim(frame, line, version)
    if view.manages and is_running and status is TaskStatus.CLAIMED:
        _draw_verify(frame, line, version)
    if view.manages and is_running and status is TaskStatus.CLOSED_OUT:
        _draw_reopen(frame, line, version)
    if view.manages and view.card.row.status is not CampaignStatus.ACCEPTED and not line.row.facts.is_ended:
        _draw_edit(frame, view, line, version)
    _draw_evidence(frame, view, line)
    _draw_story(view, line)


def _key(line: TaskLine, name: str) -> str:
    return state.variant(Key.CAMPAIGN_FORM, name, line.row.id)


def _done(message: str) -> None:
    close()
    notify(message)
    st.rerun()


def _draw_facts(view: CampaignView, line: TaskLine) -> None:
    row, facts = line.row, line.row.facts
    target = "" if row.target_milli is None else f"目标 {words.amount(row.target_milli, row.measure_unit)}"
    actual = f"现为 {words.amount(row.actual_milli, row.measure_unit)}" if target else ""
    moved = f"，首次期限 {facts.first_finish_on}，调整 {row.moves} 次" if row.moves else ""
    markup.show(
        "campaigns/task.html",
        name=row.name,
        mark=theme.flag_mark(line.level),
        light=words.light(line),
        state=line.state.label,
        late=words.late(line),
        about=f"{view.card.row.name}　{line.place.number}",
        facts=[
            ("进度", f"{words.pct(line.percent)}（序时 {words.pct(line.expected)}）"),
            ("起止", f"{facts.planned_start_on} 至 {facts.planned_finish_on}{moved}"),
            ("牵头单位", row.lead_unit),
            ("配合单位", row.supporting_units),
            ("责任人", row.responsible_person),
            ("成效", "　".join(part for part in (row.measure, target, actual) if part)),
        ],
    )


def _draw_report(frame: Frame, line: TaskLine, version: int) -> None:
    with st.form(_key(line, "report")):
        left, right = st.columns(2)
        percent = left.number_input("进度（%）", 0, 100, line.row.facts.percent or 0, step=5, key=_key(line, "percent"))
        actual = None
        if line.row.target_milli is not None:
            now = campaigns.from_milli(line.row.actual_milli)
            actual = right.number_input(
                plain(f"{line.row.measure}实际值（{line.row.measure_unit}）"),
                min_value=0.0,
                value=None if now is None else float(now),
                key=_key(line, "actual"),
            )
        text = st.text_area("进展情况", height=80, max_chars=1000, key=_key(line, "text"))
        sent = st.form_submit_button("填报进展", type="primary")
    if sent:
        with telling():
            reached = None if actual is None else Decimal(str(actual))
            campaigns.report(frame.actor, [TaskReport(line.row.id, version, int(percent), text, reached)])
            _done(f"已填报“{line.row.name}”的进展。")


def _draw_claim(frame: Frame, line: TaskLine, version: int) -> None:
    if line.row.facts.percent != 100:
        return
    with st.form(_key(line, "claim")):
        text = st.text_area("完成情况", height=80, max_chars=1000, key=_key(line, "claim_text"))
        sent = st.form_submit_button("申请销号", type="primary")
    if sent:
        with telling():
            campaigns.claim(frame.actor, line.row.id, text, version)
            _done(f"“{line.row.name}”已申请销号，请等待核验。")


def _draw_verify(frame: Frame, line: TaskLine, version: int) -> None:
    with st.form(_key(line, "verify")):
        text = st.text_area("核验意见", height=80, max_chars=1000, key=_key(line, "verify_text"))
        with st.container(horizontal=True):
            passed = st.form_submit_button("核验销号", type="primary")
            failed = st.form_submit_button("退回")
    if passed or failed:
        with telling():
            if passed:
                campaigns.close_out(frame.actor, line.row.id, text, version)
            else:
                campaigns.return_task(frame.actor, line.row.id, text, version)
            _done(f"“{line.row.name}”已{'销号' if passed else '退回'}。")


def _draw_reopen(frame: Frame, line: TaskLine, version: int) -> None:
    with st.popover("撤销销号"), st.form(_key(line, "reopen"), border=False):
        reason = st.text_input("撤销原因", max_chars=400, key=_key(line, "reopen_text"))
        if st.form_submit_button("确认撤销"):
            with telling():
                campaigns.reopen(frame.actor, line.row.id, reason, version)
                _done(f"“{line.row.name}”已撤销销号，退回整改。")


def _draw_edit(frame: Frame, view: CampaignView, line: TaskLine, version: int) -> None:
    row, facts = line.row, line.row.facts
    with st.expander("修改任务、调整期限"), st.form(_key(line, "edit"), border=False):
        name = st.text_input("任务", row.name, max_chars=200, key=_key(line, "name"))
        left, right = st.columns(2)
        names = [unit for _, unit in campaigns.unit_names(frame.actor)]
        place = names.index(row.lead_unit) if row.lead_unit in names else None
        lead = left.selectbox("牵头单位", names, index=place, key=_key(line, "lead"))
        supporting = right.text_input("配合单位", row.supporting_units, max_chars=400, key=_key(line, "support"))
        start = left.date_input("开始", facts.planned_start_on, format="YYYY-MM-DD", key=_key(line, "start"))
        finish = right.date_input("完成", facts.planned_finish_on, format="YYYY-MM-DD", key=_key(line, "finish"))
        person = left.text_input("责任人", row.responsible_person, max_chars=64, key=_key(line, "person"))
        weight = right.number_input("权重", 1, 100, facts.weight, key=_key(line, "weight"))
        measure = left.text_input("成效指标", row.measure, max_chars=100, key=_key(line, "measure"))
        unit = right.text_input("计量单位", row.measure_unit, max_chars=32, key=_key(line, "unit"))
        known = campaigns.from_milli(row.target_milli)
        target = left.number_input(
            "目标值", min_value=0.0, value=None if known is None else float(known), key=_key(line, "target")
        )
        reason = st.text_input(
            "原因", max_chars=400, key=_key(line, "reason"), placeholder="推进中调整期限、取消任务时必填"
        )
        with st.container(horizontal=True):
            saved = st.form_submit_button("保存修改", type="primary")
            dropped = st.form_submit_button("取消该任务")
    if saved or dropped:
        with telling():
            if dropped:
                campaigns.drop_task(frame.actor, row.id, reason, version)
                _done(f"已取消“{row.name}”。")
            draft = TaskDraft(
                number="",
                name=name,
                lead_unit=lead or "",
                start_on=start,
                finish_on=finish,
                supporting_units=supporting,
                responsible_person=person,
                weight=int(weight),
                measure=measure,
                measure_unit=unit,
                target=None if target is None else Decimal(str(target)),
            )
            campaigns.edit_task(frame.actor, row.id, draft, reason, version)
            _done(f"已修改“{view.card.row.name}”的任务“{name.strip()}”。")


def _draw_evidence(frame: Frame, view: CampaignView, line: TaskLine) -> None:
    st.markdown("**成效图片和佐证**")
    evidence.gallery(attachments.list_for(frame.actor, _ENTITY.value, [line.row.id]))
    if line.is_mine or view.manages:
        with st.form(_key(line, "files"), clear_on_submit=True, border=False):
            files = evidence.uploader(_key(line, "upload"), "添加图片或材料")
            if st.form_submit_button("上传") and files:
                with telling():
                    evidence.attach_all(frame.actor, _ENTITY.value, line.row.id, files)
                    st.rerun(scope="fragment")


def _draw_story(view: CampaignView, line: TaskLine) -> None:
    st.markdown("**办理过程**")
    told = [
        (
            event.happened_at,
            f"{event.kind.label}　{event.actor}　{_moved(event)}{event.note}",
        )
        for event in view.events
        if event.task_id == line.row.id
    ]
    told += [
        (one.reported_at, f"填报 {one.percent}%　{one.reporter}　{one.text}")
        for one in view.progress
        if one.task_id == line.row.id
    ]
    if not told:
        st.caption("还没有填报。")
    for at, text in sorted(told, reverse=True):
        st.caption(plain(f"{local(at)}　{text}"))


def _moved(event: EventRow) -> str:
    is_moved = event.old_due_on is not None and event.new_due_on is not None
    return f"期限 {event.old_due_on} 调整为 {event.new_due_on}　" if is_moved else ""
