"""
Natural-looking lines: midpoint displacement of arcs and softened paths.

Every random number comes from the generator handed in, so the same seed gives the same land.
"""

import itertools
from collections.abc import Sequence
from math import hypot

import numpy as np

from core.domain.ellipsoid import Point


def displaced(start: Point, end: Point, spacing: float, roughness: float, rng: np.random.Generator) -> list[Point]:
    """
    Return a fractal path from *start* to *end*, both included.

    Args:
        start: First point, km.
        end: Last point, km.
        spacing: Halve until the pieces are about this long, km.
        roughness: Standard sideways move of a midpoint as a share of its piece (0 = straight; 0.2 = rugged).
        rng: Source of chance.
    """
    points = [start, end]
    length = hypot(end[0] - start[0], end[1] - start[1])
    while length > spacing:
        points = _halved(points, roughness, rng)
        length /= 2
    return points


def _halved(points: Sequence[Point], roughness: float, rng: np.random.Generator) -> list[Point]:
    result = [points[0]]
    for (xa, ya), (xb, yb) in itertools.pairwise(points):
        # Uniform moves never reach far, so neighbouring arcs keep clear of one another.
        side = roughness * float(rng.uniform(-1.75, 1.75))
        along = float(rng.uniform(0.42, 0.58))
        result.append((xa + (xb - xa) * along - (yb - ya) * side, ya + (yb - ya) * along + (xb - xa) * side))
        result.append((xb, yb))
    return result


def displaced_path(points: Sequence[Point], spacing: float, roughness: float, rng: np.random.Generator) -> list[Point]:
    """Return the path through *points* with every leg displaced; the given points stay."""
    result = [points[0]]
    for start, end in itertools.pairwise(points):
        result.extend(displaced(start, end, spacing, roughness, rng)[1:])
    return result


def softened(points: Sequence[Point], rounds: int) -> list[Point]:
    """Return the open path with its corners cut *rounds* times (Chaikin); both ends stay."""
    path = list(points)
    for _ in range(rounds):
        cut = [path[0]]
        for (xa, ya), (xb, yb) in itertools.pairwise(path):
            cut.append((0.75 * xa + 0.25 * xb, 0.75 * ya + 0.25 * yb))
            cut.append((0.25 * xa + 0.75 * xb, 0.25 * ya + 0.75 * yb))
        cut.append(path[-1])
        path = cut
    return path
