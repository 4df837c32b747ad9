"""What the wall lists: urgent projects, nodes falling due, headlines, the year's months. Every read has a LIMIT."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, false, func, select

from core.domain.scope import Scope
from core.domain.terms import FlagLevel
from db.models.figures import project_state as state
from db.models.milestone import Milestone
from db.models.money import InvestmentPlan, InvestmentReport
from db.models.organisation import County, Headquarters
from db.models.project import Project
from db.models.system import AuditEvent, StoreHead
from db.queries.facts_statements import COUNTED_STATUSES
from db.queries.scoping import project_scope

MONTHS = range(1, 13)


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


@dataclass(frozen=True, slots=True)
class MonthSums:
    """Σ of the listed projects by month, 元; *unscheduled_plan_yuan* is the annual plan that has no month plan."""

    plan_yuan: tuple[int, ...]
    done_yuan: tuple[int, ...]
    unscheduled_plan_yuan: int


def _listed(scope: Scope) -> ColumnElement[bool]:
    inside = project_scope(scope, state.c.county_id, state.c.headquarters_id, state.c.unit_id)
    return and_(state.c.projects > 0, inside)


def list_urgent(connection: Connection, scope: Scope, level: FlagLevel, limit: int) -> tuple[UrgentRow, ...]:
    """Return the listed projects of *level*, the largest lag first."""
    rows = connection.execute(
        select(
            state.c.project_id,
            Project.name,
            state.c.reasons,
            state.c.gap_milli_pp,
            state.c.next_due_on,
            County.name.label("county"),
            Headquarters.short_name,
            Headquarters.name.label("headquarters"),
        )
        .join_from(state, Project, Project.id == state.c.project_id)
        .join(County, County.id == state.c.county_id)
        .join(Headquarters, Headquarters.id == state.c.headquarters_id, isouter=True)
        .where(state.c.level == level.value, _listed(scope))
        .order_by(state.c.urgency, state.c.project_id)
        .limit(limit)
    )
    return tuple(
        UrgentRow(
            project_id=row.project_id,
            name=row.name,
            level=level,
            reasons=tuple(json.loads(row.reasons)),
            gap_milli_pp=row.gap_milli_pp,
            next_due_on=row.next_due_on,
            county=row.county,
            headquarters=row.short_name or row.headquarters or "",
        )
        for row in rows
    )


def _due(scope: Scope, first_on: date, last_on: date) -> ColumnElement[bool]:
    return and_(Milestone.actual_on.is_(None), Milestone.planned_on.between(first_on, last_on), _listed(scope))


def count_due(connection: Connection, scope: Scope, first_on: date, last_on: date) -> int:
    """Return how many open nodes of listed projects are planned within the window, both days inclusive."""
    count = (
        select(func.count())
        .select_from(Milestone)
        .join(state, state.c.project_id == Milestone.project_id)
        .where(_due(scope, first_on, last_on))
    )
    return int(connection.execute(count).scalar_one())


def list_due(connection: Connection, scope: Scope, first_on: date, last_on: date, limit: int) -> tuple[DueRow, ...]:
    """Return open nodes of listed projects planned within the window, the earliest and most urgent first."""
    rows = connection.execute(
        select(
            Milestone.planned_on,
            Milestone.name.label("node"),
            Milestone.is_key,
            Milestone.project_id,
            Project.name.label("project"),
            County.name.label("county"),
            state.c.level,
        )
        .join_from(Milestone, state, state.c.project_id == Milestone.project_id)
        .join(Project, Project.id == Milestone.project_id)
        .join(County, County.id == state.c.county_id)
        .where(_due(scope, first_on, last_on))
        .order_by(Milestone.planned_on, state.c.urgency, Milestone.id)
        .limit(limit)
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
    """Return the latest audited headlines, newest first; a narrow scope sees those of its own projects only."""
    statement = select(AuditEvent.at, AuditEvent.headline).where(AuditEvent.headline != "")
    if not scope.everything:
        statement = statement.join(state, state.c.project_id == AuditEvent.project_id).where(
            project_scope(scope, state.c.county_id, state.c.headquarters_id, state.c.unit_id)
        )
    rows = connection.execute(statement.order_by(AuditEvent.seq.desc()).limit(limit))
    return tuple(HeadlineRow(row.at, row.headline) for row in rows)


def month_sums(connection: Connection, scope: Scope, year: int) -> MonthSums:
    """Return planned and done investment by month of *year* over the listed projects with an annual plan."""
    planned = and_(_listed(scope), state.c.annual_plan_yuan > 0)
    plan = connection.execute(
        select(InvestmentPlan.month, func.sum(InvestmentPlan.plan_yuan))
        .join(state, state.c.project_id == InvestmentPlan.project_id)
        .where(InvestmentPlan.year == year, planned)
        .group_by(InvestmentPlan.month)
    )
    done = connection.execute(
        select(InvestmentReport.month, func.sum(InvestmentReport.done_yuan))
        .join(state, state.c.project_id == InvestmentReport.project_id)
        .where(InvestmentReport.year == year, InvestmentReport.status.in_(COUNTED_STATUSES), _listed(scope))
        .group_by(InvestmentReport.month)
    )
    scheduled = exists().where(InvestmentPlan.project_id == state.c.project_id, InvestmentPlan.year == year)
    rest = connection.execute(
        select(func.coalesce(func.sum(state.c.annual_plan_yuan), 0)).where(planned, ~scheduled)
    ).scalar_one()
    return MonthSums(_by_month(plan), _by_month(done), int(rest))


def _by_month(rows: Iterable[Row[int, int]]) -> tuple[int, ...]:
    sums = {month: int(yuan) for month, yuan in rows}
    return tuple(sums.get(month, 0) for month in MONTHS)


def read_changed_at(connection: Connection) -> datetime | None:
    """Return when the store was last written; None for a store nobody has written to."""
    return connection.execute(select(StoreHead.changed_at)).scalar_one_or_none()


def county_scope(scope: Scope, county: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the clause for rows that belong to a county and to no project (plots, plot tallies)."""
    if scope.everything:
        return county.is_not(None)
    return county.in_(sorted(scope.county_ids)) if scope.county_ids else false()
