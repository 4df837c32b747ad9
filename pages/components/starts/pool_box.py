"""项目储备: the reserve by maturity, its conversion into starts, and what each project needs for the next grade."""

from datetime import date

import pandas as pd
import streamlit as st

from core.domain.ledger import ProjectFilter
from core.domain.reserve_pool import Conversion, NextGrade
from core.domain.start_terms import Maturity
from core.domain.units import format_pct, format_yi
from core.services import starts
from core.services.starts import Pool, StartFilter
from pages.components import state
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.page import Frame, telling
from pages.components.project_query import ledger_address
from pages.components.starts import head, marks, procedure_box, reads
from pages.components.state import Key

_PART = "pool"
_MEASURES = (
    ("reserve_at_start", "年初储备"),
    ("reserve_at_start_converted", "其中已转开工"),
    ("reserve_added", "年内新增储备"),
    ("reserve_converted", "合计已转开工"),
)


def draw(frame: Frame) -> None:
    """Draw the reserve."""
    text, county_id, (grades,) = head.ask_text_and_county(_PART, frame, [2.4, 1.8, 6])
    found = reads.pool(frame, StartFilter(county_id=county_id, text=text))
    counts = {one.grade: one for one in found.grades}
    chosen = grades.pills(
        "成熟度",
        list(Maturity),
        format_func=lambda grade: (
            f"{grade.label} {counts[grade].projects} 项 · {format_yi(counts[grade].investment_yuan)} 亿元"
        ),
        label_visibility="collapsed",
        key=state.variant(Key.START_FILTER, _PART, "grade"),
    )
    _draw_conversion(frame)
    _draw_table(frame, found, chosen, StartFilter(county_id=county_id, text=text))
    procedure_box.show(frame)


def _draw_conversion(frame: Frame) -> None:
    today = frame.version.on
    with st.container(horizontal=True, vertical_alignment="center"):
        period = st.date_input(
            "储备转化统计期",
            value=(date(today.year, 1, 1), today),
            max_value=today,
            format="YYYY-MM-DD",
            key=Key.START_PERIOD.value,
            width=240,
        )
        if not isinstance(period, tuple) or len(period) != 2:
            st.caption("请选择统计期的起止日期。")
            return
        with telling():
            found = reads.conversion(frame, *period)
            _draw_rates(found)
            if period == (date(frame.version.month.year, 1, 1), today):
                _draw_doors()


def _draw_rates(found: Conversion) -> None:
    started = found.at_start_converted + found.added_converted
    whole = found.at_start + found.added
    for label, ratio, parts, basis in (
        ("期初储备口径", found.rate, (found.at_start_converted, found.at_start), "期初在库、期内开工 ÷ 期初在库"),
        ("含新增储备口径", found.rate_added, (started, whole), "期内开工 ÷（期初在库 + 期内新增）"),
    ):
        st.markdown(
            f"储备转化率（{label}）**{format_pct(ratio)}**　:gray[{parts[0]} ÷ {parts[1]} 项]",
            help=f"口径：{basis}；本年名单内项目",
            width="content",
        )


def _draw_doors() -> None:
    with st.popover("查看项目"):
        for measure, label in _MEASURES:
            st.link_button(label, ledger_address(ProjectFilter(measure=measure)), width="stretch")


def _draw_table(frame: Frame, found: Pool, chosen: Maturity | None, wanted: StartFilter) -> None:
    rows = [one for one in found.rows if chosen is None or one.grade is chosen]
    with st.container(horizontal=True, vertical_alignment="center"):
        total = sum(one.project.row.total_investment_yuan for one in rows)
        st.caption(f"共 {len(rows)} 项，总投资 {format_yi(total)} 亿元；{_basis(found)}")
        st.space("stretch")
        head.draw_download(frame, _PART, lambda: starts.export_pool(frame.actor, wanted), "项目储备")
    if not rows:
        st.info("没有符合条件的储备项目。谋划、储备、前期阶段且未开工的项目列在这里。")
        return
    cells = [
        {
            "成熟度": one.grade.label,
            "项目": one.project.row.name,
            "县区": one.project.row.county_name,
            "阶段": one.project.row.stage.label,
            "总投资（亿元）": format_yi(one.project.row.total_investment_yuan, 2),
            "入库日期": marks.day(one.project.row.reserved_on),
            "计划开工": marks.day(one.project.row.start_planned_on),
            "具备": marks.ready_share(one.project),
            "下一步": next_step(one.next),
            "尚缺": "、".join(kind.label for kind in one.project.readiness.missing),
            "责任单位": one.project.row.unit_name,
        }
        for one in rows
    ]
    config = st.column_config
    picked = st.dataframe(
        pd.DataFrame(cells),
        hide_index=True,
        placeholder="",
        width="stretch",
        height=table_height(len(cells)),
        row_height=ROW_PIXELS,
        column_config={
            "成熟度": config.TextColumn("成熟度", width=60),
            "项目": config.TextColumn("项目", width=180),
            "具备": config.TextColumn("具备", width=52),
            "下一步": config.TextColumn("下一步", width=230),
        },
        on_select="rerun",
        selection_mode="single-row",
        key=state.variant(Key.START_TABLE, _PART, hash(tuple(one.project.row.project_id for one in rows))),
    )
    places = [place for place in picked["selection"]["rows"] if place < len(rows)]
    if places:
        project_id = rows[places[0]].project.row.project_id
        with st.container(horizontal=True):
            st.button("开工条件", type="primary", on_click=procedure_box.open_, args=(project_id,))
            st.link_button("项目详情", head.project_address(project_id))


def _basis(found: Pool) -> str:
    parts = []
    for rule in found.rules.grades:
        needed = f"且{'、'.join(kind.label for kind in rule.required)}已办" if rule.required else ""
        parts.append(f"{rule.grade.label} 具备 {rule.min_share_pct}% 以上{needed}")
    return "；".join([*parts, "其余 D 级"])


def next_step(found: NextGrade | None) -> str:
    """Return what the next grade asks for, in words; who has the best one may start."""
    if found is None:
        return "条件成熟，可转入开工"
    parts = [f"办结{'、'.join(kind.label for kind in found.required)}"] if found.required else []
    if found.more:
        parts.append(f"另办结 {found.more} 项" if parts else f"再办结 {found.more} 项")
    return f"升{found.grade.label}：{'，'.join(parts)}"
