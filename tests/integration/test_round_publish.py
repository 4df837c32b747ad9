"""From review to publication and correction: guards, the frozen snapshot, reprint, many publishers at once."""

import threading
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.domain.errors import (
    Conflict,
    Invalid,
    NotFound,
    OverridesPending,
    PermissionDenied,
    RoundAlreadyPublished,
    RoundOutOfOrder,
    RoundRefused,
    SnapshotDamaged,
    StaleComputation,
)
from core.domain.period import Month
from core.domain.round_snapshot import digest, snapshot_from_json, snapshot_to_json
from core.domain.rounds import RoundWindow
from core.domain.supervision_terms import RoundStatus, SubjectKind
from core.domain.terms import FlagLevel, Role
from core.services import rounds
from core.services.rounds import NewRound, OverrideProposal
from db.migrate import upgrade
from db.models import AuditEvent, County, FlagDecision, Project, RuleSet
from db.models.supervision import RoundSnapshot as StoredSnapshot
from tests import factories as make
from tests.factories import SYSTEM, YI
from tests.support.round_city import LEADER, SUPERVISOR, build, draft, published, reviewed

NEXT = RoundWindow(Month(2026, 11), Month(2026, 11), date(2026, 12, 20))


@pytest.fixture
def city(store):
    return build(store)


def status(round_id):
    return rounds.read_round(SUPERVISOR, round_id).row.status


def test_review_of_a_round_that_was_never_computed_is_refused(store, city):
    key = rounds.create(SUPERVISOR, NewRound(RoundWindow(Month(2026, 9), Month(2026, 10), date(2026, 11, 22))))
    with pytest.raises(RoundRefused, match="尚未计算"):
        rounds.review(SUPERVISOR, key, 1)


def test_review_with_a_waiting_or_moved_override_is_refused(store, city):
    key, result = draft()
    wish = OverrideProposal(SubjectKind.PROJECT, city["red"], FlagLevel.OK, "已有市政府批示，情况特殊")
    override = rounds.propose_override(SUPERVISOR, key, wish)
    with pytest.raises(OverridesPending, match="1 项旗色调整没有审批"):
        rounds.review(SUPERVISOR, key, result.version)
    rounds.decide_override(LEADER, override, True, "", 1)
    with store.transaction(SYSTEM) as tx:
        make.make_report(tx, city["red"], 1, 8 * YI)
    result = rounds.compute(SUPERVISOR, key, result.version)
    with pytest.raises(OverridesPending, match="计算等级已变动"):
        rounds.review(SUPERVISOR, key, result.version)
    assert status(key) is RoundStatus.DRAFT


def test_a_reviewed_round_changes_only_after_it_is_reopened_with_a_reason(store, city):
    key, version = reviewed()
    wish = OverrideProposal(SubjectKind.PROJECT, city["red"], FlagLevel.OK, "已有市政府批示，情况特殊")
    for step in (
        lambda: rounds.compute(SUPERVISOR, key, version),
        lambda: rounds.propose_override(SUPERVISOR, key, wish),
        lambda: rounds.review(SUPERVISOR, key, version),
    ):
        with pytest.raises(RoundRefused, match="已会审"):
            step()
    with pytest.raises(Invalid):
        rounds.reopen(SUPERVISOR, key, "改", version)
    rounds.reopen(SUPERVISOR, key, "会上要求复核三个项目", version)
    assert status(key) is RoundStatus.DRAFT


def test_publish_of_a_draft_is_refused(store, city):
    key, result = draft()
    with pytest.raises(RoundRefused, match="草稿"):
        rounds.publish(SUPERVISOR, key, result.version)


def test_publish_by_a_leader_is_refused(store, city):
    key, version = reviewed()
    with pytest.raises(PermissionDenied):
        rounds.publish(LEADER, key, version)


def test_publish_with_an_old_version_is_a_conflict(store, city):
    key, version = reviewed()
    with pytest.raises(Conflict):
        rounds.publish(SUPERVISOR, key, version - 1)
    assert status(key) is RoundStatus.REVIEWED


def test_publish_announces_seals_and_writes_one_headline(store, city):
    key = published()
    with pytest.raises(RoundAlreadyPublished):
        rounds.publish(SUPERVISOR, key, None)
    row = rounds.latest_published(LEADER)
    assert (row.id, row.published_by, row.status) == (key, "sup", RoundStatus.PUBLISHED)
    with store.read() as connection:
        query = select(AuditEvent.headline).where(AuditEvent.entity == "supervision_round", AuditEvent.headline != "")
        assert connection.execute(query).scalars().all() == ["第1轮督查结果发布：绿 1 黄 1 红 2"]
    for step in (
        lambda: rounds.compute(SUPERVISOR, key, row.version),
        lambda: rounds.reopen(SUPERVISOR, key, "想再改一改", row.version),
    ):
        with pytest.raises(RoundAlreadyPublished):
            step()


