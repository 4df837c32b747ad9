"""What the wall lists: urgent projects, nodes falling due, headlines. Every read has a LIMIT."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, false, select

from core.domain.flag_hits import reasons_of
from core.domain.scope import Scope
from core.domain.terms import FlagLevel
from db.models.figures import project_state as state
from db.models.milestone import Milestone
from db.models.organisation import County, Headquarters
from db.models.project import Project
from db.models.system import AuditEvent, StoreHead
from db.queries.scoping import project_scope
from db.rollup import urgencies

_NEWS_LOOKED_AT = 25
NEAR = 400


@dataclass(frozen=True, slots=True)
class UrgentRow:
    """A project on the red or yellow list; *gap_milli_pp* is progress minus 序时 in 1/1000 pp."""

    project_id: int
    name: str
    level: FlagLevel
    reasons: tuple[str, ...]
    gap_milli_pp: int | None
    next_due_on: date | None
    county: str
    headquarters: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """An open node that falls due within the window, with its project's level."""

    planned_on: date
    node: str
    is_key: bool
    project_id: int
    project: str
    county: str
    level: FlagLevel


@dataclass(frozen=True, slots=True)
class HeadlineRow:
    """One audited sentence of the ticker."""

    at: datetime
    text: str


def _listed(scope: Scope) -> ColumnElement[bool]:
    inside = project_scope(scope, state.c.county_id, state.c.headquarters_id, state.c.unit_id)
    return and_(state.c.projects > 0, inside)


def list_urgent(connection: Connection, scope: Scope, level: FlagLevel, limit: int) -> tuple[UrgentRow, ...]:
    """Return the listed projects of *level*, the largest lag first."""
    rows = connection.execute(
        select(
            state.c.project_id,
            Project.name,
            state.c.hits,
            state.c.gap_milli_pp,
            state.c.next_due_on,
            County.name.label("county"),
            Headquarters.short_name,
            Headquarters.name.label("headquarters"),
        )
        .join_from(state, Project, Project.id == state.c.project_id)
        .join(County, County.id == state.c.county_id)
        .join(Headquarters, Headquarters.id == state.c.headquarters_id, isouter=True)
        .where(state.c.urgency.between(*urgencies(level)), _listed(scope))
        .order_by(state.c.urgency, state.c.project_id)
        .limit(limit)
    )
    return tuple(
        UrgentRow(
            project_id=row.project_id,
            name=row.name,
            level=level,
            reasons=reasons_of(row.hits),
            gap_milli_pp=row.gap_milli_pp,
            next_due_on=row.next_due_on,
            county=row.county,
            headquarters=row.short_name or row.headquarters or "",
        )
        for row in rows
    )


def _due(scope: Scope, first_on: date, last_on: date) -> ColumnElement[bool]:
    return and_(Milestone.actual_on.is_(None), Milestone.planned_on.between(first_on, last_on), _listed(scope))


def list_due(connection: Connection, scope: Scope, first_on: date, last_on: date, limit: int) -> tuple[DueRow, ...]:
    """
    Return open nodes of listed projects planned within the window, the earliest and most urgent first.

    Urgency is weighed among the first ``NEAR`` nodes by date only, so that the read stays short in a city of any size.
    """
    near = (
        select(
            Milestone.planned_on,
            Milestone.name.label("node"),
            Milestone.is_key,
            Milestone.project_id,
            Project.name.label("project"),
            County.name.label("county"),
            state.c.level,
            state.c.urgency,
        )
        .join_from(Milestone, state, state.c.project_id == Milestone.project_id)
        .join(Project, Project.id == Milestone.project_id)
        .join(County, County.id == state.c.county_id)
        .where(_due(scope, first_on, last_on))
        .order_by(Milestone.planned_on, Milestone.project_id)
        .limit(NEAR)
        .subquery()
    )
    rows = connection.execute(
        select(near).order_by(near.c.planned_on, near.c.urgency, near.c.project_id, near.c.node).limit(limit)
    )
    return tuple(
        DueRow(
            planned_on=row.planned_on,
            node=row.node,
            is_key=row.is_key,
            project_id=row.project_id,
            project=row.project,
            county=row.county,
            level=FlagLevel(row.level),
        )
        for row in rows
    )


def list_headlines(connection: Connection, scope: Scope, limit: int) -> tuple[HeadlineRow, ...]:
    """
    Return the latest audited headlines, newest first; a narrow scope sees those of its own projects only.

    The newest by number are ordered by their time: rows that were dated back (a demo's past) stand where they belong.
    """
    statement = select(AuditEvent.seq, AuditEvent.at, AuditEvent.headline).where(AuditEvent.headline != "")
    if not scope.everything:
        statement = statement.join(state, state.c.project_id == AuditEvent.project_id).where(
            project_scope(scope, state.c.county_id, state.c.headquarters_id, state.c.unit_id)
        )
    newest = statement.order_by(AuditEvent.seq.desc()).limit(limit * _NEWS_LOOKED_AT).subquery()
    rows = connection.execute(select(newest).order_by(newest.c.at.desc(), newest.c.seq.desc()).limit(limit))
    return tuple(HeadlineRow(row.at, row.headline) for row in rows)


def read_changed_at(connection: Connection) -> datetime | None:
    """Return when the store was last written; None for a store nobody has written to."""
    return connection.execute(select(StoreHead.changed_at)).scalar_one_or_none()


def county_scope(scope: Scope, county: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the clause for rows that belong to a county and to no project (plots, plot tallies)."""
    if scope.everything:
        return county.is_not(None)
    return county.in_(sorted(scope.county_ids)) if scope.county_ids else false()
