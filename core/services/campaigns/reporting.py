"""Reporting (进展填报) and claiming (申请销号): the lead unit's verbs."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.domain.campaigns import acceptance
from core.domain.campaigns.periods import period_of
from core.domain.campaigns.words import CampaignAction, TaskStatus
from core.domain.errors import Conflict, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.services.campaigns.writing import (
    bounded,
    load_task,
    note,
    refuse,
    require_reporter,
    required,
    to_milli,
)
from db.models.campaign import CampaignProgress, CampaignTask
from db.queries import campaigns as queries
from db.queries.campaigns import CampaignRow, TaskRow
from db.session import transaction
from db.transaction import WriteTransaction

_NAME_IN_HEADLINE = 60
MAX_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class TaskReport:
    """
    What is reported of one task for its present period.

    Attributes:
        percent: Progress 0..100.
        actual: What the measure has reached so far, in its unit; None = unchanged.
    """

    task_id: int
    expected_version: int
    percent: int
    text: str = ""
    actual: Decimal | None = None


def report(actor: Actor, reports: Sequence[TaskReport]) -> int:
    """
    Store reports of any number of tasks, all of them or none, each for the period today lies in; return how many.

    Raises:
        NotFound, PermissionDenied: One of them is outside the actor's scope or not his to report.
        Conflict: One of them was changed meanwhile.
        Invalid: All refused values at once.
    """
    require(actor, Permission.UPDATE_TASK)
    with transaction(actor) as tx:
        if len(reports) > MAX_ENTRIES:
            refuse([Problem("reports", "too_many", f"一次最多填报 {MAX_ENTRIES} 项任务。")])
        keys = [one.task_id for one in reports]
        tasks = {task.id: task for task in queries.find_tasks(tx.connection, actor.scope, keys)}
        if len(tasks) != len(set(keys)) or len(keys) != len(tasks):
            raise NotFound
        campaigns = {row.id: row for row in queries.list_campaigns(tx.connection, actor.scope)}
        parents = queries.parents_among(tx.connection, keys)
        problems: list[Problem] = []
        for one in reports:
            problems += _check(actor, one, tasks[one.task_id], campaigns, parents)
        refuse(problems)
        for one in reports:
            _store(tx, one, tasks[one.task_id], campaigns[tasks[one.task_id].campaign_id])
        return len(reports)


def claim(actor: Actor, task_id: int, text: str, expected_version: int) -> int:
    """
    Say that a task is done (申请销号) and return its new version; somebody else verifies it.

    Raises:
        NotFound, PermissionDenied, Conflict, Invalid: As elsewhere.
    """
    require(actor, Permission.UPDATE_TASK)
    with transaction(actor) as tx:
        campaign, task = load_task(tx, task_id, expected_version)
        require_reporter(actor, campaign, task)
        refuse(bounded("note", text))
        acceptance.check_claim(
            task.facts,
            is_leaf=not queries.parents_among(tx.connection, [task_id]),
            has_target=task.target_milli is not None,
            has_actual=task.actual_milli is not None,
            note=text,
        )
        note(tx, campaign.id, CampaignAction.CLAIMED, text, task_id=task_id)
        changes = {
            "status": TaskStatus.CLAIMED.value,
            "finished_on": tx.as_of.on,
            "claimed_by": actor.login,
        }
        headline = f"“{task.name[:_NAME_IN_HEADLINE]}”申请销号"
        return tx.update(CampaignTask, task_id, changes, expected_version=task.version, headline=headline)


def _check(
    actor: Actor, one: TaskReport, task: TaskRow, campaigns: dict[int, CampaignRow], parents: set[int]
) -> list[Problem]:
    require_reporter(actor, campaigns[task.campaign_id], task)
    if task.version != one.expected_version:
        raise Conflict(
            {"percent": task.facts.percent, "status": task.facts.status.label},
            {"percent": one.percent, "text": one.text},
        )
    problems = bounded("text", one.text)
    if task.id in parents:
        problems.append(Problem("task", "not_leaf", f"“{task.name}”的进度由下级任务汇总，不单独填报。"))
    if task.facts.status not in acceptance.CLAIMABLE:
        problems.append(Problem("status", "wrong_step", f"“{task.name}”{task.facts.status.label}，不再填报。"))
    if not 0 <= one.percent <= 100:
        problems.append(Problem("percent", "out_of_range", f"“{task.name}”的进度应为 0 到 100 的整数。"))
    if one.percent < (task.facts.percent or 0):
        problems += required("text", one.text, f"“{task.name}”的进度低于上次填报，请在进展情况中说明原因。")
    to_milli(one.actual, "actual", problems)
    return problems


def _store(tx: WriteTransaction, one: TaskReport, task: TaskRow, campaign: CampaignRow) -> None:
    period = period_of(campaign.report_period, tx.as_of.on)
    actual = task.actual_milli if one.actual is None else to_milli(one.actual, "actual", [])
    values = {
        "task_id": task.id,
        "period_kind": period.kind.value,
        "period_key": period.key,
        "percent": one.percent,
        "actual_milli": actual,
        "text": one.text.strip(),
        "reported_at": tx.at,
        "reported_by": tx.actor.login,
    }
    tx.insert(CampaignProgress, values)
    changes = {"percent": one.percent, "actual_milli": actual, "reported_at": tx.at}
    tx.update(CampaignTask, task.id, changes, expected_version=task.version)
