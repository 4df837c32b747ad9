"""One meeting on the desk: head, agenda, decisions, what the last one decided, minutes."""

import streamlit as st

from core.domain.meetings import MeetingStatus
from core.domain.permissions import Permission
from core.services import meetings
from core.services.meetings import MeetingView
from pages.components import state
from pages.components.meetings import agenda_box, create_box, decision_table, words
from pages.components.moments import local
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key
from pages.components.supervision import paper

AGENDA, DECISIONS, LAST, MINUTES, HEAD = "议程", "议定事项", "上次议定", "会议纪要", "会议信息"


def draw(frame: Frame, meeting_id: int) -> None:
    """Draw the meeting."""
    view = meetings.read_meeting(frame.actor, meeting_id)
    _draw_title(frame, view)
    parts = [AGENDA, DECISIONS, *([LAST] if view.previous else []), MINUTES, *([HEAD] if view.may_run else [])]
    seen = st.segmented_control(
        "内容",
        parts,
        default=MINUTES if view.row.status is MeetingStatus.CLOSED else AGENDA,
        required=True,
        label_visibility="collapsed",
        key=state.variant(Key.MEETING_PART, meeting_id),
    )
    if seen == DECISIONS:
        decision_table.draw(view.decisions, "own", "还没有议定事项。开会时在大屏上逐项记录。")
    elif seen == LAST and view.previous:
        _draw_last(view)
    elif seen == MINUTES:
        _draw_minutes(frame, view)
    elif seen == HEAD:
        create_box.draw_head(frame, view)
    else:
        agenda_box.draw(frame, view)


def _draw_title(frame: Frame, view: MeetingView) -> None:
    row, counts = view.row, view.counts
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("全部会议", icon=":material/arrow_back:", on_click=_leave)
        st.markdown(f"**{plain(row.title)}**　:gray-badge[{row.status.label}]", width="content")
        st.space("stretch")
        label = "打开大屏" if row.status is MeetingStatus.CLOSED else "进入会议"
        if view.items and st.button(label, type="primary", icon=":material/present_to_all:"):
            st.switch_page(words.ROOM, query_params=words.query(row.id, 1))
        if view.may_run and row.status is MeetingStatus.RUNNING:
            with st.popover("结束会议"):
                draw_closing(frame, view)
    parts = (row.code, words.when(row), words.body(row), row.place, row.chair and f"主持 {row.chair}")
    told = f"议题 {counts.items} 项，已议 {counts.discussed} 项；议定 {counts.decisions} 项"
    if row.status is MeetingStatus.CLOSED:
        told += f"，已落实 {counts.done} 项，逾期 {counts.overdue} 项"
    st.caption(plain("　".join([*(part for part in parts if part), told])))


def _leave() -> None:
    st.query_params.clear()


def draw_closing(frame: Frame, view: MeetingView) -> None:
    """Draw what follows from the end of the meeting, and the button."""
    count, left = len(view.decisions), view.counts.items - view.counts.discussed
    st.markdown(f"结束后 {count} 项议定事项按时限交办，纪要定稿，内容不能再改。")
    if left:
        st.caption(f"还有 {left} 项没有议，将列为未决事项。")
    if st.button("确认结束", type="primary", key=state.variant(Key.MEETING_CLOSE, view.row.id)):
        with telling():
            meetings.close(frame.actor, view.row.id, view.row.version)
            notify(f"会议已结束，交办 {count} 项议定事项，纪要已定稿。")
            st.rerun()


def _draw_last(view: MeetingView) -> None:
    previous = view.previous
    assert previous is not None  # noqa: S101 - the part is offered only then
    st.caption(plain(f"{previous.held_on}　{previous.title}（{previous.code}）"))
    decision_table.draw(view.carried, "last", "上次会议没有议定事项。")


def _draw_minutes(frame: Frame, view: MeetingView) -> None:
    row = view.row
    with st.container(horizontal=True, vertical_alignment="center"):
        if frame.actor.can(Permission.EXPORT):
            for label, make in (("下载 Word", meetings.word), ("下载 PDF", meetings.pdf)):
                ending = "docx" if make is meetings.word else "pdf"
                st.download_button(
                    label,
                    frame.later(lambda make=make: make(frame.actor, row.id).content),
                    file_name=f"{row.code}会议纪要.{ending}",
                    icon=":material/download:",
                    on_click="ignore",
                    key=state.variant(Key.MEETING_FILE, ending),
                )
        is_closed = row.status is MeetingStatus.CLOSED
        st.caption("定稿，重印与原件一致。" if is_closed else "草稿，会议结束时定稿。")
    for note in view.notes:
        st.info(plain(f"补充说明　{local(note.noted_at)}　{note.noted_by}：{note.text}"))
    paper.draw(meetings.preview(frame.actor, row.id))
    if is_closed and frame.actor.can(Permission.RUN_MEETING):
        _draw_note_form(frame, view)


def _draw_note_form(frame: Frame, view: MeetingView) -> None:
    with st.form(state.variant(Key.MEETING_NOTE, view.row.id, len(view.notes))):
        text = st.text_area("补充说明", max_chars=1000, height=80, help="纪要不再改动，更正和补充另行登记")
        sent = st.form_submit_button("登记补充说明")
    if sent:
        with telling():
            meetings.add_note(frame.actor, view.row.id, text)
            notify("补充说明已登记。")
            st.rerun()
