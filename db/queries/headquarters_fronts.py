"""The fronts of every headquarters at once: urgent projects, nodes due, open problems, so many of each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, func, select

from core.domain.flag_hits import reasons_of
from core.domain.scope import Scope
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel, MatterKind
from db.models.figures import project_state as state
from db.models.matter import Matter
from db.models.milestone import Milestone
from db.models.organisation import County, Unit
from db.models.project import Project
from db.models.supervision import FlagDecision
from db.queries.matters import OPEN, matter_scope, next_due_on
from db.queries.scoping import project_scope
from db.queries.wall import DueRow
from db.rollup import urgencies

# Red and yellow lie side by side in the sorting key.
_FLAGGED = (urgencies(FlagLevel.SEVERE)[0], urgencies(FlagLevel.WARN)[1])


@dataclass(frozen=True, slots=True)
class FlaggedRow:
    """A red or yellow project with its reasons, worst first."""

    project_id: int
    name: str
    level: FlagLevel
    reasons: tuple[str, ...]
    county: str


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """An open problem of a project, with the day its present step is due."""

    id: int
    title: str
    project_id: int
    project: str
    unit: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Problems:
    """The open problems of a headquarters: how many, how many of them overdue, and the first ones by deadline."""

    total: int = 0
    overdue: int = 0
    rows: tuple[ProblemRow, ...] = ()


def _owned(column: Any, headquarters_id: int | None) -> ColumnElement[bool]:
    """One headquarters, or any."""
    own: ColumnElement[bool] = column.is_not(None) if headquarters_id is None else column == headquarters_id
    return own


def _inside(scope: Scope, headquarters_id: int | None) -> ColumnElement[bool]:
    within = project_scope(scope, state.c.county_id, state.c.headquarters_id, state.c.unit_id)
    return and_(state.c.projects > 0, within, _owned(state.c.headquarters_id, headquarters_id))


def flagged_by_headquarters(
    connection: Connection, scope: Scope, per: int, round_id: int | None, headquarters_id: int | None = None
) -> dict[int, tuple[FlaggedRow, ...]]:
    """
    Return the first *per* red and yellow projects of each headquarters (of one when it is given), the worst first.

    Args:
        round_id: The published round whose flags are the flags of record; None = the live computation.
    """
    first = _of_record(scope, round_id, headquarters_id) if round_id else _live(scope, headquarters_id)
    query = (
        select(
            first.c.headquarters_id, first.c.project_id, Project.name, first.c.level, first.c.hits,
            County.name.label("county"),
        )
        .join(Project, Project.id == first.c.project_id)
        .join(County, County.id == first.c.county_id)
        .where(first.c.place <= per)
        .order_by(first.c.headquarters_id, first.c.place)
    )  # fmt: skip
    found: dict[int, list[FlaggedRow]] = {}
    for row in connection.execute(query):
        line = FlaggedRow(row.project_id, row.name, FlagLevel(row.level), reasons_of(row.hits), row.county)
        found.setdefault(row.headquarters_id, []).append(line)
    return {key: tuple(rows) for key, rows in found.items()}


def _live(scope: Scope, headquarters_id: int | None) -> Subquery:
    own = state.c
    place = func.row_number().over(partition_by=own.headquarters_id, order_by=(own.urgency, own.project_id))
    return (
        select(own.project_id, own.headquarters_id, own.county_id, own.level, own.hits, place.label("place"))
        .where(_inside(scope, headquarters_id), own.urgency.between(*_FLAGGED))
        .subquery()
    )


def _of_record(scope: Scope, round_id: int, headquarters_id: int | None) -> Subquery:
    own = FlagDecision
    place = func.row_number().over(partition_by=own.headquarters_id, order_by=(own.urgency, own.subject_id))
    inside = project_scope(scope, own.county_id, own.headquarters_id, own.unit_id)
    return (
        select(
            own.subject_id.label("project_id"), own.headquarters_id, own.county_id, own.level, own.hits,
            place.label("place"),
        )
        .where(
            own.round_id == round_id,
            own.subject_kind == SubjectKind.PROJECT.value,
            own.urgency.between(*_FLAGGED),
            _owned(own.headquarters_id, headquarters_id),
            inside,
        )
        .subquery()
    )  # fmt: skip


def due_by_headquarters(
    connection: Connection, scope: Scope, until: date, per: int, headquarters_id: int | None = None
) -> dict[int, tuple[DueRow, ...]]:
    """Return the first *per* open nodes planned up to *until* of each headquarters, overdue ones included."""
    place = func.row_number().over(
        partition_by=state.c.headquarters_id,
        order_by=(Milestone.planned_on, Milestone.is_key.desc(), Milestone.id),
    )
    nodes = (
        select(
            state.c.headquarters_id, Milestone.planned_on, Milestone.name.label("node"), Milestone.is_key,
            Milestone.project_id, state.c.county_id, state.c.level, place.label("place"),
        )
        .join(Milestone, Milestone.project_id == state.c.project_id)
        .where(_inside(scope, headquarters_id), Milestone.actual_on.is_(None), Milestone.planned_on <= until)
        .subquery()
    )  # fmt: skip
    query = (
        select(nodes, Project.name.label("project"), County.name.label("county"))
        .join(Project, Project.id == nodes.c.project_id)
        .join(County, County.id == nodes.c.county_id)
        .where(nodes.c.place <= per)
        .order_by(nodes.c.headquarters_id, nodes.c.place)
    )
    found: dict[int, list[DueRow]] = {}
    for row in connection.execute(query):
        line = DueRow(
            row.planned_on, row.node, row.is_key, row.project_id, row.project, row.county, FlagLevel(row.level)
        )
        found.setdefault(row.headquarters_id, []).append(line)
    return {key: tuple(rows) for key, rows in found.items()}


def problems_by_headquarters(connection: Connection, scope: Scope, today: date, per: int) -> dict[int, Problems]:
    """Return the open problems of every headquarters inside *scope*, counted as the problem list counts them."""
    late = case((next_due_on < today, 1), else_=0)
    whole: dict[str, Any] = {"partition_by": Project.headquarters_id}
    place = func.row_number().over(**whole, order_by=(next_due_on.is_(None), next_due_on, Matter.id))
    ranked = (
        select(
            Matter.id, Matter.title, Matter.project_id, Matter.lead_unit_id, Project.headquarters_id,
            Project.name.label("project"), next_due_on.label("due_on"), place.label("place"),
            func.count().over(**whole).label("total"), func.sum(late).over(**whole).label("overdue"),
        )
        .join(Project, Project.id == Matter.project_id)
        .where(
            OPEN, Matter.kind == MatterKind.PROBLEM.value, Project.headquarters_id.is_not(None), matter_scope(scope)
        )
        .subquery()
    )  # fmt: skip
    query = (
        select(ranked, func.coalesce(Unit.name, "").label("unit"))
        .join(Unit, Unit.id == ranked.c.lead_unit_id, isouter=True)
        .where(ranked.c.place <= per)
        .order_by(ranked.c.headquarters_id, ranked.c.place)
    )
    rows: dict[int, list[ProblemRow]] = {}
    sums: dict[int, tuple[int, int]] = {}
    for row in connection.execute(query):
        line = ProblemRow(row.id, row.title, row.project_id, row.project, row.unit, row.due_on)
        rows.setdefault(row.headquarters_id, []).append(line)
        sums[row.headquarters_id] = (int(row.total), int(row.overdue))
    return {key: Problems(*sums[key], tuple(found)) for key, found in rows.items()}
