"""Where the names of the counties stand: inside, off one another, and off the plots as far as possible."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely import Polygon

from core.domain.ellipsoid import Point

# Two lines of text on a 1080p wall, km.
LABEL_WIDTH_KM = 8.4
LABEL_HEIGHT_KM = 3.6
GRID_KM = 0.8
ROUNDS = 3
SAMPLE_KM = 0.3
MARGIN_KM = 0.2
_BOX_SAMPLES = tuple(
    (LABEL_WIDTH_KM * column / 4 - LABEL_WIDTH_KM / 2, LABEL_HEIGHT_KM * row / 2 - LABEL_HEIGHT_KM / 2)
    for column in range(5)
    for row in range(3)
)


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
    ground = _weighted([(plot.centroid.x, plot.centroid.y) for plot in plots], [plot.area for plot in plots])
    wet = _weighted(*_samples(water))
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


def _weighted(points: Sequence[Point], areas: Sequence[float]) -> np.ndarray:
    """Return rows of (east, north, area) that stand for areas in the sums below."""
    return np.column_stack([np.reshape(points, (-1, 2)), areas])


def _samples(water: Sequence[Polygon]) -> tuple[list[Point], list[float]]:
    """Return points along the banks and the area that each stands for."""
    points: list[Point] = []
    areas: list[float] = []
    for shape in water:
        count = max(8, round(shape.length / SAMPLE_KM))
        bank = [shape.exterior.interpolate(step / count, normalized=True) for step in range(count)]
        points += [(point.x, point.y) for point in bank]
        areas += [shape.area / count] * count
    return points, areas


def _costs(shape: Polygon, points: np.ndarray, ground: np.ndarray, wet: np.ndarray) -> np.ndarray:
    """Return the cost of every candidate: share of the box outside, plots and water hidden, distance off centre."""
    shapely.prepare(shape)
    outside = np.zeros(len(points))
    for dx, dy in _BOX_SAMPLES:
        outside += ~shapely.contains_xy(shape, points[:, 0] + dx, points[:, 1] + dy)
    outside *= LABEL_WIDTH_KM * LABEL_HEIGHT_KM / len(_BOX_SAMPLES)
    centre = shapely.centroid(shape)
    off = np.hypot(points[:, 0] - centre.x, points[:, 1] - centre.y)
    return np.asarray(outside + 6.0 * _covered(points, ground) + 2.5 * _covered(points, wet) + 0.55 * off)


def _covered(points: np.ndarray, weighted: np.ndarray) -> np.ndarray:
    """Return the area that a label box around each candidate would cover."""
    dx = np.abs(points[:, 0][:, None] - weighted[:, 0][None, :])
    dy = np.abs(points[:, 1][:, None] - weighted[:, 1][None, :])
    hits = (dx < LABEL_WIDTH_KM / 2 + MARGIN_KM) & (dy < LABEL_HEIGHT_KM / 2 + MARGIN_KM)
    return np.asarray(hits @ weighted[:, 2])


def _cheapest(points: np.ndarray, costs: np.ndarray, others: Sequence[Point]) -> Point:
    total = costs.copy()
    for x, y in others:
        clash = (np.abs(points[:, 0] - x) < LABEL_WIDTH_KM) & (np.abs(points[:, 1] - y) < LABEL_HEIGHT_KM)
        total[clash] = np.inf
    best = int(np.argmin(total))
    if not np.isfinite(total[best]):
        raise ValueError("no room for a county's name")
    return float(points[best, 0]), float(points[best, 1])
