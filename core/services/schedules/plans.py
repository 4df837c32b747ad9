"""Schedules of projects: found, read, computed without a trace, kept as a draft."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from core.domain.backward_adoption import Node, PlanStatus
from core.domain.backward_network import Task
from core.domain.backward_schedule import Placed, Schedule, plan_backwards
from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import MAX_REASON, check_length
from core.domain.schedule_templates import links_to_rows
from core.domain.workdays import WorkCalendar
from core.services.calendar import work_calendar
from db.models.schedule import SchedulePlan, ScheduleTask
from db.queries import schedules as queries
from db.queries.schedules import PlanHead, PlanLine, ProjectHead, StoredTask
from db.session import current_store, read, transaction
from db.transaction import WriteTransaction

MAX_FOUND = 20
MAX_LISTED = 500
# A project unit that fills in nodes may draft its schedule as well as who edits the project.
DRAFTING = (Permission.UPDATE_MILESTONE, Permission.EDIT_PROJECT)


@dataclass(frozen=True, slots=True)
class PlanEdit:
    """A schedule as it is typed: tasks, wanted finish, fixed first day (None = today), the template it came from."""

    tasks: tuple[Task, ...]
    wanted_on: date
    earliest_on: date | None = None
    template_code: str = ""
    template_name: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The draft that the editor saw when it began; both None when there was none."""

    plan_id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A saved plan with its tasks."""

    head: PlanHead
    tasks: tuple[StoredTask, ...]

    @property
    def edit(self) -> PlanEdit:
        """The plan as it can be edited further."""
        head = self.head
        tasks = tuple(row.placed.task for row in self.tasks)
        return PlanEdit(tasks, head.wanted_on, head.earliest_on, head.template_code, head.template_name)


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """
    Everything on the screen of one project.

    Attributes:
        plans: Every saved plan, the latest first.
        nodes: The project's milestones, in their order.
        calendar: Working days, local ones included.
    """

    project: ProjectHead
    draft: StoredPlan | None
    adopted: StoredPlan | None
    plans: tuple[PlanHead, ...]
    nodes: tuple[Node, ...]
    calendar: WorkCalendar
    today: date

    @property
    def seen(self) -> Seen:
        """The draft as it stands in this view."""
        return seen_of(self.draft.head if self.draft else None)


def seen_of(head: PlanHead | None) -> Seen:
    """Return what somebody saw who saw *head*."""
    return Seen() if head is None else Seen(head.id, head.version)


def can_draft(actor: Actor) -> bool:
    """Return whether *actor* may keep drafts."""
    return any(actor.can(permission) for permission in DRAFTING)


def find_projects(actor: Actor, text: str) -> tuple[ProjectHead, ...]:
    """Return up to ``MAX_FOUND`` projects of the actor's scope by name, code or initials."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return tuple(queries.find_projects(connection, actor.scope, text, MAX_FOUND))


def list_current(actor: Actor) -> tuple[PlanLine, ...]:
    """Return the drafts and adopted plans of the actor's scope, those that do not fit first."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return tuple(queries.list_current(connection, actor.scope, MAX_LISTED))


def read_schedule(actor: Actor, project_id: int) -> ScheduleView:
    """
    Return a project's schedules and milestones.

    Raises:
        NotFound: No such project inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        head = queries.find_project(connection, actor.scope, project_id)
        if head is None:
            raise NotFound
        plans = queries.list_plans(connection, actor.scope, project_id)
        current = [plan for plan in plans if plan.status is not PlanStatus.SUPERSEDED]
        tasks = queries.load_tasks(connection, [plan.id for plan in current])
        by_status = {plan.status: StoredPlan(plan, tasks[plan.id]) for plan in reversed(current)}
        return ScheduleView(
            project=head,
            draft=by_status.get(PlanStatus.DRAFT),
            adopted=by_status.get(PlanStatus.ADOPTED),
            plans=tuple(plans),
            nodes=queries.load_nodes(connection, project_id),
            calendar=work_calendar(connection),
            today=current_store().today(),
        )


