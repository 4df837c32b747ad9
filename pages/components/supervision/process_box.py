"""Process facts of one subject: the list, the form that records one, the form that corrects or mends one."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import streamlit as st

from core.domain.errors import Conflict, WarRoomError
from core.domain.evidence import EvidenceOwner
from core.domain.permissions import Permission
from core.domain.process_checks import MAX_FINDING, MAX_PARTICIPANTS, MAX_SUMMARY
from core.domain.supervision_terms import ProcessKind, Severity, SubjectKind
from core.services import process_facts
from core.services.process_facts import ProcessDraft, ProcessRow
from pages.components import evidence, markup, state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key
from pages.components.supervision import reads

ENTITY = EvidenceOwner.PROCESS_FACT.value
EMPTY = "还没有督查记录。现场督查、巡查暗访、领导调研、调度会商在这里登记。"
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_LABELS = {
    "kind": "类型",
    "happened_on": "发生日期",
    "participants": "参加人员",
    "summary": "情况",
    "finding": "发现的问题",
    "severity": "问题程度",
    "due_on": "整改期限",
}


@dataclass(frozen=True, slots=True)
class Clash:
    """A refused correction: what was typed, and the row that stands now."""

    typed: ProcessDraft
    row: ProcessRow


def draw(frame: Frame, kind: SubjectKind, subject_id: int, rows: tuple[ProcessRow, ...]) -> None:
    """Draw the facts of one subject and, for those who may, the forms."""
    today = frame.version.on
    markup.show("supervision/processes.html", rows=rows, today=today, with_subject=False, empty=EMPTY)
    with_files = tuple(row.id for row in rows if row.photos)
    if with_files:
        evidence.gallery(reads.evidence_of(frame, with_files))
    if not frame.actor.can(Permission.RECORD_PROCESS):
        return
    new, old = st.columns(2) if rows else (st.container(), None)
    with new, st.popover("登记督查记录", icon=":material/add:"):
        _draw_new(frame, kind, subject_id, today)
    if old is not None:
        with old, st.popover("更正或登记整改完成", icon=":material/edit:"):
            _draw_old(frame, rows, today)


def _draw_new(frame: Frame, kind: SubjectKind, subject_id: int, today: date) -> None:
    blank = ProcessDraft(ProcessKind.INSPECTION, today, "", "", "", Severity.NONE, None)
    with st.form(state.variant(Key.PROCESS_FORM, kind.value, subject_id), border=False):
        draft = _fields(blank, state.variant(Key.PROCESS_FORM, kind.value, subject_id))
        files = evidence.uploader(state.variant(Key.PROCESS_FILES, kind.value, subject_id), "现场照片和材料")
        is_sent = st.form_submit_button("保存记录", type="primary")
    if is_sent:
        with telling():
            made = process_facts.record(frame.actor, kind, subject_id, draft)
            _attach(frame, made, files)
            st.rerun()


def _attach(frame: Frame, fact_id: int, files: Sequence[Any]) -> None:
    """Attach *files*; the fact is recorded by now and must not be recorded twice when a file is refused."""
    try:
        evidence.attach_all(frame.actor, ENTITY, fact_id, files)
    except WarRoomError as error:
        notify(f"督查记录已登记，但材料没有全部上传：{error.user_message}请在“更正或登记整改完成”中补充。")
    else:
        notify("督查记录已登记。")


def _draw_old(frame: Frame, rows: tuple[ProcessRow, ...], today: date) -> None:
    clash: Clash | None = state.get(Key.PROCESS_CLASH)
    by_id = {row.id: row for row in rows}
    chosen = st.selectbox(
        "记录",
        list(by_id),
        key=state.variant(Key.PROCESS_CHOSEN, rows[0].subject_kind.value, rows[0].subject_id),
        format_func=lambda number: f"{by_id[number].happened_on} {by_id[number].kind.label}",
    )
    row, typed = by_id[chosen], None
    if clash is not None and clash.row.id == row.id:
        row, typed = clash.row, clash.typed
        _draw_clash(clash)
    name = state.variant(Key.PROCESS_FORM, "old", row.id, row.version, typed is not None)
    with st.form(name, border=False):
        draft = _fields(typed or _draft_of(row), name)
        is_sent = st.form_submit_button("保存更正", type="primary")
    if is_sent:
        _amend(frame, row, draft)
    if row.severity is not Severity.NONE and row.mended_on is None:
        _draw_mend(frame, row, today)
    _draw_files(frame, row)


def _draw_files(frame: Frame, row: ProcessRow) -> None:
    """Offer to add files to a fact, e.g. photos of what was mended."""
    with st.form(state.variant(Key.PROCESS_FILES, "form", row.id, row.photos), border=False):
        files = evidence.uploader(state.variant(Key.PROCESS_FILES, row.id, row.photos), "补充照片和材料")
        is_sent = st.form_submit_button("上传")
    if is_sent and files:
        with telling():
            evidence.attach_all(frame.actor, ENTITY, row.id, files)
            notify("材料已上传。")
            st.rerun()


def _draw_mend(frame: Frame, row: ProcessRow, today: date) -> None:
    with st.form(state.variant(Key.PROCESS_MEND, row.id, row.version), border=False):
        on = st.date_input("整改完成日期", today, min_value=_FIRST_DAY, max_value=_LAST_DAY, format="YYYY-MM-DD")
        is_sent = st.form_submit_button("登记整改完成")
    if is_sent:
        with telling():
            process_facts.mend(frame.actor, row.id, on if isinstance(on, date) else None, row.version)
            notify("整改完成已登记。")
            st.rerun()


def _fields(old: ProcessDraft, name: str) -> ProcessDraft:
    """Draw the inputs; those that depend on one another stand in one form, the service judges them together."""
    days: dict[str, Any] = {"min_value": _FIRST_DAY, "max_value": _LAST_DAY, "format": "YYYY-MM-DD"}
    left, right = st.columns(2)
    kinds, grades = list(ProcessKind), list(Severity)
    kind = left.selectbox(
        _LABELS["kind"], kinds, kinds.index(old.kind), format_func=lambda item: item.label, key=f"{name}_kind"
    )
    on = right.date_input(_LABELS["happened_on"], old.happened_on, key=f"{name}_on", **days)
    participants = st.text_input(
        _LABELS["participants"],
        old.participants,
        key=f"{name}_who",
        max_chars=MAX_PARTICIPANTS,
        placeholder="人员或单位",
    )
    summary = st.text_area(_LABELS["summary"], old.summary, key=f"{name}_summary", height=80, max_chars=MAX_SUMMARY)
    finding = st.text_area(
        _LABELS["finding"],
        old.finding,
        key=f"{name}_finding",
        height=80,
        max_chars=MAX_FINDING,
        placeholder="没有可不填",
    )
    first, second = st.columns(2)
    severity = first.selectbox(
        _LABELS["severity"],
        grades,
        grades.index(old.severity),
        format_func=lambda item: item.label,
        key=f"{name}_grade",
    )
    due = second.date_input(_LABELS["due_on"], old.due_on, key=f"{name}_due", **days)
    return ProcessDraft(
        kind,
        on if isinstance(on, date) else None,
        participants,
        summary,
        finding,
        severity,
        due if isinstance(due, date) else None,
    )


def _draft_of(row: ProcessRow) -> ProcessDraft:
    return ProcessDraft(**{field.name: getattr(row, field.name) for field in fields(ProcessDraft)})


def _amend(frame: Frame, row: ProcessRow, draft: ProcessDraft) -> None:
    with telling():
        try:
            process_facts.amend(frame.actor, row.id, draft, row.version)
        except Conflict:
            now = process_facts.of_subject(frame.actor, row.subject_kind, row.subject_id)
            latest = next(item for item in now if item.id == row.id)
            state.put(Key.PROCESS_CLASH, Clash(draft, latest))
        else:
            state.take(Key.PROCESS_CLASH)
            notify("督查记录已更正。")
        st.rerun()


def _draw_clash(clash: Clash) -> None:
    theirs, mine = _draft_of(clash.row), clash.typed
    lines = [(label, _shown(getattr(theirs, name)), _shown(getattr(mine, name))) for name, label in _LABELS.items()]
    markup.show("desk/conflict.html", who="", lines=[line for line in lines if line[1] != line[2]], moved=[])
    if st.button("采用对方版本", key=state.variant(Key.PROCESS_CLASH, clash.row.id)):
        state.take(Key.PROCESS_CLASH)
        st.rerun()
    st.caption("下面保留了您填写的内容，再次保存即以您的为准。")


def _shown(value: Any) -> str:
    return str(getattr(value, "label", value) or "")
