"""A project's plots as a sketch: the plots themselves, a scale, and where they lie in their county. No tiles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from core.domain.units import format_mu
from core.services.project_details import PlotRow
from pages.components import markup, theme
from pages.components.project_query import map_address
from pages.components.wall.map_shapes import Box, Projection, fit, parse, path

WIDTH, HEIGHT = 520, 230
_PLOTS = Box(WIDTH, HEIGHT, 30, 22, 170, 42)
_INSET = Box(140, 122, 10, 10, 10, 10)
_INSET_X = WIDTH - _INSET.width - 8
# One degree of latitude on the CGCS2000 ellipsoid, metres; good to 0.6 % anywhere.
_METRES_PER_DEGREE = 111_000
# A sliver of a plot is still drawn with some 50 m around it, degrees.
_NARROWEST = 0.0005
_STEPS_M = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
_LONGEST_SCALE = 130


@dataclass(frozen=True, slots=True)
class PlotShape:
    """One plot as drawn."""

    path: str
    fill: str
    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A length on the ground and in the picture."""

    pixels: float
    label: str


@dataclass(frozen=True, slots=True)
class Locator:
    """The county with a dot where the largest plot lies."""

    x: int
    width: int
    height: int
    path: str
    dot: tuple[float, float]


@dataclass(frozen=True, slots=True)
class LandSketch:
    """What the template draws."""

    shapes: tuple[PlotShape, ...]
    scale: ScaleBar | None
    county: Locator | None


def build_sketch(plots: Sequence[PlotRow], county_boundary: str | None) -> LandSketch:
    """Return the sketch of those *plots* that have corner points; empty when none of them can be drawn."""
    drawable = [plot for plot in plots if plot.geometry]
    projection = fit([parse(plot.geometry) for plot in drawable], _PLOTS, _NARROWEST)
    if projection is None:
        return LandSketch((), None, None)
    shapes = tuple(_shape(plot, projection) for plot in drawable)
    return LandSketch(shapes, _scale_bar(projection), _locator(drawable[0], county_boundary))


def _shape(plot: PlotRow, projection: Projection) -> PlotShape:
    x, y = projection.at(_middle(plot))
    return PlotShape(
        path=path(plot.geometry, projection),
        fill=theme.PARCEL_COLOURS[plot.status],
        label=plot.name,
        x=round(x, 1),
        y=round(y, 1),
    )


def _middle(plot: PlotRow) -> tuple[float, float]:
    points = [point for line in parse(plot.geometry).paths for point in line[:-1]] or [(0.0, 0.0)]
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _scale_bar(projection: Projection) -> ScaleBar:
    pixels_per_metre = projection.scale / _METRES_PER_DEGREE
    fitting = [step for step in _STEPS_M if step * pixels_per_metre <= _LONGEST_SCALE] or [_STEPS_M[0]]
    metres = fitting[-1]
    label = f"{metres} 米" if metres < 1000 else f"{metres // 1000} 公里"
    return ScaleBar(round(metres * pixels_per_metre, 1), label)


def _locator(plot: PlotRow, boundary: str | None) -> Locator | None:
    if not boundary:
        return None
    projection = fit([parse(boundary)], _INSET)
    if projection is None or not math.isfinite(projection.scale):
        return None
    moved = Projection(
        projection.scale,
        projection.squeeze,
        projection.west,
        projection.north,
        projection.dx + _INSET_X,
        projection.dy + 8,
    )
    x, y = moved.at(_middle(plot))
    return Locator(_INSET_X, _INSET.width, _INSET.height, path(boundary, moved), (round(x, 1), round(y, 1)))


def picture_of(sketch: LandSketch) -> str:
    """Return the sketch as the address of a picture (``data:``), empty when there is nothing to draw."""
    if not sketch.shapes:
        return ""
    font = theme.FONT.replace("'", "")
    drawn = markup.render("project/land.svg", shapes=sketch.shapes, scale=sketch.scale, county=sketch.county, font=font)
    return f"data:image/svg+xml,{quote(drawn)}"


def plot_cells(plot: PlotRow) -> dict[str, str]:
    """Return the plot's line in the list below the sketch."""
    return {
        "code": plot.code,
        "name": plot.name,
        "status": plot.status.label,
        "area": format_mu(plot.area_sqm, 1),
        "address": map_address(plot.id),
    }
