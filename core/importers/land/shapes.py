"""Is the geometry of a plot usable: kind, size, corners, self-crossing. Every finding names the place."""

import re
from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.domain.ellipsoid import area_sqm
from core.importers.land.plot import Findings, RawPlot
from core.importers.land.position import Located

MAX_CORNERS = 100_000
_AREA_TYPES = ("Polygon", "MultiPolygon")
_LARGEST = 1e9
_REASON = re.compile(r"^(.*)\[(\S+) (\S+)\]$")


def usable(plots: Iterable[RawPlot], found: Findings) -> list[RawPlot]:
    """Return the plots whose geometry is an area of finite coordinates below the limit; the others are set aside."""
    kept = []
    for plot in plots:
        found.add(plot, plot.problems)
        if not found.stands(plot):
            continue
        if plot.geometry is None or plot.geometry.is_empty:
            found.say(plot, "geometry_missing")
        elif plot.geometry.geom_type not in _AREA_TYPES:
            found.say(plot, "not_an_area", value=plot.geometry.geom_type)
        elif _is_within_limits(plot, plot.geometry, found):
            kept.append(plot)
    return kept


def _is_within_limits(plot: RawPlot, geometry: BaseGeometry, found: Findings) -> bool:
    count = int(shapely.get_num_coordinates(geometry))
    if count > MAX_CORNERS:
        found.say(plot, "too_many_corners", count=count, limit=MAX_CORNERS)
        return False
    points = shapely.get_coordinates(geometry)
    bad = points[~(np.abs(points) < _LARGEST).all(axis=1)]
    if len(bad):
        found.say(plot, "bad_coordinate", value=f"{bad[0][0]:g}, {bad[0][1]:g}")
        return False
    return True


def sound(plots: list[Located], found: Findings) -> list[Located]:
    """Return the plots with a valid geometry: repeated corners merged, outer rings counter-clockwise."""
    if not plots:
        return []
    shapes = np.array([plot.geometry for plot in plots], dtype=object)
    merged = shapely.remove_repeated_points(shapes)
    dropped = shapely.get_num_coordinates(shapes) - shapely.get_num_coordinates(merged)
    is_valid, is_flat = shapely.is_valid(merged), shapely.area(merged) == 0
    oriented = shapely.orient_polygons(merged)
    kept = []
    for index, plot in enumerate(plots):
        if dropped[index]:
            found.say(plot.raw, "duplicate_corner", count=int(dropped[index]))
        if is_flat[index] and not is_valid[index] and shapely.get_num_coordinates(merged[index]) <= 4:
            found.say(plot.raw, "too_few_corners", count=_distinct(merged[index]))
        elif not is_valid[index]:
            _tell_crossing(plot, merged[index], found)
        elif is_flat[index]:
            found.say(plot.raw, "too_few_corners", count=2)
        else:
            kept.append(Located(plot.raw, oriented[index], plot.source_crs))
    return kept


def _distinct(shape: BaseGeometry) -> int:
    return len(np.unique(shapely.get_coordinates(shape), axis=0))


def _tell_crossing(plot: Located, shape: BaseGeometry, found: Findings) -> None:
    match = _REASON.match(shapely.is_valid_reason(shape))
    points = shapely.get_coordinates(shape)
    place = np.array([float(match[2]), float(match[3])]) if match else points[0]
    nearest = int(np.argmin(((points - place) ** 2).sum(axis=1))) + 1
    mended = shapely.make_valid(shape)
    found.say(
        plot.raw,
        "self_crossing",
        longitude=f"{place[0]:.6f}",
        latitude=f"{place[1]:.6f}",
        corner=nearest,
        area=f"{_polygons_sqm(mended):.0f}",
    )


def _polygons_sqm(geometry: BaseGeometry) -> float:
    """Return the area of the areas in *geometry*; lines and points that a repair leaves over have none."""
    parts = [part for part in shapely.get_parts(geometry, return_index=False) if part.geom_type in _AREA_TYPES]
    return sum(area_sqm(part) for part in parts)