def test_publish_after_data_changed_needs_consent_and_reason(store, city):
    key, version = reviewed()
    with store.transaction(SYSTEM) as tx:
        make.make_report(tx, city["red"], 8, YI)
    with pytest.raises(StaleComputation, match="1 处数据变动"):
        rounds.publish(SUPERVISOR, key, version)
    with pytest.raises(Invalid):
        rounds.publish(SUPERVISOR, key, version, accept_stale=True)
    rounds.publish(SUPERVISOR, key, version, accept_stale=True, reason="会议按原结果通过")
    assert status(key) is RoundStatus.PUBLISHED


def test_publish_out_of_order_is_refused(store, city, clock):
    first, _ = draft(1)
    clock.advance(days=30)
    second, version = reviewed(2, NEXT)
    with pytest.raises(RoundOutOfOrder, match=r"2026年第1轮（草稿）尚未发布"):
        rounds.publish(SUPERVISOR, second, version)
    assert status(second) is RoundStatus.REVIEWED
    assert status(first) is RoundStatus.DRAFT


def test_the_snapshot_equals_an_independent_recount_of_the_flags(store, city):
    key = published()
    snapshot = rounds.read_snapshot(SUPERVISOR, key)
    with store.read() as connection:
        query = select(FlagDecision.subject_kind, FlagDecision.level, FlagDecision.county_id)
        rows = connection.execute(query.where(FlagDecision.round_id == key)).all()
    projects = [row for row in rows if row[0] == "project"]
    assert Counter(row[1] for row in projects) == +Counter(snapshot.city.levels)
    assert len(snapshot.decisions) == len(rows)
    east = next(group for group in snapshot.groups_of("county") if group.name == "东县")
    assert east.projects == sum(row[2] == city["east"] for row in projects) == 2
    assert east.annual_plan_yuan == 24 * YI
    assert east.done_yuan == 10 * YI + 85 * YI // 10
    assert snapshot.city.projects == 5
    for name in ("annual_plan_yuan", "done_yuan", "due_yuan", "period_done_yuan", "started", "resume_due"):
        per_county = sum(getattr(group, name) for group in snapshot.groups_of("county"))
        assert (
            getattr(snapshot.city, name)
            == per_county
            == sum(getattr(group, name) for group in snapshot.groups_of("category"))
        )
    late = next(item for item in snapshot.of(SubjectKind.PROJECT) if item.id == city["warn"])
    assert (late.leader, late.unit, late.level) == ("张三、李四", "发改局", FlagLevel.WARN)
    assert snapshot.head.published_by == SUPERVISOR.name
    assert len(snapshot.head.code_version) == 64


def test_the_snapshot_is_canonical(store, city):
    key = published()
    body = rounds.snapshot_body(SUPERVISOR, key)
    assert snapshot_to_json(snapshot_from_json(body)) == body


def test_the_snapshot_names_overrides_problems_and_process_facts(store, city):
    with store.transaction(SYSTEM) as tx:
        make.make_problem(tx, city["red"], "管线迁改受阻", due_on=date(2026, 11, 12))
        make.make_problem(tx, city["red"], "已经办结", closed_on=date(2026, 11, 1))
        make.make_problem(tx, city["good"], "截止后提出", raised_on=date(2026, 11, 23))
    key, result = draft()
    wish = OverrideProposal(SubjectKind.PROJECT, city["red"], FlagLevel.EXEMPT, "列入甩项清单", "市政办〔2026〕8号")
    override = rounds.propose_override(SUPERVISOR, key, wish)
    rounds.decide_override(LEADER, override, True, "", 1)
    version = rounds.review(SUPERVISOR, key, result.version)
    rounds.publish(SUPERVISOR, key, version)
    snapshot = rounds.read_snapshot(SUPERVISOR, key)
    assert [(item.title, item.overdue_days, item.county) for item in snapshot.problems] == [
        ("管线迁改受阻", 10, "西县")
    ]
    (made,) = snapshot.overrides
    assert (made.name, made.override, made.level, made.document_no, made.proposed_by, made.approved_by) == (
        "严重工程",
        "exemption",
        FlagLevel.EXEMPT,
        "市政办〔2026〕8号",
        SUPERVISOR.name,
        "boss",
    )


def test_a_reprint_after_everything_changed_has_the_same_content(store, city, clock):
    key = published()
    body, row = rounds.snapshot_body(SUPERVISOR, key), rounds.read_round(SUPERVISOR, key).row
    flags = rounds.decisions(SUPERVISOR, key).rows
    with store.transaction(SYSTEM) as tx:
        for name in ("good", "warn", "red"):
            tx.update(Project, city[name], {"name": "改名" + name, "county_id": city["east"]}, expected_version=None)
            make.make_report(tx, city[name], 12, 3 * YI)
        tx.update(County, city["west"], {"name": "新西县"}, expected_version=None)
        tx.insert(RuleSet, {"kind": "flag", "code": "other", "name": "另一套", "body": "{}", "is_active": False})
    clock.advance(days=400)
    upgrade(store.url)
    assert rounds.snapshot_body(SUPERVISOR, key) == body
    assert rounds.decisions(SUPERVISOR, key).rows == flags
    with store.read() as connection:
        stored = connection.execute(select(StoredSnapshot.sha256, StoredSnapshot.size_bytes)).one()
    assert tuple(stored) == (digest(body), len(body))
    assert rounds.read_round(SUPERVISOR, key).row == row


