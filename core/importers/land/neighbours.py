"""Plots beside one another: the same twice, or one over another. For one file, and for a file against the store."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.domain.ellipsoid import areas_sqm
from core.importers.problems import UnreadableFile

SAME_DEGREES = 2e-8  # about 2 mm: exchange files are written to the millimetre
OVERLAP_SQM = 1.0
_CHUNK = 64
# A plot has some ten others near it; a file of the same plot over and over has all of them.
_FREE_PAIRS, _PAIRS_EACH = 50_000, 60


def is_same(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Return whether both have the same corners within 2 mm, wherever their rings begin."""
    if shapely.get_num_coordinates(one) != shapely.get_num_coordinates(other):
        return False
    if not np.allclose(shapely.bounds(one), shapely.bounds(other), rtol=0, atol=SAME_DEGREES):
        return False
    return bool(
        shapely.equals_exact(shapely.normalize(one), shapely.normalize(other), tolerance=SAME_DEGREES)
        or _same_corners(one, other)
    )


def _same_corners(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Normal forms start at the smallest corner; within the tolerance another corner may become the smallest."""
    return bool(shapely.hausdorff_distance(one, other) <= SAME_DEGREES * 1.5)


def crossings(shapes: Sequence[BaseGeometry], others: Sequence[BaseGeometry]) -> list[tuple[int, int]]:
    """
    Return (index, index) of every shape and other whose insides share ground.

    Raises:
        UnreadableFile: So many lie on one spot that comparing them would never end.
    """
    if not len(shapes) or not len(others):
        return []
    mine, theirs = np.array(shapes, dtype=object), np.array(others, dtype=object)
    tree = shapely.STRtree(theirs)
    pairs: list[tuple[int, int]] = []
    most = _FREE_PAIRS + _PAIRS_EACH * len(mine)
    near = 0
    for start in range(0, len(mine), _CHUNK):
        left, right = tree.query(mine[start : start + _CHUNK])
        near += len(left)
        if near > most:
            raise UnreadableFile("plots_piled", pairs=near)
        left += start
        touching = shapely.intersects(mine[left], theirs[right])
        left, right = left[touching], right[touching]
        shared = shapely.relate_pattern(mine[left], theirs[right], "T********")
        pairs.extend((int(a), int(b)) for a, b in zip(left[shared], right[shared], strict=True))
    return pairs


def overlaps_sqm(one: Sequence[BaseGeometry], other: Sequence[BaseGeometry]) -> np.ndarray:
    """Return the shared area of each pair, m²."""
    if not len(one):
        return np.zeros(0)
    shared = shapely.intersection(np.array(one, dtype=object), np.array(other, dtype=object))
    return areas_sqm(shared)
