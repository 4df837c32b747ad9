"""What the rules of an agenda look for among projects; matters and rectifications have lists of their own."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select

from core.domain.facts import BondFact
from core.domain.flag_hits import reasons_of
from core.domain.scope import Scope
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel, FundingCategory
from db.models.asset import FundingBid
from db.models.figures import project_state
from db.models.milestone import Milestone
from db.models.project import Project
from db.models.supervision import FlagDecision, SupervisionRound
from db.queries.flags_of_record import latest_round_id
from db.queries.projects import flag_range, in_scope
from db.queries.scoping import project_scope

_state = project_state.c
_MAX_BONDS = 20_000


@dataclass(frozen=True, slots=True)
class RedFlagRow:
    """A red project of the latest published round."""

    project_id: int
    name: str
    round_label: str
    reasons: tuple[str, ...]
    streak: int


@dataclass(frozen=True, slots=True)
class UnstartedRow:
    """A project of the year's plan that should have begun and has not."""

    project_id: int
    name: str
    start_planned_on: date | None


@dataclass(frozen=True, slots=True)
class LateNodeRow:
    """A project with overdue key nodes: how many, and the longest overdue one."""

    project_id: int
    name: str
    nodes: int
    node_name: str
    planned_on: date


def list_red(connection: Connection, scope: Scope, limit: int) -> list[RedFlagRow]:
    """Return the red projects of the latest published round, the worst first."""
    flag, last = FlagDecision, SupervisionRound
    query = (
        select(flag.subject_id, flag.subject_name, last.year, last.number, flag.hits, flag.streak)
        .join(last, last.id == flag.round_id)
        .where(
            flag.round_id == latest_round_id(),
            flag.subject_kind == SubjectKind.PROJECT.value,
            flag.urgency.between(*flag_range(FlagLevel.SEVERE)),
            project_scope(scope, flag.county_id, flag.headquarters_id, flag.unit_id),
        )
        .order_by(flag.urgency, flag.subject_id)
        .limit(limit)
    )
    return [
        RedFlagRow(key, name, f"{year}年第{number}轮", reasons_of(hits), streak)
        for key, name, year, number, hits, streak in connection.execute(query)
    ]


def list_unstarted(connection: Connection, scope: Scope, limit: int) -> list[UnstartedRow]:
    """Return the projects past their planned start month, the longest first."""
    query = (
        select(Project.id, Project.name, Project.start_planned_on)
        .join(project_state, _state.project_id == Project.id)
        .where(_state.unstarted > 0, in_scope(scope))
        .order_by(Project.start_planned_on, Project.id)
        .limit(limit)
    )
    return [UnstartedRow(*row) for row in connection.execute(query)]


def list_late_nodes(connection: Connection, scope: Scope, today: date, least: int, limit: int) -> list[LateNodeRow]:
    """Return the listed projects whose longest overdue key node is at least *least* days late, the longest first."""
    node = Milestone
    place = func.row_number().over(partition_by=node.project_id, order_by=(node.planned_on, node.id))
    late = (
        select(
            node.project_id,
            node.name,
            node.planned_on,
            place.label("place"),
            func.count().over(partition_by=node.project_id).label("nodes"),
        )
        .join(project_state, _state.project_id == node.project_id)
        .where(node.actual_on.is_(None), node.is_key.is_(True), node.planned_on < today, _is_listed(scope))
        .subquery("late")
    )
    query = (
        select(Project.id, Project.name, late.c.nodes, late.c.name, late.c.planned_on)
        .join(late, late.c.project_id == Project.id)
        .where(late.c.place == 1, late.c.planned_on <= today - timedelta(days=max(1, least)))
        .order_by(late.c.planned_on, Project.id)
        .limit(limit)
    )
    return [LateNodeRow(*row) for row in connection.execute(query)]


def list_bonds(connection: Connection, scope: Scope, today: date) -> list[tuple[int, str, BondFact]]:
    """Return (project id, project name, batch) of every special bond that is not spent yet, for the listed projects."""
    bid = FundingBid
    spent = func.coalesce(bid.spent_yuan, 0)
    query = (
        select(
            Project.id.label("project_id"),
            Project.name.label("project_name"),
            bid.id,
            bid.name,
            bid.granted_on,
            bid.granted_yuan,
            spent.label("spent_yuan"),
        )
        .join(Project, Project.id == bid.project_id)
        .join(project_state, _state.project_id == Project.id)
        .where(
            bid.category == FundingCategory.SPECIAL_BOND.value,
            bid.granted_on <= today,
            bid.granted_yuan > spent,
            _is_listed(scope),
        )
        .order_by(bid.granted_on, bid.id)
        .limit(_MAX_BONDS)
    )
    return [
        (row.project_id, row.project_name, BondFact(row.id, row.name, row.granted_on, row.granted_yuan, row.spent_yuan))
        for row in connection.execute(query)
    ]


def _is_listed(scope: Scope) -> ColumnElement[bool]:
    return and_(_state.projects > 0, in_scope(scope))