def compute(actor: Actor, edit: PlanEdit) -> Schedule:
    """
    Return the schedule of *edit* as of today; nothing is kept.

    Raises:
        Invalid: The tasks form no network, or a day is out of reach; every problem named.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return _scheduled(connection, edit, current_store().today())


def what_if(actor: Actor, edit: PlanEdit, shifts_days: Sequence[int]) -> tuple[tuple[date, Schedule], ...]:
    """Return the schedule for the wanted finish moved by each of *shifts_days* (calendar days); nothing is kept."""
    require(actor, Permission.VIEW_PROJECTS)
    today = current_store().today()
    with read() as connection:
        calendar = work_calendar(connection)
    days = [edit.wanted_on + timedelta(days=shift) for shift in shifts_days]
    return tuple(
        (day, plan_backwards(edit.tasks, day, calendar, today=today, earliest_on=edit.earliest_on)) for day in days
    )


def save_draft(actor: Actor, project_id: int, edit: PlanEdit, note: str, seen: Seen) -> int:
    """
    Keep *edit* as the project's draft and return its id; the draft before it stays as a superseded plan.

    A schedule that does not fit may be kept: what is impossible has to be shown to somebody.

    Args:
        note: What was changed, may be empty.
        seen: The draft that the editor saw when it began.

    Raises:
        PermissionDenied: The actor fills in neither nodes nor projects.
        NotFound: No such project inside the actor's scope.
        Invalid: The tasks form no network, or a day is out of reach.
        Conflict: Somebody else saved a draft meanwhile; nothing was written.
    """
    require_drafting(actor)
    with transaction(actor) as tx:
        _refuse_unknown(tx, actor, project_id)
        plans = queries.list_plans(tx.connection, actor.scope, project_id)
        current = next((plan for plan in plans if plan.status is PlanStatus.DRAFT), None)
        if seen_of(current) != seen:
            raise Conflict(_told(current), {"wanted_on": edit.wanted_on, "tasks": len(edit.tasks)})
        if problems := check_length("reason", "说明", note, MAX_REASON):
            raise Invalid(problems)
        schedule = _scheduled(tx.connection, edit, tx.as_of.on)
        if current is not None:
            changes = {"status": PlanStatus.SUPERSEDED.value}
            tx.update(SchedulePlan, current.id, changes, expected_version=current.version)
        number = plans[0].number + 1 if plans else 1
        plan_id = int(tx.insert(SchedulePlan, _plan_values(tx, project_id, number, edit, schedule, note)))
        tx.insert_many(ScheduleTask, _task_rows(plan_id, schedule.rows))
    return plan_id


def require_drafting(actor: Actor) -> None:
    """
    Stop unless *actor* may keep drafts.

    Raises:
        PermissionDenied: None of the fitting permissions is held.
    """
    if not can_draft(actor):
        require(actor, Permission.UPDATE_MILESTONE)
        raise PermissionDenied


def _refuse_unknown(tx: WriteTransaction, actor: Actor, project_id: int) -> None:
    queries.lock_project(tx.connection, project_id)
    if queries.find_project(tx.connection, actor.scope, project_id) is None:
        raise NotFound


def _scheduled(connection: Connection, edit: PlanEdit, today: date) -> Schedule:
    return plan_backwards(
        edit.tasks, edit.wanted_on, work_calendar(connection), today=today, earliest_on=edit.earliest_on
    )


def _told(head: PlanHead | None) -> dict[str, object]:
    if head is None:
        return {"wanted_on": None, "made_by": "", "number": None}
    return {"wanted_on": head.wanted_on, "made_by": head.made_by, "number": head.number}


def _plan_values(
    tx: WriteTransaction, project_id: int, number: int, edit: PlanEdit, schedule: Schedule, note: str
) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "number": number,
        "template_code": edit.template_code,
        "template_name": edit.template_name,
        "status": PlanStatus.DRAFT.value,
        "wanted_on": edit.wanted_on,
        "finish_on": schedule.finish_on,
        "start_on": schedule.start_on,
        "earliest_on": edit.earliest_on,
        "missing_days": None if schedule.feasible_on is None else schedule.missing_days,
        "reason": note.strip(),
        "made_by": tx.actor.login,
        "made_at": tx.at,
    }


def _task_rows(plan_id: int, rows: Sequence[Placed]) -> list[dict[str, Any]]:
    return [
        {
            "plan_id": plan_id,
            "sequence": sequence,
            "code": row.task.code,
            "name": row.task.name.strip(),
            "duration_days": row.task.duration_days,
            "predecessors": json.dumps(links_to_rows(row.task.links), ensure_ascii=False),
            "is_key": row.task.is_key,
            "responsible": row.task.responsible,
            "earliest_on": row.task.earliest_on,
            "must_finish_on": row.task.must_finish_on,
            "done_on": row.task.done_on,
            "planned_start_on": row.start_on,
            "planned_finish_on": row.finish_on,
            "float_days": row.float_days,
            "is_critical": row.is_critical,
        }
        for sequence, row in enumerate(rows, start=1)
    ]
