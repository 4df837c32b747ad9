"""导入中心: a file is checked, shown, mended where it must be, and written only when it is confirmed."""

import streamlit as st

from core.domain.permissions import Permission
from core.services import imports
from core.services.imports import Preview
from pages.components import (
    import_columns,
    import_handover,
    import_history,
    import_mending,
    import_preview,
    import_profiles,
    import_questions,
    import_run,
    import_upload,
    state,
)
from pages.components.layout import card
from pages.components.page import Frame, notify, page, plain, telling
from pages.components.state import Key

_NOTE = "先检查、再确认：确认之前不写入任何数据。留空的单元格不会清除系统中已有的内容。"


def _show(shown: Preview | None, *, again: bool = True) -> None:
    """Keep a new preview, and draw the page with it."""
    if shown is not None:
        state.put(Key.IMPORT_PREVIEW, shown)
        if again:
            st.rerun()


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


def _run(frame: Frame) -> None:
    """Write the batch that was confirmed, with its progress on the screen."""
    with card("running"), telling():
        done = import_run.draw(frame)
        if done is not None:
            import_handover.keep(done.handed_out)
            counts = f"新增 {done.inserted} 项，更新 {done.changed} 项，无变化 {done.unchanged} 项"
            _finish(f"已导入批次 {done.batch_id}：{counts}，未导入 {done.quarantined} 行。")


def _confirm(frame: Frame, shown: Preview) -> None:
    """Draw the ways on; nothing is written before the first is taken."""
    writes = len(shown.inserted) + len(shown.changed)
    with st.container(horizontal=True):
        apply = st.button(f"确认导入 {writes:,} 项", type="primary", disabled=writes == 0, icon=":material/check:")
        leave = st.button("放弃")
        if shown.problems:
            import_history.marked_download(frame, shown.batch_id)
        if shown.sheets:
            _save_profile(frame, shown)
    if apply:
        import_run.start(shown.batch_id)
    if leave:
        with telling():
            _drop(frame)
            _finish("已放弃，没有写入任何数据。")


def _save_profile(frame: Frame, shown: Preview) -> None:
    with st.popover("保存为方案"), st.form(state.variant(Key.IMPORT_PROFILE, shown.batch_id), border=False):
        st.caption("把各列的对应关系存为方案，下次遇到同样的表头自动识别。")
        name = st.text_input("方案名称", max_chars=100)
        if st.form_submit_button("保存"):
            with telling():
                imports.save_profile(frame.actor, shown.batch_id, name)
                st.success("已保存。")


def _tabs(frame: Frame, shown: Preview) -> None:
    asked = sum(import_columns.is_open(column) for sheet in shown.sheets for column in sheet.columns)
    names = (
        f"问题（{len(shown.problems):,}）", f"待修正（{len(shown.quarantined):,}）", f"更新（{len(shown.changed):,}）",
        f"新增（{len(shown.inserted):,}）", "勾稽", f"列对应（{asked} 列待确认）" if asked else "列对应",
    )  # fmt: skip
    problems, mending, changed, inserted, sums, columns = st.tabs(names)
    with problems:
        import_preview.problem_table(shown.problems, "没有发现问题。")
    with mending, telling():
        _show(import_mending.draw(frame, shown))
    with changed:
        import_preview.change_table(shown.changed)
    with inserted:
        import_preview.new_table(shown.inserted)
    with sums:
        import_preview.sum_table(shown)
    with columns, telling():
        _show(import_columns.draw(frame, shown))


def _body(frame: Frame) -> None:
    with card("upload"):
        asked = import_upload.draw(frame)
        if asked is not None:
            with telling(), st.spinner("正在检查…"):
                _drop(frame)
                _show(imports.preview(frame.actor, asked.kind, asked.name, asked.data, asked.answers), again=False)
    current: Preview | None = state.get(Key.IMPORT_PREVIEW)
    if current is not None:
        with card("preview"):
            st.subheader(plain(f"预览：{current.file_name}"), anchor=False)
            if current.earlier is not None:
                st.warning(f"这个文件已在批次 {current.earlier.id} 导入过，内容完全相同。")
            import_preview.figures(current)
            with telling():
                _show(import_questions.profile(frame, current))
                _show(import_questions.draw(frame, current))
            _confirm(frame, current)
            _tabs(frame, current)
    with card("history"):
        st.subheader("导入记录", anchor=False)
        import_history.draw(frame, current)
        import_profiles.draw(frame)


with page("导入中心", Permission.IMPORT, also=Permission.MANAGE_USERS, note=_NOTE, live=True) as frame:
    import_handover.draw()
    above = st.container()
    if import_run.is_running():
        # What could be clicked before is gone while the batch is written: a click would end the writing.
        below = st.empty()
        with above:
            _run(frame)
        with below.container():
            _body(frame)
    else:
        with st.container():
            _body(frame)
