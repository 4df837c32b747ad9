"""KML → plots: placemarks with polygons, their name and their extended data. Always WGS84 longitude, latitude."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers import expat

import shapely
from shapely.geometry.base import BaseGeometry

from core.importers.land import fields
from core.importers.land.geojson import implicit_crs
from core.importers.land.plot import RawFile, RawPlot
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, UnreadableFile, build_problem

_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d*)?([eE][+-]?\d{1,2})?")
_DEPTH = 64


def read_kml(data: bytes, file_name: str, options: ReadOptions) -> RawFile:
    """
    Return the placemarks of a KML text; rows count placemarks from 1.

    Raises:
        UnreadableFile: Not XML, or XML with a document type (entities are never resolved).
    """
    marks = [element for element in parse_xml(data).iter() if _tag(element) == "Placemark"]
    attributes = [_attributes(mark) for mark in marks]
    chosen = fields.choose(dict.fromkeys(name for one in attributes for name in one))
    plots = tuple(
        _plot(mark, (file_name, number), fields.values_of(own, chosen), implicit_crs(options))
        for number, (mark, own) in enumerate(zip(marks, attributes, strict=True), 1)
    )
    return RawFile(plots, (), chosen)


def parse_xml(data: bytes) -> Element:
    """
    Return the root element; document types, entities and deep nesting are refused.

    Raises:
        UnreadableFile: Damaged, or not plain XML.
    """
    builder, depth = TreeBuilder(), 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise UnreadableFile("file_damaged")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_ignored: object) -> None:
        raise UnreadableFile("file_damaged")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, ParseError, LookupError, ValueError, AssertionError) as error:
        raise UnreadableFile("file_damaged") from error


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _find(element: Element, *names: str) -> Iterator[Element]:
    for child in element:
        if _tag(child) in names:
            yield child


def _attributes(mark: Element) -> dict[str, str]:
    """Return extended data and, where it has none of these, the placemark's own name."""
    found = {}
    for element in mark.iter():
        if _tag(element) == "SimpleData":
            found[element.get("name", "")] = element.text or ""
        elif _tag(element) == "Data":
            found[element.get("name", "")] = "".join(value.text or "" for value in _find(element, "value"))
    name = next((child.text or "" for child in _find(mark, "name")), "")
    return found | {"name": name} if name.strip() else found


def _plot(mark: Element, place: tuple[str, int], values: dict[str, str], crs: str) -> RawPlot:
    problems: list[ImportProblem] = []
    polygons = [_polygon(element, place, problems) for element in mark.iter() if _tag(element) == "Polygon"]
    whole = [polygon for polygon in polygons if polygon is not None]
    geometry: BaseGeometry | None = None
    if whole and len(whole) == len(polygons):
        geometry = whole[0] if len(whole) == 1 else shapely.MultiPolygon(whole)
    elif not polygons:
        other = next((_tag(e) for e in mark.iter() if _tag(e) in ("Point", "LineString", "LinearRing", "Track")), "")
        if other:
            problems.append(build_problem("not_an_area", *place, value=other))
    return RawPlot(*place, values, geometry, crs, tuple(problems))


def _polygon(element: Element, place: tuple[str, int], problems: list[ImportProblem]) -> BaseGeometry | None:
    rings = {"outerBoundaryIs": [], "innerBoundaryIs": []}  # type: dict[str, list[list[tuple[float, float]]]]
    for boundary in _find(element, *rings):
        for ring in _find(boundary, "LinearRing"):
            points = _positions("".join(text.text or "" for text in _find(ring, "coordinates")), place, problems)
            if points is None:
                return None
            if len(set(points)) < 3:
                problems.append(build_problem("too_few_corners", *place, count=len(set(points))))
                return None
            if points[0] != points[-1]:
                problems.append(build_problem("ring_not_closed", *place))
            rings[_tag(boundary)].append(points)
    if len(rings["outerBoundaryIs"]) != 1:
        problems.append(build_problem("too_few_corners", *place, count=0))
        return None
    return shapely.Polygon(rings["outerBoundaryIs"][0], rings["innerBoundaryIs"])


def _positions(text: str, place: tuple[str, int], problems: list[ImportProblem]) -> list[tuple[float, float]] | None:
    points = []
    for position in re.sub(r"\s*,\s*", ",", text).split():
        parts = position.split(",")
        if len(parts) < 2 or not all(_NUMBER.fullmatch(part) for part in parts[:2]):
            problems.append(build_problem("bad_coordinate", *place, value=position))
            return None
        points.append((float(parts[0]), float(parts[1])))
    return points
