"""The right half of the room's screen: discussion and decisions, saved as soon as a field is left.

Widgets keep their keys from save to save, so that the focus stays where the typist is. What was read last of each row
(its version) is kept in the session: a save carries it, and what somebody else saved meanwhile is loaded unless own
words are waiting for a choice between both versions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from core.domain.errors import Conflict, NotFound
from core.domain.meetings import MAX_PERSON, MAX_TEXT, DecisionDraft, ItemSubject
from core.services import matters, meetings
from core.services.meetings import Decision, ItemFacts, ItemRow, MeetingView
from pages.components import markup, state
from pages.components.page import Frame
from pages.components.state import Key

_FIELDS = ("text", "unit", "owner", "due", "noted")
_LABELS = {
    "discussion": "讨论情况",
    "text": "议定事项",
    "owner_unit_id": "责任单位",
    "owner": "责任人",
    "due_on": "完成时限",
    "is_noted": "记入原事项",
}
Seen = tuple[int, int]


def draw(frame: Frame, view: MeetingView, item: ItemRow, facts: ItemFacts) -> None:
    """Draw the form of one item."""
    _draw_clash(frame, view)
    key = _note_key(item.id)
    _load(key, (item.id, item.version), {key: item.discussion})
    st.text_area(
        "讨论情况",
        key=key,
        height=96,
        max_chars=MAX_TEXT,
        placeholder="离开输入框即保存",
        on_change=_save_discussion,
        args=(frame, item),
    )
    units = dict(matters.unit_choices(frame.actor))
    found = view.decisions_of(item.id)
    for slot, one in enumerate(found):
        _draw_decision(frame, item, units, slot, one, facts)
    if not found or state.get(Key.MEETING_MORE) == item.id:
        _draw_decision(frame, item, units, len(found), None, facts)
    else:
        st.button("增加一条议定事项", icon=":material/add:", on_click=state.put, args=(Key.MEETING_MORE, item.id))


def seen_version(item: ItemRow) -> int:
    """Return the version of the item that the visitor had before their eyes."""
    known: Seen | None = _seen().get(_note_key(item.id))
    return known[1] if known and known[0] == item.id else item.version


def keep_version(item: ItemRow, version: int) -> None:
    """Remember that the item stands at *version* by the visitor's own doing."""
    _remember(_note_key(item.id), (item.id, version))


def _seen() -> dict[str, Seen]:
    found: dict[str, Seen] = state.get(Key.MEETING_SEEN, {})
    return found


def _remember(name: str, seen: Seen) -> None:
    state.put(Key.MEETING_SEEN, {**_seen(), name: seen})


def _load(name: str, now: Seen, values: Mapping[str, Any]) -> None:
    """Fill the widgets of a row from the store: on first sight, and when somebody else saved it."""
    missing = any(key not in st.session_state for key in values)
    if missing or (_seen().get(name) != now and name != _clashing()):
        for key, value in values.items():
            st.session_state[key] = value
        _remember(name, now)


def _note_key(item_id: int) -> str:
    return state.variant(Key.MEETING_TEXT, item_id)


def _slot_key(item_id: int, slot: int) -> str:
    return state.variant(Key.MEETING_DECIDE, item_id, slot)


def _field_keys(item_id: int, slot: int) -> dict[str, str]:
    return {name: state.variant(Key.MEETING_DECIDE, item_id, slot, name) for name in _FIELDS}


def _save_discussion(frame: Frame, item: ItemRow) -> None:
    name = _note_key(item.id)
    text = st.session_state[name]
    try:
        version = meetings.save_discussion(frame.actor, item.id, text, _seen()[name][1])
        _remember(name, (item.id, version))
    except Conflict as refusal:
        state.put(Key.MEETING_CLASH, _Clash(name, item.id, item.title, refusal))
    except Exception as refusal:  # shown by the run that follows
        state.put(Key.MEETING_REFUSED, refusal)


