"""The road map (路线图) of a campaign and the projects it is carried out with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.campaigns.words import CampaignAction
from core.domain.errors import Problem
from core.domain.permissions import Actor, Permission, require
from core.services.campaigns.writing import MAX_NAME, bounded, load, note, refuse, require_open, required, touch
from db.models.campaign import CampaignPhase, CampaignProject
from db.queries import campaign_records as records
from db.queries import matter_targets
from db.queries.campaigns import CampaignRow
from db.session import transaction
from db.transaction import WriteTransaction

MAX_PHASES = 12


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """One stretch of the road map as typed."""

    name: str
    start_on: date | None
    finish_on: date | None
    goal: str = ""


def save_phases(actor: Actor, campaign_id: int, phases: Sequence[PhaseDraft], expected_version: int) -> int:
    """
    Replace the road map (路线图) and return the campaign's new version; the old stretches are kept as dropped.

    Raises:
        Invalid: Names or dates are missing, or lie outside the campaign.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    with transaction(actor) as tx:
        row = load(tx, campaign_id, expected_version)
        require_open(row)
        refuse(_check_phases(row, phases))
        before = records.list_phases(tx.connection, [campaign_id]).get(campaign_id, [])
        for phase in before:
            tx.update(CampaignPhase, phase.id, {"is_dropped": True}, expected_version=phase.version)
        insert_phases(tx, campaign_id, phases, first=records.last_phase(tx.connection, campaign_id) + 1)
        note(tx, campaign_id, CampaignAction.EDITED, f"路线图调整为 {len(phases)} 个阶段")
        return touch(tx, row)


def link_projects(actor: Actor, campaign_id: int, words: Sequence[str], expected_version: int) -> int:
    """
    Have a campaign carried out with exactly the projects named by code or full name; return its new version.

    Raises:
        Invalid: A name fits no project of the actor's scope, or several.
    """
    require(actor, Permission.MANAGE_CAMPAIGN)
    wanted = [word for word in dict.fromkeys(word.strip() for word in words) if word]
    with transaction(actor) as tx:
        row = load(tx, campaign_id, expected_version)
        require_open(row)
        found = matter_targets.find_projects(tx.connection, actor.scope, wanted)
        wrong = [word for word in wanted if len(found.get(word, ())) != 1]
        refuse([Problem("project", "not_one", f"“{word}”没有或不止一个同名项目，请填项目编号。") for word in wrong])
        chosen = {found[word][0].id for word in wanted}
        known = records.find_links(tx.connection, campaign_id)
        for project_id, link in known.items():
            if link.is_ended == (project_id in chosen):
                ended = project_id not in chosen
                tx.update(CampaignProject, link.id, {"is_ended": ended}, expected_version=link.version)
        new = [{"campaign_id": campaign_id, "project_id": key} for key in sorted(chosen - known.keys())]
        tx.insert_many(CampaignProject, new)
        note(tx, campaign_id, CampaignAction.EDITED, f"关联项目 {len(chosen)} 个")
        return touch(tx, row)


def _check_phases(row: CampaignRow, phases: Sequence[PhaseDraft]) -> list[Problem]:
    problems = []
    if len(phases) > MAX_PHASES:
        problems.append(Problem("phases", "too_many", f"路线图最多 {MAX_PHASES} 个阶段。"))
    for phase in phases:
        problems += required("name", phase.name, "请填写每个阶段的名称。", MAX_NAME) + bounded("goal", phase.goal)
        if phase.start_on is None or phase.finish_on is None:
            problems.append(Problem("finish_on", "missing_date", f"请填写“{phase.name}”的起止时间。"))
        elif not row.start_on <= phase.start_on <= phase.finish_on <= row.finish_on:
            text = f"“{phase.name}”的起止时间应在 {row.start_on} 至 {row.finish_on} 之间，且先后有序。"
            problems.append(Problem("finish_on", "outside_parent", text))
    return problems


def insert_phases(tx: WriteTransaction, campaign_id: int, phases: Sequence[PhaseDraft], first: int) -> None:
    """Store the stretches of a road map from place *first* on."""
    rows = [
        {
            "campaign_id": campaign_id,
            "sequence": number,
            "name": phase.name.strip(),
            "start_on": phase.start_on,
            "finish_on": phase.finish_on,
            "goal": phase.goal.strip(),
        }
        for number, phase in enumerate(phases, start=first)
    ]
    tx.insert_many(CampaignPhase, rows)
