"""The additive vocabulary: what is counted or summed per project, so that any group is a plain sum.

Every measure is an int (项, 元 or m²). Rates are quotients of sums (core.domain.rates), never means of rates.
A project outside the year's list contributes 0 to all of them. Definitions: docs/metrics.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from core.domain.facts import MONTHS_PER_YEAR, ProjectFacts
from core.domain.flags import FlagDecision
from core.domain.period import AsOf
from core.domain.standing import Standing, linear_due_yuan, stand
from core.domain.terms import FlagLevel, YearClass

STATISTICS_MIN_YUAN = 5_000_000  # 固定资产投资统计起点: 计划总投资 500 万元及以上


@dataclass(frozen=True, slots=True)
class Measure:
    """One summable figure: stable code, Chinese label, unit (项, 元, ㎡, 份 or 个)."""

    code: str
    label: str
    unit: str


def _named(unit: str, labels: dict[str, str]) -> tuple[Measure, ...]:
    return tuple(Measure(code, label, unit) for code, label in labels.items())


# The order of the groups, and inside them, is the order of the tuples that ``measure`` returns.
MEASURES: tuple[Measure, ...] = (
    Measure("projects", "项目数", "项"),
    *_named(
        "元",
        {
            "total_investment_yuan": "总投资",
            "annual_plan_yuan": "年度计划投资",
            "curve_due_yuan": "按月度计划应完成投资",
            "ytd_done_yuan": "本年累计完成投资",
            "since_start_done_yuan": "开工以来累计完成投资",
            "month_plan_yuan": "当月计划投资",
            "month_done_yuan": "当月完成投资",
        },
    ),
    *_named(
        "项",
        {
            "new_planned": "年度计划新开工",
            "new_started": "已新开工",
            "start_due": "应开工",
            "start_due_started": "应开工且已开工",
            "early_started": "提前开工",
            "unstarted": "应开未开",
            "under_construction_or_done": "在建及竣工",
            "continuing": "续建及竣工类",
            "continuing_resumed": "续建及竣工类已复工",
            "suspended": "停工",
            "finish_planned": "年度计划竣工投产",
            "finish_commissioned": "计划竣工且已投产",
            "finish_due": "应竣工",
            "finish_due_commissioned": "应竣工且已投产",
            "finish_due_on_time": "应竣工且按期竣工",
        },
    ),
    *_named(
        "个",
        {
            "milestones_due": "到期节点",
            "milestones_on_time": "按期完成节点",
            "milestones_overdue": "逾期未完成节点",
            "milestones_due_soon": "七日内到期节点",
            "milestones_due_first": "首次基线到期节点",
            "milestones_on_time_first": "按首次基线完成节点",
        },
    ),
    *_named("项", {"statistics_eligible": "应入统", "statistics_entered": "已入统"}),
    *_named(
        "元",
        {
            "funds_planned_yuan": "计划资金",
            "funds_received_yuan": "到位资金",
            "funds_spent_yuan": "支出资金",
        },
    ),
    Measure("land_sqm", "用地面积", "㎡"),
    Measure("land_investment_yuan", "有用地项目累计完成投资", "元"),
    *_named(
        "项",
        {
            "signed": "签约",
            "fulfilled": "履约",
            "chain_started": "履约后开工",
            "chain_commissioned": "开工后投产",
            "chain_full_capacity": "投产后达效",
            "reserve_at_start": "年初储备",
            "reserve_at_start_converted": "年初储备转开工",
            "reserve_added": "年内新增储备",
            "reserve_converted": "储备转开工",
        },
    ),
    *_named("份", {"reports_due": "应报月报", "reports_missing": "未报月报"}),
    *_named("个", {"problems_open": "未办结问题", "problems_overdue": "逾期问题"}),
    *_named("项", {f"level_{level.value}": f"督查等级：{level.label}" for level in FlagLevel}),
    # The year's curve is a sum like any other: twelve months planned, and those done up to the as-of month.
    *_named("元", {f"plan_m{month:02d}_yuan": f"{month}月计划投资" for month in range(1, MONTHS_PER_YEAR + 1)}),
    *_named("元", {f"done_m{month:02d}_yuan": f"{month}月完成投资" for month in range(1, MONTHS_PER_YEAR + 1)}),
)
MEASURE_CODES: tuple[str, ...] = tuple(measure.code for measure in MEASURES)
MEASURE_BY_CODE: dict[str, Measure] = {measure.code: measure for measure in MEASURES}
ZERO_MEASURES: tuple[int, ...] = (0,) * len(MEASURES)

_LEVEL_COUNTS = {level: tuple(int(level is other) for other in FlagLevel) for level in FlagLevel}
_NOT_YET = tuple((0,) * (MONTHS_PER_YEAR - month) for month in range(MONTHS_PER_YEAR + 1))
_LISTED_AS_CONTINUING = (YearClass.CONTINUING, YearClass.FINISHING)


def measure(facts: ProjectFacts, as_of: AsOf, decision: FlagDecision) -> tuple[int, ...]:
    """Return the measures of one project, in the order of ``MEASURE_CODES``; all 0 when it is not in the list."""
    return measure_standing(stand(facts, as_of), decision.level)


def measure_standing(standing: Standing, level: FlagLevel) -> tuple[int, ...]:
    """Return the measures of a project whose standing is already known."""
    facts = standing.facts
    if facts.year_class is None:
        return ZERO_MEASURES
    on = standing.as_of.on
    nodes = standing.nodes
    since_start = facts.prior_done_yuan + standing.ytd_done_yuan
    eligible = standing.started and facts.total_investment_yuan >= STATISTICS_MIN_YUAN
    return (
        1,
        facts.total_investment_yuan,
        standing.plan_yuan,
        standing.curve_due_yuan,
        standing.ytd_done_yuan,
        since_start,
        _month_plan_yuan(standing),
        facts.month_done_yuan[standing.month - 1] or 0,
        *_starts(standing),
        *_finishes(standing),
        nodes.due,
        nodes.on_time,
        nodes.overdue,
        nodes.due_soon,
        nodes.due_first,
        nodes.on_time_first,
        int(eligible),
        int(eligible and _happened(facts.entered_statistics_on, on)),
        facts.funds_planned_yuan,
        facts.funds_received_yuan,
        facts.funds_spent_yuan,
        facts.land_sqm,
        since_start if facts.land_sqm > 0 else 0,
        *_chain(standing),
        *_reserve(standing),
        *_reports(standing),
        facts.problems_open,
        facts.problems_overdue,
        *_LEVEL_COUNTS[level],
        *_plan_months(standing),
        *[done or 0 for done in facts.month_done_yuan[: standing.month]],
        *_NOT_YET[standing.month],
    )


def add_measures(rows: Iterable[tuple[int, ...]]) -> dict[str, int]:
    """Return the sum of measure tuples by code; zeros for no rows."""
    totals = list(ZERO_MEASURES)
    for row in rows:
        totals = [total + value for total, value in zip(totals, row, strict=True)]
    return dict(zip(MEASURE_CODES, totals, strict=True))


def _happened(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def _month_plan_yuan(standing: Standing) -> int:
    """Plan of the as-of month; the linear share is the step of the cumulated share, so months add up to the year."""
    if standing.has_curve:
        return standing.facts.month_plan_yuan[standing.month - 1] or 0
    plan, month = standing.plan_yuan, standing.month
    return linear_due_yuan(plan, month) - linear_due_yuan(plan, month - 1)


def _plan_months(standing: Standing) -> list[int]:
    """plan_m01 … plan_m12: month plans, or the steps of the linear share, which add up to the annual plan."""
    if standing.has_curve:
        return [plan or 0 for plan in standing.facts.month_plan_yuan]
    shares = [linear_due_yuan(standing.plan_yuan, month) for month in range(MONTHS_PER_YEAR + 1)]
    return [later - earlier for earlier, later in pairwise(shares)]


def _starts(standing: Standing) -> tuple[int, ...]:
    """new_planned … suspended: a start is due when planned by the end of the as-of month, any other start is early."""
    facts = standing.facts
    new = facts.year_class is YearClass.NEW_START
    due = new and _happened(facts.start_planned_on, standing.last_day)
    started = new and standing.started
    continuing = facts.year_class in _LISTED_AS_CONTINUING
    built = standing.finished_on is not None or (standing.started and not standing.suspended)
    return (
        int(new),
        int(started),
        int(due),
        int(due and started),
        int(started and not due),
        int(due and not started),
        int(built),
        int(continuing),
        int(continuing and not standing.suspended),
        int(standing.suspended),
    )


def _finishes(standing: Standing) -> tuple[int, ...]:
    """finish_planned … finish_due_on_time: 竣工 is judged by completed_on, 投产 by commissioned_on."""
    facts = standing.facts
    if facts.year_class is not YearClass.FINISHING:
        return (0, 0, 0, 0, 0)
    on, planned, completed = standing.as_of.on, facts.finish_planned_on, facts.completed_on
    commissioned = _happened(facts.commissioned_on, on)
    due = planned is not None and planned <= standing.last_day
    on_time = due and completed is not None and completed <= on and planned is not None and completed <= planned
    return (1, int(commissioned), int(due), int(due and commissioned), int(on_time))


def _chain(standing: Standing) -> tuple[int, int, int, int, int]:
    """signed … chain_full_capacity: a step counts only when the one before it happened."""
    facts, on = standing.facts, standing.as_of.on
    signed = _happened(facts.signed_on, on)
    fulfilled = signed and _happened(facts.fulfilled_on, on)
    started = fulfilled and standing.started
    commissioned = started and _happened(facts.commissioned_on, on)
    full = commissioned and _happened(facts.full_capacity_on, on)
    return (int(signed), int(fulfilled), int(started), int(commissioned), int(full))


def _reserve(standing: Standing) -> tuple[int, int, int, int]:
    """reserve_at_start … reserve_converted: in the reserve on 1 January or added since, and started since then."""
    facts, on = standing.facts, standing.as_of.on
    reserved, started = facts.reserved_on, facts.started_on
    if reserved is None or reserved > on:
        return (0, 0, 0, 0)
    new_year = date(standing.as_of.year, 1, 1)
    if standing.started and (started is None or started < new_year or started < reserved):
        return (0, 0, 0, 0)
    at_start = reserved < new_year
    return (int(at_start), int(at_start and standing.started), int(not at_start), int(standing.started))


def _reports(standing: Standing) -> tuple[int, int]:
    """Due for January..as-of month of a listed, not merely reserved project, up to the month it finished."""
    if standing.facts.year_class is YearClass.RESERVE:
        return (0, 0)
    due, finished = standing.month, standing.finished_on
    if finished is not None:
        months_left = (standing.as_of.year - finished.year) * MONTHS_PER_YEAR
        due = max(0, min(due, finished.month - months_left))
    return (due, standing.facts.month_done_yuan[:due].count(None))