def _draw_decision(
    frame: Frame, item: ItemRow, units: Mapping[int, str], slot: int, one: Decision | None, facts: ItemFacts
) -> None:
    keys = _field_keys(item.id, slot)
    row = one.row if one else None
    _load(
        _slot_key(item.id, slot),
        (row.id, row.version) if row else (0, 0),
        {
            keys["text"]: row.text if row else "",
            keys["unit"]: row.owner_unit_id if row else facts.unit_id,
            keys["owner"]: row.owner if row else "",
            keys["due"]: row.due_on if row else facts.due_on,
            keys["noted"]: row.is_noted if row else False,
        },
    )
    saving = {"on_change": _save_decision, "args": (frame, item, slot)}
    with st.container(border=True):
        st.text_area(
            f"议定事项 {slot + 1}",
            key=keys["text"],
            height=84,
            max_chars=MAX_TEXT,
            placeholder="议定的内容；离开输入框即保存，会议结束时交办",
            **saving,
        )
        left, middle, right = st.columns([2, 1.2, 1.3])
        left.selectbox(
            "责任单位",
            list(units),
            index=None,
            key=keys["unit"],
            format_func=lambda key: units.get(key, "—"),
            placeholder="选择或输入名称",
            **saving,
        )
        middle.text_input("责任人", key=keys["owner"], max_chars=MAX_PERSON, **saving)
        right.date_input(
            "完成时限",
            value=None,
            key=keys["due"],
            format="YYYY-MM-DD",
            **saving,
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            if item.subject is ItemSubject.MATTER:
                st.checkbox(
                    "记入原事项，不另立",
                    key=keys["noted"],
                    help="提级、退办的事项按此重新交办，待批的延期按此时限批准；其他情形请清空时限",
                    **saving,
                )
            st.space("stretch")
            if row is not None:
                st.button(
                    "撤销",
                    key=state.variant(Key.MEETING_DECIDE, "withdraw", row.id),
                    on_click=_withdraw,
                    args=(frame, row.id, row.version),
                )


def _typed(item_id: int, slot: int) -> DecisionDraft:
    keys = _field_keys(item_id, slot)
    due_on = st.session_state.get(keys["due"])
    return DecisionDraft(
        text=st.session_state.get(keys["text"]) or "",
        owner_unit_id=st.session_state.get(keys["unit"]),
        owner=st.session_state.get(keys["owner"]) or "",
        due_on=due_on if isinstance(due_on, date) else None,
        is_noted=bool(st.session_state.get(keys["noted"])),
    )


def _save_decision(frame: Frame, item: ItemRow, slot: int) -> None:
    name, draft = _slot_key(item.id, slot), _typed(item.id, slot)
    decision_id, version = _seen()[name]
    if not decision_id and not draft.text.strip():
        return  # owner and deadline come before the words: kept in their fields until those are typed
    try:
        if decision_id:
            version = meetings.change_decision(frame.actor, decision_id, draft, version)
        else:
            decision_id, version = meetings.record_decision(frame.actor, item.id, draft), 1
            state.take(Key.MEETING_MORE)
        _remember(name, (decision_id, version))
    except Conflict as refusal:
        state.put(Key.MEETING_CLASH, _Clash(name, decision_id, item.title, refusal))
    except Exception as refusal:  # shown by the run that follows
        state.put(Key.MEETING_REFUSED, refusal)


def _withdraw(frame: Frame, decision_id: int, version: int) -> None:
    try:
        meetings.withdraw_decision(frame.actor, decision_id, version)
    except Exception as refusal:  # shown by the run that follows
        state.put(Key.MEETING_REFUSED, refusal)


@dataclass(frozen=True, slots=True)
class _Clash:
    """What was typed over a version that somebody else had replaced: kept until the visitor chooses."""

    name: str
    row_id: int
    title: str
    refusal: Conflict


def _clashing() -> str:
    clash: _Clash | None = state.get(Key.MEETING_CLASH)
    return clash.name if clash else ""


def _draw_clash(frame: Frame, view: MeetingView) -> None:
    """Show both versions of what two people typed, whatever item is on the screen."""
    clash: _Clash | None = state.get(Key.MEETING_CLASH)
    if clash is None:
        return
    theirs, mine = clash.refusal.current, clash.refusal.attempted
    units = dict(matters.unit_choices(frame.actor))
    lines = [
        (label, _shown(field, theirs.get(field), units), _shown(field, mine.get(field), units))
        for field, label in _LABELS.items()
        if field in mine
    ]
    markup.show("desk/conflict.html", who=clash.title, lines=lines, moved=[])
    with st.container(horizontal=True):
        st.button("以我的为准", type="primary", on_click=_keep_mine, args=(frame, view.row.id, clash))
        st.button("以对方的为准", on_click=state.take, args=(Key.MEETING_CLASH,))


def _shown(field: str, value: object, units: Mapping[int, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return units.get(value, "—") if field == "owner_unit_id" and isinstance(value, int) else str(value)


def _keep_mine(frame: Frame, meeting_id: int, clash: _Clash) -> None:
    """Save the own words over the version that stands now."""
    state.take(Key.MEETING_CLASH)
    mine = clash.refusal.attempted
    try:
        view = meetings.read_meeting(frame.actor, meeting_id)
        if "discussion" in mine:
            item = next(one for one in view.items if one.id == clash.row_id)
            meetings.save_discussion(frame.actor, item.id, str(mine["discussion"]), item.version)
        else:
            row = next(one.row for one in view.decisions if one.row.id == clash.row_id)
            meetings.change_decision(frame.actor, row.id, DecisionDraft(**mine), row.version)
    except StopIteration:
        state.put(Key.MEETING_REFUSED, NotFound("对方已撤下或撤销这一条，请把您的内容另行记录。"))
        state.put(Key.MEETING_CLASH, clash)
    except Exception as refusal:  # shown by the run that follows; the words stay
        state.put(Key.MEETING_REFUSED, refusal)
        state.put(Key.MEETING_CLASH, clash)
