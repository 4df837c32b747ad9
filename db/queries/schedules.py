"""Backward schedules: projects to choose from, plans with their tasks, the nodes they touch."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from core.domain.backward_adoption import Node, PlanStatus
from core.domain.backward_network import Task
from core.domain.backward_schedule import Placed
from core.domain.schedule_templates import links_from_rows
from core.domain.scope import Scope
from core.domain.terms import Stage
from db.models.access import User
from db.models.milestone import Milestone
from db.models.organisation import County, Headquarters, Unit
from db.models.project import Project
from db.models.schedule import SchedulePlan, ScheduleTask
from db.queries.scoping import project_scope

_ENDED = (Stage.WITHDRAWN.value, Stage.TERMINATED.value, Stage.MERGED.value)


@dataclass(frozen=True, slots=True)
class ProjectHead:
    """What the screen shows of a project; *finish_planned_on* is the finish of its ledger row."""

    id: int
    code: str
    name: str
    county_name: str
    headquarters_name: str | None
    unit_name: str | None
    stage: Stage
    finish_planned_on: date | None


@dataclass(frozen=True, slots=True)
class PlanHead:
    """One saved plan; see ``db.models.schedule.SchedulePlan`` for its days."""

    id: int
    version: int
    project_id: int
    number: int
    template_code: str
    template_name: str
    status: PlanStatus
    wanted_on: date
    finish_on: date
    start_on: date
    earliest_on: date | None
    missing_days: int | None
    reason: str
    made_by: str
    made_at: datetime
    adopted_by: str
    adopted_at: datetime | None

    @property
    def fits(self) -> bool:
        """Whether it was feasible when it was saved."""
        return self.missing_days == 0


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in the overview, with its project."""

    plan: PlanHead
    project_code: str
    project_name: str
    county_name: str


@dataclass(frozen=True, slots=True)
class StoredTask:
    """A task as it was planned; *milestone_id* is the node it became."""

    id: int
    version: int
    placed: Placed
    milestone_id: int | None


def find_projects(connection: Connection, scope: Scope, text: str, limit: int) -> list[ProjectHead]:
    """Return the projects inside *scope* whose name, code or initials match *text*, those that left aside."""
    wanted = text.strip()
    query = _heads(scope).where(Project.stage.not_in(_ENDED))
    if wanted:
        query = query.where(
            or_(
                Project.name.contains(wanted, autoescape=True),
                Project.code.startswith(wanted, autoescape=True),
                Project.initials.startswith(wanted.lower(), autoescape=True),
            )
        )
    return [_head(row) for row in connection.execute(query.order_by(Project.name, Project.id).limit(limit))]


def find_project(connection: Connection, scope: Scope, project_id: int) -> ProjectHead | None:
    """Return one project inside *scope*."""
    row = connection.execute(_heads(scope).where(Project.id == project_id)).one_or_none()
    return None if row is None else _head(row)


def lock_project(connection: Connection, project_id: int) -> None:
    """Let one save after the other through: numbers and the current draft are decided under this lock."""
    connection.execute(select(Project.id).where(Project.id == project_id).with_for_update())


def list_current(connection: Connection, scope: Scope, limit: int) -> list[PlanLine]:
    """Return drafts and adopted plans inside *scope*, those that do not fit first, then by finish."""
    query = (
        select(*_plan_columns(), Project.code, Project.name, County.name)
        .join_from(SchedulePlan, Project, Project.id == SchedulePlan.project_id)
        .join(County, County.id == Project.county_id)
        .where(SchedulePlan.status != PlanStatus.SUPERSEDED.value, _in(scope))
        .order_by(func.coalesce(SchedulePlan.missing_days, 1) == 0, SchedulePlan.finish_on, SchedulePlan.id)
        .limit(limit)
    )
    found: Sequence[Any] = connection.execute(query).all()
    return [PlanLine(_plan(row[:-3]), *row[-3:]) for row in found]


def list_plans(connection: Connection, scope: Scope, project_id: int) -> list[PlanHead]:
    """Return every plan of a project inside *scope*, the latest first; makers by name."""
    query = (
        select(*_plan_columns())
        .join_from(SchedulePlan, Project, Project.id == SchedulePlan.project_id)
        .where(SchedulePlan.project_id == project_id, _in(scope))
        .order_by(SchedulePlan.number.desc())
    )
    return [_plan(row) for row in connection.execute(query)]


