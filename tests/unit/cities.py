"""Builders of projects for the tests of the figures: one by hand, or a whole random city from a seed."""

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from core.domain.facts import MilestoneFact, ProjectFacts
from core.domain.period import AsOf, Month
from core.domain.terms import Stage, YearClass

YEAR = 2026
OCTOBER = AsOf(on=date(2026, 11, 6), month=Month(2026, 10))


def make_project(**values: Any) -> ProjectFacts:
    """Return a plain continuing project of 1.2 亿元 a year, 1000 万元 reported in each month."""
    facts: dict[str, Any] = {
        "project_id": 1,
        "county_id": 1,
        "headquarters_id": None,
        "unit_id": None,
        "stage": Stage.CONSTRUCTION,
        "year_class": YearClass.CONTINUING,
        "total_investment_yuan": 500_000_000,
        "prior_done_yuan": 0,
        "annual_plan_yuan": 120_000_000,
        "month_done_yuan": (10_000_000,) * 12,
        "started_on": date(2025, 3, 1),
    }
    return ProjectFacts(**(facts | values))


def make_node(planned_on: date | None, actual_on: date | None = None, **values: Any) -> MilestoneFact:
    """Return a key node whose first baseline is its planned date."""
    node: dict[str, Any] = {
        "id": 1,
        "is_key": True,
        "first_baseline_on": planned_on,
        "planned_on": planned_on,
        "forecast_on": None,
        "actual_on": actual_on,
        "name": "用地批复",
    }
    return MilestoneFact(**(node | values))


def random_city(seed: int) -> tuple[list[ProjectFacts], AsOf]:
    """
    Return up to eight projects and an as-of point, the same for the same seed.

    Days are mostly drawn next to the as-of day, month end and new year, and amounts from few values, so that
    boundaries (same day, exact lag, nothing planned) are hit often.
    """
    rng = Random(seed)
    month = Month(YEAR, rng.randint(1, 12))
    as_of = AsOf(month.last_day + timedelta(days=rng.choice([-5, 0, 1, 12, 40])), month)
    return [_random_project(rng, as_of) for _ in range(rng.randint(0, 8))], as_of


def _random_day(rng: Random, as_of: AsOf) -> date | None:
    pick = rng.random()
    if pick < 0.3:
        return None
    if pick < 0.6:
        anchors = [as_of.on, as_of.month.last_day, date(YEAR, 1, 1), as_of.on - timedelta(days=30)]
        return rng.choice(anchors) + timedelta(days=rng.choice([-1, 0, 1]))
    return date(YEAR - 1, 1, 1) + timedelta(days=rng.randint(0, 820))


def _random_amount(rng: Random) -> int:
    return rng.choice([0, 1, 7, 10**6, 4_999_999, 5 * 10**6, 12 * 10**6, rng.randint(0, 10**10)])


def _random_months(rng: Random) -> tuple[int | None, ...]:
    values = rng.choice([[None], [0, 10**6, 2 * 10**6], [None, 0, 10**6], [None, rng.randint(0, 10**9)]])
    return tuple(rng.choice(values) for _ in range(12))


def _random_node(rng: Random, as_of: AsOf) -> MilestoneFact:
    first, planned, actual = (_random_day(rng, as_of) for _ in range(3))
    return make_node(planned, actual, first_baseline_on=first, is_key=rng.random() < 0.3)


def _random_project(rng: Random, as_of: AsOf) -> ProjectFacts:
    dated = [
        "start_planned_on",
        "finish_planned_on",
        "started_on",
        "suspended_on",
        "resumed_on",
        "full_capacity_on",
        "signed_on",
        "fulfilled_on",
        "reserved_on",
        "entered_statistics_on",
    ]
    summed = [
        "total_investment_yuan",
        "prior_done_yuan",
        "funds_planned_yuan",
        "funds_received_yuan",
        "funds_spent_yuan",
    ]
    finished = rng.random() < 0.4
    values: dict[str, Any] = {name: _random_day(rng, as_of) for name in dated}
    values |= {name: _random_amount(rng) for name in summed}
    return make_project(
        year_class=rng.choice([None, *YearClass, *YearClass]),
        annual_plan_yuan=rng.choice([None, 0, 12, 12 * 10**6, 24 * 10**6, _random_amount(rng)]),
        month_plan_yuan=_random_months(rng),
        month_done_yuan=_random_months(rng),
        completed_on=_random_day(rng, as_of) if finished else None,
        commissioned_on=_random_day(rng, as_of) if finished else None,
        land_sqm=rng.choice([0, 667, 10**5]),
        milestones=tuple(_random_node(rng, as_of) for _ in range(rng.randint(0, 4))),
        problems_open=rng.randint(0, 3),
        problems_overdue=rng.randint(0, 3),
        problems_overdue_escalated=rng.choice([0, 0, 0, 1]),
        **values,
    )


# Seeds, not structures: a thousand cities in a second, and the failing one is named by its seed.
seeds = st.integers(0, 2**32 - 1)
