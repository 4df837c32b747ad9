"""Plots of a file against the store, on both databases: matched, written, audited, refused."""

import json

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict
from core.domain.terms import ParcelStatus, Role
from db.models import Parcel
from db.models.figures import parcel_tally
from db.models.system import AuditEvent
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_parcel
from tests.integration.land_city import apply, check, make_counties
from tests.unit.importers.land_files import FILE, feature, geojson, lonlat_square, one_plot, options, txt


@pytest.fixture
def city(store):
    return make_counties(store)


def plots(store):
    with store.read() as connection:
        return list(connection.execute(select(Parcel.__table__).order_by(Parcel.id)).mappings())


def codes(checked):
    return [(problem.code, problem.row) for problem in checked.problems]


def test_new_plot_is_written_with_area_county_centre_and_audit(store, city):
    checked = apply(store, txt(one_plot(code="GB00001", area="0.3600")), FILE)
    assert (len(checked.planned), checked.unchanged, checked.quarantined) == (1, 0, [])
    assert checked.totals == {"area_sqm": 3599, "declared_area_sqm": 3600}
    (row,) = plots(store)
    assert (row["code"], row["name"], row["county_id"], row["status"]) == ("GB00001", "地块2", city[0], "planned")
    assert (row["area_sqm"], row["declared_area_sqm"], row["source_crs"], row["crs"]) == (
        3599,
        3600,
        "EPSG:4527",
        "EPSG:4490",
    )
    assert json.loads(row["geometry"])["coordinates"][0][0] == pytest.approx([118.35, 35.05], abs=1e-8)
    assert (row["center_longitude"], row["center_latitude"]) == pytest.approx((118.350329, 35.05027), abs=1e-5)
    with store.read() as connection:
        event = connection.execute(select(AuditEvent).where(AuditEvent.entity == "parcel")).mappings().one()
        tally = connection.execute(select(parcel_tally.c.parcels, parcel_tally.c.area_sqm)).one()
    assert (event["action"], event["reason"]) == ("insert", "导入批次 7")
    assert tuple(tally) == (1, 3599)


def test_same_file_again_changes_nothing(store, city):
    data = txt(one_plot(code="GB00001"))
    apply(store, data, FILE)
    again = apply(store, data, FILE)
    assert (again.planned, again.unchanged) == ([], 1)
    with store.read() as connection:
        assert len(connection.execute(select(AuditEvent.seq).where(AuditEvent.entity == "parcel")).all()) == 1


def test_plot_without_number_is_found_again_by_name_and_gets_a_number_of_its_own(store, city):
    apply(store, geojson(feature(name="东片")))
    assert plots(store)[0]["code"].startswith("DK")
    moved = geojson(feature(lonlat_square(size=0.002), name="东片"))
    (plan,) = apply(store, moved).planned
    (change,) = plan.changes
    assert (change.label, change.old, change.new) == (
        "边界",
        "10,121 ㎡（15.18 亩），4 个界址点",
        "40,485 ㎡（60.73 亩），4 个界址点",
    )
    (row,) = plots(store)
    assert (row["area_sqm"], row["version"]) == (40485, 2)


def test_plot_of_the_same_name_elsewhere_is_asked_about(store, city):
    apply(store, geojson(feature(name="东片")))
    checked = check(store, geojson(feature(lonlat_square(118.30), name="东片")))
    assert codes(checked) == [("same_name_elsewhere", 1)]
    assert [row.name for row in checked.quarantined] == ["东片"]


def test_plot_with_the_same_geometry_and_no_name_is_the_stored_one(store, city):
    apply(store, geojson(feature(name="东片", code="GB-1")))
    checked = check(store, geojson(feature(location="沂蒙路")))
    (plan,) = checked.planned
    assert (plan.target_id, plan.values) == (plots(store)[0]["id"], {"location": "沂蒙路"})


def test_same_geometry_under_another_number_is_refused(store, city):
    apply(store, geojson(feature(name="东片", code="GB-00001")))
    checked = check(store, geojson(feature(name="东片", code="GB-00002")))
    assert codes(checked) == [("plot_is_stored", 1)]
    assert checked.planned == []


def test_overlap_with_a_stored_plot_is_said_with_its_area(store, city):
    apply(store, geojson(feature(name="东片", code="GB-00001")))
    checked = check(store, geojson(feature(lonlat_square(118.3505), name="西片", code="GB-00002")))
    (problem,) = checked.problems
    assert (problem.code, problem.row) == ("overlaps_stored", 1)
    assert "GB-00001”重叠5061平方米" in problem.message
    assert len(checked.planned) == 1


def test_two_rows_for_one_stored_plot_are_refused_from_the_second_on(store, city):
    apply(store, geojson(feature(name="东片", code="GB-00001")))
    twice = geojson(feature(code="GB-00001", name="东片"), feature(lonlat_square(size=0.0012), name="东片"))
    checked = check(store, twice)
    assert ("same_plot", 2) in codes(checked)
    assert len(checked.quarantined) == 1


