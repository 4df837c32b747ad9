"""One milestone beside the list: what is known, the forms, both versions on a conflict, the undo of a completion."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.errors import Conflict, Invalid
from core.domain.permissions import Actor, Permission
from core.services import milestones
from core.services.milestones import MilestoneDetail
from core.settings import get_settings
from db.queries.milestones import LastChange
from pages.components import markup, state
from pages.components.desk.milestone_list import due_text
from pages.components.page import Frame, notify, speak
from pages.components.state import Key

_SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was typed into one of the forms."""

    verb: str
    day: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Undo:
    """A completion that may be taken back with one click."""

    milestone_id: int
    version: int
    label: str
    note_before: str


@dataclass(frozen=True, slots=True)
class _Verb:
    """One form: tab, permission, labels, and the service behind it."""

    tab: str
    button: str
    done: str
    permission: Permission
    day_label: str
    text_label: str
    field: str
    text_field: str
    call: Callable[[Actor, int, date | None, str, int], int]


def _reopen(actor: Actor, milestone_id: int, _: date | None, text: str, version: int) -> int:
    return milestones.reopen(actor, milestone_id, text, version)


VERBS = {
    "complete": _Verb(
        "登记完成",
        "登记完成",
        "已登记完成",
        Permission.UPDATE_MILESTONE,
        "完成日期",
        "完成情况（可不填）",
        "actual_on",
        "note",
        milestones.complete,
    ),
    "forecast": _Verb(
        "预计完成",
        "保存预计",
        "已保存预计完成日期",
        Permission.UPDATE_MILESTONE,
        "预计完成日期",
        "原因（晚于计划时必填）",
        "forecast_on",
        "forecast_reason",
        milestones.forecast,
    ),
    "rebaseline": _Verb(
        "调整基线",
        "调整基线",
        "已调整基线，首次基线保留不变",
        Permission.REBASELINE,
        "新的计划日期",
        "调整原因（必填）",
        "planned_on",
        "",
        milestones.rebaseline,
    ),
    "reopen": _Verb(
        "撤销完成",
        "撤销完成",
        "已撤销完成登记",
        Permission.UPDATE_MILESTONE,
        "",
        "撤销原因（必填）",
        "actual_on",
        "",
        _reopen,
    ),
}


def open_milestone(frame: Frame, milestone_id: int) -> None:
    """Read a milestone as it stands now and keep it as the version the visitor sees."""
    state.put(Key.MILESTONE_OPEN, milestones.detail(frame.actor, milestone_id))
    state.take(Key.MILESTONE_CONFLICT)


def draw_undo(frame: Frame) -> None:
    """Offer to take back the completion that was recorded last."""
    undo: Undo | None = state.get(Key.MILESTONE_UNDO)
    if undo is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        markup.show("desk/said.html", text=f"已登记完成：{undo.label}")
        if st.button("撤销", key=state.variant(Key.MILESTONE_UNDO, undo.milestone_id)):
            state.take(Key.MILESTONE_UNDO)
            milestones.reopen(
                frame.actor, undo.milestone_id, milestones.UNDO_REASON, undo.version, restored_note=undo.note_before
            )
            notify(f"已撤销完成登记：{undo.label}")
            st.rerun()


def draw(frame: Frame) -> None:
    """Draw the opened milestone with the forms the visitor may use."""
    seen: MilestoneDetail | None = state.get(Key.MILESTONE_OPEN)
    if seen is None:
        markup.show("desk/hint.html", text="点选左侧任一节点，在这里登记完成、填报预计或调整基线。")
        return
    markup.show(
        "desk/milestone.html",
        row=seen.row,
        baselines=seen.baselines,
        due=due_text(seen.row, frame.version.on),
        late=seen.row.actual_on is None and seen.row.planned_on < frame.version.on,
        change=_change_text(seen.last_change),
    )
    conflict: tuple[Attempt, MilestoneDetail] | None = state.get(Key.MILESTONE_CONFLICT)
    if conflict is not None:
        _draw_conflict(frame, seen, *conflict)
        return
    done = seen.row.actual_on is not None
    wanted = ("reopen",) if done else ("complete", "forecast", "rebaseline")
    allowed = [verb for verb in wanted if frame.actor.can(VERBS[verb].permission)]
    if not allowed:
        st.caption("您可以查看该节点；登记与调整由填报单位、指挥部和督查人员办理。")
        return
    for verb, tab in zip(allowed, st.tabs([VERBS[verb].tab for verb in allowed]), strict=True):
        with tab:
            _draw_form(frame, seen, verb)


