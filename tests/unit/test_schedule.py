"""序时: published gaps come out to the digit because the gap is taken before rounding."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import schedule
from core.domain.period import Month
from core.domain.units import format_pp


def gap(percent: str, due: Fraction) -> Fraction:
    found = schedule.progress_gap_pp(int(Fraction(percent) * 1000), 100_000, due)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("percent", "due", "digits", "published"),
    [
        pytest.param("30.90", Fraction(3, 12), 2, "+5.90", id="Q1"),
        pytest.param("74", Fraction(8, 12), 2, "+7.33", id="1-8月"),
        pytest.param("85.1", Fraction(10, 12), 1, "+1.8", id="超均衡"),
        pytest.param("75", Fraction(10, 12), 1, "-8.3", id="欠目标进度"),
    ],
)
def test_published_gaps(percent: str, due: Fraction, digits: int, published: str) -> None:
    assert format_pp(gap(percent, due), digits) == published


def test_gap_is_taken_before_rounding() -> None:
    found = schedule.progress_gap_pp(62_900_000_000, 64_740_000_000, schedule.linear_ratio(10))
    assert found is not None
    assert format_pp(found, 3) == "+13.825"
    assert format_pp(found, 1) == "+13.8"  # rounded operands would give 97.2 - 83.3 = 13.9


def test_due_shares() -> None:
    assert schedule.linear_ratio(10) == Fraction(5, 6)
    assert schedule.half_month_ratio(8, first_half=True) == Fraction(625, 1000)
    assert schedule.half_month_ratio(8, first_half=False) == schedule.linear_ratio(8)
    assert schedule.day_ratio(date(2025, 12, 31)) == 1
    assert schedule.day_ratio(date(2024, 2, 29)) == Fraction(60, 366)
    assert schedule.day_ratio(date(2025, 3, 1)) == Fraction(60, 365)
    assert schedule.curve_ratio((0, 0, 10, 30, None, 60, 0, 0, 0, 0, 0, 0), 4) == Fraction(2, 5)
    assert schedule.curve_ratio((None,) * 12, 4) is None
    assert schedule.due_wording(Month(2026, 10)) == "序时 83.3%（10/12）"


@pytest.mark.parametrize("months", [-1, 13])
def test_linear_share_outside_the_year_is_refused(months: int) -> None:
    with pytest.raises(ValueError):
        schedule.linear_ratio(months)


@pytest.mark.parametrize("plan", [None, 0, -5])
def test_no_plan_gives_no_gap(plan: int | None) -> None:
    assert schedule.progress_gap_pp(5, plan, Fraction(1, 2)) is None
    assert schedule.schedule_ratio(5, plan, Fraction(1, 2)) is None
    assert schedule.gap_wording(None) == schedule.schedule_ratio_wording(None) == "—"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param(Fraction(177, 100), "超序时 1.8 个百分点", id="ahead"),
        pytest.param(Fraction(-234, 10), "欠序时 23.4 个百分点", id="behind"),
        pytest.param(Fraction(0), "与序时持平", id="level"),
        pytest.param(Fraction(-1, 1000), "与序时基本持平", id="sliver"),
    ],
)
def test_gap_wording(value: Fraction, words: str) -> None:
    assert schedule.gap_wording(value) == words


def test_schedule_ratio_wording() -> None:
    ratio = schedule.schedule_ratio(75, 100, schedule.linear_ratio(10))
    assert ratio == Fraction(9, 10)
    assert schedule.schedule_ratio_wording(ratio) == "完成序时的 90.0%"
    assert schedule.schedule_ratio(75, 100, Fraction(0)) is None


def test_last_month_absorbs_rounding() -> None:
    assert schedule.spread_annual_plan(100) == (8,) * 11 + (12,)
    assert schedule.spread_annual_plan(125_000, unit_yuan=10_000) == (10_000,) * 11 + (15_000,)
    assert schedule.spread_annual_plan(7, months=1) == (7,)


@given(st.integers(0, 10**14), st.integers(1, 12), st.sampled_from([1, 10_000]))
def test_spread_plan_sums_up_and_never_goes_negative(total: int, months: int, unit: int) -> None:
    parts = schedule.spread_annual_plan(total, months, unit)
    assert sum(parts) == total
    assert len(parts) == months
    assert min(parts) >= 0


def test_negative_plan_cannot_be_spread() -> None:
    with pytest.raises(ValueError):
        schedule.spread_annual_plan(-1)
