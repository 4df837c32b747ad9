"""
A plane cut into cells that share their borders exactly.

Cells are those of a power diagram (Voronoi with weights) inside an outline. Every border between two nodes is made
rugged once and used by the cells on both sides, so neighbours can neither overlap nor leave a gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np
from shapely import LineString, MultiPoint, Polygon, unary_union

from core.domain.ellipsoid import Point
from db.seed.fractal import displaced

Edge = tuple[Point, Point]

_SNAP_KM = 1e-6
_FAR_KM = 1000.0
ROUGHNESS_INNER = 0.115
ROUGHNESS_OUTER = 0.11


@dataclass(frozen=True, slots=True)
class Site:
    """Where a cell grows: centre (km) and weight (km²; a larger weight pushes the neighbours away)."""

    east: float
    north: float
    weight: float


def power_cells(outline: Sequence[Point], sites: Mapping[str, Site]) -> dict[str, list[Point]]:
    """
    Return the straight-edged cell of every site inside *outline*, as open rings (km) without shared-edge rounding.

    Raises:
        ValueError: A cell is empty or falls apart (weights or outline unsuitable).
    """
    cells: dict[str, list[Point]] = {}
    for name, site in sites.items():
        cell = Polygon(outline)
        for other_name, other in sites.items():
            if other_name != name:
                cell = cell.intersection(_half_plane(site, other))
        if cell.geom_type != "Polygon" or cell.is_empty:
            raise ValueError(f"cell {name} is not one piece")
        cells[name] = [(float(x), float(y)) for x, y in cell.exterior.coords[:-1]]
    return cells


def _half_plane(site: Site, other: Site) -> Polygon:
    """Return the side of the power line between two sites that belongs to *site*, as a huge rectangle."""
    dx, dy = other.east - site.east, other.north - site.north
    distance = hypot(dx, dy)
    ux, uy = dx / distance, dy / distance
    reach = (distance * distance + site.weight - other.weight) / (2 * distance)
    fx, fy = site.east + ux * reach, site.north + uy * reach
    return Polygon(
        [
            (fx - uy * _FAR_KM, fy + ux * _FAR_KM),
            (fx + uy * _FAR_KM, fy - ux * _FAR_KM),
            (fx + uy * _FAR_KM - ux * _FAR_KM, fy - ux * _FAR_KM - uy * _FAR_KM),
            (fx - uy * _FAR_KM - ux * _FAR_KM, fy + ux * _FAR_KM - uy * _FAR_KM),
        ]
    )


def rugged_rings(
    cells: Mapping[str, Sequence[Point]], spacing: float, rng: np.random.Generator
) -> dict[str, list[Point]]:
    """
    Return the cells with every border made fractal exactly once.

    Args:
        cells: Straight-edged open rings that tile the plane.
        spacing: Length of the finest pieces, km.
        rng: Source of chance.
    """
    nodes = _nodes(cells)
    rings = {name: _with_touching_nodes(_snapped(ring, nodes), nodes) for name, ring in cells.items()}
    uses: dict[Edge, int] = {}
    for ring in rings.values():
        for edge in _edges(ring):
            uses[edge] = uses.get(edge, 0) + 1
    arcs: dict[Edge, list[Point]] = {}
    for edge, count in sorted(uses.items()):
        arcs[edge] = _rugged_arc(edge, ROUGHNESS_INNER if count > 1 else ROUGHNESS_OUTER, spacing, arcs, rng)
    return {name: _joined(ring, arcs) for name, ring in rings.items()}


def _rugged_arc(
    edge: Edge, roughness: float, spacing: float, placed: Mapping[Edge, Sequence[Point]], rng: np.random.Generator
) -> list[Point]:
    """Return a fractal arc that meets the arcs placed before it at nodes only, calmer where they leave little room."""
    others = unary_union([LineString(arc) for arc in placed.values()])
    for calm in (1.0, 1.0, 0.8, 0.5, 0.25):
        arc = displaced(*edge, spacing, roughness * calm, rng)
        line = LineString(arc)
        meeting = line.intersection(others)
        if line.is_simple and meeting.difference(MultiPoint(edge).buffer(_SNAP_KM)).is_empty:
            return arc
    return displaced(*edge, spacing, 0.0, rng)


def _nodes(cells: Mapping[str, Sequence[Point]]) -> list[Point]:
    """Return one point per cluster of corners that only rounding keeps apart."""
    nodes: list[Point] = []
    for ring in cells.values():
        for point in ring:
            if not any(_near(point, node) for node in nodes):
                nodes.append((round(point[0], 5), round(point[1], 5)))
    return nodes


def _near(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < 10 * _SNAP_KM + 1e-5 and abs(one[1] - other[1]) < 10 * _SNAP_KM + 1e-5


def _snapped(ring: Sequence[Point], nodes: Sequence[Point]) -> list[Point]:
    return [next(node for node in nodes if _near(point, node)) for point in ring]


def _with_touching_nodes(ring: Sequence[Point], nodes: Sequence[Point]) -> list[Point]:
    """Return the ring with the corners of neighbours that lie on its edges inserted."""
    result: list[Point] = []
    for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
        result.append(start)
        on_edge = [node for node in nodes if node not in (start, end) and _lies_on(node, start, end)]
        result.extend(sorted(on_edge, key=lambda node: hypot(node[0] - start[0], node[1] - start[1])))
    return result


def _lies_on(point: Point, start: Point, end: Point) -> bool:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    px, py = point[0] - start[0], point[1] - start[1]
    along = (px * dx + py * dy) / length
    return abs(px * dy - py * dx) / length < 1e-4 and 0 < along < length


def _edges(ring: Sequence[Point]) -> list[Edge]:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return [(min(pair), max(pair)) for pair in pairs]


def _joined(ring: Sequence[Point], arcs: Mapping[Edge, Sequence[Point]]) -> list[Point]:
    result: list[Point] = []
    for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
        arc = arcs[min(start, end), max(start, end)]
        result.extend((arc if arc[0] == start else arc[::-1])[:-1])
    return result
