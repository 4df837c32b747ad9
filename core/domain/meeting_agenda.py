"""The agenda of a meeting by rules (议题生成规则): which topics, in which order, how many; data, not code.

Stored as a versioned body of rule-set kind ``meeting_agenda``; ``DEFAULT`` is shipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from core.domain.errors import Invalid, Problem
from core.domain.meetings import MAX_ITEMS, ItemSubject
from core.domain.terms import Term


class Topic(Term):
    """Why something comes onto the agenda by itself (议题来源)."""

    LAST_DECISION = "last_decision", "上次议定事项"
    RED_FLAG = "red_flag", "红旗项目"
    OVERDUE_MATTER = "overdue_matter", "逾期事项"
    ESCALATED = "escalated", "提级事项"
    EXTENSION = "extension", "延期申请"
    UNSTARTED = "unstarted", "应开未开"
    BOND_LAG = "bond_lag", "债券支出滞后"
    OVERDUE_NODE = "overdue_node", "关键节点逾期"
    OVERDUE_CASE = "overdue_case", "整改逾期"


@dataclass(frozen=True, slots=True)
class TopicRule:
    """
    One rule of the agenda.

    Attributes:
        limit: At most so many items; 0 = the rule is off.
        least: Only from that much on: days for what is overdue, percentage points for bonds; without meaning otherwise.
    """

    topic: Topic
    limit: int
    least: int = 0


@dataclass(frozen=True, slots=True)
class AgendaRules:
    """
    The rules in force; their order is the order of the agenda.

    Attributes:
        most: At most so many items in all.
    """

    name: str
    rules: tuple[TopicRule, ...]
    most: int = 30


DEFAULT = AgendaRules(
    "默认（先议定事项，后红旗、逾期、提级、延期，再开工、债券、节点、整改）",
    (
        TopicRule(Topic.LAST_DECISION, 20),
        TopicRule(Topic.RED_FLAG, 8),
        TopicRule(Topic.OVERDUE_MATTER, 6, 1),
        TopicRule(Topic.ESCALATED, 5),
        TopicRule(Topic.EXTENSION, 5),
        TopicRule(Topic.UNSTARTED, 5),
        TopicRule(Topic.BOND_LAG, 5, 1),
        TopicRule(Topic.OVERDUE_NODE, 5, 1),
        TopicRule(Topic.OVERDUE_CASE, 5, 1),
    ),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    Something that a rule would put onto the agenda.

    Attributes:
        subject_id: Key of the subject; None for what is about nothing in the store.
        project_id: Project it concerns, if any: a project is discussed once.
        reason: Why, with the figure.
        addition: What it says where the subject is on the agenda already; None = the whole reason, empty = nothing.
    """

    topic: Topic
    subject: ItemSubject
    subject_id: int | None
    project_id: int | None
    title: str
    reason: str
    addition: str | None = None


def compose(rules: AgendaRules, found: Mapping[Topic, Sequence[Candidate]]) -> list[Candidate]:
    """
    Return the agenda: by the order of the rules, each within its limit, nothing twice.

    What concerns a project (or matter) that is on the agenda already adds its reason there instead of a second item;
    matters stay items of their own, because a decision may be written onto them. Reasons are added even when the agenda
    is full.
    """
    agenda: dict[tuple[str, int | None], Candidate] = {}
    for rule in rules.rules:
        taken = 0
        for one in found.get(rule.topic, ()):
            key = _key(one)
            known = agenda.get(key)
            if known is not None:
                agenda[key] = _joined(known, one)
            elif taken < rule.limit and len(agenda) < rules.most:
                agenda[key] = one
                taken += 1
    return list(agenda.values())


def _key(one: Candidate) -> tuple[str, int | None]:
    if one.subject is not ItemSubject.MATTER and one.project_id is not None:
        return ItemSubject.PROJECT.value, one.project_id
    return one.subject.value, one.subject_id


def _joined(known: Candidate, other: Candidate) -> Candidate:
    more = other.reason if other.addition is None else other.addition
    if not more or more in known.reason.split("；"):
        return known
    return replace(known, reason=f"{known.reason}；{more}")


def rules_to_dict(rules: AgendaRules) -> dict[str, Any]:
    """Return *rules* as plain values, as they are stored."""
    plain = [{**asdict(rule), "topic": rule.topic.value} for rule in rules.rules]
    return {"name": rules.name, "rules": plain, "most": rules.most}


def parse_rules(body: Mapping[str, Any]) -> AgendaRules:
    """
    Return the rules that ``rules_to_dict`` wrote; a topic the body does not name is off.

    Raises:
        Invalid: Unknown or repeated topics, numbers outside their range; all problems at once.
    """
    known = {one.name for one in fields(TopicRule)}
    rules: list[TopicRule] = []
    problems: list[Problem] = []
    for values in body.get("rules", ()):
        try:
            topic = Topic(values["topic"])
            rule = TopicRule(**{**{key: value for key, value in values.items() if key in known}, "topic": topic})
        except (KeyError, TypeError, ValueError):
            problems.append(Problem("rules", "unknown_topic", f"不认识的议题来源“{values}”，请核对。"))
            continue
        if topic in {other.topic for other in rules}:
            problems.append(Problem("rules", "twice", f"议题来源“{topic.label}”出现了两次，请删去一个。"))
        if not (_is_count(rule.limit, MAX_ITEMS) and _is_count(rule.least, 365)):
            problems.append(Problem("rules", "out_of_range", f"“{topic.label}”的数量应为 0 到 {MAX_ITEMS} 的整数。"))
        rules.append(rule)
    most = body.get("most", DEFAULT.most)
    if not (_is_count(most, MAX_ITEMS) and most > 0):
        problems.append(Problem("most", "out_of_range", f"议题总数应为 1 到 {MAX_ITEMS} 的整数。"))
    if problems:
        raise Invalid(problems)
    return AgendaRules(str(body.get("name", DEFAULT.name)), tuple(rules), most)


def _is_count(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
