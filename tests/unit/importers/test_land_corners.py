"""Tables of corner points, and how their angles are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importers.land import angles
from core.importers.land.angles import Packing
from tests.unit.importers.land_files import (
    EAST,
    NORTH,
    corner,
    found,
    lonlat_square,
    parse,
    refusal,
    square,
)
from tests.unit.importers.ledgers import xlsx


def test_table_of_corners_in_metres_is_grouped_by_plot():
    rows = [["地块名称", "点号", "X坐标", "Y坐标"]]
    for name, shift in (("甲", 0), ("乙", 100)):
        for number, (north, east) in enumerate(square(NORTH, EAST + shift), 1):
            rows.append([name if number == 1 else None, f"J{number}", north, east])
    parsed = parse(xlsx(rows, sheet="坐标"), "a.xlsx")
    assert [(plot.name, plot.row, plot.area_sqm) for plot in parsed.plots] == [("甲", 2, 3599), ("乙", 6, 3599)]
    assert parsed.problems == ()


def dms(value):
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    seconds = ((value - degrees) * 60 - minutes) * 60
    return f"{degrees}°{minutes:02d}′{seconds:07.4f}″"


def packed(value):
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    seconds = f"{((value - degrees) * 60 - minutes) * 60:07.4f}"
    return f"{degrees}.{minutes:02d}{seconds.replace('.', '')}"


@pytest.mark.parametrize(
    ("head", "write"),
    [("经度（CGCS2000）", dms), ("经度(度分秒,CGCS2000)", packed), ("经度（十进制度，CGCS2000）", "{:.8f}".format)],
    ids=["marks", "packed", "decimal"],
)
def test_table_of_corners_in_degrees(head, write):
    ring = lonlat_square(118.3512, 35.0534, 0.0013)[:-1]
    rows = [["点号", head, "纬度"], *([f"J{i}", write(x), write(y)] for i, (x, y) in enumerate(ring, 1))]
    parsed = parse(xlsx(rows, sheet="坐标"), "a.xlsx")
    assert corner(parsed) == pytest.approx((118.3512, 35.0534), abs=2e-8)


def test_bare_degrees_that_may_be_packed_are_asked_about():
    rows = [
        ["点号", "经度", "纬度"],
        ["1", "118.2100", "35.0300"],
        ["2", "118.2130", "35.0300"],
        ["3", "118.2130", "35.0330"],
    ]
    parsed = parse(xlsx(rows, sheet="坐标"), "a.xlsx", crs="EPSG:4490")
    assert ("angle_format_unknown", 1) in found(parsed)
    assert parsed.plots == ()


def test_corner_that_is_no_number_is_refused_at_its_cell():
    rows = [["点号", "X坐标", "Y坐标"], *([f"J{i}", *corner] for i, corner in enumerate(square(), 1))]
    rows[3][2] = "三千"
    (problem,) = parse(xlsx(rows, sheet="坐标"), "a.xlsx").problems
    assert (problem.code, problem.sheet, problem.row, problem.column) == ("bad_coordinate", "坐标", 4, "C Y坐标")


def test_table_without_coordinates_is_unreadable():
    assert refusal(xlsx([["项目名称", "总投资"], ["甲", 1]]), "a.xlsx") == "corner_columns"


@given(st.floats(70, 139.99))
def test_degrees_with_marks_come_back(value):
    assert angles.parse_marked(dms(value)) == pytest.approx(value, abs=3e-8) or dms(value).endswith("60.0000″")


@given(st.integers(0, 179), st.integers(0, 99), st.integers(0, 99))
def test_packed_angle_is_exact_or_nothing(degrees, minutes, seconds):
    value = angles.parse_packed(f"{degrees}.{minutes:02d}{seconds:02d}")
    if minutes >= 60 or seconds >= 60:
        assert value is None
    else:
        assert value == pytest.approx(degrees + minutes / 60 + seconds / 3600)


@given(st.text("0123456789.°′″'\"度分秒EN东经 -:", max_size=16))
def test_angles_are_never_silently_another_value(text):
    for read in (angles.parse_marked, angles.parse_decimal, angles.parse_packed):
        value = read(text)
        assert value is None or 0 <= value < 1000
    if angles.parse_decimal(text) is not None:
        assert angles.parse_marked(text) is None


@pytest.mark.parametrize(
    ("texts", "words", "packing"),
    [
        (["118.2190"], "经度", Packing.DECIMAL),
        (["118.2130"], "经度", Packing.UNKNOWN),
        (["118.2130"], "经度（度分秒）", Packing.PACKED),
        (["118.2130"], "经度（十进制）", Packing.DECIMAL),
        (["118°21′"], "经度", Packing.DECIMAL),
    ],
)
def test_packing_is_decided_from_the_column_or_not_at_all(texts, words, packing):
    assert angles.packing_of(texts, words) is packing
