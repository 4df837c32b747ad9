"""Days of completion of many projects, pasted from a spreadsheet: previewed, then taken over in one go."""

import pandas as pd
import streamlit as st

from core.domain.errors import Conflict
from core.services import starts
from core.services.starts import ReadinessTable
from pages.components import state
from pages.components.page import Frame, notify, telling
from pages.components.state import Key

_HINT = "项目名称\t立项\t用地\t规划\t环评\t能评\t施工许可\t资金\t征拆"


def draw_button(frame: Frame, table: ReadinessTable) -> None:
    """Draw the button that opens the dialog."""
    if st.button("粘贴日期", help="从 Excel 复制项目名称和各项手续的办结日期，批量填入"):
        st.dialog("粘贴办结日期", width="large")(_draw)(frame, table)


def _draw(frame: Frame, table: ReadinessTable) -> None:
    st.caption(
        "第一行为表头（项目名称或代码、手续名称），以下每行一个项目；填办结日期，不需要办理的填“不涉及”，空格不改。"
    )
    text = st.text_area(
        "从 Excel 复制后粘贴到这里", height=180, placeholder=_HINT, key=Key.START_PASTE.value, max_chars=200_000
    )
    if not text.strip():
        return
    found = starts.match_paste(frame.actor, table, text)
    rows = [
        (
            line.number,
            line.project_name or line.written,
            "；".join(line.changes) or "没有变化",
            "；".join(line.problems),
        )
        for line in found.lines
    ]
    st.dataframe(pd.DataFrame(rows, columns=["行", "项目", "将填入", "请核实"]), hide_index=True, width="stretch")
    count = sum(len(edits) for edits in found.edits.values())
    if st.button(f"填入 {count} 项" if count else "没有可填入的内容", type="primary", disabled=not count):
        with telling():
            try:
                starts.save_many(frame.actor, found.edits)
            except Conflict:
                st.warning("有项目的开工条件刚刚被他人修改，没有填入。请关闭窗口后重新粘贴。")
                return
            state.take(Key.START_PASTE)
            notify(f"已填入 {len(found.edits)} 个项目的 {count} 项手续。")
            st.rerun()
