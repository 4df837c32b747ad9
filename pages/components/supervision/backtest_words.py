"""A back-test in words: the reading sentence and what another threshold would have changed."""

from decimal import Decimal

from core.domain.backtest import Score
from core.domain.units import NOTHING, format_number, format_pct
from core.services.backtests import Backtest


def reading(found: Backtest) -> str:
    """Return what the figures mean, in one or two sentences."""
    score, request = found.result.score, found.request
    span = f"{request.first.label}—{request.last.label}"
    if not score.total:
        return f"{span}没有可判定的项次：时段太近，后果还不知道，或没有月报。请向前移动时段，或缩短“向后看”的月数。"
    if not score.alarms:
        return f"{span}的 {score.total} 项次中没有亮过黄旗、红旗，其中 {score.delayed} 项次后来滞后。"
    text = (
        f"{span}，亮黄旗、红旗的 {score.alarms} 项次中 {score.hits} 项次后来确实滞后"
        f"（{format_pct(score.precision)}）；后来滞后的 {score.delayed} 项次中有 {score.hits} 项次亮过旗"
        f"（{format_pct(score.recall)}），{score.missed} 项次没有亮旗。"
    )
    base = score.base_rate
    if base and score.precision is not None:
        times = format_number(score.precision / base, 1)
        text += f"全部项次的滞后率为 {format_pct(base)}，亮旗项次的滞后率是它的 {times} 倍。"
    return text


def other_threshold(old: tuple[Decimal, Score], new: tuple[Decimal, Score]) -> str:
    """Return what the threshold *new* instead of *old* would have changed."""
    before, after = old[1], new[1]
    return (
        f"以 {number(new[0])} 替代 {number(old[0])}：亮旗 {before.alarms} → {after.alarms} 项次，"
        f"命中率 {format_pct(before.precision)} → {format_pct(after.precision)}，"
        f"查全率 {format_pct(before.recall)} → {format_pct(after.recall)}，"
        f"误报 {before.false_alarms} → {after.false_alarms} 项次，漏报 {before.missed} → {after.missed} 项次。"
    )


def number(value: Decimal) -> str:
    """Return a threshold as written by people."""
    return f"{value.normalize():f}"


def months(value: float | None) -> str:
    """Return a number of months with at most one decimal; — for None."""
    return NOTHING if value is None else f"{value:.1f}".removesuffix(".0")
