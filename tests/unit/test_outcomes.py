"""What became of a project after a day: bounds, what is not decided yet, hindsight."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from core.domain.outcomes import Fate, OutcomeDefinition, OutcomeKind, Truth, fate_of, lag_pp
from core.domain.period import AsOf, Month
from core.domain.terms import YearClass
from tests.unit.cities import make_node, make_project

TODAY = AsOf(date(2026, 11, 30), Month(2026, 11))
MAY = AsOf(date(2026, 5, 31), Month(2026, 5))
PLAN = 120_000_000
ON_PLAN = (10_000_000,) * 12


def _truth(**values) -> Truth:
    return Truth({2026: make_project(**values)}, TODAY)


def _lag(beyond: str, months: int = 3) -> OutcomeDefinition:
    return OutcomeDefinition(OutcomeKind.LAG_LATER, Decimal(beyond), months)


@pytest.mark.parametrize(
    ("done_in_august", "delayed"),
    [
        pytest.param(10_000_000 - 12_000_000, False, id="10.00pp"),
        pytest.param(10_000_000 - 12_000_001, True, id="10.01pp"),
        pytest.param(10_000_000 - 11_999_999, False, id="9.99pp"),
    ],
)
def test_lag_later_is_delayed_only_beyond_the_bound(done_in_august, delayed):
    done = (*ON_PLAN[:7], done_in_august, *ON_PLAN[8:])
    fate = fate_of(_lag("10"), make_project(), MAY, _truth(month_done_yuan=done))
    assert fate == Fate(delayed, date(2026, 8, 31) if delayed else None)


def test_lag_later_becomes_a_fact_in_the_month_where_the_lasting_lag_began():
    # Behind in February, caught up in March, behind for good from June on.
    done = (10_000_000, 0, 20_000_000, 10_000_000, 10_000_000, 0, 0, 0, 0, 0, 0, 0)
    fate = fate_of(_lag("8"), make_project(), MAY, _truth(month_done_yuan=done))
    assert fate == Fate(True, date(2026, 6, 30))


def test_lag_since_january_became_a_fact_in_january():
    fate = fate_of(_lag("0"), make_project(), MAY, _truth(month_done_yuan=(1,) * 12))
    assert fate == Fate(True, date(2026, 1, 31))


@pytest.mark.parametrize(
    ("at", "months", "decided"),
    [
        pytest.param(AsOf(date(2026, 8, 31), Month(2026, 8)), 3, True, id="target is the last known month"),
        pytest.param(AsOf(date(2026, 9, 30), Month(2026, 9)), 3, False, id="target is to come"),
        pytest.param(AsOf(date(2026, 11, 30), Month(2026, 11)), 1, False, id="December is to come"),
    ],
)
def test_lag_later_is_decided_when_the_month_is_known(at, months, decided):
    fate = fate_of(_lag("10", months), make_project(), at, _truth())
    assert (fate is not None) is decided


def test_lag_later_looks_no_further_than_december_and_not_from_december():
    until = AsOf(date(2027, 3, 31), Month(2027, 3))
    truth = Truth({2026: make_project(month_done_yuan=(*ON_PLAN[:10], 0, 0))}, until)
    november, december = (AsOf(date(2026, n, 30), Month(2026, n)) for n in (11, 12))
    assert fate_of(_lag("10", 6), make_project(), november, truth) == Fate(True, date(2026, 12, 31))
    assert fate_of(_lag("10", 6), make_project(), december, truth) is None


@pytest.mark.parametrize(
    "values",
    [{"annual_plan_yuan": None}, {"annual_plan_yuan": 0}, {"month_done_yuan": (None,) * 12}, {"year_class": None}],
    ids=["no plan", "plan 0", "no report", "left the list"],
)
def test_lag_that_cannot_be_known_is_not_decided(values):
    assert fate_of(_lag("10"), make_project(), MAY, _truth(**values)) is None


def test_year_end_lag_is_decided_in_december_only():
    definition = OutcomeDefinition(OutcomeKind.LAG_YEAR_END, Decimal(5))
    assert fate_of(definition, make_project(), MAY, _truth()) is None
    after = Truth({2026: make_project(month_done_yuan=(*ON_PLAN[:11], 0))}, AsOf(date(2027, 1, 26), Month(2027, 1)))
    assert fate_of(definition, make_project(), MAY, after) == Fate(True, date(2026, 12, 31))


def test_lag_follows_the_month_plans_where_there_are_some():
    facts = make_project(month_plan_yuan=(0, 0, 60_000_000, *(None,) * 8, 60_000_000), month_done_yuan=ON_PLAN)
    assert Fraction(*lag_pp(facts, 2)) == Fraction(-100 * 20, 120)
    assert Fraction(*lag_pp(facts, 3)) == Fraction(100 * 30, 120)
    assert Fraction(*lag_pp(replace(facts, month_plan_yuan=(None,) * 12), 3)) == 0


@pytest.mark.parametrize(
    ("actual_on", "expected"),
    [
        pytest.param(date(2026, 7, 11), Fate(False), id="reached on the last allowed day"),
        pytest.param(date(2026, 7, 12), Fate(True, date(2026, 7, 12)), id="reached a day later"),
        pytest.param(None, Fate(True, date(2026, 7, 12)), id="still open"),
    ],
)
def test_node_is_late_beyond_the_days_allowed(actual_on, expected):
    definition = OutcomeDefinition(OutcomeKind.NODE_LATE, Decimal(10), 3)
    known = make_project(milestones=(make_node(date(2026, 7, 1)),))
    truth = _truth(milestones=(make_node(date(2027, 1, 1), actual_on),))  # moved since: the promise of then counts
    assert fate_of(definition, known, MAY, truth) == expected


def test_node_that_may_still_be_reached_in_time_is_not_decided():
    definition = OutcomeDefinition(OutcomeKind.NODE_LATE, Decimal(200), 3)
    nodes = (make_node(date(2026, 7, 1)), make_node(date(2026, 7, 1), date(2026, 7, 1), id=2))
    known = make_project(milestones=(make_node(date(2026, 7, 1)), make_node(date(2026, 7, 1), id=2)))
    assert fate_of(definition, known, MAY, _truth(milestones=nodes)) is None


@pytest.mark.parametrize(
    "node",
    [
        make_node(date(2026, 9, 1)),
        make_node(date(2026, 7, 1), is_key=False),
        make_node(date(2026, 5, 1), date(2026, 5, 31)),
    ],
    ids=["beyond the horizon", "not key", "reached by then"],
)
def test_nodes_outside_the_question_are_not_counted(node):
    definition = OutcomeDefinition(OutcomeKind.NODE_LATE, Decimal(0), 3)
    assert fate_of(definition, make_project(milestones=(node,)), MAY, _truth(milestones=(node,))) is None


@pytest.mark.parametrize(
    ("dates", "until", "expected"),
    [
        ({"completed_on": date(2026, 12, 31)}, date(2027, 2, 1), Fate(False)),
        ({"completed_on": date(2027, 1, 1)}, date(2027, 2, 1), Fate(True, date(2027, 1, 1))),
        ({"commissioned_on": date(2026, 6, 1)}, date(2026, 7, 1), Fate(False)),
        ({}, date(2027, 1, 1), Fate(True, date(2027, 1, 1))),
        ({}, date(2026, 12, 31), None),
    ],
    ids=["last day", "a day late", "commissioned early", "never", "year not over"],
)
def test_finish_is_late_when_the_planned_year_is_over(dates, until, expected):
    definition = OutcomeDefinition(OutcomeKind.FINISH_LATE)
    known = make_project(year_class=YearClass.FINISHING)
    truth = Truth({2026: make_project(year_class=YearClass.FINISHING, **dates)}, AsOf(until, Month.of(until)))
    assert fate_of(definition, known, MAY, truth) == expected


def test_finish_of_a_project_not_planned_to_finish_is_not_counted():
    definition = OutcomeDefinition(OutcomeKind.FINISH_LATE)
    truth = Truth({2026: make_project()}, AsOf(date(2027, 2, 1), Month(2027, 1)))
    assert fate_of(definition, make_project(), MAY, truth) is None


def test_definition_says_itself_in_words():
    assert _lag("12.50").label == "3 个月后（不晚于当年12月）投资欠序时超过 12.5 个百分点"
    assert OutcomeDefinition(OutcomeKind.NODE_LATE, Decimal(30), 2).label == "2 个月内到期的关键节点最终逾期超过 30 天"
