"""From the coordinates of a file to CGCS2000 longitude/latitude, or to a sentence why not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.domain import offsets, zones
from core.domain.zones import PREFIX_M, zone_of_easting
from core.importers.land.crs import SourceCrs, UnknownCrs, converter, parse_crs
from core.importers.land.plot import Findings, RawPlot
from core.importers.options import ReadOptions

_DECIMALS = 9  # 0.1 mm: what is stored is what was measured


@dataclass(frozen=True, slots=True)
class Located:
    """A plot with its geometry in CGCS2000 longitude/latitude."""

    raw: RawPlot
    geometry: BaseGeometry
    source_crs: str


@dataclass(frozen=True, slots=True)
class _Fitted:
    raw: RawPlot
    geometry: BaseGeometry
    source: SourceCrs


def locate(plots: Sequence[RawPlot], options: ReadOptions, found: Findings) -> list[Located]:
    """Return the plots that could be converted and lie where their system says; the others are set aside."""
    groups: dict[str, list[_Fitted]] = defaultdict(list)
    told: set[tuple[str, str]] = set()
    for plot in plots:
        source = _source_of(plot, options, found, told)
        fitted = _fit(plot, source, found, told) if source is not None else None
        if fitted is not None:
            groups[fitted.source.code + fitted.source.definition].append(fitted)
    located = []
    for group in groups.values():
        located += _convert(group, found)
    order = {id(plot): index for index, plot in enumerate(plots)}
    return sorted(located, key=lambda one: order[id(one.raw)])


def _once(found: Findings, told: set[tuple[str, str]], plot: RawPlot, code: str, **values: Any) -> None:
    """Say what holds for a whole sheet at its first plot only."""
    if (plot.sheet, code) not in told:
        told.add((plot.sheet, code))
        found.say(plot, code, **values)
    else:
        found.refused |= {(plot.sheet, plot.row)} if code.endswith(("unknown", "datum", "unsupported")) else set()


def _source_of(plot: RawPlot, options: ReadOptions, found: Findings, told: set[tuple[str, str]]) -> SourceCrs | None:
    text = plot.crs or options.crs
    if not text:
        _once(found, told, plot, "crs_unknown")
        return None
    try:
        source = parse_crs(text)
    except UnknownCrs as unknown:
        if not unknown.old:
            _once(found, told, plot, "crs_unsupported", value=str(unknown))
            return None
        if not options.crs:
            _once(found, told, plot, "old_datum", value=unknown.old)
            return None
        _once(found, told, plot, "datum_ignored", value=unknown.old)
        try:
            return parse_crs(options.crs)
        except UnknownCrs:
            _once(found, told, plot, "crs_unsupported", value=options.crs)
            return None
    if not plot.crs:
        _once(found, told, plot, "crs_declared", crs=source.code)
    if source.code in (offsets.GCJ02, offsets.BD09):
        _once(found, told, plot, "shifted_crs", crs=source.code)
    return source


def _fit(plot: RawPlot, source: SourceCrs, found: Findings, told: set[tuple[str, str]]) -> _Fitted | None:
    """Bring axes and zone prefix into the order the system wants; contradictions set the plot aside."""
    geometry = plot.geometry
    assert geometry is not None  # noqa: S101 - plots without geometry were set aside before
    box = _box(geometry)
    is_swapped = _is_swapped(box, source)
    if is_swapped:
        found.say(plot, "swapped_axes", first="纬度" if source.is_geographic else "纵坐标")
        geometry = shapely.transform(geometry, lambda points: points[:, ::-1])
        box = _box(geometry)
    if source.is_geographic and not (zones.is_longitude(box[0]) and zones.is_latitude(box[1])):
        hint = "数值像是米制坐标" if abs(box[0]) > 360 or abs(box[1]) > 360 else "不在中国范围内"
        found.say(plot, "wrong_zone", longitude=f"{box[0]:.4f}", latitude=f"{box[1]:.4f}", reason=hint)
        return None
    if source.zone is None:
        return _Fitted(plot, geometry, source)
    written = {zone_of_easting(box[0]), zone_of_easting(box[2])}
    if len(written) > 1 or (written != {None} and written != {source.zone}):
        prefix = "、".join(str(zone.number) if zone else "无" for zone in written)
        found.say(plot, "zone_disagrees", prefix=prefix, declared=f"{source.zone.number}带")
        return None
    has_prefix = written != {None}
    if has_prefix != source.is_prefixed:
        words = {True: "带有带号", False: "不带带号"}
        named = {"declared": words[source.is_prefixed], "written": words[has_prefix], "zone": source.zone.number}
        _once(found, told, plot, "zone_prefix", **named)
    if not has_prefix:
        shift = np.array([source.zone.number * PREFIX_M, 0.0])
        geometry = shapely.transform(geometry, lambda points: points + shift)
    code = f"EPSG:{source.zone.epsg}"
    return _Fitted(plot, geometry, SourceCrs(code, code, source.zone, True))


def _box(geometry: BaseGeometry) -> tuple[float, float, float, float]:
    west, south, east, north = (float(value) for value in shapely.bounds(geometry))
    return west, south, east, north


def _is_swapped(box: tuple[float, float, float, float], source: SourceCrs) -> bool:
    """Return whether the numbers can only be (north, east): the two ranges never overlap in China."""
    west, south, east, north = box
    if source.is_geographic:
        return all(map(zones.is_latitude, (west, east))) and all(map(zones.is_longitude, (south, north)))
    if source.zone is None:
        return False
    return all(map(zones.is_north, (west, east))) and all(map(zones.is_easting, (south, north)))


def _convert(group: list[_Fitted], found: Findings) -> list[Located]:
    source = group[0].source
    convert = converter(source)
    shapes = shapely.transform(
        np.array([one.geometry for one in group], dtype=object), lambda points: np.round(convert(points), _DECIMALS)
    )
    located = []
    boxes = shapely.bounds(shapes)
    for one, shape, box in zip(group, shapes, boxes, strict=True):
        reason = _misplaced(box, source)
        if reason:
            longitude, latitude = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            shown = {"longitude": f"{longitude:.4f}", "latitude": f"{latitude:.4f}"}
            found.say(one.raw, "wrong_zone", **shown, reason=reason)
        else:
            located.append(Located(one.raw, shape, source.code))
    return located


def _misplaced(box: np.ndarray, source: SourceCrs) -> str:
    west, south, east, north = box
    if not (np.isfinite(box).all() and zones.is_longitude(west) and zones.is_longitude(east)):
        return "不在中国范围内"
    if not (zones.is_latitude(south) and zones.is_latitude(north)):
        return "不在中国范围内"
    if source.zone is not None and not (source.zone.holds(west) and source.zone.holds(east)):
        return f"远离{source.zone.number}带（中央经线{source.zone.central_meridian}°）"
    return ""
