"""Sponsor leaders (包保领导) and their projects inside a scope: assignments, visits, promises. Set-based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select

from core.domain.scope import Scope
from core.domain.sponsors import VISIT_SOURCE, Promise, SponsorLink, Visit
from core.domain.supervision_terms import ProcessKind
from core.domain.terms import AssignmentRole, FlagLevel, MatterKind, MatterStatus, Stage
from db.models.access import User
from db.models.figures import project_state
from db.models.matter import Matter
from db.models.organisation import Person, Unit
from db.models.project import Assignment, Project
from db.models.supervision import FlagDecision, ProcessFact
from db.queries.flags_of_record import of_record
from db.queries.matter_targets import ProjectTarget
from db.queries.matters import OPEN, next_due_on
from db.queries.scoping import project_scope

_SOLVED = (MatterStatus.RESOLVED.value, MatterStatus.CLOSED_OUT.value)
_state = project_state.c
_inside_columns = (Project.county_id, Project.headquarters_id, Project.responsible_unit_id)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the ledger with title and unit."""

    id: int
    name: str
    title: str
    unit_name: str
    phone: str


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One assignment as it is edited; *to_on* is the first day on which it is over."""

    id: int
    version: int
    project_id: int
    project_code: str
    project_name: str
    person_id: int
    from_on: date | None
    to_on: date | None


def _is_sponsor() -> ColumnElement[bool]:
    return Assignment.role == AssignmentRole.SPONSOR_LEADER.value


def list_links(
    connection: Connection,
    scope: Scope,
    since: date,
    person_ids: Sequence[int] | None = None,
    project_ids: Sequence[int] | None = None,
) -> list[SponsorLink]:
    """
    Return the assignments of sponsor leaders in force on or after *since*, to projects inside *scope*.

    The flag is that of the latest published round, where there is none the live one.

    Args:
        person_ids: Only those of these people; None = of everybody.
        project_ids: Only those to these projects; None = to all.
    """
    query = (
        select(
            Assignment.person_id,
            Assignment.project_id,
            Assignment.from_on,
            Assignment.to_on,
            Project.stage,
            Project.started_on,
            Project.completed_on,
            func.coalesce(FlagDecision.level, _state.level),
            _state.annual_plan_yuan,
            _state.curve_due_yuan,
            _state.ytd_done_yuan,
        )
        .join(Project, Project.id == Assignment.project_id)
        .join(project_state, _state.project_id == Project.id)
        .join(FlagDecision, of_record(_state.project_id), isouter=True)
        .where(
            _is_sponsor(),
            Assignment.person_id.is_not(None),
            or_(Assignment.to_on.is_(None), Assignment.to_on > since),
            project_scope(scope, *_inside_columns),
        )
    )
    if person_ids is not None:
        query = query.where(Assignment.person_id.in_(person_ids))
    if project_ids is not None:
        query = query.where(Assignment.project_id.in_(project_ids))
    return [
        SponsorLink(row[0], row[1], row[2], row[3], Stage(row[4]), row[5], row[6], FlagLevel(row[7]), *row[8:])
        for row in connection.execute(query.order_by(Assignment.id))
    ]


def list_visits(
    connection: Connection, scope: Scope, since: date | None, project_ids: Sequence[int] | None = None
) -> list[Visit]:
    """Return the leaders' visits (领导调研) to projects inside *scope* since a day (None = ever), by day."""
    query = (
        select(ProcessFact.project_id, ProcessFact.happened_on, ProcessFact.participants)
        .join(Project, Project.id == ProcessFact.project_id)
        .where(ProcessFact.kind == ProcessKind.LEADER_VISIT.value, project_scope(scope, *_inside_columns))
    )
    if since is not None:
        query = query.where(ProcessFact.happened_on >= since)
    if project_ids is not None:
        query = query.where(ProcessFact.project_id.in_(project_ids))
    rows = connection.execute(query.order_by(ProcessFact.happened_on, ProcessFact.id))
    return [Visit(key, on, participants) for key, on, participants in rows if key is not None]


def _promised(scope: Scope, columns: Sequence[Any], names: Sequence[str] | None) -> Select[*tuple[Any, ...]]:
    query = (
        select(*columns)
        .join(Project, Project.id == Matter.project_id)
        .where(
            Matter.kind == MatterKind.PROBLEM.value,
            Matter.source == VISIT_SOURCE,
            Matter.status != MatterStatus.MERGED.value,
            project_scope(scope, *_inside_columns),
        )
    )
    return query if names is None else query.where(Matter.raised_by.in_(names))


