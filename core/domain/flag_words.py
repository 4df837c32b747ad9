"""A rule set in Chinese sentences, for the page where it is edited and the annex that publishes it."""

from core.domain.flag_report import UNITS
from core.domain.flag_rules import FlagRule, FlagRuleSet, GroupMeasure, GroupRule, Operator
from core.domain.flag_schemes import DEFAULT_SCHEME, Scheme
from core.domain.units import YUAN_PER_WAN

_COMPARED = {Operator.GT: "超过", Operator.GE: "达到或超过", Operator.LT: "低于", Operator.LE: "不高于"}
GROUP_UNITS = {
    GroupMeasure.LAG_PP: "个百分点",
    GroupMeasure.MONTHS_UNDONE: "个月",
    GroupMeasure.SEVERE_COUNT: "项",
}


def rule_in_words(rule: FlagRule | GroupRule, scheme: Scheme = DEFAULT_SCHEME) -> str:
    """Return one rule as a sentence: who, what, compared how with what, which mark."""
    named = "、".join(member.label for member in rule.applies)
    if isinstance(rule, FlagRule):
        subject = f"{named}类项目" if named else "全部项目"
    else:
        subject = named or "县区、指挥部、单位"
    unit = GROUP_UNITS.get(rule.measure, "%") if isinstance(rule, GroupRule) else UNITS[rule.measure]
    what = rule.measure.label.partition("（")[0]
    mark = scheme.mark(rule.level)
    gap = "" if unit == "%" else " "
    compared = f"{_COMPARED[rule.operator]} {rule.threshold:f}{gap}{unit}"
    return f"{subject}：{what}{compared}的，亮{mark.word}旗（{rule.level.label}）。"


def rule_set_in_words(rules: FlagRuleSet, scheme: Scheme = DEFAULT_SCHEME) -> tuple[str, ...]:
    """Return the whole rule set as sentences, in the order in which it is applied."""
    lines = [f"序时进度{rules.basis.label}计算；同一指标取最重一档，各指标取最重等级，全部原因保留。"]
    if rules.min_annual_plan_yuan:
        lines.append(f"只评年度计划投资 {rules.min_annual_plan_yuan // YUAN_PER_WAN} 万元及以上的项目。")
    lines += [rule_in_words(rule, scheme) for rule in rules.rules]
    lines += [rule_in_words(rule, scheme) for rule in rules.group_rules]
    if not rules.group_rules:
        lines.append("县区、指挥部、单位按续建项目的进度规则评其合计（Σ完成÷Σ计划）。")
    if rules.merge_notice_into is not None:
        lines.append(f"“提示”等级并入“{rules.merge_notice_into.label}”。")
    if rules.escalation is not None:
        rule = rules.escalation
        before, after = scheme.mark(rule.from_level).word, scheme.mark(rule.to_level).word
        over = "、".join(level.label for level in rule.passes_over)
        note = f"（{over}的轮次不计也不中断）" if over else ""
        lines.append(f"连续 {rule.rounds} 轮亮{before}旗的，亮{after}旗{note}，跨年连续计算。")
    if rules.catch_up is not None:
        word = scheme.mark(rules.catch_up.level).word
        lines.append(f"关键节点上轮逾期、本轮已补完的，本轮亮{word}旗，不再升级。")
    lines.append("没有年度计划或未报月报的为“无数据”，不视为正常。")
    return tuple(lines)
