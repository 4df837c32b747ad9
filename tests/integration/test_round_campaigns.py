"""Campaigns as groups of a round: sums of their projects, both ways alike, seen by owners, kept in the snapshot."""

from datetime import date

import pytest
from sqlalchemy import select

from core.domain.campaigns.words import CampaignStatus
from core.domain.rounds import facts_from_json
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import Role
from core.services import rectifications, rounds
from core.services.rounds import DecisionFilter, computing
from db.models import Campaign, CampaignProject, FlagDecision
from tests.factories import SYSTEM, make_actor
from tests.support.round_city import SUPERVISOR, build, draft, published


@pytest.fixture
def city(store):
    return build(store)


def make_campaign(tx, code: str, project_ids, **values) -> int:
    start = date(2026, 3, 1)
    key = tx.insert(
        Campaign,
        {
            "code": code,
            "kind": "battle",
            "year": 2026,
            "name": f"{code}攻坚战",
            "start_on": start,
            "finish_on": date(2026, 12, 31),
            "first_finish_on": date(2026, 12, 31),
            "report_period": "week",
            "status": CampaignStatus.RUNNING.value,
            "acceptance_due_on": date(2026, 12, 31),
            **values,
        },
    )
    for project_id in project_ids:
        tx.insert(CampaignProject, {"campaign_id": key, "project_id": project_id})
    return key


def campaign_flags(round_id: int, store) -> list:
    with store.read() as connection:
        query = select(FlagDecision.__table__).where(
            FlagDecision.round_id == round_id, FlagDecision.subject_kind == SubjectKind.CAMPAIGN.value
        )
        return list(connection.execute(query.order_by(FlagDecision.subject_id)).mappings())


def test_campaign_is_the_sum_of_its_listed_projects_by_both_ways(store, city, monkeypatch) -> None:
    with store.transaction(SYSTEM) as tx:
        first = make_campaign(tx, "A", [city["warn"], city["red"], city["unlisted"]], headquarters_id=city["hq"])
        second = make_campaign(tx, "B", [city["warn"]])
        make_campaign(tx, "C", [city["warn"]], status=CampaignStatus.DRAFT.value)
        make_campaign(tx, "D", [city["red"]], status=CampaignStatus.ACCEPTED.value, accepted_on=date(2026, 10, 1))
        ended = make_campaign(tx, "E", [city["red"]])
        link = tx.connection.execute(
            select(CampaignProject.id).where(CampaignProject.campaign_id == ended)
        ).scalar_one()
        tx.update(CampaignProject, link, {"is_ended": True}, expected_version=1)
    key, fast = draft()
    found = campaign_flags(key, store)
    assert [row["subject_id"] for row in found] == [first, second]
    facts = facts_from_json(found[0]["facts"])
    parts = rounds.decisions(SUPERVISOR, key, DecisionFilter(limit=None)).rows
    mine = [row.facts for row in parts if row.subject_id in (city["warn"], city["red"])]
    assert (facts.code, facts.projects) == ("A", 2)
    assert facts.annual_plan_yuan == sum(one.annual_plan_yuan for one in mine)
    assert facts.ytd_done_yuan == sum(one.ytd_done_yuan for one in mine)
    assert found[0]["headquarters_id"] == city["hq"]
    monkeypatch.setattr(computing, "stands_at", lambda head, row: False)
    slow = rounds.compute(SUPERVISOR, key, fast.version)
    assert (fast.from_rollups, slow.from_rollups, slow.sha256) == (True, False, fast.sha256)
    again = campaign_flags(key, store)
    assert [dict(row) | {"id": 0} for row in again] == [dict(row) | {"id": 0} for row in found]


def test_flag_of_a_campaign_is_published_seen_by_its_headquarters_and_rectified(store, city) -> None:
    with store.transaction(SYSTEM) as tx:
        campaign = make_campaign(tx, "A", [city["red"]], headquarters_id=city["hq"])
    key = published()
    snapshot = rounds.read_snapshot(SUPERVISOR, key)
    assert [one.id for one in snapshot.decisions if one.kind is SubjectKind.CAMPAIGN] == [campaign]
    wanted = DecisionFilter(kind=SubjectKind.CAMPAIGN)
    owner = make_actor(Role.HEADQUARTERS, headquarters=[city["hq"]])
    assert [row.name for row in rounds.decisions(owner, key, wanted).rows] == ["A攻坚战"]
    assert rounds.decisions(make_actor(Role.COUNTY, counties=[city["east"]]), key, wanted).rows == ()
    rectifications.open_for_round(SUPERVISOR, key)
    cases = rectifications.cases(SUPERVISOR, rectifications.CaseFilter(subject=(SubjectKind.CAMPAIGN, campaign))).cards
    assert [(card.row.name, card.row.headquarters_name) for card in cases] == [("A攻坚战", "产业指挥部")]
