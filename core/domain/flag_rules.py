"""Supervision rules as data: what may be measured, compared and said. The algebra is here, thresholds are rows.

Rules on the same measure form a ladder: of the rungs a project passes, the worst one is the hit. Boundaries are
exactly what the operator says (``gt`` 10 lets 10 pass, ``ge`` 10 does not).
"""

import operator as comparison
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from core.domain.standing import Standing
from core.domain.terms import FlagLevel, Term, YearClass

Quotient = tuple[int, int]  # numerator and positive denominator, unrounded
Reading = Callable[[Standing, Quotient], Quotient | None]

LEVEL_RANK = {
    level: rank for rank, level in enumerate((FlagLevel.OK, FlagLevel.NOTICE, FlagLevel.WARN, FlagLevel.SEVERE))
}
BUILDING_CLASSES = (YearClass.FINISHING, YearClass.CONTINUING, YearClass.NEW_START)


class FlagMeasure(Term):
    """What a rule looks at. The first three are the published algebras of progress; they need a plan and a report."""

    LAG_PP = "lag_pp", "投资欠序时（百分点）"
    RELATIVE_LAG_PCT = "relative_lag", "投资欠序时占序时比例（%）"
    SCHEDULE_RATIO_PCT = "schedule_ratio", "完成序时比例（%）"
    START_OVERDUE_MONTHS = "start_overdue_months", "未按计划月份开工（月）"
    KEY_MILESTONE_OVERDUE_DAYS = "key_milestone_overdue_days", "关键节点逾期（天）"
    PROBLEMS_OVERDUE = "problems_overdue", "逾期问题（个）"
    PROBLEMS_OVERDUE_ESCALATED = "problems_overdue_escalated", "提级后仍逾期问题（个）"
    STATISTICS_WAIT_MONTHS = "statistics_wait_months", "开工后未入统（第几个月）"
    FUNDS_LAG_PP = "funds_lag_pp", "资金到位欠序时（百分点）"
    REPORTS_MISSING_RUN = "reports_missing_run", "连续未报月报（月）"


PROGRESS_MEASURES = frozenset({FlagMeasure.LAG_PP, FlagMeasure.RELATIVE_LAG_PCT, FlagMeasure.SCHEDULE_RATIO_PCT})


class Operator(Term):
    """How a measured value is compared with the threshold."""

    GT = "gt", "大于"
    GE = "ge", "大于等于"
    LT = "lt", "小于"
    LE = "le", "小于等于"


_COMPARE: dict[Operator, Callable[[int, int], bool]] = {
    Operator.GT: comparison.gt,
    Operator.GE: comparison.ge,
    Operator.LT: comparison.lt,
    Operator.LE: comparison.le,
}


class ScheduleBasis(Term):
    """Which 序时 progress is held against."""

    LINEAR = "linear", "按月均衡（N/12）"
    CURVE = "curve", "按月度计划（无月度计划的按 N/12）"


class Exemption(Term):
    """Why a project is not judged (不评)."""

    NOT_LISTED = "EXM-LIST", "未列入年度计划"
    BEFORE_START = "EXM-START", "未到计划开工月份"
    FINISHED = "EXM-DONE", "已竣工或投产"
    SMALL_PLAN = "EXM-SMALL", "年度计划低于评价起点"


class NoData(Term):
    """Why progress cannot be judged (无数据)."""

    NO_PLAN = "NOD-PLAN", "没有年度计划投资"
    NO_REPORT = "NOD-REPORT", "本年度尚未报送月报"


@dataclass(frozen=True, slots=True)
class FlagRule:
    """
    One rung of a ladder.

    Attributes:
        code: Stable code, printed with each hit.
        threshold: In the unit of the measure (pp, %, days, months, count).
        level: NOTICE, WARN or SEVERE.
        reason_template: Chinese; ``{value}`` and, for nodes, ``{name}`` are filled in.
        applies: Year classes judged by the rule; empty = all.
    """

    code: str
    measure: FlagMeasure
    operator: Operator
    threshold: Decimal
    level: FlagLevel
    reason_template: str
    applies: tuple[YearClass, ...] = BUILDING_CLASSES


@dataclass(frozen=True, slots=True)
class Rung:
    """A rule made ready for whole-number comparison: value ⋛ top / bottom."""

    rule: FlagRule
    compare: Callable[[int, int], bool]
    top: int
    bottom: int

    def is_hit_by(self, value: Quotient) -> bool:
        """Return whether *value* passes the rung (cross-multiplied, so nothing is rounded)."""
        return self.compare(value[0] * self.bottom, self.top * value[1])


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rules on one measure for one year class, worst first."""

    measure: FlagMeasure
    is_progress: bool
    rungs: tuple[Rung, ...]

    def worst(self, value: Quotient) -> FlagRule | None:
        """Return the worst rule that *value* hits."""
        for rung in self.rungs:
            if rung.is_hit_by(value):
                return rung.rule
        return None


@dataclass(frozen=True, slots=True)
class FlagRuleSet:
    """
    A versioned set of flag rules (督查规则).

    Attributes:
        basis: Which 序时 is used.
        merge_notice_into: OK or WARN where a place knows three colours only; None keeps NOTICE.
        min_annual_plan_yuan: Projects planned below this are not judged (0 = all are).
        source: Document the numbers come from.
        note: What was left open by the document and how it was read.
    """

    code: str
    name: str
    version: int
    basis: ScheduleBasis
    rules: tuple[FlagRule, ...]
    merge_notice_into: FlagLevel | None = None
    min_annual_plan_yuan: int = 0
    source: str = ""
    note: str = ""
    ladders: dict[YearClass, tuple[Ladder, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ladders = {year_class: _ladders(self.rules, year_class) for year_class in YearClass}
        object.__setattr__(self, "ladders", ladders)


def _ladders(rules: tuple[FlagRule, ...], year_class: YearClass) -> tuple[Ladder, ...]:
    by_measure: dict[FlagMeasure, list[FlagRule]] = {}
    for rule in rules:
        if not rule.applies or year_class in rule.applies:
            by_measure.setdefault(rule.measure, []).append(rule)
    return tuple(
        Ladder(
            measure=measure,
            is_progress=measure in PROGRESS_MEASURES,
            rungs=tuple(_rung(rule) for rule in sorted(found, key=lambda rule: -LEVEL_RANK[rule.level])),
        )
        for measure, found in by_measure.items()
    )


def _rung(rule: FlagRule) -> Rung:
    top, bottom = rule.threshold.as_integer_ratio()
    return Rung(rule, _COMPARE[rule.operator], top, bottom)
