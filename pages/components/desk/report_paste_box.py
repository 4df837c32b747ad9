"""Rows pasted as text: preview first, then into the sheet as typed; nothing is stored before it is sent in."""

from dataclasses import asdict, replace

import pandas as pd
import streamlit as st

from core.domain.period import Month
from core.services import report_paste
from core.services.report_paste import PasteLine
from pages.components import state
from pages.components.desk import report_sheet
from pages.components.desk.report_sheet import FIELDS, Pending
from pages.components.page import Frame, notify
from pages.components.state import Key

_EXAMPLE = "项目名称\t本月完成（万元）\t填报年累计\t统计口径\t形象进度\t存在问题\t下步措施"


def draw(frame: Frame, month: Month) -> None:
    """Draw the box, and after 预览 the table of what was understood."""
    st.caption(
        "从 Excel 复制若干行（可带表头）粘贴到这里。按项目名称或代码匹配；没有表头时依次为："
        "项目、本月完成、填报年累计、统计口径、形象进度、存在问题、下步措施。"
    )
    text = st.text_area(
        "粘贴内容", height=180, placeholder=_EXAMPLE, label_visibility="collapsed", key=Key.REPORT_PASTE.value
    )
    if st.button("预览", type="primary", key=state.variant(Key.REPORT_PASTE, "preview")):
        state.put(Key.REPORT_PREVIEW, (month, report_paste.match(frame.actor, month, text)))
    preview: tuple[Month, tuple[PasteLine, ...]] | None = state.get(Key.REPORT_PREVIEW)
    if preview is None or preview[0] != month:
        return
    lines = preview[1]
    ready = [line for line in lines if line.project_id is not None]
    if not lines:
        st.info("没有读到内容。请复制表格中的行后再粘贴。")
        return
    st.dataframe(_table(lines), hide_index=True, height=min(460, 38 + 35 * len(lines)))
    with st.container(horizontal=True, vertical_alignment="center"):
        if ready and st.button(f"采用 {len(ready)} 行", type="primary", key=state.variant(Key.REPORT_PREVIEW, "take")):
            _take(month, ready)
            st.rerun()
        left_out = len(lines) - len(ready)
        st.caption(
            f"共 {len(lines)} 行，可采用 {len(ready)} 行" + (f"，{left_out} 行不采用" if left_out else "") + "。"
        )


def _take(month: Month, ready: list[PasteLine]) -> None:
    kept = report_sheet.pending(month)
    for line in ready:
        if line.project_id is None:
            continue
        before = kept.get(line.project_id) or Pending(
            report_sheet.typed_of(line.stored), line.stored.version if line.stored else None
        )
        given = {field: value for field, value in asdict(line.typed).items() if value}
        kept[line.project_id] = replace(before, typed=replace(before.typed, **given))
    report_sheet.keep(month, kept)
    report_sheet.read_again()
    state.take(Key.REPORT_PREVIEW)
    notify(f"{len(ready)} 行已填入{month.label}的填报表，核对后请点“提交”。")


def _table(lines: tuple[PasteLine, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "行": [line.number for line in lines],
            "粘贴的名称": [line.written for line in lines],
            "对应项目": [line.project_name or "未找到" for line in lines],
            **{label: [getattr(line.typed, field) for line in lines] for label, field in FIELDS.items()},
            "说明": ["；".join(problem.message for problem in line.problems) for line in lines],
        }
    )
