"""Shipped rule sets: the default and published variants, all rows of the same algebra (docs/metrics.md#flags)."""

from decimal import Decimal

from core.domain.flag_rules import (
    CatchUp,
    Escalation,
    FlagMeasure,
    FlagRule,
    FlagRuleSet,
    GroupMeasure,
    GroupRule,
    Operator,
    ScheduleBasis,
)
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel, YearClass

_LAG = "投资欠序时 {value} 个百分点"
_NODE = "关键节点“{name}”逾期 {value} 天"
_BOND = "专项债“{name}”支出低于要求 {value} 个百分点"
_BOND_LINEAR = "专项债“{name}”支出落后应支出额 {value}%"
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


def _every(
    code: str,
    measure: FlagMeasure,
    threshold: int,
    level: FlagLevel,
    reason: str,
    operator: Operator = Operator.GE,
) -> FlagRule:
    """Return a rule for all year classes."""
    return FlagRule(code, measure, operator, Decimal(threshold), level, reason, applies=())


def _group(code: str, measure: GroupMeasure, threshold: int, level: FlagLevel, reason: str) -> GroupRule:
    return GroupRule(code, measure, Operator.GT, Decimal(threshold), level, reason)


def _months(code: str, months: int, level: FlagLevel, reason: str) -> GroupRule:
    counties = (SubjectKind.COUNTY,)
    return GroupRule(code, GroupMeasure.MONTHS_UNDONE, Operator.GE, Decimal(months), level, reason, counties)


DEFAULT_RULE_SET = FlagRuleSet(
    code="default",
    name="默认规则",
    version=2,
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
        _over("BOND-01", FlagMeasure.BOND_STEP_LAG_PP, 0, FlagLevel.WARN, _BOND),
        _over("BOND-02", FlagMeasure.BOND_STEP_LAG_PP, 25, _WORST, _BOND),
        _every("SITE-01", FlagMeasure.FINDINGS_OVERDUE, 1, FlagLevel.WARN, "督查发现的 {value} 个问题逾期未整改"),
        _every("SITE-02", FlagMeasure.FINDINGS_SERIOUS, 1, _WORST, "督查发现的 {value} 个严重问题未整改"),
    ),
    group_rules=(
        _group("GRP-01", GroupMeasure.LAG_PP, 0, FlagLevel.NOTICE, _LAG),
        _group("GRP-02", GroupMeasure.LAG_PP, 10, FlagLevel.WARN, _LAG),
        _group("GRP-03", GroupMeasure.LAG_PP, 20, _WORST, _LAG),
        _group("GRP-04", GroupMeasure.SEVERE_SHARE_PCT, 20, FlagLevel.WARN, "红旗项目占 {value}%"),
    ),
    escalation=Escalation("SEQ-01", 2),
    source="产品默认，可由督查部门调整",
    note="前期储备类只评关键节点、提级问题和督查发现问题。专项债支出按山西分档口径，低于要求即黄，差一档以上为红。",
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
    group_rules=(
        _months("SY-AREA-01", 1, FlagLevel.WARN, "未完成月度投资任务"),
        _months("SY-AREA-02", 2, _WORST, "连续 {value} 个月未完成月度投资任务"),
    ),
    min_annual_plan_yuan=10_000_000,
    source="三亚市 2022 年推进项目建设红黄绿亮牌督办机制（2022-05）",
    note="只评年度计划 1000 万元及以上的项目。连续两次黄牌由分管副市长约谈，不改变牌色，在整改中办理。",
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

TIANJIN = FlagRuleSet(
    code="tianjin",
    name="天津（专项债支出）",
    version=1,
    basis=ScheduleBasis.LINEAR,
    rules=(
        _every("TJ-BOND-01", FlagMeasure.BOND_LINEAR_LAG_PCT, 0, FlagLevel.WARN, _BOND_LINEAR, Operator.GT),
        _every("TJ-BOND-02", FlagMeasure.BOND_LINEAR_LAG_PCT, 30, _WORST, _BOND_LINEAR, Operator.GT),
    ),
    source="天津市 2022 年专项债券使用进度管理",
    note="应支出额从发行次月起六个月内均衡计算，“落后 30% 以内”按占应支出额的比例理解；"
    "各区固定资产投资增速规则须先有经济指标数据，未列入。",
)

OUHAI = FlagRuleSet(
    code="ouhai",
    name="瓯海（节点亮牌）",
    version=1,
    basis=ScheduleBasis.CURVE,
    rules=(_node("OH-NODE-01", Operator.GE, 1, FlagLevel.WARN),),
    escalation=Escalation("OH-SEQ-01", 2, passes_over=(FlagLevel.EXEMPT, FlagLevel.NO_DATA)),
    catch_up=CatchUp("OH-DONE-01"),
    source="按节点亮牌的通行做法编制，使用前请与本地文件核对",
    note="未取得文件原文：节点到期未完成亮黄牌，连续两轮亮红牌，上轮未完成、本轮补完的亮黄牌不升红牌。",
)

RULE_SETS: tuple[FlagRuleSet, ...] = (DEFAULT_RULE_SET, YINCHUAN, SANYA, WUHAN, TIANJIN, OUHAI)
