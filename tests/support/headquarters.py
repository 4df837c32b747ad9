"""A city with two headquarters for tests, and projects with random facts on their chains."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from core.domain.headquarters_chain import ProjectSource, source_code
from core.domain.permissions import Actor
from core.domain.terms import LifecycleKind, Role, Stage, YearClass
from db.models import FundingBid, LifecycleEvent, ParcelUse
from tests.factories import (
    SYSTEM,
    YI,
    make_actor,
    make_county,
    make_headquarters,
    make_milestone,
    make_parcel,
    make_person,
    make_problem,
    make_project,
    make_unit,
)

TODAY = date(2026, 11, 22)
_CLASSES = (None, YearClass.CONTINUING, YearClass.NEW_START, YearClass.RESERVE)
_DAYS = (
    "reserved_on",
    "signed_on",
    "fulfilled_on",
    "started_on",
    "commissioned_on",
    "full_capacity_on",
)


@dataclass(frozen=True, slots=True)
class City:
    """Keys of the rows, and who looks at them; *hall* and *harbour* are headquarters."""

    north: int
    south: int
    hall: int
    harbour: int
    school: int
    bridge: int
    supervisor: Actor
    manager: Actor
    county: Actor
    leader: Actor


def make_city(store: Any) -> City:
    """
    Two counties, two headquarters, three projects of this year's list.

        project   county  headquarters  plan  done  notes
        学校      north   hall          10    8     node due in 5 days, overdue problem
        大桥      south   hall          20    4     node 40 days overdue
        码头      south   none          5     5
    """
    with store.transaction(SYSTEM) as tx:
        north, south = make_county(tx, "北岭县"), make_county(tx, "南溪县")
        hall = make_headquarters(tx, "会堂指挥部", commander_id=make_person(tx, "周主帅"))
        harbour = make_headquarters(tx, "港口指挥部")
        done = {"start_planned_on": date(2025, 3, 1), "started_on": date(2025, 3, 1)}
        school = make_project(tx, north, "学校", headquarters_id=hall, plan_yuan=10 * YI, done_yuan={1: 8 * YI}, **done)
        bridge = make_project(tx, south, "大桥", headquarters_id=hall, plan_yuan=20 * YI, done_yuan={1: 4 * YI}, **done)
        make_project(tx, south, "码头", plan_yuan=5 * YI, done_yuan={1: 5 * YI}, **done)
        make_milestone(tx, school, TODAY + timedelta(days=5), "封顶", is_key=True)
        make_milestone(tx, bridge, TODAY - timedelta(days=40), "合龙")
        bureau = make_unit(tx, "市资规局")
        make_problem(tx, school, "用地未批", due_on=TODAY - timedelta(days=2), lead_unit_id=bureau)
        make_problem(tx, bridge, "管线未迁", due_on=TODAY + timedelta(days=9))
    return City(
        north=north,
        south=south,
        hall=hall,
        harbour=harbour,
        school=school,
        bridge=bridge,
        supervisor=make_actor(Role.SUPERVISOR),
        manager=make_actor(Role.HEADQUARTERS, headquarters=[hall], login="hq"),
        county=make_actor(Role.COUNTY, counties=[north]),
        leader=make_actor(Role.LEADER),
    )


def scatter(tx: Any, county_ids: list[int], headquarters_ids: list[int | None], count: int, seed: int = 5) -> None:
    """Add *count* projects with random owners, stages and dated facts around today."""
    rng = Random(seed)

    def day() -> date | None:
        return TODAY + timedelta(days=rng.randint(-400, 60)) if rng.random() < 0.45 else None

    for _ in range(count):
        project = make_project(
            tx,
            rng.choice(county_ids),
            headquarters_id=rng.choice(headquarters_ids),
            year_class=rng.choice(_CLASSES),
            plan_yuan=rng.randint(1, 9) * YI,
            done_yuan={1: rng.randint(0, 9) * YI},
            stage=rng.choice(list(Stage)).value,
            source=source_code(rng.choice(list(ProjectSource))),
            total_investment_yuan=rng.randint(1, 90) * YI,
            **{name: day() for name in _DAYS},
        )
        _add_proofs(tx, rng, project, county_ids[0], day)


def _add_proofs(tx: Any, rng: Random, project: int, county: int, day: Any) -> None:
    if rng.random() < 0.3:
        values = {"code": f"ZJ-{project}", "name": "争资", "category": "special_purpose_bond", "requested_on": day()}
        tx.insert(FundingBid, {**values, "project_id": project})
    if rng.random() < 0.3:
        values = {"parcel_id": make_parcel(tx, county), "project_id": project, "from_on": day()}
        tx.insert(ParcelUse, values)
    if rng.random() < 0.2:
        happened = day()
        if happened is not None:
            kind = rng.choice((LifecycleKind.LANDED, LifecycleKind.LAND_GRANTED, LifecycleKind.REVIEWED))
            values = {"project_id": project, "kind": kind.value, "happened_on": happened, "recorded_at": tx.at}
            tx.insert(LifecycleEvent, values)
