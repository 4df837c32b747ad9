"""Measures add up, follow the written definitions, and agree with the independent recount."""

from datetime import date

import pytest
from hypothesis import given, settings

from core.domain.facts import ProjectFacts
from core.domain.flags import DEFAULT_RULE_SET, decide
from core.domain.measures import MEASURE_CODES, MEASURES, ZERO_MEASURES, add_measures, measure
from core.domain.period import AsOf, Month
from core.domain.project_state import project_state
from core.domain.rates import RATE_DEFINITIONS, RateUnit, evaluate
from core.domain.terms import YearClass
from tests.unit import oracle
from tests.unit.cities import OCTOBER, make_node, make_project, random_city, seeds


def measures_of(facts: ProjectFacts, as_of: AsOf = OCTOBER) -> dict[str, int]:
    return dict(zip(MEASURE_CODES, measure(facts, as_of, decide(facts, as_of, DEFAULT_RULE_SET)), strict=True))


@settings(max_examples=300, deadline=None)
@given(seeds)
def test_measures_and_rates_equal_the_recount(seed: int) -> None:
    city, as_of = random_city(seed)
    sums = add_measures(measure(facts, as_of, decide(facts, as_of, DEFAULT_RULE_SET)) for facts in city)
    assert sums == oracle.sums(city, as_of)
    expected = oracle.rates(city, as_of)
    assert set(expected) == {definition.code for definition in RATE_DEFINITIONS}
    for definition in RATE_DEFINITIONS:
        rate = evaluate(definition, sums, as_of)
        found = rate.value if definition.unit is RateUnit.WAN_PER_MU else rate.ratio
        assert found == expected[definition.code], definition.code


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_project_state_repeats_decision_and_measures(seed: int) -> None:
    city, as_of = random_city(seed)
    for facts in city:
        state = project_state(facts, as_of, DEFAULT_RULE_SET)
        decision = decide(facts, as_of, DEFAULT_RULE_SET)
        assert state.level is decision.level
        assert state.hits == decision.hits
        assert state.measures == measure(facts, as_of, decision)
        gap = decision.gap_pp
        assert state.gap_pp_milli == (None if gap is None else int(gap * 1000))
        still_open = [
            node.planned_on
            for node in facts.milestones
            if node.planned_on and (node.actual_on is None or node.actual_on > as_of.on)
        ]
        assert state.next_due_on == (min(still_open, default=None) if facts.year_class else None)


def test_measure_codes_are_unique_and_every_measure_has_label_and_unit() -> None:
    assert len(set(MEASURE_CODES)) == len(MEASURES) == len(ZERO_MEASURES)
    assert all(one.label and one.unit in {"项", "元", "㎡", "份", "个"} for one in MEASURES)


def test_project_outside_the_list_contributes_nothing() -> None:
    facts = make_project(year_class=None, problems_open=3, milestones=(make_node(date(2026, 1, 1)),))
    assert measure(facts, OCTOBER, decide(facts, OCTOBER, DEFAULT_RULE_SET)) == ZERO_MEASURES


@pytest.mark.parametrize("plan", [None, 0], ids=["plan missing", "plan zero"])
def test_project_without_plan_keeps_its_done_money_in_the_sums(plan: int | None) -> None:
    found = measures_of(make_project(annual_plan_yuan=plan))
    assert found["annual_plan_yuan"] == 0
    assert found["curve_due_yuan"] == 0
    assert found["ytd_done_yuan"] == 100_000_000


def test_unreported_months_and_later_months_are_not_counted() -> None:
    done = (10, None, 30, None, 0, None, None, None, None, None, 999, 999)
    found = measures_of(make_project(month_done_yuan=done, prior_done_yuan=5))
    assert found["ytd_done_yuan"] == 40
    assert found["since_start_done_yuan"] == 45
    assert (found["reports_due"], found["reports_missing"]) == (10, 7)


