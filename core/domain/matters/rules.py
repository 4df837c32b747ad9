"""Deadlines and kinds of matters as data (清单办理规则), stored as one versioned body of rule-set kind ``matter``.

Basis: docs/metrics.md#matters. ``DEFAULT`` is the 3/5/7/15 ladder, ``QUANZHOU`` answers everything in 7 working days.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from core.domain.errors import Invalid, Problem
from core.domain.matters.words import Difficulty
from core.domain.terms import MatterKind


@dataclass(frozen=True, slots=True)
class MatterLadder:
    """
    How long each step may take, in working days; the day a step begins is not counted, 0 = the same day.

    Attributes:
        register: From raising to the classification (登记研判), the office's own.
        assign: From classification, objection or escalation to the assignment, the office's own.
        sign: From the assignment to 签收 or 退办; an objection later than that is refused.
        supporting: From the assignment to the supporting units' answer to the lead unit.
        first_report: From the assignment to the first report (接办报告).
        result: From the deadline of the reply to the second report (结果报告).
        visit: From the result to the satisfaction visit, the office's own.
        close: From the visit (or the result, where nobody is visited) to 销号, the office's own.
        extension_before: An extension is asked for at least so long before the deadline.
        extension_max: What one extension may add.
        extensions: Extensions a matter may be granted in all.
        pressed: From one step of pressing (督办、约谈) to the next.
    """

    register: int = 0
    assign: int = 1
    sign: int = 1
    supporting: int = 3
    first_report: int = 2
    result: int = 2
    visit: int = 3
    close: int = 2
    extension_before: int = 1
    extension_max: int = 15
    extensions: int = 2
    pressed: int = 3


LADDER_LABELS = {
    "register": "登记研判",
    "assign": "交办",
    "sign": "签收或退办",
    "supporting": "协办单位回复主办",
    "first_report": "接办报告",
    "result": "回复后报送结果",
    "visit": "满意度回访",
    "close": "销号",
    "extension_before": "延期须提前申请",
    "extension_max": "单次延期最长",
    "extensions": "最多延期次数",
    "pressed": "督办后再逾期",
}


@dataclass(frozen=True, slots=True)
class KindRules:
    """
    Which steps a kind of matter takes.

    Attributes:
        code_prefix: Beginning of its numbers.
        is_signed_for: Whether the lead unit signs for it; otherwise the work begins with the assignment.
        can_object: Whether the unit may say that it is the wrong one.
        needs_first_report: Whether a first report is owed before the reply (一事两报告).
        is_visited: Whether the one who raised it is asked how content he is before 销号.
        committee_from_yuan: Amount from which the committee decides, inclusive, 元; None = never because of money.
    """

    code_prefix: str
    is_signed_for: bool = True
    can_object: bool = True
    needs_first_report: bool = True
    is_visited: bool = True
    committee_from_yuan: int | None = None


_KINDS: Mapping[MatterKind, KindRules] = {
    MatterKind.PROBLEM: KindRules("WT"),
    MatterKind.POLICY: KindRules("ZC", is_visited=False),
    MatterKind.SUGGESTION: KindRules("YJ"),
    MatterKind.DECISION_REQUEST: KindRules("QS", is_visited=False, committee_from_yuan=5_000_000),
    MatterKind.CONSULTATION: KindRules("HS", is_signed_for=False, can_object=False, is_visited=False),
    MatterKind.SUPERVISION: KindRules("DB", can_object=False, is_visited=False),
}
_DAYS: Mapping[Difficulty, int] = {
    Difficulty.SIMPLE: 3,
    Difficulty.ORDINARY: 5,
    Difficulty.COMPLEX: 7,
    Difficulty.HARD: 15,
}


@dataclass(frozen=True, slots=True)
class MatterRules:
    """
    The rules in force.

    Attributes:
        name: What the variant is called.
        answer_days: Working days from the assignment to the reply, by difficulty.
        pressing: What happens at the first, second … lapse of a deadline of the unit; the last one stays.
        redos: After so many times of doing it again a matter may be closed although somebody is not content.
    """

    name: str = "默认（3/5/7/15 个工作日）"
    ladder: MatterLadder = MatterLadder()
    answer_days: Mapping[Difficulty, int] = field(default_factory=lambda: dict(_DAYS))
    kinds: Mapping[MatterKind, KindRules] = field(default_factory=lambda: dict(_KINDS))
    pressing: tuple[str, ...] = ("督办", "提请约谈")
    redos: int = 1

    def of(self, kind: MatterKind) -> KindRules:
        """Return the rules of *kind*."""
        return self.kinds[kind]


DEFAULT = MatterRules()
QUANZHOU = replace(
    DEFAULT,
    name="泉州（主办 7、协办 3 个工作日）",
    answer_days=dict.fromkeys(Difficulty, 7),
)
SHIPPED: Mapping[str, MatterRules] = {"default": DEFAULT, "quanzhou": QUANZHOU}
_MAX_DAYS = 365
# Nothing may be owed before a day has passed except the registration itself.
_MAY_BE_ZERO = frozenset({"register", "extensions", "extension_before"})


def rules_to_dict(rules: MatterRules) -> dict[str, Any]:
    """Return *rules* as plain values, as they are stored."""
    return {
        "name": rules.name,
        "ladder": asdict(rules.ladder),
        "answer_days": {difficulty.value: days for difficulty, days in rules.answer_days.items()},
        "kinds": {kind.value: asdict(own) for kind, own in rules.kinds.items()},
        "pressing": list(rules.pressing),
        "redos": rules.redos,
    }


def parse_rules(body: Mapping[str, Any]) -> MatterRules:
    """
    Return the rules that ``rules_to_dict`` wrote; what an older body lacks has the default value.

    Raises:
        Invalid: Numbers outside their range or unknown words; all problems at once.
    """
    known = {one.name for one in fields(MatterLadder)}
    days = {name: value for name, value in dict(body.get("ladder", {})).items() if name in known}
    problems = [
        Problem(name, "out_of_range", f"“{LADDER_LABELS[name]}”应为 {_least(name)} 到 {_MAX_DAYS} 的整数。")
        for name, value in days.items()
        if not _is_count(value, _least(name))
    ]
    answer = {**{level.value: number for level, number in _DAYS.items()}, **body.get("answer_days", {})}
    problems += [
        Problem("answer_days", "out_of_range", f"“{level.label}”事项的办理时限应为 1 到 {_MAX_DAYS} 个工作日。")
        for level in Difficulty
        if not _is_count(answer.get(level.value), 1)
    ]
    redos, pressing = body.get("redos", DEFAULT.redos), tuple(map(str, body.get("pressing", DEFAULT.pressing)))
    if not _is_count(redos, 0):
        problems.append(Problem("redos", "out_of_range", "“重办次数”应为不小于 0 的整数。"))
    if not pressing or not all(word.strip() for word in pressing):
        problems.append(Problem("pressing", "missing", "请至少填写一级逾期后的督办方式。"))
    kinds, more = _kinds(body.get("kinds", {}))
    if problems + more:
        raise Invalid(problems + more)
    found = {level: answer[level.value] for level in Difficulty}
    return MatterRules(str(body.get("name", DEFAULT.name)), MatterLadder(**days), found, kinds, pressing, redos)


def _kinds(body: Mapping[str, Any]) -> tuple[dict[MatterKind, KindRules], list[Problem]]:
    kinds, problems = dict(_KINDS), []
    known = {one.name for one in fields(KindRules)}
    for code, values in body.items():
        try:
            kind = MatterKind(code)
            own = replace(_KINDS[kind], **{name: value for name, value in values.items() if name in known})
        except (ValueError, AttributeError):
            problems.append(Problem("kinds", "kinds", f"不认识的事项类别“{code}”，请核对。"))
            continue
        if not own.code_prefix.strip() or not _is_amount(own.committee_from_yuan):
            problems.append(Problem("kinds", "kinds", f"“{kind.label}”的编号前缀或提请金额有误，请核对。"))
        kinds[kind] = own
    return kinds, problems


def _least(name: str) -> int:
    return 0 if name in _MAY_BE_ZERO else 1


def _is_amount(value: object) -> bool:
    return value is None or (isinstance(value, int) and value > 0)


def _is_count(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= _MAX_DAYS
