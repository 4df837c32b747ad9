"""导入中心: a ledger file is checked, shown, and written only when it is confirmed."""

import streamlit as st

from core.domain.permissions import Permission
from core.services import imports
from core.services.imports import Answers, BatchStatus, Preview
from pages.components import import_preview, state
from pages.components.layout import card
from pages.components.page import Frame, notify, page, plain, telling
from pages.components.state import Key

_NOTE = "先检查、再确认：确认之前不写入任何数据。留空的单元格不会清除系统中已有的内容。"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = ["xlsx", "xlsm", "xls", "et", "csv", "tsv", "txt"]
_AS_IN_FILE = "以文件为准"
_UNITS = (_AS_IN_FILE, "万元", "亿元", "元")


def _upload(frame: Frame) -> None:
    """Draw the form; a checked file becomes the preview of the session."""
    with st.form(Key.IMPORT_FORM.value, border=False):
        # A new round gives a fresh uploader after a file was confirmed or dropped.
        file = st.file_uploader(
            "台账文件（xlsx、xls、et、csv，不超过 30 MB）",
            type=_TYPES,
            key=state.variant(Key.IMPORT_FILE, state.get(Key.IMPORT_ROUND, 0)),
        )
        month, unit, large = st.columns([1, 1, 1], vertical_alignment="bottom")
        chosen_month = month.selectbox(
            "累计截至月份",
            (0, *range(1, 13)),
            format_func=lambda number: f"{number}月" if number else _AS_IN_FILE,
            key=Key.IMPORT_MONTH,
            help="文件没有写明“1-N月”时使用。",
        )
        chosen_unit = unit.selectbox("金额单位", _UNITS, key=Key.IMPORT_UNIT, help="文件没有注明单位时使用。")
        is_checked = large.checkbox("大额已核对", key=Key.IMPORT_LARGE, help="数额过大被拒的行，核对无误后勾选再检查。")
        if not st.form_submit_button("检查文件", type="primary", icon=":material/fact_check:"):
            return
    if file is None:
        st.warning("请先选择台账文件。")
        return
    with telling(), st.spinner("正在检查…"):
        _drop(frame)
        answers = Answers(
            month=chosen_month or None,
            money_unit="" if chosen_unit == _AS_IN_FILE else chosen_unit,
            accept_large_amounts=is_checked,
        )
        state.put(Key.IMPORT_PREVIEW, imports.preview(frame.actor, "ledger", file.name, file.getvalue(), answers))


def _drop(frame: Frame) -> None:
    """Forget the preview of the session; its batch is marked as put aside."""
    shown: Preview | None = state.take(Key.IMPORT_PREVIEW)
    if shown is not None:
        imports.reject(frame.actor, shown.batch_id)


def _finish(message: str) -> None:
    state.take(Key.IMPORT_PREVIEW)
    state.put(Key.IMPORT_ROUND, state.get(Key.IMPORT_ROUND, 0) + 1)
    notify(message)
    st.rerun()


def _confirm(frame: Frame, shown: Preview) -> None:
    """Draw the two ways on; nothing is written before the first is taken."""
    writes = len(shown.inserted) + len(shown.changed)
    with st.container(horizontal=True):
        apply = st.button(f"确认导入 {writes} 项", type="primary", disabled=writes == 0, icon=":material/check:")
        leave = st.button("放弃")
    if apply:
        with telling():
            done = imports.apply(frame.actor, shown.batch_id)
            counts = f"新增 {done.inserted} 项，更新 {done.changed} 项，无变化 {done.unchanged} 项"
            _finish(f"已导入：{counts}，未导入 {done.quarantined} 行。")
    if leave:
        with telling():
            _drop(frame)
            _finish("已放弃，没有写入任何数据。")


with page("导入中心", Permission.IMPORT, note=_NOTE) as frame:
    with card("upload"):
        _upload(frame)
        st.download_button(
            "下载空白模板",
            lambda: imports.template(frame.actor),
            file_name="重大项目台账模板.xlsx",
            mime=_XLSX,
            icon=":material/download:",
            on_click="ignore",
        )
    current: Preview | None = state.get(Key.IMPORT_PREVIEW)
    if current is not None:
        with card("preview"):
            st.subheader(plain(f"预览：{current.file_name}"), anchor=False)
            if current.earlier is not None:
                st.warning(f"这个文件已在批次 {current.earlier.id} 导入过，内容完全相同。")
            import_preview.figures(current)
            _confirm(frame, current)
            import_preview.tables(current)
    with card("history"):
        st.subheader("导入记录", anchor=False)
        picked = import_preview.history(imports.list_batches(frame.actor))
        if picked is not None:
            st.caption(f"批次 {picked.id} 的问题")
            import_preview.problem_table(imports.list_problems(frame.actor, picked.id), "该批次没有问题。")
            is_open = picked.status == BatchStatus.CHECKED.value
            mine = current is not None and current.batch_id == picked.id
            if is_open and not mine and st.button("确认导入该批次"):
                with telling():
                    imports.apply(frame.actor, picked.id)
                    _finish(f"批次 {picked.id} 已导入。")
