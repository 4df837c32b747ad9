"""GeoJSON and KML: what is read, in which system, and what is refused."""

import numpy as np
import pytest

from tests.unit.importers.land_files import (
    codes,
    corner,
    feature,
    found,
    geojson,
    lonlat_square,
    parse,
    refusal,
    square,
    zipped,
)


def test_geojson_without_crs_is_wgs84_by_definition():
    parsed = parse(geojson(feature(name="东片", code="GB00001")), "a.geojson")
    assert [(plot.name, plot.source_crs, plot.row) for plot in parsed.plots] == [("东片", "EPSG:4326", 1)]
    assert parsed.problems == ()


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::4527", "EPSG:4527"])
def test_geojson_with_a_crs_member_is_converted(name):
    ring = [[east, north] for north, east in square()]
    crs = {"type": "name", "properties": {"name": name}}
    parsed = parse(geojson(feature([*ring, ring[0]], name="东片"), crs=crs), "a.geojson")
    assert corner(parsed) == pytest.approx((118.35, 35.05), abs=1e-8)
    assert parsed.plots[0].source_crs == "EPSG:4527"


def test_geojson_with_latitude_first_is_put_right_and_said():
    swapped = [[y, x] for x, y in lonlat_square()]
    parsed = parse(geojson(feature(swapped, name="东片")), "a.geojson")
    assert found(parsed) == [("swapped_axes", 1)]
    assert corner(parsed) == (118.35, 35.05)


def test_geojson_in_metres_that_calls_itself_degrees_is_refused():
    ring = [[east, north] for north, east in square()]
    parsed = parse(geojson(feature([*ring, ring[0]], name="东片")), "a.geojson")
    assert codes(parsed) == ["wrong_zone"]
    assert "米制" in parsed.problems[0].message


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Point", "coordinates": [118.35, 35.05]}, "not_an_area"),
        ({"type": "LineString", "coordinates": lonlat_square()}, "not_an_area"),
        ({"type": "Polygon", "coordinates": []}, "too_few_corners"),
        ({"type": "Polygon", "coordinates": [lonlat_square()[:2]]}, "too_few_corners"),
        ({"type": "Polygon", "coordinates": [[[118.35, 35.05]] * 5]}, "too_few_corners"),
        ({"type": "Polygon", "coordinates": [[[118.35, "35"], *lonlat_square()]]}, "bad_coordinate"),
        ({"type": "Polygon", "coordinates": [[[118.35], *lonlat_square()]]}, "bad_coordinate"),
        ({"type": "Polygon", "coordinates": [[[1e308, 35.05], *lonlat_square()]]}, "bad_coordinate"),
        ({"type": "Polygon", "coordinates": [[[float("nan"), 35.05], *lonlat_square()]]}, "bad_coordinate"),
        ({"type": "Polygon", "coordinates": [lonlat_square(10.0)]}, "wrong_zone"),
    ],
)
def test_geojson_geometry_that_is_no_plot_is_named(geometry, code):
    parsed = parse(geojson(feature(name="好", code="GB00001"), feature(lonlat_square(118.4), name="乙"), {
        "type": "Feature", "properties": {"name": "坏"}, "geometry": geometry}), "a.geojson")  # fmt: skip
    assert found(parsed) == [(code, 3)]
    assert [row.name for row in parsed.quarantined] == ["坏"]
    assert len(parsed.plots) == 2


def test_missing_geometry_is_named():
    data = geojson(feature(name="好"), {"type": "Feature", "properties": {"name": "空"}, "geometry": None})
    assert found(parse(data, "a.geojson")) == [("geometry_missing", 2)]


def test_ring_that_is_not_closed_is_closed_and_said():
    parsed = parse(geojson(feature(lonlat_square()[:-1], name="东片")), "a.geojson")
    assert found(parsed) == [("ring_not_closed", 1)]
    assert parsed.plots[0].area_sqm == 10_121


def test_repeated_corner_is_merged_and_said():
    ring = lonlat_square()
    parsed = parse(geojson(feature([ring[0], ring[0], *ring[1:]], name="东片")), "a.geojson")
    assert found(parsed) == [("duplicate_corner", 1)]
    assert len(parsed.plots[0].geometry.exterior.coords) == 5


def test_ring_beyond_the_limit_is_refused_not_thinned_out():
    angle = np.linspace(0, 2 * np.pi, 100_001)
    ring = np.column_stack((118.35 + 0.01 * np.cos(angle), 35.05 + 0.01 * np.sin(angle))).tolist()
    parsed = parse(geojson(feature(ring, name="圆"), feature(name="方")), "a.geojson")
    assert ("too_many_corners", 1) in found(parsed)
    assert [plot.name for plot in parsed.plots] == ["方"]


@pytest.mark.parametrize(
    "data",
    [
        b'{"type": "FeatureCollection"',
        b"[" * 100_000,
        b'{"type":"FeatureCollection","features":3}',
        b'{"a": 1}',
        b"[1,2]",
    ],
    ids=["cut", "nested", "no list", "no type", "a list"],
)
def test_json_that_is_no_geojson_is_unreadable(data):
    assert refusal(data, "a.geojson") in ("file_damaged", "land_type")


def test_state_of_a_plot_is_read_in_several_words_and_others_are_said():
    parsed = parse(
        geojson(feature(name="甲", 状态="供而未用"), feature(lonlat_square(118.36), name="乙", 状态="好")), "a"
    )
    assert [plot.status.label if plot.status else None for plot in parsed.plots] == ["供而未建", None]
    assert found(parsed) == [("unknown_word", 2)]


def test_plot_without_a_name_is_named_after_the_file_and_said():
    parsed = parse(geojson(feature()), "河东.geojson")
    assert found(parsed) == [("plot_unnamed", 1)]
    assert parsed.plots[0].name == "河东 1"


def test_text_that_is_too_long_sets_the_plot_aside():
    assert found(parse(geojson(feature(name="长" * 201)), "a.geojson")) == [("too_long", 1)]


# KML


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Placemark><name>东片</name><ExtendedData><Data name="地块编号"><value>GB00001</value></Data></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>{outer}</coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing><coordinates>{inner}</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
<Placemark><name>标注</name><Point><coordinates>118.3,35</coordinates></Point></Placemark></Document></kml>"""


def kml(ring=None):
    outer = " ".join(f"{x},{y},0" for x, y in ring or lonlat_square())
    inner = " ".join(f"{x},{y},0" for x, y in lonlat_square(118.3502, 35.0502, 0.0002))
    return KML.format(outer=outer, inner=inner).encode()


@pytest.mark.parametrize("packed", [False, True], ids=["kml", "kmz"])
def test_kml_gives_name_number_and_hole(packed):
    parsed = parse(zipped({"doc.kml": kml()}) if packed else kml(), "a.kml")
    (plot,) = parsed.plots
    assert (plot.name, plot.code, len(plot.geometry.interiors)) == ("东片", "GB00001", 1)
    assert found(parsed) == [("not_an_area", 2)]


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        "<!DOCTYPE kml>",
    ],
    ids=["external entity", "laughs", "document type"],
)
def test_kml_with_a_document_type_is_refused(head):
    data = kml().replace(b"<kml", head.encode() + b"<kml", 1)
    assert refusal(data, "a.kml") == "file_damaged"


def test_kml_with_words_for_numbers_is_refused():
    assert ("bad_coordinate", 1) in found(parse(kml().replace(b"118.35,", b"NaN,", 1), "a.kml"))
