"""Which campaigns an actor sees: his own, those he leads a task of, those carried out with a project of his."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from core.domain.evidence import EvidenceOwner
from core.domain.scope import Scope
from db.models.campaign import Campaign, CampaignProject, CampaignTask
from db.models.organisation import Unit
from db.models.project import Project
from db.queries.scoping import project_scope

CAMPAIGN_OWNERS = (EvidenceOwner.CAMPAIGN, EvidenceOwner.CAMPAIGN_TASK)


def campaign_scope(scope: Scope, campaign: Any = Campaign) -> ColumnElement[bool]:
    """
    Return the clause that keeps the campaigns inside *scope*.

    Args:
        campaign: The table, its alias, or anything with the columns of one.
    """
    if scope.everything:
        return true()
    columns = getattr(campaign, "c", campaign)
    tasks = (
        select(CampaignTask.campaign_id)
        .join(Unit, Unit.id == CampaignTask.lead_unit_id)
        .where(or_(Unit.id.in_(sorted(scope.unit_ids)), Unit.county_id.in_(sorted(scope.county_ids))))
    )
    projects = (
        select(CampaignProject.campaign_id)
        .join(Project, Project.id == CampaignProject.project_id)
        .where(
            CampaignProject.is_ended.is_(False),
            project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id),
        )
    )
    own = project_scope(scope, columns.county_id, columns.headquarters_id, columns.lead_unit_id)
    return or_(own, columns.id.in_(tasks), columns.id.in_(projects))


def campaign_write_scope(scope: Scope, owner: EvidenceOwner, table: Any) -> ColumnElement[bool]:
    """Return the clause that keeps the campaigns an actor owns, and the tasks that he owns or leads."""
    if scope.everything:
        return true()
    own = select(Campaign.id).where(
        project_scope(scope, Campaign.county_id, Campaign.headquarters_id, Campaign.lead_unit_id)
    )
    if owner is EvidenceOwner.CAMPAIGN:
        clause: ColumnElement[bool] = table.c.id.in_(own)
        return clause
    led = select(Unit.id).where(or_(Unit.id.in_(sorted(scope.unit_ids)), Unit.county_id.in_(sorted(scope.county_ids))))
    return or_(table.c.campaign_id.in_(own), table.c.lead_unit_id.in_(led))
