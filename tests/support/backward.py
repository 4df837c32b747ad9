"""A project with milestones and a short schedule for it, for tests of backward schedules."""

from dataclasses import dataclass
from datetime import date

from core.domain.backward_network import Task, parse_links
from core.domain.permissions import Actor
from core.domain.terms import Role
from core.services import figures
from core.services.schedules import PlanEdit
from tests.factories import SYSTEM, make_actor, make_county, make_headquarters, make_milestone, make_project

FINISH = date(2026, 12, 31)
REASON = "按市重大项目调度会第 12 号纪要倒排"


@dataclass(frozen=True)
class Site:
    """A bridge with three milestones, one of them reached; the clock of the store stands at 2026-11-22."""

    project: int
    foreign: int
    permit: int
    piers: int
    opening: int
    unit: Actor
    head: Actor
    supervisor: Actor
    reader: Actor
    stranger: Actor


def build(store) -> Site:
    with store.transaction(SYSTEM) as tx:
        county, other = make_county(tx, "东湖区"), make_county(tx, "西山县")
        headquarters = make_headquarters(tx, "交通会战指挥部")
        project = make_project(
            tx, county, "东湖大桥", headquarters_id=headquarters, finish_planned_on=FINISH, initials="dhdq"
        )
        foreign = make_project(tx, other, "西山隧道")
        permit = make_milestone(tx, project, date(2026, 9, 1), "施工许可", actual_on=date(2026, 9, 3))
        piers = make_milestone(tx, project, date(2026, 11, 30), "桥墩完工", is_key=True)
        opening = make_milestone(tx, project, FINISH, "通车", is_key=True)
    figures.version()
    return Site(
        project,
        foreign,
        permit,
        piers,
        opening,
        unit=make_actor(Role.COUNTY, counties=[county], login="donghu"),
        head=make_actor(Role.HEADQUARTERS, headquarters=[headquarters], login="jiaotong"),
        supervisor=make_actor(Role.SUPERVISOR, login="ducha"),
        reader=make_actor(Role.LEADER, login="leader"),
        stranger=make_actor(Role.COUNTY, counties=[other], login="xishan"),
    )


def task(code: str, name: str, days: int, links: str = "", **values) -> Task:
    found = parse_links(links)
    assert found is not None
    return Task(code, name, days, found, **values)


def bridge(*, finish: date = FINISH, girder_days: int = 10, **values) -> PlanEdit:
    """Piers, girders (no key node), railings, opening: 5 + 10 + 3 days and one more, beside a permit that is done."""
    return PlanEdit(
        (
            task("1", "施工许可", 8, is_key=True, done_on=date(2026, 9, 3)),
            task("2", "桥墩完工", 5, "1", is_key=True, responsible="施工单位"),
            task("3", "箱梁架设", girder_days, "2压40%"),
            task("4", "护栏安装", 3, "3", is_key=True),
            task("5", "通车", 1, "4", is_key=True),
        ),
        finish,
        template_code="road",
        template_name="市政道路",
        **values,
    )
