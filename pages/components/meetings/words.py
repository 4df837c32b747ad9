"""How the meeting screens word things; plain values."""

from urllib.parse import urlencode

from core.domain.meeting_agenda import Topic
from core.domain.meetings import DecisionState
from core.services.meetings import Decision, MeetingRow
from core.settings import get_settings

PATH, ROOM = "meetings", "meeting"
_MARKS = {
    DecisionState.DRAFT: "○",
    DecisionState.RUNNING: "◔",
    DecisionState.OVERDUE: "▲",
    DecisionState.DONE: "✓",
}


def body(row: MeetingRow) -> str:
    """Return whose meeting it is."""
    return row.body_name or f"{get_settings().city_name}（市级）"


def when(row: MeetingRow) -> str:
    """Return day and time."""
    return f"{row.held_on} {row.starts_at}".strip()


def topic(code: str) -> str:
    """Return why an item is on the agenda, in a word; 手工 for what was added by hand."""
    return Topic(code).label if code else "手工添加"


def state(one: Decision) -> str:
    """Return how far a decision has come, shape and word, and how late it is."""
    late = f" {-one.left.days} 天" if one.state is DecisionState.OVERDUE and one.left else ""
    return f"{_MARKS[one.state]} {one.state.label}{late}"


def address(meeting_id: int, **query: str) -> str:
    """Return the address of a meeting on the desk."""
    return f"/{PATH}?{urlencode({'id': meeting_id, **query})}"


def room_address(meeting_id: int, place: int = 1) -> str:
    """Return the address of a meeting on the room's screen, at one item."""
    return f"/{ROOM}?{urlencode({'id': meeting_id, 'item': place})}"
