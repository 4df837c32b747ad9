"""The map's layers over HTTP: what is in them, for whom, how they are kept, what an unchanged layer costs."""

import gzip
import json
from datetime import date

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.domain.ledger import ProjectFilter
from core.domain.scope import Scope
from core.domain.terms import ParcelStatus, Role
from core.services import figures, plots
from core.services.plots import Layer, MapFilter
from core.services.sessions import Visit
from db.models import MapFeature, Project
from db.session import transaction
from pages.http.identity import remember
from pages.http.plots import layer_address, routes
from tests.factories import SYSTEM, YI, make_actor, make_county, make_headquarters, make_parcel, make_project

LEADER = make_actor(Role.LEADER)
SQUARE = '{"type":"Polygon","coordinates":[[[104,29],[105,29],[105,30],[104,30],[104,29]]]}'


@pytest.fixture
def land(store):
    plots.forget()
    figures.version()
    with transaction(SYSTEM) as tx:
        north = make_county(tx, "北固县", boundary=SQUARE, label_longitude=104.5, label_latitude=29.5)
        south = make_county(tx, "南岭区", boundary=SQUARE)
        water = make_headquarters(tx, "生态水城指挥部")
        bad = make_project(tx, north, '长河"治理\\工程', headquarters_id=water, done_yuan={1: YI})
        good = make_project(
            tx, south, "安澜大桥", done_yuan=dict.fromkeys(range(1, 11), YI), longitude=104.7, latitude=29.7
        )
        red = make_parcel(tx, north, bad, area_sqm=20_000)
        free = make_parcel(tx, north, status=ParcelStatus.IDLE_LAND.value)
        green = make_parcel(tx, south, good)
        tx.insert(MapFeature, {"kind": "river", "name": "云河", "geometry": '{"type":"LineString","coordinates":[]}'})
    return {"north": north, "south": south, "water": water, "bad": bad, "good": good, "plots": (red, free, green)}


def _client(actor) -> TestClient:
    app = Starlette(routes=routes())

    async def signed_in(scope, receive, send):
        if scope["type"] == "http":
            remember(scope, Visit(actor) if actor else None)
        await app(scope, receive, send)

    return TestClient(signed_in)


def _features(actor, layer: str, query: str = "") -> list[dict]:
    answer = _client(actor).get(f"/api/map/{layer}.geojson{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/geo+json"
    return answer.json()["features"]


def _ids(actor, layer: str, query: str = "") -> list[int]:
    return sorted(feature["properties"]["id"] for feature in _features(actor, layer, query))


def test_plots_carry_flag_status_and_text(land):
    red, free, green = (feature["properties"] for feature in _features(LEADER, "plots"))
    assert (red["f"], red["b"]) == ("severe", '■ 红　长河"治理\\工程')
    assert red["a"] == "北固县 · 已用 · 30.0 亩"
    assert (free["f"], free["s"], free["b"]) == ("", "idle_land", "暂无项目")
    assert (green["f"], green["b"]) == ("ok", "● 绿　安澜大桥")


def test_plots_geometry_is_the_stored_one(land):
    geometry = _features(LEADER, "plots")[0]["geometry"]
    assert geometry["type"] == "Polygon"
    assert geometry["coordinates"][0][0] == [104.5, 29.5]


def test_projects_stand_at_their_place_or_in_their_plot_and_the_worst_is_drawn_last(land):
    good, bad = _features(LEADER, "projects")
    assert (good["properties"]["id"], good["geometry"]["coordinates"]) == (land["good"], [104.7, 29.7])
    assert (bad["properties"]["id"], bad["geometry"]["coordinates"]) == (land["bad"], [104.505, 29.505])
    assert (bad["properties"]["g"], bad["properties"]["f"]) == ("■", "severe")
    assert good["properties"]["a"] == "南岭区 · 在建 · 年度完成 83.3%"


def test_counties_and_lines_are_drawn(land):
    north = _features(LEADER, "counties")[0]["properties"]
    assert (north["t"], north["a"]) == ("北固县", "1 项 · 年度完成 8.3%")
    assert north["b"] == "与序时差 -75.0 个百分点"
    assert _features(LEADER, "lines")[0]["properties"] == {"k": "river", "t": "云河"}


def test_plots_filters_narrow(land):
    red, free, green = land["plots"]
    assert _ids(LEADER, "plots", f"?county={land['north']}") == [red, free]
    assert _ids(LEADER, "plots", "?flag=severe") == [red]
    assert _ids(LEADER, "plots", f"?hq={land['water']}") == [red]
    assert _ids(LEADER, "plots", "?stage=construction") == [red, green]
    assert _ids(LEADER, "plots", "?status=idle_land") == [free]
    assert _ids(LEADER, "projects", "?flag=ok") == [land["good"]]


def test_plots_are_those_of_the_scope(land):
    red, free, _ = land["plots"]
    north = make_actor(Role.COUNTY, counties=(land["north"],))
    assert _ids(north, "plots") == [red, free]
    assert _ids(north, "plots", f"?county={land['south']}") == []
    assert _ids(north, "projects") == [land["bad"]]
    assert [feature["properties"]["a"] for feature in _features(north, "counties")] == ["1 项 · 年度完成 8.3%", ""]
    assert _ids(make_actor(Role.HEADQUARTERS, headquarters=(land["water"],)), "plots") == [red]
    nobody = make_actor(Role.UNIT, units=(999,))
    assert _ids(nobody, "plots") == _ids(nobody, "projects") == []


def test_plot_in_use_by_an_unseen_project_is_not_called_empty(land):
    with transaction(SYSTEM) as tx:
        tx.update(Project, land["bad"], {"county_id": land["south"]}, expected_version=None)
    north = make_actor(Role.COUNTY, counties=(land["north"],))
    assert [feature["properties"]["b"] for feature in _features(north, "plots")] == ["", "暂无项目"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_ADMIN, Role.DISPLAY])
