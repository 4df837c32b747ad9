"""How every verb of campaigns loads, judges who may, and notes what happened."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from core.domain.campaigns.words import CampaignAction, CampaignStatus
from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied, Problem
from core.domain.permissions import Actor, Permission
from db.models.campaign import Campaign, CampaignEvent
from db.queries import campaigns as queries
from db.queries.campaigns import CampaignRow, TaskRow
from db.transaction import WriteTransaction

MAX_NOTE = 1000
MAX_TEXT = 4000
MAX_NAME = 200
MAX_UNITS = 400
MAX_PERSON = 64
_MILLI = 1000
_MOST = Decimal(10) ** 12


def owns(actor: Actor, row: CampaignRow) -> bool:
    """Return whether a campaign itself lies inside the actor's scope (not only a task or project of it)."""
    return actor.scope.covers(row.county_id, row.headquarters_id, row.lead_unit_id)


def can_manage(actor: Actor, row: CampaignRow) -> bool:
    """Return whether *actor* may edit, verify and accept a campaign."""
    return actor.can(Permission.MANAGE_CAMPAIGN) and owns(actor, row)


def can_report(actor: Actor, row: CampaignRow, task: TaskRow) -> bool:
    """Return whether *actor* may report a task: the lead unit's people, its county's, or the headquarters'."""
    scope = actor.scope
    lead_unit_id = task.lead_unit_id or row.lead_unit_id
    return actor.can(Permission.UPDATE_TASK) and (
        scope.covers(row.county_id, row.headquarters_id, lead_unit_id) or task.lead_county_id in scope.county_ids
    )


def load(
    tx: WriteTransaction, campaign_id: int, expected_version: int | None, attempted: dict[str, object] | None = None
) -> CampaignRow:
    """
    Return a campaign that the actor may manage, as it stands.

    Raises:
        NotFound: Outside the actor's scope.
        PermissionDenied: He sees it but does not own it.
        Conflict: Somebody changed it meanwhile.
    """
    row = queries.find_campaign(tx.connection, tx.actor.scope, campaign_id)
    if row is None:
        raise NotFound
    if not owns(tx.actor, row):
        raise PermissionDenied(f"“{row.name}”不归您部署，只能查看和填报您牵头的任务。")
    if expected_version is not None and row.version != expected_version:
        values = attempted or {}
        raise Conflict({name: getattr(row, name, None) for name in values}, values)
    return row


def load_task(tx: WriteTransaction, task_id: int, expected_version: int | None) -> tuple[CampaignRow, TaskRow]:
    """
    Return a task and its campaign, both inside the actor's scope.

    Raises:
        NotFound: Outside the actor's scope.
        Conflict: Somebody changed it meanwhile.
    """
    task = next(iter(queries.find_tasks(tx.connection, tx.actor.scope, [task_id])), None)
    campaign = queries.find_campaign(tx.connection, tx.actor.scope, task.campaign_id) if task else None
    if task is None or campaign is None:
        raise NotFound
    if expected_version is not None and task.version != expected_version:
        raise Conflict({"status": task.facts.status.label, "percent": task.facts.percent}, {})
    return campaign, task


def require_reporter(actor: Actor, campaign: CampaignRow, task: TaskRow) -> None:
    """
    Stop unless *actor* may report the task and the campaign runs.

    Raises:
        PermissionDenied, Invalid: He may not, or it does not run.
    """
    if not can_report(actor, campaign, task):
        raise PermissionDenied(f"“{task.name}”由{task.lead_unit or '牵头单位'}填报，不在您的管理范围内。")
    require_running(campaign)


def require_running(campaign: CampaignRow) -> None:
    """
    Stop unless a campaign runs.

    Raises:
        Invalid: It is still being planned, or accepted already.
    """
    if campaign.status is not CampaignStatus.RUNNING:
        refuse([Problem("status", "not_running", f"“{campaign.name}”{campaign.status.label}，此操作在推进中办理。")])


def require_open(campaign: CampaignRow) -> None:
    """
    Stop when a campaign is accepted: it is a record then.

    Raises:
        Invalid: It is accepted.
    """
    if campaign.status is CampaignStatus.ACCEPTED:
        refuse([Problem("status", "accepted", f"“{campaign.name}”已通过验收，不能再修改。")])


def touch(tx: WriteTransaction, row: CampaignRow) -> int:
    """Count a save of what belongs to a campaign, so that its version moves; return the new version."""
    return tx.update(Campaign, row.id, {"edits": row.edits + 1}, expected_version=row.version)


def note(
    tx: WriteTransaction,
    campaign_id: int,
    kind: CampaignAction,
    text: str = "",
    *,
    task_id: int | None = None,
    old_due_on: date | None = None,
    new_due_on: date | None = None,
) -> None:
    """Append a step."""
    values = {
        "campaign_id": campaign_id,
        "task_id": task_id,
        "kind": kind.value,
        "note": text.strip()[:MAX_NOTE],
        "old_due_on": old_due_on,
        "new_due_on": new_due_on,
        "happened_at": tx.at,
        "actor": tx.actor.login,
    }
    tx.insert(CampaignEvent, values)


def required(field: str, text: str, message: str, longest: int = MAX_NOTE) -> list[Problem]:
    """Return what is wrong with a text that must be given."""
    return bounded(field, text, longest) if text.strip() else [Problem(field, "missing", message)]


def bounded(field: str, text: str, longest: int = MAX_NOTE) -> list[Problem]:
    """Return what is wrong with the length of a text."""
    return [Problem(field, "too_long", f"文字超过 {longest} 个字，请精简。")] if len(text.strip()) > longest else []


def refuse(problems: Collection[Problem]) -> None:
    """Raise all *problems* at once, if there are any."""
    if problems:
        raise Invalid(list(problems))


def to_milli(value: Decimal | None, field: str, problems: list[Problem]) -> int | None:
    """Return a figure in thousandths; one that cannot be kept is added to *problems*."""
    if value is None:
        return None
    if not value.is_finite() or not 0 <= value <= _MOST:
        problems.append(Problem(field, "out_of_range", "成效数值应为不小于 0 的数。"))
        return None
    return round(value * _MILLI)


def from_milli(value: int | None) -> Decimal | None:
    """Return a figure kept in thousandths."""
    return None if value is None else Decimal(value) / _MILLI