def test_linear_shares_of_the_months_add_up_to_the_plan() -> None:
    facts = make_project(annual_plan_yuan=100)
    by_month = [measures_of(facts, AsOf(Month(2026, n).last_day, Month(2026, n))) for n in range(1, 13)]
    assert [found["curve_due_yuan"] for found in by_month] == [8, 17, 25, 33, 42, 50, 58, 67, 75, 83, 92, 100]
    assert sum(found["month_plan_yuan"] for found in by_month) == 100


def test_month_plan_wins_over_the_linear_share() -> None:
    plan = (0, 0, 0, 10, 20, 20, 20, 20, 10, 0, 0, 0)
    found = measures_of(make_project(annual_plan_yuan=100, month_plan_yuan=plan))
    assert (found["curve_due_yuan"], found["month_plan_yuan"]) == (100, 0)


@pytest.mark.parametrize(
    ("planned", "started", "expected"),
    [
        pytest.param(date(2026, 10, 31), date(2026, 11, 6), (1, 1, 1, 1, 0, 0), id="due on the last day, started"),
        pytest.param(date(2026, 10, 31), date(2026, 11, 7), (1, 0, 1, 0, 0, 1), id="started after the day"),
        pytest.param(date(2026, 11, 1), date(2026, 5, 1), (1, 1, 0, 0, 1, 0), id="early"),
        pytest.param(date(2026, 11, 1), None, (1, 0, 0, 0, 0, 0), id="not due yet"),
        pytest.param(None, date(2026, 5, 1), (1, 1, 0, 0, 1, 0), id="started without a planned date"),
    ],
)
def test_new_starts(planned: date | None, started: date | None, expected: tuple[int, ...]) -> None:
    found = measures_of(make_project(year_class=YearClass.NEW_START, start_planned_on=planned, started_on=started))
    codes = ("new_planned", "new_started", "start_due", "start_due_started", "early_started", "unstarted")
    assert tuple(found[code] for code in codes) == expected


@pytest.mark.parametrize(
    ("stopped", "resumed", "suspended"),
    [
        pytest.param(date(2026, 7, 1), None, 1, id="stopped"),
        pytest.param(date(2026, 7, 1), date(2026, 6, 1), 1, id="stopped again after resuming"),
        pytest.param(date(2026, 7, 1), date(2026, 8, 1), 0, id="resumed"),
        pytest.param(date(2026, 7, 1), date(2026, 7, 1), 0, id="resumed the same day"),
        pytest.param(date(2026, 7, 1), date(2026, 12, 1), 1, id="resumes after the day"),
        pytest.param(date(2026, 12, 1), None, 0, id="stops after the day"),
        pytest.param(date(2026, 11, 6), None, 1, id="stops on the day"),
        pytest.param(date(2026, 7, 1), date(2026, 11, 6), 0, id="resumes on the day"),
    ],
)
def test_suspension(stopped: date, resumed: date | None, suspended: int) -> None:
    found = measures_of(make_project(suspended_on=stopped, resumed_on=resumed))
    assert found["suspended"] == suspended
    assert found["continuing_resumed"] == found["under_construction_or_done"] == 1 - suspended


def test_continuing_project_without_start_date_has_started_by_definition() -> None:
    assert measures_of(make_project(started_on=None))["under_construction_or_done"] == 1
    finishing = make_project(started_on=None, year_class=YearClass.FINISHING)
    assert measures_of(finishing)["under_construction_or_done"] == 0


@pytest.mark.parametrize(
    ("completed", "on_time"),
    [
        pytest.param(date(2026, 9, 30), 1, id="on the due day"),
        pytest.param(date(2026, 10, 1), 0, id="one day late"),
        pytest.param(None, 0, id="not completed"),
    ],
)
def test_finishing_on_time(completed: date | None, on_time: int) -> None:
    found = measures_of(
        make_project(
            year_class=YearClass.FINISHING,
            finish_planned_on=date(2026, 9, 30),
            completed_on=completed,
            commissioned_on=date(2026, 10, 20),
        )
    )
    assert found["finish_due_on_time"] == on_time
    assert (found["finish_planned"], found["finish_commissioned"]) == (1, 1)
    assert (found["finish_due"], found["finish_due_commissioned"]) == (1, 1)


