"""The task tree (任务清单): tasks from a pasted grid, changes of one, moved dates counted, tasks dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.domain.campaigns.tasks import TaskFacts
from core.domain.campaigns.tree import check_tree, outline
from core.domain.campaigns.words import CampaignAction, CampaignStatus, TaskStatus
from core.domain.errors import Problem
from core.domain.permissions import Actor, Permission, require
from core.services.campaigns.writing import (
    MAX_NAME,
    MAX_PERSON,
    MAX_UNITS,
    bounded,
    load,
    load_task,
    note,
    owns,
    refuse,
    require_open,
    required,
    to_milli,
    touch,
)
from db.models.campaign import CampaignTask
from db.queries import campaigns as queries
from db.queries.campaigns import CampaignRow, TaskRow
from db.session import transaction
from db.transaction import WriteTransaction

MAX_BATCH = 300
MAX_MEASURE = 100
MAX_MEASURE_UNIT = 32


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """
    One task as typed or pasted.

    Attributes:
        number: Outline number (1, 1.2); its part before the last dot names the parent. Empty = a top task.
        lead_unit: Name of the lead unit as in the ledger.
        target: What the measure has to reach, in *measure_unit*; None = not quantified.
    """

    number: str
    name: str
    lead_unit: str
    start_on: date | None
    finish_on: date | None
    supporting_units: str = ""
    responsible_person: str = ""
    weight: int = 1
    measure: str = ""
    measure_unit: str = ""
    target: Decimal | None = None


def add_tasks(actor: Actor, campaign_id: int, drafts: Sequence[TaskDraft], expected_version: int) -> int:
    """
    Add tasks to a campaign, all of them or none, and return its new version.

    Raises:
        NotFound, PermissionDenied, Conflict: As elsewhere.
        Invalid: All refused values of all rows at once, each named by its task.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        row = load(tx, campaign_id, expected_version)
        require_open(row)
        known = queries.list_tasks(tx.connection, actor.scope, [campaign_id])
        units = queries.unit_ids(tx.connection, {draft.lead_unit.strip() for draft in drafts})
        problems = _check_batch(drafts, units)
        refuse(problems)
        placed = _place(drafts, known, problems)
        refuse(problems)
        names = {task.id: task.name for task in known} | {fact.id: d.name for d, fact in placed}
        facts = [task.facts for task in known] + [fact for _, fact in placed]
        refuse(check_tree(facts, names, row.start_on, row.finish_on))
        _insert(tx, row, placed, units)
        note(tx, campaign_id, CampaignAction.TASKS_ADDED, f"分解任务 {len(drafts)} 项")
        return touch(tx, row)


