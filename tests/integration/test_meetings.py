"""Meetings from agenda to minutes: what rules propose, decisions as matters, what is frozen, who sees what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from threading import Barrier

import pytest
from sqlalchemy import func, select

from core.domain.errors import Conflict, Invalid, Locked, NotFound, PermissionDenied
from core.domain.meeting_agenda import DEFAULT, AgendaRules, Topic, TopicRule
from core.domain.meetings import DecisionState, ItemState, ItemSubject, MeetingStatus
from core.domain.terms import MatterKind, MatterStatus
from core.exporters.official.plain import plain_text
from core.services import matters, meetings
from db.models import AuditEvent, Matter, MatterEvent, Meeting, MeetingDecision, MeetingItem
from tests.support.meetings import MeetingCity, closed, decision, draft, escalated_matter, meeting_city, running


@pytest.fixture
def city(store) -> MeetingCity:
    return meeting_city(store)


def rows(store, model, *where):
    with store.read() as connection:
        query = select(model.__table__).where(*where).order_by(model.__table__.c.id)
        return list(connection.execute(query).mappings())


def agenda(actor, key) -> list[tuple[str, str]]:
    return [(item.topic, item.title) for item in meetings.read_meeting(actor, key).items]


def test_agenda_names_each_project_once_with_every_reason_and_figure(city) -> None:
    key = meetings.create(city.supervisor, draft())
    items = meetings.read_meeting(city.supervisor, key).items
    assert [(item.topic, item.title) for item in items] == [
        (Topic.RED_FLAG, "东湖大桥"),
        (Topic.RED_FLAG, "西山公路"),
        (Topic.UNSTARTED, "东湖学校"),
    ]
    assert items[0].reason.split("；") == [
        "2026年第1轮督查红旗，连续 2 轮，进度低于序时 25.0 个百分点",
        "专项债“大桥专项债一期”20,000 万元已支出 25.0%，要求 50%",
        "关键节点“合龙”应于 2026-10-12 完成，逾期 41 天，共 2 个关键节点逾期",
    ]
    assert items[2].reason == "计划 2026年6月开工，尚未开工，已过 5 个月"
    assert [item.sequence for item in items] == [1, 2, 3]


def test_agenda_of_a_county_or_headquarters_holds_its_own_only(city) -> None:
    own = meetings.create(city.county, draft(county_id=city.east))
    assert agenda(city.county, own) == [(Topic.RED_FLAG, "东湖大桥"), (Topic.UNSTARTED, "东湖学校")]
    base = meetings.create(city.commander, draft(headquarters_id=city.base))
    assert agenda(city.commander, base) == [(Topic.RED_FLAG, "东湖大桥")]


def test_rules_decide_order_and_number_and_are_kept_as_versions(store, city) -> None:
    wanted = AgendaRules("先节点", (TopicRule(Topic.OVERDUE_NODE, 1), TopicRule(Topic.RED_FLAG, 0)), most=5)
    assert meetings.save_rules(city.supervisor, wanted, "常务会议定") == 1
    key = meetings.create(city.supervisor, draft())
    assert agenda(city.supervisor, key) == [(Topic.OVERDUE_NODE, "东湖大桥")]
    assert meetings.read_rules(city.supervisor) == wanted
    assert meetings.save_rules(city.supervisor, DEFAULT, "恢复默认") == 2
    with pytest.raises(PermissionDenied):
        meetings.save_rules(city.county, DEFAULT, "恢复默认")


def test_refresh_adds_what_is_new_and_never_what_was_taken_off(city) -> None:
    key = meetings.create(city.supervisor, draft())
    first = meetings.read_meeting(city.supervisor, key).items[0]
    meetings.remove(city.supervisor, first.id, first.version)
    escalated_matter(city)
    assert meetings.refresh(city.supervisor, key) == 1
    assert agenda(city.supervisor, key)[-1] == (Topic.ESCALATED, "东湖大桥：大桥南岸用地未批")
    assert meetings.refresh(city.supervisor, key) == 0


def test_items_are_added_by_hand_and_put_in_order(city) -> None:
    key = meetings.create(city.supervisor, draft(), with_agenda=False)
    free = meetings.add_topic(city.supervisor, key, "年度考核办法", "征求意见")
    about = meetings.add_topic(city.supervisor, key, "", project="DHDQ")
    meetings.reorder(city.supervisor, key, [about, free])
    items = meetings.read_meeting(city.supervisor, key).items
    assert [(item.id, item.subject, item.project_id) for item in items] == [
        (about, ItemSubject.PROJECT, city.bridge),
        (free, ItemSubject.FREE, None),
    ]
    with pytest.raises(Invalid) as refused:
        meetings.add_topic(city.supervisor, key, "", project="不存在")
    assert [problem.field for problem in refused.value.problems] == ["project"]
    with pytest.raises(Conflict):
        meetings.reorder(city.supervisor, key, [about])


def test_closing_makes_each_decision_a_matter_with_owner_deadline_and_events(store, city) -> None:
    view = running(city)
    meetings.record_decision(city.supervisor, view.items[0].id, decision(city))
    meetings.record_decision(city.supervisor, view.items[2].id, decision(city, "年内开工。", owner=""))
    assert rows(store, Matter) == []
    meetings.close(city.supervisor, view.row.id, view.row.version)
    first, second = rows(store, Matter)
    assert (first["code"], second["code"]) == ("HS-2026-0001", "HS-2026-0002")
    assert (first["kind"], first["status"]) == (MatterKind.CONSULTATION, MatterStatus.IN_PROGRESS)
    assert (first["lead_unit_id"], first["responsible_leader"]) == (city.bureau, "周工")
    assert (first["project_id"], first["county_id"]) == (city.bridge, city.east)
    assert (first["due_on"], first["first_due_on"]) == (date(2026, 12, 10), date(2026, 12, 10))
    assert (first["title"], first["raised_by"], first["source"]) == (
        "十二月十日前完成合龙。",
        "程立诚",
        "2026-11-22 调度会",
    )
    assert second["project_id"] == city.school
    events = rows(store, MatterEvent, MatterEvent.matter_id == first["id"])
    assert [event["kind"] for event in events] == ["registered", "classified", "assigned"]
    assert {event["document_no"] for event in events[1:]} == {view.row.code}
    assert [row["matter_id"] for row in rows(store, MeetingDecision)] == [first["id"], second["id"]]
    with store.read() as connection:
        audited = select(func.count()).where(AuditEvent.entity == "matter", AuditEvent.actor == "ducha")
        assert connection.execute(audited).scalar_one() == 6
    (meeting,) = rows(store, Meeting)
    assert (meeting["status"], meeting["closed_by"]) == (MeetingStatus.CLOSED, "ducha")


def test_closing_names_everything_that_is_missing_and_writes_nothing(store, city) -> None:
    view = running(city)
    bare = decision(city, "尽快办理。", owner_unit_id=None, due_on=None)
    meetings.record_decision(city.supervisor, view.items[1].id, bare)
    with pytest.raises(Invalid) as refused:
        meetings.close(city.supervisor, view.row.id, view.row.version)
    assert [problem.message for problem in refused.value.problems] == [
        "第 2 项议题的议定事项没有责任单位，请补充。",
        "第 2 项议题的议定事项没有完成时限，请补充。",
    ]
    assert rows(store, Matter) == []
    assert rows(store, Meeting)[0]["status"] == MeetingStatus.RUNNING


def test_closed_meeting_is_frozen_and_takes_notes_only(city) -> None:
    view = closed(city, "十二月十日前完成合龙。")
    item, one = view.items[0], view.decisions[0].row
    for write in (
        lambda: meetings.save_discussion(city.supervisor, item.id, "改", item.version),
        lambda: meetings.set_state(city.supervisor, item.id, ItemState.POSTPONED, item.version),
        lambda: meetings.record_decision(city.supervisor, item.id, decision(city)),
        lambda: meetings.change_decision(city.supervisor, one.id, decision(city), one.version),
        lambda: meetings.withdraw_decision(city.supervisor, one.id, one.version),
        lambda: meetings.remove(city.supervisor, item.id, item.version),
        lambda: meetings.refresh(city.supervisor, view.row.id),
        lambda: meetings.close(city.supervisor, view.row.id, view.row.version),
        lambda: meetings.edit(city.supervisor, view.row.id, draft(title="改"), view.row.version),
    ):
        with pytest.raises(Locked):
            write()
    assert not view.may_run
    meetings.add_note(city.supervisor, view.row.id, "第一项责任人更正为李工。")
    assert [note.text for note in meetings.read_meeting(city.supervisor, view.row.id).notes] == [
        "第一项责任人更正为李工。"
    ]


def test_minutes_are_reprinted_as_the_same_bytes_and_say_what_was_stored(store, city) -> None:
    view = running(city)
    meetings.save_discussion(city.supervisor, view.items[0].id, "工期滞后两个月。", view.items[0].version)
    meetings.record_decision(city.supervisor, view.items[0].id, decision(city))
    meetings.close(city.supervisor, view.row.id, view.row.version)
    printed = meetings.word(city.supervisor, view.row.id)
    (stored,) = rows(store, Meeting)
    assert sha256(printed.content).hexdigest() == stored["minutes_sha256"]
    said = plain_text(meetings.preview(city.supervisor, view.row.id))
    assert "工期滞后两个月。" in said
    charge = "责任单位：市交通局，责任人：周工，完成时限：2026年12月10日，事项编号：HS-2026-0001"
    assert f"1. 十二月十日前完成合龙。（{charge}）" in said
    assert "1. 西山公路：本次未议，转下次会议。" in said
    with store.transaction(city.supervisor) as tx:
        tx.update(MeetingItem, view.items[0].id, {"title": "改名"}, expected_version=None)
    assert meetings.word(city.supervisor, view.row.id).content == printed.content
    assert plain_text(meetings.preview(city.supervisor, view.row.id)) == said


def test_decision_on_an_escalated_matter_assigns_it_anew_with_a_new_deadline(store, city) -> None:
    key = escalated_matter(city)
    view = running(city)
    item = next(item for item in view.items if item.subject is ItemSubject.MATTER)
    noted = decision(city, "由市交通局牵头，月底前办结。", due_on=date(2026, 11, 30), is_noted=True)
    meetings.record_decision(city.supervisor, item.id, noted)
    meetings.close(city.supervisor, view.row.id, view.row.version)
    (matter,) = rows(store, Matter)
    assert (matter["id"], matter["due_on"], matter["lead_unit_id"]) == (key, date(2026, 11, 30), city.bureau)
    assert matter["first_due_on"] < matter["due_on"]
    last = rows(store, MatterEvent)[-1]
    assert (last["kind"], last["note"], last["document_no"]) == (
        "assigned",
        "由市交通局牵头，月底前办结。",
        view.row.code,
    )
    assert rows(store, MeetingDecision)[0]["matter_id"] == key


def test_note_that_cannot_move_a_deadline_is_refused_and_everything_else_undone(store, city) -> None:
    key = escalated_matter(city)
    view = running(city)
    version = matters.read_matter(city.supervisor, key).card.row.version
    matters.assign(city.supervisor, {key: version}, matters.Order(city.bureau))
    meetings.record_decision(city.supervisor, view.items[0].id, decision(city))
    item = next(item for item in view.items if item.subject is ItemSubject.MATTER)
    noted = meetings.record_decision(city.supervisor, item.id, decision(city, "抓紧办理。", is_noted=True))
    with pytest.raises(Invalid) as refused:
        meetings.close(city.supervisor, view.row.id, view.row.version)
    assert [problem.code for problem in refused.value.problems] == ["not_noted"]
    assert [row["id"] for row in rows(store, Matter)] == [key]
    meetings.change_decision(city.supervisor, noted, decision(city, "抓紧办理。", due_on=None, is_noted=True), 1)
    meetings.close(city.supervisor, view.row.id, view.row.version)
    assert rows(store, MatterEvent, MatterEvent.matter_id == key)[-1]["kind"] == "decided"
    with pytest.raises(Locked):
        meetings.record_decision(city.supervisor, item.id, decision(city))


def test_note_needs_an_item_about_a_matter(city) -> None:
    view = running(city)
    with pytest.raises(Invalid) as refused:
        meetings.record_decision(city.supervisor, view.items[0].id, decision(city, is_noted=True))
    assert refused.value.problems[0].code == "no_matter"


def test_next_meeting_opens_with_the_decisions_of_the_last_and_their_state(store, city, clock) -> None:
    first = closed(city, "十二月十日前完成合龙。", "月内完成交地。")
    done = first.decisions[1].row.matter_id
    finish(city, done)
    clock.advance(days=21)
    key = meetings.create(city.supervisor, draft(date(2026, 12, 14)))
    view = meetings.read_meeting(city.supervisor, key)
    assert view.previous.id == first.row.id
    assert [(one.row.text, one.state) for one in view.carried] == [
        ("十二月十日前完成合龙。", DecisionState.OVERDUE),
        ("月内完成交地。", DecisionState.DONE),
    ]
    lead = view.items[0]
    assert (lead.topic, lead.subject, lead.subject_id) == (
        Topic.LAST_DECISION,
        ItemSubject.MATTER,
        first.decisions[0].row.matter_id,
    )
    assert lead.reason.startswith("11-22 会议议定，市交通局落实，逾期 ")
    counts = meetings.held(city.supervisor).cards[0].counts
    assert (counts.decisions, counts.done, counts.overdue) == (2, 1, 1)


def finish(city, key) -> None:
    """Take a consultation matter to its result."""
    from core.domain.matters.words import Outcome

    version = matters.read_matter(city.unit, key).card.row.version
    version = matters.report_progress(city.unit, key, "已交地。", version)
    version = matters.reply(city.unit, key, "已交地，手续齐全。", version)
    matters.resolve(city.unit, key, Outcome.SOLVED, "", "", version)


def test_second_person_on_one_item_is_told_and_both_texts_are_carried(city) -> None:
    view = running(city)
    item = view.items[0]
    meetings.save_discussion(city.supervisor, item.id, "甲的记录", item.version)
    with pytest.raises(Conflict) as refused:
        meetings.save_discussion(city.supervisor, item.id, "乙的记录", item.version)
    assert (refused.value.current, refused.value.attempted) == (
        {"discussion": "甲的记录"},
        {"discussion": "乙的记录"},
    )
    key = meetings.record_decision(city.supervisor, item.id, decision(city))
    meetings.change_decision(city.supervisor, key, decision(city, "改为十一日。"), 1)
    with pytest.raises(Conflict):
        meetings.change_decision(city.supervisor, key, decision(city, "改为十二日。"), 1)


def test_withdrawn_decision_is_kept_but_enters_neither_minutes_nor_lists(store, city) -> None:
    view = running(city)
    key = meetings.record_decision(city.supervisor, view.items[0].id, decision(city))
    meetings.withdraw_decision(city.supervisor, key, 1)
    meetings.close(city.supervisor, view.row.id, view.row.version)
    assert rows(store, MeetingDecision)[0]["is_withdrawn"]
    assert rows(store, Matter) == []
    assert "本次会议没有议定事项" not in plain_text(meetings.preview(city.supervisor, view.row.id))


def test_meetings_are_seen_and_run_inside_the_scope_only(city) -> None:
    own = meetings.create(city.county, draft(county_id=city.east))
    cities = meetings.create(city.supervisor, draft())
    assert [card.row.id for card in meetings.upcoming(city.county)] == [own]
    assert [card.row.id for card in meetings.upcoming(city.leader)] == [own, cities]
    assert meetings.upcoming(city.stranger) == ()
    assert meetings.upcoming(city.unit) == ()
    with pytest.raises(NotFound):
        meetings.read_meeting(city.stranger, own)
    item = meetings.read_meeting(city.county, own).items[0]
    with pytest.raises(NotFound):
        meetings.save_discussion(city.stranger, item.id, "改", item.version)
    with pytest.raises(NotFound):
        meetings.read_facts(city.stranger, item.id)
    with pytest.raises(PermissionDenied):
        meetings.create(city.county, draft())
    with pytest.raises(PermissionDenied):
        meetings.create(city.leader, draft())
    with pytest.raises(PermissionDenied):
        meetings.save_discussion(city.leader, item.id, "改", item.version)


def test_facts_of_an_item_hold_flag_nodes_last_decision_and_default_owner(city) -> None:
    first = closed(city, "十二月十日前完成合龙。")
    view = running(city)
    item = next(item for item in view.items if item.project_id == city.bridge and item.subject is ItemSubject.PROJECT)
    facts = meetings.read_facts(city.supervisor, item.id)
    assert (facts.project.name, facts.unit_id) == ("东湖大桥", city.bureau)
    assert [node.name for node in facts.nodes] == ["合龙", "桥面铺装"]
    assert [(one.row.text, one.row.meeting_id) for one in facts.last] == [("十二月十日前完成合龙。", first.row.id)]
    assert facts.due_on == date(2026, 11, 27)


def test_meeting_before_its_day_cannot_be_closed(city) -> None:
    view = running(city, held_on=date(2026, 11, 25))
    with pytest.raises(Invalid) as refused:
        meetings.close(city.supervisor, view.row.id, view.row.version)
    assert [problem.code for problem in refused.value.problems] == ["future"]


def test_head_is_checked_as_a_whole_and_named_by_body_and_day(city) -> None:
    key = meetings.create(city.county, draft(county_id=city.east))
    row = meetings.read_meeting(city.county, key).row
    assert (row.title, row.code) == ("东湖区重大项目调度会（11月22日）", "HY-2026-0001")
    with pytest.raises(Invalid) as refused:
        meetings.edit(city.county, key, draft(title="", starts_at="9点"), row.version)
    assert {problem.field for problem in refused.value.problems} == {"title", "starts_at"}
    with pytest.raises(Conflict):
        meetings.edit(city.county, key, draft(title="改名"), row.version + 1)


def test_two_who_close_at_once_give_one_set_of_matters(store, city) -> None:
    view = running(city)
    meetings.record_decision(city.supervisor, view.items[0].id, decision(city))
    gate = Barrier(2)

    def close() -> str:
        gate.wait()
        try:
            meetings.close(city.supervisor, view.row.id, view.row.version)
        except (Locked, Conflict) as refusal:
            return type(refusal).__name__
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(lambda _: close(), range(2)))
    assert told == ["Locked", "closed"]
    assert len(rows(store, Matter)) == 1
