"""How the meeting screens word things; plain values."""

from core.domain.meeting_agenda import Topic
from core.domain.meetings import DecisionState
from core.services.meetings import Decision, MeetingRow
from core.settings import get_settings

DESK, ROOM = "pages/command/meetings.py", "pages/command/meeting_room.py"
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


def query(meeting_id: int, place: int | None = None) -> dict[str, str]:
    """Return the address' query for a meeting, and in the room for one of its items, counted from 1."""
    return {"id": str(meeting_id), **({"item": str(place)} if place is not None else {})}
