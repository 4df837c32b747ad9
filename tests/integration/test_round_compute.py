"""Computing a round: both ways give the same rows, sequences escalate, overrides stay and are marked."""

import json

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied, RoundRefused
from core.domain.supervision_terms import ApprovalStatus, SubjectKind
from core.domain.terms import FlagLevel, Role
from core.services import rounds
from core.services.rounds import DecisionFilter, OverrideProposal, computing
from db.models import AuditEvent, FlagDecision, FlagOverride, SupervisionRound
from tests import factories as make
from tests.factories import SYSTEM, YI
from tests.support.round_city import LEADER, SUPERVISOR, build, draft


@pytest.fixture
def city(store):
    return build(store)


def stored(store, round_id):
    """The flags of a round without ids, JSON read."""
    with store.read() as connection:
        rows = connection.execute(select(FlagDecision.__table__).where(FlagDecision.round_id == round_id)).mappings()
        found = {}
        for row in rows:
            values = {name: value for name, value in row.items() if name not in ("id", "round_id", "hits", "facts")}
            values["hits"], values["facts"] = json.loads(row["hits"]), json.loads(row["facts"])
            found[row["subject_kind"], row["subject_id"]] = values
    return found


def level(store, round_id, project_id):
    row = stored(store, round_id)["project", project_id]
    return row["rule_level"], row["computed_level"], row["level"]


def test_compute_from_the_rollups_freezes_names_and_figures(store, city):
    key, result = draft()
    rows = stored(store, key)
    assert result.from_rollups
    assert ("project", city["unlisted"]) not in rows
    late = rows["project", city["warn"]]
    assert (late["level"], late["previous_level"], late["streak"]) == ("warn", "", 1)
    assert late["facts"] == {
        "code": late["facts"]["code"],
        "county": "东县",
        "headquarters": "产业指挥部",
        "unit": "发改局",
        "leader": "张三、李四",
        "year_class": "continuing",
        "category": "城建",
        "projects": 1,
        "total_investment_yuan": 30 * YI,
        "annual_plan_yuan": 12 * YI,
        "due_yuan": 10 * YI,
        "ytd_done_yuan": 85 * YI // 10,
        "period_done_yuan": YI // 2,
        "started": 0,
        "start_due": 0,
        "resumed": 1,
        "resume_due": 1,
    }
    assert rows["project", city["silent"]]["level"] == "no_data"
    assert result.levels["severe"] == sum(row["level"] == "severe" for k, row in rows.items() if k[0] == "project")


def test_groups_are_sums_of_their_projects(store, city):
    key, _ = draft()
    rows = stored(store, key)
    for kind, owner, column in (
        ("county", city["east"], "county_id"),
        ("county", city["west"], "county_id"),
        ("headquarters", city["hq"], "headquarters_id"),
        ("unit", city["unit"], "unit_id"),
    ):
        own = [row["facts"] for k, row in rows.items() if k[0] == "project" and row[column] == owner]
        total = rows[kind, owner]["facts"]
        for name in ("projects", "annual_plan_yuan", "due_yuan", "ytd_done_yuan", "period_done_yuan", "resumed"):
            assert total[name] == sum(facts[name] for facts in own), (kind, name)
    assert rows["county", city["west"]]["level"] == "severe"


def test_both_ways_give_the_same_rows(store, city, monkeypatch):
    key, fast = draft()
    before = stored(store, key)
    monkeypatch.setattr(computing, "stands_at", lambda head, row: False)
    seen = []
    slow = rounds.compute(SUPERVISOR, key, fast.version, lambda done, total: seen.append((done, total)))
    assert not slow.from_rollups
    assert stored(store, key) == before
    assert slow.sha256 == fast.sha256
    assert seen[-1][0] == seen[-1][1]


def test_compute_writes_one_audit_row_with_counts_and_digest(store, city):
    key, result = draft()
    with store.read() as connection:
        query = select(AuditEvent.action, AuditEvent.new).where(
            AuditEvent.entity.in_(["flag_decision", "supervision_round"])
        )
        found = [(action, json.loads(new)) for action, new in connection.execute(query.order_by(AuditEvent.seq))]
    assert [action for action, _ in found] == ["insert", "compute", "update"]
    assert found[1][1]["sha256"] == result.sha256
    assert found[1][1]["levels"] == {name: n for name, n in result.levels.items() if n}
    assert rounds.read_round(SUPERVISOR, key).counts[SubjectKind.PROJECT][FlagLevel.WARN] == 1


def test_compute_with_an_old_version_is_a_conflict_and_changes_nothing(store, city):
    key, result = draft()
    with pytest.raises(Conflict):
        rounds.compute(SUPERVISOR, key, result.version - 1)
    assert rounds.read_round(SUPERVISOR, key).row.version == result.version


