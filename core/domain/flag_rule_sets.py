"""Shipped rule sets: the default and three published variants, all rows of the same algebra (docs/metrics.md#flags)."""

from decimal import Decimal

from core.domain.flag_rules import FlagMeasure, FlagRule, FlagRuleSet, Operator, ScheduleBasis
from core.domain.terms import FlagLevel, YearClass

_LAG = "投资欠序时 {value} 个百分点"
_NODE = "关键节点“{name}”逾期 {value} 天"
_NEW = (YearClass.NEW_START,)
_WORST = FlagLevel.SEVERE


def _over(code: str, measure: FlagMeasure, threshold: int, level: FlagLevel, reason: str) -> FlagRule:
    return FlagRule(code, measure, Operator.GT, Decimal(threshold), level, reason)


def _from(code: str, measure: FlagMeasure, threshold: int, level: FlagLevel, reason: str) -> FlagRule:
    return FlagRule(code, measure, Operator.GE, Decimal(threshold), level, reason)


def _start(code: str, months: int, level: FlagLevel, reason: str) -> FlagRule:
    measure = FlagMeasure.START_OVERDUE_MONTHS
    return FlagRule(code, measure, Operator.GE, Decimal(months), level, reason, applies=_NEW)


def _node(code: str, operator: Operator, days: int, level: FlagLevel) -> FlagRule:
    measure = FlagMeasure.KEY_MILESTONE_OVERDUE_DAYS
    return FlagRule(code, measure, operator, Decimal(days), level, _NODE, applies=())


DEFAULT_RULE_SET = FlagRuleSet(
    code="default",
    name="默认规则",
    version=1,
    basis=ScheduleBasis.CURVE,
    rules=(
        _over("PRG-01", FlagMeasure.LAG_PP, 0, FlagLevel.NOTICE, _LAG),
        _over("PRG-02", FlagMeasure.LAG_PP, 10, FlagLevel.WARN, _LAG),
        _over("PRG-03", FlagMeasure.LAG_PP, 20, _WORST, _LAG),
        _node("NODE-01", Operator.GE, 1, FlagLevel.WARN),
        _node("NODE-02", Operator.GT, 30, _WORST),
        FlagRule(
            "PRB-01",
            FlagMeasure.PROBLEMS_OVERDUE_ESCALATED,
            Operator.GE,
            Decimal(1),
            _WORST,
            "{value} 个问题提级后仍逾期未办结",
            applies=(),
        ),
        _start("START-01", 3, _WORST, "超过计划开工月份 {value} 个月仍未开工"),
    ),
    source="产品默认，可由督查部门调整",
    note="前期储备类只评关键节点和提级问题。",
)

YINCHUAN = FlagRuleSet(
    code="yinchuan",
    name="银川（百分点差）",
    version=1,
    basis=ScheduleBasis.LINEAR,
    rules=(
        _from("YC-PRG-01", FlagMeasure.LAG_PP, 10, FlagLevel.WARN, _LAG),
        _over("YC-PRG-02", FlagMeasure.LAG_PP, 30, _WORST, _LAG),
        _start("YC-START-01", 0, FlagLevel.WARN, "计划开工月份已到未开工（逾 {value} 个月）"),
        _start("YC-START-02", 2, _WORST, "连续三个月未按计划开工（逾 {value} 个月）"),
        _from("YC-STAT-01", FlagMeasure.STATISTICS_WAIT_MONTHS, 2, FlagLevel.WARN, "开工后第 {value} 个月仍未入统"),
        _from("YC-STAT-02", FlagMeasure.STATISTICS_WAIT_MONTHS, 3, _WORST, "开工后第 {value} 个月仍未入统"),
    ),
    source="银川市 2025 年重点项目亮灯管理（2025-03）",
    note="原文未规定欠序时不足 10 个百分点的情形，按正常处理；资金支付须对照国家要求，未设固定阈值。",
)

SANYA = FlagRuleSet(
    code="sanya",
    name="三亚（相对序时）",
    version=1,
    basis=ScheduleBasis.LINEAR,
    rules=(
        _over("SY-PRG-01", FlagMeasure.RELATIVE_LAG_PCT, 0, FlagLevel.WARN, "投资低于序时 {value}%"),
        _over("SY-PRG-02", FlagMeasure.RELATIVE_LAG_PCT, 50, _WORST, "投资低于序时 {value}%"),
    ),
    min_annual_plan_yuan=10_000_000,
    source="三亚市 2022 年红黄绿灯考核（2022-05）",
    note="只评年度计划 1000 万元及以上的项目。",
)

WUHAN = FlagRuleSet(
    code="wuhan",
    name="武汉（完成序时比例）",
    version=1,
    basis=ScheduleBasis.LINEAR,
    rules=(
        FlagRule(
            "WH-PRG-01",
            FlagMeasure.SCHEDULE_RATIO_PCT,
            Operator.LT,
            Decimal(80),
            FlagLevel.WARN,
            "投资仅完成序时的 {value}%",
        ),
        FlagRule(
            "WH-PRG-02",
            FlagMeasure.SCHEDULE_RATIO_PCT,
            Operator.LT,
            Decimal(60),
            _WORST,
            "投资仅完成序时的 {value}%",
        ),
    ),
    source="武汉市重大项目管理办法",
)

RULE_SETS: tuple[FlagRuleSet, ...] = (DEFAULT_RULE_SET, YINCHUAN, SANYA, WUHAN)
