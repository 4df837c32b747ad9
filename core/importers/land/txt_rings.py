"""Corner points of one plot → polygon: axes, zone, closing point, rings as holes or further parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Protocol

import shapely
from shapely.geometry.base import BaseGeometry

from core.domain import zones
from core.domain.zones import PREFIX_M, Zone, zone_of_easting
from core.importers.land.txt_header import Frame
from core.importers.problems import ImportProblem, build_problem

_SAME_M = 0.0015  # the file is written to the millimetre
_SAME_DEGREES = 2e-8
Place = tuple[str, int]


class Corner(Protocol):
    """A corner point at its line."""

    @property
    def line(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def ring(self) -> str: ...
    @property
    def first(self) -> float: ...
    @property
    def second(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Built:
    """A plot's geometry in its own system (None when it cannot be built), and what was found on the way."""

    geometry: BaseGeometry | None
    crs: str
    problems: tuple[ImportProblem, ...]


@dataclass(frozen=True, slots=True)
class _Axes:
    """Which of the two numbers is the easting, and the system the plot is in."""

    east_first: bool
    crs: str
    is_geographic: bool = False


class _Refused(Exception):
    def __init__(self, problem: ImportProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def build_geometry(corners: Sequence[Corner], declared_count: int | None, place: Place, frame: Frame) -> Built:
    """
    Return the polygon that *corners* describe.

    Args:
        declared_count: 界址点数 of the plot line, closing points counted or not; None = not stated.
        place: Sheet and line of the plot line.
        frame: What the head of the file says.
    """
    notes: list[ImportProblem] = []
    try:
        axes = _axes(corners, place, frame, notes)
        rings = _rings(corners, axes, place)
        if declared_count is not None:
            _check_count(rings, len(corners), declared_count, place)
        geometry = assemble([_positions(ring, axes) for ring in rings], [ring[0].line for ring in rings], place, notes)
    except _Refused as refusal:
        return Built(None, frame.crs, (*notes, refusal.problem))
    return Built(geometry, axes.crs, tuple(notes))


def _axes(corners: Sequence[Corner], place: Place, frame: Frame, notes: list[ImportProblem]) -> _Axes:
    if not corners:
        raise _Refused(build_problem("too_few_corners", *place, count=0))
    kinds = [_kind(corner) for corner in corners]
    for corner, kind in zip(corners, kinds, strict=True):
        if not kind:
            bad = next((v for v in (corner.first, corner.second) if not _is_usable(v)), corner.second)
            raise _Refused(build_problem("bad_coordinate", place[0], corner.line, value=f"{bad:.3f}"))
        if kind != kinds[0]:
            raise _Refused(build_problem("axes_mixed", place[0], corner.line))
    is_geographic, east_first = kinds[0].startswith("degrees"), kinds[0].endswith("east")
    if east_first and not is_geographic:
        notes.append(build_problem("swapped_axes", *place, first="横坐标"))
    if is_geographic:
        if not frame.geographic:
            raise _Refused(build_problem("crs_unknown", *place))
        return _Axes(east_first, frame.geographic, is_geographic=True)
    zone, is_prefixed = _zone([c.first if east_first else c.second for c in corners], place, frame)
    if frame.is_declared and not is_prefixed:
        notes.append(build_problem("crs_declared", *place, crs=f"CGCS2000 {zone.width}度带第{zone.number}带"))
    return _Axes(east_first, f"EPSG:{zone.epsg}")


def _is_usable(value: float) -> bool:
    return zones.is_north(value) or zones.is_easting(value)


def _kind(corner: Corner) -> str:
    """Return how the two numbers are to be read; empty when they cannot be coordinates in China."""
    first, second = corner.first, corner.second
    if zones.is_north(first) and zones.is_easting(second):
        return "metres, north"
    if zones.is_easting(first) and zones.is_north(second):
        return "metres, east"
    if zones.is_latitude(first) and zones.is_longitude(second):
        return "degrees, north"
    return "degrees, east" if zones.is_longitude(first) and zones.is_latitude(second) else ""


def _zone(eastings: Sequence[float], place: Place, frame: Frame) -> tuple[Zone, bool]:
    """Return the zone of the plot and whether the eastings carry it; contradictions are refused."""
    found = {zone_of_easting(easting) for easting in eastings}
    if len(found) != 1:
        prefix = "、".join(
            str(zone.number) if zone else "无" for zone in sorted(found, key=lambda z: z.number if z else 0)
        )
        raise _Refused(build_problem("zone_disagrees", *place, prefix=prefix, declared="同一地块应在一个带内"))
    zone = found.pop()
    if zone is None:
        if frame.zone is None:
            raise _Refused(build_problem("zone_unknown", *place))
        if frame.width and frame.width != frame.zone.width:
            raise _Refused(_disagreement(frame.zone, f"{frame.width}度分带", place))
        return frame.zone, False
    if frame.zone is not None and frame.zone != zone:
        raise _Refused(_disagreement(zone, f"{frame.zone.number}带", place))
    if frame.width and frame.width != zone.width:
        raise _Refused(_disagreement(zone, f"{frame.width}度分带", place))
    return zone, True


def _disagreement(zone: Zone, declared: str, place: Place) -> ImportProblem:
    return build_problem("zone_disagrees", *place, prefix=zone.number, declared=declared)


def _rings(corners: Sequence[Corner], axes: _Axes, place: Place) -> list[list[Corner]]:
    """Split by 圈号, and where a ring has come back to its start; closing points are dropped."""
    limit = _SAME_DEGREES if axes.is_geographic else _SAME_M
    rings: list[list[Corner]] = []
    is_open = False
    for corner in corners:
        if not is_open or corner.ring != rings[-1][0].ring:
            rings.append([corner])
            is_open = True
            continue
        start = rings[-1][0]
        gap = hypot(corner.first - start.first, corner.second - start.second)
        if len(rings[-1]) >= 3 and gap <= limit:
            is_open = False
        elif corner.number == start.number:
            raise _Refused(build_problem("not_closed", place[0], corner.line, gap=f"{gap:.3f}"))
        else:
            rings[-1].append(corner)
    return rings


def _check_count(rings: Sequence[Sequence[Corner]], counted: int, declared: int, place: Place) -> None:
    """The declared number of points may leave out the closing points, all of them or some."""
    corners = sum(len(ring) for ring in rings)
    if not corners <= declared <= max(counted, corners + len(rings)):
        raise _Refused(build_problem("point_count", *place, declared=declared, counted=counted))


def _positions(ring: Sequence[Corner], axes: _Axes) -> list[tuple[float, float]]:
    """Return (east, north) with the zone before the easting when the system wants it."""
    prefix = 0
    if not axes.is_geographic:
        first = ring[0].first if axes.east_first else ring[0].second
        zone = zones.zone_of_epsg(int(axes.crs.removeprefix("EPSG:")))
        prefix = zone[0].number * PREFIX_M if zone and zone_of_easting(first) is None else 0
    if axes.east_first:
        return [(corner.first + prefix, corner.second) for corner in ring]
    return [(corner.second + prefix, corner.first) for corner in ring]


def assemble(
    rings: Sequence[Sequence[tuple[float, float]]], lines: Sequence[int], place: Place, notes: list[ImportProblem]
) -> BaseGeometry:
    """
    Return one polygon or multi-polygon; a ring inside another is a hole, inside a hole a part again.

    Args:
        rings: Open rings in the order of the file.
        lines: First line of each ring, for the notes on how it was taken.
    """
    for ring, line in zip(rings, lines, strict=True):
        distinct = len(set(ring))
        if distinct < 3:
            raise _Refused(build_problem("too_few_corners", place[0], line, count=distinct))
    shapes = [shapely.Polygon(ring) for ring in rings]
    if len(shapes) == 1:
        return shapes[0]
    parents = _parents(shapes)
    depth = [0] * len(shapes)
    for index in sorted(range(len(shapes)), key=lambda i: -shapes[i].area):
        parent = parents[index]
        depth[index] = 0 if parent is None else depth[parent] + 1
    parts = []
    for index, shape in enumerate(shapes):
        if index:
            code = "ring_is_hole" if depth[index] % 2 else "ring_is_part"
            notes.append(build_problem(code, place[0], lines[index], ring=index + 1))
        if depth[index] % 2 == 0:
            holes = [rings[i] for i, parent in enumerate(parents) if parent == index]
            parts.append(shapely.Polygon(shape.exterior.coords, holes))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _parents(shapes: Sequence[BaseGeometry]) -> list[int | None]:
    """Return for each ring the smallest ring around it: decided by where it lies, not by its number."""
    valid = [shape if shape.is_valid else shape.buffer(0) for shape in shapes]
    inner = [shapely.point_on_surface(shape) for shape in valid]
    parents: list[int | None] = []
    for index, point in enumerate(inner):
        around = [
            other
            for other, shape in enumerate(valid)
            if other != index and shapes[other].area > shapes[index].area and shape.contains(point)
        ]
        parents.append(min(around, key=lambda other: shapes[other].area, default=None))
    return parents