def test_plots_without_permission_are_refused(land, role):
    answer = _client(make_actor(role)).get("/api/map/plots.geojson")
    assert answer.status_code == 403
    assert "没有“查看项目”权限" in answer.json()["message"]


def test_plots_anonymous_are_refused(land):
    assert _client(None).get("/api/map/plots.geojson").status_code == 403


def test_unknown_layer_is_told(land):
    answer = _client(LEADER).get("/api/map/secrets.geojson")
    assert (answer.status_code, answer.json()["message"]) == (404, "没有这个图层。")


def test_current_address_is_kept_for_good_and_an_old_one_is_not(land):
    wanted = MapFilter(ProjectFilter(county_ids=(land["north"],)), (ParcelStatus.IDLE_LAND,))
    address = layer_address(LEADER, Layer.PLOTS, wanted)
    kept = _client(LEADER).get(address)
    assert kept.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert [feature["properties"]["id"] for feature in kept.json()["features"]] == [land["plots"][1]]
    with transaction(SYSTEM) as tx:
        make_parcel(tx, land["north"], status=ParcelStatus.IDLE_LAND.value)
    assert layer_address(LEADER, Layer.PLOTS, wanted) != address
    old = _client(LEADER).get(address)
    assert old.headers["cache-control"] == "private, no-cache"
    assert len(old.json()["features"]) == 2


def test_address_of_another_scope_is_another_one(land):
    wanted = MapFilter(ProjectFilter())
    one, other = make_actor(Role.COUNTY, counties=(land["north"],)), make_actor(Role.COUNTY, counties=(land["south"],))
    assert layer_address(one, Layer.PLOTS, wanted) != layer_address(other, Layer.PLOTS, wanted)
    answer = _client(one).get(layer_address(other, Layer.PLOTS, wanted))
    assert answer.headers["cache-control"] == "private, no-cache"
    assert sorted(feature["properties"]["id"] for feature in answer.json()["features"]) == list(land["plots"][:2])


def test_unchanged_layer_is_zero_bytes_and_no_aggregate(land, monkeypatch):
    client = _client(LEADER)
    first = client.get("/api/map/plots.geojson")
    monkeypatch.setattr(plots.queries, "load_plots", lambda *_: pytest.fail("the layer was read again"))
    again = client.get("/api/map/plots.geojson", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/map/plots.geojson").content == first.content


def test_change_gives_another_layer(land):
    client = _client(LEADER)
    first = client.get("/api/map/projects.geojson")
    with transaction(SYSTEM) as tx:
        tx.update(Project, land["good"], {"completed_on": date(2026, 11, 1)}, expected_version=None)
    again = client.get("/api/map/projects.geojson", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 200
    assert {feature["properties"]["f"] for feature in again.json()["features"]} == {"severe", "exempt"}


def test_client_without_gzip_gets_plain_text(land):
    plain = _client(LEADER).get("/api/map/plots.geojson", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert json.loads(gzip.decompress(plots.payload(LEADER, Layer.PLOTS, MapFilter(ProjectFilter())).content)) == (
        plain.json()
    )


def test_hostile_query_is_harmless(land):
    assert len(_features(LEADER, "plots", "?county=1%20OR%201&status=x&flag=';--&hq=99999999999999999999")) == 3


def test_payload_of_an_empty_scope_is_empty(land):
    nobody = make_actor(Role.COUNTY)
    nobody = type(nobody)(nobody.login, nobody.name, nobody.roles, Scope())
    found = json.loads(gzip.decompress(plots.payload(nobody, Layer.PLOTS, MapFilter(ProjectFilter())).content))
    assert found == {"type": "FeatureCollection", "features": []}
