"""A city with a headquarters' campaign of three tasks, driven to a wanted state through the service."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.domain.campaigns.words import CampaignKind, ReportPeriod
from core.domain.permissions import Actor
from core.domain.terms import Role
from core.services import campaigns as service
from core.services.campaigns import CampaignDraft, TaskDraft, TaskReport
from tests.factories import SYSTEM, make_actor, make_county, make_headquarters, make_project, make_unit

TODAY = date(2026, 11, 22)  # a Sunday


@dataclass(frozen=True)
class CampaignCity:
    """A headquarters with a commander; the bureau leads, the helper leads one task; west is foreign to all of it."""

    east: int
    west: int
    base: int
    bridge: int
    bureau: int
    helper: int
    commander: Actor
    deputy: Actor
    unit: Actor
    helping: Actor
    stranger: Actor
    supervisor: Actor
    leader: Actor


def campaign_city(store: Any) -> CampaignCity:
    """Insert the city."""
    with store.transaction(SYSTEM) as tx:
        east, west = make_county(tx, "东湖区"), make_county(tx, "西山县")
        bureau, helper = make_unit(tx, "市交通运输局"), make_unit(tx, "市财政局")
        base = make_headquarters(tx, "交通会战指挥部")
        bridge = make_project(tx, east, "东湖大桥", code="DHDQ", headquarters_id=base)
    return CampaignCity(
        east,
        west,
        base,
        bridge,
        bureau,
        helper,
        make_actor(Role.HEADQUARTERS, headquarters=[base], login="huizhan"),
        make_actor(Role.HEADQUARTERS, headquarters=[base], login="fuzhi"),
        make_actor(Role.UNIT, units=[bureau], login="jiaotong"),
        make_actor(Role.UNIT, units=[helper], login="caizheng"),
        make_actor(Role.COUNTY, counties=[west], login="xishan"),
        make_actor(Role.SUPERVISOR),
        make_actor(Role.LEADER),
    )


def campaign_draft(city: CampaignCity, **values: Any) -> CampaignDraft:
    return CampaignDraft(
        **{
            "kind": CampaignKind.BATTLE,
            "year": 2026,
            "name": "综合交通大会战",
            "start_on": date(2026, 3, 1),
            "finish_on": date(2026, 12, 31),
            "standard": "主要通道全线贯通。",
            "approach": "倒排工期，挂图作战。",
            "duties": "三项任务。",
            "results": "通车里程 60 公里。",
            "leader": "程立诚",
            "lead_unit_id": city.bureau,
            "headquarters_id": city.base,
            "report_period": ReportPeriod.WEEK,
            **values,
        }
    )


def task_drafts() -> list[TaskDraft]:
    """A part with two tasks, and a task of the helper's that fell due two days ago."""
    bureau, helper = "市交通运输局", "市财政局"
    return [
        TaskDraft("1", "主线贯通", bureau, date(2026, 3, 1), date(2026, 12, 20), weight=3),
        TaskDraft("1.1", "桥梁合龙", bureau, date(2026, 3, 1), date(2026, 11, 27), "市财政局", "李桥", 2),
        TaskDraft(
            "1.2", "路面铺筑", bureau, date(2026, 6, 1), date(2026, 12, 20),
            weight=1, measure="铺筑里程", measure_unit="公里", target=Decimal(60),
        ),
        TaskDraft("2", "资金到位", helper, date(2026, 3, 1), date(2026, 11, 20)),
    ]  # fmt: skip


def launched(city: CampaignCity, **values: Any) -> int:
    """Deploy and launch the campaign."""
    key = service.create(city.commander, campaign_draft(city, **values))
    version = service.add_tasks(city.commander, key, task_drafts(), 1)
    service.launch(city.commander, key, version)
    return key


def tasks_of(city: CampaignCity, key: int) -> dict[str, Any]:
    """Return number → line of a campaign."""
    return {line.place.number: line for line in service.read_campaign(city.supervisor, key).lines}


def finish(city: CampaignCity, key: int) -> None:
    """Report, claim and close out every task of a campaign."""
    for number, line in tasks_of(city, key).items():
        if not line.place.is_leaf:
            continue
        actor = city.helping if number == "2" else city.unit
        actual = Decimal(60) if line.row.target_milli else None
        service.report(actor, [TaskReport(line.row.id, line.row.version, 100, "已完成。", actual)])
        version = tasks_of(city, key)[number].row.version
        version = service.claim(actor, line.row.id, "全部完成。", version)
        service.close_out(city.commander, line.row.id, "现场核实。", version)
