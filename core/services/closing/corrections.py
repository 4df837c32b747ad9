"""Corrections (更正) of reports of closed months: proposed with a reason, approved by a second person.

An approved correction changes the live report, and with it the cumulated figures of the months after; the closed
month keeps what it was sealed with.
"""

import json
from collections.abc import Mapping

from core.domain.errors import Invalid, NotFound, PermissionDenied, Problem
from core.domain.period import Month
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_reason
from core.domain.supervision_terms import ApprovalStatus
from core.domain.terms import ReportStatus
from core.domain.units import format_wan
from db.models.closing import ReportCorrection
from db.models.money import InvestmentReport
from db.queries import closing as queries
from db.queries import reports
from db.queries.closing import CorrectionRow
from db.session import read, transaction
from db.transaction import WriteTransaction

FIELDS = ("done_yuan", "statistics_yuan")


def list_corrections(actor: Actor, months: tuple[str, ...] = ()) -> tuple[CorrectionRow, ...]:
    """Return the corrections of the actor's scope, latest first."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return queries.list_corrections(connection, actor.scope, months)


def propose_correction(
    actor: Actor, project_id: int, month: Month, changes: Mapping[str, int], reason: str, document_no: str = ""
) -> int:
    """
    Propose other amounts for a report of a closed month and return the correction's id.

    Args:
        changes: ``done_yuan`` and/or ``statistics_yuan``, whole 元.

    Raises:
        NotFound: The project is outside the actor's scope.
        Invalid: The month is open, nothing differs, no reason, or another correction waits: all problems at once.
    """
    require(actor, Permission.CORRECT_REPORT)
    with transaction(actor) as tx:
        if not queries.is_inside(tx.connection, actor.scope, project_id):
            raise NotFound
        stored = reports.load_reports(tx.connection, [project_id], month).get(project_id)
        old = {name: getattr(stored, name) if stored else None for name in FIELDS}
        new = {name: changes[name] for name in FIELDS if name in changes and changes[name] != old[name]}
        problems = _problems(tx, project_id, month, new, reason)
        if stored is None and "done_yuan" not in new:
            problems.append(Problem("changes", "no_amount", "原来没有月报，请填写本月完成投资。"))
        if problems:
            raise Invalid(problems)
        values = {
            "report_id": stored.id if stored else None,
            "project_id": project_id,
            "month": str(month),
            "old": json.dumps({name: old[name] for name in new}),
            "new": json.dumps(new),
            "reason": reason.strip(),
            "document_no": document_no.strip(),
            "status": ApprovalStatus.PROPOSED.value,
            "proposed_at": tx.at,
            "proposed_by": actor.login,
        }
        return int(tx.insert(ReportCorrection, values, reason=reason.strip()))


def decide_correction(actor: Actor, correction_id: int, approved: bool, note: str, expected_version: int) -> int:
    """
    Approve or reject a correction and return its new version; an approved one changes the live report now.

    Raises:
        NotFound: Outside the actor's scope.
        PermissionDenied: The proposer decides on the own proposal.
        Invalid: It was decided already.
        Conflict: Somebody else decided meanwhile.
    """
    require(actor, Permission.CLOSE_MONTH)
    with transaction(actor) as tx:
        row = queries.find_correction(tx.connection, actor.scope, correction_id)
        if row is None:
            raise NotFound
        if row.proposed_by == actor.login:
            raise PermissionDenied("更正须由另一人审批，提出人不能审批自己的更正。")
        if row.status is not ApprovalStatus.PROPOSED:
            raise Invalid([Problem("status", "decided", f"该更正{row.status.label}，不能再次审批。")])
        decided = ApprovalStatus.APPROVED if approved else ApprovalStatus.REJECTED
        changes = {
            "status": decided.value,
            "decided_at": tx.at,
            "decided_by": actor.login,
            "decision_note": note.strip(),
        }
        version = tx.update(ReportCorrection, correction_id, changes, expected_version=expected_version)
        if approved:
            _apply(tx, row)
        return version


def _problems(
    tx: WriteTransaction, project_id: int, month: Month, new: Mapping[str, int], reason: str
) -> list[Problem]:
    problems = []
    if month not in {row.month for row in queries.list_closed(tx.connection)}:
        problems.append(Problem("month", "open", f"{month.label}还没有月结，请直接修改月报。"))
    if not new:
        problems.append(Problem("changes", "same", "更正后的数值与原来相同，无需更正。"))
    if any(value < 0 for value in new.values()):
        problems.append(Problem("changes", "negative", "更正后的数值不能为负数。"))
    problems += check_reason(reason, asked="请写明更正原因")
    if queries.waiting_for(tx.connection, project_id, month):
        problems.append(Problem("project", "waiting", f"该项目{month.label}已有一份更正待审批，请等待审批后再提。"))
    return problems


def _apply(tx: WriteTransaction, row: CorrectionRow) -> None:
    tx.is_correcting = True
    month, new = Month.parse(row.month), json.loads(row.new)
    told = f"{row.project}{month.label}投资更正"
    if "done_yuan" in new:
        told += f"为 {format_wan(new['done_yuan'])} 万元"
    stored = reports.load_reports(tx.connection, [row.project_id], month).get(row.project_id)
    if stored is not None:
        tx.update(InvestmentReport, stored.id, new, expected_version=None, reason=row.reason, headline=told)
        return
    values = {
        "project_id": row.project_id,
        "year": month.year,
        "month": month.number,
        "status": ReportStatus.LOCKED.value,
        "submitted_at": tx.at,
        "submitted_by": row.proposed_by,
        **new,
    }
    tx.insert(InvestmentReport, values, reason=row.reason, headline=told)
