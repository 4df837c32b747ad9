"""The steps of a case: plan, feedback, verification, extension, interview, 销号. Each is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.domain import rectification as machine
from core.domain.errors import Problem
from core.domain.evidence import EvidenceOwner
from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.permissions import Actor, Permission, require
from core.domain.rectification import Case, Clock
from core.domain.supervision_terms import ProcessKind, RectificationAction, Severity
from core.importers.evidence import EvidenceFile
from core.services.attachments import Upload, attach_in, examined
from core.services.rectifications.rules import clock_at
from core.services.rectifications.writing import (
    MAX_DOCUMENT,
    MAX_TEXT,
    bounded,
    load,
    move,
    note,
    refuse,
    required,
)
from db.models.supervision import ProcessFact
from db.queries.rectifications import CaseRow, visit_summary
from db.session import transaction
from db.transaction import WriteTransaction

_NAME_IN_HEADLINE = 60


@dataclass(frozen=True, slots=True)
class SiteVisit:
    """
    The verification on site (现场核查) that a verdict rests on.

    Attributes:
        happened_on: Day of the visit; not in the future.
        participants: Who went.
        finding: What was found; becomes the verdict.
    """

    happened_on: date | None
    participants: str
    finding: str


def submit_plan(actor: Actor, case_id: int, plan: str, promised_on: date | None, expected_version: int) -> int:
    """
    Hand in the plan (整改方案) with the day by which it will be done; return the case's new version.

    Raises:
        NotFound: Outside the actor's scope.
        Conflict: Somebody took a step meanwhile; nothing was written.
        Invalid: All refused values at once, or another step is due.
    """
    require(actor, Permission.RECTIFY)
    with transaction(actor) as tx:
        row = load(tx, case_id, expected_version, {"plan": plan, "promised_on": promised_on})
        refuse(required("plan", plan, "请填写整改方案：措施、责任人、时间安排。", longest=MAX_TEXT))
        following = machine.submit_plan(row.case, promised_on, _clock(tx))
        return _step(tx, row, following, RectificationAction.PLAN_SUBMITTED, plan, plan=plan.strip())


def return_plan(actor: Actor, case_id: int, reason: str, expected_version: int) -> int:
    """Return the plan to the unit with the reason; return the case's new version."""
    require(actor, Permission.VERIFY_RECTIFICATION)
    with transaction(actor) as tx:
        row = load(tx, case_id, expected_version, {"reason": reason})
        refuse(required("reason", reason, "请写明退回原因和修改要求。"))
        following = machine.return_plan(row.case, _clock(tx))
        return _step(tx, row, following, RectificationAction.PLAN_RETURNED, reason)


def submit_feedback(actor: Actor, case_id: int, feedback: str, files: Sequence[Upload], expected_version: int) -> int:
    """
    Hand in the feedback (整改反馈) with its evidence; return the case's new version.

    The files are examined first and kept with the step in one transaction: all of it, or nothing.

    Raises:
        Invalid: No text, no or unfit files, or another step is due.
    """
    require(actor, Permission.RECTIFY)
    proofs = examined(files)
    with transaction(actor) as tx:
        row = load(tx, case_id, expected_version, {"feedback": feedback})
        problems = required("feedback", feedback, "请填写整改完成情况。", longest=MAX_TEXT)
        if not proofs:
            problems.append(Problem("files", "no_evidence", "请至少附一份佐证材料（现场照片或证明文件）。"))
        refuse(problems)
        following = machine.submit_feedback(row.case, _clock(tx))
        version = move(tx, row, following, feedback=feedback.strip())
        kind = RectificationAction.FEEDBACK_SUBMITTED
        event_id = note(tx, row, kind, text=_short(feedback), new_due_on=following.due_on)
        _attach(tx, EvidenceOwner.RECTIFICATION_EVENT, event_id, proofs)
        return version


def verify(
    actor: Actor, case_id: int, visit: SiteVisit, files: Sequence[Upload], expected_version: int, *, passed: bool
) -> int:
    """
    Record the verification on site: *passed* closes the case out, otherwise it goes back to the unit.

    The visit is kept as a process fact (现场督查) of the case's subject, with its photos.

    Raises:
        Invalid: All refused values at once, or another step is due.
    """
    require(actor, Permission.VERIFY_RECTIFICATION)
    proofs = examined(files)
    with transaction(actor) as tx:
        row = load(tx, case_id, expected_version, {"verdict": visit.finding})
        refuse(_check_visit(visit, tx.as_of.on))
        following = machine.verify(row.case, passed=passed, clock=_clock(tx))
        fact_id = _keep_visit(tx, row, visit, passed=passed)
        _attach(tx, EvidenceOwner.PROCESS_FACT, fact_id, proofs)
        kind = RectificationAction.VERIFIED if passed else RectificationAction.FAILED
        version = _step(tx, row, following, kind, visit.finding, verdict=visit.finding.strip(), headline=passed)
        if passed:
            note(tx, row, RectificationAction.CLOSED)
        return version


