"""Closed months and corrections: what was sealed, when, by whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from core.domain.period import Month
from core.domain.scope import Scope
from core.domain.supervision_terms import ApprovalStatus
from db.models.closing import MonthArchivePart, MonthClose, ReportCorrection
from db.models.project import Project
from db.models.system import AuditEvent
from db.queries.scoping import project_scope

# Rows whose change after the copy was made would make it tell another month than the one that is sealed.
_MONEY = ("investment_report", "investment_plan", "annual_plan")


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """One closed month; *sha256* is that of its compressed archive."""

    month: Month
    figures_on: date
    closed_at: datetime
    closed_by: str
    sealed_seq: int
    sha256: str
    size_bytes: int
    note: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction with the project's name; *old* and *new* are JSON of the changed fields."""

    id: int
    report_id: int | None
    project_id: int
    project: str
    month: str
    old: str
    new: str
    reason: str
    document_no: str
    status: ApprovalStatus
    proposed_at: datetime
    proposed_by: str
    decided_by: str
    decision_note: str
    version: int


def list_closed(connection: Connection) -> tuple[ClosedMonth, ...]:
    """Return the closed months, latest first."""
    row = MonthClose
    query = select(
        row.month, row.figures_on, row.closed_at, row.closed_by, row.sealed_seq, row.sha256, row.size_bytes, row.note
    ).order_by(row.month.desc())
    return tuple(ClosedMonth(Month.parse(found[0]), *found[1:]) for found in connection.execute(query))


def archive_parts(connection: Connection, month: Month) -> Iterator[bytes]:
    """Yield the pieces of a month's archive in their order, one at a time."""
    part = MonthArchivePart
    last = connection.execute(select(func.max(part.number)).where(part.month == str(month))).scalar_one()
    for number in range(1, (last or 0) + 1):
        query = select(part.content).where(part.month == str(month), part.number == number)
        yield connection.execute(query).scalar_one()


def money_moved_since(connection: Connection, seq: int) -> bool:
    """Return whether a report or plan was written after audit row *seq*."""
    query = select(AuditEvent.seq).where(AuditEvent.seq > seq, AuditEvent.entity.in_(_MONEY)).limit(1)
    return connection.execute(query).first() is not None


def list_corrections(
    connection: Connection, scope: Scope, months: tuple[str, ...] = (), status: ApprovalStatus | None = None
) -> tuple[CorrectionRow, ...]:
    """Return the corrections of projects inside *scope*, latest first."""
    row = ReportCorrection
    tests = [project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)]
    if months:
        tests.append(row.month.in_(months))
    if status is not None:
        tests.append(row.status == status.value)
    query = (
        select(
            row.id,
            row.report_id,
            row.project_id,
            Project.name,
            row.month,
            row.old,
            row.new,
            row.reason,
            row.document_no,
            row.status,
            row.proposed_at,
            row.proposed_by,
            row.decided_by,
            row.decision_note,
            row.version,
        )
        .join_from(row, Project, Project.id == row.project_id)
        .where(and_(*tests))
        .order_by(row.id.desc())
    )
    return tuple(_correction(*values) for values in connection.execute(query))


def _correction(*values: Any) -> CorrectionRow:
    parts = list(values)
    parts[9] = ApprovalStatus(parts[9])
    return CorrectionRow(*parts)


def find_correction(connection: Connection, scope: Scope, correction_id: int) -> CorrectionRow | None:
    """Return one correction inside *scope*."""
    return next((row for row in list_corrections(connection, scope) if row.id == correction_id), None)


def is_inside(connection: Connection, scope: Scope, project_id: int) -> bool:
    """Return whether there is such a project inside *scope*."""
    inside = project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)
    return connection.execute(select(Project.id).where(Project.id == project_id, inside)).first() is not None


def waiting_for(connection: Connection, project_id: int, month: Month) -> bool:
    """Return whether a correction of this report waits for a decision."""
    row = ReportCorrection
    query = select(row.id).where(
        row.project_id == project_id,
        row.month == str(month),
        row.status == ApprovalStatus.PROPOSED.value,
    )
    return connection.execute(query).first() is not None
