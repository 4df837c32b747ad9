"""Deadlines and consequences of rectifications as data (整改时限与奖惩规则), stored as one versioned body."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.domain.errors import Invalid, Problem
from core.domain.supervision_terms import MeritKind
from core.domain.terms import Term


@dataclass(frozen=True, slots=True)
class DeadlineLadder:
    """
    How long each step may take. Working days unless said otherwise; the day a step begins is not counted.

    Attributes:
        notice: From the flag to the supervision notice (督办单), the office's own.
        plan: From the notice to the plan (整改方案).
        plan_again: From the return of a plan to the next one.
        feedback_max_days: Latest day that may be promised for the feedback, in calendar days from the plan.
        feedback_again: From a failed verification to the next feedback.
        verification: From the feedback to the verification on site, the office's own.
        extension_before: An extension is asked for at least so long before the deadline.
        extension_max_days: Calendar days one extension may add.
        extensions: Extensions a case may be granted in all.
        raised: From one raising to the next, while the step is still not taken.
    """

    notice: int = 1
    plan: int = 5
    plan_again: int = 3
    feedback_max_days: int = 30
    feedback_again: int = 10
    verification: int = 5
    extension_before: int = 1
    extension_max_days: int = 30
    extensions: int = 2
    raised: int = 3


class MeritTrigger(Term):
    """What a reward or penalty may be proposed for (奖惩情形)."""

    INTERVIEWED = "interviewed", "被约谈"
    RAISED = "raised", "升级督办"
    SEVERE_ROUNDS = "severe_rounds", "年度内红旗轮次"
    CLOSED_IN_TIME = "closed_in_time", "按期销号"


@dataclass(frozen=True, slots=True)
class MeritRule:
    """
    A proposal: so many events of a kind in the year → a reward or penalty.

    Attributes:
        times: Number of events from which it is proposed, inclusive; once per full number.
        points_tenths: Points in tenths; penalties are negative.
    """

    trigger: MeritTrigger
    times: int
    kind: MeritKind
    points_tenths: int


_MERITS = (
    MeritRule(MeritTrigger.INTERVIEWED, 1, MeritKind.INTERVIEW, -10),
    MeritRule(MeritTrigger.RAISED, 2, MeritKind.REMINDER, -5),
    MeritRule(MeritTrigger.SEVERE_ROUNDS, 2, MeritKind.CRITICISM, -20),
    MeritRule(MeritTrigger.CLOSED_IN_TIME, 5, MeritKind.PRAISE, 10),
)


@dataclass(frozen=True, slots=True)
class RectificationRules:
    """
    The rules in force.

    Attributes:
        leaders: Who presses a case that was raised 0, 1, 2 … times; the last one stays.
        merits: Proposals of rewards and penalties; a person confirms each.
    """

    ladder: DeadlineLadder = DeadlineLadder()
    leaders: tuple[str, ...] = ("责任单位主要负责人", "分管市领导", "市主要领导约谈")
    merits: tuple[MeritRule, ...] = _MERITS

    def leader(self, raised_times: int) -> str:
        """Return who presses a case that was raised *raised_times* times."""
        return self.leaders[min(raised_times, len(self.leaders) - 1)]


SHIPPED = RectificationRules()
_MAX_DAYS = 365
_MAX_NAME = 40


def rules_to_dict(rules: RectificationRules) -> dict[str, Any]:
    """Return *rules* as plain values, as they are stored."""
    return {
        "ladder": asdict(rules.ladder),
        "leaders": list(rules.leaders),
        "merits": [asdict(rule) for rule in rules.merits],
    }


def parse_rules(body: Mapping[str, Any]) -> RectificationRules:
    """
    Return the rules that ``rules_to_dict`` wrote; what an older body lacks has the shipped value.

    Raises:
        Invalid: Numbers outside their range, no leader, unknown words; all problems at once.
    """
    known = {field.name for field in fields(DeadlineLadder)}
    days = {name: value for name, value in dict(body.get("ladder", {})).items() if name in known}
    problems = [_bad_days(name) for name, value in days.items() if not _is_count(value)]
    leaders = tuple(str(name).strip() for name in body.get("leaders", SHIPPED.leaders))
    if not leaders or any(not name or len(name) > _MAX_NAME for name in leaders):
        problems.append(Problem("leaders", "leaders", f"督办层级至少一级，每级名称 1 到 {_MAX_NAME} 个字。"))
    merits = []
    for number, row in enumerate(body.get("merits", rules_to_dict(SHIPPED)["merits"]), start=1):
        try:
            merits.append(_merit(row))
        except (ValueError, KeyError, TypeError):
            problems.append(Problem("merits", "merits", f"第 {number} 条奖惩规则有误，请核对情形、次数、方式和分值。"))
    if problems:
        raise Invalid(problems)
    return RectificationRules(DeadlineLadder(**days), leaders, tuple(merits))


def _merit(row: Mapping[str, Any]) -> MeritRule:
    if not _is_count(row["times"]) or not isinstance(row["points_tenths"], int) or abs(row["points_tenths"]) > 1000:
        raise ValueError(row)
    return MeritRule(MeritTrigger(row["trigger"]), row["times"], MeritKind(row["kind"]), row["points_tenths"])


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MAX_DAYS


def _bad_days(name: str) -> Problem:
    return Problem(name, "out_of_range", f"“{LADDER_LABELS[name]}”应为 1 到 {_MAX_DAYS} 的整数。")


LADDER_LABELS = {
    "notice": "下发督办单（工作日）",
    "plan": "报送整改方案（工作日）",
    "plan_again": "方案退回后重报（工作日）",
    "feedback_max_days": "承诺整改最长时限（自然日）",
    "feedback_again": "核查未通过后再反馈（工作日）",
    "verification": "现场核查（工作日）",
    "extension_before": "延期须提前申请（工作日）",
    "extension_max_days": "单次延期最长（自然日）",
    "extensions": "最多延期次数",
    "raised": "升级后再逾期（工作日）",
}
