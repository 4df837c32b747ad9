"""Milestones as an iCalendar (RFC 5545): all-day events with reminders, the same bytes for the same rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event, vText

TIME_ZONE = "Asia/Shanghai"
REMINDERS = (timedelta(days=-7), timedelta(days=-1))
_REFRESH = timedelta(hours=1)
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class CalendarNode:
    """
    A milestone as a calendar shows it.

    Attributes:
        id: Stored id; the event keeps its identity through it, whatever else changes.
        version: Version of the stored row; a calendar takes the event with the higher one.
        place: County or headquarters, for the event's location.
    """

    id: int
    version: int
    project_name: str
    name: str
    planned_on: date
    forecast_on: date | None
    actual_on: date | None
    responsible: str
    place: str
    is_key: bool


def build_calendar(nodes: Sequence[CalendarNode], title: str, note: str = "", *, with_done: bool = False) -> bytes:
    """
    Return *nodes* as an iCalendar.

    Args:
        title: Name under which a calendar program shows it.
        note: One line on what it holds, e.g. that the list was cut.
        with_done: Keep completed nodes, on the day they were reached and without reminders.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//War Room//Milestones//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(_plain(title)))  # unknown names are not escaped by themselves
    calendar.add("x-wr-timezone", TIME_ZONE)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    if note:
        calendar.add("x-wr-caldesc", vText(_plain(note)))
    for node in nodes:
        if node.actual_on is None or with_done:
            calendar.add_component(_event(node))
    content: bytes = calendar.to_ical()
    return content


def _event(node: CalendarNode) -> Event:
    is_done = node.actual_on is not None
    day = node.actual_on or node.planned_on
    event = Event()
    event.add("uid", f"milestone-{node.id}@war-room")
    # A stamp of now would change the bytes of rows that did not change; the version tells which event is newer.
    event.add("dtstamp", datetime.combine(node.planned_on, time(), UTC))
    event.add("sequence", node.version)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", _plain(f"{'【已完成】' if is_done else ''}{node.project_name}：{node.name}"))
    event.add("description", _plain("\n".join(_lines(node))))
    if node.place:
        event.add("location", _plain(node.place))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if node.is_key:
        event.add("categories", ["关键节点"])
    if not is_done:
        for before in REMINDERS:
            event.add_component(_alarm(node, before))
    return event


def _lines(node: CalendarNode) -> list[str]:
    lines = [f"责任人：{node.responsible or '未登记'}", f"计划：{node.planned_on}"]
    if node.actual_on is not None:
        lines.append(f"完成：{node.actual_on}")
    elif node.forecast_on is not None:
        lines.append(f"预计：{node.forecast_on}")
    return lines


def _alarm(node: CalendarNode, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _plain(f"{-before.days}天后到期：{node.name}"))
    alarm.add("trigger", before)
    return alarm


def _plain(text: str) -> str:
    """Return *text* without control characters, which calendar programs choke on."""
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
