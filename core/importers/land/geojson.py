"""GeoJSON → plots. Longitude first in WGS84 by RFC 7946; an older ``crs`` member is honoured."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from core.domain.offsets import BD09, GCJ02
from core.importers.delimited import decode_text
from core.importers.land import fields
from core.importers.land.crs import UnknownCrs, parse_crs
from core.importers.land.plot import RawFile, RawPlot
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, UnreadableFile, build_problem

WGS84 = "EPSG:4326"
_AREAS = {"Polygon": 1, "MultiPolygon": 2}
_DEPTH = 40


@dataclass(frozen=True, slots=True)
class _Broken(Exception):
    code: str
    values: Mapping[str, Any]


def implicit_crs(options: ReadOptions) -> str:
    """Return the system of formats that are WGS84 by definition, unless the user declares a shifted one."""
    try:
        declared = parse_crs(options.crs).code if options.crs else ""
    except UnknownCrs:
        declared = ""
    return declared if declared in (GCJ02, BD09) else WGS84


def read_geojson(data: bytes, file_name: str, options: ReadOptions) -> RawFile:
    """
    Return the features of a FeatureCollection, one Feature, or one bare geometry; rows count features from 1.

    Raises:
        UnreadableFile: Not GeoJSON.
    """
    tree = _load(data)
    crs = _crs_of(tree) or implicit_crs(options)
    features = list(_features(tree))
    names = dict.fromkeys(name for feature in features for name in _properties(feature))
    chosen = fields.choose(names)
    shared = fields.values_of(tree, fields.choose(tree)) if tree.get("type") == "FeatureCollection" else {}
    shared = {code: shared[code] for code in ("review_number", "map_source") if code in shared}
    plots = tuple(
        _plot(feature, (file_name, number), {**shared, **fields.values_of(_properties(feature), chosen)}, crs)
        for number, feature in enumerate(features, 1)
    )
    return RawFile(plots, (), chosen)


def _load(data: bytes) -> dict[str, Any]:
    text = decode_text(data)
    if _depth(text) > _DEPTH:
        raise UnreadableFile("file_damaged")
    try:
        tree = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(tree, ensure_ascii=False).encode()  # half a character by its number is no text that can be kept
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("file_damaged") from error
    if not isinstance(tree, dict) or "type" not in tree:
        raise UnreadableFile("land_type", kind="这种 JSON 文件")
    return tree


def _depth(text: str) -> int:
    """Return a lower bound of the nesting: real GeoJSON is flat, a deep one only wants to exhaust the reader."""
    run = deepest = 0
    for character in text[:100_000]:
        run = run + 1 if character in "[{" else run - 1 if character in "]}" else run
        deepest = max(deepest, run)
    return deepest


def _crs_of(tree: Mapping[str, Any]) -> str:
    member = tree.get("crs")
    properties = member.get("properties") if isinstance(member, dict) else member
    name = properties.get("name") if isinstance(properties, dict) else properties
    return name.strip() if isinstance(name, str) else ""


def _features(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if tree["type"] == "FeatureCollection":
        members = tree.get("features")
        if not isinstance(members, list):
            raise UnreadableFile("file_damaged")
        yield from (member if isinstance(member, dict) else {} for member in members)
    elif tree["type"] == "Feature":
        yield tree
    else:
        yield {"type": "Feature", "geometry": tree}


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = feature.get("properties")
    own = properties if isinstance(properties, dict) else {}
    return {"id": feature["id"], **own} if isinstance(feature.get("id"), str) else own


def _plot(feature: Mapping[str, Any], place: tuple[str, int], values: Mapping[str, str], crs: str) -> RawPlot:
    problems: list[ImportProblem] = []
    geometry = None
    try:
        geometry = _geometry(feature.get("geometry"), place, problems)
    except _Broken as broken:
        problems.append(build_problem(broken.code, *place, **broken.values))
    return RawPlot(*place, values, geometry, crs, tuple(problems))


def _geometry(member: Any, place: tuple[str, int], problems: list[ImportProblem]) -> BaseGeometry | None:
    if member is None:
        return None
    kind = member.get("type") if isinstance(member, dict) else None
    if kind not in _AREAS:
        raise _Broken("not_an_area", {"value": kind})
    coordinates = member.get("coordinates")
    parts = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(parts, list) or not parts:
        raise _Broken("too_few_corners", {"count": 0})
    polygons = [_polygon(part, place, problems) for part in parts]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _polygon(part: Any, place: tuple[str, int], problems: list[ImportProblem]) -> BaseGeometry:
    if not isinstance(part, list) or not part:
        raise _Broken("too_few_corners", {"count": 0})
    rings = [_ring(ring, place, problems) for ring in part]
    return shapely.Polygon(rings[0], rings[1:])


def _ring(ring: Any, place: tuple[str, int], problems: list[ImportProblem]) -> list[tuple[float, float]]:
    if not isinstance(ring, list):
        raise _Broken("too_few_corners", {"count": 0})
    points = [_position(position) for position in ring]
    if len(set(points)) < 3:
        raise _Broken("too_few_corners", {"count": len(set(points))})
    if points[0] != points[-1]:
        problems.append(build_problem("ring_not_closed", *place))
    return points


def _position(position: Any) -> tuple[float, float]:
    if not isinstance(position, list) or len(position) < 2:
        raise _Broken("bad_coordinate", {"value": position})
    x, y = position[:2]
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in (x, y)):
        raise _Broken("bad_coordinate", {"value": f"{x}, {y}"})
    if not (abs(x) < 1e9 and abs(y) < 1e9):
        raise _Broken("bad_coordinate", {"value": f"{x}, {y}"})
    return float(x), float(y)
