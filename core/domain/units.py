"""Units and how figures are shown. The only place that converts; stored money is whole 元, stored area whole m².

1 亿元 = 10⁴ 万元 = 10⁸ 元; 1 公顷 = 15 亩 = 10 000 m²; 1 亩 = 2000/3 m². Rounding happens when a figure is shown.
"""

from decimal import Decimal
from fractions import Fraction

from core.domain.terms import Term

YUAN_PER_WAN = 10_000
YUAN_PER_YI = 100_000_000
SQM_PER_HA = 10_000
SQM_PER_MU = Fraction(2000, 3)
NOTHING = "—"

Number = int | Decimal | Fraction


class Rounding(Term):
    """How shown figures are cut; one mode per report."""

    HALF_UP = "half_up", "四舍五入"
    TRUNCATE = "truncate", "截尾"


def round_exact(value: Number, digits: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """
    Return *value* with *digits* decimals, from its exact quotient (no binary or double rounding).

    Half-up means away from zero, truncating means toward zero, for either sign.
    """
    top, bottom = value.as_integer_ratio()
    scaled = abs(top) * 10**digits
    units = scaled // bottom if rounding is Rounding.TRUNCATE else (2 * scaled + bottom) // (2 * bottom)
    return Decimal(-units if top < 0 else units).scaleb(-digits)


def wan_to_yuan(wan: Decimal) -> int:
    """Return 万元 as whole 元; fractions of a 元 are rounded half-up."""
    return int(round_exact(Fraction(wan) * YUAN_PER_WAN, 0))


def yi_to_yuan(yi: Decimal) -> int:
    """Return 亿元 as whole 元; fractions of a 元 are rounded half-up."""
    return int(round_exact(Fraction(yi) * YUAN_PER_YI, 0))


def mu_to_sqm(mu: Decimal) -> int:
    """Return 亩 as whole m², rounded half-up (1 亩 = 666.67 m², exactly 2000/3)."""
    return int(round_exact(Fraction(mu) * SQM_PER_MU, 0))


def ha_to_sqm(ha: Decimal) -> int:
    """Return 公顷 as whole m², rounded half-up."""
    return int(round_exact(Fraction(ha) * SQM_PER_HA, 0))


def yuan_to_wan(yuan: int) -> Decimal:
    """Return 元 as exact 万元."""
    return Decimal(yuan).scaleb(-4)


def yuan_to_yi(yuan: int) -> Decimal:
    """Return 元 as exact 亿元."""
    return Decimal(yuan).scaleb(-8)


def sqm_to_mu(sqm: int) -> Fraction:
    """Return m² as exact 亩."""
    return Fraction(sqm) / SQM_PER_MU


def sqm_to_mu_tenths(sqm: int) -> int:
    """Return m² as whole tenths of a 亩, rounded half-up: whole numbers only, for maps with thousands of plots."""
    return (sqm * 60 + 2000) // 4000


def sqm_to_ha(sqm: int) -> Decimal:
    """Return m² as exact 公顷."""
    return Decimal(sqm).scaleb(-4)


def format_number(value: Number | None, digits: int, rounding: Rounding = Rounding.HALF_UP) -> str:
    """Return *value* with thousands commas and fixed decimals; — for None; a rounded zero has no sign."""
    if value is None:
        return NOTHING
    shown = round_exact(value, digits, rounding)
    return f"{shown if shown else abs(shown):,.{digits}f}"


def format_yi(yuan: int | None, digits: int = 1, rounding: Rounding = Rounding.HALF_UP) -> str:
    """Return 元 written in 亿元, without the unit: ``2,384.6``."""
    return format_number(None if yuan is None else Fraction(yuan, YUAN_PER_YI), digits, rounding)


def format_wan(yuan: int | None, digits: int = 0, rounding: Rounding = Rounding.HALF_UP) -> str:
    """Return 元 written in 万元, without the unit: ``12,600``."""
    return format_number(None if yuan is None else Fraction(yuan, YUAN_PER_WAN), digits, rounding)


def format_whole_wan(yuan: int | None) -> str:
    """Return 元 written in 万元 with as many decimals as the amount has (0, 2 or 4): nothing is rounded away."""
    if yuan is None:
        return NOTHING
    return format_wan(yuan, next(digits for digits in (0, 2, 4) if yuan % 10 ** (4 - digits) == 0))


def format_mu(sqm: int | None, digits: int = 2, rounding: Rounding = Rounding.HALF_UP) -> str:
    """Return m² written in 亩, without the unit."""
    return format_number(None if sqm is None else sqm_to_mu(sqm), digits, rounding)


def format_ha(sqm: int | None, digits: int = 4, rounding: Rounding = Rounding.HALF_UP) -> str:
    """Return m² written in 公顷, without the unit."""
    return format_number(None if sqm is None else Fraction(sqm, SQM_PER_HA), digits, rounding)


def format_pct(ratio: Number | None, digits: int = 1, rounding: Rounding = Rounding.HALF_UP) -> str:
    """Return a ratio (1 = 100 %) as ``61.1%``; — for None."""
    return NOTHING if ratio is None else f"{format_number(Fraction(ratio) * 100, digits, rounding)}%"


def format_pp(gap_pp: Number | None, digits: int = 1, rounding: Rounding = Rounding.HALF_UP) -> str:
    """Return a gap in 百分点 with its sign: ``+1.8``, ``-8.3``, ``0.0``; — for None."""
    if gap_pp is None:
        return NOTHING
    text = format_number(gap_pp, digits, rounding)
    return f"+{text}" if round_exact(gap_pp, digits, rounding) > 0 else text
