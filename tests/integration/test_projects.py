"""The ledger: filters, order, scope, totals; on both databases."""

from datetime import date

import pytest

from core.domain.errors import PermissionDenied
from core.domain.ledger import Listing, ProjectFilter, ProjectSort
from core.domain.permissions import system_actor
from core.domain.terms import AssignmentRole, FlagLevel, ProjectLevel, Role, Stage, YearClass
from core.services import figures, projects
from db.session import transaction
from tests.factories import (
    SYSTEM,
    YI,
    make_actor,
    make_assignment,
    make_county,
    make_headquarters,
    make_milestone,
    make_person,
    make_project,
    make_unit,
)

LEADER = make_actor(Role.LEADER)


class City:
    """Two counties, two headquarters, a unit, six projects; as of 2026-11-22 figures stand at October (10/12)."""

    def __init__(self) -> None:
        with transaction(SYSTEM) as tx:
            self.north, self.south = make_county(tx, "北固县"), make_county(tx, "南岭区")
            self.rail, self.water = make_headquarters(tx, "高铁新城指挥部"), make_headquarters(tx, "生态水城指挥部")
            self.unit = make_unit(tx, "市城投集团")
            self.ahead = make_project(
                tx,
                self.north,
                "安澜大桥",
                initials="aldq",
                headquarters_id=self.rail,
                responsible_unit_id=self.unit,
                done_yuan=dict.fromkeys(range(1, 11), YI + 1),
            )
            self.warn = make_project(
                tx, self.north, "白云学校", initials="byxx", category="社会事业", done_yuan={1: 8 * YI + 40_000_000}
            )
            self.severe = make_project(
                tx,
                self.south,
                "长河治理100%工程",
                initials="chzl100%gc",
                headquarters_id=self.water,
                national_code="2402-999900-04-01-518827",
                done_yuan={1: YI},
                total_investment_yuan=90 * YI,
                level=ProjectLevel.PROVINCE.value,
            )
            self.silent = make_project(tx, self.south, "东站广场", initials="dzgc")
            self.new = make_project(
                tx,
                self.south,
                "峨山水厂",
                initials="essc",
                year_class=YearClass.NEW_START,
                stage=Stage.PREPARATION.value,
                start_planned_on=date(2026, 9, 1),
                plan_yuan=None,
            )
            self.left = make_project(tx, self.north, "伏牛隧道", initials="fnsd", year_class=None, plan_yuan=None)
            make_milestone(tx, self.ahead, date(2026, 12, 1), "桥面铺装")
            make_milestone(tx, self.ahead, date(2027, 3, 1), "通车")
            leader = make_person(tx, "王副市长")
            make_assignment(tx, self.severe, AssignmentRole.SPONSOR_LEADER.value, person_id=leader)


@pytest.fixture
def city(store) -> City:
    figures.version()
    return City()


def ids(actor, sort=ProjectSort.URGENCY, **wanted) -> list[int]:
    return [row.id for row in projects.search(actor, ProjectFilter(**wanted), sort).rows]


def test_search_by_default_shows_the_worst_first_and_only_listed_projects(city):
    page = projects.search(LEADER, ProjectFilter())
    assert [row.id for row in page.rows] == [city.severe, city.warn, city.silent, city.new, city.ahead]
    assert [row.flag for row in page.rows] == [
        FlagLevel.SEVERE,
        FlagLevel.WARN,
        FlagLevel.NO_DATA,
        FlagLevel.NO_DATA,
        FlagLevel.OK,
    ]
    assert (page.number, page.pages, page.totals.rows) == (1, 1, 5)


def test_search_row_carries_the_figures_of_the_year(city):
    row = projects.search(LEADER, ProjectFilter(text="安澜")).rows[0]
    assert (row.county_name, row.headquarters_name, row.unit_name) == ("北固县", "高铁新城指挥部", "市城投集团")
    assert row.annual_plan_yuan == 12 * YI
    assert row.curve_due_yuan == 10 * YI
    assert row.ytd_done_yuan == 10 * YI + 10
    assert row.gap_milli_pp == 0
    assert (row.next_milestone, row.next_due_on) == ("桥面铺装", date(2026, 12, 1))
    assert row.year_class is YearClass.CONTINUING


