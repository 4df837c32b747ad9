"""What goes out comes back: the same corners within a millimetre, the same attributes; and the layout of each file."""

import io
import json
import zipfile
from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.zones import Zone
from core.exporters.land_geojson import build_geojson
from core.exporters.land_plot import ExportPlot
from core.exporters.land_shapefile import build_shapefile
from core.exporters.land_txt import build_txt
from core.importers.land.parse import parse_land
from tests.unit.importers.land_files import OPTIONS

MILLIMETRE_DEGREES = 1.2e-8
DAY = date(2026, 11, 25)
WORDS = st.text("东西南北河湖路街一二三ABCxyz0129()（）-=[]【】'\"", min_size=1, max_size=20).map(
    lambda text: f"地{text.strip()}块"
)


def plot(geometry=None, **values):
    shape = geometry or shapely.box(118.35, 35.05, 118.351, 35.051)
    given = {
        "code": "371301GB00001",
        "name": "东片",
        "county": "河东县",
        "status": "批而未供",
        "area_sqm": 10_121,
        "declared_area_sqm": None,
        "use_code": "0601",
        "use_name": "工业用地",
        "location": "沂蒙路",
    }
    return ExportPlot(geometry=shape, **{**given, **values})


@st.composite
def shapes(draw):
    """Stars around a point anywhere in the 3° zones of China, some with a hole or a second part."""
    x, y = draw(st.floats(100, 125)), draw(st.floats(22, 45))
    radii = draw(st.lists(st.floats(2e-4, 2e-3), min_size=3, max_size=9))
    turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    star = shapely.Polygon([(x + r * np.cos(a), y + r * np.sin(a)) for r, a in zip(radii, turn, strict=True)])
    kind = draw(st.sampled_from(("plain", "hole", "parts")))
    if kind == "hole":
        hole = shapely.box(x - 2e-5, y - 2e-5, x + 2e-5, y + 2e-5)
        return star.difference(hole) if star.contains(hole) else star
    if kind == "parts":
        return shapely.MultiPolygon([star, shapely.box(x + 3e-3, y, x + 4e-3, y + 1e-3)])
    return star


@st.composite
def plots(draw):
    shape = draw(shapes())
    declared = draw(st.sampled_from((None, "measured")))
    from core.domain.ellipsoid import area_sqm

    measured = round(area_sqm(shape))
    words = {name: draw(WORDS) for name in ("name", "use_name", "location")}
    return plot(shape, area_sqm=measured, declared_area_sqm=measured if declared else None, **words)


def same_corners(one, other):
    """Largest distance between corners, degrees, whatever the order of rings and their first corners."""
    assert shapely.get_num_coordinates(one) == shapely.get_num_coordinates(other)
    return float(shapely.hausdorff_distance(one, other))


def back(data, name):
    parsed = parse_land(data, name, OPTIONS)
    assert [p.code for p in parsed.problems if p.severity.value == "refuse"] == []
    (found,) = parsed.plots
    return found


def expect(found, sent, *, with_place):
    assert same_corners(found.geometry, sent.geometry) <= MILLIMETRE_DEGREES
    assert (found.code, found.name, found.use_code, found.use_name) == (
        sent.code,
        sent.name,
        sent.use_code,
        sent.use_name,
    )
    if with_place:
        assert (found.county, found.status.label, found.location) == (sent.county, sent.status, sent.location)
        assert found.declared_area_sqm == sent.declared_area_sqm


@given(plots())
@settings(max_examples=60, deadline=None)
def test_geojson_comes_back_unchanged(sent):
    expect(back(build_geojson([sent]), "a.geojson"), sent, with_place=True)


@given(plots())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_shapefile_in_degrees_comes_back_unchanged(sent):
    expect(back(build_shapefile([sent]), "a.zip"), sent, with_place=True)


@given(plots())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_shapefile_in_metres_comes_back_unchanged(sent):
    from core.exporters.land_plot import zone_of

    found = back(build_shapefile([sent], zone_of(sent)), "a.zip")
    expect(found, sent, with_place=True)
    assert found.source_crs == f"EPSG:{zone_of(sent).epsg}"


@given(plots())
@settings(max_examples=60, deadline=None)
def test_txt_comes_back_unchanged(sent):
    ((name, data),) = build_txt([sent], "市自然资源局", DAY).items()
    found = back(data, name)
    expect(found, sent, with_place=False)
    assert abs(found.declared_area_sqm - sent.area_sqm) <= 1