def test_milestone_due_on_the_day_is_due_but_not_overdue() -> None:
    nodes = (
        make_node(OCTOBER.on),
        make_node(date(2026, 11, 5)),
        make_node(date(2026, 11, 13)),
        make_node(date(2026, 11, 14)),
        make_node(date(2026, 5, 1), actual_on=date(2026, 5, 1)),
        make_node(date(2026, 6, 1), actual_on=date(2026, 5, 20), first_baseline_on=date(2026, 5, 1)),
    )
    found = measures_of(make_project(milestones=nodes))
    codes = (
        "milestones_due",
        "milestones_on_time",
        "milestones_overdue",
        "milestones_due_soon",
        "milestones_due_first",
        "milestones_on_time_first",
    )
    assert tuple(found[code] for code in codes) == (4, 2, 1, 2, 4, 1)


@pytest.mark.parametrize(("total", "eligible"), [(4_999_999, 0), (5_000_000, 1)], ids=["below 500 万", "500 万"])
def test_statistics_threshold(total: int, eligible: int) -> None:
    found = measures_of(make_project(total_investment_yuan=total, entered_statistics_on=date(2026, 11, 6)))
    assert (found["statistics_eligible"], found["statistics_entered"]) == (eligible, eligible)


def test_chain_stops_where_a_step_is_missing() -> None:
    facts = make_project(signed_on=date(2025, 1, 1), fulfilled_on=None, commissioned_on=date(2026, 8, 1))
    found = measures_of(facts)
    assert [found[code] for code in ("signed", "fulfilled", "chain_started", "chain_commissioned")] == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("reserved", "started", "expected"),
    [
        pytest.param(date(2025, 12, 31), date(2026, 3, 1), (1, 1, 0, 1), id="at start, converted"),
        pytest.param(date(2025, 12, 31), None, (1, 0, 0, 0), id="at start, waiting"),
        pytest.param(date(2026, 1, 1), date(2026, 3, 1), (0, 0, 1, 1), id="added, converted"),
        pytest.param(date(2026, 3, 1), date(2026, 3, 1), (0, 0, 1, 1), id="added and converted on one day"),
        pytest.param(date(2026, 3, 2), date(2026, 3, 1), (0, 0, 0, 0), id="started before it was reserved"),
        pytest.param(date(2025, 5, 1), date(2025, 12, 31), (0, 0, 0, 0), id="converted last year"),
        pytest.param(date(2026, 11, 7), None, (0, 0, 0, 0), id="reserved after the day"),
    ],
)
def test_reserve(reserved: date, started: date | None, expected: tuple[int, ...]) -> None:
    found = measures_of(make_project(year_class=YearClass.RESERVE, reserved_on=reserved, started_on=started))
    codes = ("reserve_at_start", "reserve_at_start_converted", "reserve_added", "reserve_converted")
    assert tuple(found[code] for code in codes) == expected


@pytest.mark.parametrize(
    ("year_class", "completed", "due"),
    [
        pytest.param(YearClass.CONTINUING, None, 10, id="active"),
        pytest.param(YearClass.CONTINUING, date(2026, 4, 2), 4, id="completed in April"),
        pytest.param(YearClass.CONTINUING, date(2025, 12, 31), 0, id="completed last year"),
        pytest.param(YearClass.RESERVE, None, 0, id="reserve"),
    ],
)
def test_reports_due(year_class: YearClass, completed: date | None, due: int) -> None:
    found = measures_of(make_project(year_class=year_class, completed_on=completed))
    assert found["reports_due"] == due
