"""指标口径: every rate with numerator, denominator and definition; each number opens the ledger rows behind it."""

import streamlit as st

from core.domain.permissions import Permission
from pages.components.desk import rate_tables
from pages.components.page import page

_NOTE = "先求和后相除；分母为 0 或数据缺失显示“—”；超过 120% 标“需核对”。点击任一数字查看对应项目。"

with page("指标口径", Permission.VIEW_PROJECTS, note=_NOTE) as frame:
    found = rate_tables.load_screen(frame)
    as_of = found.version
    st.markdown(
        f"统计至 **{as_of.month.span_label}**（节点和期限截至 {as_of.on:%Y-%m-%d}），列入本年度 {found.projects} 个项目"
    )
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        rate_tables.draw_all(found)
    with right:
        rate_tables.draw_groups(frame, found)
