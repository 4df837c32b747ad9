"""序时进度: the share of the year's work that is due, and how far actual progress is from it.

Ratios and gaps are exact fractions; they are rounded only in the wording. Definitions: docs/metrics.md#schedule.
"""

from calendar import isleap
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from core.domain.facts import MONTHS_PER_YEAR
from core.domain.period import Month
from core.domain.units import NOTHING, Rounding, format_number, round_exact


def linear_ratio(months: int) -> Fraction:
    """Return N/12: the due share after *months* full months (均衡进度)."""
    if not 0 <= months <= MONTHS_PER_YEAR:
        raise ValueError(f"{months} months are not 0..12")
    return Fraction(months, MONTHS_PER_YEAR)


def half_month_ratio(month: int, first_half: bool) -> Fraction:
    """Return the due share at the end of a half month: 8月上半月 = 7.5/12."""
    whole = linear_ratio(month)
    return whole - Fraction(1, 2 * MONTHS_PER_YEAR) if first_half else whole


def day_ratio(on: date) -> Fraction:
    """Return the due share by day count at the end of *on*: d/365, d/366 in leap years."""
    return Fraction(on.timetuple().tm_yday, 366 if isleap(on.year) else 365)


def curve_ratio(month_plan_yuan: Sequence[int | None], months: int) -> Fraction | None:
    """Return Σ month plans 1..N / Σ of the year (计划曲线); None when nothing at all is planned."""
    planned = [plan or 0 for plan in month_plan_yuan]
    total = sum(planned)
    return Fraction(sum(planned[:months]), total) if total > 0 else None


def progress_gap_pp(done_yuan: int, plan_yuan: int | None, due_ratio: Fraction | None) -> Fraction | None:
    """
    Return actual progress minus due progress (序时进度差), unrounded.

    Args:
        done_yuan: Completed this year (本年累计完成投资), 元.
        plan_yuan: Annual plan (年度计划投资), 元.
        due_ratio: Share of the year that is due, 0..1.

    Returns:
        百分点; negative = behind. None without a plan or a due share: that is no data, never 0.
    """
    if not plan_yuan or plan_yuan < 0 or due_ratio is None:
        return None
    return (Fraction(done_yuan, plan_yuan) - due_ratio) * 100


def schedule_ratio(done_yuan: int, plan_yuan: int | None, due_ratio: Fraction | None) -> Fraction | None:
    """Return progress ÷ due progress (完成序时的比例); None without a plan or when nothing is due yet."""
    if not plan_yuan or plan_yuan < 0 or not due_ratio:
        return None
    return Fraction(done_yuan, plan_yuan) / due_ratio


def gap_wording(gap_pp: Fraction | None, digits: int = 1, rounding: Rounding = Rounding.HALF_UP) -> str:
    """Return 超序时 x 个百分点 / 欠序时 x 个百分点 / 与序时持平; — for None."""
    if gap_pp is None:
        return NOTHING
    if gap_pp == 0:
        return "与序时持平"
    if round_exact(gap_pp, digits, rounding) == 0:
        return "与序时基本持平"
    side = "超序时" if gap_pp > 0 else "欠序时"
    return f"{side} {format_number(abs(gap_pp), digits, rounding)} 个百分点"


def schedule_ratio_wording(ratio: Fraction | None, digits: int = 1, rounding: Rounding = Rounding.HALF_UP) -> str:
    """Return 完成序时的 y%; — for None."""
    return NOTHING if ratio is None else f"完成序时的 {format_number(ratio * 100, digits, rounding)}%"


def due_wording(month: Month) -> str:
    """Return how linear 序时 is printed beside a figure: ``序时 83.3%（10/12）``."""
    share = format_number(linear_ratio(month.number) * 100, 1)
    return f"序时 {share}%（{month.number}/{MONTHS_PER_YEAR}）"


def spread_annual_plan(total_yuan: int, months: int = MONTHS_PER_YEAR, unit_yuan: int = 1) -> tuple[int, ...]:
    """
    Return *total_yuan* spread over *months*, summing up exactly: equal parts, the last month absorbs the rest.

    Args:
        total_yuan: Annual plan, 元; must not be negative.
        months: How many months share it, 1..12.
        unit_yuan: Parts are whole multiples of this (10 000 for whole 万元); the last month may not be.
    """
    if total_yuan < 0 or not 1 <= months <= MONTHS_PER_YEAR or unit_yuan < 1:
        raise ValueError(f"cannot spread {total_yuan} over {months} months in units of {unit_yuan}")
    part = total_yuan // (months * unit_yuan) * unit_yuan
    return (part,) * (months - 1) + (total_yuan - part * (months - 1),)
