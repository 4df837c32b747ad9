"""County boundaries on both databases: matched, written with label points, the 审图号 printed on every map."""

import json

import pytest
from sqlalchemy import select

from core.domain.errors import PermissionDenied
from core.domain.terms import Role
from core.services import map_details
from core.services.imports.boundaries import BoundariesImport
from db.models import County
from db.models.system import AuditEvent, Setting
from tests.factories import SYSTEM, make_actor
from tests.integration.land_city import apply, check, make_counties
from tests.unit.importers.land_files import feature, geojson, lonlat_square, options

KIND = BoundariesImport()
NUMBER = "GS(2024)0650号"


def county(west, **properties):
    return feature(lonlat_square(west, 34.8, 0.4), **properties)


def official(**members):
    return geojson(
        county(118.0, name="河东县", gb="156371301"), county(118.4, name="河西区", gb="156371302"), **members
    )


@pytest.fixture
def city(store):
    return make_counties(store, with_boundaries=False)


def counties(store):
    with store.read() as connection:
        return list(connection.execute(select(County.__table__).order_by(County.id)).mappings())


def codes(checked):
    return [(problem.code, problem.row) for problem in checked.problems]


def test_official_file_is_matched_by_code_and_written_with_label_point_and_audit(store, city):
    checked = apply(store, official(审图号=NUMBER), kind=KIND)
    assert codes(checked) == []
    assert [(plan.title, plan.target_id) for plan in checked.planned] == [("河东县", city[0]), ("河西区", city[1])]
    first = counties(store)[0]
    assert json.loads(first["boundary"])["type"] == "Polygon"
    assert (first["label_longitude"], first["label_latitude"]) == pytest.approx((118.2, 35.0), abs=0.01)
    with store.read() as connection:
        events = connection.execute(select(AuditEvent.entity, AuditEvent.reason).where(AuditEvent.reason != "")).all()
    assert sorted(map(tuple, events)) == [("county", "导入批次 7")] * 2 + [("setting", "导入批次 7")]


def test_review_number_of_the_file_is_printed_on_every_map(store, city):
    apply(store, official(审图号=NUMBER, source="天地图"), kind=KIND)
    assert map_details.ground(SYSTEM).standing == f"旗色：实时测算 · CGCS2000 · 审图号：{NUMBER} · 来源：天地图"


def test_review_number_given_at_the_import_wins_over_the_settings(store, city, monkeypatch):
    from core.settings import get_settings

    monkeypatch.setenv("WR_MAP_REVIEW_NUMBER", "GS(1999)1号")
    get_settings.cache_clear()
    try:
        checked = apply(store, official(), kind=KIND, options=options(review_number=NUMBER))
        assert codes(checked) == []
        assert map_details.ground(SYSTEM).standing == f"旗色：实时测算 · CGCS2000 · 审图号：{NUMBER}"
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


def test_file_without_review_number_says_so_and_takes_the_old_one_away(store, city):
    apply(store, official(审图号=NUMBER), kind=KIND)
    moved = geojson(county(118.01, name="河东县"))
    assert codes(apply(store, moved, kind=KIND)) == [("review_number_missing", 1)]
    with store.read() as connection:
        assert connection.execute(select(Setting.value).where(Setting.key == "map_review_number")).scalar_one() == '""'
    assert map_details.ground(SYSTEM).standing == "旗色：实时测算 · CGCS2000 · 示意图"


def test_same_file_again_changes_nothing(store, city):
    apply(store, official(审图号=NUMBER), kind=KIND)
    again = check(store, official(审图号=NUMBER), kind=KIND)
    assert (again.planned, again.unchanged, again.settings) == ([], 2, {})


def test_unknown_and_doubled_counties_are_set_aside_with_their_row(store, city):
    data = geojson(
        county(118.0, name="河东县"), county(119.0, name="河东"), county(117.0, name="河北县"), 审图号=NUMBER
    )
    checked = check(store, data, kind=KIND)
    assert codes(checked) == [("boundary_twice", 2), ("boundary_unmatched", 3)]
    assert [row.name for row in checked.quarantined] == ["河东", "河北县"]
    assert len(checked.planned) == 1


def test_overlapping_counties_are_named_with_their_area(store, city):
    data = geojson(county(118.0, name="河东县"), county(118.3, name="河西区"), 审图号=NUMBER)
    (problem,) = check(store, data, kind=KIND).problems
    assert (problem.code, problem.row) == ("boundaries_overlap", 2)
    assert "“河东县”的边界重叠405.1平方公里" in problem.message


def test_staff_of_one_county_may_not_move_borders(store, city):
    actor = make_actor(Role.SUPERVISOR, counties=[city[0]])
    with pytest.raises(PermissionDenied):
        check(store, official(), actor=actor, kind=KIND)
