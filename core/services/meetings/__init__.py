"""Meetings (调度会、会商): agenda by rules, decisions that become matters, frozen minutes. Import from here only."""

from core.services.meetings.closing import add_note, close
from core.services.meetings.minutes import pdf, preview, word
from core.services.meetings.planning import add_topic, create, edit, refresh, remove, reorder
from core.services.meetings.reading import (
    PAGE_SIZE,
    Body,
    Decision,
    ItemFacts,
    MeetingCard,
    MeetingPage,
    MeetingView,
    bodies,
    held,
    read_facts,
    read_meeting,
    upcoming,
)
from core.services.meetings.rules import read_rules, save_rules
from core.services.meetings.running import (
    change_decision,
    open_,
    record_decision,
    save_discussion,
    set_state,
    withdraw_decision,
)
from db.queries.meetings import DecisionRow, ItemRow, MeetingCounts, MeetingRow, NoteRow

__all__ = [
    "PAGE_SIZE",
    "Body",
    "Decision",
    "DecisionRow",
    "ItemFacts",
    "ItemRow",
    "MeetingCard",
    "MeetingCounts",
    "MeetingPage",
    "MeetingRow",
    "MeetingView",
    "NoteRow",
    "add_note",
    "add_topic",
    "bodies",
    "change_decision",
    "close",
    "create",
    "edit",
    "held",
    "open_",
    "pdf",
    "preview",
    "read_facts",
    "read_meeting",
    "read_rules",
    "record_decision",
    "refresh",
    "remove",
    "reorder",
    "save_discussion",
    "save_rules",
    "set_state",
    "upcoming",
    "withdraw_decision",
    "word",
]
