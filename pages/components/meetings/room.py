"""The room's screen: one item per page, stepped through with one key; facts left, record and decisions right."""

import streamlit as st

from core.domain.meetings import ItemState, MeetingStatus
from core.services import meetings
from core.services.meetings import ItemRow, MeetingView
from pages.components import markup, state
from pages.components.meetings import desk, room_facts, room_form, words
from pages.components.page import Frame, speak, telling
from pages.components.state import Key

_PLACE = "item"


def draw(frame: Frame, meeting_id: int) -> None:
    """Draw the item that the address names."""
    markup.desk_style()
    markup.show("meetings/style.html")
    view = meetings.read_meeting(frame.actor, meeting_id)
    if not view.items:
        st.info("会议还没有议题，请先在会商调度中添加议题。")
        _draw_exit(meeting_id)
        return
    place = _place(len(view.items))
    _draw_bar(frame, view, place)
    refusal = state.take(Key.MEETING_REFUSED)
    if refusal is not None:
        speak(refusal)
    facts = meetings.read_facts(frame.actor, view.items[place].id)
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        room_facts.draw(view.items[place], facts)
    with right:
        if view.may_run and view.row.status is MeetingStatus.RUNNING:
            room_form.draw(frame, view, view.items[place], facts)
        else:
            _draw_record(frame, view, view.items[place])


def _place(count: int) -> int:
    """Return the index of the item that the address names, within the agenda."""
    wanted = st.query_params.get(_PLACE, "1")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else 1
    return max(1, min(number, count)) - 1


def _go(place: int) -> None:
    st.query_params[_PLACE] = str(place + 1)
    state.take(Key.MEETING_MORE)


def _step(by: int, count: int) -> None:
    """Step from where the address stands now: a key that is pressed twice before the screen is drawn steps twice."""
    _go(max(0, min(_place(count) + by, count - 1)))


def _draw_bar(frame: Frame, view: MeetingView, place: int) -> None:
    last = len(view.items) - 1
    markup.show(
        "meetings/bar.html",
        title=view.row.title,
        about="　".join(part for part in (words.when(view.row), view.row.place, view.row.chair) if part),
        status=view.row.status.label,
        steps=[(item.state.value, number == place + 1) for number, item in enumerate(view.items, start=1)],
        number=place + 1,
        total=len(view.items),
    )
    with st.container(horizontal=True, vertical_alignment="center", key=Key.MEETING_KEYS.value):
        st.button("上一项", shortcut="Left", disabled=place == 0, on_click=_step, args=(-1, last + 1))
        st.button("下一项", shortcut="Right", disabled=place == last, on_click=_step, args=(1, last + 1))
        if view.may_run and view.row.status is MeetingStatus.RUNNING:
            item = view.items[place]
            following = min(place + 1, last)
            for label, key, outcome in (("已议", "Space", ItemState.DONE), ("缓议", None, ItemState.POSTPONED)):
                st.button(
                    f"{label}，下一项" if place < last else label,
                    shortcut=key,
                    type="primary" if key else "secondary",
                    on_click=_settle,
                    args=(frame, item, outcome, following),
                )
        st.space("stretch")
        _draw_ends(frame, view)


def _draw_ends(frame: Frame, view: MeetingView) -> None:
    if view.may_run and view.row.status is MeetingStatus.DRAFT:
        if st.button("开始会议", type="primary"):
            with telling():
                meetings.open_(frame.actor, view.row.id, view.row.version)
                st.rerun()
    elif view.may_run:
        with st.popover("结束会议"):
            desk.draw_closing(frame, view)
    _draw_exit(view.row.id)


def _draw_exit(meeting_id: int) -> None:
    if st.button("退出大屏"):
        st.switch_page(words.DESK, query_params=words.query(meeting_id))


def _settle(frame: Frame, item: ItemRow, outcome: ItemState, following: int) -> None:
    """Say what became of the item and step on; what was typed has been saved by its own widget before."""
    try:
        version = room_form.seen_version(item)
        if item.state is not outcome:
            room_form.keep_version(item, meetings.set_state(frame.actor, item.id, outcome, version))
        _go(following)
    except Exception as refusal:  # shown by the run that follows
        state.put(Key.MEETING_REFUSED, refusal)


def _draw_record(frame: Frame, view: MeetingView, item: ItemRow) -> None:
    """Draw what was noted and decided, where nothing can be typed."""
    if view.row.status is MeetingStatus.DRAFT and view.may_run:
        st.info("会议还没有开始。按“开始会议”后，可以逐项记录讨论情况和议定事项。")
    markup.show(
        "meetings/record.html",
        discussion=item.discussion,
        state=item.state.label,
        decisions=[
            (one.row.text, one.row.unit_name, one.row.owner, str(one.row.due_on or ""), words.state(one))
            for one in view.decisions_of(item.id)
        ],
    )
