"""
The land of the demo city 云岭市: counties, river, rail, road, lake and plots from one fixed seed.

Everything is invented and schematic; coordinates are CGCS2000 longitude/latitude with 6 decimals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from shapely import LineString, Polygon, coverage_union_all, unary_union
from shapely import Point as ShapelyPoint
from shapely.affinity import rotate, scale

from core.domain.ellipsoid import LocalPlane, Point, ring_area_sqm
from core.domain.terms import CountyKind
from db.seed.content import land
from db.seed.fractal import displaced_path, softened
from db.seed.labels import place_labels
from db.seed.partition import Site, power_cells, rugged_rings
from db.seed.plots import Plot, place_plots

SEED = 20_240_617
BORDER_SPACING_KM = 0.62
PARCEL_COUNT = 260
# Length of the bends of a course, km: water meanders, tracks sweep.
WANDER_KM = {"river": 1.3, "railway": 4.0, "expressway": 2.6}


@dataclass(frozen=True, slots=True)
class CountyLand:
    """
    A county-level unit on the map.

    Attributes:
        code: Fictional six-digit region code.
        name: Full name.
        short_name: Name for labels.
        kind: County, district or development zone.
        ring: Closed boundary, (longitude, latitude), counter-clockwise.
        label: Where its name stands.
        area_sqm: Area on the ellipsoid.
    """

    code: str
    name: str
    short_name: str
    kind: CountyKind
    ring: tuple[Point, ...]
    label: Point
    area_sqm: int


@dataclass(frozen=True, slots=True)
class Course:
    """A line or lake on the map: kind is river, railway, expressway or lake; points are (longitude, latitude)."""

    kind: str
    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ParcelLand:
    """A plot of land: closed ring, the code of the county it lies in, and its area on the ellipsoid."""

    county_code: str
    ring: tuple[Point, ...]
    area_sqm: int


@dataclass(frozen=True, slots=True)
class Geography:
    """The whole land; ``outline`` is the closed ring around all counties."""

    counties: tuple[CountyLand, ...]
    courses: tuple[Course, ...]
    parcels: tuple[ParcelLand, ...]
    outline: tuple[Point, ...]


PLANE = LocalPlane(land.CENTRE_LONGITUDE, land.CENTRE_LATITUDE)


@cache
def build_geography(seed: int = SEED, parcel_count: int = PARCEL_COUNT) -> Geography:
    """
    Return the land of the demo city; the same arguments always give the same land.

    Args:
        seed: Seed of every random choice.
        parcel_count: How many plots to place.
    """
    rng = np.random.default_rng(seed)
    rings = _county_rings(rng)
    shapes = {code: Polygon([PLANE.to_plane(point) for point in ring]) for code, ring in rings.items()}
    whole = unary_union(list(shapes.values()))
    courses = (*_lines(whole, rng), _lake(rng))
    plots = place_plots(shapes, _obstacles(courses), parcel_count, rng)
    labels = place_labels(shapes, [plot.shape for plot in plots], _water(courses))
    return Geography(
        counties=tuple(_counties(rings, labels)),
        courses=courses,
        parcels=tuple(_parcel(plot) for plot in plots),
        outline=_outline(rings),
    )


def _county_rings(rng: np.random.Generator) -> dict[str, tuple[Point, ...]]:
    sites = {row[0]: Site(row[4], row[5], row[6]) for row in land.COUNTIES}
    cells = power_cells(land.OUTLINE_KM, sites)
    rings: dict[str, tuple[Point, ...]] = {}
    for code, ring in rugged_rings(cells, BORDER_SPACING_KM, rng).items():
        lonlat = [PLANE.to_lonlat(point) for point in ring]
        rings[code] = _closed_counter_clockwise(lonlat)
    return rings


def _closed_counter_clockwise(points: Sequence[Point]) -> tuple[Point, ...]:
    ring = Polygon(points)
    ordered = list(points) if ring.exterior.is_ccw else list(points)[::-1]
    return (*ordered, ordered[0])


def _counties(rings: Mapping[str, tuple[Point, ...]], labels: Mapping[str, Point]) -> list[CountyLand]:
    return [
        CountyLand(
            code=code,
            name=name,
            short_name=short_name,
            kind=kind,
            ring=rings[code],
            label=PLANE.to_lonlat(labels[code]),
            area_sqm=round(ring_area_sqm(rings[code])),
        )
        for code, name, short_name, kind, *_ in land.COUNTIES
    ]


def _outline(rings: Mapping[str, tuple[Point, ...]]) -> tuple[Point, ...]:
    union = coverage_union_all([Polygon(ring) for ring in rings.values()])
    polygon = union.geoms[0] if union.geom_type == "MultiPolygon" else union
    return tuple((float(x), float(y)) for x, y in polygon.exterior.coords)


def _lines(whole: Polygon, rng: np.random.Generator) -> list[Course]:
    courses = []
    for kind, name, waypoints, roughness in land.COURSES:
        path = LineString(softened(displaced_path(waypoints, WANDER_KM[kind], roughness, rng), rounds=3))
        inside = path.intersection(whole.buffer(-0.05))
        longest = max(getattr(inside, "geoms", [inside]), key=lambda piece: piece.length)
        points = longest.simplify(0.02).coords
        courses.append(Course(kind, name, tuple(PLANE.to_lonlat((x, y)) for x, y in points)))
    return courses


def _lake(rng: np.random.Generator) -> Course:
    name, (east, north), (half_long, half_short), tilt = land.LAKE
    circle = ShapelyPoint(east, north).buffer(1, quad_segs=2)
    oval = rotate(scale(circle, half_long, half_short), tilt)
    corners = [(float(x), float(y)) for x, y in oval.exterior.coords]
    shore = displaced_path(corners, 0.35, 0.13, rng)
    return Course("lake", name, tuple(PLANE.to_lonlat(point) for point in softened(shore, rounds=1)[:-1]))


def _obstacles(courses: Sequence[Course]) -> Polygon:
    """Return where no plot may lie: water and tracks with their banks."""
    shapes = []
    for course in courses:
        plane = [PLANE.to_plane(point) for point in course.points]
        shapes.append(Polygon(plane).buffer(0.2) if course.kind == "lake" else LineString(plane).buffer(0.3))
    return unary_union(shapes)


def _water(courses: Sequence[Course]) -> list[Polygon]:
    """Return rivers and lakes as areas, which names should not cover."""
    wet = [course for course in courses if course.kind in ("river", "lake")]
    return [LineString([PLANE.to_plane(point) for point in course.points]).buffer(0.25) for course in wet]


def _parcel(plot: Plot) -> ParcelLand:
    ring = _closed_counter_clockwise([PLANE.to_lonlat((x, y)) for x, y in plot.shape.exterior.coords[:-1]])
    return ParcelLand(plot.county_code, ring, round(ring_area_sqm(ring)))
