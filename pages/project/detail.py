"""项目详情 (一项目一链条): chain, money, milestones, curve, flag reasons, problems, funding, land, history."""

from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.errors import NotFound
from core.domain.permissions import Actor, Permission
from core.domain.supervision_terms import SubjectKind
from core.services import project_details, system
from core.services.project_details import ProjectDetail
from core.settings import get_settings
from pages.components import land_sketch, markup, project_dialogs, project_tables, project_view
from pages.components.cached import cached_view
from pages.components.investment_chart import CONFIG, investment_figure
from pages.components.milestone_track import build_track
from pages.components.moments import local
from pages.components.page import Frame, page
from pages.components.starts import readiness_panel
from pages.components.state import Key
from pages.components.supervision import process_box, reads, words
from pages.components.supervision.subject import past_marks

_PANEL_PIXELS = 372


@cached_view(max_entries=128)
def _detail(actor: Actor, project_id: int) -> ProjectDetail:
    return project_details.detail(actor, project_id)


def _wanted_id() -> int:
    text = st.query_params.get("id", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotFound("没有指明项目。请从“项目台账”中选择一个项目打开。")
    return int(text)


def _draw_head(found: ProjectDetail, can_edit: bool) -> None:
    project_dialogs.buttons(found.row.id, can_edit=can_edit)
    markup.show("project/header.html", **project_view.header(found, system.is_demo()))
    markup.show("project/chain.html", steps=project_view.chain_steps(found))
    markup.show("project/tiles.html", tiles=project_view.tiles(found))


def _draw_progress(found: ProjectDetail) -> None:
    height = max(_PANEL_PIXELS, 76 + 38 * len(found.nodes))
    left, right = st.columns([1.22, 1], gap="small")
    with left, st.container(border=True, key=Key.PROJECT_CARD_NODES.value, height=height):
        markup.show("project/milestones.html", track=build_track(found.nodes, found.version.on))
    with right, st.container(border=True, key=Key.PROJECT_CARD_MONEY.value, height=height):
        markup.show("project/curve_head.html", year=found.version.month.year)
        month = found.version.month.number
        st.plotly_chart(
            investment_figure(found.months, found.row.annual_plan_yuan, month),
            theme=None,
            config=CONFIG,
            width="stretch",
        )


def _draw_record(frame: Frame, found: ProjectDetail) -> None:
    """Draw what the latest published round says, what the rules say now, and the process facts."""
    row, flag = found.published, found.record_flag
    if row is not None:
        markup.show(
            "project/record.html",
            about=f"{row.label} · 截至 {row.window.cut_off_on} · 发布于 {local(row.published_at)[:10]}",
            past=past_marks(found.past_flags),
            is_judged=flag is not None,
            rows=words.hit_rows(flag.hits, flag.subject_id) if flag else [],
        )
    markup.show("project/flags.html", **project_tables.flag_rows(found))
    project_id = found.record.values["id"]
    with st.container(border=True, key=Key.PROJECT_CARD_PROCESS.value):
        markup.show("project/process_head.html")
        rows = reads.processes_of(frame, SubjectKind.PROJECT, project_id)
        process_box.draw(frame, SubjectKind.PROJECT, project_id, rows)


def _draw_panels(frame: Frame, found: ProjectDetail) -> None:
    left, right = st.columns([1.07, 1], gap="small")
    with left:
        markup.show("project/matters.html", **project_tables.matter_rows(found))
        markup.show("project/funding.html", **project_tables.funding_rows(found))
        markup.show("project/months.html", rows=project_tables.month_rows(found), year=found.version.month.year)
    with right:
        sketch = land_sketch.build_sketch(found.plots, found.record.county_boundary)
        markup.show(
            "project/land.html",
            note=found.map_standing,
            plots=[land_sketch.plot_cells(plot) for plot in found.plots],
            picture=land_sketch.picture_of(sketch),
        )
        readiness_panel.draw(frame, found.record.values["id"])
        markup.show("project/basics.html", **project_tables.basics(found))
    markup.show("project/history.html", **project_tables.history_rows(found, ZoneInfo(get_settings().timezone)))


with page("", Permission.VIEW_PROJECTS) as frame:
    markup.show("project/style.html")
    markup.show("supervision/style.html")
    found = _detail(frame, _wanted_id())
    can_edit = frame.actor.can(Permission.EDIT_PROJECT)
    _draw_head(found, can_edit)
    _draw_progress(found)
    _draw_record(frame, found)
    _draw_panels(frame, found)
    if can_edit:
        project_dialogs.show(frame.actor, found.record, found.version.on)