def edit_task(actor: Actor, task_id: int, draft: TaskDraft, reason: str, expected_version: int) -> int:
    """
    Change a task and return its new version; its place in the tree stays.

    While the campaign runs, a moved date is counted and needs a reason; the first baseline stays for good.

    Raises:
        NotFound, PermissionDenied, Conflict, Invalid: As elsewhere.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        campaign, task = _own(tx, task_id, expected_version)
        units = queries.unit_ids(tx.connection, {draft.lead_unit.strip()})
        problems = _check_batch([draft], units)
        refuse(problems)
        _require_living(task)
        values = _columns(draft, units)
        refuse(_check_changed(tx, campaign, task, values))
        dates = (draft.start_on, draft.finish_on)
        is_moved = dates != (task.facts.planned_start_on, task.facts.planned_finish_on)
        is_running = campaign.status is CampaignStatus.RUNNING
        if is_moved:
            refuse(required("reason", reason, "推进中调整任务期限，须写明原因。") if is_running else [])
            values |= {"moves": task.moves + 1} if is_running else {"first_finish_on": draft.finish_on}
        kind = CampaignAction.MOVED if is_moved and is_running else CampaignAction.EDITED
        old, new = (task.facts.planned_finish_on, draft.finish_on) if is_moved else (None, None)
        note(tx, campaign.id, kind, reason, task_id=task_id, old_due_on=old, new_due_on=new)
        return tx.update(CampaignTask, task_id, values, expected_version=task.version, reason=reason.strip())


def drop_task(actor: Actor, task_id: int, reason: str, expected_version: int) -> int:
    """
    Take a task with all its parts out of the campaign (取消) and return its new version; the rows stay.

    Raises:
        NotFound, PermissionDenied, Conflict, Invalid: As elsewhere; something closed out is not dropped.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        campaign, task = _own(tx, task_id, expected_version)
        refuse(required("reason", reason, "请写明取消该任务的原因。"))
        _require_living(task)
        branch = _branch(queries.list_tasks(tx.connection, actor.scope, [campaign.id]), task_id)
        done = [part.name for part in branch if part.facts.status is TaskStatus.CLOSED_OUT]
        if done:
            refuse([Problem("status", "closed_out", f"“{done[0]}”已销号，不能取消。如系误销，请先撤销销号。")])
        for part in branch:
            tx.update(
                CampaignTask,
                part.id,
                {"status": TaskStatus.DROPPED.value},
                expected_version=part.version,
                reason=reason.strip(),
            )
        note(tx, campaign.id, CampaignAction.DROPPED, reason, task_id=task_id)
        touch(tx, campaign)
        return task.version + 1


def _own(tx: WriteTransaction, task_id: int, expected_version: int) -> tuple[CampaignRow, TaskRow]:
    campaign, task = load_task(tx, task_id, expected_version)
    if not owns(tx.actor, campaign):
        load(tx, campaign.id, None)  # says whose it is
    require_open(campaign)
    return campaign, task


def _require_living(task: TaskRow) -> None:
    if task.facts.is_ended:
        refuse([Problem("status", "ended", f"“{task.name}”{task.facts.status.label}，不能再修改。")])


def _branch(tasks: Sequence[TaskRow], root: int) -> list[TaskRow]:
    """Return a task and all living tasks below it."""
    inside, found = {root}, list[TaskRow]()
    waiting = [task for task in tasks if task.facts.status is not TaskStatus.DROPPED]
    grown = True
    while grown:
        grown = False
        for task in waiting:
            if task.facts.parent_id in inside and task.id not in inside:
                inside.add(task.id)
                grown = True
    found.extend(task for task in waiting if task.id in inside)
    return found


def _check_batch(drafts: Sequence[TaskDraft], units: Mapping[str, int]) -> list[Problem]:
    problems = []
    if not drafts:
        problems.append(Problem("tasks", "missing", "请至少填写一项任务。"))
    if len(drafts) > MAX_BATCH:
        problems.append(Problem("tasks", "too_many", f"一次最多添加 {MAX_BATCH} 项任务，请分批粘贴。"))
    for draft in drafts:
        problems += _check(draft, units)
    return problems


def _check(draft: TaskDraft, units: Mapping[str, int]) -> list[Problem]:
    name = draft.name.strip()
    problems = required("name", name, "有一行没有填写任务名称。", MAX_NAME)
    if draft.start_on is None or draft.finish_on is None:
        problems.append(Problem("finish_on", "missing_date", f"请填写“{name}”的开始和完成时间。"))
    unit = draft.lead_unit.strip()
    if unit and unit not in units:
        problems.append(Problem("lead_unit", "unknown_unit", f"“{name}”的牵头单位“{unit}”不在单位名录中，请核对全称。"))
    if draft.target is not None and not draft.measure.strip():
        problems.append(Problem("measure", "missing", f"“{name}”填了目标值，请同时填写成效指标名称。"))
    for field, text, longest in (
        ("supporting_units", draft.supporting_units, MAX_UNITS),
        ("responsible_person", draft.responsible_person, MAX_PERSON),
        ("measure", draft.measure, MAX_MEASURE),
        ("measure_unit", draft.measure_unit, MAX_MEASURE_UNIT),
    ):
        problems += bounded(field, text, longest)
    to_milli(draft.target, "target", problems)
    return problems


