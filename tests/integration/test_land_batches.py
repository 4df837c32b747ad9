"""Plots and boundaries through the batch engine: previewed, applied, mended, taken back; and the command line."""

import json

import pytest
from sqlalchemy import select

from core.commands import build_parser
from core.domain.errors import Invalid
from core.services import imports, map_details
from core.services.imports import Answers
from db.models import County, Parcel
from db.session import transaction
from tests.factories import SYSTEM
from tests.integration.land_city import make_counties
from tests.unit.importers.land_files import FILE, feature, geojson, lonlat_square, one_plot, txt


def plots(store):
    with store.read() as connection:
        return list(connection.execute(select(Parcel.__table__).order_by(Parcel.id)).mappings())


def test_plots_are_previewed_applied_and_taken_back(store):
    make_counties(store)
    data = geojson(feature(name="东片", code="GB00001"), feature(lonlat_square(118.9), name="外地"))
    shown = imports.preview(SYSTEM, "land", "a.geojson", data)
    assert (len(shown.inserted), len(shown.quarantined), shown.row_count) == (1, 1, 2)
    assert plots(store) == []
    result = imports.apply(SYSTEM, shown.batch_id)
    assert (result.inserted, result.quarantined) == (1, 1)
    assert [row["code"] for row in plots(store)] == ["GB00001"]
    undone = imports.undo(SYSTEM, shown.batch_id, "传错文件")
    assert (undone.removed, undone.kept) == (1, ())
    assert plots(store) == []


def test_changed_geometry_comes_back_by_undo(store):
    make_counties(store)
    first = imports.preview(SYSTEM, "land", "a.geojson", geojson(feature(name="东片", code="GB00001")))
    imports.apply(SYSTEM, first.batch_id)
    before = dict(plots(store)[0])
    moved = geojson(feature(lonlat_square(size=0.002), name="东片", code="GB00001"))
    second = imports.preview(SYSTEM, "land", "a.geojson", moved)
    imports.apply(SYSTEM, second.batch_id)
    assert plots(store)[0]["area_sqm"] == 40485
    imports.undo(SYSTEM, second.batch_id, "传错文件")
    after = dict(plots(store)[0])
    assert {name for name in after if after[name] != before[name]} == {"version"}


def test_boundaries_and_review_number_come_and_go_with_their_batch(store):
    make_counties(store, with_boundaries=False)
    data = geojson(feature(lonlat_square(118.0, 34.8, 0.4), name="河东县"))
    shown = imports.preview(SYSTEM, "boundaries", "a.geojson", data, Answers(review_number="GS(2024)0650号"))
    imports.apply(SYSTEM, shown.batch_id)
    assert "GS(2024)0650号" in map_details.ground(SYSTEM).standing
    imports.undo(SYSTEM, shown.batch_id, "传错文件")
    with store.read() as connection:
        assert connection.execute(select(County.boundary).where(County.boundary.is_not(None))).all() == []
    assert map_details.ground(SYSTEM).standing in ("", "CGCS2000 · 示意图")


def test_store_that_moved_after_the_preview_is_not_written(store):
    make_counties(store)
    data = geojson(feature(name="东片", code="GB00001"))
    shown = imports.preview(SYSTEM, "land", "a.geojson", data)
    with transaction(SYSTEM) as tx:
        tx.insert(
            Parcel,
            {"code": "GB00001", "name": "别人", "county_id": 1, "status": "planned", "area_sqm": 1, "geometry": ""},
        )
    with pytest.raises(Invalid, match="变动"):
        imports.apply(SYSTEM, shown.batch_id)
    assert [row["name"] for row in plots(store)] == ["别人"]


def test_command_line_reports_square_metres_and_the_place_of_a_problem(store, tmp_path, capsys):
    make_counties(store)
    path = tmp_path / FILE
    path.write_bytes(txt(one_plot(code="GB00001", area="5.4")))
    arguments = build_parser().parse_args(["import", "land", str(path), "--json"])
    status = arguments.handler(arguments)
    report = json.loads(capsys.readouterr().out)
    assert status == 2
    assert (report["rows"], report["inserted"], report["quarantined"]) == (1, 1, 0)
    assert report["totals"] == {"area_sqm": 3599, "declared_area_sqm": 3600}
    assert [(one["code"], one["sheet"], one["row"]) for one in report["problems"]] == [("area_unit", FILE, 10)]
