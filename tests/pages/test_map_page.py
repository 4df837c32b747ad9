"""作战地图: who may, what the deck asks for and what it does not carry, filters, the panel, empty store, tiles."""

import json

import pytest

from core.domain.ledger import ProjectFilter
from core.domain.terms import FlagLevel, ParcelStatus, Role
from core.services import figures, map_details
from core.services.plots import MapFilter
from db.session import transaction
from pages.components import map_deck
from pages.components.state import Key
from tests.factories import SYSTEM, YI, make_actor, make_county, make_parcel, make_project
from tests.support.screens import texts

SCRIPT = "posture/map.py"
LEADER = make_actor(Role.LEADER)
SQUARE = '{"type":"Polygon","coordinates":[[[104,29],[105,29],[105,30],[104,30],[104,29]]]}'


@pytest.fixture
def land(sqlite_store):
    figures.version()
    with transaction(SYSTEM) as tx:
        north, south = make_county(tx, "北固县", boundary=SQUARE), make_county(tx, "南岭区", boundary=SQUARE)
        bad = make_project(tx, north, "长河治理<b>工程</b>", done_yuan={1: YI})
        good = make_project(tx, south, "安澜大桥", done_yuan=dict.fromkeys(range(1, 11), YI))
        plot = make_parcel(tx, north, bad, location="站前街道", unused_reason="征拆未完成")
    return {"north": north, "south": south, "bad": bad, "good": good, "plot": plot}


def _deck(screen) -> str:
    return screen.get("deck_gl_json_chart")[0].proto.json


def _choose(screen, layer: str, number: int):
    item = {"properties": {"id": number}}
    screen.session_state[Key.MAP_DECK.value] = {"selection": {"indices": {}, "objects": {layer: [item]}}}
    return screen.run()


def test_map_anonymous_and_wrong_role_see_nothing(land, open_screen):
    assert open_screen(SCRIPT, None).warning[0].value == "登录已失效，请重新登录。"
    refused = open_screen(SCRIPT, make_actor(Role.AUDITOR))
    assert "没有“查看项目”权限" in refused.warning[0].value
    assert not refused.get("deck_gl_json_chart")


def test_map_deck_carries_addresses_not_land(land, open_screen):
    screen = open_screen(SCRIPT, LEADER)
    deck = _deck(screen)
    for layer in ("plots", "projects", "counties", "lines"):
        assert f"/api/map/{layer}.geojson?v=" in deck
    assert "coordinates" not in deck
    assert "长河治理" not in deck
    assert "carto" not in deck
    assert "http" not in deck
    assert len(deck) < 12_000
    assert "mapProvider" not in json.loads(deck)


def test_map_list_names_the_worst_first_and_links(land, open_screen):
    shown = texts(open_screen(SCRIPT, LEADER))
    assert shown.index("长河治理&lt;b&gt;工程&lt;/b&gt;") < shown.index("安澜大桥")
    assert f"/project?id={land['bad']}" in shown
    assert "CGCS2000 · 示意图" in shown
    assert "<b>工程</b>" not in shown


def test_map_filter_goes_into_the_layer_addresses(land, open_screen):
    screen = open_screen(SCRIPT, LEADER)
    screen.multiselect(key=Key.MAP_FLAGS.value).set_value([FlagLevel.OK])
    screen.multiselect(key=Key.MAP_STATUSES.value).set_value([ParcelStatus.IDLE_LAND]).run()
    deck = _deck(screen)
    assert "/api/map/plots.geojson?flag=ok&status=idle_land&v=" in deck
    assert "/api/map/projects.geojson?flag=ok&v=" in deck
    assert screen.query_params["flag"] == "ok"
    shown = texts(screen)
    assert "安澜大桥" in shown
    assert "长河治理" not in shown


def test_map_address_sets_the_filter(land, open_screen):
    screen = open_screen(SCRIPT, LEADER, county=str(land["south"]))
    assert screen.multiselect(key=Key.MAP_COUNTIES.value).value == [land["south"]]
    assert "长河治理" not in texts(screen)


def test_map_click_opens_plot_project_and_county(land, open_screen):
    screen = open_screen(SCRIPT, LEADER)
    plot = texts(_choose(screen, "plots", land["plot"]))
    assert "征拆未完成" in plot
    assert "100.0 亩" in plot
    assert f"/project?id={land['bad']}" in plot
    project = texts(_choose(screen, "projects", land["good"]))
    assert "10.00 / 12.00 亿元" in project
    county = texts(_choose(screen, "counties", land["south"]))
    assert f"/ledger?county={land['south']}" in county


def test_map_click_on_what_is_gone_is_told_and_the_map_stays(land, open_screen):
    screen = _choose(open_screen(SCRIPT, LEADER), "plots", 424242)
    assert "没有找到该记录" in screen.error[0].value
    assert screen.get("deck_gl_json_chart")
    assert not screen.exception


def test_map_plot_in_the_address_is_opened_and_looked_at(land, open_screen):
    screen = open_screen(SCRIPT, LEADER, plot=str(land["plot"]))
    view = json.loads(_deck(screen))["initialViewState"]
    assert view["zoom"] > 12
    assert view["longitude"] == pytest.approx(104.505)
    assert "征拆未完成" in texts(screen)


def test_map_of_a_county_lists_its_own_projects(land, open_screen):
    shown = texts(open_screen(SCRIPT, make_actor(Role.COUNTY, counties=(land["south"],))))
    assert "安澜大桥" in shown
    assert "长河治理" not in shown


def test_map_empty_store_says_what_to_do(sqlite_store, open_screen):
    assert "导入中心" in open_screen(SCRIPT, make_actor(Role.SUPERVISOR)).info[0].value
    assert "联系督查部门" in open_screen(SCRIPT, LEADER).info[0].value


def test_map_with_tiles_asks_only_the_configured_host(land):
    tiles = "http://tiles.local/{z}/{x}/{y}.png"
    ground = map_details.ground(LEADER)
    deck = map_deck.deck_of(LEADER, MapFilter(ProjectFilter()), ground, None, tiles)
    written = json.loads(deck.to_json())
    assert written["mapProvider"] == "maplibre"
    assert "tiles.local" in written["mapStyle"]
    assert map_deck.tile_style(tiles)["sources"]["base"]["tiles"] == [tiles]
