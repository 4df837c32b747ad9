"""Beside the map: what was clicked, or the projects that need most attention; the legend below it."""

from fractions import Fraction

import streamlit as st

from core.domain.ledger import ProjectFilter
from core.domain.units import NOTHING, format_mu, format_pp, format_yi
from core.services.map_details import PlotDetail
from core.services.projects import LedgerPage, LedgerRow
from pages.components import map_deck, markup, theme
from pages.components.project_query import ledger_address, project_address


def draw_list(found: LedgerPage, wanted: ProjectFilter, title: str) -> None:
    """Draw the most urgent projects of the filter, and the way to all of them."""
    rows = [
        {
            "mark": theme.flag_mark(row.record_flag or row.flag),
            "name": row.name,
            "address": project_address(row.id),
            "gap": format_pp(_gap(row)),
            "is_late": row.gap_milli_pp is not None and row.gap_milli_pp < 0,
        }
        for row in found.rows
    ]
    markup.show(
        "project/map_list.html",
        title=title,
        rows=rows,
        count=found.totals.rows,
        address=ledger_address(wanted),
    )


def draw_project(row: LedgerRow) -> None:
    """Draw the card of the clicked project."""
    facts = [
        ("县区", row.county_name),
        ("指挥部", row.headquarters_name or NOTHING),
        ("责任单位", row.unit_name or NOTHING),
        ("包保领导", row.sponsors or NOTHING),
        ("状态", row.stage.label),
        ("总投资", f"{format_yi(row.total_investment_yuan, 2)} 亿元"),
        ("年度完成 / 计划", f"{format_yi(row.ytd_done_yuan, 2)} / {format_yi(row.annual_plan_yuan, 2)} 亿元"),
        ("与序时差", f"{format_pp(_gap(row))} 个百分点" if row.gap_milli_pp is not None else NOTHING),
        ("下一节点", f"{row.next_milestone}（{row.next_due_on}）" if row.next_milestone else NOTHING),
        ("实时测算", theme.flag_mark(row.flag).text),
    ]
    markup.show(
        "project/map_card.html",
        title=row.name,
        mark=theme.flag_mark(row.record_flag or row.flag),
        facts=facts,
        note=f"实时测算依据：{'；'.join(row.reasons)}" if row.reasons else "",
        links=[{"text": "打开项目", "address": project_address(row.id), "mark": None}],
    )


def draw_plot(found: PlotDetail) -> None:
    """Draw the card of the clicked plot with links to its projects."""
    plot = found.plot
    facts = [
        ("编号", plot.code),
        ("县区", plot.county_name),
        ("状态", plot.status.label),
        ("面积", f"{format_mu(plot.area_sqm, 1)} 亩"),
        ("用途", plot.use_name or NOTHING),
        ("容积率", f"{plot.plot_ratio:g}" if plot.plot_ratio is not None else NOTHING),
        ("位置", plot.location or NOTHING),
        ("供应日期", str(plot.supplied_on or NOTHING)),
        ("约定动工", str(plot.start_due_on or NOTHING)),
    ]
    links = [
        {"text": project.name, "address": project_address(project.id), "mark": theme.flag_mark(project.flag)}
        for project in found.projects
    ]
    markup.show(
        "project/map_card.html",
        title=plot.name,
        mark=None,
        facts=facts,
        note=plot.unused_reason,
        links=links,
    )


def draw_legend(standing: str) -> None:
    """Draw what shapes and colours mean, and the line that names coordinate system and standing of the map."""
    markup.show("project/map_legend.html", items=map_deck.legend(), note=standing)


def draw_empty(can_import: bool) -> None:
    """Say what to do while there is no land to draw."""
    if can_import:
        st.info("还没有县区边界，地图无法绘制。请到“导入中心”导入县区边界和地块（GeoJSON）。")
    else:
        st.info("还没有县区边界，地图无法绘制。请联系督查部门导入县区边界和地块。")


def _gap(row: LedgerRow) -> Fraction | None:
    return None if row.gap_milli_pp is None else Fraction(row.gap_milli_pp, 1000)
