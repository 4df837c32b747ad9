"""A city in which every source of 待办 has something, and actors of every role."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.matters.words import MatterLevel
from core.domain.permissions import Actor
from core.domain.supervision_terms import ApprovalStatus, OverrideKind, RoundStatus, SubjectKind
from core.domain.supervision_terms import RectificationStep as Step
from core.domain.terms import FlagLevel, MatterKind, MatterStatus, Role
from db.models import FlagOverride, MatterSupport, Rectification
from tests.factories import (
    SYSTEM,
    make_actor,
    make_county,
    make_headquarters,
    make_matter,
    make_milestone,
    make_problem,
    make_project,
    make_report,
    make_unit,
)
from tests.support.rounds import make_decision, make_round

TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class TodoCity:
    """East with two projects under a headquarters, west with one; a bureau leads, a helper supports."""

    east: int
    west: int
    base: int
    bureau: int
    helper: int
    bridge: int
    actors: dict[str, Actor]


def todo_city(store: Any) -> TodoCity:
    """Insert the city: every source has a row of the east, some have one of the west."""
    with store.transaction(SYSTEM) as tx:
        east, west = make_county(tx, "东湖区"), make_county(tx, "西山县")
        bureau, helper = make_unit(tx, "市交通局"), make_unit(tx, "市财政局")
        base = make_headquarters(tx, "交通会战指挥部")
        months = dict.fromkeys(range(1, 11), 1_000_000)
        of_bureau = {"responsible_unit_id": bureau, "headquarters_id": base}
        bridge = make_project(tx, east, "东湖大桥", done_yuan=months, **of_bureau)
        tunnel = make_project(tx, east, "东湖隧道", done_yuan={**months, 10: 5})
        road = make_project(tx, west, "西山公路", done_yuan=dict.fromkeys(range(1, 9), 1))
        make_report(tx, bridge, 11, 7)
        _matters(tx, bridge, road, bureau, helper)
        for project, on, name in (
            (bridge, date(2026, 11, 1), "桥墩完工"),
            (bridge, TODAY, "合龙"),
            (tunnel, date(2026, 11, 27), "洞门开挖"),
            (tunnel, date(2026, 12, 20), "贯通"),
            (road, date(2026, 11, 20), "路基完成"),
        ):
            make_milestone(tx, project, on, name)
        _rounds(tx, bridge, road, east, west, base, bureau)
    return TodoCity(east, west, base, bureau, helper, bridge, _actors(east, west, base, bureau, helper))


def _matters(tx: Any, bridge: int, road: int, bureau: int, helper: int) -> None:
    own = {"lead_unit_id": bureau, "level": MatterLevel.COUNTY.value}
    make_problem(tx, bridge, "南岸用地未批", due_on=date(2026, 11, 10), **own)
    make_problem(tx, bridge, "资金未到位", due_on=date(2026, 12, 20), status=MatterStatus.ASSIGNED.value, **own)
    make_problem(tx, bridge, "已办完的事", closed_on=TODAY, status=MatterStatus.CLOSED_OUT.value, **own)
    asked = make_problem(tx, bridge, "管线迁改慢", due_on=date(2026, 11, 24), extension_to=date(2026, 12, 9), **own)
    values = {"matter_id": asked, "unit_id": helper, "due_on": date(2026, 11, 20)}
    tx.insert(MatterSupport, values)
    new = {"project_id": bridge, "step_due_on": TODAY}
    make_matter(tx, MatterKind.PROBLEM, "县里新登记的事", level=MatterLevel.COUNTY.value, **new)
    make_matter(tx, MatterKind.DECISION_REQUEST, "市里新登记的请示", level=MatterLevel.CITY.value, **new)
    make_problem(tx, road, "西山征地慢", due_on=date(2026, 11, 3), level=MatterLevel.COUNTY.value)


def _rounds(tx: Any, bridge: int, road: int, east: int, west: int, base: int, bureau: int) -> None:
    published, open_round = make_round(tx, 1), make_round(tx, 2, status=RoundStatus.DRAFT)
    owners = {"county_id": east, "headquarters_id": base, "unit_id": bureau}
    _case(tx, published, bridge, "东湖大桥", Step.PLAN, date(2026, 11, 19), **owners)
    _case(tx, published, road, "西山公路", Step.VERIFICATION, date(2026, 11, 23), county_id=west)
    late = {"round_id": open_round, "subject_kind": SubjectKind.PROJECT.value, "subject_id": bridge}
    make_decision(tx, open_round, bridge, name="东湖大桥", urgency=1, **owners)
    values = {
        "kind": OverrideKind.LEVEL.value,
        "computed_level": FlagLevel.SEVERE.value,
        "level": FlagLevel.WARN.value,
        "reason": "汛期停工",
        "status": ApprovalStatus.PROPOSED.value,
        "proposed_at": tx.at,
        "proposed_by": "supervisor",
    }
    tx.insert(FlagOverride, {**late, **values})


def _case(tx: Any, round_id: int, project: int, name: str, step: Step, due_on: date, **owners: int) -> None:
    tx.insert(
        Rectification,
        {
            "code": f"ZG-{project}",
            "round_id": round_id,
            "subject_kind": SubjectKind.PROJECT.value,
            "subject_id": project,
            "subject_name": name,
            "project_id": project,
            "level": FlagLevel.SEVERE.value,
            "step": step.value,
            "opened_on": date(2026, 11, 1),
            "due_on": due_on,
            **owners,
        },
    )


def _actors(east: int, west: int, base: int, bureau: int, helper: int) -> dict[str, Actor]:
    return {
        "unit": make_actor(Role.UNIT, units=[bureau], login="jiaotong"),
        "helper": make_actor(Role.UNIT, units=[helper], login="caizheng"),
        "county": make_actor(Role.COUNTY, counties=[east], login="donghu"),
        "stranger": make_actor(Role.COUNTY, counties=[west], login="xishan"),
        "headquarters": make_actor(Role.HEADQUARTERS, headquarters=[base], login="huizhan"),
        "supervisor": make_actor(Role.SUPERVISOR),
        "leader": make_actor(Role.LEADER),
        "sysadmin": make_actor(Role.SYSTEM_ADMIN),
    }
