"""Land files, calendar and OC4IDS through the door of exports: fitting kinds, scope, one audit row, nothing empty."""

import io
import json
import zipfile
from datetime import date

import pytest
import shapely
from icalendar import Calendar
from sqlalchemy import select

from core.commands import build_parser
from core.domain.ellipsoid import area_sqm
from core.domain.errors import Invalid, NotFound, PermissionDenied
from core.domain.ledger import Listing, ProjectFilter
from core.domain.terms import Role
from core.domain.zones import Zone
from core.services import exports, imports
from core.services.exports import ExportForm
from core.settings import get_settings
from db.models import AuditEvent
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_parcel, make_project

LAND = (ExportForm.GEOJSON, ExportForm.SHP, ExportForm.TXT)
CITY = get_settings().city_name


def plot(tx, county, west, code):
    """A plot whose measured area is that of its corner points."""
    square = shapely.box(west, 35.0, west + 0.01, 35.01)
    return make_parcel(tx, county, west=west, south=35.0, code=code, area_sqm=round(area_sqm(square)))


@pytest.fixture
def city(store):
    """Two counties; plots in zones 39 and 40, one without corner points; two open nodes and one done."""
    with transaction(SYSTEM) as tx:
        north, south = make_county(tx, "北固县"), make_county(tx, "南屏区")
        bridge = make_project(tx, north, "安澜大桥", code="ZD-1")
        tunnel = make_project(tx, south, "南屏隧道", code="ZD-2")
        make_milestone(tx, bridge, date(2026, 12, 1), "合龙")
        make_milestone(tx, tunnel, date(2026, 12, 9), "贯通")
        make_milestone(tx, tunnel, date(2026, 5, 9), "开工", actual_on=date(2026, 5, 8))
        plot(tx, north, 117.5, "GB1")
        plot(tx, south, 119.5, "GB2")
        make_parcel(tx, south, code="GB3", geometry="", center_longitude=None, center_latitude=None)
    return {"north": north, "south": south}


def events(store):
    with store.read() as connection:
        query = select(AuditEvent.__table__).where(AuditEvent.action == "export").order_by(AuditEvent.seq)
        return [
            (row["entity"], row["entity_id"], json.loads(row["new"])) for row in connection.execute(query).mappings()
        ]


def run(*arguments):
    parsed = build_parser().parse_args(["export", *arguments])
    return parsed.handler(parsed)


def test_kinds_offer_only_the_forms_that_fit():
    forms = {kind.code: kind.forms[2:] for kind in exports.kinds(SYSTEM)}
    assert {code: found for code, found in forms.items() if found} == {
        "ledger": (ExportForm.OC4IDS,),
        "milestones": (ExportForm.ICS,),
        "parcels": LAND,
    }


@pytest.mark.parametrize("form", LAND)
def test_plots_go_out_and_come_back_unchanged(store, city, form):
    file = exports.export(SYSTEM, "parcels", form)
    shown = imports.import_now(SYSTEM, "land", file.name, file.content, dry_run=True)
    assert [(row.name, row.changes) for row in shown.changed] == []
    assert (shown.unchanged, len(shown.inserted), len(shown.quarantined)) == (2, 0, 0)
    assert (file.rows, file.left_out) == (2, 1)
    assert [(entity, code, new["plots"], new["left_out"]) for entity, code, new in events(store)] == [
        ("parcel", form.value, 2, 1)
    ]


def test_plots_in_metres_of_a_zone_say_so_in_name_and_content(city):
    bound = make_actor(Role.COUNTY, counties=[city["north"]])
    text = exports.export(bound, "parcels", ExportForm.TXT, zone=Zone(39))
    assert (text.name.rpartition("_20261122")[2], text.mime, text.rows) == ("_39带.txt", "text/plain", 1)
    assert "带号=39" in text.content.decode("gb18030")
    wide = exports.export(bound, "parcels", ExportForm.TXT, zone=Zone(20))
    assert "几度分带=6" in wide.content.decode("gb18030")
    shown = imports.import_now(SYSTEM, "land", wide.name, wide.content, dry_run=True)
    assert [p.message for p in shown.of(imports.Severity.REFUSE)] == []
    assert (shown.unchanged, len(shown.quarantined)) == (1, 0)
    shape = exports.export(bound, "parcels", ExportForm.SHP, zone=Zone(39))
    assert shape.name.endswith("_39带_shp.zip")
    with zipfile.ZipFile(io.BytesIO(shape.content)) as archive:
        assert b"CGCS2000_3_Degree_GK_Zone_39" in archive.read("plots.prj")


def test_zone_far_from_the_plots_is_refused_and_not_audited(store, city):
    with pytest.raises(Invalid) as caught:
        exports.export(SYSTEM, "parcels", ExportForm.TXT, zone=Zone(35))
    assert [problem.code for problem in caught.value.problems] == ["far_from_zone"]
    assert "远离35带（中央经线 105°）" in caught.value.user_message
    assert events(store) == []


