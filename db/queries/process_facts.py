"""Process facts (过程事实) with the names of their subjects, inside a scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from core.domain.evidence import EvidenceOwner
from core.domain.scope import Scope
from core.domain.supervision_terms import ProcessKind, Severity, SubjectKind
from db.models.access import User
from db.models.campaign import Campaign
from db.models.evidence import Attachment
from db.models.organisation import County, Headquarters, Unit
from db.models.project import Project
from db.models.supervision import ProcessFact
from db.queries.scoping import project_scope

ENTITY = EvidenceOwner.PROCESS_FACT.value
_fact = ProcessFact


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One process fact; *photos* counts what is attached to it, *recorded_by* is a shown name."""

    id: int
    version: int
    kind: ProcessKind
    subject_kind: SubjectKind
    subject_id: int
    subject_name: str
    project_id: int | None
    happened_on: date
    participants: str
    summary: str
    finding: str
    severity: Severity
    due_on: date | None
    mended_on: date | None
    recorded_at: datetime
    recorded_by: str
    photos: int

    def is_late(self, today: date) -> bool:
        """Whether its finding should have been mended before *today* and is not."""
        return self.mended_on is None and self.due_on is not None and self.due_on < today


def _own(kind: SubjectKind) -> Any:
    """The subject's id where it is of *kind*, else NULL."""
    return case((_fact.subject_kind == kind.value, _fact.subject_id))


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    county = func.coalesce(Project.county_id, Campaign.county_id, _own(SubjectKind.COUNTY))
    headquarters = func.coalesce(Project.headquarters_id, Campaign.headquarters_id, _own(SubjectKind.HEADQUARTERS))
    unit = func.coalesce(Project.responsible_unit_id, Campaign.lead_unit_id, _own(SubjectKind.UNIT))
    return project_scope(scope, county, headquarters, unit)


def _selected(scope: Scope) -> Select[*tuple[Any, ...]]:
    photos = (
        select(func.count())
        .where(Attachment.entity == ENTITY, Attachment.entity_id == _fact.id, Attachment.is_withdrawn.is_(False))
        .correlate(_fact)
        .scalar_subquery()
    )
    name = func.coalesce(Project.name, County.name, Headquarters.name, Unit.name, Campaign.name, "")
    kind = _fact.subject_kind
    return (
        select(
            *(column for column in _fact.__table__.columns if column.name != "recorded_by"),
            name.label("subject_name"),
            func.coalesce(User.name, _fact.recorded_by).label("recorded_by"),
            photos.label("photos"),
        )
        .select_from(_fact)
        .join(Project, Project.id == _fact.project_id, isouter=True)
        .join(County, and_(kind == SubjectKind.COUNTY.value, County.id == _fact.subject_id), isouter=True)
        .join(
            Headquarters,
            and_(kind == SubjectKind.HEADQUARTERS.value, Headquarters.id == _fact.subject_id),
            isouter=True,
        )
        .join(Unit, and_(kind == SubjectKind.UNIT.value, Unit.id == _fact.subject_id), isouter=True)
        .join(Campaign, and_(kind == SubjectKind.CAMPAIGN.value, Campaign.id == _fact.subject_id), isouter=True)
        .join(User, User.login == _fact.recorded_by, isouter=True)
        .where(_in_scope(scope))
    )


def _rows(connection: Connection, query: Select[*tuple[Any, ...]]) -> tuple[ProcessRow, ...]:
    return tuple(
        ProcessRow(
            **{
                **row,
                "kind": ProcessKind(row["kind"]),
                "subject_kind": SubjectKind(row["subject_kind"]),
                "severity": Severity(row["severity"]),
            }
        )
        for row in connection.execute(query).mappings()
    )


_LATEST_FIRST = (_fact.happened_on.desc(), _fact.id.desc())


def find_fact(connection: Connection, scope: Scope, fact_id: int) -> ProcessRow | None:
    """Return one fact inside *scope*."""
    return next(iter(_rows(connection, _selected(scope).where(_fact.id == fact_id))), None)


def list_of_subject(
    connection: Connection, scope: Scope, kind: SubjectKind, subject_id: int, limit: int
) -> tuple[ProcessRow, ...]:
    """Return the facts of one subject, the latest first."""
    query = _selected(scope).where(_fact.subject_kind == kind.value, _fact.subject_id == subject_id)
    return _rows(connection, query.order_by(*_LATEST_FIRST).limit(limit))


def list_visits(
    connection: Connection, scope: Scope, project_ids: Sequence[int], name: str, limit: int
) -> tuple[ProcessRow, ...]:
    """Return the leaders' visits to *project_ids* whose participants name *name*, the latest first."""
    query = _selected(scope).where(
        _fact.kind == ProcessKind.LEADER_VISIT.value,
        _fact.project_id.in_(project_ids),
        _fact.participants.contains(name, autoescape=True),
    )
    return _rows(connection, query.order_by(*_LATEST_FIRST).limit(limit))


def list_between(
    connection: Connection, scope: Scope, first_on: date, last_on: date, *, limit: int, offset: int = 0
) -> tuple[ProcessRow, ...]:
    """Return the facts that happened from *first_on* to *last_on*, the latest first."""
    query = _selected(scope).where(_fact.happened_on.between(first_on, last_on))
    return _rows(connection, query.order_by(*_LATEST_FIRST).limit(limit).offset(offset))


_ORGANISATIONS: dict[SubjectKind, tuple[InstrumentedAttribute[int], str]] = {
    SubjectKind.COUNTY: (County.id, "county_ids"),
    SubjectKind.HEADQUARTERS: (Headquarters.id, "headquarters_ids"),
    SubjectKind.UNIT: (Unit.id, "unit_ids"),
}


def has_subject(connection: Connection, scope: Scope, kind: SubjectKind, subject_id: int) -> bool:
    """Return whether the subject exists and lies inside *scope*."""
    if kind is SubjectKind.PROJECT:
        inside = project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)
        query: Select[Any] = select(Project.id).where(Project.id == subject_id, inside)
    elif kind is SubjectKind.CAMPAIGN:
        owned = project_scope(scope, Campaign.county_id, Campaign.headquarters_id, Campaign.lead_unit_id)
        query = select(Campaign.id).where(Campaign.id == subject_id, owned)
    elif kind in _ORGANISATIONS:
        key, ids = _ORGANISATIONS[kind]
        allowed: Sequence[int] = sorted(getattr(scope, ids))
        inside = true() if scope.everything else or_(false(), *(key == number for number in allowed))
        query = select(key).where(key == subject_id, inside)
    else:
        return False
    return connection.execute(query).first() is not None
