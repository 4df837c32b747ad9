"""After a report was sent in: review it, return it with a reason, lock it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.errors import Conflict, Invalid, Locked, NotFound, Problem
from core.domain.period import Month
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_reason
from core.domain.terms import ReportStatus
from db.models.money import InvestmentReport
from db.queries import reports as queries
from db.queries.reports import ReportFilter, ReportKey
from db.session import transaction
from db.transaction import WriteTransaction


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """How many reports were moved on, and which were not, by project name and why."""

    moved: int
    refused: tuple[Problem, ...]


def review(actor: Actor, reports: Sequence[tuple[int, int]]) -> ReviewOutcome:
    """
    Accept submitted reports (审核通过), all that can be in one transaction.

    Args:
        actor: Who reviews.
        reports: Id and version as seen by the actor.

    Returns:
        The number accepted; a report that changed meanwhile or is in another state is named, not accepted.
    """
    require(actor, Permission.REVIEW_REPORT)
    refused = []
    moved = 0
    with transaction(actor) as tx:
        found = queries.find_reports(tx.connection, actor.scope, [report_id for report_id, _ in reports])
        for report_id, version in reports:
            key = found.get(report_id)
            problem = _why_not(key, version)
            if key is None or problem is not None:
                refused.append(problem or Problem("report", "not_found", NotFound.default_message))
                continue
            changes = {"status": ReportStatus.REVIEWED.value, "reviewed_at": tx.at, "reviewed_by": actor.login}
            tx.update(InvestmentReport, report_id, changes, expected_version=version)
            moved += 1
    return ReviewOutcome(moved, tuple(refused))


def _why_not(key: ReportKey | None, version: int) -> Problem | None:
    if key is None:
        return Problem("report", "not_found", NotFound.default_message)
    if key.version != version:
        return Problem("report", "conflict", f"“{key.project_name}”刚刚被他人修改，未审核。请核对新内容后再审核。")
    if key.status is not ReportStatus.SUBMITTED:
        text = f"“{key.project_name}”当前为“{key.status.label}”，只有“已报”的月报可以审核。"
        return Problem("report", "wrong_status", text)
    return None


def return_for_revision(actor: Actor, report_id: int, reason: str, expected_version: int) -> int:
    """
    Send a report back (退回) and return the row's new version; it stops counting until it is sent in again.

    A locked report goes back only by who may lock.

    Raises:
        NotFound: Outside the actor's scope.
        Locked: Locked, and the actor may not unlock.
        Invalid: No reason given, or nothing was sent in yet.
        Conflict: The report changed since it was read.
    """
    require(actor, Permission.REVIEW_REPORT)
    with transaction(actor) as tx:
        key = _load(tx, actor, report_id)
        if key.version != expected_version:
            raise Conflict({"status": key.status.value}, {"status": ReportStatus.RETURNED.value})
        if key.status is ReportStatus.LOCKED and not actor.can(Permission.LOCK_REPORT):
            raise Locked
        problems = check_reason(reason)
        if key.status in (ReportStatus.MISSING, ReportStatus.RETURNED):
            problems.append(Problem("status", "wrong_status", f"该月报当前为“{key.status.label}”，无需退回。"))
        if problems:
            raise Invalid(problems)
        changes = {
            "status": ReportStatus.RETURNED.value,
            "return_reason": reason.strip(),
            "reviewed_at": tx.at,
            "reviewed_by": actor.login,
        }
        return tx.update(InvestmentReport, report_id, changes, expected_version=expected_version, reason=reason.strip())


def lock_month(actor: Actor, month: Month, wanted: ReportFilter | None = None) -> int:
    """Lock every reviewed report of *month* in the actor's scope and return how many; they refuse edits from now on."""
    require(actor, Permission.LOCK_REPORT)
    with transaction(actor) as tx:
        ready = queries.reviewed_ids(tx.connection, actor.scope, month, tx.as_of.on, wanted or ReportFilter())
        for report_id, version in ready:
            tx.update(InvestmentReport, report_id, {"status": ReportStatus.LOCKED.value}, expected_version=version)
    return len(ready)


def _load(tx: WriteTransaction, actor: Actor, report_id: int) -> ReportKey:
    found = queries.find_reports(tx.connection, actor.scope, [report_id])
    if report_id not in found:
        raise NotFound
    return found[report_id]
