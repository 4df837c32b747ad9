"""Which project: the plans there are, and any project of the scope by name, code or initials."""

import pandas as pd
import streamlit as st

from core.domain.backward_adoption import PlanStatus
from core.services import schedules
from core.services.schedules import PlanHead, PlanLine
from pages.components import state
from pages.components.layout import card
from pages.components.page import Frame, plain
from pages.components.state import Key

_COLUMNS = ["项目", "县区", "状态", "模板", "最迟开工", "要求完成", "结论", "编制人"]


def wanted_id() -> int | None:
    """Return the project of the address; None = none, or no number."""
    text = st.query_params.get("id", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def draw(frame: Frame) -> None:
    """Draw the search and the plans of the scope."""
    with card("schedule_find"):
        typed, found = st.columns([1, 2], vertical_alignment="bottom")
        text = typed.text_input(
            "查找项目", key=Key.SCHEDULE_SEARCH.value, max_chars=100, placeholder="名称、编号或拼音首字母"
        )
        heads = {head.id: head for head in schedules.find_projects(frame.actor, text)}
        chosen = found.selectbox(
            "编排倒排工期的项目",
            list(heads),
            index=None,
            format_func=lambda key: f"{heads[key].name}（{heads[key].code} · {heads[key].county_name}）",
            placeholder="选择一个项目" if heads else "没有找到，请换个词",
            key=state.variant(Key.SCHEDULE_FOUND, text),
        )
    if chosen is not None:
        open_project(chosen)
    _draw_list(schedules.list_current(frame.actor))


def open_project(project_id: int) -> None:
    """Go to the schedule of a project."""
    st.query_params["id"] = str(project_id)
    st.rerun()


def verdict(plan: PlanHead) -> str:
    """Return whether a saved plan fits, in shape and words."""
    if plan.missing_days is None:
        return "■ 限定节点赶不上"
    return "● 可行" if plan.fits else f"■ 差 {plan.missing_days} 个工作日"


def _draw_list(lines: tuple[PlanLine, ...]) -> None:
    if not lines:
        st.info("还没有倒排计划。请在上方选择项目，从完成日期倒排。")
        return
    impossible = sum(not line.plan.fits for line in lines)
    st.caption(f"共 {len(lines)} 份倒排计划，其中排不下的 {impossible} 份在前；点选一行打开。")
    table = pd.DataFrame([_cells(line) for line in lines], columns=_COLUMNS)
    picked = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=min(640, 38 + 35 * len(table)),
        column_config={"项目": st.column_config.TextColumn(width="large")},
        on_select="rerun",
        selection_mode="single-row",
        key=Key.SCHEDULE_LIST.value,
    )
    rows = [place for place in picked["selection"]["rows"] if place < len(lines)]
    if rows:
        st.session_state.pop(Key.SCHEDULE_LIST.value, None)
        open_project(lines[rows[0]].plan.project_id)


def _cells(line: PlanLine) -> tuple[str, ...]:
    plan = line.plan
    maker = plan.adopted_by if plan.status is PlanStatus.ADOPTED else plan.made_by
    return (
        line.project_name,
        line.county_name,
        plan.status.label,
        plan.template_name or "自行编制",
        str(plan.start_on),
        str(plan.wanted_on),
        verdict(plan),
        maker,
    )


def draw_head(view: schedules.ScheduleView) -> None:
    """Draw which project is open, and the way back."""
    project = view.project
    place = " · ".join(
        part for part in (project.code, project.county_name, project.headquarters_name, project.unit_name) if part
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(project.name), anchor=False, width="content")
        st.space("stretch")
        st.link_button("项目详情", f"/project?id={project.id}")
        if st.button("换一个项目", key=state.variant(Key.SCHEDULE_FOUND, "back")):
            del st.query_params["id"]
            st.rerun()
    st.caption(plain(f"{place} · {project.stage.label} · {_standing(view)}"))


def _standing(view: schedules.ScheduleView) -> str:
    parts = []
    if view.adopted is not None:
        head = view.adopted.head
        parts.append(f"第 {head.number} 稿已定为基线（{head.adopted_by}，{head.finish_on} 完成）")
    if view.draft is not None:
        head = view.draft.head
        parts.append(f"第 {head.number} 稿为草稿（{head.made_by}，{head.wanted_on} 完成，{verdict(head)}）")
    return "；".join(parts) or "还没有倒排计划"
