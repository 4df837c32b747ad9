"""Taking a campaign over into another year (沿用): tasks and road map with their dates moved by whole years."""

from collections.abc import Sequence
from datetime import date

from core.domain.campaigns.words import CampaignAction, TaskStatus
from core.domain.errors import Problem
from core.domain.permissions import Actor, Permission, require
from core.services.campaigns.deploying import YEARS, CampaignDraft, insert_campaign
from core.services.campaigns.roadmap import PhaseDraft, insert_phases
from core.services.campaigns.writing import load, refuse
from db.models.campaign import CampaignTask
from db.queries import campaign_records as records
from db.queries import campaigns as queries
from db.queries.campaigns import TaskRow
from db.session import transaction
from db.transaction import WriteTransaction


def copy(actor: Actor, campaign_id: int, year: int) -> int:
    """
    Take a campaign over as another year's draft, tasks and road map with dates moved by whole years; return its id.

    Raises:
        Invalid: The year is the same one.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        row = load(tx, campaign_id, None)
        years = year - row.year
        if not years or year not in YEARS:
            refuse([Problem("year", "same", f"请选择 {YEARS[0]} 到 {YEARS[-1]} 之间的另一个年度。")])
        draft = CampaignDraft(
            kind=row.kind,
            year=year,
            name=row.name.replace(str(row.year), str(year)),
            start_on=_shift(row.start_on, years),
            finish_on=_shift(row.finish_on, years),
            standard=row.standard,
            approach=row.approach,
            duties=row.duties,
            results=row.results,
            leader=row.leader,
            lead_unit_id=row.lead_unit_id,
            headquarters_id=row.headquarters_id,
            county_id=row.county_id,
            report_period=row.report_period,
        )
        key = insert_campaign(tx, draft, CampaignAction.COPIED, copied_from_id=row.id)
        _copy_tasks(tx, queries.list_tasks(tx.connection, actor.scope, [campaign_id]), key, years)
        phases = records.list_phases(tx.connection, [campaign_id]).get(campaign_id, [])
        insert_phases(
            tx,
            key,
            [PhaseDraft(p.name, _shift(p.start_on, years), _shift(p.finish_on, years), p.goal) for p in phases],
            first=1,
        )
        return key


def _copy_tasks(tx: WriteTransaction, tasks: Sequence[TaskRow], campaign_id: int, years: int) -> None:
    """Insert the living tasks parents first, so that each finds the new id of its parent."""
    keys: dict[int | None, int | None] = {None: None}
    waiting = [task for task in tasks if task.facts.status is not TaskStatus.DROPPED]
    while waiting:
        ready = [task for task in waiting if task.facts.parent_id in keys]
        if not ready:
            return  # parts of a dropped branch
        for task in ready:
            finish_on = _shift(task.facts.planned_finish_on, years)
            values = {
                "campaign_id": campaign_id,
                "parent_id": keys[task.facts.parent_id],
                "sequence": task.sequence,
                "name": task.name,
                "lead_unit_id": task.lead_unit_id,
                "supporting_units": task.supporting_units,
                "responsible_person": task.responsible_person,
                "planned_start_on": _shift(task.facts.planned_start_on, years),
                "planned_finish_on": finish_on,
                "first_finish_on": finish_on,
                "weight": task.facts.weight,
                "measure": task.measure,
                "measure_unit": task.measure_unit,
                "target_milli": task.target_milli,
                "status": TaskStatus.OPEN.value,
            }
            keys[task.id] = int(tx.insert(CampaignTask, values))
        waiting = [task for task in waiting if task.id not in keys]


def _shift(day: date, years: int) -> date:
    """Return the same day *years* later; the 29th of February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
