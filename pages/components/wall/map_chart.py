"""The map as two layers: the ground, which hardly ever changes, and what lives on it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.domain.terms import FlagLevel, ParcelStatus
from core.domain.units import format_mu
from core.services.wall_view import GroupLine, MapView
from db.queries.figures import ParcelCount
from db.queries.wall_map import CountyRow
from pages.components.wall import words
from pages.components.wall.map_shapes import Box, Point, Projection, Shape, Spot, fit, parse, path, spot

OVERVIEW = Box(width=944, height=780, left=40, top=48, right=40, bottom=54)
LAND = Box(width=1236, height=916, left=50, top=52, right=50, bottom=58)
LABEL_HEIGHT = 42
LABEL_ROUNDS = 12
NAME_SIZE = 18
RATE_SIZE = 14.5
RING_MARGIN = 9
SPOT_REACH = 6.0
MAX_RINGS = 60


@dataclass(frozen=True, slots=True)
class CountyPath:
    """A county's outline; *kind* is the end of its CSS class."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Counties and courses."""

    width: int
    height: int
    counties: tuple[CountyPath, ...]
    courses: tuple[CountyPath, ...]


@dataclass(frozen=True, slots=True)
class PlotPath:
    """A plot with the colour key of its project's level, ``free`` where none stands."""

    colour: str
    path: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring around a severe one."""

    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Label:
    """A county's name and figures; the shape stands before the figures where they need attention."""

    county_id: int
    x: float
    y: float
    name: str
    figures: str
    colour: str

    @property
    def half_width(self) -> float:
        """Half of the space the label takes."""
        figures = sum(RATE_SIZE if ord(letter) > 0x2000 else RATE_SIZE * 0.56 for letter in self.figures)
        return max(len(self.name) * NAME_SIZE, figures) / 2 + 2


