"""Flag rule sets as stored rows: to plain values and back, refusing with every problem named."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from core.domain.errors import Invalid, Problem
from core.domain.flag_rules import (
    LEVEL_RANK,
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
from core.domain.terms import FlagLevel, Term, YearClass

_T = TypeVar("_T", bound=Term)
_PLACEHOLDERS = {"{value}", "{name}"}
_BRACED = re.compile(r"\{[^{}]*\}|[{}]")
_JUDGING = frozenset(LEVEL_RANK) - {FlagLevel.OK}
_MERGE_TARGETS = frozenset({FlagLevel.OK, FlagLevel.WARN})

T = TypeVar("T", bound=Term)
M = TypeVar("M", bound=Term)
A = TypeVar("A", bound=Term)
Q = TypeVar("Q", FlagRule, GroupRule)


def rule_set_to_dict(rule_set: FlagRuleSet) -> dict[str, Any]:
    """Return *rule_set* as plain values for a JSON row; ``parse_rule_set`` reads it back unchanged."""
    return {
        "code": rule_set.code,
        "name": rule_set.name,
        "version": rule_set.version,
        "basis": rule_set.basis.value,
        "merge_notice_into": rule_set.merge_notice_into.value if rule_set.merge_notice_into else None,
        "min_annual_plan_yuan": rule_set.min_annual_plan_yuan,
        "source": rule_set.source,
        "note": rule_set.note,
        "rules": [_rule_to_dict(rule) for rule in rule_set.rules],
        "group_rules": [_rule_to_dict(rule) for rule in rule_set.group_rules],
        "escalation": sequence_to_dict(rule_set.escalation),
        "catch_up": sequence_to_dict(rule_set.catch_up),
        "retention_pct": rule_set.retention_pct,
    }


def _rule_to_dict(rule: FlagRule | GroupRule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "measure": rule.measure.value,
        "operator": rule.operator.value,
        "threshold": str(rule.threshold),
        "level": rule.level.value,
        "reason_template": rule.reason_template,
        "applies": [member.value for member in rule.applies],
    }


def parse_rule_set(row: Mapping[str, Any]) -> FlagRuleSet:
    """
    Return the rule set kept in *row*.

    Raises:
        Invalid: Listing every refused value (unknown measure, operator or level, threshold that is no number, …).
    """
    problems: list[Problem] = []
    basis = _term(ScheduleBasis, row.get("basis"), "basis", "序时口径", problems)
    merge = row.get("merge_notice_into")
    merged = None if merge is None else _term(FlagLevel, merge, "merge_notice_into", "提示等级并入", problems)
    if merged is not None and merged not in _MERGE_TARGETS:
        problems.append(Problem("merge_notice_into", "merge_target", "提示等级只能并入“正常”或“滞后”。"))
    rules = [
        _parse_rule(rule, f"rules[{number}]", problems, (FlagMeasure, YearClass, FlagRule))
        for number, rule in enumerate(row.get("rules") or ())
    ]
    group_rules = [
        _parse_rule(rule, f"group_rules[{number}]", problems, (GroupMeasure, SubjectKind, GroupRule))
        for number, rule in enumerate(row.get("group_rules") or ())
    ]
    if not rules:
        problems.append(Problem("rules", "rules_empty", "规则集至少要有一条规则。"))
    _refuse_twins(row, problems)
    version = _whole(row.get("version", 1), "version", "版本号", problems)
    smallest = _whole(row.get("min_annual_plan_yuan", 0), "min_annual_plan_yuan", "评价起点", problems)
    retention = _whole(row.get("retention_pct", 3), "retention_pct", "质保金比例", problems)
    escalation = parse_escalation(row.get("escalation"), problems)
    catch_up = parse_catch_up(row.get("catch_up"), problems)
    for field, label in (("code", "代码"), ("name", "名称")):
        if not str(row.get(field) or "").strip():
            problems.append(Problem(field, "required", f"规则集的{label}不能为空。"))
    if problems or basis is None:
        raise Invalid(problems)
    return FlagRuleSet(
        code=str(row["code"]),
        name=str(row["name"]),
        version=version,
        basis=basis,
        rules=tuple(rule for rule in rules if rule is not None),
        group_rules=tuple(rule for rule in group_rules if rule is not None),
        escalation=escalation,
        catch_up=catch_up,
        retention_pct=retention,
        merge_notice_into=merged,
        min_annual_plan_yuan=smallest,
        source=str(row.get("source") or ""),
        note=str(row.get("note") or ""),
    )


def _parse_rule(
    row: Mapping[str, Any], where: str, problems: list[Problem], kind: tuple[type[M], type[A], Callable[..., Q]]
) -> Q | None:
    measures, members, make = kind
    measure = _term(measures, row.get("measure"), f"{where}.measure", "指标", problems)
    operator = _term(Operator, row.get("operator"), f"{where}.operator", "比较方式", problems)
    level = _term(FlagLevel, row.get("level"), f"{where}.level", "等级", problems)
    if level is not None and level not in _JUDGING:
        problems.append(Problem(f"{where}.level", "level", "规则的等级只能是“提示”“滞后”或“严重滞后”。"))
    threshold = _decimal(row.get("threshold"), f"{where}.threshold", problems)
    template = str(row.get("reason_template") or "")
    if not template or set(_BRACED.findall(template)) - _PLACEHOLDERS:
        text = "亮旗原因不能为空，且只能使用 {value} 和 {name} 两个占位符。"
        problems.append(Problem(f"{where}.reason_template", "template", text))
    classes = [_term(members, code, f"{where}.applies", "适用对象", problems) for code in row.get("applies") or ()]
    code = str(row.get("code") or "").strip()
    if not code:
        problems.append(Problem(f"{where}.code", "required", "规则代码不能为空。"))
    if measure is None or operator is None or level is None or threshold is None:
        return None
    applies = tuple(member for member in classes if member is not None)
    return make(code, measure, operator, threshold, level, template, applies)


def sequence_to_dict(rule: Escalation | CatchUp | None) -> dict[str, Any] | None:
    """Return an escalation or catch-up as plain values; None stays None."""
    if rule is None:
        return None
    if isinstance(rule, CatchUp):
        return {"code": rule.code, "level": rule.level.value}
    return {
        "code": rule.code,
        "rounds": rule.rounds,
        "from_level": rule.from_level.value,
        "to_level": rule.to_level.value,
        "passes_over": [level.value for level in rule.passes_over],
    }


def parse_escalation(row: Mapping[str, Any] | None, problems: list[Problem]) -> Escalation | None:
    """Return the escalation kept in *row*, adding what is wrong to *problems*."""
    if row is None:
        return None
    code = _code(row, "escalation", problems)
    rounds = _whole(row.get("rounds"), "escalation.rounds", "连续轮数", problems)
    if rounds < 2:
        problems.append(Problem("escalation.rounds", "rounds", "连续轮数至少为 2。"))
    start = _term(FlagLevel, row.get("from_level"), "escalation.from_level", "升级前等级", problems)
    end = _term(FlagLevel, row.get("to_level"), "escalation.to_level", "升级后等级", problems)
    over = [
        _term(FlagLevel, level, "escalation.passes_over", "不计也不中断的等级", problems)
        for level in row.get("passes_over") or ()
    ]
    if start is None or end is None:
        return None
    if LEVEL_RANK.get(end, -1) <= LEVEL_RANK.get(start, len(LEVEL_RANK)):
        problems.append(Problem("escalation.to_level", "order", "升级后的等级必须重于升级前的等级。"))
    return Escalation(code, rounds, start, end, tuple(level for level in over if level is not None))


def parse_catch_up(row: Mapping[str, Any] | None, problems: list[Problem]) -> CatchUp | None:
    """Return the catch-up kept in *row*, adding what is wrong to *problems*."""
    if row is None:
        return None
    code = _code(row, "catch_up", problems)
    level = _term(FlagLevel, row.get("level"), "catch_up.level", "补完后的等级", problems)
    if level is not None and level not in _JUDGING:
        problems.append(Problem("catch_up.level", "level", "补完后的等级只能是“提示”“滞后”或“严重滞后”。"))
    return None if level is None else CatchUp(code, level)


def _code(row: Mapping[str, Any], where: str, problems: list[Problem]) -> str:
    code = str(row.get("code") or "").strip()
    if not code:
        problems.append(Problem(f"{where}.code", "required", "规则代码不能为空。"))
    return code


def _refuse_twins(row: Mapping[str, Any], problems: list[Problem]) -> None:
    codes = [str(rule.get("code")) for name in ("rules", "group_rules") for rule in row.get(name) or ()]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        problems.append(Problem("rules", "code_twice", f"规则代码“{code}”重复，请改为不同的代码。"))


def _term(kind: type[T], code: object, field: str, label: str, problems: list[Problem]) -> T | None:
    try:
        return kind(str(code))
    except ValueError:
        known = "、".join(f"{member.value}（{member.label}）" for member in kind)
        problems.append(Problem(field, "unknown_term", f"{label}“{code}”不认识，可选：{known}。"))
        return None


def _decimal(value: object, field: str, problems: list[Problem]) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_finite():
        return number
    problems.append(Problem(field, "not_a_number", f"阈值“{value}”不是数字，请填写数字。"))
    return None


def _whole(value: object, field: str, label: str, problems: list[Problem]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    problems.append(Problem(field, "not_whole", f"{label}必须是不小于 0 的整数。"))
    return 0