def test_outlook_says_what_a_file_would_hold(city):
    found = exports.outlook(SYSTEM, "parcels", ExportForm.SHP)
    assert (found.rows, found.left_out, found.zones, found.only_zone) == (2, 1, (Zone(39), Zone(40)), None)
    bound = make_actor(Role.COUNTY, counties=[city["north"]])
    found = exports.outlook(bound, "parcels", ExportForm.TXT)
    assert (found.rows, found.left_out, found.only_zone) == (1, 0, Zone(39))
    assert exports.outlook(SYSTEM, "milestones", ExportForm.ICS).rows == 2
    assert exports.outlook(SYSTEM, "milestones", ExportForm.CSV).rows == 3
    north = ProjectFilter(county_ids=(city["north"],), listing=Listing.ALL)
    for form in (ExportForm.XLSX, ExportForm.OC4IDS):
        assert exports.outlook(SYSTEM, "ledger", form, north).rows == 1
        assert exports.export(SYSTEM, "ledger", form, north).rows == 1


def test_calendar_holds_the_open_nodes_of_the_scope_and_is_audited_once(store, city):
    bound = make_actor(Role.COUNTY, counties=[city["south"]])
    file = exports.export(bound, "milestones", ExportForm.ICS)
    assert [str(event["summary"]) for event in Calendar.from_ical(file.content).walk("VEVENT")] == ["南屏隧道：贯通"]
    assert (file.name, file.rows) == (f"{CITY}项目节点_20261122.ics", 1)
    assert events(store) == [("calendar", "ics", {"bytes": len(file.content), "rows": 1})]


def test_package_follows_the_filter_and_is_audited_once(store, city):
    wanted = ProjectFilter(text="隧道", listing=Listing.ALL)
    file = exports.export(SYSTEM, "ledger", ExportForm.OC4IDS, wanted, "包含：隧道")
    assert [project["title"] for project in json.loads(file.content)["projects"]] == ["南屏隧道"]
    assert file.name == f"{CITY}重大项目台账_20261122_OC4IDS.json"
    assert events(store) == [("oc4ids", "json", {"rows": 1, "filter": "包含：隧道", "as_of": "2026-11-22"})]


@pytest.mark.parametrize(
    ("kind", "form"), [("ledger", ExportForm.OC4IDS), ("milestones", ExportForm.ICS), *(("parcels", f) for f in LAND)]
)
def test_nothing_to_carry_is_told_and_not_audited(store, kind, form):
    assert exports.outlook(SYSTEM, kind, form).rows == 0
    with pytest.raises(NotFound) as caught:
        exports.export(SYSTEM, kind, form)
    assert caught.value.user_message.startswith("没有")
    assert events(store) == []
    with pytest.raises(PermissionDenied):
        exports.export(make_actor(Role.AUDITOR), kind, form)
    with pytest.raises(PermissionDenied):
        exports.outlook(make_actor(Role.AUDITOR), kind, form)


def test_form_that_does_not_fit_the_kind_is_refused_with_those_that_do(store):
    with pytest.raises(Invalid) as caught:
        exports.export(SYSTEM, "milestones", ExportForm.SHP)
    assert caught.value.user_message == "项目节点不能导出为 shp。可选格式：xlsx、csv、ics。"


def test_command_writes_a_land_file_in_the_zone_and_reports(tmp_path, capsys, city):
    path = tmp_path / "plots.zip"
    with pytest.raises(Invalid):
        run("parcels", "--form", "shp", "--zone", "36", "--out", str(path))
    assert run("parcels", "--form", "shp", "--out", str(path), "--json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "kind": "parcels",
        "form": "shp",
        "file": str(path),
        "rows": 2,
        "left_out": 1,
        "bytes": path.stat().st_size,
    }
    assert said.err == "1 个地块没有界址点坐标，不在文件内。\n"


def test_command_takes_the_zone_of_the_plots_when_there_is_one(tmp_path, capsys, store):
    with transaction(SYSTEM) as tx:
        make_parcel(tx, make_county(tx, "北固县"), west=117.50, south=35.0)
    path = tmp_path / "plots.txt"
    assert run("parcels", "--form", "txt", "--out", str(path)) == 0
    assert "带号=39" in path.read_text("gb18030")
    assert capsys.readouterr().err == ""


def test_command_says_when_the_file_is_a_zip_or_empty(tmp_path, capsys, city):
    run("parcels", "--form", "txt", "--out", str(tmp_path / "plots.txt"))
    assert "内容是 zip 压缩包" in capsys.readouterr().err
    run("assets", "--out", str(tmp_path / "assets.xlsx"))
    assert capsys.readouterr().err == "没有数据，文件只有表头。\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("--form", "shp", "--zone", "24"), "没有 24 带"), (("--form", "geojson", "--zone", "39"), "只用于 shp 和 txt")],
)
def test_command_refuses_a_zone_that_is_none(city, arguments, message):
    with pytest.raises(Invalid) as caught:
        run("parcels", *arguments)
    assert message in caught.value.user_message
