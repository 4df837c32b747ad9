"""A small city with two leaders: 程立诚 stands for the bridge and the port, 王守正 for the port and the west's road."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from core.domain.permissions import Actor
from core.domain.terms import AssignmentRole, Role
from db.models import Assignment, ProcessFact
from tests.factories import (
    SYSTEM,
    YI,
    make_actor,
    make_county,
    make_headquarters,
    make_milestone,
    make_person,
    make_project,
    make_unit,
)

SINCE = date(2026, 1, 1)


@dataclass(frozen=True)
class SponsorCity:
    """Keys of the city and who acts in it; the clock stands at 2026-11-22."""

    east: int
    west: int
    bridge: int
    port: int
    road: int
    cheng: int
    wang: int
    bureau: int
    cheng_bridge: int
    county: Actor
    stranger: Actor
    unit: Actor
    supervisor: Actor
    leader: Actor


def sponsor(tx: Any, project_id: int, person_id: int, from_on: date | None = SINCE, to_on: date | None = None) -> int:
    values = {"project_id": project_id, "role": AssignmentRole.SPONSOR_LEADER.value, "person_id": person_id}
    return int(tx.insert(Assignment, {**values, "unit_id": None, "from_on": from_on, "to_on": to_on}))


def visit(
    tx: Any, project_id: int, on: date, participants: str = "程立诚、市发改委", summary: str = "察看现场。"
) -> int:
    values = {"kind": "leader_visit", "subject_kind": "project", "subject_id": project_id, "project_id": project_id}
    told = {"happened_on": on, "participants": participants, "summary": summary, "finding": "", "severity": "none"}
    at = datetime(on.year, on.month, on.day, 8, tzinfo=UTC)
    return int(tx.insert(ProcessFact, {**values, **told, "recorded_at": at, "recorded_by": "ban"}))


def sponsor_city(store: Any) -> SponsorCity:
    """Insert the city: the bridge was seen in October, the port this month, the road never."""
    with store.transaction(SYSTEM) as tx:
        east, west = make_county(tx, "东湖区"), make_county(tx, "西山县")
        bureau, base = make_unit(tx, "市自然资源局"), make_headquarters(tx, "交通会战指挥部")
        cheng = make_person(tx, "程立诚", title="常务副市长", unit_id=bureau)
        wang = make_person(tx, "王守正", title="副市长")
        bridge = make_project(
            tx, east, "东湖大桥", code="DHDQ", headquarters_id=base, responsible_unit_id=bureau,
            done_yuan={1: 2 * YI, 2: YI}, started_on=date(2026, 1, 10), content="全长 2.1 公里，双向六车道。",
        )  # fmt: skip
        port = make_project(tx, east, "内河港", code="NHG", done_yuan={1: 9 * YI})
        road = make_project(tx, west, "西山大道", code="XSDD")
        make_milestone(tx, bridge, date(2026, 11, 1), "合龙", is_key=True)
        make_milestone(tx, bridge, date(2026, 12, 20), "桥面铺装")
        cheng_bridge = sponsor(tx, bridge, cheng)
        for project, person in ((port, cheng), (port, wang), (road, wang)):
            sponsor(tx, project, person)
        visit(tx, bridge, date(2026, 10, 10))
        visit(tx, port, date(2026, 11, 5), "副市长王守正、程立诚")
    return SponsorCity(
        east, west, bridge, port, road, cheng, wang, bureau, cheng_bridge,
        make_actor(Role.COUNTY, counties=[east], login="donghu"),
        make_actor(Role.COUNTY, counties=[west], login="xishan"),
        make_actor(Role.UNIT, units=[bureau], login="ziran"),
        make_actor(Role.SUPERVISOR),
        make_actor(Role.LEADER),
    )  # fmt: skip
