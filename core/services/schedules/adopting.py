"""A draft becomes the baseline: new nodes get their first one, existing ones move by an event, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain.backward_adoption import AdoptionLine, AdoptionStep, Node, PlanStatus, carried, propose
from core.domain.backward_schedule import Placed, Schedule, plan_backwards
from core.domain.errors import Conflict, Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_reason
from core.services.calendar import work_calendar
from core.services.milestones import move_baseline
from core.services.schedules.plans import StoredPlan
from db.baselines import baseline_row, first_baselines
from db.models.milestone import Milestone, MilestoneBaseline
from db.models.schedule import SchedulePlan, ScheduleTask
from db.queries import schedules as queries
from db.queries.schedules import PlanHead
from db.session import read, transaction
from db.transaction import WriteTransaction

_NAME_IN_HEADLINE = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """What was shown and chosen for one task: its milestone with the version that was seen, None = a new one."""

    code: str
    milestone_id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Adopted:
    """How many nodes were made, moved, and left as they were."""

    new: int
    moved: int
    same: int


def proposal(
    actor: Actor, plan_id: int, chosen: Mapping[str, int | None], *, every_task: bool
) -> tuple[AdoptionLine, ...]:
    """
    Return what adopting the plan would do to the project's milestones; nothing is written.

    Args:
        chosen: Task code → milestone chosen by hand (None = a new one); the others keep the one they had in the
            plan adopted before, or are matched by name.
        every_task: Also tasks that are no key nodes become milestones.

    Raises:
        NotFound: No such plan inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        plan, nodes = _load(connection, actor, plan_id)
        rows = [task.placed for task in plan.tasks]
        before = carried(rows, _adopted_before(connection, actor, plan.head.project_id))
    return propose(rows, nodes, {**before, **chosen}, every_task=every_task)


def adopt(actor: Actor, plan_id: int, choices: Sequence[Choice], reason: str, expected_version: int) -> Adopted:
    """
    Make a draft the project's baseline.

    First baselines never change: a node that exists moves by one more baseline with its days and *reason*, a new one
    begins with its planned finish. The plan adopted before is superseded.

    Args:
        choices: Tasks that become or move milestones, as they were shown (``proposal``).
        expected_version: Version of the plan that was seen.

    Raises:
        PermissionDenied: The actor may not move baselines.
        NotFound: No such plan inside the actor's scope.
        Conflict: The plan or one of the milestones was changed meanwhile; nothing was written.
        Invalid: No reason, no draft, or a schedule that does not fit.
    """
    require(actor, Permission.REBASELINE)
    with transaction(actor) as tx:
        head = _head(tx.connection, actor, plan_id)
        queries.lock_project(tx.connection, head.project_id)
        plan, nodes = _load(tx.connection, actor, plan_id)
        if plan.head.version != expected_version:
            raise Conflict({"status": plan.head.status.label}, {"status": PlanStatus.ADOPTED.label})
        _refuse(_problems(tx, plan, nodes, choices, reason))
        lines = _lines(plan, nodes, choices)
        _supersede(tx, actor, plan.head, reason)
        keys = _write_nodes(tx, plan.head.project_id, lines, nodes, reason.strip())
        _link(tx, plan, keys)
        project = queries.find_project(tx.connection, actor.scope, plan.head.project_id)
        name = project.name[:_NAME_IN_HEADLINE] if project else ""
        tx.update(
            SchedulePlan,
            plan_id,
            {
                "status": PlanStatus.ADOPTED.value,
                "adopted_by": actor.login,
                "adopted_at": tx.at,
                "reason": reason.strip(),
            },
            expected_version=expected_version,
            reason=reason.strip(),
            headline=f"{name} 倒排工期定为基线，{plan.head.finish_on} 完成",
        )
    steps = [line.step for line in lines]
    return Adopted(*(steps.count(step) for step in (AdoptionStep.NEW, AdoptionStep.MOVE, AdoptionStep.SAME)))


def _head(connection: Any, actor: Actor, plan_id: int) -> PlanHead:
    head = queries.find_plan(connection, actor.scope, plan_id)
    if head is None:
        raise NotFound
    return head


def _load(connection: Any, actor: Actor, plan_id: int) -> tuple[StoredPlan, tuple[Node, ...]]:
    head = _head(connection, actor, plan_id)
    tasks = queries.load_tasks(connection, [plan_id])[plan_id]
    return StoredPlan(head, tasks), queries.load_nodes(connection, head.project_id)


def _adopted_before(connection: Any, actor: Actor, project_id: int) -> list[tuple[Placed, int | None]]:
    plans = queries.list_plans(connection, actor.scope, project_id)
    keys = [plan.id for plan in plans if plan.status is PlanStatus.ADOPTED]
    tasks = queries.load_tasks(connection, keys)
    return [(task.placed, task.milestone_id) for key in keys for task in tasks[key]]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Invalid(problems)


