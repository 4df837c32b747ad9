"""勾稽核对: a summary table is checked against its own figures; nothing is imported."""

from pathlib import PurePath

import streamlit as st

from core.domain.permissions import Permission
from core.services import reconciliation
from core.services.reconciliation import Reconciliation
from pages.components import reconcile_view, state
from pages.components.layout import card
from pages.components.page import Frame, page, plain, telling
from pages.components.state import Key

_NOTE = "核对汇总表的合计、小计、比率、进度差和名次是否与表内数字相符。只核对，不导入任何数据。"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _upload(frame: Frame) -> None:
    """Draw the form; a checked file becomes the result of the session."""
    with st.form(Key.RECONCILE_FORM.value, border=False):
        file = st.file_uploader(
            "汇总表文件（xlsx、xls、et、ods、docx、csv，不超过 30 MB）",
            type=reconciliation.FILE_TYPES,
            key=Key.RECONCILE_FILE,
        )
        if not st.form_submit_button("开始核对", type="primary", icon=":material/rule:"):
            return
    state.take(Key.RECONCILE_RESULT)
    if file is None:
        st.warning("请先选择汇总表文件。")
        return
    with telling(), st.spinner("正在核对…"):
        data = file.getvalue()
        state.put(Key.RECONCILE_RESULT, (file.name, data, reconciliation.reconcile(frame.actor, file.name, data)))


def _show(frame: Frame, name: str, data: bytes, found: Reconciliation) -> None:
    st.subheader(plain(f"核对结果：{name}"), anchor=False)
    reconcile_view.figures(found)
    st.download_button(
        "下载标注后的工作簿",
        frame.later(lambda: reconciliation.marked(frame.actor, name, data, found)),
        file_name=f"{PurePath(name).stem}-核对结果.xlsx",
        mime=_XLSX,
        icon=":material/download:",
        on_click="ignore",
        help="有问题的单元格已填色并加批注，另附问题清单。",
    )
    reconcile_view.tables(found)


with page("勾稽核对", Permission.VIEW_PROJECTS, note=_NOTE, live=True) as frame:
    with card("upload"):
        _upload(frame)
    result: tuple[str, bytes, Reconciliation] | None = state.get(Key.RECONCILE_RESULT)
    if result is not None:
        with card("result"):
            _show(frame, *result)
