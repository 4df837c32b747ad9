"""Rates: published figures, the dash for nothing, the check above 120 %, definitions as rows."""

from decimal import Decimal
from fractions import Fraction

import pytest

from core.domain.errors import Invalid
from core.domain.flags import DEFAULT_RULE_SET, decide
from core.domain.measures import MEASURE_CODES, add_measures, measure
from core.domain.rates import (
    RATE_DEFINITION_BY_CODE,
    RATE_DEFINITIONS,
    Rate,
    RateDefinition,
    RateUnit,
    evaluate,
    parse_definition,
    to_dict,
)
from core.domain.units import Rounding
from tests.unit.cities import OCTOBER, make_project


def rate_of(code: str, **sums: int) -> Rate:
    return evaluate(RATE_DEFINITION_BY_CODE[code], dict.fromkeys(MEASURE_CODES, 0) | sums, OCTOBER)


@pytest.mark.parametrize(
    ("code", "sums", "digits", "published"),
    [
        pytest.param("start_rate_planned", {"new_started": 206, "new_planned": 255}, 1, "80.8%", id="206/255"),
        pytest.param(
            "start_rate_due_early",
            {"start_due": 140, "start_due_started": 140 - 33, "early_started": 11},
            1,
            "84.3%",
            id="118/140",
        ),
        pytest.param("start_rate_due", {"start_due": 140, "start_due_started": 107}, 1, "76.4%", id="107/140"),
        pytest.param("start_rate_all", {"under_construction_or_done": 33, "projects": 50}, 0, "66%", id="33/50"),
        pytest.param("start_rate_all", {"under_construction_or_done": 37, "projects": 56}, 0, "66%", id="37/56"),
        pytest.param(
            "start_resume_rate",
            {"new_started": 135, "continuing_resumed": 223, "new_planned": 240, "continuing": 244},
            0,
            "74%",
            id="358/484",
        ),
        pytest.param(
            "start_resume_rate_due",
            {"start_due_started": 6, "continuing_resumed": 20, "start_due": 14, "continuing": 22},
            1,
            "72.2%",
            id="26/36",
        ),
        pytest.param(
            "investment_completion_rate",
            {"ytd_done_yuan": 11_973_000_000, "annual_plan_yuan": 19_582_000_000},
            2,
            "61.14%",
            id="119.73/195.82",
        ),
        pytest.param("commissioning_rate", {"finish_commissioned": 7, "finish_planned": 10}, 0, "70%", id="7/10"),
        pytest.param(
            "funds_received_rate", {"funds_received_yuan": 115, "funds_planned_yuan": 100}, 0, "115%", id=">100"
        ),
        pytest.param("reporting_rate", {"reports_due": 40, "reports_missing": 3}, 1, "92.5%", id="signed terms"),
        pytest.param(
            "investment_intensity",
            {"land_investment_yuan": 312_500_000, "land_sqm": 10_000},
            2,
            "2,083.33 万元/亩",
            id="31250 万元 on 15 亩",
        ),
    ],
)
def test_published_rates(code: str, sums: dict[str, int], digits: int, published: str) -> None:
    assert rate_of(code, **sums).text(digits) == published


@pytest.mark.parametrize(
    ("top", "bottom", "digits", "half_up", "truncated"),
    [(129, 270, 0, "48", "47"), (69, 90, 1, "76.7", "76.6"), (16, 26, 0, "62", "61")],
    ids=["129/270 published 47", "69/90 published 76.6", "16/26 misprinted 58"],
)
def test_one_rounding_mode_per_report(top: int, bottom: int, digits: int, half_up: str, truncated: str) -> None:
    rate = rate_of("start_rate_planned", new_started=top, new_planned=bottom)
    assert rate.pct(digits) == Decimal(half_up)
    assert rate.pct(digits, Rounding.TRUNCATE) == Decimal(truncated)


@pytest.mark.parametrize("definition", RATE_DEFINITIONS, ids=lambda definition: definition.code)
def test_denominator_zero_is_a_dash_for_every_rate(definition: RateDefinition) -> None:
    rate = rate_of(definition.code)
    assert (rate.ratio, rate.value, rate.pct(), rate.text()) == (None, None, None, "—")
    assert rate.needs_check is False


def test_zero_numerator_is_zero_percent() -> None:
    assert rate_of("start_rate_planned", new_planned=3).text() == "0.0%"


@pytest.mark.parametrize(("done", "check"), [(100, False), (120, False), (121, True)], ids=["100", "120", "121"])
def test_above_120_percent_is_shown_and_marked_for_checking(done: int, check: bool) -> None:
    rate = rate_of("investment_completion_rate", ytd_done_yuan=done, annual_plan_yuan=100)
    assert rate.needs_check is check
    assert rate.text(0) == f"{done}%"


def test_intensity_is_no_percentage_and_never_marked() -> None:
    rate = rate_of("investment_intensity", land_investment_yuan=10**9, land_sqm=1)
    assert rate.needs_check is False


def test_sum_then_divide_never_mean_of_rates() -> None:
    small = make_project(annual_plan_yuan=100, month_done_yuan=(10,) * 12)
    large = make_project(annual_plan_yuan=900, month_done_yuan=(0,) * 12)
    planless = make_project(annual_plan_yuan=None, month_done_yuan=(5,) * 12)
    rows = [measure(facts, OCTOBER, decide(facts, OCTOBER, DEFAULT_RULE_SET)) for facts in (small, large, planless)]
    rate = evaluate(RATE_DEFINITION_BY_CODE["investment_completion_rate"], add_measures(rows), OCTOBER)
    assert rate.ratio == Fraction(100 + 0 + 50, 1000)
    own = evaluate(RATE_DEFINITION_BY_CODE["investment_completion_rate"], add_measures(rows[2:]), OCTOBER)
    assert own.text() == "—"


@pytest.mark.parametrize("definition", RATE_DEFINITIONS, ids=lambda definition: definition.code)
def test_definition_survives_storage(definition: RateDefinition) -> None:
    assert parse_definition(to_dict(definition)) == definition


def test_definition_codes_are_unique_and_carry_basis_and_source() -> None:
    assert len(RATE_DEFINITION_BY_CODE) == len(RATE_DEFINITIONS)
    assert all(definition.basis and definition.source for definition in RATE_DEFINITIONS)


def test_bad_definition_lists_every_problem() -> None:
    row = {
        "code": "x",
        "label": "",
        "basis": "b",
        "numerator": ["projects", "-nonsense"],
        "denominator": [],
        "unit": "?",
    }
    with pytest.raises(Invalid) as refused:
        parse_definition(row)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("label", "required"),
        ("numerator", "unknown_measure"),
        ("denominator", "required"),
        ("unit", "unknown_unit"),
    ]
    assert "nonsense" in refused.value.user_message


def test_projects_and_money_cannot_be_added() -> None:
    row = to_dict(RATE_DEFINITIONS[0]) | {"numerator": ["projects", "ytd_done_yuan"]}
    with pytest.raises(Invalid) as refused:
        parse_definition(row)
    assert refused.value.problems[0].code == "mixed_units"


def test_intensity_unit_is_parsed() -> None:
    assert parse_definition(to_dict(RATE_DEFINITION_BY_CODE["investment_intensity"])).unit is RateUnit.WAN_PER_MU
