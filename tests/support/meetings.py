"""A city with something for every topic of an agenda, and meetings driven to a wanted state through the service."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.matters.words import Difficulty
from core.domain.meetings import DecisionDraft, MeetingDraft, MeetingKind
from core.domain.permissions import Actor
from core.domain.terms import FundingCategory, Role, YearClass
from core.services import figures, matters, meetings
from core.services.matters import MatterDraft, Order
from core.services.meetings import MeetingView
from db.models import FundingBid
from tests.factories import (
    SYSTEM,
    YI,
    make_actor,
    make_county,
    make_headquarters,
    make_milestone,
    make_project,
    make_unit,
)
from tests.support.rounds import make_decision, make_round

TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class MeetingCity:
    """East: a red bridge (late key node, lagging bond) and a school that has not begun; west is foreign."""

    east: int
    west: int
    base: int
    bureau: int
    bridge: int
    school: int
    road: int
    supervisor: Actor
    county: Actor
    commander: Actor
    stranger: Actor
    unit: Actor
    leader: Actor


def meeting_city(store: Any) -> MeetingCity:
    """Insert the city."""
    with store.transaction(SYSTEM) as tx:
        east, west = make_county(tx, "东湖区"), make_county(tx, "西山县")
        base, bureau = make_headquarters(tx, "交通会战指挥部"), make_unit(tx, "市交通局")
        bridge = make_project(
            tx, east, "东湖大桥", code="DHDQ", headquarters_id=base, responsible_unit_id=bureau, done_yuan={1: YI}
        )
        school = make_project(
            tx,
            east,
            "东湖学校",
            year_class=YearClass.NEW_START,
            stage="preparation",
            start_planned_on=date(2026, 6, 10),
            responsible_unit_id=bureau,
        )
        road = make_project(tx, west, "西山公路")
        make_milestone(tx, bridge, date(2026, 10, 12), "合龙", is_key=True)
        make_milestone(tx, bridge, date(2026, 11, 2), "桥面铺装", is_key=True)
        make_milestone(tx, road, date(2026, 11, 1), "路基", is_key=True)
        tx.insert(
            FundingBid,
            {
                "code": "ZZ-1",
                "name": "大桥专项债一期",
                "category": FundingCategory.SPECIAL_BOND.value,
                "project_id": bridge,
                "granted_on": date(2026, 3, 1),
                "granted_yuan": 2 * YI,
                "spent_yuan": YI // 2,
            },
        )
        number = make_round(tx)
        owners = {"county_id": east, "headquarters_id": base, "unit_id": bureau}
        make_decision(tx, number, bridge, urgency=1, streak=2, **owners)
        make_decision(tx, number, road, name="西山公路", urgency=2, county_id=west, reason="欠序时 21.0 个百分点")
    figures.version()
    return MeetingCity(
        east,
        west,
        base,
        bureau,
        bridge,
        school,
        road,
        make_actor(Role.SUPERVISOR, login="ducha"),
        make_actor(Role.COUNTY, counties=[east], login="donghu"),
        make_actor(Role.HEADQUARTERS, headquarters=[base], login="huizhan"),
        make_actor(Role.COUNTY, counties=[west], login="xishan"),
        make_actor(Role.UNIT, units=[bureau], login="jiaotong"),
        make_actor(Role.LEADER),
    )


def draft(held_on: date = TODAY, **values: Any) -> MeetingDraft:
    """The head of a meeting that could be printed."""
    given = {"starts_at": "09:00", "place": "市政府三楼会议室", "chair": "程立诚", "participants": "各县区、市交通局"}
    return MeetingDraft(**{"kind": MeetingKind.COORDINATION, "held_on": held_on, **given, **values})


def running(city: MeetingCity, actor: Actor | None = None, **values: Any) -> MeetingView:
    """A meeting that has begun, with the agenda of the rules."""
    who = actor or city.supervisor
    key = meetings.create(who, draft(**values))
    meetings.open_(who, key, meetings.read_meeting(who, key).row.version)
    return meetings.read_meeting(who, key)


def decision(city: MeetingCity, text: str = "十二月十日前完成合龙。", **values: Any) -> DecisionDraft:
    """A decision that lacks nothing."""
    given = {"owner_unit_id": city.bureau, "owner": "周工", "due_on": date(2026, 12, 10)}
    return DecisionDraft(text, **{**given, **values})


def closed(city: MeetingCity, *texts: str, held_on: date = TODAY) -> MeetingView:
    """A closed meeting of the city with one decision under its first item for each of *texts*."""
    view = running(city, held_on=held_on)
    for text in texts:
        meetings.record_decision(city.supervisor, view.items[0].id, decision(city, text))
    meetings.close(city.supervisor, view.row.id, view.row.version)
    return meetings.read_meeting(city.supervisor, view.row.id)


def escalated_matter(city: MeetingCity, title: str = "大桥南岸用地未批") -> int:
    """A problem of the bridge that waits on the city's table."""
    (key,) = matters.raise_many(city.county, [MatterDraft(matters_kind(), title, project="DHDQ")])
    version = matters.classify(city.county, key, "用地", Difficulty.ORDINARY, None, "", 1)
    matters.assign(city.county, {key: version}, Order(city.bureau))
    matters.escalate(city.county, key, "县里协调三次，仍无法解决。", version + 1)
    return key


def matters_kind() -> Any:
    """The kind of what is raised."""
    from core.domain.terms import MatterKind

    return MatterKind.PROBLEM
