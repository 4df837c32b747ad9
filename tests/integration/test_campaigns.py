"""Campaigns through the service: deployed in scope, reported by the lead unit, closed out and accepted by another."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from core.domain.campaigns.acceptance import Judgement
from core.domain.campaigns.words import ReportPeriod, TaskState, Verdict
from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.terms import FlagLevel
from core.services import attachments
from core.services import campaigns as service
from core.services.campaigns import Assessment, PhaseDraft, TaskDraft, TaskReport
from db.models import (
    AuditEvent,
    Campaign,
    CampaignAcceptance,
    CampaignEvent,
    CampaignPhase,
    CampaignProgress,
    CampaignProject,
    CampaignTask,
)
from tests.support.campaigns import (
    TODAY,
    CampaignCity,
    campaign_city,
    campaign_draft,
    finish,
    launched,
    task_drafts,
    tasks_of,
)
from tests.support.photos import make_photo


@pytest.fixture
def city(store) -> CampaignCity:
    return campaign_city(store)


def rows(store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.id)).mappings())


def refused(action, *arguments) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        action(*arguments)
    return [problem.code for problem in refusal.value.problems]


def report(city, key, number, percent, text="推进正常。", actual=None, actor=None) -> None:
    line = tasks_of(city, key)[number]
    service.report(actor or city.unit, [TaskReport(line.row.id, line.row.version, percent, text, actual)])


def claimed(city, key, number="1.1") -> tuple[int, int]:
    report(city, key, number, 100)
    line = tasks_of(city, key)[number]
    return line.row.id, service.claim(city.unit, line.row.id, "已合龙。", line.row.version)


def test_create_numbers_within_kind_and_year_and_writes_event_and_audit(store, city) -> None:
    service.create(city.commander, campaign_draft(city))
    service.create(city.commander, campaign_draft(city, name="第二战"))
    found = rows(store, Campaign)
    assert [row["code"] for row in found] == ["GJ-2026-01", "GJ-2026-02"]
    first = found[0]
    assert (first["status"], first["first_finish_on"], first["acceptance_due_on"]) == (
        "draft",
        date(2026, 12, 31),
        date(2026, 12, 31),
    )
    assert [row["kind"] for row in rows(store, CampaignEvent)] == ["created", "created"]
    with store.read() as connection:
        query = select(AuditEvent.actor).where(AuditEvent.entity == "campaign", AuditEvent.action == "insert")
        assert connection.execute(query).scalars().all() == ["huizhan", "huizhan"]


def test_create_is_refused_outside_the_own_headquarters_and_names_every_problem(city) -> None:
    with pytest.raises(PermissionDenied, match="只能部署"):
        service.create(city.commander, campaign_draft(city, headquarters_id=None, lead_unit_id=None))
    with pytest.raises(PermissionDenied):
        service.create(city.unit, campaign_draft(city))
    wrong = campaign_draft(city, name=" ", year=1000, finish_on=date(2026, 1, 1))
    assert refused(service.create, city.commander, wrong) == ["missing", "out_of_range", "out_of_order"]


def test_pasted_tasks_become_a_tree_with_first_baselines(store, city) -> None:
    key = service.create(city.commander, campaign_draft(city))
    service.add_tasks(city.commander, key, list(reversed(task_drafts())), 1)
    by_name = {row["name"]: row for row in rows(store, CampaignTask)}
    bridge = by_name["桥梁合龙"]
    assert bridge["parent_id"] == by_name["主线贯通"]["id"]
    assert (bridge["first_finish_on"], bridge["weight"], bridge["moves"]) == (date(2026, 11, 27), 2, 0)
    assert by_name["路面铺筑"]["target_milli"] == 60_000
    assert by_name["资金到位"]["parent_id"] is None
    assert {line.place.number: line.row.name for line in service.read_campaign(city.commander, key).lines} == {
        "1": "资金到位",
        "2": "主线贯通",
        "2.1": "路面铺筑",
        "2.2": "桥梁合龙",
    }


def test_one_wrong_row_of_a_paste_stores_nothing(store, city) -> None:
    key = service.create(city.commander, campaign_draft(city))
    wrong = [
        *task_drafts(),
        TaskDraft("3.1", "没有上级", "市交通运输局", date(2026, 3, 1), date(2026, 4, 1)),
    ]
    assert refused(service.add_tasks, city.commander, key, wrong, 1) == ["no_parent"]
    late = TaskDraft("9", "超期", "市交通运输局", date(2026, 3, 1), date(2027, 4, 1))
    assert refused(service.add_tasks, city.commander, key, [late], 1) == ["outside_parent"]
    unknown = TaskDraft("9", "谁的", "没有这个局", date(2026, 3, 1), None)
    assert refused(service.add_tasks, city.commander, key, [unknown], 1) == ["missing_date", "unknown_unit"]
    assert rows(store, CampaignTask) == []


def test_launch_needs_four_clarities_and_tasks_with_lead_units(store, city) -> None:
    key = service.create(city.commander, campaign_draft(city, standard="", results=" "))
    assert refused(service.launch, city.commander, key, 1) == ["not_clear", "missing"]
    version = service.edit(city.commander, key, campaign_draft(city), 1)
    nobody = TaskDraft("", "没人", "", date(2026, 3, 1), date(2026, 4, 1))
    version = service.add_tasks(city.commander, key, [nobody], version)
    assert refused(service.launch, city.commander, key, version) == ["missing"]
    line = tasks_of(city, key)["1"]
    given = TaskDraft("", "没人", "市财政局", date(2026, 3, 1), date(2026, 4, 1))
    service.edit_task(city.commander, line.row.id, given, "", line.row.version)
    service.launch(city.commander, key, version)
    assert rows(store, Campaign)[0]["status"] == "running"


def test_campaign_is_seen_by_who_leads_a_task_or_brings_a_project_and_by_nobody_else(city) -> None:
    key = launched(city)
    assert len(service.board(city.helping, 2026).cards) == 1
    assert service.board(city.stranger, 2026).cards == ()
    with pytest.raises(NotFound):
        service.read_campaign(city.stranger, key)
    assert not service.read_campaign(city.helping, key).manages
    with pytest.raises(PermissionDenied):
        service.add_tasks(city.helping, key, task_drafts(), 3)


def test_linking_a_project_opens_the_campaign_to_its_county_and_may_be_taken_back(store, city) -> None:
    key = launched(city)
    version = service.read_campaign(city.commander, key).card.row.version
    assert refused(service.link_projects, city.commander, key, ["没有这个"], version) == ["not_one"]
    version = service.link_projects(city.commander, key, ["DHDQ", "东湖大桥", ""], version)
    assert [row["project_id"] for row in rows(store, CampaignProject)] == [city.bridge]
    assert service.read_campaign(city.commander, key).projects[0].code == "DHDQ"
    service.link_projects(city.commander, key, [], version)
    assert service.read_campaign(city.commander, key).projects == ()
    assert [row["is_ended"] for row in rows(store, CampaignProject)] == [True]


def test_report_is_kept_by_period_and_the_task_repeats_the_latest(store, city) -> None:
    key = launched(city)
    report(city, key, "1.2", 40, actual=Decimal("24.5"))
    report(city, key, "1.2", 55)
    kept = rows(store, CampaignProgress)
    assert [(row["period_key"], row["percent"], row["actual_milli"]) for row in kept] == [
        ("2026-W47", 40, 24_500),
        ("2026-W47", 55, 24_500),
    ]
    line = tasks_of(city, key)["1.2"]
    assert (line.row.facts.percent, line.row.actual_milli, line.percent) == (55, 24_500, Fraction(55))


def test_report_is_refused_to_other_units_for_parents_and_backwards_without_words(city) -> None:
    key = launched(city)
    lines = tasks_of(city, key)
    with pytest.raises(PermissionDenied, match="市交通运输局"):
        report(city, key, "1.1", 10, actor=city.helping)
    assert refused(service.report, city.unit, [TaskReport(lines["1"].row.id, 1, 50)]) == ["not_leaf"]
    report(city, key, "1.1", 60)
    again = TaskReport(lines["1.1"].row.id, 2, 50)
    assert refused(service.report, city.unit, [again]) == ["missing"]
    with pytest.raises(Conflict):
        service.report(city.unit, [TaskReport(lines["1.1"].row.id, 1, 70)])


def test_overdue_task_shows_through_the_mean_and_outranks_a_full_report(city) -> None:
    key = launched(city)
    for number in ("1.1", "1.2"):
        report(city, key, number, 100, actual=Decimal(60) if number == "1.2" else None)
    report(city, key, "2", 99, actor=city.helping)
    card = service.board(city.supervisor, 2026).cards[0]
    assert (card.sums.tasks, card.sums.overdue, card.sums.percent) == (3, 1, Fraction(399, 4))
    assert card.level is FlagLevel.WARN
    line = tasks_of(city, key)["2"]
    assert (line.state, line.level, line.late_days) == (TaskState.OVERDUE, FlagLevel.SEVERE, 2)


def test_unreported_task_is_no_data_and_not_zero(city) -> None:
    key = launched(city)
    card = service.board(city.supervisor, 2026).cards[0]
    assert (card.sums.percent, card.sums.gap_pp, card.missing) == (None, None, 3)
    report(city, key, "1.1", 100)
    sums = service.board(city.supervisor, 2026).cards[0].sums
    assert (sums.percent, sums.known_weight) == (Fraction(100), Fraction(1, 2))


def test_moved_date_is_counted_and_the_first_baseline_stays(store, city) -> None:
    key = launched(city)
    line = tasks_of(city, key)["2"]
    later = TaskDraft("", "资金到位", "市财政局", date(2026, 3, 1), date(2026, 12, 1))
    assert refused(service.edit_task, city.commander, line.row.id, later, "", 1) == ["missing"]
    service.edit_task(city.commander, line.row.id, later, "债券额度下达推迟", 1)
    moved = tasks_of(city, key)["2"]
    assert (moved.row.moves, moved.late_days, moved.first_late_days) == (1, 0, 2)
    event = rows(store, CampaignEvent)[-1]
    assert (event["kind"], event["note"]) == ("moved", "债券额度下达推迟")
    assert (event["old_due_on"], event["new_due_on"]) == (date(2026, 11, 20), date(2026, 12, 1))


def test_claim_needs_full_progress_and_the_measured_result(city) -> None:
    key = launched(city)
    line = tasks_of(city, key)["1.2"]
    assert refused(service.claim, city.unit, line.row.id, "", 1) == ["not_full", "missing", "missing"]
    report(city, key, "1.2", 100, actual=Decimal(60))
    service.claim(city.unit, line.row.id, "铺筑完成。", 2)
    assert tasks_of(city, key)["1.2"].state is TaskState.CLAIMED


def test_whoever_reported_does_not_verify(city) -> None:
    key = launched(city)
    line = tasks_of(city, key)["1.1"]
    service.report(city.commander, [TaskReport(line.row.id, 1, 100, "完成。")])
    service.claim(city.commander, line.row.id, "完成。", 2)
    assert refused(service.close_out, city.commander, line.row.id, "属实。", 3) == ["same_person"]
    service.close_out(city.deputy, line.row.id, "属实。", 3)
    assert tasks_of(city, key)["1.1"].state is TaskState.CLOSED_OUT


def test_returned_task_runs_again_and_a_close_out_can_be_taken_back(store, city) -> None:
    key = launched(city)
    task_id, version = claimed(city, key)
    assert refused(service.return_task, city.commander, task_id, "", version) == ["missing"]
    version = service.return_task(city.commander, task_id, "焊缝检测报告缺失。", version)
    line = tasks_of(city, key)["1.1"]
    assert (line.state, line.level, line.row.facts.finished_on) == (TaskState.RETURNED, FlagLevel.WARN, None)
    version = service.claim(city.unit, task_id, "已补检测报告。", version)
    version = service.close_out(city.commander, task_id, "", version)
    assert {row["id"]: row["closed_on"] for row in rows(store, CampaignTask)}[task_id] == TODAY
    service.reopen(city.commander, task_id, "误操作。", version)
    assert tasks_of(city, key)["1.1"].state is TaskState.RETURNED
    assert [row["kind"] for row in rows(store, CampaignEvent)][-5:] == [
        "claimed",
        "returned",
        "claimed",
        "closed_out",
        "reopened",
    ]


def test_dropped_task_takes_its_parts_and_counts_nowhere(city) -> None:
    key = launched(city)
    line = tasks_of(city, key)["1"]
    service.drop_task(city.commander, line.row.id, "并入国道项目。", line.row.version)
    assert list(tasks_of(city, key)) == ["1"]
    assert service.board(city.supervisor, 2026).cards[0].sums.tasks == 1


def test_passed_acceptance_needs_every_task_closed_out_and_ends_the_campaign(store, city) -> None:
    key = launched(city)
    version = service.read_campaign(city.supervisor, key).card.row.version
    passed = Judgement(Verdict.PASSED, TODAY, "逐项核对无误。")
    assert refused(service.accept, city.supervisor, key, passed, "", version) == ["tasks_open"]
    failed = Judgement(Verdict.FAILED, TODAY, "两项未完成。", "补齐资金。", date(2026, 12, 20))
    version = service.accept(city.supervisor, key, failed, "验〔2026〕1号", version)
    card = service.board(city.supervisor, 2026).cards[0]
    assert (card.row.status.value, card.row.acceptance_due_on) == ("running", date(2026, 12, 20))
    finish(city, key)
    service.accept(city.supervisor, key, passed, "验〔2026〕2号", version)
    row = rows(store, Campaign)[0]
    assert (row["status"], row["accepted_on"]) == ("accepted", TODAY)
    assert [(row["number"], row["verdict"], row["due_on"]) for row in rows(store, CampaignAcceptance)] == [
        (1, "failed", date(2026, 12, 31)),
        (2, "passed", date(2026, 12, 20)),
    ]
    with pytest.raises(Invalid, match="已通过验收"):
        service.add_tasks(city.commander, key, task_drafts(), version + 1)


def test_assessment_is_scored_and_shown_on_the_card(city) -> None:
    key = launched(city)
    wrong = Assessment("", date(2027, 1, 1), Decimal(101), "")
    assert refused(service.assess, city.supervisor, key, wrong) == ["missing", "missing", "future", "out_of_range"]
    service.assess(city.supervisor, key, Assessment("省社科院", TODAY, Decimal("86.5"), "推进扎实。"))
    assert service.board(city.supervisor, 2026).cards[0].score_milli == 86_500


def test_copy_is_next_years_draft_with_moved_dates_and_no_progress(store, city) -> None:
    key = launched(city, name="2026年综合交通大会战")
    report(city, key, "1.2", 80, actual=Decimal(40))
    version = service.read_campaign(city.commander, key).card.row.version
    phases = [PhaseDraft("动员部署", date(2026, 3, 1), date(2026, 3, 31), "任务到人")]
    service.save_phases(city.commander, key, phases, version)
    assert refused(service.copy, city.commander, key, 2026) == ["same"]
    copied = service.copy(city.commander, key, 2027)
    view = service.read_campaign(city.commander, copied)
    assert (view.card.row.code, view.card.row.name, view.card.row.status.value) == (
        "GJ-2027-01",
        "2027年综合交通大会战",
        "draft",
    )
    assert view.phases[0].start_on == date(2027, 3, 1)
    paving = next(line.row for line in view.lines if line.row.name == "路面铺筑")
    assert (paving.facts.planned_finish_on, paving.facts.percent, paving.actual_milli) == (
        date(2027, 12, 20),
        None,
        None,
    )
    assert [line.place.number for line in view.lines] == ["1", "1.1", "1.2", "2"]


def test_road_map_is_replaced_and_old_stretches_stay(store, city) -> None:
    key = service.create(city.commander, campaign_draft(city))
    outside = [PhaseDraft("过早", date(2026, 1, 1), date(2026, 3, 31))]
    assert refused(service.save_phases, city.commander, key, outside, 1) == ["outside_parent"]
    first = [PhaseDraft("动员", date(2026, 3, 1), date(2026, 3, 31))]
    version = service.save_phases(city.commander, key, first, 1)
    service.save_phases(city.commander, key, [PhaseDraft("攻坚", date(2026, 4, 1), date(2026, 11, 30))], version)
    assert [(row["name"], row["is_dropped"]) for row in rows(store, CampaignPhase)] == [("动员", True), ("攻坚", False)]


def test_grid_holds_my_tasks_by_period_and_says_what_is_in(city) -> None:
    key = launched(city)
    grid = service.grids(city.unit)[ReportPeriod.WEEK]
    assert (grid.period.key, [row.line.row.name for row in grid.rows]) == ("2026-W47", ["桥梁合龙", "路面铺筑"])
    report(city, key, "1.1", 70, "南岸合龙段施工。")
    first = service.grids(city.unit)[ReportPeriod.WEEK].rows[0]
    assert first.last is not None
    assert (first.is_done, first.last.percent, first.last.text) == (True, 70, "南岸合龙段施工。")
    assert service.grids(city.leader) == {}


def test_rules_are_versions_and_move_the_light(city) -> None:
    key = launched(city)
    report(city, key, "1.1", 84)
    assert tasks_of(city, key)["1.1"].level is FlagLevel.WARN
    rules = service.read_rules(city.supervisor)
    assert rules.warn_pp == 10
    assert service.save_rules(city.supervisor, replace(rules, warn_pp=18), "试行一月") == 1
    assert tasks_of(city, key)["1.1"].level is FlagLevel.OK
    assert refused(service.save_rules, city.supervisor, replace(rules, warn_pp=20), "错") == ["out_of_order"]


def test_letter_of_the_lead_unit_names_all_tasks_and_that_of_one_unit_its_own(city) -> None:
    key = launched(city)

    def cells(unit_id: int | None) -> set[str]:
        document = Document(BytesIO(service.duty_letter_word(city.commander, key, unit_id)))
        return {cell.text for table in document.tables for row in table.rows for cell in row.cells}

    whole = cells(None)
    assert {"桥梁合龙", "资金到位", "市交通运输局", "交通会战指挥部", "铺筑里程 60公里"} <= whole
    helper = cells(city.helper)
    assert "资金到位" in helper
    assert "桥梁合龙" not in helper
    with pytest.raises(NotFound):
        service.duty_letter_word(city.commander, key, 9999)
    with pytest.raises(NotFound):
        service.duty_letter_word(city.stranger, key)


def test_evidence_of_a_task_is_read_by_the_campaign_and_written_by_its_unit_alone(city) -> None:
    key = launched(city)
    task_id = tasks_of(city, key)["2"].row.id
    photo = make_photo()
    attachments.attach(city.helping, "campaign_task", task_id, "到账.jpg", photo)
    assert [row.file_name for row in attachments.list_for(city.unit, "campaign_task", [task_id])] == ["到账.jpg"]
    assert attachments.list_for(city.stranger, "campaign_task", [task_id]) == ()
    other = tasks_of(city, key)["1.1"].row.id
    with pytest.raises(NotFound):
        attachments.attach(city.helping, "campaign_task", other, "桥.jpg", photo)
    with pytest.raises(PermissionDenied):
        attachments.attach(city.helping, "campaign", key, "验收.jpg", photo)
    attachments.attach(city.commander, "campaign", key, "验收.jpg", photo)
