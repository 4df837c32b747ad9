"""The process facts of a round's months, of every subject in the visitor's scope."""

import streamlit as st

from core.services.rounds import RoundRow
from pages.components import markup, state
from pages.components.page import Frame
from pages.components.state import Key
from pages.components.supervision import reads


def draw(frame: Frame, row: RoundRow) -> None:
    """Draw one page of the facts from the first day of the round to its cut-off."""
    first_on, last_on = row.window.first_month.first_day, max(row.window.cut_off_on, row.window.last_month.last_day)
    number = state.get(Key.ROUND_PROCESS_PAGE) or 1
    rows, has_more = reads.processes_between(frame, first_on, last_on, number)
    markup.show(
        "supervision/processes.html",
        rows=rows,
        today=frame.version.on,
        with_subject=True,
        empty=f"{first_on} 至 {last_on} 没有督查记录。打开一个对象，在“督查记录”中登记。",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{first_on} 至 {last_on}，第 {number} 页")
        st.space("stretch")
        if number > 1 and st.button("上一页", key=state.variant(Key.ROUND_PROCESS_PAGE, "back")):
            state.put(Key.ROUND_PROCESS_PAGE, number - 1)
            st.rerun()
        if has_more and st.button("下一页", key=state.variant(Key.ROUND_PROCESS_PAGE, "on")):
            state.put(Key.ROUND_PROCESS_PAGE, number + 1)
            st.rerun()