def test_txt_has_north_first_zone_prefix_closing_points_and_hectares():
    ((name, data),) = build_txt([plot(declared_area_sqm=10_100)], "市自然资源局", DAY).items()
    lines = data.decode("gb18030").split("\r\n")
    assert name == "勘测定界_39带.txt"
    assert lines[:3] == ["[属性描述]", "格式版本号=1.01版本", "数据产生单位=市自然资源局"]
    assert "带号=39" in lines
    assert "坐标系=2000国家大地坐标系" in lines
    start = lines.index("[地块坐标]")
    assert lines[start + 1] == "5,1.0100,371301GB00001,东片,面,,工业用地,0601,@"
    points = [line.split(",") for line in lines[start + 2 : -1]]
    assert [point[0] for point in points] == ["J1", "J2", "J3", "J4", "J1"]
    assert points[0] == points[-1]
    corners = {tuple(point[2:]) for point in points}
    assert ("3880973.362", "39623167.929") in corners


def test_city_across_a_zone_border_gets_one_file_per_zone():
    east = plot(shapely.box(118.6, 35.05, 118.601, 35.051), code="371302GB00002")
    files = build_txt([plot(), east], "局", DAY)
    assert list(files) == ["勘测定界_39带.txt", "勘测定界_40带.txt"]
    codes = [parse_land(data, name, OPTIONS).plots[0].code for name, data in files.items()]
    assert codes == ["371301GB00001", "371302GB00002"]


def test_txt_numbers_run_on_over_the_rings_of_a_plot():
    holed = shapely.box(118.35, 35.05, 118.352, 35.052).difference(shapely.box(118.3505, 35.0505, 118.351, 35.051))
    ((name, data),) = build_txt([plot(holed)], "局", DAY).items()
    points = [line.split(",")[:2] for line in data.decode("gb18030").split("\r\n") if line.startswith("J")]
    assert [number for number, _ in points] == ["J1", "J2", "J3", "J4", "J1", "J5", "J6", "J7", "J8", "J5"]
    assert [ring for _, ring in points] == ["1"] * 5 + ["2"] * 5
    assert len(parse_land(data, name, OPTIONS).plots[0].geometry.interiors) == 1


def test_txt_keeps_marks_inside_a_name_from_ending_a_field():
    ((name, data),) = build_txt([plot(name="甲,乙@丙\n丁")], "局", DAY).items()
    assert parse_land(data, name, OPTIONS).plots[0].name == "甲，乙＠丙丁"


def test_geojson_is_rfc_7946():
    clockwise = shapely.Polygon([(118.35, 35.05), (118.35, 35.051), (118.351, 35.051), (118.351, 35.05)])
    tree = json.loads(build_geojson([plot(clockwise, declared_area_sqm=10_100)]))
    assert "crs" not in tree
    (feature,) = tree["features"]
    ring = feature["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert shapely.LinearRing(ring).is_ccw
    assert feature["properties"]["area_sqm"] == 10_100
    assert feature["properties"]["meas_sqm"] == 10_121


@pytest.mark.parametrize(
    ("zone", "mark"), [(None, "GCS_China_Geodetic"), (Zone(39), "Gauss_Kruger")], ids=["4490", "4527"]
)
def test_shapefile_names_its_system_and_encoding(zone, mark):
    with zipfile.ZipFile(io.BytesIO(build_shapefile([plot()], zone))) as archive:
        assert sorted(archive.namelist()) == [f"plots{suffix}" for suffix in (".cpg", ".dbf", ".prj", ".shp", ".shx")]
        assert archive.read("plots.cpg") == b"UTF-8"
        assert mark in archive.read("plots.prj").decode()
        assert "工业用地".encode() in archive.read("plots.dbf")


def test_shapefile_leaves_out_a_text_that_does_not_fit():
    assert back(build_shapefile([plot(location="路" * 100)]), "a.zip").location == ""


def test_shapefile_without_plots_is_still_a_shapefile():
    with zipfile.ZipFile(io.BytesIO(build_shapefile([]))) as archive:
        assert len(archive.namelist()) == 5


def test_same_plots_give_the_same_bytes():
    assert build_shapefile([plot()]) == build_shapefile([plot()])
