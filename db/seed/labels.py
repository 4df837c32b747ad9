"""Where the names of the counties stand: inside, off one another, and off the plots as far as possible."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely import Polygon

from db.seed.ellipsoid import Point

# Two lines of text on a 1080p wall, km.
LABEL_WIDTH_KM = 8.4
LABEL_HEIGHT_KM = 3.6
GRID_KM = 0.8
ROUNDS = 3


def place_labels(
    counties: Mapping[str, Polygon], plots: Sequence[Polygon], water: Sequence[Polygon]
) -> dict[str, Point]:
    """
    Return a label point (km) per county; boxes of ``LABEL_WIDTH_KM`` × ``LABEL_HEIGHT_KM`` around them are disjoint.

    Args:
        counties: Shapes by code.
        plots: What labels should not hide.
        water: What labels should rather not hide.

    Raises:
        ValueError: Some county has no place left.
    """
    ground, wet = shapely.unary_union(list(plots)), shapely.unary_union(list(water))
    candidates = {code: _candidates(shape) for code, shape in counties.items()}
    costs = {code: _costs(shape, candidates[code], ground, wet) for code, shape in counties.items()}
    chosen: dict[str, Point] = {}
    for _ in range(ROUNDS):
        for code in sorted(counties, key=lambda name: counties[name].area):
            others = [point for name, point in chosen.items() if name != code]
            chosen[code] = _cheapest(candidates[code], costs[code], others)
    return chosen


def _candidates(shape: Polygon) -> np.ndarray:
    west, south, east, north = shape.bounds
    xs, ys = np.meshgrid(np.arange(west, east, GRID_KM), np.arange(south, north, GRID_KM))
    inside = shapely.contains_xy(shape.buffer(-0.5), xs.ravel(), ys.ravel())
    return np.column_stack([xs.ravel()[inside], ys.ravel()[inside]])


def _costs(shape: Polygon, points: np.ndarray, ground: shapely.Geometry, wet: shapely.Geometry) -> np.ndarray:
    """Return the cost of every candidate: area of the box outside the county, plots and water hidden, distance off centre."""
    half_w, half_h = LABEL_WIDTH_KM / 2, LABEL_HEIGHT_KM / 2
    x, y = points[:, 0], points[:, 1]
    boxes = shapely.box(x - half_w, y - half_h, x + half_w, y + half_h)
    outside = shapely.area(boxes) - shapely.area(shapely.intersection(boxes, shape))
    hidden = shapely.area(shapely.intersection(boxes, ground))
    drowned = shapely.area(shapely.intersection(boxes, wet))
    centre = shapely.centroid(shape)
    off = np.hypot(x - centre.x, y - centre.y)
    return np.asarray(outside * 1.0 + hidden * 6.0 + drowned * 2.5 + off * 0.55)


def _cheapest(points: np.ndarray, costs: np.ndarray, others: Sequence[Point]) -> Point:
    total = costs.copy()
    for x, y in others:
        clash = (np.abs(points[:, 0] - x) < LABEL_WIDTH_KM) & (np.abs(points[:, 1] - y) < LABEL_HEIGHT_KM)
        total[clash] = np.inf
    best = int(np.argmin(total))
    if not np.isfinite(total[best]):
        raise ValueError("no room for a county's name")
    return float(points[best, 0]), float(points[best, 1])