def _problems(
    tx: WriteTransaction, plan: StoredPlan, nodes: Sequence[Node], choices: Sequence[Choice], reason: str
) -> list[Problem]:
    """Return all that keeps *plan* from becoming the baseline; a milestone that moved meanwhile is a conflict."""
    problems = check_reason(reason, asked="请写明定为基线的原因和依据")
    if plan.head.status is not PlanStatus.DRAFT:
        text = f"该计划{plan.head.status.label}，不能再定为基线。请以它为底稿另存草稿。"
        return [*problems, Problem("plan", "no_draft", text)]
    edit = plan.edit
    calendar, today = work_calendar(tx.connection), tx.as_of.on
    fresh = plan_backwards(edit.tasks, edit.wanted_on, calendar, today=today, earliest_on=edit.earliest_on)
    problems += [Problem("plan", clash.kind.value, clash.message) for clash in fresh.clashes if not clash.is_note]
    if _dates(fresh) != {task.placed.task.code: (task.placed.start_on, task.placed.finish_on) for task in plan.tasks}:
        text = "保存草稿之后工作日安排有变，日期已不同。请重新试算并保存草稿，核对后再定为基线。"
        problems.append(Problem("plan", "calendar_moved", text))
    return problems + _check_choices(plan, nodes, choices)


def _dates(schedule: Schedule) -> dict[str, tuple[Any, Any]]:
    return {row.task.code: (row.start_on, row.finish_on) for row in schedule.rows}


def _check_choices(plan: StoredPlan, nodes: Sequence[Node], choices: Sequence[Choice]) -> list[Problem]:
    codes = {task.placed.task.code for task in plan.tasks}
    by_id = {node.id: node for node in nodes}
    used: set[int] = set()
    problems = []
    for choice in choices:
        if choice.code not in codes:
            problems.append(Problem(choice.code, "unknown_task", f"计划中没有序号为“{choice.code}”的任务。"))
        if choice.milestone_id is None:
            continue
        node = by_id.get(choice.milestone_id)
        if node is None:
            raise NotFound
        if node.version != choice.version:
            raise Conflict(
                {"name": node.name, "planned_on": node.planned_on}, {"name": node.name, "version": choice.version}
            )
        if node.id in used:
            text = f"节点“{node.name}”对应了不止一项任务。一个节点只能对应一项任务。"
            problems.append(Problem(choice.code, "shared_node", text))
        used.add(node.id)
    if len({choice.code for choice in choices}) < len(choices):
        problems.append(Problem("tasks", "twice", "同一项任务选了两次，请刷新后重新核对。"))
    return problems


def _lines(plan: StoredPlan, nodes: Sequence[Node], choices: Sequence[Choice]) -> tuple[AdoptionLine, ...]:
    chosen = {choice.code: choice.milestone_id for choice in choices}
    rows: list[Placed] = [task.placed for task in plan.tasks if task.placed.task.code in chosen]
    return propose(rows, nodes, chosen, every_task=True)


def _supersede(tx: WriteTransaction, actor: Actor, head: PlanHead, reason: str) -> None:
    for plan in queries.list_plans(tx.connection, actor.scope, head.project_id):
        if plan.status is PlanStatus.ADOPTED:
            changes = {"status": PlanStatus.SUPERSEDED.value}
            tx.update(SchedulePlan, plan.id, changes, expected_version=plan.version, reason=reason.strip())


def _write_nodes(
    tx: WriteTransaction, project_id: int, lines: Sequence[AdoptionLine], nodes: Sequence[Node], reason: str
) -> dict[str, int]:
    """Make and move milestones; return the milestone of each task."""
    keys: dict[str, int] = {}
    firsts: list[dict[str, Any]] = []
    sequence = max((node.sequence for node in nodes), default=0)
    for line in lines:
        code, node = line.row.task.code, line.node
        if node is not None:
            keys[code] = node.id
        if line.step is AdoptionStep.MOVE and node is not None:
            moved = baseline_row(tx, node.id, node.moves + 1, line.row.finish_on, node.planned_on, reason)
            move_baseline(tx, moved, node.version)
        elif line.step is AdoptionStep.NEW:
            sequence += 1
            keys[code] = int(tx.insert(Milestone, _milestone(project_id, sequence, line.row), reason=reason))
            firsts += first_baselines(tx, keys[code], line.row.finish_on, line.row.finish_on, reason)
    tx.insert_many(MilestoneBaseline, firsts, reason=reason)
    return keys


def _milestone(project_id: int, sequence: int, row: Placed) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "sequence": sequence,
        "name": row.task.name,
        "is_key": row.task.is_key,
        "first_baseline_on": row.finish_on,
        "planned_on": row.finish_on,
        "responsible": row.task.responsible,
    }


def _link(tx: WriteTransaction, plan: StoredPlan, keys: Mapping[str, int]) -> None:
    for task in plan.tasks:
        key = keys.get(task.placed.task.code)
        if key is not None:
            tx.update(ScheduleTask, task.id, {"milestone_id": key}, expected_version=task.version)
