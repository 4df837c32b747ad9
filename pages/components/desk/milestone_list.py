"""The working list of milestones: narrowing, table, pages; a click anywhere in a row opens it."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.delta_generator import DeltaGenerator

from core.domain.permissions import Actor
from core.services import milestones
from core.services.milestones import MilestonePage
from db.queries.milestones import Bucket, MilestoneFilter, MilestoneRow
from pages.components import export_button, state, theme
from pages.components.cached import cached_view
from pages.components.desk.choices import ask_owner
from pages.components.layout import PAGES_WIDTH
from pages.components.page import Frame
from pages.components.project_query import MAX_TEXT, values
from pages.components.state import Key

_SOON_DAYS = 7
_HEIGHT = 633
_NOTHING = {
    Bucket.LATE: "没有逾期的节点。",
    Bucket.WEEK: "7 天内没有到期的节点。",
    Bucket.MONTH: "30 天内没有到期的节点。",
    Bucket.DONE: "还没有登记完成的节点。",
}


@cached_view()
def _load(actor: Actor, wanted: MilestoneFilter, page: int) -> MilestonePage:
    return milestones.my_list(actor, wanted, page)


def ask(frame: Frame) -> tuple[MilestoneFilter, DeltaGenerator]:
    """Draw the narrowing; return it and the place of the counts. The address may preset bucket and project."""
    query = st.query_params
    preset = next((Bucket(word) for word in values(query, "bucket") if word in set(Bucket)), Bucket.OPEN)
    project = next((int(word) for word in values(query, "project") if word.isdecimal() and len(word) < 16), None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        bucket = st.segmented_control(
            "范围",
            list(Bucket),
            default=preset,
            required=True,
            format_func=lambda item: item.label,
            label_visibility="collapsed",
            key=Key.MILESTONE_BUCKET.value,
        )
        text = st.text_input(
            "搜索",
            placeholder="搜索项目、代码、首字母、节点",
            label_visibility="collapsed",
            max_chars=MAX_TEXT,
            key=Key.MILESTONE_SEARCH.value,
            width=230,
        )
        county, headquarters = ask_owner(frame, Key.MILESTONE_COUNTY, Key.MILESTONE_HEADQUARTERS)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        counts = st.container(width="content")
        key_only = st.toggle("仅关键节点", key=Key.MILESTONE_KEY_ONLY.value)
    return MilestoneFilter(bucket or Bucket.OPEN, text.strip(), county, headquarters, key_only, project), counts


def draw(frame: Frame, wanted: MilestoneFilter, counts: DeltaGenerator) -> int | None:
    """Draw the list, and the counts into their place; return the id of the milestone that was clicked just now."""
    table, foot = st.container(), st.container(horizontal=True, vertical_alignment="center")
    page_key = state.variant(Key.MILESTONE_PAGE, hash(wanted))
    number = int(st.session_state.get(page_key, 1))
    found = _load(frame, wanted, number)
    with foot:
        if found.has_more or number > 1:
            st.pagination(number + found.has_more, key=page_key, width=PAGES_WIDTH)
        st.space("stretch")
        export_button.draw_owned(frame, "milestones", wanted.county_id, wanted.headquarters_id)
    with counts:
        _draw_counts(found)
    with table:
        if not found.rows:
            _draw_nothing(wanted)
            return None
        return _draw_table(wanted, found)


def _draw_counts(found: MilestonePage) -> None:
    counts = found.counts
    late = f":red[**已逾期 {counts.late}**]" if counts.late else "已逾期 0"
    st.markdown(f"{late}　7天内到期 **{counts.week}**　30天内到期 **{counts.month}**")


def _draw_nothing(wanted: MilestoneFilter) -> None:
    if wanted.text or wanted.county_id or wanted.headquarters_id or wanted.key_only or wanted.project_id:
        st.info("没有符合条件的节点。请放宽筛选条件。")
    else:
        st.info(_NOTHING.get(wanted.bucket, "您的管理范围内没有待办节点。新项目的节点由台账导入或项目详情录入。"))


def _draw_table(wanted: MilestoneFilter, found: MilestonePage) -> int | None:
    # The key is what the table shows: an old selection never points at another row, and a save elsewhere in the city
    # does not swallow the next click.
    shown = hash(tuple((row.id, row.version) for row in found.rows))
    key = state.variant(Key.MILESTONE_TABLE, shown, hash(wanted), found.number)
    event = st.dataframe(
        _styled(found.rows, found.today),
        key=key,
        hide_index=True,
        height=min(_HEIGHT, 38 + 35 * len(found.rows)),
        on_select="rerun",
        selection_mode="single-cell",
        column_config={
            "期限": st.column_config.TextColumn(width=86),
            "项目": st.column_config.TextColumn(width=190),
            "节点": st.column_config.TextColumn(width=118),
            "级别": st.column_config.TextColumn(width=50),
            "县区": st.column_config.TextColumn(width=90),
            "计划日期": st.column_config.TextColumn(width=88),
            "调整": st.column_config.TextColumn(width=52, help="基线调整次数"),
            "预计": st.column_config.TextColumn(width=88),
        },
    )
    cells = event["selection"]["cells"]
    if not cells or state.get(Key.MILESTONE_CLICK) == (key, tuple(cells[0])):
        return None
    state.put(Key.MILESTONE_CLICK, (key, tuple(cells[0])))
    return found.rows[cells[0][0]].id


def _styled(rows: Sequence[MilestoneRow], today: date) -> Styler:
    frame = pd.DataFrame(
        {
            "期限": [due_text(row, today) for row in rows],
            "项目": [row.project_name for row in rows],
            "节点": [row.name for row in rows],
            "级别": ["关键" if row.is_key else "" for row in rows],
            "计划日期": [str(row.planned_on) for row in rows],
            "预计": [str(row.forecast_on or "") for row in rows],
            "调整": [f"{row.moves} 次" if row.moves else "" for row in rows],
            "县区": [row.county_name for row in rows],
            "指挥部": [row.headquarters_name or "" for row in rows],
        }
    )
    # A column that says the same in every row tells nothing.
    frame = frame.drop(columns=[name for name in ("县区", "指挥部") if frame[name].nunique() == 1])
    colours = [_colour(row, today) for row in rows]
    return frame.style.apply(lambda _: colours, subset=["期限"])


def due_text(row: MilestoneRow, today: date) -> str:
    """Return how a milestone stands on *today*, in a few characters."""
    if row.actual_on is not None:
        late = (row.actual_on - row.planned_on).days
        return f"完成 晚{late}天" if late > 0 else "按期完成"
    days = (row.planned_on - today).days
    if days < 0:
        return f"逾期 {-days} 天"
    return "今天到期" if days == 0 else f"还有 {days} 天"


def _colour(row: MilestoneRow, today: date) -> str:
    days = (row.planned_on - today).days
    if row.actual_on is not None:
        level = "ok"
    elif days < 0:
        level = "severe"
    else:
        level = "warn" if days <= _SOON_DAYS else "exempt"
    return f"color: {theme.DESK_FLAGS[level].word}; font-weight: 600"
