"""Stored plots go out and come back unchanged, in every form; scope, permission and audit of the export."""

import io
import zipfile

import pytest
import shapely
from sqlalchemy import select

from core.domain.errors import PermissionDenied
from core.domain.terms import Role
from core.domain.zones import Zone
from core.services import land_exports
from core.services.export_requests import ExportForm
from db.models.system import AuditEvent
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_parcel
from tests.integration.land_city import apply, check, make_counties
from tests.unit.importers.land_files import feature, geojson, lonlat_square

FORMS = [(ExportForm.GEOJSON, None), (ExportForm.SHP, None), (ExportForm.SHP, Zone(39)), (ExportForm.TXT, None)]


@pytest.fixture
def city(store):
    counties = make_counties(store)
    holed = shapely.box(118.36, 35.05, 118.362, 35.052).difference(shapely.box(118.3605, 35.0505, 118.361, 35.051))
    inside = {
        "type": "Polygon",
        "coordinates": [list(holed.exterior.coords), *[list(r.coords) for r in holed.interiors]],
    }
    apply(
        store,
        geojson(
            feature(name="东片", code="GB00001", 状态="批而未供", area_sqm=10100, 位置="沂蒙路", dlbm="0601"),
            feature(geometry=inside, name="空心，地块"),
            feature(lonlat_square(118.61), name="西片", code="GB00003"),
        ),
    )
    return counties


@pytest.mark.parametrize(("form", "zone"), FORMS, ids=["geojson", "degrees", "metres", "txt"])
def test_export_comes_back_unchanged(store, city, form, zone):
    file = land_exports.export(SYSTEM, form, zone)
    again = check(store, file.content, file.name)
    assert [plan.changes for plan in again.planned] == []
    assert (again.unchanged, again.quarantined) == (3, [])
    assert (file.rows, file.left_out) == (3, 0)


def test_city_in_two_zones_gets_a_txt_for_each(store, city):
    with zipfile.ZipFile(io.BytesIO(land_exports.export(SYSTEM, ExportForm.TXT).content)) as archive:
        assert archive.namelist() == ["勘测定界_39带.txt", "勘测定界_40带.txt"]


def test_county_staff_get_the_plots_of_their_county(store, city):
    actor = make_actor(Role.COUNTY, counties=[city[1]])
    file = land_exports.export(actor, ExportForm.GEOJSON)
    assert file.rows == 1
    assert "西片" in file.content.decode()
    assert "东片" not in file.content.decode()


def test_plots_without_corner_points_are_counted_not_written(store, city):
    with transaction(SYSTEM) as tx:
        make_parcel(tx, city[0], geometry="", center_longitude=None, center_latitude=None)
    file = land_exports.export(SYSTEM, ExportForm.GEOJSON)
    assert (file.rows, file.left_out) == (3, 1)


def test_export_is_noted_in_the_audit(store, city):
    land_exports.export(make_actor(Role.LEADER, login="lead"), ExportForm.GEOJSON)
    with store.read() as connection:
        event = connection.execute(select(AuditEvent).where(AuditEvent.action == "export")).mappings().one()
    assert (event["actor"], event["entity"], event["entity_id"]) == ("lead", "parcel", "geojson")
    assert '"plots":3' in event["new"]


def test_export_without_permission_is_denied(store):
    with pytest.raises(PermissionDenied):
        land_exports.export(make_actor(Role.AUDITOR), ExportForm.GEOJSON)
