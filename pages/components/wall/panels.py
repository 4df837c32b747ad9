"""The panels of the wall: which part of the view each shows, and with which template.

A panel is rendered again only when its part differs from the one it was rendered from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain.period import AsOf
from core.services.wall_view import WallView
from core.settings import get_settings
from pages.components import markup
from pages.components.wall import campaign_lines, due_lists, fronts, map_chart, matter_lists, supervision, words
from pages.components.wall.map_chart import LandView
from pages.components.wall.words import Headlines, Land


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the wall, as far as it changes what is drawn."""

    links: bool
    everything: bool
    demo: bool


@dataclass(frozen=True, slots=True)
class Status:
    """What the head says of the data."""

    as_of: AsOf
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """One place on the wall; *part* is all of the view that its template sees."""

    id: str
    template: str
    part: Callable[[WallView, Reader], Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A panel's HTML, the part it was made from and the line its map printed."""

    part: Any
    html: str
    standing: str


def _headlines(view: WallView, _reader: Reader) -> Headlines:
    return Headlines(view.headlines, view.version.on, get_settings().timezone)


def _land(view: WallView, _reader: Reader) -> Land:
    return Land(view.land, tuple((county.id, county.name) for county in view.map.counties))


def _tiles(view: WallView, _reader: Reader) -> Any:
    return view.totals


PANELS: tuple[Panel, ...] = (
    Panel("status", "status", lambda view, reader: Status(view.version.as_of, reader.demo)),
    Panel("tile_projects", "tile_projects", _tiles),
    Panel("tile_progress", "tile_progress", lambda view, reader: view.totals.progress),
    Panel("tile_start", "tile_start", _tiles),
    Panel("tile_resume", "tile_resume", _tiles),
    Panel("tile_commissioning", "tile_commissioning", _tiles),
    Panel("tile_flags", "tile_flags", lambda view, _reader: supervision.tile(view)),
    Panel("curve", "curve", lambda view, reader: view.curve),
    Panel("bars", "bars", lambda view, reader: view.headquarters),
    Panel("overview_ground", "map_ground", lambda view, reader: map_chart.draw_ground(view.map, map_chart.OVERVIEW)),
    Panel(
        "overview_live",
        "map_live",
        lambda view, reader: map_chart.draw_live(view.map, map_chart.OVERVIEW, reader.links),
    ),
    Panel("severe", "severe", lambda view, _reader: supervision.red(view)),
    Panel("due", "due", lambda view, reader: view.due),
    Panel("ticker", "ticker", _headlines),
    Panel("team_list", "team_list", lambda view, _reader: fronts.part(view)),
    Panel("team_fronts", "team_fronts", lambda view, _reader: fronts.part(view)),
    Panel("round_head", "round_head", lambda view, _reader: supervision.head(view)),
    Panel("round_red", "round_list", lambda view, _reader: supervision.red(view)),
    Panel("round_counties", "round_stacks", lambda view, _reader: supervision.counties(view)),
    Panel("round_teams", "round_stacks", lambda view, _reader: supervision.teams(view)),
    Panel("round_repeated", "round_list", lambda view, _reader: supervision.repeated(view)),
    Panel("campaign_head", "campaign_head", lambda view, _reader: campaign_lines.head(view.campaigns)),
    Panel("campaign_bars", "campaign_bars", lambda view, _reader: campaign_lines.bars(view.campaigns)),
    Panel("campaign_overdue", "campaign_tasks", lambda view, _reader: campaign_lines.overdue(view.campaigns)),
    Panel("campaign_soon", "campaign_tasks", lambda view, _reader: campaign_lines.due_soon(view.campaigns)),
    Panel("campaign_weeks", "weeks", lambda view, _reader: campaign_lines.weeks(view.campaigns)),
    Panel("campaign_results", "campaign_results", lambda view, _reader: campaign_lines.results(view.campaigns)),
    Panel("matter_head", "matter_head", lambda view, _reader: view.matters),
    Panel("matter_urgent", "matter_list", lambda view, _reader: matter_lists.urgent(view.matters)),
    Panel("matter_units", "matter_units", lambda view, _reader: view.matters.units),
    Panel("matter_weeks", "weeks", lambda view, _reader: matter_lists.weeks(view.matters)),
    Panel("matter_escalated", "matter_list", lambda view, _reader: matter_lists.escalated(view.matters)),
    Panel("due_head", "due_head", lambda view, _reader: view.deadlines),
    Panel("due_soon", "due_list", lambda view, _reader: due_lists.soon(view.deadlines)),
    Panel("due_days", "due_days", lambda view, _reader: due_lists.days(view.deadlines)),
    Panel("due_teams", "due_teams", lambda view, _reader: view.deadlines.teams),
    Panel("due_late", "due_list", lambda view, _reader: due_lists.late(view.deadlines)),
    Panel("land", "land", _land),
    Panel("land_ground", "map_ground", lambda view, reader: map_chart.draw_ground(view.map, map_chart.LAND)),
    Panel(
        "land_live",
        "map_live",
        lambda view, reader: map_chart.draw_land(LandView(view.map, view.land), map_chart.LAND, reader.links),
    ),
)


def render(
    view: WallView, reader: Reader, before: Mapping[str, Rendered], wanted: Sequence[Panel] = PANELS
) -> dict[str, Rendered]:
    """Return the *wanted* panels of *view*; those whose part is as *before* keep their HTML."""
    standing = view.map.standing
    return {
        panel.id: _render(panel, panel.part(view, reader), standing, reader, before.get(panel.id)) for panel in wanted
    }


def _render(panel: Panel, part: Any, standing: str, reader: Reader, before: Rendered | None) -> Rendered:
    if before is not None and before.part == part and before.standing == standing:
        return before
    html = markup.render(
        f"wall/{panel.template}.html",
        part=part,
        chart=part,
        w=words,
        m=matter_lists,
        d=due_lists,
        c=campaign_lines,
        f=fronts,
        links=reader.links,
        scope_label="市级" if reader.everything else "所辖",
        map_note=standing,
    )
    return Rendered(part, html, standing)
