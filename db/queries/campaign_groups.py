"""Campaigns as groups of a supervision round: which run at its cut-off, and with which projects."""

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from core.domain.campaigns.words import CampaignStatus
from core.domain.round_groups import CampaignGroup
from core.domain.rounds import RoundWindow
from db.models.campaign import Campaign, CampaignProject


def linked_at(window: RoundWindow) -> ColumnElement[bool]:
    """Return the clause that keeps the standing links of campaigns that run at the cut-off of a round."""
    on = window.cut_off_on
    return and_(
        CampaignProject.is_ended.is_(False),
        Campaign.status != CampaignStatus.DRAFT.value,
        Campaign.start_on <= on,
        or_(Campaign.accepted_on.is_(None), Campaign.accepted_on > on),
    )


def list_groups(connection: Connection, window: RoundWindow) -> dict[int, CampaignGroup]:
    """Return the campaigns with a project at the cut-off of a round, by id."""
    me = Campaign
    query = (
        select(me.id, me.code, me.name, me.county_id, me.headquarters_id, me.lead_unit_id)
        .join(CampaignProject, CampaignProject.campaign_id == me.id)
        .where(linked_at(window))
        .distinct()
    )
    return {
        row.id: CampaignGroup(row.id, row.code, row.name, (row.county_id, row.headquarters_id, row.lead_unit_id))
        for row in connection.execute(query)
    }


def campaigns_of_projects(connection: Connection, window: RoundWindow) -> dict[int, list[int]]:
    """Return project → the campaigns it is linked to at the cut-off of a round."""
    query = (
        select(CampaignProject.project_id, CampaignProject.campaign_id)
        .join(Campaign, Campaign.id == CampaignProject.campaign_id)
        .where(linked_at(window))
    )
    found: dict[int, list[int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.project_id, []).append(row.campaign_id)
    return found
