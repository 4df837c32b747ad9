"""Writing a confirmed batch: how far it is, in words, and a way to stop it."""

import streamlit as st

from core.services import imports
from pages.components import state
from pages.components.page import Frame, notify, plain
from pages.components.state import Key

_STOPPED = "已取消，没有写入任何数据。批次仍为“待确认”，可以稍后再确认。"
_TOO_LATE = "取消时已经写完，数据已导入。如需撤回，请在导入记录中撤销。"


def start(batch_id: int) -> None:
    """Have *batch_id* written in the next run, where progress and 取消 are on the screen."""
    state.put(Key.IMPORT_RUNNING, batch_id)
    st.rerun()


def is_running() -> bool:
    return state.get(Key.IMPORT_RUNNING) is not None


def draw(frame: Frame) -> imports.Result | None:
    """
    Write the batch that was started, if any.

    A click on 取消 ends this run of the script at the next report of progress; the transaction goes with it.
    """
    batch_id: int | None = state.get(Key.IMPORT_RUNNING)
    if batch_id is None:
        return None
    bar = st.progress(0.0, text="正在准备…")
    st.button("取消", key=Key.IMPORT_CANCEL, on_click=_cancel, args=(frame, batch_id))

    def tell(done: int, total: int, step: str) -> None:
        bar.progress(min(1.0, done / max(total, 1)), text=plain(f"{step}（{done:,}/{total:,}）"))

    try:
        return imports.apply(frame.actor, batch_id, progress=tell)
    finally:
        state.take(Key.IMPORT_RUNNING)


def _cancel(frame: Frame, batch_id: int) -> None:
    """Say what became of the batch: the click may come when everything is written already."""
    state.take(Key.IMPORT_RUNNING)
    batch = imports.find_batch(frame.actor, batch_id)
    is_written = batch is not None and batch.status == imports.BatchStatus.APPLIED
    if is_written:
        state.take(Key.IMPORT_PREVIEW)
    notify(_TOO_LATE if is_written else _STOPPED)
