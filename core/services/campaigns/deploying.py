"""Deploying a campaign (部署): create, edit, launch."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.campaigns.tree import check_tree
from core.domain.campaigns.words import (
    CampaignAction,
    CampaignKind,
    CampaignStatus,
    ReportPeriod,
    TaskStatus,
)
from core.domain.errors import PermissionDenied, Problem
from core.domain.permissions import Actor, Permission, require
from core.services.campaigns.writing import (
    MAX_NAME,
    MAX_PERSON,
    MAX_TEXT,
    bounded,
    load,
    note,
    refuse,
    require_open,
    required,
)
from db import audit
from db.models.campaign import Campaign
from db.queries import campaigns as queries
from db.queries.campaigns import CampaignRow
from db.session import transaction
from db.transaction import WriteTransaction

YEARS = range(2000, 2100)
_PREFIX = {
    CampaignKind.BATTLE: "GJ",
    CampaignKind.REFORM: "GG",
    CampaignKind.DRIVE: "SG",
    CampaignKind.LIVELIHOOD: "HM",
}
_CLARITIES = {"standard": "标准", "approach": "思路", "duties": "任务", "results": "成效"}


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """
    What is typed of a campaign.

    Attributes:
        standard, approach, duties, results: The four clarities (四个清晰).
        reason: Why the finish date is moved; needed once the campaign runs.
    """

    kind: CampaignKind
    year: int
    name: str
    start_on: date | None
    finish_on: date | None
    standard: str = ""
    approach: str = ""
    duties: str = ""
    results: str = ""
    leader: str = ""
    lead_unit_id: int | None = None
    headquarters_id: int | None = None
    county_id: int | None = None
    report_period: ReportPeriod = ReportPeriod.WEEK
    reason: str = ""


def create(actor: Actor, draft: CampaignDraft) -> int:
    """
    Create a campaign as a draft and return its id.

    Raises:
        PermissionDenied: The campaign would not belong to the actor's headquarters.
        Invalid: All refused values at once.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        return insert_campaign(tx, draft, CampaignAction.CREATED)


def edit(actor: Actor, campaign_id: int, draft: CampaignDraft, expected_version: int) -> int:
    """
    Change a campaign and return its new version; a moved finish date of a running one is counted and noted.

    Raises:
        NotFound, PermissionDenied, Conflict, Invalid: As elsewhere; kind and year stay as they are.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        values = _columns(draft)
        row = load(tx, campaign_id, expected_version, values)
        require_open(row)
        _require_own(actor, draft)
        problems = _check(draft)
        refuse(problems)
        moved, is_running = draft.finish_on != row.finish_on, row.status is CampaignStatus.RUNNING
        if moved and is_running:
            problems += required("reason", draft.reason, "推进中的行动调整完成时间，须写明原因。")
        problems += _check_tasks(tx, row, draft)
        refuse(problems)
        assert draft.finish_on is not None  # noqa: S101 - checked above
        if moved and is_running:
            values["moves"] = row.moves + 1
        if not is_running:
            values["first_finish_on"] = draft.finish_on
        if moved and row.acceptance_due_on == row.finish_on:
            values["acceptance_due_on"] = draft.finish_on
        kind = CampaignAction.MOVED if moved and is_running else CampaignAction.EDITED
        old, new = (row.finish_on, draft.finish_on) if moved else (None, None)
        note(tx, campaign_id, kind, draft.reason, old_due_on=old, new_due_on=new)
        return tx.update(Campaign, campaign_id, values, expected_version=row.version, reason=draft.reason.strip())


def launch(actor: Actor, campaign_id: int, expected_version: int) -> int:
    """
    Start a campaign (启动) and return its new version: the dates of now become the first baseline.

    Raises:
        Invalid: Not all four clarities are written, or there is no task, or the tree is wrong.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        row = load(tx, campaign_id, expected_version)
        if row.status is not CampaignStatus.DRAFT:
            refuse([Problem("status", "wrong_step", f"“{row.name}”{row.status.label}，不能再次启动。")])
        missing = [label for name, label in _CLARITIES.items() if not getattr(row, name).strip()]
        problems = []
        if missing:
            text = f"“四个清晰”还缺{'、'.join(missing)}，请补充后启动。"
            problems.append(Problem("standard", "not_clear", text))
        tasks = [
            task
            for task in queries.list_tasks(tx.connection, actor.scope, [campaign_id])
            if task.facts.status is not TaskStatus.DROPPED
        ]
        if not tasks:
            problems.append(Problem("tasks", "missing", "请先分解任务，再启动行动。"))
        nobody = [task.name for task in tasks if task.lead_unit_id is None]
        if nobody:
            problems.append(Problem("lead_unit", "missing", f"还有任务没有牵头单位：{'、'.join(nobody[:5])}。"))
        refuse(problems)
        note(tx, campaign_id, CampaignAction.LAUNCHED)
        changes = {"status": CampaignStatus.RUNNING.value, "first_finish_on": row.finish_on}
        headline = f"“{row.name[:60]}”启动推进"
        return tx.update(Campaign, campaign_id, changes, expected_version=row.version, headline=headline)


