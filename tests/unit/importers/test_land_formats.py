"""Shapefile, GeoPackage, DXF: what is read, in which system, and what is refused."""

import numpy as np
import pytest
import shapely

from core.importers.problems import UnreadableFile
from tests.unit.importers.land_files import (
    METRES,
    NAMES,
    SQUARE,
    codes,
    corner,
    found,
    lonlat_square,
    parse,
    refusal,
    shapefile,
    square,
    vector_file,
    zipped,
)


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_shapefile_with_all_its_parts_is_read_without_a_word(tmp_path, encoding):
    parsed = parse(shapefile(tmp_path, [SQUARE], NAMES, encoding=encoding))
    assert [(plot.name, plot.code, plot.source_crs) for plot in parsed.plots] == [
        ("河东一号地", "GB00001", "EPSG:4490")
    ]
    assert parsed.problems == ()


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_shapefile_without_cpg_tells_the_encoding_it_assumed(tmp_path, encoding):
    parsed = parse(shapefile(tmp_path, [SQUARE], NAMES, encoding=encoding, without=(".cpg",)))
    assert codes(parsed) == ["attribute_encoding"]
    assert encoding in parsed.problems[0].message
    assert parsed.plots[0].name == "河东一号地"


@pytest.mark.parametrize("cpg", [b"\x00", b"zlib", b"hex", b"no such", b"\xff" * 100], ids=repr)
def test_cpg_that_names_no_encoding_of_text_counts_as_missing(tmp_path, cpg):
    path = vector_file(tmp_path, "dk.shp", [SQUARE], NAMES, "EPSG:4490", "ESRI Shapefile", encoding="GBK")
    parts = {p.name: p.read_bytes() for p in path.parent.glob("dk.*")}
    parsed = parse(zipped({**parts, "dk.cpg": cpg}))
    assert (parsed.plots[0].name, codes(parsed)) == ("河东一号地", ["attribute_encoding"])


def test_shapefile_without_prj_asks_and_takes_the_answer(tmp_path):
    data = shapefile(tmp_path, [METRES], NAMES, crs=None, without=(".prj",))
    asked = parse(data)
    assert found(asked) == [("crs_unknown", 1)]
    assert (asked.plots, len(asked.quarantined)) == ((), 1)
    answered = parse(data, crs="EPSG:4527")
    assert codes(answered) == ["crs_declared"]
    assert corner(answered) == pytest.approx((118.35, 35.05), abs=1e-8)


@pytest.mark.parametrize(
    ("epsg", "shift", "expected"),
    [
        (4527, 0, []),
        (4548, 0, ["zone_prefix"]),
        (4547, 0, ["zone_disagrees"]),
        (4528, 0, ["zone_disagrees"]),
        (4527, -39e6, ["zone_prefix"]),
    ],
    ids=["right", "prefix that the prj leaves out", "prefix of another", "another with prefix", "prefix missing"],
)
def test_shapefile_zone_in_prj_and_numbers(tmp_path, epsg, shift, expected):
    shape = shapely.transform(METRES, lambda points: points + np.array([shift, 0]))
    parsed = parse(shapefile(tmp_path, [shape], NAMES, crs=f"EPSG:{epsg}"))
    assert codes(parsed) == expected


def test_zone_prefix_that_the_prj_leaves_out_is_read_when_it_is_the_same_zone(tmp_path):
    parsed = parse(shapefile(tmp_path, [METRES], NAMES, crs="EPSG:4548"))
    assert codes(parsed) == ["zone_prefix"]
    assert corner(parsed) == pytest.approx((118.35, 35.05), abs=1e-8)


def test_shapefile_in_the_old_datum_is_refused(tmp_path):
    parsed = parse(shapefile(tmp_path, [METRES], NAMES, crs="EPSG:2363"))
    assert codes(parsed) == ["old_datum"]
    assert parsed.plots == ()


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_shapefile_without_a_needed_part_is_unreadable(tmp_path, missing):
    assert refusal(shapefile(tmp_path, [SQUARE], NAMES, without=(missing,))) == "shapefile_incomplete"


def test_two_layers_in_one_zip_are_both_read(tmp_path):
    one = vector_file(tmp_path, "甲.shp", [SQUARE], NAMES, "EPSG:4490", "ESRI Shapefile", encoding="UTF-8")
    other = shapely.Polygon(lonlat_square(118.36))
    vector_file(tmp_path, "乙.shp", [other], {"name": ["二号"]}, "EPSG:4490", "ESRI Shapefile", encoding="UTF-8")
    parsed = parse(zipped({f"资料/{path.name}": path.read_bytes() for path in sorted(one.parent.iterdir())}))
    assert {(plot.sheet, plot.name) for plot in parsed.plots} == {("甲", "河东一号地"), ("乙", "二号")}


