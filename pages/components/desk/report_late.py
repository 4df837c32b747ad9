"""Who has not reported a month: by county, by headquarters, by name, with the days since the deadline."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.period import Month
from core.domain.permissions import Actor
from core.services import reports
from core.services.reports import LateList
from db.queries.report_progress import GroupProgress
from db.queries.reports import ReportFilter
from pages.components.cached import cached_view
from pages.components.page import Frame


@cached_view()
def _load(actor: Actor, month: Month, wanted: ReportFilter) -> LateList:
    return reports.late(actor, month, wanted)


def draw(frame: Frame, month: Month, wanted: ReportFilter) -> None:
    """Draw the list of those who have not reported."""
    found = _load(frame, month, wanted)
    if not found.total:
        st.success(f"{month.label}月报已全部报送。")
    left, right = st.columns([1, 1.5], gap="medium")
    with left:
        _draw_groups("县区", found.counties)
        _draw_groups("指挥部", found.headquarters)
    with right:
        if found.total:
            _draw_names(found)


def _draw_groups(title: str, groups: Sequence[GroupProgress]) -> None:
    if not groups:
        return
    ordered = sorted(groups, key=lambda group: (group.counted == group.due, -(group.due - group.counted)))
    table = pd.DataFrame(
        {
            title: [group.name for group in ordered],
            "应报": [group.due for group in ordered],
            "已报": [group.counted for group in ordered],
            "未报": [group.due - group.counted for group in ordered],
            "报送率": [100 * group.counted / group.due for group in ordered],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height=min(300, 38 + 35 * len(table)),
        column_config={
            title: st.column_config.TextColumn(width=150),
            **{name: st.column_config.NumberColumn(width=48) for name in ("应报", "已报", "未报")},
            "报送率": st.column_config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100),
        },
    )


def _draw_names(found: LateList) -> None:
    waiting = f"逾期 {found.days_late} 天" if found.days_late > 0 else f"距截止还有 {-found.days_late} 天"
    table = pd.DataFrame(
        {
            "项目": [f"/project?id={project.id}#{project.name}" for project in found.rows],
            "县区": [project.county_name for project in found.rows],
            "指挥部": [project.headquarters_name or "" for project in found.rows],
            "时限": [waiting] * len(found.rows),
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height=min(610, 38 + 35 * len(table)),
        column_config={"项目": st.column_config.LinkColumn(display_text=r"#(.*)$", width="large")},
    )
    if found.total > len(found.rows):
        st.caption(f"共 {found.total} 个，显示前 {len(found.rows)} 个。请按县区或指挥部筛选。")