def insert_campaign(tx: WriteTransaction, draft: CampaignDraft, kind: CampaignAction, **more: Any) -> int:
    """Store a draft of a campaign inside a transaction that has asked for the permission; return its id."""
    _require_own(tx.actor, draft)
    refuse(_check(draft))
    audit.lock_head(tx.connection)  # two at once must not give the same code
    prefix = f"{_PREFIX[draft.kind]}-{draft.year}-"
    number = queries.last_code(tx.connection, prefix) + 1
    values = {
        **_columns(draft),
        "code": f"{prefix}{number:02d}",
        "kind": draft.kind.value,
        "year": draft.year,
        "first_finish_on": draft.finish_on,
        "acceptance_due_on": draft.finish_on,
        "status": CampaignStatus.DRAFT.value,
        **more,
    }
    key = int(tx.insert(Campaign, values))
    note(tx, key, kind)
    return key


def _columns(draft: CampaignDraft) -> dict[str, Any]:
    return {
        "name": draft.name.strip(),
        **{name: getattr(draft, name).strip() for name in _CLARITIES},
        "leader": draft.leader.strip(),
        "lead_unit_id": draft.lead_unit_id,
        "headquarters_id": draft.headquarters_id,
        "county_id": draft.county_id,
        "start_on": draft.start_on,
        "finish_on": draft.finish_on,
        "report_period": draft.report_period.value,
    }


def _require_own(actor: Actor, draft: CampaignDraft) -> None:
    if not actor.scope.covers(draft.county_id, draft.headquarters_id, draft.lead_unit_id):
        raise PermissionDenied("只能部署归本指挥部（本单位）的行动，请选择您所在的指挥部。")


def _check(draft: CampaignDraft) -> list[Problem]:
    problems = required("name", draft.name, "请填写行动名称。", MAX_NAME)
    problems += bounded("leader", draft.leader, MAX_PERSON)
    if draft.year not in YEARS:
        problems.append(Problem("year", "out_of_range", f"年度应在 {YEARS[0]} 到 {YEARS[-1]} 之间。"))
    for name in _CLARITIES:
        problems += bounded(name, getattr(draft, name), MAX_TEXT)
    if draft.start_on is None or draft.finish_on is None:
        problems.append(Problem("finish_on", "missing_date", "请填写开始和完成时间。"))
    elif draft.finish_on < draft.start_on:
        problems.append(Problem("finish_on", "out_of_order", "完成时间早于开始时间。"))
    return problems


def _check_tasks(tx: WriteTransaction, row: CampaignRow, draft: CampaignDraft) -> list[Problem]:
    assert draft.start_on is not None  # noqa: S101 - checked before
    assert draft.finish_on is not None  # noqa: S101
    tasks = queries.list_tasks(tx.connection, tx.actor.scope, [row.id])
    names = {task.id: task.name for task in tasks}
    return check_tree([task.facts for task in tasks], names, draft.start_on, draft.finish_on)