def test_search_row_names_flag_reason_and_sponsor(city):
    row = projects.search(LEADER, ProjectFilter(text="长河")).rows[0]
    assert row.sponsors == "王副市长"
    assert row.gap_milli_pp == -75_000
    assert row.reasons == ("投资欠序时 75.0 个百分点",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("河治", id="part of the name"),
        pytest.param("CHZ", id="initials in capitals"),
        pytest.param("999900-04", id="part of the national code"),
        pytest.param("100%", id="percent sign is no wildcard"),
        pytest.param(" 长河 ", id="blanks around"),
    ],
)
def test_search_text_finds(city, text):
    assert ids(LEADER, text=text) == [city.severe]


@pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE project; --", "没有这个"])
def test_search_text_with_nothing_to_find_finds_nothing(city, text):
    expected = [city.severe] if text == "%" else []
    assert ids(LEADER, text=text) == expected


def test_search_filters_narrow_together(city):
    assert ids(LEADER, county_ids=(city.south,)) == [city.severe, city.silent, city.new]
    assert ids(LEADER, headquarters_ids=(city.rail, city.water)) == [city.severe, city.ahead]
    assert ids(LEADER, levels=(ProjectLevel.PROVINCE,)) == [city.severe]
    assert ids(LEADER, categories=("社会事业",)) == [city.warn]
    assert ids(LEADER, stages=(Stage.PREPARATION,)) == [city.new]
    assert ids(LEADER, flags=(FlagLevel.WARN, FlagLevel.OK)) == [city.warn, city.ahead]
    assert ids(LEADER, year_classes=(YearClass.NEW_START,)) == [city.new]
    assert ids(LEADER, measure="unstarted") == [city.new]
    assert ids(LEADER, county_ids=(city.north,), measure="unstarted") == []
    assert ids(LEADER, listing=Listing.NOT_LISTED) == [city.left]
    assert len(ids(LEADER, listing=Listing.ALL)) == 6


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        (ProjectSort.NAME, ["ahead", "warn", "severe", "silent", "new"]),
        (ProjectSort.TOTAL_INVESTMENT, ["severe", "ahead", "warn", "silent", "new"]),
        (ProjectSort.COMPLETION, ["silent", "severe", "warn", "ahead", "new"]),
        (ProjectSort.GAP, ["severe", "warn", "ahead", "silent", "new"]),
        (ProjectSort.NEXT_DUE, ["ahead", "warn", "severe", "silent", "new"]),
    ],
)
def test_search_sort_orders_with_unknown_values_last(city, sort, names):
    assert ids(LEADER, sort) == [getattr(city, name) for name in names]


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(lambda c: ProjectFilter(), id="everything"),
        pytest.param(lambda c: ProjectFilter(county_ids=(c.south,)), id="county"),
        pytest.param(lambda c: ProjectFilter(headquarters_ids=(c.rail, c.water)), id="headquarters"),
        pytest.param(lambda c: ProjectFilter(categories=("城建",)), id="category"),
        pytest.param(lambda c: ProjectFilter(county_ids=(c.north,), categories=("城建",)), id="county and category"),
        pytest.param(lambda c: ProjectFilter(county_ids=(c.north,), headquarters_ids=(c.rail,)), id="county and hq"),
        pytest.param(lambda c: ProjectFilter(flags=(FlagLevel.SEVERE,)), id="flag"),
        pytest.param(lambda c: ProjectFilter(text="安"), id="text"),
        pytest.param(lambda c: ProjectFilter(measure="ytd_done_yuan"), id="measure"),
    ],
)
@pytest.mark.parametrize("role", ["leader", "county", "headquarters", "unit", "two counties", "mixed"])
def test_totals_equal_the_sum_of_the_rows_seen(city, wanted, role):
    actor = {
        "leader": LEADER,
        "county": make_actor(Role.COUNTY, counties=(city.north,)),
        "headquarters": make_actor(Role.HEADQUARTERS, headquarters=(city.water,)),
        "unit": make_actor(Role.UNIT, units=(city.unit,)),
        "two counties": make_actor(Role.COUNTY, counties=(city.north, city.south)),
        "mixed": make_actor(Role.COUNTY, counties=(city.north,), headquarters=(city.water,)),
    }[role]
    page = projects.search(actor, wanted(city))
    assert page.totals.rows == len(page.rows)
    for code in ("annual_plan_yuan", "curve_due_yuan", "ytd_done_yuan", "total_investment_yuan"):
        assert page.totals.sums[code] == sum(getattr(row, code) for row in page.rows), code
    for level in FlagLevel:
        assert page.totals.sums[f"level_{level.value}"] == sum(row.flag is level for row in page.rows)


