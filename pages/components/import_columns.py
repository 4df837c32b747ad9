"""Column → field: how each column was understood, with some of its values, and a way to say otherwise."""

from typing import Any

import pandas as pd
import streamlit as st

from core.services import imports
from core.services.imports import Answers, ColumnView, MappedColumn, Preview, SheetView
from pages.components import state
from pages.components.page import Frame
from pages.components.state import Key

_LEAVE_OUT = "（不导入）"
_OTHER = "（系统另有登记）"
_UNITS = ("", "元", "万元", "亿元", "亩", "公顷", "平方米", "%")


def draw(frame: Frame, shown: Preview) -> Preview | None:
    """Draw the columns; return the new preview when a column was settled by hand."""
    fields = imports.list_fields(frame.actor, shown.kind)
    if not shown.sheets or not fields:
        st.caption("这类文件没有需要对应的列。")
        return None
    sheet = _sheet(shown)
    labels = {code: f"{label}" for code, label in fields.items()}
    table = pd.DataFrame(
        [
            (column.label, "、".join(column.samples), labels.get(column.field, _word(column)), column.unit)
            for column in sheet.columns
        ],
        columns=["列", "内容示例", "含义", "单位"],
    )
    key = state.variant(Key.IMPORT_COLUMNS, shown.batch_id, sheet.name, shown.profile)
    units = sorted({*_UNITS, *(column.unit for column in sheet.columns)})
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        num_rows="fixed",
        on_change="ignore",
        height=420 if len(table) > 10 else "content",
        disabled=["列", "内容示例"],
        column_config={
            "列": st.column_config.TextColumn(width="medium"),
            "内容示例": st.column_config.TextColumn(width="large"),
            "含义": st.column_config.SelectboxColumn(options=[_LEAVE_OUT, _OTHER, *labels.values()], width="medium"),
            "单位": st.column_config.SelectboxColumn(options=units, width="small"),
        },
    )
    if not st.button("按此对应重新检查", key=state.variant(Key.IMPORT_COLUMNS, "apply"), icon=":material/refresh:"):
        return None
    mapping = _mapping(sheet, st.session_state[key]["edited_rows"], {label: code for code, label in labels.items()})
    if not mapping:
        st.warning("还没有修改。请在“含义”或“单位”一列中选择。")
        return None
    return imports.recheck(frame.actor, shown.batch_id, Answers(mapping=mapping))


def _sheet(shown: Preview) -> SheetView:
    if len(shown.sheets) == 1:
        return shown.sheets[0]
    chosen: SheetView = st.selectbox(
        "工作表", shown.sheets, format_func=lambda one: one.name, key=state.variant(Key.IMPORT_SHEET, shown.batch_id)
    )
    return chosen


def _word(column: ColumnView) -> str:
    return _OTHER if column.field else _LEAVE_OUT


def _mapping(sheet: SheetView, edited: dict[int, dict[str, Any]], codes: dict[str, str]) -> tuple[MappedColumn, ...]:
    """Return the columns that were changed; whoever changes the unit alone keeps the meaning."""
    found = []
    for number, cells in edited.items():
        column = sheet.columns[int(number)]
        word = cells.get("含义")
        field = codes.get(word, "") if word else column.field
        if word == _OTHER or (not word and field not in codes.values()):
            continue
        found.append(MappedColumn(column.header, field, cells.get("单位") or "", column.occurrence))
    return tuple(found)
