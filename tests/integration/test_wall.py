"""The wall's picture against sums made by hand, on both databases, for the whole city and for one county."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from core.domain.errors import PermissionDenied
from core.domain.permissions import Actor
from core.domain.scope import Scope
from core.domain.terms import FlagLevel, ParcelStatus, Role, YearClass
from core.services import wall
from core.services.wall_view import WallView
from tests.factories import (
    SYSTEM,
    YI,
    make_actor,
    make_county,
    make_headquarters,
    make_milestone,
    make_month_plans,
    make_parcel,
    make_project,
)

TODAY = date(2026, 11, 22)  # the due day of November has not passed: money stands at October
SQUARE = '{"type":"Polygon","coordinates":[[[104,29],[105,29],[105,30],[104,30],[104,29]]]}'


@pytest.fixture
def city(store) -> dict[str, int]:
    """
    Two counties, one headquarters.

    ====== ====== ===== ======= ============= =========================== =======
    name   county  plan  done    due (to Oct)  what else                   level
    ====== ====== ===== ======= ============= =========================== =======
    快     A        12      10   10 (linear)   node due in 7 days          ok
    慢     A        12       6   10 (linear)   node due in 8 days          severe
    续     B        10       6   7 (curve)     node due today, headquarters notice
    新     B         6       0   5 (linear)    start planned in September  severe
    备     B         –       –   –             not in the list             –
    ====== ====== ===== ======= ============= =========================== =======
    """
    ids: dict[str, int] = {}
    with store.transaction(SYSTEM) as tx:
        a = ids["A"] = make_county(tx, "甲县", boundary=SQUARE, label_longitude=104.5, label_latitude=29.5)
        b = ids["B"] = make_county(tx, "乙区", boundary=SQUARE)
        hq = ids["hq"] = make_headquarters(tx, "高铁新城指挥部", short_name="高铁新城")
        ids["快"] = make_project(tx, a, "快", plan_yuan=12 * YI, done_yuan={1: 4 * YI, 10: 6 * YI})
        ids["慢"] = make_project(tx, a, "慢", plan_yuan=12 * YI, done_yuan={2: 6 * YI})
        ids["续"] = make_project(tx, b, "续", plan_yuan=10 * YI, done_yuan={3: 6 * YI, 11: 2 * YI}, headquarters_id=hq)
        make_month_plans(tx, ids["续"], {3: 5 * YI, 10: 2 * YI, 12: 3 * YI})
        ids["新"] = make_project(
            tx,
            b,
            "新",
            plan_yuan=6 * YI,
            done_yuan={10: 0},
            year_class=YearClass.NEW_START,
            start_planned_on=date(2026, 9, 10),
        )
        ids["备"] = make_project(tx, b, "备", year_class=None)
        for name, days in (("快", 7), ("慢", 8), ("续", 0), ("备", 3)):
            make_milestone(tx, ids[name], TODAY + timedelta(days=days), f"{name}的节点")
        make_parcel(tx, a, ids["慢"])
        make_parcel(tx, a, status=ParcelStatus.APPROVED_NOT_SUPPLIED.value)
        make_parcel(tx, b, ids["续"])
        tx.record("report", "investment_report", 1, project_id=ids["快"], headline="快：上报 10 月投资")
        tx.record("report", "investment_report", 2, project_id=ids["新"], headline="新：上报 10 月投资")
        tx.record("note", "system", 1, headline="全市调度会召开")
    return ids


def everything() -> WallView:
    return wall.view(make_actor(Role.DISPLAY))


def test_tiles_are_the_sums_made_by_hand(city):
    totals = everything().totals
    assert (totals.projects, totals.total_investment_yuan) == (4, 4 * 30 * YI)
    assert totals.progress.plan_yuan == 40 * YI
    assert totals.progress.done_yuan == 22 * YI  # November's report waits for its month
    assert totals.progress.due_yuan == 32 * YI
    assert totals.progress.gap_pp == Fraction(-25)
    assert (totals.start.numerator, totals.start.denominator, totals.unstarted) == (0, 1, 1)
    assert (totals.resume.numerator, totals.resume.denominator, totals.suspended) == (3, 4, 0)
    assert totals.commissioning.ratio is None
    assert dict(totals.levels)[FlagLevel.SEVERE] == 2
    assert sum(count for _, count in totals.levels) == 4


def test_curve_adds_up_by_month_and_ends_on_the_tile(city):
    curve = everything().curve
    assert curve.plan_yuan == 40 * YI
    linear = [30 * YI * month // 12 for month in range(1, 13)]
    planned = [0, 0, 5, 5, 5, 5, 5, 5, 5, 7, 7, 10]
    assert list(curve.due_yuan) == [share + extra * YI for share, extra in zip(linear, planned, strict=True)]
    assert list(curve.done_yuan) == [yuan * YI for yuan in (4, 10, 16, 16, 16, 16, 16, 16, 16, 22)]


def test_front_tells_every_month_by_itself_from_the_sums_of_the_headquarters(city):
    (team,) = everything().fronts
    planned, done = {3: 5 * YI, 10: 2 * YI}, {3: 6 * YI}  # November's 2 yi wait for their month, December's plan too
    assert [(item.month, item.plan_yuan, item.done_yuan) for item in team.months] == [
        (month, planned.get(month, 0), done.get(month, 0)) for month in range(1, 11)
    ]


def test_severe_list_names_the_largest_lag_first_with_reasons(city):
    severe = everything().severe
    assert [row.name for row in severe.rows] == ["新", "慢"]
    assert severe.total == 2
    assert severe.rows[1].reasons == ("投资欠序时 33.3 个百分点",)
    assert severe.rows[1].county == "甲县"


def test_nodes_due_count_today_and_the_seventh_day_of_listed_projects(city):
    due = everything().due
    assert [(row.node, row.planned_on) for row in due.rows] == [
        ("续的节点", TODAY),
        ("快的节点", TODAY + timedelta(days=7)),
    ]
    assert due.total == 2


def test_headquarters_and_counties_carry_their_own_sums(city):
    view = everything()
    (line,) = view.headquarters
    assert (line.name, line.projects, line.progress.gap_pp) == ("高铁新城指挥部", 1, Fraction(-10))
    assert line.progress.level is FlagLevel.NOTICE  # exactly 10 pp is not more than 10 pp
    lines = {item.name: item for item in view.map.lines}
    assert lines["甲县"].progress.done_ratio == Fraction(16, 24)
    assert lines["甲县"].progress.level is FlagLevel.WARN
    assert lines["乙区"].projects == 2


def test_plots_show_the_level_of_their_project_or_none(city):
    plots = everything().map.plots
    assert [(plot.project, plot.level) for plot in plots] == [
        ("慢", FlagLevel.SEVERE),
        ("续", FlagLevel.NOTICE),
        ("", None),
    ]
    assert plots[2].status is ParcelStatus.APPROVED_NOT_SUPPLIED


def test_ticker_shows_the_latest_headline_first(city):
    assert [row.text for row in everything().headlines] == [
        "全市调度会召开",
        "新：上报 10 月投资",
        "快：上报 10 月投资",
    ]


def test_county_sees_its_own_rows_only(city):
    view = wall.view(make_actor(Role.COUNTY, counties=[city["A"]]))
    assert view.totals.projects == 2
    assert view.totals.progress.done_yuan == 16 * YI
    assert [row.name for row in view.severe.rows] == ["慢"]
    assert (view.severe.total, view.due.total) == (1, 1)
    assert [row.text for row in view.headlines] == ["快：上报 10 月投资"]
    assert [county.name for county in view.map.counties] == ["甲县"]
    assert {plot.project for plot in view.map.plots} == {"慢", ""}
    assert view.headquarters == ()
    assert {row.county_id for row in view.land} == {city["A"]}
    assert view.curve.done_yuan[-1] == 16 * YI


def test_headquarters_sees_its_projects_and_no_free_plots(city):
    view = wall.view(make_actor(Role.HEADQUARTERS, headquarters=[city["hq"]]))
    assert view.totals.projects == 1
    assert [plot.project for plot in view.map.plots] == ["续"]
    assert [county.name for county in view.map.counties] == ["乙区"]
    assert view.land == ()


def test_empty_scope_sees_nothing(city):
    nobody = Actor("x", "x", frozenset({Role.UNIT}), Scope())
    view = wall.view(nobody)
    assert view.totals.projects == 0
    assert view.totals.progress.done_ratio is None
    assert (view.severe.rows, view.due.rows, view.headlines, view.map.counties) == ((), (), (), ())


def test_empty_store_has_a_wall(store):
    view = everything()
    assert view.totals.projects == 0
    assert view.totals.progress.level is FlagLevel.NO_DATA
    assert view.curve.plan_yuan == 0
    assert view.headquarters == ()


def test_wall_needs_its_permission(store):
    with pytest.raises(PermissionDenied):
        wall.view(make_actor(Role.AUDITOR))
    with pytest.raises(PermissionDenied):
        wall.version(make_actor(Role.SECURITY_ADMIN))


def test_version_moves_with_a_save(city, store):
    actor = make_actor(Role.DISPLAY)
    before = wall.version(actor)
    assert wall.version(actor) == before
    with store.transaction(SYSTEM) as tx:
        tx.record("note", "system", 1, headline="新消息")
    assert wall.version(actor).seq == before.seq + 1
    assert everything().headlines[0].text == "新消息"


def test_map_draws_the_most_urgent_plots_when_there_are_too_many(city, store, monkeypatch):
    monkeypatch.setattr(wall, "USED_PLOTS_LIMIT", 1)
    monkeypatch.setattr(wall, "URGENT_LIMIT", 1)
    view = everything()
    assert [plot.project for plot in view.map.plots] == ["慢", ""]
    assert ([row.name for row in view.severe.rows], view.severe.total) == (["新"], 2)


def test_project_with_coordinates_and_without_a_plot_is_a_spot(city, store):
    with store.transaction(SYSTEM) as tx:
        lost = make_project(tx, city["A"], "无地块", longitude=104.4, latitude=29.6, done_yuan={1: 0})
    (spot,) = everything().map.spots
    assert (spot.project_id, spot.level, spot.longitude) == (lost, FlagLevel.SEVERE, 104.4)
