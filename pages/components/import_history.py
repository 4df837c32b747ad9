"""Earlier batches: state, who, when, counts; going on with one, mending what it left, taking it back."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.services import imports
from core.services.imports import BatchRow, BatchStatus, Preview, Undone
from pages.components import import_preview, import_run, state
from pages.components.moments import local
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPEN = (BatchStatus.RECEIVED, BatchStatus.CHECKED)


def draw(frame: Frame, current: Preview | None) -> None:
    """Draw the latest batches, and what can be done with the picked one."""
    _tell_kept()
    picked = _table(imports.list_batches(frame.actor), dict(imports.list_kinds(frame.actor)))
    if picked is None:
        return
    st.caption(plain(f"批次 {picked.id}：{picked.file_name}"))
    with telling():
        _actions(frame, picked, is_shown=current is not None and current.batch_id == picked.id)
    import_preview.problem_table(imports.list_problems(frame.actor, picked.id), "该批次没有问题。")


def _table(batches: Sequence[BatchRow], kinds: dict[str, str]) -> BatchRow | None:
    if not batches:
        st.caption("还没有导入记录。")
        return None
    lines = [
        (
            batch.id, kinds.get(batch.kind, batch.kind), batch.file_name, _status(batch), local(batch.received_at),
            batch.confirmed_by or batch.received_by, batch.row_count, batch.inserted_count, batch.changed_count,
            batch.quarantined_count,
        )
        for batch in batches
    ]  # fmt: skip
    columns = ["批次", "内容", "文件", "状态", "上传时间", "经办", "行数", "新增", "更新", "未导入"]
    picked = st.dataframe(
        pd.DataFrame(lines, columns=columns),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=420 if len(lines) > 10 else "content",
        key=state.variant(Key.IMPORT_HISTORY, batches[0].id),
        column_config={
            "批次": st.column_config.NumberColumn(width=60),
            "文件": st.column_config.TextColumn(width="large"),
        },
    )["selection"]["rows"]
    return batches[picked[0]] if picked and picked[0] < len(batches) else None


def _status(batch: BatchRow) -> str:
    label = BatchStatus(batch.status).label
    return f"{label}（补导批次 {batch.parent_id}）" if batch.parent_id else label


def _actions(frame: Frame, batch: BatchRow, *, is_shown: bool) -> None:
    with st.container(horizontal=True):
        if batch.status in _OPEN and not is_shown:
            if st.button("继续处理", icon=":material/edit:"):
                _show(imports.recheck(frame.actor, batch.id))
            if batch.status == BatchStatus.CHECKED and st.button("确认导入该批次"):
                import_run.start(batch.id)
        if batch.status == BatchStatus.APPLIED:
            if batch.quarantined_count and st.button("修改未导入的行", icon=":material/edit:"):
                _show(imports.rerun(frame.actor, batch.id))
            _undo(frame, batch)
        if batch.row_count:
            marked_download(frame, batch.id)


def marked_download(frame: Frame, batch_id: int) -> None:
    """Offer the user's own file with the bad cells marked; it is made when it is asked for."""
    st.download_button(
        "下载标注文件",
        frame.later(lambda: imports.marked_workbook(frame.actor, batch_id).content),
        file_name=f"批次{batch_id}标注.xlsx",
        mime=_XLSX,
        icon=":material/download:",
        on_click="ignore",
        key=state.variant(Key.IMPORT_HISTORY, "marked", batch_id),
        help="在您的表格中标出有问题的单元格，并附问题清单。",
    )


def _show(shown: Preview) -> None:
    state.put(Key.IMPORT_PREVIEW, shown)
    st.rerun()


def _undo(frame: Frame, batch: BatchRow) -> None:
    with st.popover("撤销", icon=":material/undo:"), st.form(state.variant(Key.IMPORT_UNDO, batch.id), border=False):
        st.caption("恢复导入前的值，撤回本批新增的记录；之后又有修改的保留，并逐条列出。")
        reason = st.text_input("撤销原因", max_chars=200)
        if not st.form_submit_button("撤销该批次", type="primary"):
            return
    with st.spinner("正在撤销…"):
        undone = imports.undo(frame.actor, batch.id, reason)
    state.put(Key.IMPORT_KEPT, undone)
    counts = f"恢复 {undone.restored} 条，撤回 {undone.removed} 条"
    notify(f"批次 {batch.id} 已撤销：{counts}，保留 {len(undone.kept)} 处。")
    st.rerun()


def _tell_kept() -> None:
    """Name what the last undo left, once."""
    undone: Undone | None = state.take(Key.IMPORT_KEPT)
    if undone is None or not undone.kept:
        return
    st.warning(f"撤销批次 {undone.batch_id} 时，以下 {len(undone.kept)} 处因之后又有修改而保留：")
    lines = [
        (one.entity, one.title, one.field or "整条记录", one.why, one.by, local(one.at) if one.at else "")
        for one in undone.kept
    ]
    columns = ["记录", "名称", "内容", "原因", "修改人", "修改时间"]
    st.dataframe(pd.DataFrame(lines[: import_preview.MOST], columns=columns), hide_index=True)
