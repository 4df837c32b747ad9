"""规则: previewed on today's facts, saved as versions with a reason, put in force with the roll-ups decided anew."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.domain.errors import Invalid, NotFound, PermissionDenied
from core.domain.flag_rule_sets import DEFAULT_RULE_SET, SANYA, YINCHUAN
from core.domain.terms import FlagLevel, Role
from core.services import figures, rounds, rule_sets
from db.models.figures import project_state
from db.models.system import AuditEvent, RuleSet
from tests import factories as make
from tests.support import round_city


@pytest.fixture
def supervisor():
    return round_city.SUPERVISOR


@pytest.fixture
def city(store):
    return round_city.build(store)


def levels(store) -> dict[int, str]:
    figures.version()
    with store.read() as connection:
        return dict(connection.execute(select(project_state.c.project_id, project_state.c.level)).all())


def softened() -> object:
    """The default rules with 90 points instead of 20 for red."""
    rules = tuple(
        replace(rule, threshold=Decimal(90)) if rule.code == "PRG-03" else rule for rule in DEFAULT_RULE_SET.rules
    )
    return replace(DEFAULT_RULE_SET, rules=rules)


def test_shipped_sets_are_offered_and_the_default_is_in_force(store, supervisor) -> None:
    known = rule_sets.list_rule_sets(supervisor)
    assert [item.rules.code for item in known] == ["default", "yinchuan", "sanya", "wuhan", "tianjin", "ouhai"]
    assert [item.is_active for item in known] == [True, *[False] * 5]


def test_preview_tells_every_move_and_keeps_nothing(store, city, supervisor) -> None:
    before = levels(store)
    found = rule_sets.preview(supervisor, softened())
    assert levels(store) == before
    listed = {key: level for key, level in before.items() if level != "exempt"}
    assert found.before.get(FlagLevel.SEVERE, 0) == sum(level == "severe" for level in listed.values())
    rule_sets.save(supervisor, softened(), "按会议纪要放宽", put_in_force=True)
    after = levels(store)
    moved = {key for key in before if before[key] != after[key]}
    assert {item.project_id for item in found.movers} == moved
    assert found.moved == len(moved) > 0
    assert all((before[m.project_id], after[m.project_id]) == (m.before, m.after) for m in found.movers)


def test_save_makes_the_next_version_and_says_why_in_the_audit(store, supervisor) -> None:
    first = rule_sets.save(supervisor, YINCHUAN, "试行银川办法", put_in_force=False)
    second = rule_sets.save(supervisor, replace(YINCHUAN, name="本市办法"), "改为本市名称", put_in_force=True)
    with store.read() as connection:
        rows = connection.execute(select(RuleSet.id, RuleSet.number, RuleSet.is_active).order_by(RuleSet.id)).all()
        body = json.loads(connection.execute(select(RuleSet.body).where(RuleSet.id == second)).scalar_one())
        audit = connection.execute(
            select(AuditEvent.action, AuditEvent.reason).where(AuditEvent.entity == "rule_set").order_by(AuditEvent.seq)
        ).all()
    assert rows == [(first, 1, False), (second, 2, True)]
    assert (body["version"], body["name"]) == (2, "本市办法")
    assert ("insert", "试行银川办法") in audit
    assert audit[-1] == ("activate", "改为本市名称")
    assert rule_sets.list_rule_sets(supervisor)[0].label == "本市办法 · 第2版 · 在用"


def test_rules_put_back_decide_live_flags_as_before_and_published_rounds_keep_theirs(store, city, supervisor) -> None:
    before = levels(store)
    round_id = rounds.create(supervisor, rounds.proposal(supervisor))
    rounds.compute(supervisor, round_id, 1)
    kept = rounds.read_round(supervisor, round_id).row.rule_set_id
    rule_sets.save(supervisor, SANYA, "试行三亚办法", put_in_force=True)
    assert levels(store) != before
    assert rounds.read_round(supervisor, round_id).row.rule_set_id == kept
    rule_sets.put_in_force(supervisor, None, "恢复默认规则")
    assert levels(store) == before


def test_a_set_without_reason_or_with_a_wrong_rule_is_refused_whole(store, supervisor) -> None:
    with pytest.raises(Invalid) as refused:
        rule_sets.save(supervisor, YINCHUAN, " 改 ", put_in_force=True)
    assert [problem.field for problem in refused.value.problems] == ["reason"]
    with pytest.raises(Invalid) as refused:
        rule_sets.save(supervisor, replace(YINCHUAN, rules=()), "清空规则", put_in_force=True)
    assert [problem.code for problem in refused.value.problems] == ["rules_empty"]
    with pytest.raises(NotFound):
        rule_sets.put_in_force(supervisor, 4711, "启用旧规则")
    with store.read() as connection:
        assert connection.execute(select(RuleSet.id)).all() == []


def test_only_supervision_may_touch_the_rules(store) -> None:
    for role in (Role.LEADER, Role.COUNTY, Role.SYSTEM_ADMIN):
        with pytest.raises(PermissionDenied):
            rule_sets.list_rule_sets(make.make_actor(role))