def find_plan(connection: Connection, scope: Scope, plan_id: int) -> PlanHead | None:
    """Return one plan of a project inside *scope*."""
    query = (
        select(*_plan_columns())
        .join_from(SchedulePlan, Project, Project.id == SchedulePlan.project_id)
        .where(SchedulePlan.id == plan_id, _in(scope))
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _plan(row)


def load_tasks(connection: Connection, plan_ids: Sequence[int]) -> dict[int, tuple[StoredTask, ...]]:
    """Return the tasks of plans that were found inside the scope, by plan."""
    table = ScheduleTask
    columns = [
        table.plan_id, table.id, table.version, table.code, table.name, table.duration_days, table.predecessors,
        table.is_key, table.responsible, table.earliest_on, table.must_finish_on, table.done_on,
        table.planned_start_on, table.planned_finish_on, table.float_days, table.is_critical, table.milestone_id,
    ]  # fmt: skip
    query = select(*columns).where(table.plan_id.in_(plan_ids)).order_by(table.plan_id, table.sequence)
    found: dict[int, list[StoredTask]] = {key: [] for key in plan_ids}
    for row in connection.execute(query):
        found[row.plan_id].append(StoredTask(row.id, row.version, _placed(row), row.milestone_id))
    return {key: tuple(rows) for key, rows in found.items()}


def load_nodes(connection: Connection, project_id: int) -> tuple[Node, ...]:
    """Return the milestones of a project that was found inside the scope, in their order."""
    table = Milestone
    query = (
        select(
            table.id, table.version, table.sequence, table.name, table.is_key, table.first_baseline_on,
            table.planned_on, table.forecast_on, table.actual_on, table.moves,
        )
        .where(table.project_id == project_id)
        .order_by(table.sequence, table.id)
    )  # fmt: skip
    found: Sequence[Any] = connection.execute(query).all()
    return tuple(Node(*row) for row in found)


def _heads(scope: Scope) -> Select[*tuple[Any, ...]]:
    headquarters = func.coalesce(func.nullif(Headquarters.short_name, ""), Headquarters.name)
    return (
        select(
            Project.id, Project.code, Project.name, County.name, headquarters, Unit.name, Project.stage,
            Project.finish_planned_on,
        )
        .join_from(Project, County, County.id == Project.county_id)
        .join(Headquarters, Headquarters.id == Project.headquarters_id, isouter=True)
        .join(Unit, Unit.id == Project.responsible_unit_id, isouter=True)
        .where(_in(scope))
    )  # fmt: skip


def _head(row: Any) -> ProjectHead:
    values = list(row)
    values[6] = Stage(values[6])
    return ProjectHead(*values)


def _in(scope: Scope) -> ColumnElement[bool]:
    return project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)


def _plan_columns() -> list[Any]:
    """The columns of a plan; who made and adopted it by name where the account is known."""
    table = SchedulePlan
    return [
        table.id, table.version, table.project_id, table.number, table.template_code, table.template_name,
        table.status, table.wanted_on, table.finish_on, table.start_on, table.earliest_on, table.missing_days,
        table.reason, _name_of(table.made_by), table.made_at, _name_of(table.adopted_by), table.adopted_at,
    ]  # fmt: skip


def _name_of(login: Any) -> ColumnElement[str]:
    name = select(User.name).where(User.login == login).scalar_subquery()
    return func.coalesce(name, login)


def _plan(row: Any) -> PlanHead:
    values = list(row)
    values[6] = PlanStatus(values[6])
    return PlanHead(*values)


def _placed(row: Any) -> Placed:
    task = Task(
        code=row.code,
        name=row.name,
        duration_days=row.duration_days,
        links=links_from_rows(json.loads(row.predecessors)),
        is_key=row.is_key,
        responsible=row.responsible,
        earliest_on=row.earliest_on,
        must_finish_on=row.must_finish_on,
        done_on=row.done_on,
    )
    start, finish = row.planned_start_on, row.planned_finish_on
    return Placed(task, start, finish, start, finish, row.float_days, row.is_critical)
