"""待办 of campaigns: tasks that fall due, reports of the period, claims to verify, acceptances at their date."""

from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Select, String, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from core.domain.campaigns.acceptance import CLAIMABLE
from core.domain.campaigns.periods import period_of
from core.domain.campaigns.words import CampaignStatus, ReportPeriod, TaskStatus
from core.domain.permissions import Permission
from core.domain.todo import Todo, TodoKind, soon
from db.models.campaign import Campaign, CampaignTask
from db.models.organisation import Unit
from db.queries.scoping import project_scope
from db.queries.todo_parts import columns, dealt, summed, told
from db.queries.todos import Asked, Source, TodoRow, within

_CLAIMABLE = [status.value for status in CLAIMABLE]
# Who owns the campaign stands in where a task has no lead unit of its own; each of them may report it.
_LEAD = func.coalesce(CampaignTask.lead_unit_id, Campaign.lead_unit_id)
_COUNTY = case((CampaignTask.lead_unit_id.is_(None), Campaign.county_id), else_=Unit.county_id)
_OF_TASK = (_COUNTY, Campaign.headquarters_id, _LEAD)
_OF_CAMPAIGN = (Campaign.county_id, Campaign.headquarters_id, Campaign.lead_unit_id)


def _running(shown: list[Any]) -> Select[Any]:
    return (
        select(*shown)
        .select_from(CampaignTask)
        .join(Campaign, Campaign.id == CampaignTask.campaign_id)
        .join(Unit, Unit.id == _LEAD, isouter=True)
        .where(Campaign.status == CampaignStatus.RUNNING.value)
    )


def _open_leaves(shown: list[Any]) -> Select[Any]:
    """Tasks that their lead unit works on; those with parts are summed up from them."""
    part = aliased(CampaignTask)
    parts = select(part.parent_id).where(part.parent_id.is_not(None), part.status != TaskStatus.DROPPED.value)
    own = CampaignTask
    return _running(shown).where(own.status.in_(_CLAIMABLE), own.id.not_in(parts))


def _tasks(asked: Asked) -> Select[Any]:
    own = CampaignTask
    shown = columns(
        own.id, own.name, own.planned_finish_on, own.status, place=Campaign.name,
        owner=func.coalesce(Unit.name, Campaign.leader), tag=cast(Campaign.id, String), owners=_OF_TASK,
    )  # fmt: skip
    query = _open_leaves(shown).where(own.planned_finish_on <= soon(asked.today))
    return query.where(project_scope(asked.scope, *_OF_TASK))


def _reports(asked: Asked) -> Select[Any]:
    """Tasks without a report for the period today lies in, as one line; the first period to end gives the day."""
    own, periods = CampaignTask, {kind.value: period_of(kind, asked.today) for kind in ReportPeriod}
    first_at = case({kind: datetime.combine(one.first_on, time.min, UTC) for kind, one in periods.items()},
                    value=Campaign.report_period)  # fmt: skip
    ends_on = case({kind: one.last_on for kind, one in periods.items()}, value=Campaign.report_period)
    shown = columns(0, "", func.min(ends_on), "owed", amount=func.count(), owners=dealt(asked, _OF_TASK))
    query = _open_leaves(shown).where(
        own.planned_start_on <= asked.today,
        or_(own.reported_at.is_(None), own.reported_at < first_at),
        project_scope(asked.scope, *_OF_TASK),
        *within(asked, ends_on),
    )
    return summed(asked, query, _OF_TASK)


def _claims(asked: Asked) -> Select[Any]:
    own = CampaignTask
    shown = columns(
        own.id, own.name, own.planned_finish_on, own.status, place=Campaign.name,
        owner=func.coalesce(Unit.name, ""), tag=cast(Campaign.id, String), owners=_OF_CAMPAIGN,
        proposer=own.claimed_by,
    )  # fmt: skip
    query = _running(shown).where(own.status == TaskStatus.CLAIMED.value, *within(asked, own.planned_finish_on))
    query = query.where(project_scope(asked.scope, *_OF_CAMPAIGN))
    return query.where(own.claimed_by != asked.login) if asked.login else query


def _acceptances(asked: Asked) -> Select[Any]:
    own = Campaign
    shown = columns(
        own.id, own.name, own.acceptance_due_on, own.status, place=own.code,
        owner=func.coalesce(Unit.name, own.leader), owners=_OF_CAMPAIGN,
    )  # fmt: skip
    return (
        select(*shown)
        .select_from(own)
        .join(Unit, Unit.id == own.lead_unit_id, isouter=True)
        .where(
            own.status == CampaignStatus.RUNNING.value,
            own.acceptance_due_on <= soon(asked.today),
            project_scope(asked.scope, *_OF_CAMPAIGN),
        )
    )


def _path(row: TodoRow) -> str:
    return f"/campaigns?id={row.tag}&task={row.id}"


def _of_task(row: TodoRow) -> Todo:
    step = "整改后再申请" if row.status == TaskStatus.RETURNED.value else "申请销号"
    return told(row, TodoKind.TASK, "campaign_task", step, _path(row))


def _of_reports(row: TodoRow) -> Todo:
    title = f"攻坚任务进展待填报 {row.amount} 项"
    link = "/campaigns?view=report"
    return Todo(TodoKind.TASK, "campaign_report", 0, title, "填报进展", "", "", row.due_on, link, row.amount)


def _of_claim(row: TodoRow) -> Todo:
    return told(row, TodoKind.TASK, "campaign_task", "核验销号", _path(row))


def _of_acceptance(row: TodoRow) -> Todo:
    return told(row, TodoKind.TASK, "campaign", "到点验收", f"/campaigns?id={row.id}")


_WORKS, _MANAGES = (Permission.UPDATE_TASK,), (Permission.MANAGE_CAMPAIGN,)
CAMPAIGN_SOURCES: tuple[Source, ...] = (
    Source("campaign_tasks", TodoKind.TASK, _WORKS, True, _tasks, _of_task),
    Source("campaign_reports", TodoKind.TASK, _WORKS, True, _reports, _of_reports, True),
    Source("campaign_claims", TodoKind.TASK, _MANAGES, False, _claims, _of_claim),
    Source("campaign_acceptances", TodoKind.TASK, _MANAGES, False, _acceptances, _of_acceptance),
)
