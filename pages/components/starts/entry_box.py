"""入库入统: who has started and is not in the statistics library yet, how late, and who owes it."""

from fractions import Fraction

import pandas as pd
import streamlit as st

from core.domain.ledger import ProjectFilter
from core.domain.start_terms import EntryStatus
from core.domain.units import format_pct, format_wan, format_yi
from core.services import starts
from pages.components import state
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.page import Frame
from pages.components.project_query import ledger_address
from pages.components.starts import head, marks, reads
from pages.components.state import Key

_PART = "entry"
_SHOWN = (
    EntryStatus.SEVERE,
    EntryStatus.LATE,
    EntryStatus.UNDATED,
    EntryStatus.WAITING,
    EntryStatus.ENTERED_LATE,
    EntryStatus.ENTERED,
    EntryStatus.TOO_SMALL,
)


def draw(frame: Frame) -> None:
    """Draw the clocks."""
    text, county_id, (which,) = head.ask_text_and_county(_PART, frame, [3, 2, 7])
    found = reads.entries(frame, county_id, text)
    chosen = which.pills(
        "状态",
        [status for status in _SHOWN if found.counts[status]],
        format_func=lambda status: f"{status.label} {found.counts[status]}",
        label_visibility="collapsed",
        key=state.variant(Key.START_FILTER, _PART, "status"),
    )
    lines = [line for line in found.lines if chosen is None or line.entry.status is chosen]
    entered = found.counts[EntryStatus.ENTERED] + found.counts[EntryStatus.ENTERED_LATE]
    owed = sum(found.counts[status] for status in _SHOWN[:4])
    rules = found.rules.entry
    with st.container(horizontal=True, vertical_alignment="center"):
        share = format_pct(Fraction(entered, entered + owed) if entered + owed else None)
        st.caption(
            f"入统率 {share}（{entered} ÷ {entered + owed} 项）；口径：已入统 ÷ 已开工且总投资"
            f" {format_wan(rules.min_yuan)} 万元以上。开工后 {rules.late_months} 个月内入统，"
            f"超 {rules.severe_months} 个月为严重超期。"
        )
        st.space("stretch")
        st.link_button("应入统项目", ledger_address(ProjectFilter(measure="statistics_eligible")))
        head.draw_download(frame, _PART, lambda: starts.export_entries(frame.actor, county_id, text), "入库入统")
    if not lines:
        st.info("没有符合条件的项目。列入本年度且已开工的项目列在这里。")
        return
    cells = [
        {
            "状态": marks.entry(line.entry.status),
            "项目": f"{head.project_address(line.row.project_id)}#{line.row.name}",
            "县区": line.row.county_name,
            "总投资（亿元）": format_yi(line.row.total_investment_yuan, 2),
            "开工日期": marks.day(line.row.started_on),
            "入统期限": marks.day(line.entry.due_on),
            "入统日期": marks.day(line.row.entered_on),
            "剩余": marks.days_left(line.entry.days_left),
            "统计代码": line.row.statistics_code,
            "责任单位": line.row.unit_name,
        }
        for line in lines
    ]
    config = st.column_config
    st.dataframe(
        marks.styled(pd.DataFrame(cells), ["状态", "剩余"]),
        hide_index=True,
        placeholder="",
        width="stretch",
        height=table_height(len(cells)),
        row_height=ROW_PIXELS,
        column_config={"项目": config.LinkColumn("项目", display_text=r"#(.*)$", width=240)},
        key=state.variant(Key.START_TABLE, _PART),
    )
