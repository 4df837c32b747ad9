"""Headquarters in the store: founding, members, checklist, reports; scope, conflicts, audit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.evidence import EvidenceOwner
from core.domain.headquarters import DEFAULT_SET_UP, Post, SetUpList
from core.domain.headquarters_reports import ReportCycle
from core.domain.terms import Role
from core.services import attachments
from core.services import headquarters as service
from core.services.headquarters import Charter, MemberDraft
from db.models import AuditEvent, Headquarters, HeadquartersMember, HeadquartersReport, HeadquartersStep
from tests.factories import make_actor
from tests.support.headquarters import TODAY, City, make_city

NEW = Charter("滨江新城建设指挥部", "滨江新城", "建设滨江新城", founded_on=date(2026, 11, 20))
SENT_ON = date(2026, 11, 3)


@pytest.fixture
def city(store) -> City:
    return make_city(store)


def rows(store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.id)).mappings())


def audited(store, entity: str) -> list[tuple[str, str]]:
    with store.read() as connection:
        query = select(AuditEvent.action, AuditEvent.actor).where(AuditEvent.entity == entity)
        return [tuple(row) for row in connection.execute(query.order_by(AuditEvent.seq))]


def test_founding_makes_the_checklist_with_working_days(store, city) -> None:
    key = service.found(city.supervisor, NEW)
    row = next(row for row in rows(store, Headquarters) if row["id"] == key)
    assert (row["name"], row["short_name"], row["founded_on"]) == (NEW.name, "滨江新城", date(2026, 11, 20))
    steps = {step["code"]: step["due_on"] for step in rows(store, HeadquartersStep)}
    assert len(steps) == len(DEFAULT_SET_UP.steps)
    assert steps["commander"] == date(2026, 11, 25)  # Friday + 3 working days
    assert row["set_up_due_on"] == max(steps.values()) == date(2026, 12, 18)
    assert ("insert", "supervisor") in audited(store, "headquarters_step")


def test_no_step_is_due_after_the_whole(store, city) -> None:
    service.found(city.supervisor, replace(NEW, set_up_due_on=date(2026, 11, 30)))
    assert max(step["due_on"] for step in rows(store, HeadquartersStep)) == date(2026, 11, 30)


def test_founding_is_refused_below_city_level_and_twice(store, city) -> None:
    with pytest.raises(PermissionDenied):
        service.found(city.manager, NEW)
    with pytest.raises(PermissionDenied):
        service.found(city.county, NEW)
    assert service.found(city.manager, NEW, parent_id=city.hall)
    with pytest.raises(Invalid) as caught:
        service.found(city.supervisor, NEW)
    assert [problem.code for problem in caught.value.problems] == ["name_taken"]


def test_charter_is_saved_once_and_a_stale_version_is_a_conflict(store, city) -> None:
    charter = Charter("会堂指挥部", mission="统筹会堂片区", goals="一年成形")
    assert service.save_charter(city.manager, city.hall, charter, 1) == 2
    with pytest.raises(Conflict) as caught:
        service.save_charter(city.supervisor, city.hall, replace(charter, goals="两年成形"), 1)
    assert (caught.value.current["goals"], caught.value.attempted["goals"]) == ("一年成形", "两年成形")
    with pytest.raises(NotFound):
        service.save_charter(city.manager, city.harbour, charter, 1)
    with pytest.raises(PermissionDenied):
        service.save_charter(city.leader, city.hall, charter, 2)


def test_members_tick_off_the_posts_and_the_commander_follows(store, city) -> None:
    key = service.found(city.supervisor, NEW)
    drafts = [MemberDraft("周主帅", Post.COMMANDER), MemberDraft("李联络", Post.LIAISON, "市发改委", "0999-1")]
    assert service.save_members(city.supervisor, key, drafts) == 2
    one = service.read_one(city.supervisor, key)
    assert one.card.commander == "周主帅"
    assert {step.code: step.done_on for step in one.steps if step.done_on} == {"commander": TODAY, "liaison": TODAY}
    headquarters = next(row for row in rows(store, Headquarters) if row["id"] == key)
    assert headquarters["commander_id"] == rows(store, HeadquartersMember)[0]["person_id"]
    left = replace(drafts[0], id=one.members[0].id, version=1, to_on=TODAY - timedelta(days=1))
    assert service.save_members(city.supervisor, key, [left]) == 1
    assert service.read_one(city.supervisor, key).card.commander == ""


def test_bad_members_are_all_named_and_nothing_is_written(store, city) -> None:
    drafts = [
        MemberDraft("张三", Post.SECONDED),
        MemberDraft("", Post.SECONDED),
        MemberDraft("王五", Post.SECONDED, from_on=TODAY, to_on=TODAY - timedelta(days=1)),
    ]
    with pytest.raises(Invalid) as caught:
        service.save_members(city.manager, city.hall, drafts)
    told = [problem.message for problem in caught.value.problems]
    assert told[0] == "第 2 行：请填写成员姓名。"
    assert told[1].startswith("第 3 行：期满日期")
    assert rows(store, HeadquartersMember) == []


def test_member_changed_by_two_is_a_conflict(store, city) -> None:
    service.save_members(city.manager, city.hall, [MemberDraft("张三", Post.SECONDED)])
    (member,) = service.read_one(city.manager, city.hall).members
    first = MemberDraft("张三", Post.SECONDED, phone="1", id=member.id, version=1)
    assert service.save_members(city.supervisor, city.hall, [first]) == 1
    with pytest.raises(Conflict):
        service.save_members(city.manager, city.hall, [replace(first, phone="2")])
    assert [row["phone"] for row in rows(store, HeadquartersMember)] == ["1"]


def test_steps_are_ticked_off_opened_again_and_moved_with_a_reason(store, city) -> None:
    service.start_set_up(city.manager, city.hall)
    with pytest.raises(Invalid):
        service.start_set_up(city.manager, city.hall)
    step = service.read_one(city.manager, city.hall).steps[4]
    with pytest.raises(Invalid) as caught:
        service.complete_step(city.manager, city.hall, step.id, TODAY + timedelta(days=1), "", step.version)
    assert [problem.code for problem in caught.value.problems] == ["to_come"]
    version = service.complete_step(city.manager, city.hall, step.id, TODAY, "已印发", step.version)
    version = service.complete_step(city.manager, city.hall, step.id, None, "", version)
    with pytest.raises(Invalid):
        service.move_step(city.manager, city.hall, step.id, TODAY, " ", version)
    service.move_step(city.manager, city.hall, step.id, TODAY, "场地装修", version)
    stored = next(row for row in rows(store, HeadquartersStep) if row["id"] == step.id)
    assert (stored["done_on"], stored["due_on"], stored["note"]) == (None, TODAY, "")
    assert audited(store, "headquarters_step").count(("update", "hq")) == 3
    with pytest.raises(NotFound):
        service.complete_step(city.manager, city.harbour, step.id, TODAY, "", 1)


def test_papers_of_a_step_are_seen_by_those_who_serve_there(city, store) -> None:
    service.start_set_up(city.manager, city.hall)
    step = service.read_one(city.manager, city.hall).steps[0]
    owner = EvidenceOwner.HEADQUARTERS_STEP.value
    attachments.attach(city.manager, owner, step.id, "批复.pdf", b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n")
    assert len(attachments.list_for(city.manager, owner, [step.id])) == 1
    assert attachments.list_for(city.county, owner, [step.id]) == ()
    stranger = make_actor(Role.HEADQUARTERS, headquarters=[city.harbour])
    with pytest.raises(NotFound):
        attachments.attach(stranger, owner, step.id, "别处.pdf", b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n")


def test_checklist_in_force_is_versioned_and_spares_those_under_way(store, city) -> None:
    first = service.found(city.supervisor, NEW)
    shorter = SetUpList("组建清单", DEFAULT_SET_UP.steps[:2])
    assert service.save_set_up(city.supervisor, shorter, "市委办〔2026〕8号") == 1
    second = service.found(city.supervisor, replace(NEW, name="第二指挥部"))
    owners = [row["headquarters_id"] for row in rows(store, HeadquartersStep)]
    assert (owners.count(first), owners.count(second)) == (9, 2)
    with pytest.raises(PermissionDenied):
        service.save_set_up(city.manager, shorter, "理由")


def test_report_is_sent_once_and_its_file_is_kept(store, city) -> None:
    service.set_schedule(city.manager, city.hall, ReportCycle.MONTHLY, 3, date(2026, 10, 1))
    duty = service.read_one(city.manager, city.hall).duties[0]
    assert (duty.duty.period.label, duty.duty.due_on, duty.duty.is_overdue) == ("2026年10月", date(2026, 11, 4), True)
    args = (city.hall, ReportCycle.MONTHLY, date(2026, 10, 1))
    key = service.send(city.manager, *args, date(2026, 11, 6), "会指〔2026〕10号", "一是抓开工。")
    (row,) = rows(store, HeadquartersReport)
    assert (row["due_on"], row["sent_on"], row["sent_by"]) == (date(2026, 11, 4), date(2026, 11, 6), "hq")
    (file,) = attachments.list_for(city.manager, EvidenceOwner.HEADQUARTERS_REPORT.value, [key])
    assert file.file_name == "会堂指挥部月报-2026年10月.docx"
    with pytest.raises(Invalid) as caught:
        service.send(city.manager, *args, TODAY, "")
    assert [problem.code for problem in caught.value.problems] == ["sent_already"]
    found = service.read_one(city.manager, city.hall)
    assert [item.duty.period.label for item in found.duties] == ["2026年11月"]
    assert found.reports[0].is_late


def test_report_needs_a_schedule_and_a_day_that_has_come(store, city) -> None:
    with pytest.raises(Invalid) as caught:
        service.send(city.manager, city.hall, ReportCycle.WEEKLY, TODAY, TODAY + timedelta(days=1), "")
    assert {problem.code for problem in caught.value.problems} == {"no_schedule", "sent_on"}
    assert rows(store, HeadquartersReport) == []


def test_schedule_that_somebody_else_made_is_a_conflict(store, city) -> None:
    service.set_schedule(city.manager, city.hall, ReportCycle.WEEKLY, 1, TODAY)
    with pytest.raises(Conflict):
        service.set_schedule(city.supervisor, city.hall, ReportCycle.WEEKLY, 2, TODAY)
    with pytest.raises(Invalid):
        service.set_schedule(city.supervisor, city.hall, ReportCycle.WEEKLY, 0, TODAY, expected_version=1)


def test_board_shows_what_the_scope_holds(store, city) -> None:
    cards = {card.row.id: card for card in service.board(city.supervisor).cards}
    hall = cards[city.hall]
    assert (hall.line.projects, hall.problems.total, hall.problems.overdue) == (2, 2, 1)
    assert hall.line.progress.plan_yuan == 30 * 10**8
    assert hall.line.milestones_overdue == 1
    assert cards[city.harbour].line.projects == 0
    seen = service.board(city.county).cards
    assert [(card.row.id, card.line.projects, card.problems.total) for card in seen] == [(city.hall, 1, 1)]
    with pytest.raises(NotFound):
        service.read_one(city.county, city.harbour)
    with pytest.raises(PermissionDenied):
        service.board(make_actor(Role.AUDITOR))


def test_situation_lists_flags_nodes_and_problems_of_one_headquarters(store, city) -> None:
    found = service.situation(city.manager, city.hall)
    assert [row.name for row in found.flagged] == ["大桥"]
    assert found.flagged[0].reasons
    assert [(row.project, row.node) for row in found.due] == [("大桥", "合龙"), ("学校", "封顶")]
    assert [card.row.title for card in found.problems.cards] == ["用地未批", "管线未迁"]
    assert (found.problems.total, found.problems.overdue) == (2, 1)
    assert [row.name for row in service.situation(city.county, city.hall).flagged] == []


def test_report_says_the_figures_of_the_screen(store, city) -> None:
    service.set_schedule(city.manager, city.hall, ReportCycle.MONTHLY, 3, date(2026, 10, 1))
    blocks = service.report(city.manager, city.hall, ReportCycle.MONTHLY, date(2026, 10, 1))
    text = "\n".join(getattr(block, "text", "") for block in blocks)
    card = service.read_one(city.manager, city.hall).card
    assert f"负责项目{card.line.projects}个" in text
    assert "年度计划投资30.0亿元" in text
    assert "累计完成投资12.0亿元，完成年度计划的40.0%" in text
    assert f"未办结问题{card.problems.total}项，其中逾期{card.problems.overdue}项" in text
    assert "11月27日前完成学校“封顶”" in text
    file = service.report_file(city.manager, city.hall, ReportCycle.MONTHLY, date(2026, 10, 1))
    assert file.name == "会堂指挥部月报-2026年10月.docx"
    assert file.content.startswith(b"PK")
    assert ("export", "hq") in audited(store, "headquarters_report")
