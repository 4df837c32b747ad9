"""Plausibility of a monthly report: doubts to be explained (疑点), never accusations. The wording is 请核实.

Numbered as the published inspection points; what is measured here needs only the report and its history.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from core.domain.period import Month
from core.domain.units import format_wan


@dataclass(frozen=True, slots=True)
class ReportedMonth:
    """An earlier month of the same year: completed in the month and January..month, 元; None = not reported."""

    number: int
    done_yuan: int | None
    cumulative_yuan: int | None


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """
    One month's entry before it is accepted, with what is known of the project.

    Attributes:
        done_yuan: Completed in the month (本月完成), 元.
        cumulative_yuan: January..month as typed (1—N月累计), 元; None when the form does not ask for it.
        history: Earlier months of the same year, in any order.
        prior_done_yuan: Completed before the year, 元.
        is_started: Whether construction had begun by the end of the month.
        is_suspended: Whether the project was stopped for the whole month.
    """

    month: Month
    done_yuan: int | None
    cumulative_yuan: int | None
    history: tuple[ReportedMonth, ...]
    annual_plan_yuan: int | None
    total_investment_yuan: int
    prior_done_yuan: int
    is_started: bool
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """Tolerances, as ratios: cumulated above total × 1.05 or above the annual plan × 1.2 raises a doubt."""

    above_total_ratio: Decimal = field(default=Decimal("1.05"))
    above_plan_ratio: Decimal = field(default=Decimal("1.2"))


@dataclass(frozen=True, slots=True)
class Doubt:
    """One point to verify: stable code and a Chinese sentence ending in what to do."""

    code: str
    message: str


DEFAULT_LIMITS = CheckLimits()
DOUBT_CODES = ("CHK-01", "CHK-02", "CHK-03A", "CHK-03B", "CHK-09")


def check_report(entry: ReportEntry, limits: CheckLimits = DEFAULT_LIMITS) -> list[Doubt]:
    """Return the doubts about *entry*; an empty list when nothing stands out."""
    found = (
        _cumulative_falls(entry),
        _month_differs_from_step(entry),
        _above_total(entry, limits),
        _above_plan(entry, limits),
        _done_without_works(entry),
    )
    return [doubt for doubt in found if doubt is not None]


def _year_to_date(entry: ReportEntry) -> int:
    """The typed cumulated figure, else the sum of the months."""
    if entry.cumulative_yuan is not None:
        return entry.cumulative_yuan
    return sum(month.done_yuan or 0 for month in _earlier(entry)) + (entry.done_yuan or 0)


def _earlier(entry: ReportEntry) -> list[ReportedMonth]:
    return sorted(
        (month for month in entry.history if month.number < entry.month.number), key=lambda month: month.number
    )


def _cumulative_falls(entry: ReportEntry) -> Doubt | None:
    """1 累计下降, against the latest earlier month that has a cumulated figure."""
    known = [month for month in _earlier(entry) if month.cumulative_yuan is not None]
    if entry.cumulative_yuan is None or not known:
        return None
    last = known[-1]
    if last.cumulative_yuan is None or entry.cumulative_yuan >= last.cumulative_yuan:
        return None
    return Doubt(
        "CHK-01",
        f"1—{entry.month.number}月累计 {format_wan(entry.cumulative_yuan, 2)} 万元，低于 {last.number} 月已报累计 "
        f"{format_wan(last.cumulative_yuan, 2)} 万元，请核实。",
    )


def _month_differs_from_step(entry: ReportEntry) -> Doubt | None:
    """2 月值 ≠ 累计差; only when the month just before is known (January starts from 0)."""
    if entry.done_yuan is None or entry.cumulative_yuan is None:
        return None
    before = 0 if entry.month.number == 1 else _cumulative_of(entry, entry.month.number - 1)
    if before is None or entry.cumulative_yuan - before == entry.done_yuan:
        return None
    return Doubt(
        "CHK-02",
        f"本月完成 {format_wan(entry.done_yuan, 2)} 万元，与累计之差 "
        f"{format_wan(entry.cumulative_yuan - before, 2)} 万元不一致，请核实。",
    )


def _cumulative_of(entry: ReportEntry, number: int) -> int | None:
    return next((month.cumulative_yuan for month in entry.history if month.number == number), None)


def _above_total(entry: ReportEntry, limits: CheckLimits) -> Doubt | None:
    """3 开工以来累计 > 计划总投资 × 1.05."""
    since_start = entry.prior_done_yuan + _year_to_date(entry)
    if entry.total_investment_yuan <= 0 or since_start <= entry.total_investment_yuan * limits.above_total_ratio:
        return None
    return Doubt(
        "CHK-03A",
        f"开工以来累计 {format_wan(since_start, 2)} 万元，超过总投资 "
        f"{format_wan(entry.total_investment_yuan, 2)} 万元较多，请核实总投资或完成额。",
    )


def _above_plan(entry: ReportEntry, limits: CheckLimits) -> Doubt | None:
    """3 年内累计 > 年度计划 × 1.2."""
    plan = entry.annual_plan_yuan
    done = _year_to_date(entry)
    if plan is None or plan <= 0 or done <= plan * limits.above_plan_ratio:
        return None
    return Doubt(
        "CHK-03B",
        f"本年累计 {format_wan(done, 2)} 万元，超过年度计划 {format_wan(plan, 2)} 万元较多，请核实。",
    )


def _done_without_works(entry: ReportEntry) -> Doubt | None:
    """9 未开工或停工但本月有完成额."""
    if not entry.done_yuan or entry.done_yuan < 0 or (entry.is_started and not entry.is_suspended):
        return None
    state = "停工" if entry.is_started else "未开工"
    return Doubt(
        "CHK-09",
        f"项目{state}，但本月填报完成 {format_wan(entry.done_yuan, 2)} 万元，请核实（前期费用请在说明中注明）。",
    )
