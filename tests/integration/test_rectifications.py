"""Rectifications through the service: opened once, stepped in order, audited, scoped, raised, counted."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.rectification_rules import SHIPPED, DeadlineLadder, RectificationRules
from core.domain.supervision_terms import RectificationAction as Action
from core.domain.supervision_terms import RectificationStep as Step
from core.domain.supervision_terms import RoundStatus, SubjectKind
from core.domain.terms import FlagLevel, Role
from core.services import rectifications as service
from core.services.rectifications import CaseFilter, SiteVisit, Upload
from db.models import (
    Attachment,
    AuditEvent,
    FlagDecision,
    ProcessFact,
    Rectification,
    RectificationEvent,
    SupervisionRound,
)
from tests.factories import SYSTEM, make_actor
from tests.support.photos import make_photo
from tests.support.rectifications import PHOTO, VISIT, FlaggedCity, case_of, drive, flagged_city
from tests.support.rounds import make_decision, make_round

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.fixture
def city(store) -> FlaggedCity:
    return flagged_city(store)


def rows(store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.id)).mappings())


def last_headline(store) -> str:
    with store.read() as connection:
        query = select(AuditEvent.headline).where(AuditEvent.headline != "").order_by(AuditEvent.seq.desc()).limit(1)
        return connection.execute(query).scalar_one_or_none() or ""


def refused(action, *arguments, **named) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        action(*arguments, **named)
    return [problem.code for problem in refusal.value.problems]


def test_open_makes_one_case_per_flag_and_none_twice(store, city: FlaggedCity) -> None:
    assert service.open_for_round(city.supervisor, city.round) == 3
    assert service.open_for_round(city.supervisor, city.round) == 0
    found = rows(store, Rectification)
    assert [(row["code"], row["subject_id"], row["level"], row["step"]) for row in found] == [
        ("督〔2026〕1号", city.red, "severe", "notice"),
        ("督〔2026〕2号", city.yellow, "warn", "notice"),
        ("督〔2026〕3号", city.foreign, "warn", "notice"),
    ]
    assert [(row["due_on"], row["raise_on"], row["project_id"]) for row in found] == [
        (date(2026, 11, 23), None, row["subject_id"]) for row in found
    ]
    assert [row["kind"] for row in rows(store, RectificationEvent)] == ["opened"] * 3
    assert case_of(city, city.red).reasons == ("进度低于序时 25.0 个百分点",)


def test_open_counts_codes_on_and_skips_what_an_earlier_revision_opened(store, city: FlaggedCity) -> None:
    service.open_for_round(city.supervisor, city.round)
    with store.transaction(SYSTEM) as tx:
        tx.update(SupervisionRound, city.round, {"status": RoundStatus.SUPERSEDED.value}, expected_version=None)
        later = make_round(tx, revision=2)
        make_decision(tx, later, city.red, county_id=city.county)
        make_decision(tx, later, city.county, FlagLevel.WARN, kind=SubjectKind.COUNTY, name="东湖区")
    assert service.open_for_round(city.supervisor, later) == 1
    last = rows(store, Rectification)[-1]
    assert (last["code"], last["subject_kind"], last["county_id"], last["project_id"]) == (
        "督〔2026〕4号",
        "county",
        city.county,
        None,
    )
    assert "东湖区" in [card.row.name for card in service.cases(city.own).cards]
    assert refused(service.open_for_round, city.supervisor, city.round) == ["not_published"]


@pytest.mark.parametrize("status", [RoundStatus.DRAFT, RoundStatus.REVIEWED, RoundStatus.SUPERSEDED])
def test_open_needs_a_published_round(store, city: FlaggedCity, status: RoundStatus) -> None:
    with store.transaction(SYSTEM) as tx:
        number = make_round(tx, 2, status=status)
    assert refused(service.open_for_round, city.supervisor, number) == ["not_published"]
    with pytest.raises(NotFound):
        service.open_for_round(city.supervisor, 999)


def test_notices_go_out_together_or_not_at_all(store, city: FlaggedCity) -> None:
    service.open_for_round(city.supervisor, city.round)
    first, second, _ = (card.row for card in service.cases(city.supervisor).cards)
    service.issue_notices(city.supervisor, [first.id])
    assert refused(service.issue_notices, city.supervisor, [first.id, second.id]) == ["wrong_step"]
    assert case_of(city, second.subject_id).case.step is Step.NOTICE
    with pytest.raises(NotFound):
        service.issue_notices(city.supervisor, [second.id, 999])
    event = rows(store, RectificationEvent)[-1]
    assert (event["kind"], event["document_no"], event["old_due_on"], event["new_due_on"]) == (
        "notice_issued",
        first.code,
        date(2026, 11, 23),
        date(2026, 11, 27),
    )


def test_whole_way_is_stored_audited_and_told(store, city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.CLOSED, TODAY)
    stored = next(item for item in rows(store, Rectification) if item["id"] == row.id)
    assert (stored["plan"], stored["feedback"], stored["verdict"]) == (
        "倒排工期，增加两个班组。",
        "已补足进度。",
        VISIT.finding,
    )
    assert (stored["closed_on"], stored["due_on"], stored["promised_on"], stored["version"]) == (
        TODAY,
        None,
        TODAY + timedelta(days=20),
        5,
    )
    view = service.read_case(city.unit_actor, row.id)
    assert [event.kind for event in view.events] == [
        Action.OPENED,
        Action.NOTICE_ISSUED,
        Action.PLAN_SUBMITTED,
        Action.FEEDBACK_SUBMITTED,
        Action.VERIFIED,
        Action.CLOSED,
    ]
    assert [len(files) for files in view.files.values()] == [1]
    assert [(visit.participants, visit.finding) for visit in view.visits] == [(VISIT.participants, VISIT.finding)]
    assert last_headline(store) == "东湖大桥 红旗已销号"
    fact = rows(store, ProcessFact)[0]
    assert (fact["kind"], fact["project_id"], fact["severity"]) == ("inspection", city.red, "none")
    with store.read() as connection:
        audits = connection.execute(
            select(func.count()).where(AuditEvent.entity == "rectification", AuditEvent.action == "update")
        ).scalar_one()
    assert audits == 4


def test_feedback_needs_words_and_evidence_and_keeps_all_or_nothing(store, city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.FEEDBACK, TODAY)
    assert refused(service.submit_feedback, city.own, row.id, " ", [], row.version) == ["missing", "no_evidence"]
    bad = Upload("a.jpg", b"<html>")
    assert refused(service.submit_feedback, city.own, row.id, "好了", [PHOTO, bad], row.version) == ["unknown_type"]
    assert rows(store, Attachment) == []
    assert case_of(city, city.red).case.step is Step.FEEDBACK


def test_failed_verification_goes_back_with_its_photos(store, city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.VERIFICATION, TODAY)
    photo = Upload("核查.jpg", make_photo("blue"))
    service.verify(city.supervisor, row.id, VISIT, [photo], row.version, passed=False)
    view = service.read_case(city.own, row.id)
    assert (view.card.row.case.step, view.card.row.case.due_on) == (Step.FEEDBACK, date(2026, 12, 4))
    assert [files[0].file_name for files in view.photos.values()] == ["核查.jpg"]
    assert rows(store, ProcessFact)[0]["severity"] == "minor"
    assert last_headline(store) == ""


def test_verification_refuses_every_bad_value_at_once(city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.VERIFICATION, TODAY)
    bad = SiteVisit(TODAY + timedelta(days=1), "", "长" * 1001)
    codes = refused(service.verify, city.supervisor, row.id, bad, [], row.version, passed=True)
    assert codes == ["missing", "too_long", "future_date"]


def test_returned_plan_is_owed_again_with_the_reason(store, city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.FEEDBACK, TODAY)
    assert refused(service.return_plan, city.supervisor, row.id, "", row.version) == ["missing"]
    service.return_plan(city.supervisor, row.id, "措施不具体", row.version)
    after = case_of(city, city.red).case
    assert (after.step, after.due_on, after.promised_on) == (Step.PLAN, date(2026, 11, 25), None)
    assert rows(store, RectificationEvent)[-1]["note"] == "措施不具体"


def test_extension_is_asked_and_decided(store, city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.FEEDBACK, TODAY)
    until = date(2026, 12, 20)
    version = service.request_extension(city.unit_actor, row.id, until, "汛期停工", row.version)
    assert Action.EXTENSION_GRANTED in service.read_case(city.supervisor, row.id).actions
    assert Action.EXTENSION_REQUESTED not in service.read_case(city.own, row.id).actions
    version = service.grant_extension(city.supervisor, row.id, date(2026, 12, 15), "", version)
    after = case_of(city, city.red).case
    assert (after.due_on, after.extended_times, after.extension_to) == (date(2026, 12, 15), 1, None)
    version = service.request_extension(city.own, row.id, until, "再延", version)
    service.refuse_extension(city.supervisor, row.id, "理由不足", version)
    assert case_of(city, city.red).case.due_on == date(2026, 12, 15)
    kinds = [event["kind"] for event in rows(store, RectificationEvent)[-4:]]
    assert kinds == ["extension_requested", "extension_granted", "extension_requested", "extension_refused"]


def test_second_person_on_one_case_is_told_and_nothing_is_overwritten(city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.PLAN, TODAY)
    service.submit_plan(city.own, row.id, "甲方案", TODAY, row.version)
    with pytest.raises(Conflict) as refusal:
        service.submit_plan(city.unit_actor, row.id, "乙方案", TODAY, row.version)
    assert refusal.value.attempted == {"plan": "乙方案", "promised_on": TODAY}
    assert refusal.value.current == {"step": "整改中", "plan": "甲方案", "promised_on": None}


def test_verbs_need_their_permission(city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.PLAN, TODAY)
    leader = make_actor(Role.LEADER)
    for refused_to, act in (
        (city.own, lambda a: service.open_for_round(a, city.round)),
        (city.own, lambda a: service.issue_notices(a, [row.id])),
        (city.own, lambda a: service.sweep(a)),
        (city.own, lambda a: service.return_plan(a, row.id, "x", 1)),
        (city.own, lambda a: service.verify(a, row.id, VISIT, [], 1, passed=True)),
        (city.own, lambda a: service.close_out(a, row.id, "x", "y", 1)),
        (city.own, lambda a: service.interview(a, row.id, "x", "", 1)),
        (city.own, lambda a: service.grant_extension(a, row.id, TODAY, "", 1)),
        (city.own, lambda a: service.refuse_extension(a, row.id, "x", 1)),
        (city.own, lambda a: service.save_rules(a, SHIPPED, "x")),
        (city.supervisor, lambda a: service.submit_plan(a, row.id, "x", TODAY, 1)),
        (leader, lambda a: service.submit_feedback(a, row.id, "x", [PHOTO], 1)),
        (leader, lambda a: service.request_extension(a, row.id, TODAY, "x", 1)),
        (make_actor(Role.AUDITOR), lambda a: service.board(a)),
    ):
        with pytest.raises(PermissionDenied):
            act(refused_to)


def test_foreign_case_is_not_found_and_not_counted(city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.PLAN, TODAY)
    for act in (
        lambda: service.read_case(city.stranger, row.id),
        lambda: service.submit_plan(city.stranger, row.id, "x", TODAY, row.version),
    ):
        with pytest.raises(NotFound):
            act()
    assert [card.row.subject_id for card in service.cases(city.stranger).cards] == [city.foreign]
    assert [card.row.subject_id for card in service.cases(city.unit_actor).cards] == [city.red]
    assert service.cases(city.own).total == 2


def test_slipped_plan_is_raised_by_the_first_reader_once(store, clock, city: FlaggedCity) -> None:
    row = drive(city, city.yellow, Step.PLAN, TODAY)  # due on Friday, 27 November
    clock.advance(days=5)
    assert service.board(city.own).columns[1].overdue == 0
    clock.advance(days=1)
    card = service.read_case(city.own, row.id).card
    assert (card.row.case.level, card.row.case.raised_times, card.leader) == (FlagLevel.SEVERE, 1, "分管市领导")
    assert (card.row.case.due_on, card.left.days) == (date(2026, 11, 27), -1)
    assert service.sweep(city.supervisor) == 0
    event = rows(store, RectificationEvent)[-1]
    assert (event["kind"], event["note"]) == ("raised", "“待报整改方案”逾期，黄旗升级为红旗，由分管市领导督办")
    with store.read() as connection:
        query = select(AuditEvent.actor).where(AuditEvent.entity == "rectification").order_by(AuditEvent.seq.desc())
        assert connection.execute(query.limit(1)).scalar_one() == "system"
    # the flag of the published round stays as it was published
    assert [row["level"] for row in rows(store, FlagDecision) if row["subject_id"] == city.yellow] == ["warn"]


def test_sweep_of_a_given_day_raises_up_to_the_last_leader(city: FlaggedCity) -> None:
    drive(city, city.yellow, Step.PLAN, TODAY)
    assert service.sweep(city.supervisor, date(2027, 1, 1)) == 1
    assert case_of(city, city.yellow).case.raised_times == 2
    assert service.sweep(city.supervisor, date(2027, 6, 1)) == 0


def test_board_counts_all_and_shows_the_first(city: FlaggedCity, monkeypatch, clock) -> None:
    drive(city, city.red, Step.CLOSED, TODAY)
    monkeypatch.setattr("core.services.rectifications.reading.PER_STEP", 1)
    clock.advance(days=2)
    board = service.board(city.supervisor)
    shape = [(column.step, column.cases, column.overdue, len(column.cards)) for column in board.columns]
    assert shape == [
        (Step.NOTICE, 2, 2, 1),
        (Step.PLAN, 0, 0, 0),
        (Step.FEEDBACK, 0, 0, 0),
        (Step.VERIFICATION, 0, 0, 0),
        (Step.CLOSED, 1, 0, 1),
    ]
    assert (f"{board.rates.closed_pct:.1f}", board.rates.in_time_pct) == ("33.3", 100)
    assert service.board(make_actor(Role.UNIT, units=[999])).rates.closed_pct is None


def test_filters_narrow(city: FlaggedCity, clock) -> None:
    row = drive(city, city.red, Step.FEEDBACK, TODAY)

    def names(wanted: CaseFilter) -> list[str]:
        return [card.row.name for card in service.cases(city.supervisor, wanted).cards]

    assert names(CaseFilter(levels=(FlagLevel.SEVERE,))) == ["东湖大桥"]
    assert names(CaseFilter(county_id=city.other)) == ["西山公路"]
    assert names(CaseFilter(unit_id=city.unit)) == ["东湖大桥"]
    assert names(CaseFilter(text="隧道")) == ["东湖隧道"]
    assert names(CaseFilter(text="%")) == []
    assert names(CaseFilter(text="〕3号")) == ["西山公路"]
    assert names(CaseFilter(round_id=999)) == []
    assert names(CaseFilter(overdue_on=date(2026, 11, 24))) == ["东湖隧道", "西山公路"]
    assert names(service.mine(city.supervisor, CaseFilter())) == ["东湖隧道", "西山公路"]
    assert [c.row.name for c in service.cases(city.own, service.mine(city.own, CaseFilter())).cards] == ["东湖大桥"]
    service.request_extension(city.own, row.id, date(2026, 12, 20), "汛期", row.version)
    assert names(service.mine(city.supervisor, CaseFilter())) == ["东湖隧道", "西山公路", "东湖大桥"]


def test_interview_and_direct_close_out_leave_their_papers(store, city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.PLAN, TODAY)
    yellow = case_of(city, city.yellow)
    assert refused(service.interview, city.supervisor, yellow.id, "约谈", "", yellow.version) == ["not_severe"]
    version = service.interview(city.supervisor, row.id, "副市长约谈局长", "约〔2026〕1号", row.version)
    codes = refused(service.close_out, city.supervisor, row.id, "", "", version)
    assert codes == ["missing", "missing"]
    service.close_out(city.supervisor, row.id, "项目调出", "市府函〔2026〕8号", version)
    events = rows(store, RectificationEvent)[-2:]
    assert [(event["kind"], event["document_no"]) for event in events] == [
        ("interviewed", "约〔2026〕1号"),
        ("closed", "市府函〔2026〕8号"),
    ]
    assert last_headline(store) == "东湖大桥 红旗已销号"


def test_offenders_are_counted_over_published_rounds_of_the_year(store, city: FlaggedCity) -> None:
    with store.transaction(SYSTEM) as tx:
        second = make_round(tx, 2)
        make_decision(tx, second, city.red, county_id=city.county, name="东湖大桥（改名）", streak=3)
        draft = make_round(tx, 3, status=RoundStatus.DRAFT)
        make_decision(tx, draft, city.yellow, county_id=city.county, streak=2)
        make_decision(tx, make_round(tx, 1, year=2025), city.yellow, county_id=city.county)
    (found,) = service.serial_offenders(city.supervisor, 2026)
    assert (found.subject_id, found.name, found.severe, found.warn, found.streak) == (
        city.red,
        "东湖大桥（改名）",
        2,
        0,
        3,
    )
    assert service.serial_offenders(city.stranger, 2026) == ()


def test_rules_are_versions_and_open_cases_keep_their_deadlines(store, city: FlaggedCity) -> None:
    row = drive(city, city.red, Step.PLAN, TODAY)
    assert service.save_rules(city.supervisor, RectificationRules(DeadlineLadder(plan=7)), "市政府办通知") == 1
    assert service.save_rules(city.supervisor, RectificationRules(DeadlineLadder(plan=8)), "再改期限") == 2
    assert service.read_rules(city.own).ladder.plan == 8
    assert case_of(city, city.red).case.due_on == row.case.due_on
    assert refused(service.save_rules, city.supervisor, SHIPPED, " ") == ["short_reason"]
    assert refused(service.save_rules, city.supervisor, RectificationRules(DeadlineLadder(plan=0)), "x") == [
        "out_of_range"
    ]
    service.issue_notices(city.supervisor, [case_of(city, city.yellow).id])
    assert case_of(city, city.yellow).case.due_on == date(2026, 12, 2)
