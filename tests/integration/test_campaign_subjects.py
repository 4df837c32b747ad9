"""Campaigns as subjects: process facts and rewards reach the campaign's owners, and nobody else."""

from dataclasses import replace
from datetime import date

import pytest

from core.domain.errors import NotFound
from core.domain.supervision_terms import MeritKind, ProcessKind, Severity, SubjectKind
from core.domain.terms import Role
from core.services import merits, process_facts
from core.services.merits import NewMerit
from core.services.process_facts import ProcessDraft
from tests.factories import SYSTEM, make_actor, make_county, make_unit
from tests.integration.test_todo_campaigns import make_campaign

DAY, KIND = date(2026, 11, 20), SubjectKind.CAMPAIGN
SEEN = ProcessDraft(ProcessKind.INSPECTION, DAY, "督查一组", "查看现场", "", Severity.NONE, None)


@pytest.fixture
def campaign(store) -> tuple:
    with store.transaction(SYSTEM) as tx:
        east, west, lead = make_county(tx, "东湖区"), make_county(tx, "西山县"), make_unit(tx, "区水利局")
        key = make_campaign(tx, "GJ-01", county_id=east, lead_unit_id=lead)
    owners = make_actor(Role.COUNTY, counties=[east]), make_actor(Role.UNIT, units=[lead])
    return key, owners, make_actor(Role.COUNTY, counties=[west])


def test_process_facts_of_a_campaign_are_its_owners(campaign) -> None:
    key, owners, stranger = campaign
    fact = process_facts.record(owners[0], KIND, key, SEEN)
    for owner in owners:
        (row,) = process_facts.of_subject(owner, KIND, key)
        assert (row.id, row.subject_name, row.project_id) == (fact, "攻坚GJ-01", None)
    assert process_facts.of_subject(stranger, KIND, key) == ()
    with pytest.raises(NotFound):
        process_facts.record(stranger, KIND, key, SEEN)
    with pytest.raises(NotFound):
        process_facts.record(owners[0], KIND, key + 1, SEEN)
    process_facts.amend(owners[0], fact, replace(SEEN, summary="再次查看"), 1)
    assert process_facts.of_subject(owners[1], KIND, key)[0].summary == "再次查看"


def test_rewards_of_a_campaign_are_listed_for_its_owners(campaign) -> None:
    key, owners, stranger = campaign
    supervisor = make_actor(Role.SUPERVISOR)
    assert merits.choices(supervisor)[KIND] == {key: "攻坚GJ-01"}
    made = merits.record(supervisor, NewMerit(MeritKind.PRAISE, KIND, key, DAY, "提前完成", 20))
    for reader in (*owners, supervisor):
        (row,) = merits.list_year(reader, 2026)
        assert (row.id, row.subject, row.subject_kind, row.points_tenths) == (made, "攻坚GJ-01", KIND, 20)
    assert merits.list_year(stranger, 2026) == ()
    with pytest.raises(NotFound):
        merits.record(supervisor, NewMerit(MeritKind.PRAISE, KIND, key + 1, DAY, "没有这项行动"))
