"""Supervision rules as data: what may be measured, compared and said. The algebra is here, thresholds are rows.

Rules on the same measure form a ladder: of the rungs a project passes, the worst one is the hit. Boundaries are
exactly what the operator says (``gt`` 10 lets 10 pass, ``ge`` 10 does not).
"""

import operator as comparison
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from core.domain.standing import Standing
from core.domain.supervision_terms import SubjectKind
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
    REPORTS_LATE = "reports_late", "本年迟报月报（次）"
    MILESTONE_OVERDUE_DAYS = "milestone_overdue_days", "节点逾期（天）"
    SUSPENDED_DAYS = "suspended_days", "停工（天）"
    BOND_STEP_LAG_PP = "bond_step_lag_pp", "专项债支出低于分档要求（百分点）"
    BOND_LINEAR_LAG_PCT = "bond_linear_lag_pct", "专项债支出落后应支出比例（%）"
    FINDINGS_OPEN = "findings_open", "督查发现未整改问题（个）"
    FINDINGS_SERIOUS = "findings_serious", "督查发现未整改严重问题（个）"
    FINDINGS_OVERDUE = "findings_overdue", "督查发现问题逾期未整改（个）"


class GroupMeasure(Term):
    """What a rule on a county, headquarters, unit or campaign looks at; all over the sums of its listed projects."""

    LAG_PP = "lag_pp", "投资欠序时（百分点）"
    RELATIVE_LAG_PCT = "relative_lag", "投资欠序时占序时比例（%）"
    SCHEDULE_RATIO_PCT = "schedule_ratio", "完成序时比例（%）"
    MONTHS_UNDONE = "months_undone", "连续未完成月度任务（月）"
    SEVERE_COUNT = "severe_count", "红旗项目（项）"
    SEVERE_SHARE_PCT = "severe_share", "红旗项目占比（%）"
    FLAGGED_SHARE_PCT = "flagged_share", "黄红旗项目占比（%）"
    UNSTARTED_SHARE_PCT = "unstarted_share", "应开未开占应开工比例（%）"
    REPORTS_MISSING_SHARE_PCT = "reports_missing_share", "未报月报占比（%）"


PROGRESS_MEASURES: frozenset[FlagMeasure | GroupMeasure] = frozenset(
    {
        FlagMeasure.LAG_PP,
        FlagMeasure.RELATIVE_LAG_PCT,
        FlagMeasure.SCHEDULE_RATIO_PCT,
        GroupMeasure.LAG_PP,
        GroupMeasure.RELATIVE_LAG_PCT,
        GroupMeasure.SCHEDULE_RATIO_PCT,
        GroupMeasure.MONTHS_UNDONE,
    }
)


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
        reason_template: Chinese; ``{value}`` and, for nodes and bonds, ``{name}`` are filled in.
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
class GroupRule:
    """One rung of a group's ladder; as ``FlagRule``, *applies* names kinds of subjects, empty = all groups."""

    code: str
    measure: GroupMeasure
    operator: Operator
    threshold: Decimal
    level: FlagLevel
    reason_template: str
    applies: tuple[SubjectKind, ...] = ()


R = TypeVar("R", FlagRule, GroupRule)
M = TypeVar("M", FlagMeasure, GroupMeasure)


@dataclass(frozen=True, slots=True)
class Escalation:
    """
    What repeated rounds make of a level (连续亮旗升级).

    Attributes:
        rounds: With this many rounds in a row at *from_level*, the present one included, the level becomes *to_level*.
        passes_over: Levels of a round that neither count nor break the run; any other level breaks it.
    """

    code: str
    rounds: int
    from_level: FlagLevel = FlagLevel.WARN
    to_level: FlagLevel = FlagLevel.SEVERE
    passes_over: tuple[FlagLevel, ...] = (FlagLevel.EXEMPT,)


@dataclass(frozen=True, slots=True)
class CatchUp:
    """A key node missed at the round before and reached since (补完): *level*, and no escalation in this round."""

    code: str
    level: FlagLevel = FlagLevel.WARN


@dataclass(frozen=True, slots=True)
class Rung(Generic[R]):
    """A rule made ready for whole-number comparison: value ⋛ top / bottom."""

    rule: R
    compare: Callable[[int, int], bool]
    top: int
    bottom: int

    def is_hit_by(self, value: Quotient) -> bool:
        """Return whether *value* passes the rung (cross-multiplied, so nothing is rounded)."""
        return self.compare(value[0] * self.bottom, self.top * value[1])


@dataclass(frozen=True, slots=True)
class Ladder(Generic[R, M]):
    """All rules on one measure for one kind of subject, worst first."""

    measure: M
    is_progress: bool
    rungs: tuple[Rung[R], ...]

    def worst(self, value: Quotient) -> R | None:
        """Return the worst rule that *value* hits."""
        for rung in self.rungs:
            if rung.is_hit_by(value):
                return rung.rule
        return None


FlagLadder = Ladder[FlagRule, FlagMeasure]
GroupLadder = Ladder[GroupRule, GroupMeasure]


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
        group_rules: Rules on counties, headquarters, units and campaigns; where a kind has none, the progress rules
            for 续建 projects judge its sums.
        escalation: What rounds in a row make of a level; None = nothing.
        catch_up: What a node missed before and reached since gives; None = nothing.
        retention_pct: 质保金 that may stay unspent after twelve months of a bond, %.
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
    group_rules: tuple[GroupRule, ...] = ()
    escalation: Escalation | None = None
    catch_up: CatchUp | None = None
    retention_pct: int = 3
    ladders: dict[YearClass, tuple[FlagLadder, ...]] = field(init=False, repr=False, compare=False)
    group_ladders: dict[SubjectKind, tuple[GroupLadder, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ladders = {
            year_class: _ladders([rule for rule in self.rules if not rule.applies or year_class in rule.applies])
            for year_class in YearClass
        }
        groups = {
            kind: _ladders([rule for rule in self.group_rules if not rule.applies or kind in rule.applies])
            for kind in SubjectKind
            if kind is not SubjectKind.PROJECT
        }
        object.__setattr__(self, "ladders", ladders)
        object.__setattr__(self, "group_ladders", groups)


def _ladders(rules: Sequence[R]) -> tuple[Ladder[R, Any], ...]:
    by_measure: dict[Any, list[R]] = {}
    for rule in rules:
        by_measure.setdefault(rule.measure, []).append(rule)
    return tuple(
        Ladder(
            measure=measure,
            is_progress=measure in PROGRESS_MEASURES,
            rungs=tuple(_rung(rule) for rule in sorted(found, key=lambda rule: -LEVEL_RANK[rule.level])),
        )
        for measure, found in by_measure.items()
    )


def _rung(rule: R) -> Rung[R]:
    top, bottom = rule.threshold.as_integer_ratio()
    return Rung(rule, _COMPARE[rule.operator], top, bottom)