def test_an_override_counts_only_after_a_second_person(store, city):
    key, _ = draft()
    wish = OverrideProposal(SubjectKind.PROJECT, city["red"], FlagLevel.WARN, "拆迁受阻，已有市政府批示")
    override = rounds.propose_override(SUPERVISOR, key, wish)
    assert level(store, key, city["red"]) == ("severe", "severe", "severe")
    with pytest.raises(PermissionDenied, match="另一人"):
        rounds.decide_override(SUPERVISOR, override, True, "", 1)
    assert rounds.decide_override(LEADER, override, True, "", 1) == 2
    assert level(store, key, city["red"]) == ("severe", "severe", "warn")
    page = rounds.decisions(SUPERVISOR, key, DecisionFilter(only_overridden=True))
    assert [(row.name, row.override_status) for row in page.rows] == [("严重工程", ApprovalStatus.APPROVED)]
    with pytest.raises(RoundRefused, match="已批准"):
        rounds.decide_override(LEADER, override, True, "", 2)
    rounds.withdraw_override(SUPERVISOR, override, "批示已经失效", 2)
    assert level(store, key, city["red"]) == ("severe", "severe", "severe")


@pytest.mark.parametrize(
    ("wanted", "reason", "document", "codes"),
    [
        (FlagLevel.WARN, "短", "", {"short_reason"}),
        (FlagLevel.SEVERE, "与计算结果相同", "", {"same"}),
        (FlagLevel.NO_DATA, "改为无数据等级", "", {"level"}),
        (FlagLevel.EXEMPT, "", "", {"short_reason", "required"}),
    ],
    ids=["reason", "same", "no-data", "exemption"],
)
def test_a_bad_proposal_names_every_problem(store, city, wanted, reason, document, codes):
    key, _ = draft()
    wish = OverrideProposal(SubjectKind.PROJECT, city["red"], wanted, reason, document)
    with pytest.raises(Invalid) as refused:
        rounds.propose_override(SUPERVISOR, key, wish)
    assert {problem.code for problem in refused.value.problems} == codes


def test_a_second_open_override_of_a_subject_is_refused(store, city):
    key, _ = draft()
    wish = OverrideProposal(SubjectKind.PROJECT, city["red"], FlagLevel.EXEMPT, "列入甩项清单", "市政办〔2026〕8号")
    rounds.propose_override(SUPERVISOR, key, wish)
    with pytest.raises(RoundRefused, match="待审批"):
        rounds.propose_override(SUPERVISOR, key, wish)


def test_a_recompute_keeps_overrides_and_marks_those_that_moved(store, city):
    key, result = draft()
    ids = {}
    for name in ("red", "warn"):
        wish = OverrideProposal(SubjectKind.PROJECT, city[name], FlagLevel.OK, "已有市政府批示，情况特殊")
        ids[name] = rounds.propose_override(SUPERVISOR, key, wish)
        rounds.decide_override(LEADER, ids[name], True, "", 1)
    with store.transaction(SYSTEM) as tx:
        make.make_report(tx, city["red"], 1, 8 * YI)
    assert rounds.read_round(SUPERVISOR, key).changes_since == 1
    result = rounds.compute(SUPERVISOR, key, result.version)
    assert level(store, key, city["red"]) == ("notice", "notice", "ok")
    assert {item.id: item.is_moved for item in rounds.overrides(SUPERVISOR, key)} == {
        ids["red"]: True,
        ids["warn"]: False,
    }
    view = rounds.read_round(SUPERVISOR, key)
    assert (view.waiting, view.moved, view.changes_since) == (0, 1, 0)
    rounds.decide_override(LEADER, ids["red"], True, "", 3)
    assert rounds.read_round(SUPERVISOR, key).moved == 0


def test_an_override_of_a_subject_that_left_is_withdrawn(store, city):
    key, result = draft()
    wish = OverrideProposal(SubjectKind.UNIT, city["unit"], FlagLevel.OK, "单位已经合并，情况特殊")
    rounds.propose_override(SUPERVISOR, key, wish)
    with store.transaction(SYSTEM) as tx:
        tx.update(make.Project, city["warn"], {"responsible_unit_id": None}, expected_version=None)
    rounds.compute(SUPERVISOR, key, result.version)
    with store.read() as connection:
        assert connection.execute(select(FlagOverride.status)).scalar_one() == "withdrawn"
    assert rounds.read_round(SUPERVISOR, key).waiting == 0


def test_a_county_sees_only_its_own_flags_of_a_published_round(store, city):
    key, _ = draft()
    with store.transaction(SYSTEM) as tx:
        tx.update(SupervisionRound, key, {"status": "published"}, expected_version=None)
    east = make.make_actor(Role.COUNTY, counties=[city["east"]])
    page = rounds.decisions(east, key)
    assert {row.name for row in page.rows} == {"正常工程", "滞后工程"}
    assert page.total == 2
    assert set(rounds.read_round(east, key).counts) == {SubjectKind.PROJECT, SubjectKind.COUNTY}
    other = rounds.decision_of(SUPERVISOR, key, SubjectKind.PROJECT, city["red"])
    with pytest.raises(NotFound):
        rounds.decision(east, other.id)
