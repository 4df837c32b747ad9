"""作战地图: counties, plots and projects by address, filters, a panel for what was clicked."""

import streamlit as st

from core.domain.ledger import ProjectFilter
from core.domain.permissions import Actor, Permission
from core.services import flags_of_record, map_details, projects
from core.services.map_details import MapGround, PlotDetail
from core.services.plots import MapFilter
from core.services.projects import LedgerChoices, LedgerPage, LedgerRow
from core.services.rounds import RoundRow
from pages.components import map_deck, map_panel, markup
from pages.components import project_filters as filters
from pages.components.cached import cached_view
from pages.components.map_deck import Chosen, Place
from pages.components.page import Frame, page, telling
from pages.components.project_filters import MAP
from pages.components.state import Key

_LISTED = 12


@cached_view()
def _choices(actor: Actor) -> LedgerChoices:
    return projects.choices(actor)


@cached_view()
def _urgent(actor: Actor, wanted: ProjectFilter) -> LedgerPage:
    return projects.search(actor, wanted, size=_LISTED)


@cached_view()
def _project(actor: Actor, project_id: int) -> LedgerRow:
    return projects.find(actor, project_id)


@cached_view()
def _ground(actor: Actor) -> MapGround:
    return map_details.ground(actor)


@cached_view()
def _plot(actor: Actor, plot_id: int) -> PlotDetail:
    return map_details.plot(actor, plot_id)


@cached_view()
def _record(actor: Actor) -> RoundRow | None:
    return flags_of_record.standing(actor)


def _draw_filters(choices: LedgerChoices, *, by_record: bool) -> MapFilter:
    """Draw the bar; the flags asked for are those that the map shows: of the published round where there is one."""
    columns = st.columns([1.2, 1.5, 1.1, 1.1, 1.1], vertical_alignment="bottom")
    with columns[0]:
        counties = filters.choose("县区", MAP.counties, dict(choices.counties))
    with columns[1]:
        headquarters = filters.choose("指挥部", MAP.headquarters, filters.headquarters_options(choices))
    with columns[2]:
        if by_record:
            record, live = filters.choose("督查旗色", MAP.record_flags, filters.flag_labels()), ()
        else:
            record, live = (), filters.choose("实时旗色", MAP.flags, filters.flag_labels())
    with columns[3]:
        stages = filters.choose("项目状态", MAP.stages, filters.STAGES)
    with columns[4]:
        statuses = filters.choose("地块状态", MAP.statuses, filters.STATUSES)
    wanted = ProjectFilter(
        county_ids=counties, headquarters_ids=headquarters, flags=live, record_flags=record, stages=stages
    )
    return MapFilter(wanted, statuses)


def _asked_for() -> Chosen | None:
    """Return the plot that the address asks to open."""
    text = filters.carried("plot")
    return Chosen(map_deck.PLOTS, int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _draw_panel(frame: Frame, wanted: ProjectFilter, chosen: Chosen | None) -> None:
    if chosen is None:
        map_panel.draw_list(_urgent(frame, wanted), wanted, "最需关注的项目")
    elif chosen.layer == map_deck.PLOTS:
        map_panel.draw_plot(_plot(frame, chosen.id))
    elif chosen.layer == map_deck.PROJECTS:
        map_panel.draw_project(_project(frame, chosen.id))
    else:
        of_county = ProjectFilter(county_ids=(chosen.id,))
        name = next((label.name for label in _ground(frame).counties if label.id == chosen.id), "县区")
        map_panel.draw_list(_urgent(frame, of_county), of_county, name)


def _focus(frame: Frame, asked: Chosen | None) -> Place | None:
    if asked is None:
        return None
    plot = _plot(frame, asked.id).plot
    if plot.longitude is None or plot.latitude is None:
        return None
    return Place(plot.longitude, plot.latitude)


with page("作战地图", Permission.VIEW_PROJECTS) as frame:
    markup.show("project/style.html")
    choices, ground = _choices(frame), _ground(frame)
    filters.follow_address(MAP, choices)
    wanted = _draw_filters(choices, by_record=_record(frame) is not None)
    asked = _asked_for()
    query = {"status": [status.value for status in wanted.statuses], "plot": str(asked.id) if asked else ""}
    filters.write_address(MAP, wanted.projects, query)
    if ground.counties:
        left, right = st.columns([2.6, 1], gap="small")
        with left:
            map_deck.draw(frame.actor, wanted, ground, _focus(frame, asked))
            map_panel.draw_legend(ground.standing)
        with right, st.container(border=True, key=Key.MAP_PANEL.value, height=map_deck.HEIGHT), telling():
            _draw_panel(frame, wanted.projects, map_deck.chosen() or asked)
    else:
        map_panel.draw_empty(frame.actor.can(Permission.IMPORT))
