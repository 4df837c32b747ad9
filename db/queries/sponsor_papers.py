"""What the papers of several projects say (项目简报、责任书), one SELECT per kind; the caller has checked the scope."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, or_, select

from core.domain.facts import MONTHS_PER_YEAR
from core.domain.terms import AssignmentRole, MatterKind, ReportStatus
from db.models.figures import project_state
from db.models.matter import Matter
from db.models.milestone import Milestone
from db.models.money import AnnualPlan, InvestmentPlan, InvestmentReport
from db.models.organisation import Person, Unit
from db.models.project import Assignment, Project
from db.queries.matters import OPEN, next_due_on

_UNCOUNTED = (ReportStatus.MISSING.value, ReportStatus.RETURNED.value)


@dataclass(frozen=True, slots=True)
class PaperProject:
    """The words and dates of a project that its papers need; *since_start_yuan* is 0 outside the year's list."""

    id: int
    code: str
    content: str
    category: str
    owner_name: str
    start_planned_on: date | None
    started_on: date | None
    finish_planned_on: date | None
    since_start_yuan: int


@dataclass(frozen=True, slots=True)
class PaperNode:
    """A milestone of the year or still open."""

    name: str
    planned_on: date
    first_on: date
    actual_on: date | None
    moves: int


@dataclass(frozen=True, slots=True)
class PaperRole:
    """Who stands for a project: name, title or unit, phone."""

    role: AssignmentRole
    name: str
    title: str
    phone: str


@dataclass(frozen=True, slots=True)
class PaperYear:
    """The year's goal and months; None = no plan, not reported."""

    goal: str
    plan_yuan: tuple[int | None, ...]
    done_yuan: tuple[int | None, ...]


def load_projects(connection: Connection, ids: Sequence[int]) -> dict[int, PaperProject]:
    """Return the projects by id."""
    query = (
        select(
            Project.id,
            Project.code,
            Project.content,
            Project.category,
            Project.owner_name,
            Project.start_planned_on,
            Project.started_on,
            Project.finish_planned_on,
            project_state.c.since_start_done_yuan,
        )
        .join(project_state, project_state.c.project_id == Project.id)
        .where(Project.id.in_(ids))
    )
    return {row.id: PaperProject(*row) for row in connection.execute(query)}


def load_nodes(connection: Connection, ids: Sequence[int], year: int) -> dict[int, list[PaperNode]]:
    """Return the open milestones, and those planned or reached in *year*, by project in their order."""
    own, first = Milestone, date(year, 1, 1)
    query = (
        select(own.project_id, own.name, own.planned_on, own.first_baseline_on, own.actual_on, own.moves)
        .where(own.project_id.in_(ids), or_(own.actual_on.is_(None), own.actual_on >= first, own.planned_on >= first))
        .order_by(own.project_id, own.planned_on, own.sequence)
    )
    found: dict[int, list[PaperNode]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.project_id].append(
            PaperNode(row.name, row.planned_on, row.first_baseline_on, row.actual_on, row.moves)
        )
    return found


def load_years(connection: Connection, ids: Sequence[int], year: int) -> dict[int, PaperYear]:
    """Return goal, month plans and reported months of *year* by project."""
    aims = select(AnnualPlan.project_id, AnnualPlan.goal).where(AnnualPlan.project_id.in_(ids), AnnualPlan.year == year)
    goals = {row.project_id: row.goal for row in connection.execute(aims)}
    plans: dict[int, list[int | None]] = {key: [None] * MONTHS_PER_YEAR for key in ids}
    done: dict[int, list[int | None]] = {key: [None] * MONTHS_PER_YEAR for key in ids}
    own = InvestmentPlan
    planned = select(own.project_id, own.month, own.plan_yuan).where(own.project_id.in_(ids), own.year == year)
    for key, month, yuan in connection.execute(planned):
        plans[key][month - 1] = yuan
    its = InvestmentReport
    reported = select(its.project_id, its.month, its.done_yuan).where(
        its.project_id.in_(ids), its.year == year, its.status.not_in(_UNCOUNTED)
    )
    for key, month, amount in connection.execute(reported):
        done[key][month - 1] = amount
    return {key: PaperYear(goals.get(key, ""), tuple(plans[key]), tuple(done[key])) for key in ids}


def load_roles(connection: Connection, ids: Sequence[int], on: date) -> dict[int, list[PaperRole]]:
    """Return who stands for each project on *on*, in the order of the assignments."""
    query = (
        select(Assignment.project_id, Assignment.role, Person.name, Person.title, Person.phone, Unit.name.label("unit"))
        .join(Person, Person.id == Assignment.person_id, isouter=True)
        .join(Unit, Unit.id == Assignment.unit_id, isouter=True)
        .where(Assignment.project_id.in_(ids), or_(Assignment.to_on.is_(None), Assignment.to_on > on))
        .order_by(Assignment.id)
    )
    found: dict[int, list[PaperRole]] = defaultdict(list)
    for row in connection.execute(query):
        role = PaperRole(AssignmentRole(row.role), row.name or row.unit or "", row.title or "", row.phone or "")
        found[row.project_id].append(role)
    return found


def list_problem_ids(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Return the ids of the open problems of projects, the earliest deadline first."""
    query = select(Matter.id).where(Matter.project_id.in_(ids), Matter.kind == MatterKind.PROBLEM.value, OPEN)
    return list(connection.scalars(query.order_by(next_due_on.is_(None), next_due_on, Matter.id)))
