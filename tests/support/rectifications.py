"""A city with flags of a published round, and cases driven to a wanted step through the service."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.domain.permissions import Actor
from core.domain.supervision_terms import RectificationStep as Step
from core.domain.terms import FlagLevel, Role
from core.services import rectifications as service
from core.services.rectifications import SiteVisit, Upload
from tests.factories import SYSTEM, make_actor, make_county, make_headquarters, make_project, make_unit
from tests.support.photos import make_photo
from tests.support.rounds import make_decision, make_round

PHOTO = Upload("现场.jpg", make_photo())
VISIT = SiteVisit(date(2026, 11, 20), "督查室 李明、王芳", "现场已复工，缺口补足。")


@dataclass(frozen=True)
class FlaggedCity:
    """Two counties; in the first a red and a yellow project, in the second a yellow one; the first county is yellow."""

    round: int
    county: int
    other: int
    red: int
    yellow: int
    foreign: int
    unit: int
    own: Actor
    unit_actor: Actor
    stranger: Actor
    supervisor: Actor


def flagged_city(store: Any) -> FlaggedCity:
    """Insert the city and its published round."""
    with store.transaction(SYSTEM) as tx:
        county, other = make_county(tx, "东湖区"), make_county(tx, "西山县")
        unit, base = make_unit(tx, "市交通局"), make_headquarters(tx, "交通会战指挥部")
        owners = {"county_id": county, "headquarters_id": base}
        red = make_project(tx, county, "东湖大桥", headquarters_id=base, responsible_unit_id=unit)
        yellow = make_project(tx, county, "东湖隧道")
        foreign = make_project(tx, other, "西山公路")
        green = make_project(tx, county, "东湖公园")
        number = make_round(tx)
        make_decision(tx, number, red, name="东湖大桥", unit_id=unit, urgency=1, streak=2, **owners)
        make_decision(tx, number, yellow, FlagLevel.WARN, name="东湖隧道", county_id=county, urgency=2, streak=1)
        make_decision(tx, number, foreign, FlagLevel.WARN, name="西山公路", county_id=other, urgency=3, streak=1)
        make_decision(tx, number, green, FlagLevel.OK, name="东湖公园", county_id=county, urgency=9)
    return FlaggedCity(
        number,
        county,
        other,
        red,
        yellow,
        foreign,
        unit,
        make_actor(Role.COUNTY, counties=[county], login="donghu"),
        make_actor(Role.UNIT, units=[unit], login="jiaotong"),
        make_actor(Role.COUNTY, counties=[other], login="xishan"),
        make_actor(Role.SUPERVISOR, login="ducha"),
    )


def case_of(city: FlaggedCity, subject_id: int) -> service.CaseRow:
    """The case of a subject."""
    return next(c.row for c in service.cases(city.supervisor).cards if c.row.subject_id == subject_id)


def drive(city: FlaggedCity, subject_id: int, step: Step, today: date) -> service.CaseRow:
    """Open the round's cases if need be and bring one to *step*."""
    service.open_for_round(city.supervisor, city.round)
    steps = {
        Step.NOTICE: lambda row: service.issue_notices(city.supervisor, [row.id]),
        Step.PLAN: lambda row: service.submit_plan(
            city.own, row.id, "倒排工期，增加两个班组。", today + timedelta(days=20), row.version
        ),
        Step.FEEDBACK: lambda row: service.submit_feedback(city.own, row.id, "已补足进度。", [PHOTO], row.version),
        Step.VERIFICATION: lambda row: service.verify(city.supervisor, row.id, VISIT, [], row.version, passed=True),
    }
    row = case_of(city, subject_id)
    while row.case.step is not step:
        steps[row.case.step](row)
        row = case_of(city, subject_id)
    return row
