"""The two dialogs of the project page: edit the row, record a dated fact. Nothing typed is lost on a conflict."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import streamlit as st

from core.domain.errors import Conflict, WarRoomError
from core.domain.headquarters_chain import SOURCES, source_code, source_of
from core.domain.permissions import Actor
from core.domain.project_checks import LABELS
from core.domain.terms import LifecycleKind, Stage
from core.domain.units import NOTHING
from core.services import project_changes
from core.services.project_changes import ProjectEdit
from core.services.project_details import ProjectRecord
from pages.components import page, state
from pages.components.state import Key

EDIT, EVENT = "edit", "event"
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Clash:
    """A refused save: what was typed, and the version that stands now."""

    typed: ProjectEdit
    current: ProjectEdit
    version: int


def buttons(project_id: int, *, can_edit: bool) -> None:
    """Draw the way to the schedule, and for those who may edit the buttons that open the dialogs."""
    with st.container(horizontal=True, key=Key.PROJECT_ACTIONS.value):
        st.link_button("倒排工期", f"/schedule?id={project_id}", icon=":material/view_timeline:")
        if not can_edit:
            return
        if st.button("修改", key=Key.PROJECT_EDIT.value, icon=":material/edit:"):
            _open(EDIT)
        if st.button("登记事项", key=Key.PROJECT_EVENT.value, icon=":material/event:"):
            _open(EVENT)


def show(actor: Actor, record: ProjectRecord, today: date) -> None:
    """Draw the dialog that is open for this project, if any."""
    wanted = state.get(Key.PROJECT_DIALOG)
    if wanted == EDIT:
        _edit_dialog(actor, record)
    elif wanted == EVENT:
        _event_dialog(actor, record, today)


def _open(which: str) -> None:
    state.put(Key.PROJECT_DIALOG, which)
    state.put(Key.PROJECT_CLASH, None)


def _close() -> None:
    state.put(Key.PROJECT_DIALOG, None)
    state.put(Key.PROJECT_CLASH, None)


def _done(message: str) -> None:
    _close()
    page.notify(message)
    st.rerun()


@st.dialog("修改项目", width="large", on_dismiss=_close)
def _edit_dialog(actor: Actor, record: ProjectRecord) -> None:
    clash: Clash | None = state.get(Key.PROJECT_CLASH)
    if clash is not None:
        _clash(actor, record, clash)
        return
    with st.form(Key.PROJECT_FORM.value, border=False):
        change = _fields(ProjectEdit.of(record))
        is_sent = st.form_submit_button("保存", type="primary")
    if is_sent:
        _save(actor, record.values["id"], change, record.version)


def _fields(old: ProjectEdit) -> ProjectEdit:
    name = st.text_input(LABELS["name"], old.name)
    left, right = st.columns(2)
    code = left.text_input(LABELS["national_code"], old.national_code, placeholder="2402-371399-04-01-518827")
    owner = right.text_input(LABELS["owner_name"], old.owner_name)
    third_nature, third_investor, third_source = st.columns(3)
    nature = third_nature.text_input(LABELS["nature"], old.nature)
    investor = third_investor.text_input(LABELS["investor"], old.investor)
    source = third_source.selectbox(
        LABELS["source"], SOURCES, SOURCES.index(source_of(old.source)), format_func=lambda item: item.label
    )
    location = st.text_input(LABELS["location"], old.location)
    content = st.text_area(LABELS["content"], old.content, height=110)
    days = {"min_value": _FIRST_DAY, "max_value": _LAST_DAY, "format": "YYYY-MM-DD"}
    first, second, third, fourth = st.columns(4)
    start = first.date_input(LABELS["start_planned_on"], old.start_planned_on, **days)
    finish = second.date_input(LABELS["finish_planned_on"], old.finish_planned_on, **days)
    longitude = third.number_input(f"{LABELS['longitude']}（CGCS2000）", value=old.longitude, format="%.6f")
    latitude = fourth.number_input(f"{LABELS['latitude']}（CGCS2000）", value=old.latitude, format="%.6f")
    remark = st.text_area(LABELS["remark"], old.remark, height=80)
    return ProjectEdit(
        name=name,
        national_code=code,
        owner_name=owner,
        nature=nature,
        investor=investor,
        source=source_code(source),
        location=location,
        content=content,
        remark=remark,
        start_planned_on=start,
        finish_planned_on=finish,
        longitude=longitude,
        latitude=latitude,
    )


def _save(actor: Actor, project_id: int, change: ProjectEdit, version: int) -> None:
    try:
        project_changes.edit(actor, project_id, change, version)
    except Conflict:
        latest = project_changes.current(actor, project_id)
        state.put(Key.PROJECT_CLASH, Clash(change, ProjectEdit.of(latest), latest.version))
        st.rerun()
    except WarRoomError as error:
        page.speak(error)
    else:
        _done("项目信息已保存。")


def _clash(actor: Actor, record: ProjectRecord, clash: Clash) -> None:
    """Show both versions; either one may be kept."""
    st.warning("该项目刚刚被他人修改，您的内容尚未保存。请对照两个版本后选择。")
    typed, current = asdict(clash.typed), asdict(clash.current)
    differing = [name for name in typed if _words(typed[name]) != _words(current[name])]
    st.dataframe(
        {
            "字段": [LABELS[name] for name in differing],
            "系统现有内容": [_words(current[name]) for name in differing],
            "您填写的内容": [_words(typed[name]) for name in differing],
        },
        hide_index=True,
    )
    with st.container(horizontal=True):
        if st.button("以我的为准再次提交", type="primary", key=Key.PROJECT_KEEP_MINE.value):
            state.put(Key.PROJECT_CLASH, None)
            _save(actor, record.values["id"], clash.typed, clash.version)
        if st.button("采用对方版本", key=Key.PROJECT_KEEP_THEIRS.value):
            _done("已采用系统现有内容，您的修改没有保存。")


def _words(value: Any) -> str:
    return NOTHING if value is None or value == "" else str(value)


@st.dialog("登记事项", on_dismiss=_close)
def _event_dialog(actor: Actor, record: ProjectRecord, today: date) -> None:
    stage = Stage(record.values["stage"])
    kinds = project_changes.possible_events(stage)
    if not kinds:
        st.info(f"项目当前为“{stage.label}”，没有可登记的事项。")
        return
    labels = {kind: kind.label for kind in LifecycleKind}
    st.caption(f"当前状态：{stage.label}。登记后不能删除；登记有误时请再登记一条更正事项并写明原因。")
    with st.form(Key.PROJECT_EVENT_FORM.value, border=False):
        kind = st.selectbox("事项", kinds, format_func=labels.get, index=_likely(stage, kinds))
        on = st.date_input("发生日期", today, min_value=_FIRST_DAY, max_value=_LAST_DAY, format="YYYY-MM-DD")
        reason = st.text_area(
            "原因或说明", height=80, max_chars=400, placeholder="停工、复工、调出、终止、整合须写明原因"
        )
        document_no = st.text_input("文号（如有）", max_chars=100)
        is_sent = st.form_submit_button("登记", type="primary")
    if is_sent:
        try:
            project_changes.record_event(
                actor, record.values["id"], kind, on, record.version, reason=reason, document_no=document_no
            )
        except WarRoomError as error:
            page.speak(error)
        else:
            _done(f"已登记“{kind.label}”。")


_NEXT = {
    Stage.RESERVE: LifecycleKind.STARTED,
    Stage.PREPARATION: LifecycleKind.STARTED,
    Stage.CONSTRUCTION: LifecycleKind.SUSPENDED,
    Stage.SUSPENDED: LifecycleKind.RESUMED,
    Stage.COMPLETED: LifecycleKind.COMMISSIONED,
    Stage.COMMISSIONED: LifecycleKind.FULL_CAPACITY,
}


def _likely(stage: Stage, kinds: tuple[LifecycleKind, ...]) -> int:
    """Return the place of the fact that is usually recorded next."""
    following = _NEXT.get(stage)
    return kinds.index(following) if following in kinds else 0
