"""One project's procedures in a dialog: a small table that takes typing and pasted dates, saved as a whole."""

from typing import Any

import pandas as pd
import streamlit as st

from core.domain.errors import Conflict, NotFound
from core.domain.permissions import Permission
from core.domain.procedure_checks import ProcedureDraft
from core.domain.start_terms import ProcedureKind
from core.services import starts
from core.services.starts import ProcedureEdit, ReadinessRow
from pages.components import state
from pages.components.page import Frame, notify, plain, telling
from pages.components.starts import marks, reads
from pages.components.state import Key

_PIXELS = 1180
_FIELDS = {
    "涉及": "applies",
    "批复文号": "document_no",
    "计划办结": "planned_on",
    "办结日期": "done_on",
    "办理单位": "unit_id",
    "堵点": "blocker",
    "容缺材料": "owed_papers",
    "补齐期限": "owed_due_on",
    "补齐日期": "supplied_on",
}
_DAYS = ("计划办结", "办结日期", "补齐期限", "补齐日期")


def open_(project_id: int) -> None:
    """Have the dialog of a project drawn at the next run."""
    # Read live: the versions under the form are those of the moment it was opened.
    state.put(Key.START_PROJECT, project_id)
    state.take(Key.START_FORM)


def open_from_address() -> None:
    """Open the dialog of the project that the address names, once."""
    text = st.query_params.get("project", "")
    if text.isascii() and text.isdigit() and len(text) < 16:
        del st.query_params["project"]
        open_(int(text))


def show(frame: Frame) -> None:
    """Draw the dialog if a project was chosen."""
    project_id = state.get(Key.START_PROJECT)
    if project_id is None:
        return
    seen: ReadinessRow | None = state.get(Key.START_FORM)
    if seen is None or seen.row.project_id != project_id:
        try:
            seen = starts.readiness_of(frame.actor, int(project_id))
        except NotFound:
            _close()
            raise
        state.put(Key.START_FORM, seen)
    st.dialog("开工条件", width=_PIXELS, on_dismiss=_close)(_draw)(frame, seen)


def _close() -> None:
    state.take(Key.START_PROJECT)
    state.take(Key.START_FORM)


def _draw(frame: Frame, seen: ReadinessRow) -> None:
    row, readiness = seen.row, seen.readiness
    due = f"，应于 {readiness.due_on} 前具备（{marks.days_left(readiness.days_left)}）" if readiness.due_on else ""
    missing = "、".join(kind.label for kind in readiness.missing)
    st.markdown(f"**{plain(row.name)}**　{plain(marks.alert(readiness))}")
    st.caption(
        plain(f"计划开工 {row.start_planned_on or '未定'}{due}；{f'尚缺 {missing}' if missing else '条件齐备'}。")
    )
    kinds = tuple(readiness.states)
    stored = {one.facts.kind: one for one in row.procedures}
    before = [starts.draft_of(kind, stored.get(kind)) for kind in kinds]
    units = dict(reads.owners(frame).units)
    table = _table(before, units)
    may_edit = frame.actor.can(Permission.EDIT_PROJECT)
    if not may_edit:
        st.dataframe(
            table, hide_index=True, placeholder="", width="stretch", column_config=_columns(list(units.values()))
        )
        return
    with st.form(state.variant(Key.START_FORM, row.project_id), border=False):
        typed = st.data_editor(
            table,
            hide_index=True,
            placeholder="",
            width="stretch",
            num_rows="fixed",
            disabled=["手续"],
            column_config=_columns(list(units.values())),
            key=state.variant(Key.START_GRID, "procedures", row.project_id),
        )
        st.caption("日期可从 Excel 成块粘贴。容缺受理：填办结（受理）日期、所缺材料和补齐期限；补齐后填补齐日期。")
        sent = st.form_submit_button("保存", type="primary")
    if sent:
        versions = {kind: stored[kind].version if kind in stored else None for kind in kinds}
        after = [_draft(kind, cells, units) for kind, cells in zip(kinds, typed.to_dict("records"), strict=True)]
        _save(frame, row.project_id, before, after, versions)


def _table(drafts: list[ProcedureDraft], units: dict[int, str]) -> pd.DataFrame:
    rows = []
    for draft in drafts:
        cells: dict[str, Any] = {label: getattr(draft, field) for label, field in _FIELDS.items()}
        rows.append({"手续": draft.kind.label, **cells, "办理单位": units.get(draft.unit_id or 0)})
    table = pd.DataFrame(rows)
    for name in _DAYS:
        table[name] = pd.to_datetime(table[name])
    return table


def _columns(units: list[str]) -> dict[str, Any]:
    config = st.column_config
    return {
        "手续": config.TextColumn("手续", width=72),
        "涉及": config.CheckboxColumn("涉及", width=48, help="不需要办理的取消勾选"),
        "批复文号": config.TextColumn("批复文号", width=120, max_chars=100),
        **{name: config.DateColumn(name, format="YYYY-MM-DD", width=100) for name in _DAYS},
        "办理单位": config.SelectboxColumn("办理单位", options=units, width=120),
        "堵点": config.TextColumn("堵点", width=150, max_chars=400),
        "容缺材料": config.TextColumn("容缺材料", width=120, max_chars=400),
    }


def _draft(kind: ProcedureKind, cells: dict[str, Any], units: dict[int, str]) -> ProcedureDraft:
    names = {name: key for key, name in units.items()}
    values: dict[str, Any] = {}
    for label, field in _FIELDS.items():
        value = cells[label]
        if label in _DAYS:
            values[field] = None if pd.isna(value) else pd.Timestamp(value).date()
        elif field == "applies":
            values[field] = bool(value)
        elif field == "unit_id":
            values[field] = names.get(value or "")
        else:
            values[field] = str(value or "").strip()
    return ProcedureDraft(kind, **values)


def _save(
    frame: Frame,
    project_id: int,
    before: list[ProcedureDraft],
    after: list[ProcedureDraft],
    versions: dict[ProcedureKind, int | None],
) -> None:
    edits = [ProcedureEdit(new, versions[new.kind]) for old, new in zip(before, after, strict=True) if new != old]
    if not edits:
        st.info("没有修改。")
        return
    with telling():
        try:
            count = starts.save_procedures(frame.actor, project_id, edits)
        except Conflict:
            st.warning(
                "该项目的开工条件刚刚被他人修改，您的内容尚未保存，仍保留在表中。请记下后关闭窗口，重新打开填写。"
            )
            return
        _close()
        notify(f"已保存 {count} 项手续。")
        st.rerun()
