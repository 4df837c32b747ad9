"""What a back-test is asked: span, outcome, rules, the rule whose threshold is varied."""

from decimal import Decimal

import streamlit as st

from core.domain.backtest import ALARMS
from core.domain.flag_rules import FlagRule, FlagRuleSet
from core.domain.outcomes import OutcomeDefinition, OutcomeKind
from core.domain.period import Month
from core.services.backtests import LONGEST_MONTHS, BacktestChoices, BacktestRequest
from pages.components.page import plain
from pages.components.state import Key

_USUAL_MONTHS = 12
_IN_FORCE = ""
_NO_SWEEP = ""
_BEYOND_DEFAULT = {OutcomeKind.LAG_LATER: 10, OutcomeKind.LAG_YEAR_END: 10, OutcomeKind.NODE_LATE: 30}


def draw(known: BacktestChoices) -> BacktestRequest:
    """Draw the choices and return what they ask for."""
    first, last, kind, beyond, months = _question(known)
    rules, sweep, hindsight = _rules(known)
    definition = OutcomeDefinition(kind, Decimal(beyond), months)
    return BacktestRequest(first, last, definition, rules, sweep, hindsight)


def _question(known: BacktestChoices) -> tuple[Month, Month, OutcomeKind, int, int]:
    cells = st.columns([1, 1, 1.6, 1, 1])
    newest = known.months[::-1]
    span = newest[: LONGEST_MONTHS * 5]
    first = cells[0].selectbox(
        "起始月份",
        span,
        index=min(_USUAL_MONTHS, len(span)) - 1,
        key=Key.BACKTEST_FIRST.value,
        format_func=lambda month: month.label,
    )
    last = cells[1].selectbox("截止月份", span, key=Key.BACKTEST_LAST.value, format_func=lambda month: month.label)
    kind = cells[2].selectbox(
        "“后来滞后”指",
        list(OutcomeKind),
        key=Key.BACKTEST_OUTCOME.value,
        format_func=lambda kind: kind.label,
    )
    unit = "天" if kind is OutcomeKind.NODE_LATE else "百分点"
    beyond = cells[3].number_input(
        f"超过（{unit}）",
        min_value=0,
        max_value=365,
        value=_BEYOND_DEFAULT.get(kind, 0),
        key=f"{Key.BACKTEST_BEYOND.value}_{kind.value}",
        disabled=kind is OutcomeKind.FINISH_LATE,
    )
    months = cells[4].number_input(
        "向后看（月）",
        min_value=1,
        max_value=12,
        value=3,
        key=Key.BACKTEST_MONTHS.value,
        disabled=kind in (OutcomeKind.LAG_YEAR_END, OutcomeKind.FINISH_LATE),
    )
    return first, last, kind, int(beyond), int(months)


def _rules(known: BacktestChoices) -> tuple[str, str, bool]:
    cells = st.columns([2, 2.6, 1], vertical_alignment="bottom")
    by_code = {rules.code: rules for rules in known.shipped}
    code = cells[0].selectbox(
        "旗色来源",
        [_IN_FORCE, *by_code],
        key=Key.BACKTEST_RULES.value,
        format_func=lambda code: (
            f"已发布轮次，未发布的月份按现行规则（{known.in_force.name}）"
            if code == _IN_FORCE
            else f"按“{by_code[code].name}”重新测算"
        ),
    )
    chosen = by_code.get(code, known.in_force)
    offered = {rule.code: rule for rule in chosen.rules if _raises_alarm(rule, chosen)}
    sweep = cells[1].selectbox(
        "试算不同阈值的规则",
        [_NO_SWEEP, *offered],
        index=min(1, len(offered)),
        key=f"{Key.BACKTEST_SWEEP.value}_{code or 'in_force'}",
        format_func=lambda code: "不试算" if code == _NO_SWEEP else rule_label(offered[code]),
    )
    hindsight = cells[2].toggle(
        "补录数据计入",
        key=Key.BACKTEST_HINDSIGHT.value,
        help=plain("上线前的历史一次性导入时打开：事后录入的月报和节点视同当时已报。"),
    )
    return code, sweep, hindsight


def rule_label(rule: FlagRule) -> str:
    """Return a rule as it is offered: code, measure, sign, threshold, level."""
    threshold = f"{rule.threshold.normalize():f}"
    return f"{rule.code}　{rule.measure.label}{rule.operator.label} {threshold}（{rule.level.label}）"


def _raises_alarm(rule: FlagRule, rules: FlagRuleSet) -> bool:
    return rule.level in ALARMS or rules.merge_notice_into in ALARMS