def list_promises(
    connection: Connection, scope: Scope, today: date, names: Sequence[str] | None = None
) -> list[Promise]:
    """Return the problems that leaders took up on visits to projects inside *scope*; *names* narrows to theirs."""
    is_solved = case((or_(Matter.closed_on.is_not(None), Matter.status.in_(_SOLVED)), 1), else_=0)
    is_late = case((OPEN & (next_due_on < today), 1), else_=0)
    query = _promised(scope, (Matter.raised_by, Matter.project_id, is_solved, is_late), names)
    return [Promise(row[0], row[1], bool(row[2]), bool(row[3])) for row in connection.execute(query)]


def list_promise_ids(
    connection: Connection, scope: Scope, name: str, project_ids: Sequence[int], limit: int
) -> list[int]:
    """Return the ids of what *name* took up in *project_ids*: open ones by their deadline, then the latest ended."""
    query = _promised(scope, (Matter.id,), [name]).where(Matter.project_id.in_(project_ids))
    is_ended = case((OPEN, 0), else_=1)
    return list(connection.scalars(query.order_by(is_ended, next_due_on, Matter.id.desc()).limit(limit)))


def count_problems(connection: Connection, project_ids: Sequence[int], today: date) -> dict[int, tuple[int, int]]:
    """Return the open problems of projects, and how many of them are overdue; the caller has checked the scope."""
    is_late = case((next_due_on < today, 1), else_=0)
    query = (
        select(Matter.project_id, func.count(), func.sum(is_late))
        .where(Matter.project_id.in_(project_ids), Matter.kind == MatterKind.PROBLEM.value, OPEN)
        .group_by(Matter.project_id)
    )
    return {key: (int(count), int(late or 0)) for key, count, late in connection.execute(query)}


def project_targets(connection: Connection, project_ids: Sequence[int]) -> dict[int, ProjectTarget]:
    """Return projects as matters belong to them, by id; the caller has checked the scope."""
    rows = connection.execute(select(Project.id, Project.county_id).where(Project.id.in_(project_ids)))
    return {row.id: ProjectTarget(row.id, row.county_id) for row in rows}


def find_people(connection: Connection, person_ids: Sequence[int]) -> dict[int, PersonRow]:
    """Return people by id."""
    query = _people().where(Person.id.in_(person_ids))
    return {row.id: PersonRow(*row) for row in connection.execute(query)}


def search_people(connection: Connection, text: str, limit: int) -> list[PersonRow]:
    """Return people whose name holds *text*, by name; *limit* of them."""
    query = _people().where(Person.name.contains(text, autoescape=True)).order_by(Person.name, Person.id).limit(limit)
    return [PersonRow(*row) for row in connection.execute(query)]


def _people() -> Select[*tuple[Any, ...]]:
    unit = func.coalesce(Unit.name, "").label("unit_name")
    columns = (Person.id, Person.name, Person.title, unit, Person.phone)
    return select(*columns).join(Unit, Unit.id == Person.unit_id, isouter=True)


def person_of_user(connection: Connection, user_id: int) -> int | None:
    """Return the person who signs in with an account; None while it is linked to nobody."""
    return connection.execute(select(User.person_id).where(User.id == user_id)).scalar_one_or_none()


def _assignments(scope: Scope) -> Select[*tuple[Any, ...]]:
    own = Assignment
    return (
        select(own.id, own.version, own.project_id, Project.code, Project.name, own.person_id, own.from_on, own.to_on)
        .join(Project, Project.id == own.project_id)
        .where(_is_sponsor(), own.person_id.is_not(None), project_scope(scope, *_inside_columns))
    )


def list_assignments(connection: Connection, scope: Scope, person_id: int, limit: int) -> list[AssignmentRow]:
    """Return the assignments a person ever had as sponsor leader: those in force first, by project."""
    query = _assignments(scope).where(Assignment.person_id == person_id)
    query = query.order_by(Assignment.to_on.is_not(None), Project.name, Assignment.id).limit(limit)
    return [AssignmentRow(*row) for row in connection.execute(query)]


def find_assignment(connection: Connection, scope: Scope, assignment_id: int) -> AssignmentRow | None:
    """Return one assignment of a sponsor leader to a project inside *scope*."""
    row = connection.execute(_assignments(scope).where(Assignment.id == assignment_id)).one_or_none()
    return AssignmentRow(*row) if row else None


def list_of_project(connection: Connection, scope: Scope, project_id: int) -> list[AssignmentRow]:
    """Return all assignments of sponsor leaders that a project inside *scope* ever had, oldest first."""
    query = _assignments(scope).where(Assignment.project_id == project_id).order_by(Assignment.id)
    return [AssignmentRow(*row) for row in connection.execute(query)]
