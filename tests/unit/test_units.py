"""Conversions are exact, rounding is the named one, nothing shows as —."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import units
from core.domain.units import Rounding


@pytest.mark.parametrize(
    ("wan", "yuan"),
    [("1", 10_000), ("0.0001", 1), ("12345.6789", 123_456_789), ("0.00005", 1), ("0.00004", 0), ("-1.5", -15_000)],
)
def test_wan_to_yuan(wan: str, yuan: int) -> None:
    assert units.wan_to_yuan(Decimal(wan)) == yuan


def test_large_money_stays_exact() -> None:
    assert units.yi_to_yuan(Decimal("99999999.99999999")) == 9_999_999_999_999_999
    assert units.yuan_to_yi(9_999_999_999_999_999) == Decimal("99999999.99999999")
    assert units.yuan_to_wan(1) == Decimal("0.0001")


def test_area_units_agree() -> None:
    assert units.ha_to_sqm(Decimal(1)) == 10_000
    assert units.mu_to_sqm(Decimal(15)) == 10_000
    assert units.mu_to_sqm(Decimal(1)) == 667
    assert units.mu_to_sqm(Decimal("0.75")) == 500
    assert units.sqm_to_mu(10_000) == 15
    assert units.sqm_to_ha(12_345) == Decimal("1.2345")
    assert units.format_mu(1000) == "1.50"
    assert units.format_ha(3600) == "0.3600"


@given(st.integers(-(10**15), 10**15))
def test_wan_round_trip(yuan: int) -> None:
    assert units.wan_to_yuan(units.yuan_to_wan(yuan)) == yuan
    assert units.yi_to_yuan(units.yuan_to_yi(yuan)) == yuan


@pytest.mark.parametrize(
    ("value", "digits", "half_up", "truncated"),
    [
        pytest.param(Fraction(129 * 100, 270), 0, "48", "47", id="129/270"),
        pytest.param(Fraction(69 * 100, 90), 1, "76.7", "76.6", id="69/90"),
        pytest.param(Fraction(1, 2), 0, "1", "0", id="half"),
        pytest.param(Fraction(-1, 2), 0, "-1", "0", id="minus half"),
        pytest.param(Decimal("2.675"), 2, "2.68", "2.67", id="decimal tie"),
        pytest.param(-83, 1, "-83.0", "-83.0", id="whole"),
    ],
)
def test_rounding_modes(value: Fraction, digits: int, half_up: str, truncated: str) -> None:
    assert units.format_number(value, digits) == half_up
    assert units.format_number(value, digits, Rounding.TRUNCATE) == truncated


def test_formats() -> None:
    assert units.format_yi(238_460_000_000) == "2,384.6"
    assert units.format_yi(238_465_000_000, 1) == "2,384.7"
    assert units.format_yi(238_465_000_000, 1, Rounding.TRUNCATE) == "2,384.6"
    assert units.format_wan(126_004_999) == "12,600"
    assert units.format_wan(-126_005_000) == "-12,601"
    assert units.format_pct(Fraction(206, 255)) == "80.8%"
    assert units.format_pp(Fraction(177, 100)) == "+1.8"
    assert units.format_pp(Fraction(-833, 100)) == "-8.3"
    assert units.format_pp(Fraction(-1, 1000)) == "0.0"


@pytest.mark.parametrize(
    "show", [units.format_yi, units.format_wan, units.format_mu, units.format_ha, units.format_pct]
)
def test_none_is_a_dash_never_zero(show: Callable[[None], str]) -> None:
    assert show(None) == "—"
    assert units.format_pp(None) == "—"
