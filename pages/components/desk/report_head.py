"""Above the month's sheet: which month, which projects, how far it is and when it counts."""

from datetime import date

import streamlit as st

from core.domain.period import Month
from core.domain.permissions import Actor
from core.services import reports
from core.services.reports import MonthGap
from db.queries.report_progress import MonthProgress
from db.queries.reports import ReportFilter
from pages.components import state
from pages.components.cached import cached_view
from pages.components.desk.choices import ask_owner
from pages.components.page import Frame
from pages.components.project_query import MAX_TEXT, values
from pages.components.state import Key


@cached_view()
def _load_gaps(actor: Actor, wanted: ReportFilter) -> tuple[MonthGap, ...]:
    return reports.months(actor, wanted)


@cached_view()
def _load_progress(actor: Actor, month: Month, wanted: ReportFilter) -> MonthProgress:
    return reports.progress(actor, month, wanted)


def ask_filter(frame: Frame) -> ReportFilter:
    """Draw the narrowing and return it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = st.text_input(
            "搜索",
            placeholder="搜索项目、代码或拼音首字母",
            label_visibility="collapsed",
            max_chars=MAX_TEXT,
            key=Key.REPORT_SEARCH.value,
            width=260,
        )
        county, headquarters = ask_owner(frame, Key.REPORT_COUNTY, Key.REPORT_HEADQUARTERS)
    return ReportFilter(county, headquarters, text.strip())


def ask_month(frame: Frame) -> Month:
    """Draw the months of the year and return the chosen one: at first the oldest that misses something."""
    gaps = _load_gaps(frame, ReportFilter())
    preset = next((word for word in values(st.query_params, "month")), "")
    known = {str(item.month): item.month for item in gaps}
    if Key.REPORT_MONTH.value not in st.session_state:
        # Chosen once: the default moves on while reports come in, the visitor's month must not.
        state.put(Key.REPORT_MONTH, preset if preset in known else str(reports.default_month(gaps)))
    chosen = st.segmented_control(
        "月份",
        list(known),
        required=True,
        format_func=lambda text: f"{known[text].number}月",
        label_visibility="collapsed",
        key=Key.REPORT_MONTH.value,
    )
    return known.get(chosen or "", gaps[-1].month)


def draw_progress(frame: Frame, month: Month, wanted: ReportFilter, deadline_on: date, enters_on: date) -> None:
    """Say how far the month is, when it is due, and when it enters the wall."""
    item = _load_progress(frame, month, wanted)
    missing = f":red[**未报 {item.missing}**]" if item.missing else "未报 0"
    days = (deadline_on - frame.version.on).days
    due = f"还有 {days} 天" if days > 0 else ("今天截止" if days == 0 else f"已过 {-days} 天")
    counts = "已计入大屏" if month <= frame.version.month else f"{enters_on:%Y-%m-%d} 起计入大屏"
    returned = f"，其中退回 {item.returned}" if item.returned else ""
    gaps = "、".join(
        f"{entry.month.number}月 {entry.missing} 份" for entry in _load_gaps(frame, wanted) if entry.missing
    )
    st.markdown(
        f"**{month.label}**　应报 {item.due}　已报 {item.submitted}　已审核 {item.reviewed}　已锁定 {item.locked}　"
        f"{missing}{returned}　　报送截止 {deadline_on:%Y-%m-%d}（{due}），{counts}"
        + (f"　　:gray[本年缺报：{gaps}]" if gaps else "")
    )
