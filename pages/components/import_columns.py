"""Column → field: how each column was understood, with some of its values, and a way to say otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.services import imports
from core.services.imports import Answers, Certainty, ColumnView, MappedColumn, Preview, SheetView
from pages.components import state
from pages.components.page import Frame
from pages.components.state import Key

_LEAVE_OUT = "（不导入）"
_OTHER = "（系统另有登记）"
_ELSEWHERE = "elsewhere"
_BASES = {
    Certainty.SETTLED: "已确认",
    Certainty.HEADER: "表头",
    Certainty.VALUES: "表头和数值",
    Certainty.PROPOSED: "建议，待确认",
    Certainty.UNKNOWN: "不认识",
}
# Together as wide as the card at 1440 pixels.
_WIDTHS = {"列": 170, "内容示例": 170, "含义": 150, "单位": 70, "口径": 90, "依据": 110, "需要确认": 380}
_NO_UNIT = "—"
_UNITS = (_NO_UNIT, "元", "万元", "亿元", "亩", "公顷", "平方米", "%")


def draw(frame: Frame, shown: Preview) -> Preview | None:
    """Draw the columns; return the new preview when a column was settled by hand."""
    fields = imports.list_fields(frame.actor, shown.kind)
    if not shown.sheets or not fields:
        st.caption("这类文件没有需要对应的列。")
        return None
    sheet = _sheet(shown)
    # What waits for an answer comes first; the sort keeps the order of the file otherwise.
    columns = sorted(sheet.columns, key=lambda column: (not is_open(column), not column.question))
    open_count = sum(map(is_open, columns))
    if open_count:
        st.caption(f"有 {open_count} 列的含义待确认，已填入最可能的一种；核对、改选后点“按此对应重新检查”才会读取。")
    table = pd.DataFrame([_line(column, fields) for column in columns], columns=list(_WIDTHS))
    # Edits are kept by position: another order needs a fresh grid.
    first = "-".join(str(column.index) for column in columns if is_open(column) or column.question)
    key = state.variant(Key.IMPORT_COLUMNS, shown.batch_id, sheet.name, shown.profile, first)
    units = dict.fromkeys((*_UNITS, *table["单位"]))
    offered = dict.fromkeys((_LEAVE_OUT, _OTHER, *fields.values(), *table["含义"]))
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        num_rows="fixed",
        on_change="ignore",
        height=420 if len(table) > 10 else "content",
        disabled=[name for name in _WIDTHS if name not in ("含义", "单位")],
        column_config={
            **{name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()},
            "含义": st.column_config.SelectboxColumn(options=list(offered), width=_WIDTHS["含义"], required=True),
            "单位": st.column_config.SelectboxColumn(options=list(units), width=_WIDTHS["单位"]),
        },
    )
    if not st.button("按此对应重新检查", key=state.variant(Key.IMPORT_COLUMNS, "apply"), icon=":material/refresh:"):
        return None
    mapping = _mapping(columns, st.session_state[key]["edited_rows"], fields)
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


def is_open(column: ColumnView) -> bool:
    """Whether the meaning is only proposed, or chosen among several."""
    return column.is_proposed or bool(column.choices)


def _meant(column: ColumnView) -> str:
    """Return the code of the field that *column* fills, or would fill once somebody agrees."""
    return column.field or next(iter(column.choices), "")


def _line(column: ColumnView, fields: Mapping[str, str]) -> tuple[str, ...]:
    question = column.question
    if column.choices:
        names = "”或“".join(_word(code, fields) for code in column.choices)
        question = f"像是“{names}”，请核对。"
    meaning, basis = _word(_meant(column), fields), _BASES[column.certainty]
    return column.label, "、".join(column.samples), meaning, column.unit or _NO_UNIT, column.period, basis, question


def _word(code: str, fields: Mapping[str, str]) -> str:
    """Return the label of a field code; a node or month of an unfolded column stands in brackets."""
    if code in fields:
        return fields[code]
    base, _, group = code.partition(":")
    if base in fields:
        return f"{fields[base]}（{group}）"
    return _OTHER if code == _ELSEWHERE else _LEAVE_OUT


def _mapping(
    columns: Sequence[ColumnView], edited: Mapping[int, Mapping[str, Any]], fields: Mapping[str, str]
) -> tuple[MappedColumn, ...]:
    """Return the columns that were changed or confirmed; whoever changes the unit alone keeps the meaning."""
    codes = {_word(_meant(column), fields): _meant(column) for column in columns}
    codes |= {label: code for code, label in fields.items()}
    found = []
    for number, column in enumerate(columns):
        cells = edited.get(number, {})
        if not cells and not is_open(column):
            continue
        word = cells.get("含义") or _word(_meant(column), fields)
        if word == _OTHER or (word == _LEAVE_OUT and "含义" not in cells):
            continue
        unit = cells.get("单位") or ""
        field = "" if word == _LEAVE_OUT else codes[word]
        found.append(MappedColumn(column.header, field, "" if unit == _NO_UNIT else unit, column.occurrence))
    return tuple(found)