def test_layers_of_the_same_name_in_two_folders_are_both_read(tmp_path):
    path = vector_file(tmp_path, "dk.shp", [SQUARE], NAMES, "EPSG:4490", "ESRI Shapefile", encoding="UTF-8")
    other = tmp_path / "二"
    other.mkdir()
    second = shapely.Polygon(lonlat_square(118.36))
    vector_file(other, "dk.shp", [second], {"name": ["二号"]}, "EPSG:4490", "ESRI Shapefile", encoding="UTF-8")
    members = {f"甲/{p.name}": p.read_bytes() for p in path.parent.glob("dk.*")}
    parsed = parse(zipped(members | {f"乙/{p.name}": p.read_bytes() for p in other.glob("dk.*")}))
    assert {(plot.sheet, plot.name) for plot in parsed.plots} == {("dk", "河东一号地"), ("乙/dk", "二号")}


@pytest.mark.parametrize("name", ["../dk.shp", "/etc/dk.shp", "C:\\dk.shp", "a/../../dk.shp"])
def test_zip_member_that_leads_outside_is_refused(name):
    assert refusal(zipped({name: b"x"})) == "zip_path"


def test_zip_bomb_and_broken_zip_are_refused():
    assert refusal(zipped({"dk.txt": b"0" * 60_000_000})) == "file_bomb"
    assert refusal(b"PK\x03\x04 not a zip") == "file_damaged"
    assert refusal(zipped({"readme.md": b"x"})) == "land_type"


@pytest.mark.parametrize(
    ("title", "unit"),
    [("mj", "㎡"), ("area_sqm", "㎡")],
)
def test_area_column_in_square_metres(tmp_path, title, unit):
    parsed = parse(shapefile(tmp_path, [SQUARE], {"name": ["东片"], title: [10100.0]}))
    assert parsed.plots[0].declared_area_sqm == 10_100
    assert codes(parsed) == (["area_unit_read"] if title == "mj" else [])


def test_area_column_without_unit_that_fits_nothing_is_left_out(tmp_path):
    parsed = parse(shapefile(tmp_path, [SQUARE], {"name": ["东片"], "mj": [77.0]}))
    assert codes(parsed) == ["area_unit_unknown"]
    assert parsed.plots[0].declared_area_sqm is None


def test_area_column_in_mu_is_recognised_from_the_whole_column(tmp_path):
    shapes = [SQUARE, shapely.Polygon(lonlat_square(118.36, size=0.002))]
    parsed = parse(shapefile(tmp_path, shapes, {"name": ["甲", "乙"], "mj": [15.18, 60.73]}))
    assert [plot.declared_area_sqm for plot in parsed.plots] == [10_120, 40_487]
    assert found(parsed) == [("area_unit_read", 1)]


def test_geopackage_with_two_layers_names_them(tmp_path):
    path = vector_file(tmp_path, "a.gpkg", [SQUARE], NAMES, "EPSG:4490", "GPKG", layer="甲")
    other = shapely.Polygon(lonlat_square(118.36))
    vector_file(tmp_path, "a.gpkg", [other], {"name": ["二号"]}, "EPSG:4490", "GPKG", layer="乙", append=True)
    parsed = parse(path.read_bytes(), "a.gpkg")
    assert {(plot.sheet, plot.name) for plot in parsed.plots} == {("甲", "河东一号地"), ("乙", "二号")}
    assert codes(parsed) == ["layers_read"]


def test_broken_geopackage_is_unreadable():
    assert refusal(b"SQLite format 3\x00" + b"\x07" * 5000, "a.gpkg") == "file_damaged"


def dxf(tmp_path, closed=True):
    ring = [(east, north) for north, east in square()]
    lines = [shapely.LineString([*ring, ring[0]] if closed else ring), shapely.LineString([(0, 0), (1, 1)])]
    return vector_file(tmp_path, "a.dxf", lines, {"Layer": ["0", "0"]}, None, "DXF").read_bytes()


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_dxf_takes_closed_lines_asks_for_the_system_and_counts_the_rest(tmp_path):
    data = dxf(tmp_path)
    assert sorted(codes(parse(data, "a.dxf"))) == ["crs_unknown", "lines_skipped"]
    parsed = parse(data, "a.dxf", crs="EPSG:4527")
    assert sorted(codes(parsed)) == ["crs_declared", "lines_skipped", "plot_unnamed"]
    assert corner(parsed) == pytest.approx((118.35, 35.05), abs=1e-8)


@pytest.mark.parametrize(
    ("data", "kind"), [(b"AC1032\x00\x00", "DWG"), (b"%PDF-1.7", "PDF"), (b"\x00\x00\x27\x0a", "shx")]
)
def test_foreign_files_are_named(data, kind):
    with pytest.raises(UnreadableFile) as caught:
        parse(data, "a")
    assert kind in caught.value.problem.message
