"""待办 of campaigns: what the lead unit owes, what the owners verify and accept; the digest deals out the same."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.domain.campaigns.words import CampaignKind, CampaignStatus, ReportPeriod, TaskStatus
from core.domain.permissions import Actor
from core.domain.terms import Role
from core.domain.todo import TodoGroup, TodoKind
from core.services import campaigns, todos
from core.services.todos import gathering
from db.models import Campaign, CampaignTask
from tests.factories import SYSTEM, make_actor, make_county, make_headquarters, make_unit
from tests.support.todos import TODAY


def make_campaign(tx: Any, code: str, **values: Any) -> int:
    days = {"start_on": date(2026, 1, 1), "finish_on": date(2026, 12, 1), "first_finish_on": date(2026, 12, 1)}
    return tx.insert(
        Campaign,
        {
            "code": code,
            "kind": CampaignKind.BATTLE.value,
            "year": 2026,
            "name": f"攻坚{code}",
            "report_period": ReportPeriod.WEEK.value,
            "status": CampaignStatus.RUNNING.value,
            "acceptance_due_on": date(2026, 12, 1),
            **days,
            **values,
        },
    )


def make_task(tx: Any, campaign: int, name: str, finish_on: date, **values: Any) -> int:
    return tx.insert(
        CampaignTask,
        {
            "campaign_id": campaign,
            "sequence": 1,
            "name": name,
            "planned_start_on": date(2026, 2, 1),
            "planned_finish_on": finish_on,
            "first_finish_on": finish_on,
            "status": TaskStatus.OPEN.value,
            **values,
        },
    )


@pytest.fixture
def actors(store) -> dict[str, Actor]:
    with store.transaction(SYSTEM) as tx:
        east, base = make_county(tx, "东湖区"), make_headquarters(tx, "攻坚指挥部")
        bureau, other = make_unit(tx, "区住建局", county_id=east), make_unit(tx, "市城管局")
        running = make_campaign(tx, "GJ-01", headquarters_id=base, acceptance_due_on=date(2026, 11, 27))
        draft = make_campaign(tx, "GJ-02", status=CampaignStatus.DRAFT.value)
        whole = make_task(tx, running, "老旧小区改造", date(2026, 11, 10), lead_unit_id=bureau)
        part = {"parent_id": whole, "lead_unit_id": bureau}
        make_task(tx, running, "一期", date(2026, 11, 12), reported_at=datetime(2026, 11, 17, tzinfo=UTC), **part)
        make_task(tx, running, "二期", date(2026, 12, 20), reported_at=datetime(2026, 11, 13, tzinfo=UTC), **part)
        back = {"status": TaskStatus.RETURNED.value, "lead_unit_id": other}
        make_task(tx, running, "拆违", date(2026, 11, 23), **back)
        claimed = {"status": TaskStatus.CLAIMED.value, "claimed_by": "huizhan"}
        make_task(tx, running, "绿化", date(2026, 11, 20), lead_unit_id=other, **claimed)
        make_task(tx, running, "已销号", date(2026, 11, 1), status=TaskStatus.CLOSED_OUT.value, lead_unit_id=bureau)
        make_task(tx, draft, "还没有启动", date(2026, 11, 1), lead_unit_id=bureau)
    return {
        "bureau": make_actor(Role.UNIT, units=[bureau], login="zhujian"),
        "other": make_actor(Role.UNIT, units=[other], login="chengguan"),
        "county": make_actor(Role.COUNTY, counties=[east], login="donghu"),
        "headquarters": make_actor(Role.HEADQUARTERS, headquarters=[base], login="huizhan"),
        "supervisor": make_actor(Role.SUPERVISOR),
        "leader": make_actor(Role.LEADER),
    }


def told(actor: Actor) -> list[tuple]:
    return [(todo.due_on, todo.step, todo.title) for todo in todos.page_of(actor, TodoKind.TASK).items]


def test_lead_unit_owes_its_leaves_and_the_reports_of_the_week(actors) -> None:
    """The week ends today, Sunday; 一期 was reported in it, 二期 the week before and is due much later."""
    expected = [(date(2026, 11, 12), "申请销号", "一期"), (TODAY, "填报进展", "攻坚任务进展待填报 1 项")]
    assert told(actors["bureau"]) == expected
    assert told(actors["county"]) == expected
    assert told(actors["other"]) == [
        (TODAY, "填报进展", "攻坚任务进展待填报 1 项"),
        (date(2026, 11, 23), "整改后再申请", "拆违"),
    ]


def test_task_without_lead_unit_waits_for_those_who_own_the_campaign(store) -> None:
    """The lead unit and the county of the campaign may report it; the county of the lead unit owns nothing of it."""
    with store.transaction(SYSTEM) as tx:
        west, north = make_county(tx, "西山县"), make_county(tx, "北湖县")
        lead, other = make_unit(tx, "北湖县水利局", county_id=north), make_unit(tx, "市水利局")
        campaign = make_campaign(tx, "GJ-09", county_id=west, lead_unit_id=lead)
        make_task(tx, campaign, "河道清淤", date(2026, 11, 24))
        make_task(tx, campaign, "堤防加固", date(2026, 11, 25), lead_unit_id=other)
    reports = (TODAY, "填报进展", "攻坚任务进展待填报 1 项")
    silt, dike = (date(2026, 11, 24), "申请销号", "河道清淤"), (date(2026, 11, 25), "申请销号", "堤防加固")
    people = {
        "lead": (make_actor(Role.UNIT, units=[lead]), [reports, silt]),
        "other": (make_actor(Role.UNIT, units=[other]), [reports, dike]),
        "west": (make_actor(Role.COUNTY, counties=[west]), [reports, silt]),
        "north": (make_actor(Role.COUNTY, counties=[north]), []),
    }
    dealt = gathering.gather({name: gathering.Reader(actor) for name, (actor, _) in people.items()}, TODAY)
    for name, (actor, expected) in people.items():
        items = todos.page_of(actor).items
        assert [one[:3] for one in told(actor) if one[1] != "到点验收"] == expected, name
        assert [todo.owner for todo in items if todo.title == "河道清淤"] in ([], ["北湖县水利局"])
        assert list(dealt[name].items) == [todo for todo in items if todo.group(TODAY) is not TodoGroup.LATER], name
        lines = campaigns.read_campaign(actor, campaign).lines if expected else ()
        assert {title for *_, title in expected[1:]} <= {line.row.name for line in lines if line.is_mine}, name


def test_claim_waits_for_an_owner_who_did_not_make_it(actors) -> None:
    assert ("核验销号", "绿化") in {(step, title) for _, step, title in told(actors["supervisor"])}
    assert "核验销号" not in {step for _, step, _ in told(actors["headquarters"])}


def test_acceptance_comes_up_a_week_before_its_date_for_its_owners(actors) -> None:
    for name in ("headquarters", "supervisor"):
        assert (date(2026, 11, 27), "到点验收", "攻坚GJ-01") in told(actors[name])
    assert told(actors["leader"]) == []


def test_one_reading_for_everybody_deals_out_the_same_tasks(actors) -> None:
    dealt = gathering.gather({name: gathering.Reader(actor) for name, actor in actors.items()}, TODAY)
    for name, actor in actors.items():
        near = [todo for todo in todos.page_of(actor).items if todo.group(TODAY) is not TodoGroup.LATER]
        assert list(dealt[name].items) == near, name
