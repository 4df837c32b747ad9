"""The iCalendar of milestones: what an event says, its identity, its reminders, its bytes."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from core.exporters.calendar import CalendarNode, build_calendar


def _node(**values: object) -> CalendarNode:
    given: dict[str, object] = {
        "id": 7,
        "version": 3,
        "project_name": "滨江大桥工程",
        "name": "全桥合龙",
        "planned_on": date(2026, 12, 1),
        "forecast_on": date(2026, 12, 20),
        "actual_on": None,
        "responsible": "张三",
        "place": "交通会战指挥部",
        "is_key": True,
        **values,
    }
    return CalendarNode(**given)  # type: ignore[arg-type]


def _events(content: bytes) -> list:  # type: ignore[type-arg]
    return Calendar.from_ical(content).walk("VEVENT")


def test_open_node_is_an_all_day_event_with_two_reminders() -> None:
    (event,) = _events(build_calendar([_node()], "云岭市重大项目节点"))
    assert (str(event["UID"]), event["SEQUENCE"]) == ("milestone-7@war-room", 3)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 1), date(2026, 12, 2))
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["SUMMARY"] == "滨江大桥工程：全桥合龙"
    assert event["DESCRIPTION"] == "责任人：张三\n计划：2026-12-01\n预计：2026-12-20"
    assert event["LOCATION"] == "交通会战指挥部"
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-7), timedelta(days=-1)]


def test_done_node_is_left_out_unless_asked_for() -> None:
    done = _node(actual_on=date(2026, 11, 20))
    assert _events(build_calendar([done], "节点")) == []
    (event,) = _events(build_calendar([done], "节点", with_done=True))
    assert event["SUMMARY"] == "【已完成】滨江大桥工程：全桥合龙"
    assert (event["DTSTART"].dt, event["STATUS"], event.walk("VALARM")) == (date(2026, 11, 20), "CONFIRMED", [])
    assert "完成：2026-11-20" in event["DESCRIPTION"]


def test_calendar_names_itself_its_zone_and_what_was_cut() -> None:
    calendar = Calendar.from_ical(build_calendar([], "云岭市重大项目节点", "只含最近的节点。"))
    assert calendar["X-WR-CALNAME"] == "云岭市重大项目节点"
    assert calendar["X-WR-TIMEZONE"] == "Asia/Shanghai"
    assert calendar["X-WR-CALDESC"] == "只含最近的节点。"


def test_same_rows_give_the_same_bytes_and_lines_stay_short() -> None:
    nodes = [_node(id=number, name="长" * 190) for number in range(1, 30)]
    content = build_calendar(nodes, "节点")
    assert content == build_calendar(nodes, "节点")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_text_from_the_store_adds_no_lines_and_no_events() -> None:
    name = "合龙\r\nEND:VEVENT\r\nBEGIN:VEVENT\nSUMMARY:假\x00\x0b;,\\"
    events = _events(build_calendar([_node(name=name)], "节点\r\nX:1"))
    assert len(events) == 1
    assert events[0]["SUMMARY"] == "滨江大桥工程：合龙\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:假  ;,\\"


@given(
    name=st.text(min_size=1, max_size=80).filter(lambda text: text.isprintable()),
    planned_on=st.dates(date(1950, 1, 1), date(2100, 12, 30)),
)
def test_any_node_comes_back_as_it_was(name: str, planned_on: date) -> None:
    (event,) = _events(build_calendar([_node(name=name, planned_on=planned_on)], "节点"))
    assert event["SUMMARY"] == f"滨江大桥工程：{name}"
    assert event["DTSTART"].dt == planned_on
