"""Campaigns and their tasks inside a scope, as the board and the rules need them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from core.domain.campaigns.tasks import TaskFacts
from core.domain.campaigns.words import CampaignKind, CampaignStatus, ReportPeriod, TaskStatus
from core.domain.scope import Scope
from db.models.campaign import (
    Campaign,
    CampaignTask,
)
from db.models.organisation import County, Headquarters, Unit
from db.queries.campaign_scope import campaign_scope

_lead = Unit.__table__.alias("lead")


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One campaign with the names of its owners; without an owner it belongs to the whole city."""

    id: int
    version: int
    code: str
    kind: CampaignKind
    year: int
    name: str
    standard: str
    approach: str
    duties: str
    results: str
    leader: str
    lead_unit_id: int | None
    lead_unit: str
    headquarters_id: int | None
    headquarters: str
    county_id: int | None
    county: str
    start_on: date
    finish_on: date
    first_finish_on: date
    moves: int
    report_period: ReportPeriod
    status: CampaignStatus
    acceptance_due_on: date
    accepted_on: date | None
    edits: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task; *facts* is what the rules judge. Figures of its measure are thousandths."""

    version: int
    campaign_id: int
    sequence: int
    name: str
    lead_unit_id: int | None
    lead_unit: str
    lead_county_id: int | None
    supporting_units: str
    responsible_person: str
    moves: int
    measure: str
    measure_unit: str
    target_milli: int | None
    actual_milli: int | None
    reported_at: datetime | None
    claimed_by: str
    closed_on: date | None
    facts: TaskFacts

    @property
    def id(self) -> int:
        return self.facts.id


def list_campaigns(
    connection: Connection, scope: Scope, *, year: int | None = None, campaign_id: int | None = None
) -> list[CampaignRow]:
    """Return the campaigns inside *scope*, by kind and code; only those of a year, or one."""
    query = _campaigns().where(campaign_scope(scope))
    if year is not None:
        query = query.where(Campaign.year == year)
    if campaign_id is not None:
        query = query.where(Campaign.id == campaign_id)
    return [_campaign(row) for row in connection.execute(query.order_by(Campaign.kind, Campaign.code)).mappings()]


def find_campaign(connection: Connection, scope: Scope, campaign_id: int) -> CampaignRow | None:
    """Return one campaign inside *scope*."""
    return next(iter(list_campaigns(connection, scope, campaign_id=campaign_id)), None)


def list_years(connection: Connection, scope: Scope) -> list[int]:
    """Return the years that have campaigns, latest first."""
    query = select(Campaign.year).where(campaign_scope(scope)).distinct().order_by(Campaign.year.desc())
    return list(connection.execute(query).scalars())


def list_tasks(connection: Connection, scope: Scope, campaign_ids: Collection[int]) -> list[TaskRow]:
    """Return the tasks of campaigns inside *scope*, in the order of each tree's siblings; dropped ones too."""
    query = _tasks().where(campaign_scope(scope), CampaignTask.campaign_id.in_(campaign_ids))
    query = query.order_by(CampaignTask.campaign_id, CampaignTask.sequence, CampaignTask.id)
    return [_task(row) for row in connection.execute(query).mappings()]


def find_tasks(connection: Connection, scope: Scope, task_ids: Collection[int]) -> list[TaskRow]:
    """Return the tasks of these ids whose campaigns lie inside *scope*."""
    query = _tasks().where(campaign_scope(scope), CampaignTask.id.in_(task_ids)).order_by(CampaignTask.id)
    return [_task(row) for row in connection.execute(query).mappings()]


def parents_among(connection: Connection, task_ids: Collection[int]) -> set[int]:
    """Return which of these tasks have living parts."""
    me = CampaignTask
    query = select(me.parent_id).where(me.parent_id.in_(task_ids), me.status != TaskStatus.DROPPED.value).distinct()
    return {key for key in connection.execute(query).scalars() if key is not None}


def unit_ids(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """Return name → unit."""
    query = select(Unit.name, Unit.id).where(Unit.name.in_(names))
    return {row.name: row.id for row in connection.execute(query)}


def last_code(connection: Connection, prefix: str) -> int:
    """Return the highest number in codes that begin with *prefix*; 0 = none."""
    codes = connection.execute(select(Campaign.code).where(Campaign.code.startswith(prefix, autoescape=True))).scalars()
    return max((int(code.removeprefix(prefix)) for code in codes if code.removeprefix(prefix).isdigit()), default=0)


def last_sequence(connection: Connection, campaign_id: int) -> int:
    """Return the highest place among the tasks of a campaign; 0 = none."""
    query = select(func.coalesce(func.max(CampaignTask.sequence), 0)).where(CampaignTask.campaign_id == campaign_id)
    return int(connection.execute(query).scalar_one())


def _campaigns() -> Select[*tuple[Any, ...]]:
    me = Campaign
    return (
        select(
            *(me.id, me.version, me.code, me.kind, me.year, me.name, me.standard, me.approach, me.duties, me.results),
            *(me.leader, me.lead_unit_id, me.headquarters_id, me.county_id),
            func.coalesce(_lead.c.name, "").label("lead_unit"),
            func.coalesce(Headquarters.name, "").label("headquarters"),
            func.coalesce(County.name, "").label("county"),
            *(me.start_on, me.finish_on, me.first_finish_on, me.moves, me.report_period, me.status),
            *(me.acceptance_due_on, me.accepted_on, me.edits),
        )
        .join(_lead, _lead.c.id == me.lead_unit_id, isouter=True)
        .join(Headquarters, Headquarters.id == me.headquarters_id, isouter=True)
        .join(County, County.id == me.county_id, isouter=True)
    )


def _campaign(row: Any) -> CampaignRow:
    return CampaignRow(
        **{
            **row,
            "kind": CampaignKind(row["kind"]),
            "report_period": ReportPeriod(row["report_period"]),
            "status": CampaignStatus(row["status"]),
        }
    )


_FACTS = (
    CampaignTask.id,
    CampaignTask.parent_id,
    CampaignTask.weight,
    CampaignTask.planned_start_on,
    CampaignTask.planned_finish_on,
    CampaignTask.first_finish_on,
    CampaignTask.status,
    CampaignTask.percent,
    CampaignTask.finished_on,
)


def _tasks() -> Select[*tuple[Any, ...]]:
    me = CampaignTask
    return (
        select(
            *_FACTS,
            *(me.version, me.campaign_id, me.sequence, me.name, me.lead_unit_id, me.supporting_units),
            func.coalesce(_lead.c.name, "").label("lead_unit"),
            _lead.c.county_id.label("lead_county_id"),
            *(me.responsible_person, me.moves, me.measure, me.measure_unit, me.target_milli, me.actual_milli),
            *(me.reported_at, me.claimed_by, me.closed_on),
        )
        .join(Campaign, Campaign.id == me.campaign_id)
        .join(_lead, _lead.c.id == me.lead_unit_id, isouter=True)
    )


def _task(row: Any) -> TaskRow:
    values = dict(row)
    facts = {column.key: values.pop(column.key) for column in _FACTS}
    facts["status"] = TaskStatus(facts["status"])
    return TaskRow(**values, facts=TaskFacts(**facts))
