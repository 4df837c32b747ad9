"""Process facts (过程事实): inspections, patrols, visits and meetings, recorded beside the result facts of a round."""

from datetime import date
from typing import Any

from core.domain.errors import Conflict, Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.process_checks import ProcessDraft, check_mended, check_process
from core.domain.supervision_terms import Severity, SubjectKind
from db.models.supervision import ProcessFact
from db.queries import process_facts as queries
from db.queries.process_facts import ProcessRow
from db.session import current_store, read, transaction
from db.transaction import WriteTransaction

__all__ = [
    "LIMIT",
    "PAGE_SIZE",
    "ProcessDraft",
    "ProcessRow",
    "amend",
    "between",
    "mend",
    "of_subject",
    "record",
    "today",
]
LIMIT = 100
PAGE_SIZE = 50


def of_subject(actor: Actor, kind: SubjectKind, subject_id: int) -> tuple[ProcessRow, ...]:
    """Return the latest ``LIMIT`` facts of one subject; none outside the actor's scope."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return queries.list_of_subject(connection, actor.scope, kind, subject_id, LIMIT)


def between(actor: Actor, first_on: date, last_on: date, page: int = 1) -> tuple[tuple[ProcessRow, ...], bool]:
    """
    Return one page of the facts of a period, latest first, and whether there are more.

    Args:
        first_on: First day, inclusive.
        last_on: Last day, inclusive.
        page: Number from 1; a page holds ``PAGE_SIZE`` facts.
    """
    require(actor, Permission.VIEW_PROJECTS)
    skipped = (max(1, page) - 1) * PAGE_SIZE
    with read() as connection:
        rows = queries.list_between(connection, actor.scope, first_on, last_on, limit=PAGE_SIZE + 1, offset=skipped)
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def record(actor: Actor, kind: SubjectKind, subject_id: int, draft: ProcessDraft) -> int:
    """
    Record what happened to a project, county, headquarters, unit or campaign; return the new id.

    Raises:
        PermissionDenied: The actor may not record process facts.
        NotFound: No such subject inside the actor's scope.
        Invalid: All refused values at once.
    """
    require(actor, Permission.RECORD_PROCESS)
    with transaction(actor) as tx:
        if not queries.has_subject(tx.connection, actor.scope, kind, subject_id):
            raise NotFound
        _refuse(check_process(draft, tx.as_of.on))
        values = {
            **_values(draft),
            "subject_kind": kind.value,
            "subject_id": subject_id,
            "project_id": subject_id if kind is SubjectKind.PROJECT else None,
            "recorded_at": tx.at,
            "recorded_by": actor.login,
        }
        return int(tx.insert(ProcessFact, values))


def amend(actor: Actor, fact_id: int, draft: ProcessDraft, expected_version: int) -> int:
    """
    Correct what was recorded; return the row's new version.

    Raises:
        NotFound: Outside the actor's scope.
        Conflict: Somebody else changed it; nothing was written.
        Invalid: All refused values at once.
    """
    require(actor, Permission.RECORD_PROCESS)
    with transaction(actor) as tx:
        values = _values(draft)
        row = _load(tx, actor, fact_id, expected_version, values)
        problems = check_process(draft, tx.as_of.on)
        if row.mended_on is not None and draft.severity is Severity.NONE:
            text = f"该问题已于 {row.mended_on} 整改完成，不能改为未发现问题。"
            problems.append(Problem("severity", "already_mended", text))
        _refuse(problems)
        return tx.update(ProcessFact, fact_id, values, expected_version=expected_version)


def mend(actor: Actor, fact_id: int, mended_on: date | None, expected_version: int) -> int:
    """
    Record that the finding was mended (整改完成) on *mended_on*; return the row's new version.

    Raises:
        NotFound: Outside the actor's scope.
        Conflict: Somebody else changed it; nothing was written.
        Invalid: Nothing was found, it is mended already, or the day cannot be.
    """
    require(actor, Permission.RECORD_PROCESS)
    with transaction(actor) as tx:
        row = _load(tx, actor, fact_id, expected_version, {"mended_on": mended_on})
        problems = check_mended(mended_on, row.happened_on, tx.as_of.on)
        if row.severity is Severity.NONE:
            problems = [Problem("mended_on", "no_finding", "该记录未发现问题，无需登记整改。")]
        elif row.mended_on is not None:
            problems = [Problem("mended_on", "already_mended", f"该问题已于 {row.mended_on} 登记整改完成。")]
        _refuse(problems)
        return tx.update(ProcessFact, fact_id, {"mended_on": mended_on}, expected_version=expected_version)


def today() -> date:
    """Return the local day that facts are judged against."""
    return current_store().today()


def _values(draft: ProcessDraft) -> dict[str, Any]:
    return {
        "kind": draft.kind.value,
        "happened_on": draft.happened_on,
        "participants": draft.participants.strip(),
        "summary": draft.summary.strip(),
        "finding": draft.finding.strip(),
        "severity": draft.severity.value,
        "due_on": draft.due_on,
    }


def _load(
    tx: WriteTransaction, actor: Actor, fact_id: int, expected_version: int, values: dict[str, Any]
) -> ProcessRow:
    row = queries.find_fact(tx.connection, actor.scope, fact_id)
    if row is None:
        raise NotFound
    if row.version != expected_version:
        raise Conflict({name: getattr(row, name) for name in values}, values)
    return row


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(problems)
