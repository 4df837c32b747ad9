"""Coordinate systems, shifted coordinates, areas on the ellipsoid."""

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.domain import ellipsoid, offsets, zones
from core.importers.land.crs import UnknownCrs, parse_crs


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4527", "EPSG:4527"),
        ("CGCS2000", "EPSG:4490"),
        ("WGS84", "EPSG:4326"),
        ("gcj02", "GCJ-02"),
        ("百度", "BD-09"),
        ("EPSG:32650", "EPSG:32650"),
    ],
)
def test_names_of_systems(text, code):
    assert parse_crs(text).code == code


@pytest.mark.parametrize("number", [*zones.THREE_DEGREE, *zones.SIX_DEGREE])
def test_zone_from_its_esri_text_is_the_same_zone(number):
    zone = zones.Zone(number)
    found = parse_crs(pyproj.CRS(zone.epsg).to_wkt("WKT1_ESRI"))
    assert (found.zone, found.is_prefixed) == (zone, True)


@pytest.mark.parametrize("text", ["EPSG:2363", "西安80", "北京54", "EPSG:4555", "EPSG:99999", "平面坐标"])
def test_systems_that_cannot_be_converted_are_not_known(text):
    with pytest.raises(UnknownCrs):
        parse_crs(text)


POINTS = st.lists(st.tuples(st.floats(73, 135), st.floats(4, 53)), min_size=1, max_size=20)


@given(POINTS)
def test_shifted_systems_come_back(points):
    there = np.array(points)
    assert np.abs(offsets.from_gcj02(offsets.to_gcj02(there)) - there).max() < 1e-9
    assert np.abs(offsets.from_bd09(offsets.to_bd09(there)) - there).max() < 1e-9


def test_shift_of_a_known_place():
    assert offsets.to_gcj02(np.array([[116.404, 39.915]]))[0] == pytest.approx((116.410244, 39.916404), abs=1e-6)


@given(st.floats(74, 134), st.floats(5, 52), st.floats(1e-4, 0.05), st.floats(0.2, 3))
def test_area_agrees_with_the_geodesic_one(x, y, size, ratio):
    shape = shapely.box(x, y, x + size, y + size * ratio)
    geodesic = abs(pyproj.Geod(ellps="GRS80").geometry_area_perimeter(shape)[0])
    assert ellipsoid.area_sqm(shape) == pytest.approx(geodesic, rel=2e-6)
