"""From GeoJSON in longitude/latitude to short SVG paths in a fixed box."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

Point = tuple[float, float]
Path = tuple[Point, ...]

# Neighbouring points closer than this are one point on a wall, units of the box.
FINEST = 0.7
# Plots smaller than this are drawn this large about their centre, so that they can be seen from the third row.
SMALLEST = 11.0
# A map of a single point still shows so much land around it, degrees.
NARROWEST = 0.02


@dataclass(frozen=True, slots=True)
class Shape:
    """The rings or lines of a geometry; *closed* tells polygons from lines."""

    closed: bool
    paths: tuple[Path, ...]


@lru_cache(maxsize=8192)
def parse(geometry: str) -> Shape:
    """Return the lines of a GeoJSON geometry; what cannot be drawn as lines is empty."""
    value = json.loads(geometry)
    coordinates = value.get("coordinates", ())
    match value.get("type"):
        case "Polygon":
            rings = coordinates
        case "MultiPolygon":
            rings = [ring for polygon in coordinates for ring in polygon]
        case "LineString":
            return Shape(False, (_points(coordinates),))
        case "MultiLineString":
            return Shape(False, tuple(map(_points, coordinates)))
        case _:
            rings = ()
    return Shape(True, tuple(map(_points, rings)))


def _points(positions: Iterable[Sequence[float]]) -> Path:
    return tuple((position[0], position[1]) for position in positions)


@dataclass(frozen=True, slots=True)
class Box:
    """The drawing area: size of the picture and the margins kept free for title and legend."""

    width: int
    height: int
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Projection:
    """Plate carrée about the middle latitude, fitted into a box; enough for a city, and honest about being a sketch."""

    scale: float
    squeeze: float
    west: float
    north: float
    dx: float
    dy: float

    def at(self, point: Point) -> Point:
        """Return where *point* (longitude, latitude) is drawn."""
        x, y = point
        return (
            self.dx + (x - self.west) * self.squeeze * self.scale,
            self.dy + (self.north - y) * self.scale,
        )


def fit(shapes: Iterable[Shape], box: Box, narrowest: float = NARROWEST) -> Projection | None:
    """Return the projection that shows all of *shapes*, at least *narrowest* degrees; None with nothing to show."""
    points = [point for shape in shapes for path in shape.paths for point in path]
    if not points:
        return None
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    width, height = max((east - west) * squeeze, narrowest), max(north - south, narrowest)
    free_width, free_height = box.width - box.left - box.right, box.height - box.top - box.bottom
    scale = min(free_width / width, free_height / height)
    return Projection(
        scale=scale,
        squeeze=squeeze,
        west=west,
        north=north,
        dx=box.left + (free_width - width * scale) / 2,
        dy=box.top + (free_height - height * scale) / 2,
    )


@lru_cache(maxsize=8192)
def path(geometry: str, projection: Projection) -> str:
    """Return the SVG path of a geometry."""
    return _svg(parse(geometry), projection, 1.0, (0.0, 0.0))


@dataclass(frozen=True, slots=True)
class Spot:
    """A plot on the map: its path, its middle, half its size."""

    path: str
    x: float
    y: float
    reach: float


@lru_cache(maxsize=8192)
def spot(geometry: str, projection: Projection) -> Spot | None:
    """Return the path of a plot, enlarged about its middle when it would be too small to see."""
    shape = parse(geometry)
    points = [projection.at(point) for line in shape.paths for point in line]
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    size = max(max(xs) - min(xs), max(ys) - min(ys))
    factor = max(1.0, SMALLEST / size) if size else 1.0
    return Spot(_svg(shape, projection, factor, middle), round(middle[0], 1), round(middle[1], 1), size * factor / 2)


def _svg(shape: Shape, projection: Projection, factor: float, about: Point) -> str:
    parts = []
    for line in shape.paths:
        thinned: list[Point] = []
        for point in line:
            x, y = projection.at(point)
            x, y = about[0] + (x - about[0]) * factor, about[1] + (y - about[1]) * factor
            if not thinned or abs(x - thinned[-1][0]) + abs(y - thinned[-1][1]) >= FINEST:
                thinned.append((x, y))
        parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in thinned) + ("Z" if shape.closed else ""))
    return "".join(parts)
