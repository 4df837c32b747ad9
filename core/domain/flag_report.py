"""Explain a flag rule by rule (旗色依据): also the rules that were not hit, so that a green can be questioned too."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.domain.flag_items import ITEM_READINGS
from core.domain.flag_readings import READINGS, due_share, shown
from core.domain.flag_rules import FlagLadder, FlagMeasure, FlagRuleSet, Operator, Quotient
from core.domain.flags import decide_standing
from core.domain.standing import Standing
from core.domain.terms import FlagLevel

UNITS: dict[FlagMeasure, str] = {
    FlagMeasure.LAG_PP: "个百分点",
    FlagMeasure.RELATIVE_LAG_PCT: "%",
    FlagMeasure.SCHEDULE_RATIO_PCT: "%",
    FlagMeasure.START_OVERDUE_MONTHS: "个月",
    FlagMeasure.KEY_MILESTONE_OVERDUE_DAYS: "天",
    FlagMeasure.PROBLEMS_OVERDUE: "个",
    FlagMeasure.PROBLEMS_OVERDUE_ESCALATED: "个",
    FlagMeasure.STATISTICS_WAIT_MONTHS: "个月",
    FlagMeasure.FUNDS_LAG_PP: "个百分点",
    FlagMeasure.REPORTS_MISSING_RUN: "个月",
    FlagMeasure.REPORTS_LATE: "次",
    FlagMeasure.MILESTONE_OVERDUE_DAYS: "天",
    FlagMeasure.SUSPENDED_DAYS: "天",
    FlagMeasure.BOND_STEP_LAG_PP: "个百分点",
    FlagMeasure.BOND_LINEAR_LAG_PCT: "%",
    FlagMeasure.FINDINGS_OPEN: "个",
    FlagMeasure.FINDINGS_SERIOUS: "个",
    FlagMeasure.FINDINGS_OVERDUE: "个",
}
# Lags: negative means ahead.
_LAGS = (FlagMeasure.LAG_PP, FlagMeasure.FUNDS_LAG_PP)
_BONDS = (FlagMeasure.BOND_STEP_LAG_PP, FlagMeasure.BOND_LINEAR_LAG_PCT)
_SIGNS = {Operator.GT: "＞", Operator.GE: "≥", Operator.LT: "＜", Operator.LE: "≤"}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One rung: ``rule_code`` asks for ``level`` when the measured value is ``sign`` ``value``."""

    rule_code: str
    sign: str
    value: Decimal
    level: FlagLevel


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """
    What one group of rules on the same measure found.

    Attributes:
        rule_code: Code of the rule that was hit; of the mildest rule when none was.
        measured: Chinese text with unit; None when the measure is not defined for the project now.
        thresholds: Mildest first.
        level: Result; OK when no rule was hit, NO_DATA when progress cannot be judged.
        name: Name of the milestone that was measured, for rules on milestones.
    """

    rule_code: str
    measure: FlagMeasure
    measured: str | None
    thresholds: tuple[Threshold, ...]
    level: FlagLevel
    name: str = ""


def explain(standing: Standing, rule_set: FlagRuleSet) -> tuple[RuleOutcome, ...]:
    """
    Return the outcome of every group of rules that applies to the project, in the order of the rule set.

    Empty when the project is exempt (不评). Levels agree with ``decide_standing`` on the same arguments.
    """
    year_class = standing.facts.year_class
    decision = decide_standing(standing, rule_set)
    if year_class is None or decision.level is FlagLevel.EXEMPT:
        return ()
    progress_known = standing.plan_yuan > 0 and standing.reported_months > 0
    return tuple(_outcome(ladder, standing, rule_set, progress_known) for ladder in rule_set.ladders[year_class])


def _outcome(ladder: FlagLadder, standing: Standing, rule_set: FlagRuleSet, progress_known: bool) -> RuleOutcome:
    thresholds = tuple(
        Threshold(rung.rule.code, _SIGNS[rung.rule.operator], rung.rule.threshold, rung.rule.level)
        for rung in reversed(ladder.rungs)
    )
    if ladder.is_progress and not progress_known:
        return RuleOutcome(thresholds[0].rule_code, ladder.measure, None, thresholds, FlagLevel.NO_DATA)
    name, value = _worst_value(ladder, standing, rule_set)
    rule = ladder.worst(value) if value is not None else None
    return RuleOutcome(
        rule_code=rule.code if rule else thresholds[0].rule_code,
        measure=ladder.measure,
        measured=None if value is None else _measured(ladder.measure, value),
        thresholds=thresholds,
        level=rule.level if rule else FlagLevel.OK,
        name=name,
    )


def _measured(measure: FlagMeasure, value: Quotient) -> str:
    top, bottom = value
    if measure in _LAGS and top < 0:
        return f"超序时 {shown((-top, bottom))} {UNITS[measure]}"
    return f"{shown(value)} {UNITS[measure]}"


def _worst_value(ladder: FlagLadder, standing: Standing, rule_set: FlagRuleSet) -> tuple[str, Quotient | None]:
    items = ITEM_READINGS.get(ladder.measure)
    if items is None:
        return "", READINGS[ladder.measure](standing, due_share(standing, rule_set.basis))
    found = list(items(standing, rule_set))
    if not found:
        return "", None if ladder.measure in _BONDS else (0, 1)
    worst = max(found, key=lambda item: Fraction(*item.value))
    return worst.name, worst.value