def _draw_form(frame: Frame, seen: MilestoneDetail, verb: str) -> None:
    words, row = VERBS[verb], seen.row
    with st.form(state.variant(Key.MILESTONE_FORM, verb, row.id, row.version)):
        day = None
        if words.day_label:
            default = {"complete": frame.version.on, "forecast": row.forecast_on, "rebaseline": row.planned_on}[verb]
            day = st.date_input(
                words.day_label,
                value=default,
                min_value=date(2000, 1, 1),
                max_value=date(2099, 12, 31),
                format="YYYY-MM-DD",
                key=state.variant(Key.MILESTONE_FORM, verb, "day", row.id, row.version),
            )
        before = str(getattr(row, words.text_field)) if words.text_field else ""
        text = st.text_area(
            words.text_label,
            value=before,
            height=80,
            key=state.variant(Key.MILESTONE_FORM, verb, "text", row.id, row.version),
        )
        if st.form_submit_button(words.button, type="primary"):
            _try(frame, seen, Attempt(verb, day if isinstance(day, date) else None, text))


def _try(frame: Frame, seen: MilestoneDetail, attempt: Attempt) -> None:
    words, row = VERBS[attempt.verb], seen.row
    try:
        version = words.call(frame.actor, row.id, attempt.day, attempt.text, row.version)
    except Invalid as refusal:
        speak(refusal)
        return
    except Conflict:
        state.put(Key.MILESTONE_CONFLICT, (attempt, milestones.detail(frame.actor, row.id)))
        st.rerun()
    state.take(Key.MILESTONE_CONFLICT)
    state.take(Key.MILESTONE_OPEN)
    state.take(Key.MILESTONE_UNDO)
    label = f"{row.project_name} · {row.name}"
    if attempt.verb == "complete":
        state.put(Key.MILESTONE_UNDO, Undo(row.id, version, label, row.note))
    else:
        notify(f"{words.done}：{label}")
        state.put(Key.MILESTONE_OPEN, milestones.detail(frame.actor, row.id))
    st.rerun()


def _draw_conflict(frame: Frame, seen: MilestoneDetail, attempt: Attempt, now: MilestoneDetail) -> None:
    """Show the stored version beside the typed one; nothing typed is lost until the visitor decides."""
    words = VERBS[attempt.verb]
    lines: list[tuple[str, Any, Any]] = []
    if words.day_label:
        lines.append((words.day_label, getattr(now.row, words.field), attempt.day))
    lines.append((words.text_label.partition("（")[0], getattr(now.row, words.text_field or "note"), attempt.text))
    others = {
        "计划日期": (seen.row.planned_on, now.row.planned_on),
        "完成日期": (seen.row.actual_on, now.row.actual_on),
        "预计日期": (seen.row.forecast_on, now.row.forecast_on),
    }
    markup.show(
        "desk/conflict.html",
        who=_change_text(now.last_change),
        lines=lines,
        moved=[(label, *pair) for label, pair in others.items() if pair[0] != pair[1]],
    )
    with st.container(horizontal=True):
        if st.button("以我的为准再次提交", type="primary", key=state.variant(Key.MILESTONE_CONFLICT, "mine")):
            _try(frame, now, attempt)
        if st.button("采用对方版本", key=state.variant(Key.MILESTONE_CONFLICT, "theirs")):
            open_milestone(frame, now.row.id)
            st.rerun()


def _change_text(change: LastChange | None) -> str:
    if change is None:
        return ""
    local = change.at.astimezone(ZoneInfo(get_settings().timezone))
    name = "系统" if change.login == _SYSTEM else change.name
    return f"{name}　{local:%Y-%m-%d %H:%M}"