def test_totals_unfiltered_are_read_from_the_rollup(city):
    assert projects.search(LEADER, ProjectFilter()).totals.from_tally
    assert projects.search(make_actor(Role.COUNTY, counties=(city.north,)), ProjectFilter()).totals.from_tally
    assert not projects.search(LEADER, ProjectFilter(text="安")).totals.from_tally


def test_search_shows_only_rows_of_the_scope(city):
    assert ids(make_actor(Role.COUNTY, counties=(city.north,))) == [city.warn, city.ahead]
    assert ids(make_actor(Role.COUNTY, counties=(city.north,)), county_ids=(city.south,)) == []
    assert ids(make_actor(Role.HEADQUARTERS, headquarters=(city.water,))) == [city.severe]
    assert ids(make_actor(Role.UNIT, units=(city.unit,))) == [city.ahead]


def test_search_without_permission_is_refused(city):
    for role in (Role.AUDITOR, Role.SECURITY_ADMIN, Role.DISPLAY):
        with pytest.raises(PermissionDenied):
            projects.search(make_actor(role), ProjectFilter())


def test_search_page_beyond_the_end_is_the_last_page(city):
    page = projects.search(LEADER, ProjectFilter(), page=9, size=2)
    assert (page.number, [row.id for row in page.rows]) == (3, [city.ahead])


def test_search_in_an_empty_store_is_empty(store):
    page = projects.search(LEADER, ProjectFilter())
    assert (page.rows, page.totals.rows, page.pages) == ((), 0, 1)
    assert page.totals.sums["annual_plan_yuan"] == 0


def test_origin_names_the_rate_with_numerator_and_denominator(city):
    found = projects.origin(LEADER, ProjectFilter(measure="new_started"), "start_rate_planned")
    assert (found.measure.label, found.value) == ("已新开工", 0)
    [item] = found.rates
    assert (item.rate.numerator, item.rate.denominator, item.side) == (0, 1, "分子")
    assert (item.numerator_unit, item.denominator_unit, found.projects) == ("项", "项", 5)
    assert item.rate.as_of.month.number == 10


def test_origin_counts_the_group_of_the_other_filters(city):
    found = projects.origin(LEADER, ProjectFilter(measure="ytd_done_yuan", county_ids=(city.south,)))
    assert found.value == YI
    rates = {item.rate.code: item.rate for item in found.rates}
    assert rates["investment_completion_rate"].denominator == 24 * YI
    assert projects.origin(LEADER, ProjectFilter()) is None


def test_choices_are_those_of_the_scope(city):
    assert projects.choices(LEADER).counties == ((city.north, "北固县"), (city.south, "南岭区"))
    assert projects.choices(LEADER).categories == ("城建", "社会事业")
    bound = projects.choices(make_actor(Role.COUNTY, counties=(city.south,)))
    assert bound.counties == ((city.south, "南岭区"),)


def test_system_actor_sees_what_the_leader_sees(city):
    assert ids(system_actor()) == ids(LEADER)