def test_the_store_refuses_to_change_a_snapshot(store, city):
    published()
    for statement in ("UPDATE round_snapshot SET sha256 = 'x'", "DELETE FROM round_snapshot"):
        with pytest.raises(DBAPIError, match="append-only"), store.transaction(SYSTEM) as tx:
            tx.connection.execute(text(statement))


def test_a_snapshot_that_was_tampered_with_is_not_read(store, city):
    key = published()
    triggers = (
        ["DROP TRIGGER round_snapshot_no_update"]
        if store.is_sqlite
        else ["DROP TRIGGER round_snapshot_append_only ON round_snapshot"]
    )
    with store.transaction(SYSTEM) as tx:
        for statement in (*triggers, "UPDATE round_snapshot SET sha256 = 'x'"):
            tx.connection.execute(text(statement))
    with pytest.raises(SnapshotDamaged):
        rounds.read_snapshot(SUPERVISOR, key)


def test_a_whole_snapshot_is_not_for_a_county(store, city):
    key = published()
    with pytest.raises(PermissionDenied):
        rounds.read_snapshot(make.make_actor(Role.COUNTY, counties=[city["east"]]), key)
    with pytest.raises(NotFound):
        rounds.read_snapshot(SUPERVISOR, key + 1)


def test_a_correction_replaces_the_round_only_when_it_is_published(store, city):
    first = published()
    row = rounds.latest_published(SUPERVISOR)
    second = rounds.supersede(SUPERVISOR, first, "西县月报有误，已更正", row.version)
    with pytest.raises(RoundRefused, match="正在办理"):
        rounds.supersede(SUPERVISOR, first, "再更正一次", row.version)
    assert rounds.latest_published(SUPERVISOR).id == first
    with store.transaction(SYSTEM) as tx:
        make.make_report(tx, city["red"], 1, 8 * YI)
    result = rounds.compute(SUPERVISOR, second, 1)
    rounds.publish(SUPERVISOR, second, rounds.review(SUPERVISOR, second, result.version))
    assert rounds.latest_published(SUPERVISOR).id == second
    assert status(first) is RoundStatus.SUPERSEDED
    assert rounds.read_snapshot(SUPERVISOR, first).city.levels["severe"] == 2
    assert rounds.read_snapshot(SUPERVISOR, second).city.levels["severe"] == 1


def test_the_second_yellow_in_a_row_becomes_red_and_movements_are_counted(store, city, clock):
    first = published()
    clock.advance(days=30)
    with store.transaction(SYSTEM) as tx:
        make.make_report(tx, city["good"], 11, YI)
        make.make_report(tx, city["warn"], 11, YI // 2)
    second, _ = draft(2, NEXT)
    row = rounds.decision_of(SUPERVISOR, second, SubjectKind.PROJECT, city["warn"])
    assert (row.rule_level, row.computed_level, row.level) == (FlagLevel.WARN, FlagLevel.SEVERE, FlagLevel.SEVERE)
    assert (row.previous_level, row.streak, row.hits[0].source) == (FlagLevel.WARN, 2, f"round:{first}")
    assert row.reasons[0] == "连续 2 轮黄旗，转为红旗"
    moves = rounds.read_round(SUPERVISOR, second).movements
    counted = sum(move.count for move in moves if move.kind is SubjectKind.PROJECT)
    assert counted == 5
    assert any(move.previous is row.previous_level and move.level is row.level for move in moves)
    version = rounds.read_round(SUPERVISOR, second).row.version
    rounds.publish(SUPERVISOR, second, rounds.review(SUPERVISOR, second, version))
    past = [(item.number, item.level, item.streak) for item in rounds.decision(SUPERVISOR, row.id).history]
    assert past == [(2, FlagLevel.SEVERE, 2), (1, FlagLevel.WARN, 1)]


def test_200_threads_publish_the_same_round_and_one_wins(store, city):
    key, version = reviewed()
    gate, results = threading.Barrier(200), []

    def run() -> None:
        gate.wait()
        try:
            rounds.publish(SUPERVISOR, key, version)
            results.append("published")
        except Exception as error:
            results.append(type(error).__name__)

    threads = [threading.Thread(target=run) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(results) == {"published": 1, "RoundAlreadyPublished": 199}
    with store.read() as connection:
        events = connection.execute(select(AuditEvent.seq).where(AuditEvent.action == "publish")).all()
    assert len(events) == 1


def test_rounds_are_published_in_order(store, city, clock):
    first, version = reviewed(1)
    clock.advance(days=30)
    second, later = reviewed(2, NEXT)
    with pytest.raises(RoundOutOfOrder):
        rounds.publish(SUPERVISOR, second, later)
    rounds.publish(SUPERVISOR, first, version)
    rounds.publish(SUPERVISOR, second, later)
    assert [row.number for row in rounds.list_rounds(LEADER)] == [2, 1]
