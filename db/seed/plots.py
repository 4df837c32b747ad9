"""
Plots of land inside the counties: parks of blocks along common streets, and single plots among them.

Lengths are kilometres in the local plane. Plots never overlap, keep inside their county and off water and tracks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np
from shapely import Polygon, STRtree, contains_properly, prepare
from shapely.geometry.base import BaseGeometry

from core.domain.ellipsoid import Point
from db.seed.content.land import PLOT_SHARES

SQKM_PER_MU = 2 / 3000
SMALLEST_SQKM = 20 * SQKM_PER_MU * 1.03
LARGEST_SQKM = 400 * SQKM_PER_MU * 0.97
BLOCK_KM = (0.66, 0.54)
PARK_SIZE = 8
SINGLE_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot in the local plane and the code of its county."""

    county_code: str
    shape: Polygon


@dataclass(slots=True)
class _Ground:
    """Where plots may still go in one county."""

    county_code: str
    inside: BaseGeometry
    obstacles: BaseGeometry
    taken: list[Polygon]

    def offer(self, shape: Polygon) -> bool:
        """Take *shape* when it is a proper plot on free ground; return whether it was taken."""
        fits = SMALLEST_SQKM <= shape.area <= LARGEST_SQKM and shape.is_valid
        if not (fits and contains_properly(self.inside, shape)) or shape.intersects(self.obstacles):
            return False
        near = STRtree(self.taken).query(shape, predicate="dwithin", distance=0.05) if self.taken else ()
        if len(near):
            return False
        self.taken.append(shape)
        return True


def place_plots(
    counties: Mapping[str, Polygon], obstacles: BaseGeometry, count: int, rng: np.random.Generator
) -> list[Plot]:
    """
    Return *count* disjoint plots, shared out over the counties by ``PLOT_SHARES``.

    Args:
        counties: Shape of every county, km.
        obstacles: Where no plot may lie.
        count: How many plots.
        rng: Source of chance.
    """
    plots: list[Plot] = []
    for code, quota in _quotas(count).items():
        inside = counties[code].buffer(-0.25)
        prepare(inside)
        ground = _Ground(code, inside, obstacles, [])
        singles = round(quota * SINGLE_SHARE)
        while len(ground.taken) < quota - singles:
            _lay_park(ground, min(PARK_SIZE, quota - singles - len(ground.taken)), rng)
        while len(ground.taken) < quota:
            ground.offer(_quad(_inside_point(ground, rng), _plot_sides(rng), float(rng.uniform(0, 90)), rng))
        plots.extend(Plot(code, shape) for shape in ground.taken)
    return plots


def _quotas(count: int) -> dict[str, int]:
    """Share *count* by largest remainder."""
    total = sum(PLOT_SHARES.values())
    exact = {code: count * share / total for code, share in PLOT_SHARES.items()}
    result = {code: int(value) for code, value in exact.items()}
    by_remainder = sorted(exact, key=lambda code: result[code] - exact[code])
    for code in by_remainder[: count - sum(result.values())]:
        result[code] += 1
    return result


def _inside_point(ground: _Ground, rng: np.random.Generator) -> Point:
    """Return a point of the county, more often near the middle of the city than far out."""
    west, south, east, north = ground.inside.bounds
    best: Point = (0.0, 0.0)
    for draw in range(200):
        candidate = (float(rng.uniform(west, east)), float(rng.uniform(south, north)))
        if draw == 0 or candidate[0] ** 2 + candidate[1] ** 2 < best[0] ** 2 + best[1] ** 2 or rng.uniform() < 0.7:
            best = candidate
            if draw > 0 and ground.inside.contains(Polygon(_corners(best, (0.3, 0.3), 0.0))):
                return best
    return best


def _lay_park(ground: _Ground, wanted: int, rng: np.random.Generator) -> None:
    """Fill the blocks around a centre, nearest first, until *wanted* plots lie."""
    centre = _inside_point(ground, rng)
    angle = float(rng.uniform(-40, 40))
    before = len(ground.taken)
    for column, row in _SPIRAL:
        if len(ground.taken) - before >= wanted:
            return
        if rng.uniform() < 0.18:
            continue
        middle = _turned(centre, (column * BLOCK_KM[0], row * BLOCK_KM[1]), angle)
        sides = (float(rng.uniform(0.5, 0.9)) * BLOCK_KM[0], float(rng.uniform(0.55, 0.88)) * BLOCK_KM[1])
        ground.offer(_quad(middle, sides, angle, rng))


_SPIRAL = sorted(((c, r) for c in range(-3, 4) for r in range(-3, 4)), key=lambda block: block[0] ** 2 + block[1] ** 2)


def _plot_sides(rng: np.random.Generator) -> tuple[float, float]:
    return float(rng.uniform(0.18, 0.58)), float(rng.uniform(0.16, 0.46))


def _turned(centre: Point, offset: Point, angle: float) -> Point:
    cosine, sine = cos(radians(angle)), sin(radians(angle))
    return centre[0] + offset[0] * cosine - offset[1] * sine, centre[1] + offset[0] * sine + offset[1] * cosine


def _corners(centre: Point, sides: tuple[float, float], angle: float) -> list[Point]:
    half_w, half_h = sides[0] / 2, sides[1] / 2
    offsets = ((-half_w, -half_h), (half_w, -half_h), (half_w, half_h), (-half_w, half_h))
    return [_turned(centre, offset, angle) for offset in offsets]


def _quad(centre: Point, sides: tuple[float, float], angle: float, rng: np.random.Generator) -> Polygon:
    """Return a slightly uneven quadrangle; one in four has a corner cut off by a street."""
    corners = [
        (x + float(rng.uniform(-0.05, 0.05)) * sides[0], y + float(rng.uniform(-0.05, 0.05)) * sides[1])
        for x, y in _corners(centre, sides, angle)
    ]
    if rng.uniform() < 0.25:
        (xa, ya), (xb, yb), (xc, yc) = corners[0], corners[1], corners[2]
        share = float(rng.uniform(0.25, 0.5))
        cut = [(xb + (xa - xb) * share, yb + (ya - yb) * share), (xb + (xc - xb) * share, yb + (yc - yb) * share)]
        corners = [corners[0], *cut, corners[2], corners[3]]
    return Polygon(corners)