@dataclass(frozen=True, slots=True)
class LandView:
    """The map and its counted plots."""

    map: MapView
    counts: tuple[ParcelCount, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend: CSS class of shape and colour, and the word."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Live:
    """Plots, rings and labels, and the legend that explains their colours."""

    width: int
    height: int
    plots: tuple[PlotPath, ...]
    rings: tuple[Ring, ...]
    labels: tuple[Label, ...]
    legend: tuple[Key, ...]
    is_empty: bool
    flags_by: str = ""


LEVEL_LEGEND = (
    Key("ok", "正常"),
    Key("warn", "滞后"),
    Key("severe", "严重滞后"),
    Key("no_data", "无数据或不评"),
    Key("free", "待落地地块"),
)
STATUS_LEGEND = tuple(Key(f"status-{status.value}", status.label) for status in ParcelStatus)


def _projection(view: MapView, box: Box) -> Projection | None:
    bounded = [parse(county.boundary) for county in view.counties if county.boundary]
    spots = Shape(False, (tuple((flagged.longitude, flagged.latitude) for flagged in view.spots),))
    return fit(bounded or [*(parse(plot.geometry) for plot in view.plots), spots], box)


def draw_ground(view: MapView, box: Box) -> Ground:
    """Return the ground of the map in *box*."""
    projection = _projection(view, box)
    if projection is None:
        return Ground(box.width, box.height, (), ())
    return Ground(
        box.width,
        box.height,
        tuple(CountyPath(c.kind.value, path(c.boundary, projection)) for c in view.counties if c.boundary),
        tuple(CountyPath(f.kind, path(f.geometry, projection)) for f in view.features),
    )


def draw_live(view: MapView, box: Box, links: bool) -> Live:
    """Return what stands on the ground: plots in the colour of their project, rings around severe ones, labels."""
    projection = _projection(view, box)
    if projection is None:
        return Live(box.width, box.height, (), (), (), LEVEL_LEGEND, True)
    plots: list[PlotPath] = []
    rings: list[Ring] = []
    for level, drawn, title, project_id in _marks(view, projection):
        plots.append(_plot(level, drawn.path, title, words.project(links, project_id)))
        if level is FlagLevel.SEVERE:
            rings.append(Ring(drawn.x, drawn.y, round(drawn.reach + RING_MARGIN, 1)))
    labels = _labels(view, projection, box, lambda county: _progress_figures(county, view.lines))
    return Live(
        box.width, box.height, tuple(plots), tuple(rings[-MAX_RINGS:]), labels, LEVEL_LEGEND, False, view.flags_by
    )


def draw_land(view: LandView, box: Box, links: bool) -> Live:
    """Return the plots in the colour of their status, counties labelled with number and area of their plots."""
    projection = _projection(view.map, box)
    if projection is None:
        return Live(box.width, box.height, (), (), (), STATUS_LEGEND, True)
    plots = []
    for row in reversed(view.map.plots):
        drawn = spot(row.geometry, projection)
        if drawn is not None:
            title = f"{row.status.label} {row.project or row.name}"
            kind = f"status-{row.status.value}"
            plots.append(PlotPath(kind, drawn.path, title, words.project(links, row.project_id)))
    labels = _labels(view.map, projection, box, lambda county: _land_figures(county, view.counts))
    return Live(box.width, box.height, tuple(plots), (), labels, STATUS_LEGEND, False)


def _marks(view: MapView, projection: Projection) -> Iterator[tuple[FlagLevel | None, Spot, str, int | None]]:
    """Yield plots and spots; the most urgent come first in the view and are drawn last, on top of the others."""
    for row in reversed(view.plots):
        drawn = spot(row.geometry, projection)
        if drawn is not None:
            yield row.level, drawn, row.project or row.name, row.project_id
    for flagged in reversed(view.spots):
        middle = projection.at((flagged.longitude, flagged.latitude))
        yield flagged.level, _diamond(*middle), flagged.project, flagged.project_id


def _plot(level: FlagLevel | None, outline: str, title: str, href: str) -> PlotPath:
    if level is None:
        return PlotPath("free", outline, title, "")
    mark = words.mark(level)
    return PlotPath(words.colour(level), outline, f"{mark.text} {title}", href)


def _diamond(x: float, y: float) -> Spot:
    r = SPOT_REACH
    outline = f"M{x:.1f} {y - r:.1f}L{x + r:.1f} {y:.1f}L{x:.1f} {y + r:.1f}L{x - r:.1f} {y:.1f}Z"
    return Spot(outline, round(x, 1), round(y, 1), r)


def _labels(
    view: MapView, projection: Projection, box: Box, figures: Callable[[CountyRow], tuple[str, str]]
) -> tuple[Label, ...]:
    labels = []
    for county in view.counties:
        if county.label or county.boundary:
            x, y = projection.at(county.label or _middle(county.boundary or ""))
            text, colour = figures(county)
            labels.append(Label(county.id, round(x, 1), round(y, 1), words.short(county.name), text, colour))
    return _apart(labels, box)


def _progress_figures(county: CountyRow, lines: Sequence[GroupLine]) -> tuple[str, str]:
    line = next((line for line in lines if line.key_id == county.id), None)
    if line is None or not line.projects:
        return "暂无项目", "no_data"
    level = line.progress.level
    shape = f"{words.mark(level).shape} " if level in (FlagLevel.WARN, FlagLevel.SEVERE) else ""
    rate = words.pct(line.progress.done_ratio)
    return f"{shape}{line.projects} 项 · {rate}{'%' if line.progress.plan_yuan else ''}", words.colour(level)


def _land_figures(county: CountyRow, counts: Sequence[ParcelCount]) -> tuple[str, str]:
    rows = [row for row in counts if row.county_id == county.id]
    parcels, area = sum(row.parcels for row in rows), sum(row.area_sqm for row in rows)
    return (f"{parcels} 宗 · {format_mu(area, 0)} 亩" if parcels else "暂无地块"), "no_data"


def _middle(boundary: str) -> Point:
    points = [point for line in parse(boundary).paths for point in line]
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _apart(labels: list[Label], box: Box) -> tuple[Label, ...]:
    """Return the labels pushed off one another up and down, and kept inside the box."""
    placed = list(labels)
    for _ in range(LABEL_ROUNDS):
        moved = False
        for i, one in enumerate(placed):
            for j in range(i + 1, len(placed)):
                one, other = placed[i], placed[j]
                overlap = LABEL_HEIGHT - abs(one.y - other.y)
                if abs(one.x - other.x) < one.half_width + other.half_width and overlap > 0:
                    push = overlap / 2 + 0.5
                    up = push if one.y >= other.y else -push
                    placed[i] = replace(one, y=round(one.y + up, 1))
                    placed[j] = replace(other, y=round(other.y - up, 1))
                    moved = True
        if not moved:
            break
    return tuple(_inside(label, box) for label in placed)


def _inside(label: Label, box: Box) -> Label:
    x = min(max(label.x, label.half_width + 6), box.width - label.half_width - 6)
    y = min(max(label.y, box.top), box.height - box.bottom)
    return replace(label, x=round(x, 1), y=round(y, 1))
