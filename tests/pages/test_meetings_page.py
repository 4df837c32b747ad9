"""会商调度: who may see it, creation, agenda by hand, the room with live saving, conflict, the end and the minutes."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.domain.meeting_agenda import DEFAULT
from core.domain.meetings import ItemState, MeetingStatus
from core.domain.terms import Role
from core.services import meetings as service
from db.models import Matter, Meeting, MeetingDecision, MeetingItem
from pages.components import state
from pages.components.state import Key
from tests.factories import make_actor
from tests.support.meetings import MeetingCity, closed, decision, draft, escalated_matter, meeting_city, running
from tests.support.screens import texts

DESK, ROOM = "command/meetings.py", "command/meeting_room.py"


@pytest.fixture
def city(sqlite_store) -> MeetingCity:
    return meeting_city(sqlite_store)


def stored(store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.__table__.c.id)).mappings())


def press(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def field(screen: AppTest, key: Key, *parts: object):
    name = state.variant(key, *parts)
    groups = (screen.text_area, screen.text_input, screen.selectbox, screen.date_input, screen.checkbox)
    return next(widget for group in groups for widget in group if widget.key == name)


@pytest.mark.parametrize("script", [DESK, ROOM])
def test_screens_ask_strangers_to_sign_in_and_refuse_other_roles(city, open_screen, script) -> None:
    assert "请重新登录" in texts(open_screen(script, None))
    for role in (Role.AUDITOR, Role.SECURITY_ADMIN):
        assert "没有“查看项目”权限" in texts(open_screen(script, make_actor(role), id="1"))


@pytest.mark.parametrize("who", ["supervisor", "county", "commander", "leader", "unit", "stranger"])
def test_every_role_sees_an_empty_list_and_only_some_may_create(city, open_screen, who) -> None:
    screen = open_screen(DESK, getattr(city, who))
    assert not screen.exception
    assert "没有待开的会议" in texts(screen)
    may = who not in ("leader", "unit")
    assert ("新建会议" in [button.label for button in screen.button]) is may


def test_meeting_is_created_in_three_clicks_with_its_agenda(sqlite_store, city, open_screen) -> None:
    screen = press(open_screen(DESK, city.supervisor), "新建会议")
    done = press(screen, "创建")
    assert not done.exception
    (row,) = stored(sqlite_store, Meeting)
    assert (row["title"], row["status"]) == ("云岭市重大项目调度会（11月22日）", "draft")
    assert done.query_params["id"] == str(row["id"])
    assert "会议已创建" in texts(done)
    agenda = done.dataframe[0].value
    assert list(agenda["议题"]) == ["东湖大桥", "西山公路", "东湖学校"]


def test_county_creates_meetings_of_its_own_only(sqlite_store, city, open_screen) -> None:
    screen = press(open_screen(DESK, city.county), "新建会议")
    body = next(box for box in screen.selectbox if box.label == "所属范围")
    assert body.options == ["东湖区"]
    press(screen, "创建")
    assert [row["county_id"] for row in stored(sqlite_store, Meeting)] == [city.east]


def test_wrong_time_is_named_and_nothing_is_created(sqlite_store, city, open_screen) -> None:
    screen = press(open_screen(DESK, city.supervisor), "新建会议")
    next(box for box in screen.text_input if box.label == "开始时间").set_value("9点半")
    refused = press(screen, "创建")
    assert "开始时间请按" in texts(refused)
    assert stored(sqlite_store, Meeting) == []


def test_foreign_or_unknown_meeting_is_not_found(city, open_screen) -> None:
    key = service.create(city.supervisor, draft())
    for who, wanted in ((city.stranger, str(key)), (city.supervisor, "999")):
        for script in (DESK, ROOM):
            assert "没有找到该记录" in texts(open_screen(script, who, id=wanted))


def test_room_shows_facts_and_steps_through_the_agenda(city, open_screen) -> None:
    view = running(city)
    screen = open_screen(ROOM, city.supervisor, id=str(view.row.id))
    assert not screen.exception
    shown = texts(screen)
    assert "1 / 3" in shown
    assert "进度低于序时 25.0 个百分点" in shown
    assert "合龙" in shown
    assert "▲ 逾期 41 天" in shown
    second = press(screen, "下一项")
    assert second.query_params["item"] == "2"
    assert "2 / 3" in texts(second)
    assert "1 / 3" in texts(press(second, "上一项"))


def test_everything_typed_in_the_room_is_stored_as_the_field_is_left(sqlite_store, city, open_screen) -> None:
    view = running(city)
    item = view.items[0].id
    screen = open_screen(ROOM, city.supervisor, id=str(view.row.id))
    screen = field(screen, Key.MEETING_TEXT, item).set_value("工期滞后。").run()
    assert stored(sqlite_store, MeetingItem)[0]["discussion"] == "工期滞后。"
    assert stored(sqlite_store, MeetingDecision) == []
    screen = field(screen, Key.MEETING_DECIDE, item, 0, "text").set_value("十日内合龙。").run()
    (made,) = stored(sqlite_store, MeetingDecision)
    assert (made["text"], made["owner_unit_id"], str(made["due_on"])) == ("十日内合龙。", city.bureau, "2026-11-27")
    screen = field(screen, Key.MEETING_DECIDE, item, 0, "owner").set_value("周工").run()
    (changed,) = stored(sqlite_store, MeetingDecision)
    assert (changed["owner"], changed["version"]) == ("周工", 2)
    assert stored(sqlite_store, MeetingItem)[0]["state"] == ItemState.DONE
    screen = press(press(screen, "下一项"), "上一项")
    assert field(screen, Key.MEETING_TEXT, item).value == "工期滞后。"
    assert field(screen, Key.MEETING_DECIDE, item, 0, "owner").value == "周工"


def test_key_for_done_marks_the_item_and_steps_on(sqlite_store, city, open_screen) -> None:
    view = running(city)
    screen = press(open_screen(ROOM, city.supervisor, id=str(view.row.id)), "已议，下一项")
    screen = press(screen, "缓议，下一项")
    assert "3 / 3" in texts(screen)
    states = [row["state"] for row in stored(sqlite_store, MeetingItem)]
    assert states == [ItemState.DONE, ItemState.POSTPONED, ItemState.OPEN]


def test_second_writer_sees_both_versions_and_keeps_his_words(sqlite_store, city, open_screen) -> None:
    view = running(city)
    item = view.items[0]
    screen = open_screen(ROOM, city.supervisor, id=str(view.row.id))
    service.save_discussion(city.supervisor, item.id, "对方的记录", item.version)
    screen = field(screen, Key.MEETING_TEXT, item.id).set_value("我的记录").run()
    shown = texts(screen)
    assert "对方的记录" in shown
    assert "我的记录" in shown
    assert stored(sqlite_store, MeetingItem)[0]["discussion"] == "对方的记录"
    screen = press(press(screen, "下一项"), "上一项")
    assert "我的记录" in texts(screen)
    screen = press(screen, "以我的为准")
    assert stored(sqlite_store, MeetingItem)[0]["discussion"] == "我的记录"
    assert "以我的为准" not in [button.label for button in screen.button]


def test_version_of_the_other_is_taken_when_chosen(sqlite_store, city, open_screen) -> None:
    view = running(city)
    item = view.items[0]
    key = service.record_decision(city.supervisor, item.id, decision(city, "原议定"))
    screen = open_screen(ROOM, city.supervisor, id=str(view.row.id))
    service.change_decision(city.supervisor, key, decision(city, "对方改的"), 1)
    screen = field(screen, Key.MEETING_DECIDE, item.id, 0, "text").set_value("我改的").run()
    assert "我改的" in texts(screen)
    screen = press(screen, "以对方的为准")
    assert field(screen, Key.MEETING_DECIDE, item.id, 0, "text").value == "对方改的"
    assert stored(sqlite_store, MeetingDecision)[0]["text"] == "对方改的"


def test_what_others_saved_is_loaded_at_the_next_run(city, open_screen) -> None:
    view = running(city)
    item = view.items[0]
    screen = open_screen(ROOM, city.supervisor, id=str(view.row.id))
    service.save_discussion(city.supervisor, item.id, "他人补记", item.version)
    assert field(screen.run(), Key.MEETING_TEXT, item.id).value == "他人补记"


def test_decision_about_a_matter_may_be_noted_on_it(sqlite_store, city, open_screen) -> None:
    escalated_matter(city)
    view = running(city)
    place = next(n for n, item in enumerate(view.items, start=1) if item.subject_id and item.subject == "matter")
    screen = open_screen(ROOM, city.supervisor, id=str(view.row.id), item=str(place))
    item = view.items[place - 1].id
    screen = field(screen, Key.MEETING_DECIDE, item, 0, "text").set_value("月底前办结。").run()
    field(screen, Key.MEETING_DECIDE, item, 0, "noted").set_value(True).run()
    assert stored(sqlite_store, MeetingDecision)[0]["is_noted"]
    service.close(city.supervisor, view.row.id, view.row.version)
    assert len(stored(sqlite_store, Matter)) == 1


def test_meeting_ends_in_the_room_with_matters_and_minutes(sqlite_store, city, open_screen) -> None:
    view = running(city)
    service.record_decision(city.supervisor, view.items[0].id, decision(city))
    screen = open_screen(ROOM, city.supervisor, id=str(view.row.id))
    done = press(screen, "确认结束")
    assert not done.exception
    assert stored(sqlite_store, Meeting)[0]["status"] == MeetingStatus.CLOSED
    assert [row["code"] for row in stored(sqlite_store, Matter)] == ["HS-2026-0001"]
    desk = open_screen(DESK, city.supervisor, id=str(view.row.id))
    assert "HS-2026-0001" in texts(desk)
    assert {"下载 Word", "下载 PDF"} <= {button.label for button in desk.get("download_button")}


def test_refused_end_names_what_is_missing(sqlite_store, city, open_screen) -> None:
    view = running(city)
    service.record_decision(city.supervisor, view.items[0].id, decision(city, owner_unit_id=None))
    screen = press(open_screen(ROOM, city.supervisor, id=str(view.row.id)), "确认结束")
    assert "第 1 项议题的议定事项没有责任单位" in texts(screen)
    assert stored(sqlite_store, Meeting)[0]["status"] == MeetingStatus.RUNNING


def test_readers_see_the_record_and_no_field(city, open_screen) -> None:
    view = running(city)
    service.record_decision(city.supervisor, view.items[0].id, decision(city))
    screen = open_screen(ROOM, city.leader, id=str(view.row.id))
    assert "十二月十日前完成合龙。" in texts(screen)
    assert not screen.text_area
    assert "已议，下一项" not in [button.label for button in screen.button]


def test_closed_meeting_shows_decisions_notes_and_takes_a_note(city, open_screen) -> None:
    view = closed(city, "十二月十日前完成合龙。")
    screen = open_screen(DESK, city.supervisor, id=str(view.row.id))
    screen.text_area[0].set_value("第一项责任人更正为李工。")
    noted = press(screen, "登记补充说明")
    assert "第一项责任人更正为李工。" in texts(noted)
    part = next(group for group in noted.button_group if "议定事项" in group.options)
    table = part.set_value("议定事项").run().dataframe[0].value
    assert list(table["落实情况"]) == ["◔ 办理中"]
    held = open_screen(DESK, city.supervisor)
    board = next(group for group in held.button_group if "已开" in group.options).set_value("已开").run()
    assert list(board.dataframe[0].value["议定"]) == [1]


def test_items_are_added_and_supplemented_on_the_desk(sqlite_store, city, open_screen) -> None:
    key = service.create(city.supervisor, draft(), with_agenda=False)
    screen = open_screen(DESK, city.supervisor, id=str(key))
    assert "还没有议题" in texts(screen)
    refused = press(screen, "添加")
    assert "请填写议题" in texts(refused)
    next(box for box in refused.text_input if box.label == "议题").set_value("年度考核办法")
    added = press(refused, "添加")
    assert "议题已添加" in texts(added)
    filled = press(added, "按规则补充")
    assert "已补充 3 项议题" in texts(filled)
    assert [row["title"] for row in stored(sqlite_store, MeetingItem)] == [
        "年度考核办法",
        "东湖大桥",
        "西山公路",
        "东湖学校",
    ]


def test_names_of_any_length_and_markup_are_shown_as_text(city, open_screen) -> None:
    nasty = "<script>alert(1)</script>**粗**" + "长" * 160
    key = service.create(city.supervisor, draft(title=nasty), with_agenda=False)
    service.add_topic(city.supervisor, key, nasty, nasty)
    service.open_(city.supervisor, key, service.read_meeting(city.supervisor, key).row.version)
    for script in (DESK, ROOM):
        screen = open_screen(script, city.supervisor, id=str(key))
        assert not screen.exception
        assert "<script>alert" not in "".join(str(element.proto.body) for element in screen.get("html"))


def test_rules_are_edited_by_those_who_manage_rules_and_need_a_reason(sqlite_store, city, open_screen) -> None:
    views = next(group for group in open_screen(DESK, city.county).button_group if "待开" in group.options)
    assert "议题规则" not in views.options
    screen = open_screen(DESK, city.supervisor)
    views = next(group for group in screen.button_group if "待开" in group.options)
    screen = views.set_value("议题规则").run()
    assert not screen.exception
    refused = press(screen, "保存为新版本")
    assert "请写明修改议题规则的原因和依据" in texts(refused)
    screen.number_input[0].set_value(12)
    next(box for box in screen.text_input if box.label == "修改原因和依据").set_value("常务会议定")
    saved = press(screen, "保存为新版本")
    assert "议题规则已保存为新版本" in texts(saved)
    assert service.read_rules(city.supervisor).most == 12
    assert service.read_rules(city.supervisor).rules == DEFAULT.rules