def test_plot_across_the_border_belongs_where_its_middle_lies(store, city):
    checked = check(store, geojson(feature(lonlat_square(118.3992), name="边界地块", code="GB-9999")))
    (problem,) = checked.problems
    assert problem.code == "crosses_county"
    assert "落在“河西区”" in problem.message
    assert checked.planned[0].values["county_id"] == city[0]


def test_plot_outside_every_county_is_refused(store, city):
    checked = check(store, geojson(feature(lonlat_square(118.9), name="外地")))
    assert codes(checked) == [("outside_counties", 1)]
    assert len(checked.quarantined) == 1


def test_plot_three_degrees_away_is_a_wrong_zone(store, city):
    checked = check(store, geojson(feature(lonlat_square(121.35), name="错带")))
    assert codes(checked) == [("wrong_zone", 1)]
    assert "远离本市各县区" in checked.problems[0].message


def test_stated_county_that_differs_is_said_and_the_geometry_wins(store, city):
    checked = check(store, geojson(feature(name="东片", county="河西区")))
    assert codes(checked) == [("county_differs", 1)]
    assert checked.planned[0].values["county_id"] == city[0]


def test_without_boundaries_the_attribute_names_the_county(store):
    _east, west = make_counties(store, with_boundaries=False)
    checked = check(store, geojson(feature(name="东片", county="河西"), feature(lonlat_square(118.36), name="西片")))
    assert checked.planned[0].values["county_id"] == west
    assert codes(checked) == [("plot_county_unknown", 2)]


def test_county_staff_may_not_write_plots_of_another_county(store, city):
    actor = make_actor(Role.SUPERVISOR, counties=[city[1]])
    checked = check(store, geojson(feature(name="东片")), actor=actor)
    assert codes(checked) == [("plot_outside_scope", 1)]
    assert checked.planned == []


def test_plot_known_from_a_table_gets_its_geometry(store, city):
    with transaction(SYSTEM) as tx:
        values = {"geometry": "", "center_longitude": None, "center_latitude": None, "area_sqm": 10_000}
        make_parcel(tx, city[0], code="GB-00001", name="东片", declared_area_sqm=10_000, **values)
    (plan,) = apply(store, geojson(feature(code="GB-00001", name="东片"))).planned
    assert [(change.label, change.old) for change in plan.changes] == [("边界", "—")]
    (row,) = plots(store)
    assert (row["area_sqm"], row["declared_area_sqm"], row["center_longitude"]) == (10121, 10_000, 118.3505)


def test_blank_attributes_erase_nothing(store, city):
    apply(store, geojson(feature(code="GB-00001", name="东片", location="沂蒙路", status="批而未供", area_ha=1.0121)))
    apply(store, geojson(feature(lonlat_square(size=0.0011), code="GB-00001", name="")))
    (row,) = plots(store)
    assert (row["name"], row["location"], row["status"], row["declared_area_sqm"]) == (
        "东片",
        "沂蒙路",
        ParcelStatus.APPROVED_NOT_SUPPLIED.value,
        10121,
    )


def test_plot_saved_meanwhile_is_a_conflict_and_nothing_is_written(store, city):
    apply(store, geojson(feature(code="GB-00001", name="东片")))
    checked = check(store, geojson(feature(code="GB-00001", name="新名"), feature(lonlat_square(118.36), name="西片")))
    row = plots(store)[0]
    with transaction(SYSTEM) as tx:
        tx.update(Parcel, row["id"], {"name": "别人改的"}, expected_version=1)
    with pytest.raises(Conflict), transaction(SYSTEM) as tx:
        checked.write(tx, "导入批次 8", lambda done, total, step: None)
    assert [one["name"] for one in plots(store)] == ["别人改的"]


def test_digest_changes_with_the_store(store, city):
    data = geojson(feature(code="GB-00001", name="东片"))
    before = check(store, data).digest()
    assert check(store, data).digest() == before
    apply(store, data)
    assert check(store, data).digest() != before


def test_progress_may_cancel_and_nothing_is_written(store, city):
    checked = check(store, geojson(feature(code="GB-00001", name="东片")))

    def cancel(done, total, step):
        raise InterruptedError

    with pytest.raises(InterruptedError), transaction(SYSTEM) as tx:
        checked.write(tx, "导入批次 9", cancel)
    assert plots(store) == []


def test_shifted_coordinates_by_declaration_land_where_they_belong(store, city):
    shifted = lonlat_square(118.35561, 35.05012)
    apply(store, geojson(feature(shifted, name="高德地块")), options=options(crs="GCJ-02"))
    (row,) = plots(store)
    assert row["source_crs"] == "GCJ-02"
    assert row["center_longitude"] == pytest.approx(118.3505, abs=0.0012)
