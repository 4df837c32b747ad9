"""A city with two counties and matters driven to a wanted state through the service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.domain.matters.words import Difficulty, Outcome, Satisfaction
from core.domain.permissions import Actor
from core.domain.terms import MatterKind, MatterStatus, Role
from core.services import matters as service
from core.services.matters import MatterDraft, Order
from tests.factories import SYSTEM, make_actor, make_county, make_headquarters, make_project, make_unit


@dataclass(frozen=True)
class MatterCity:
    """East with a bridge led by the traffic bureau under a headquarters; west is foreign to all but the supervisor."""

    east: int
    west: int
    bridge: int
    bureau: int
    helper: int
    base: int
    county: Actor
    unit: Actor
    helping: Actor
    commander: Actor
    stranger: Actor
    supervisor: Actor
    leader: Actor


def matter_city(store: Any) -> MatterCity:
    """Insert the city."""
    with store.transaction(SYSTEM) as tx:
        east, west = make_county(tx, "东湖区"), make_county(tx, "西山县")
        bureau, helper = make_unit(tx, "市自然资源局"), make_unit(tx, "市财政局")
        base = make_headquarters(tx, "交通会战指挥部")
        bridge = make_project(tx, east, "东湖大桥", code="DHDQ", headquarters_id=base)
    return MatterCity(
        east,
        west,
        bridge,
        bureau,
        helper,
        base,
        make_actor(Role.COUNTY, counties=[east], login="donghu"),
        make_actor(Role.UNIT, units=[bureau], login="ziran"),
        make_actor(Role.UNIT, units=[helper], login="caizheng"),
        make_actor(Role.HEADQUARTERS, headquarters=[base], login="huizhan"),
        make_actor(Role.COUNTY, counties=[west], login="xishan"),
        make_actor(Role.SUPERVISOR),
        make_actor(Role.LEADER),
    )


def draft(city: MatterCity, title: str = "大桥南岸用地未批", **values: Any) -> MatterDraft:
    return MatterDraft(**{"kind": MatterKind.PROBLEM, "title": title, "project": "DHDQ", **values})


def drive(city: MatterCity, matter_id: int, wanted: MatterStatus) -> int:
    """Take the plain way from REGISTERED to *wanted* and return the matter's version."""
    key, version = matter_id, 1
    for status, act in _WAY:
        version = act(city, key, version)
        if status is wanted:
            break
    return version


_WAY: tuple[tuple[MatterStatus | None, Callable[[MatterCity, int, int], int]], ...] = (
    (
        MatterStatus.CLASSIFIED,
        lambda c, key, v: service.classify(c.county, key, "用地", Difficulty.ORDINARY, None, "", v),
    ),
    (MatterStatus.ASSIGNED, lambda c, key, v: v + service.assign(c.county, {key: v}, Order(c.bureau))),
    (MatterStatus.IN_PROGRESS, lambda c, key, v: service.sign_for(c.unit, key, v)),
    (None, lambda c, key, v: service.report_progress(c.unit, key, "已上报省厅。", v)),
    (MatterStatus.REPLIED, lambda c, key, v: service.reply(c.unit, key, "批复已下达。", v)),
    (MatterStatus.RESOLVED, lambda c, key, v: service.resolve(c.unit, key, Outcome.SOLVED, "", "", v)),
    (None, lambda c, key, v: service.record_satisfaction(c.supervisor, key, Satisfaction.SATISFIED, "", v)),
    (MatterStatus.CLOSED_OUT, lambda c, key, v: service.close_out(c.supervisor, key, "", v)),
)
