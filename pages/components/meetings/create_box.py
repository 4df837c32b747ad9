"""新建会议 and 会议信息: the head of a meeting as a form; what was typed stays when it is refused."""

import streamlit as st

from core.domain.meetings import MeetingDraft, MeetingKind
from core.services import meetings
from core.services.meetings import Body, MeetingView
from core.settings import get_settings
from pages.components import state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key


def show_new(frame: Frame) -> None:
    """Draw the dialog of a new meeting if it was asked for."""
    if state.get(Key.MEETING_NEW):
        st.dialog("新建会议", width="medium", on_dismiss=_close)(_draw_new)(frame)


def open_new() -> None:
    """Have the dialog drawn at the next run."""
    state.put(Key.MEETING_NEW, True)


def _close() -> None:
    state.take(Key.MEETING_NEW)


def _draw_new(frame: Frame) -> None:
    bodies = meetings.bodies(frame.actor, f"{get_settings().city_name}（市级）")
    with st.form(Key.MEETING_FORM.value, border=False):
        left, right = st.columns(2)
        kind = left.segmented_control(
            "会议类型",
            list(MeetingKind),
            default=MeetingKind.COORDINATION,
            required=True,
            format_func=lambda item: item.label,
        )
        body: Body = right.selectbox("所属范围", bodies, format_func=lambda item: item.label)
        left, right = st.columns(2)
        held_on = left.date_input("会期", value=frame.version.on, format="YYYY-MM-DD")
        starts_at = right.text_input("开始时间", value="09:00", max_chars=5)
        with st.expander("名称、地点和参加人员（可开会时再填）"):
            title = st.text_input("会议名称", max_chars=200, placeholder="不填按范围、类型和会期生成")
            place = st.text_input("地点", max_chars=200)
            chair = st.text_input("主持人", max_chars=64)
            participants = st.text_area("参加人员", max_chars=1000, height=80)
        with_agenda = st.checkbox("按规则生成议题", value=True, help="上次未落实的议定事项、红旗、逾期、提级、未开工等")
        sent = st.form_submit_button("创建", type="primary")
    if sent:
        with telling():
            draft = MeetingDraft(
                kind or MeetingKind.COORDINATION,
                held_on,
                title,
                starts_at,
                place,
                chair,
                participants,
                body.county_id if body else None,
                body.headquarters_id if body else None,
            )
            key = meetings.create(frame.actor, draft, with_agenda=with_agenda)
            _close()
            st.query_params.from_dict({"id": str(key)})
            notify("会议已创建，请核对议题。")
            st.rerun()


def draw_head(frame: Frame, view: MeetingView) -> None:
    """Draw the form that changes the head of a meeting."""
    row = view.row
    with st.form(state.variant(Key.MEETING_FORM, row.id, row.version), border=False):
        title = st.text_input("会议名称", row.title, max_chars=200)
        left, middle, right = st.columns(3)
        kind = left.selectbox(
            "会议类型", list(MeetingKind), list(MeetingKind).index(row.kind), format_func=lambda item: item.label
        )
        held_on = middle.date_input("会期", row.held_on, format="YYYY-MM-DD")
        starts_at = right.text_input("开始时间", row.starts_at, max_chars=5, placeholder="09:00")
        left, right = st.columns(2)
        place = left.text_input("地点", row.place, max_chars=200)
        chair = right.text_input("主持人", row.chair, max_chars=64)
        participants = st.text_area("参加人员", row.participants, max_chars=1000, height=80)
        sent = st.form_submit_button("保存会议信息", type="primary")
    if sent:
        with telling():
            draft = MeetingDraft(kind, held_on, title, starts_at, place, chair, participants)
            meetings.edit(frame.actor, row.id, draft, row.version)
            notify("会议信息已保存。")
            st.rerun()
