"""项目链条: funnel by step and source, and the projects with the step they stand at; every bar opens its rows."""

from typing import Any

import pandas as pd
import streamlit as st

from core.domain.headquarters_chain import STEPS, ChainStep, ProjectSource
from core.domain.ledger import Listing, ProjectFilter
from core.domain.units import format_pct, yuan_to_yi
from core.services.headquarters import Chain, Headquarters
from pages.components import state
from pages.components.headquarters import funnel_chart, reads
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.page import Frame
from pages.components.project_query import ledger_address, write_filter
from pages.components.state import Key

_UNITS = {"项目数": False, "总投资": True}


def draw(frame: Frame, one: Headquarters) -> None:
    """Draw the tab."""
    found, key = reads.chain(frame, one.card.row.id), one.card.row.id
    if not found.total:
        st.info("还没有项目归口到本指挥部。在台账中为项目指定指挥部后，这里按链条显示。")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        unit = st.segmented_control(
            "单位", list(_UNITS), default="项目数", required=True, label_visibility="collapsed",
            key=Key.HQ_FUNNEL_UNIT.value,
        )  # fmt: skip
        st.caption("每一行为到达过该步的项目，按来源分色；点色块打开台账。判定口径：以台账已有日期为准，取最远一步。")
    _draw_funnel(found, key, in_yuan=_UNITS[unit])
    _draw_steps(found, key)
    _draw_projects(found)


def _draw_funnel(found: Chain, key: int, *, in_yuan: bool) -> None:
    sources = funnel_chart.sources_of(found.counts)
    event = st.plotly_chart(
        funnel_chart.funnel_figure(found.counts, found.lines, in_yuan=in_yuan),
        key=state.variant(Key.HQ_FUNNEL, key, in_yuan),
        on_select="rerun",
        selection_mode="points",
        theme=None,
        config=funnel_chart.CONFIG,
    )
    points = event["selection"]["points"]
    if points:
        step, source = STEPS[points[0]["point_index"]], sources[points[0]["curve_number"]]
        wanted = _filter(key, STEPS[STEPS.index(step) :], (source,))
        st.switch_page("pages/project/ledger.py", query_params=write_filter(wanted))


def _filter(key: int, steps: tuple[ChainStep, ...], sources: tuple[ProjectSource, ...] = ()) -> ProjectFilter:
    return ProjectFilter(headquarters_ids=(key,), chain_steps=steps, sources=sources, listing=Listing.ALL)


def _draw_steps(found: Chain, key: int) -> None:
    rows = [
        {
            "步骤": line.step.label,
            "停留项目": ledger_address(_filter(key, (line.step,))) + f"#{line.present}",
            "停留总投资": float(yuan_to_yi(line.present_yuan)),
            "到达项目": ledger_address(_filter(key, STEPS[STEPS.index(line.step) :])) + f"#{line.reached}",
            "到达总投资": float(yuan_to_yi(line.reached_yuan)),
            "转化率": format_pct(line.conversion),
        }
        for line in found.lines
    ]
    link, number = st.column_config.LinkColumn, st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height=table_height(len(rows)),
        row_height=ROW_PIXELS,
        column_config={
            "停留项目": link("停留在该步（个）", display_text=r"#(\d+)$"),
            "停留总投资": number("停留总投资（亿元）", format="%.1f"),
            "到达项目": link("到达过该步（个）", display_text=r"#(\d+)$"),
            "到达总投资": number("到达总投资（亿元）", format="%.1f"),
            "转化率": st.column_config.TextColumn("上一步转化率", alignment="right"),
        },
    )


def _draw_projects(found: Chain) -> None:
    shown = f"，显示总投资最大的 {len(found.projects)} 个" if len(found.projects) < found.total else ""
    st.caption(f"本指挥部项目 {found.total} 个{shown}；点一行打开项目。")
    picked = st.dataframe(
        table_of(found),
        key=Key.HQ_CHAIN.value,
        on_select="rerun",
        selection_mode="single-cell",
        hide_index=True,
        width="stretch",
        height=table_height(len(found.projects)),
        row_height=ROW_PIXELS,
        column_config={"总投资": st.column_config.NumberColumn("总投资（亿元）", format="%.2f")},
    )
    cells = picked["selection"]["cells"]
    if cells and cells[0][0] < len(found.projects):
        chosen = found.projects[cells[0][0]].id
        st.switch_page("pages/project/detail.py", query_params={"id": str(chosen)})


def table_of(found: Chain) -> pd.DataFrame:
    """Return the projects with the chain as six columns, a full mark for a step that was reached."""
    return pd.DataFrame([_cells(line) for line in found.projects])


def _cells(line: Any) -> dict[str, Any]:
    place = STEPS.index(line.place.step)
    steps = {step.label: "◆" if n == place else "●" if n < place else "·" for n, step in enumerate(STEPS)}
    days = "" if line.days is None else f"{line.days} 天"
    return {
        "项目": line.name,
        "县区": line.county,
        "来源": line.source.label,
        **steps,
        "进入现步骤": str(line.place.since_on or ""),
        "已停留": days,
        "总投资": float(yuan_to_yi(line.total_yuan)),
    }
