"""The agenda by rules: order, limits, nothing twice, and rules that are read back as they were written."""

from dataclasses import replace

import pytest

from core.domain.errors import Invalid
from core.domain.meeting_agenda import (
    DEFAULT,
    AgendaRules,
    Candidate,
    Topic,
    TopicRule,
    compose,
    parse_rules,
    rules_to_dict,
)
from core.domain.meetings import ItemSubject


def about(topic: Topic, project: int | None, reason: str = "理由", **values) -> Candidate:
    given = {"subject": ItemSubject.PROJECT, "subject_id": project, "title": f"项目{project}"}
    return Candidate(topic=topic, project_id=project, reason=reason, **{**given, **values})


def matter(topic: Topic, key: int, project: int | None, reason: str = "理由") -> Candidate:
    return about(topic, project, reason, subject=ItemSubject.MATTER, subject_id=key)


def rules(*pairs: tuple[Topic, int], most: int = 30) -> AgendaRules:
    return AgendaRules("测试", tuple(TopicRule(topic, limit) for topic, limit in pairs), most)


def test_agenda_follows_the_order_of_the_rules_not_of_the_findings() -> None:
    found = {
        Topic.UNSTARTED: [about(Topic.UNSTARTED, 3)],
        Topic.LAST_DECISION: [matter(Topic.LAST_DECISION, 9, 1)],
        Topic.RED_FLAG: [about(Topic.RED_FLAG, 2)],
    }
    assert [one.topic for one in compose(DEFAULT, found)] == [Topic.LAST_DECISION, Topic.RED_FLAG, Topic.UNSTARTED]


def test_project_is_discussed_once_with_every_reason() -> None:
    found = {
        Topic.RED_FLAG: [about(Topic.RED_FLAG, 1, "红旗")],
        Topic.OVERDUE_CASE: [
            about(Topic.OVERDUE_CASE, 1, "整改逾期 3 天", subject=ItemSubject.RECTIFICATION, subject_id=44)
        ],
        Topic.OVERDUE_NODE: [about(Topic.OVERDUE_NODE, 1, "红旗")],
    }
    (only,) = compose(DEFAULT, found)
    assert (only.topic, only.subject, only.reason) == (Topic.RED_FLAG, ItemSubject.PROJECT, "红旗；整改逾期 3 天")


def test_matters_of_a_discussed_project_stay_items_of_their_own_and_join_by_their_number() -> None:
    found = {
        Topic.RED_FLAG: [about(Topic.RED_FLAG, 1)],
        Topic.OVERDUE_MATTER: [matter(Topic.OVERDUE_MATTER, 1, 1, "逾期"), matter(Topic.OVERDUE_MATTER, 2, 1)],
        Topic.ESCALATED: [matter(Topic.ESCALATED, 1, 1, "提级")],
    }
    agenda = compose(DEFAULT, found)
    assert [(one.subject, one.subject_id) for one in agenda] == [
        (ItemSubject.PROJECT, 1),
        (ItemSubject.MATTER, 1),
        (ItemSubject.MATTER, 2),
    ]
    assert agenda[1].reason == "逾期；提级"


def test_addition_stands_for_the_reason_where_the_subject_is_known() -> None:
    found = {
        Topic.LAST_DECISION: [matter(Topic.LAST_DECISION, 1, 1, "上次议定，逾期 8 天")],
        Topic.OVERDUE_MATTER: [replace(matter(Topic.OVERDUE_MATTER, 1, 1, "办理中，逾期 8 天"), addition="")],
        Topic.ESCALATED: [replace(matter(Topic.ESCALATED, 1, 1, "问题已提级，逾期 8 天"), addition="已提级")],
    }
    assert [one.reason for one in compose(DEFAULT, found)] == ["上次议定，逾期 8 天；已提级"]


@pytest.mark.parametrize(("limit", "most", "count"), [(0, 9, 0), (2, 9, 2), (9, 3, 3), (9, 9, 5)])
def test_limits_hold_per_rule_and_in_all(limit, most, count) -> None:
    found = {Topic.UNSTARTED: [about(Topic.UNSTARTED, key) for key in range(1, 6)]}
    assert len(compose(rules((Topic.UNSTARTED, limit), most=most), found)) == count


def test_reason_is_added_although_the_agenda_is_full() -> None:
    wanted = rules((Topic.RED_FLAG, 5), (Topic.UNSTARTED, 5), most=1)
    found = {
        Topic.RED_FLAG: [about(Topic.RED_FLAG, 1, "红旗")],
        Topic.UNSTARTED: [about(Topic.UNSTARTED, 2), about(Topic.UNSTARTED, 1, "未开工")],
    }
    assert [one.reason for one in compose(wanted, found)] == ["红旗；未开工"]


def test_rules_come_back_as_they_were_written() -> None:
    assert parse_rules(rules_to_dict(DEFAULT)) == DEFAULT
    assert {rule.topic for rule in DEFAULT.rules} == set(Topic)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"rules": [{"topic": "gossip", "limit": 1}]}, ["unknown_topic"]),
        ({"rules": [{"topic": "red_flag"}]}, ["unknown_topic"]),
        ({"rules": [{"topic": "red_flag", "limit": 101}]}, ["out_of_range"]),
        ({"rules": [{"topic": "red_flag", "limit": 1}] * 2}, ["twice"]),
        ({"rules": [], "most": 0}, ["out_of_range"]),
    ],
    ids=["unknown", "no limit", "too many", "twice", "nothing"],
)
def test_impossible_rules_are_refused_by_name(body, codes) -> None:
    with pytest.raises(Invalid) as refused:
        parse_rules(body)
    assert [problem.code for problem in refused.value.problems] == codes


def test_topic_that_a_body_does_not_name_is_off() -> None:
    parsed = parse_rules(rules_to_dict(replace(DEFAULT, rules=DEFAULT.rules[:1])))
    assert compose(parsed, {Topic.RED_FLAG: [about(Topic.RED_FLAG, 1)]}) == []