def close_out(actor: Actor, case_id: int, reason: str, document_no: str, expected_version: int) -> int:
    """Close a case out without verification, for the reason and by the document given (调出、合并…)."""
    require(actor, Permission.VERIFY_RECTIFICATION)
    with transaction(actor) as tx:
        row = load(tx, case_id, expected_version, {"reason": reason, "document_no": document_no})
        refuse(
            required("reason", reason, "请写明直接销号的原因。")
            + required("document_no", document_no, "直接销号须有批准文件，请填写文号。", longest=MAX_DOCUMENT)
        )
        following = machine.close_out(row.case, _clock(tx))
        version = move(tx, row, following, headline=_closed_headline(row), verdict=reason.strip())
        note(tx, row, RectificationAction.CLOSED, text=reason.strip(), document_no=document_no.strip())
        return version


def request_extension(actor: Actor, case_id: int, until: date | None, reason: str, expected_version: int) -> int:
    """Ask for a later deadline (申请延期); return the case's new version."""
    require(actor, Permission.RECTIFY)
    with transaction(actor) as tx:
        row = load(tx, case_id, expected_version, {"until": until, "reason": reason})
        refuse(required("reason", reason, "请写明延期原因。"))
        following = machine.request_extension(row.case, until, _clock(tx))
        version = move(tx, row, following)
        note(tx, row, RectificationAction.EXTENSION_REQUESTED, text=reason.strip(), new_due_on=until)
        return version


def grant_extension(actor: Actor, case_id: int, until: date | None, remark: str, expected_version: int) -> int:
    """Grant a later deadline, not necessarily the one asked for; return the case's new version."""
    require(actor, Permission.VERIFY_RECTIFICATION)
    with transaction(actor) as tx:
        row = load(tx, case_id, expected_version, {"until": until, "remark": remark})
        refuse(bounded("remark", remark))
        following = machine.grant_extension(row.case, until, _clock(tx))
        return _step(tx, row, following, RectificationAction.EXTENSION_GRANTED, remark)


def refuse_extension(actor: Actor, case_id: int, reason: str, expected_version: int) -> int:
    """Refuse a later deadline with the reason; return the case's new version."""
    require(actor, Permission.VERIFY_RECTIFICATION)
    with transaction(actor) as tx:
        row = load(tx, case_id, expected_version, {"reason": reason})
        refuse(required("reason", reason, "请写明不同意的原因。"))
        following = machine.refuse_extension(row.case)
        return _step(tx, row, following, RectificationAction.EXTENSION_REFUSED, reason)


def interview(actor: Actor, case_id: int, record: str, document_no: str, expected_version: int) -> int:
    """Record that somebody was summoned (约谈) over the case; its step stays. Return the case's version."""
    require(actor, Permission.VERIFY_RECTIFICATION)
    with transaction(actor) as tx:
        row = load(tx, case_id, expected_version, {"record": record, "document_no": document_no})
        refuse(
            required("record", record, "请填写约谈人、被约谈人和要求。")
            + bounded("document_no", document_no, longest=MAX_DOCUMENT)
        )
        machine.require_interview(row.case)
        note(tx, row, RectificationAction.INTERVIEWED, text=record.strip(), document_no=document_no.strip())
        return row.version


def _step(
    tx: WriteTransaction,
    row: CaseRow,
    following: Case,
    kind: RectificationAction,
    text: str,
    *,
    headline: bool = False,
    **columns: str,
) -> int:
    version = move(tx, row, following, headline=_closed_headline(row) if headline else "", **columns)
    note(tx, row, kind, text=_short(text), new_due_on=following.due_on)
    return version


def _clock(tx: WriteTransaction) -> Clock:
    return clock_at(tx.connection, tx.as_of.on)


def _attach(
    tx: WriteTransaction, owner: EvidenceOwner, entity_id: int, files: Sequence[tuple[EvidenceFile, bytes]]
) -> None:
    for file, data in files:
        attach_in(tx, owner, entity_id, file, data)


def _check_visit(visit: SiteVisit, today: date) -> list[Problem]:
    problems = required("participants", visit.participants, "请填写核查人员。", longest=400)
    problems += required("finding", visit.finding, "请填写核查意见。")
    if visit.happened_on is None:
        problems.append(Problem("happened_on", "missing_date", "请填写核查日期。"))
    elif visit.happened_on > today:
        problems.append(Problem("happened_on", "future_date", "核查日期不能晚于今天。"))
    return problems


def _keep_visit(tx: WriteTransaction, row: CaseRow, visit: SiteVisit, *, passed: bool) -> int:
    values = {
        "kind": ProcessKind.INSPECTION.value,
        "subject_kind": row.kind.value,
        "subject_id": row.subject_id,
        "project_id": row.project_id,
        "happened_on": visit.happened_on,
        "participants": visit.participants.strip(),
        "summary": visit_summary(row.code),
        "finding": visit.finding.strip(),
        "severity": (Severity.NONE if passed else Severity.MINOR).value,
        "recorded_at": tx.at,
        "recorded_by": tx.actor.login,
    }
    return int(tx.insert(ProcessFact, values))


def _closed_headline(row: CaseRow) -> str:
    name = row.name if len(row.name) <= _NAME_IN_HEADLINE else f"{row.name[: _NAME_IN_HEADLINE - 1]}…"
    return f"{name} {DEFAULT_SCHEME.mark(row.case.level).word}旗已销号"


def _short(text: str) -> str:
    """Return *text* as an event keeps it; the whole of it stands in the case or the audit."""
    clean = text.strip()
    return clean if len(clean) <= 1000 else f"{clean[:999]}…"