def _place(
    drafts: Sequence[TaskDraft], known: Sequence[TaskRow], problems: list[Problem]
) -> list[tuple[TaskDraft, TaskFacts]]:
    """Give each draft a passing id (negative) and the parent its outline number names."""
    by_number = {placed.number: placed.id for placed in outline([task.facts for task in known])}
    reported = {task.id: task for task in known if task.facts.percent is not None or task.facts.is_ended}
    for number, draft in enumerate(drafts, start=1):
        if draft.number.strip():
            # A pasted list is numbered by itself: its own numbers win over those that stand already.
            by_number[draft.number.strip()] = -number
    placed = []
    for number, draft in enumerate(drafts, start=1):
        above, _, _ = draft.number.strip().rpartition(".")
        parent = by_number.get(above) if above else None
        if above and parent is None:
            problems.append(Problem("number", "no_parent", f"“{draft.name}”的编号 {draft.number} 没有上级 {above}。"))
        if parent in reported:
            text = f"“{reported[parent].name}”已有填报，不能再分解下级任务。"
            problems.append(Problem("parent_id", "reported", text))
        assert draft.start_on is not None  # noqa: S101 - checked before
        assert draft.finish_on is not None  # noqa: S101
        facts = TaskFacts(-number, parent, draft.weight, draft.start_on, draft.finish_on, draft.finish_on)
        placed.append((draft, facts))
    return placed


def _insert(
    tx: WriteTransaction, row: CampaignRow, placed: Sequence[tuple[TaskDraft, TaskFacts]], units: Mapping[str, int]
) -> None:
    """Insert parents before their parts; siblings keep the order in which they were typed."""
    first = queries.last_sequence(tx.connection, row.id)
    keys: dict[int, int] = {}
    waiting = list(placed)
    while waiting:
        ready = [pair for pair in waiting if pair[1].parent_id is None or pair[1].parent_id > 0
                 or pair[1].parent_id in keys]  # fmt: skip
        for draft, facts in ready:
            parent = facts.parent_id
            values = {
                **_columns(draft, units),
                "campaign_id": row.id,
                "parent_id": keys.get(parent, parent) if parent is not None else None,
                "sequence": first - facts.id,
                "first_finish_on": draft.finish_on,
                "status": TaskStatus.OPEN.value,
            }
            keys[facts.id] = int(tx.insert(CampaignTask, values))
        waiting = [pair for pair in waiting if pair[1].id not in keys]


def _columns(draft: TaskDraft, units: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": draft.name.strip(),
        "lead_unit_id": units.get(draft.lead_unit.strip()),
        "supporting_units": draft.supporting_units.strip(),
        "responsible_person": draft.responsible_person.strip(),
        "planned_start_on": draft.start_on,
        "planned_finish_on": draft.finish_on,
        "weight": draft.weight,
        "measure": draft.measure.strip(),
        "measure_unit": draft.measure_unit.strip(),
        "target_milli": to_milli(draft.target, "target", []),
    }


def _check_changed(
    tx: WriteTransaction, campaign: CampaignRow, task: TaskRow, values: Mapping[str, Any]
) -> list[Problem]:
    """Return what is wrong with the tree once the task has its new dates and weight."""
    tasks = queries.list_tasks(tx.connection, tx.actor.scope, [campaign.id])
    changed = replace(
        task.facts,
        planned_start_on=values["planned_start_on"],
        planned_finish_on=values["planned_finish_on"],
        weight=values["weight"],
    )
    facts = [changed if one.id == task.id else one.facts for one in tasks]
    names = {one.id: one.name for one in tasks} | {task.id: values["name"]}
    return check_tree(facts, names, campaign.start_on, campaign.finish_on)
