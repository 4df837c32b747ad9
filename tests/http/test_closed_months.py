"""``?month=`` over HTTP: wall and map layers of a closed month, behind the same doors as the live ones."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.domain.ledger import ProjectFilter
from core.domain.terms import Role
from core.services import closing, plots
from core.services.plots import Layer, MapFilter
from core.services.sessions import Visit
from db.session import seeing
from pages.components.wall import pictures
from pages.http import plots as plots_route
from pages.http import wall as wall_route
from pages.http.identity import remember
from tests.factories import make_actor
from tests.support import closed_city
from tests.support.closed_city import NOW, OCTOBER, SUPERVISOR, THEN


@pytest.fixture
def city(store, monkeypatch):
    monkeypatch.setattr(wall_route, "gallery", pictures.Gallery())
    plots.forget()
    keys = closed_city.build(store)
    closed_city.close_and_change(store, keys)
    return keys


def client(actor=SUPERVISOR) -> TestClient:
    app = Starlette(routes=[*wall_route.routes(), *plots_route.routes()])

    async def signed_in(scope, receive, send):
        if scope["type"] == "http":
            remember(scope, Visit(actor) if actor else None)
        await app(scope, receive, send)

    return TestClient(signed_in)


def ask(query: str, actor=SUPERVISOR):
    return client(actor).get(f"/api/wall?hold=0{query}")


def test_wall_of_a_closed_month_keeps_its_picture_beside_the_live_one(city):
    live, sealed = ask(""), ask("&month=2026-10")
    assert sealed.status_code == 200
    assert live.json()["version"] != sealed.json()["version"]
    assert live.json()["panels"]["tile_projects"] != sealed.json()["panels"]["tile_projects"]
    assert ask("&month=2026-10").content == sealed.content
    assert ask("").json()["panels"] == live.json()["panels"]


def test_wall_of_a_closed_month_is_304_for_who_shows_it(city):
    name = ask("&month=2026-10").json()["version"]
    again = ask(f"&month=2026-10&v={name}")
    assert (again.status_code, again.headers["etag"]) == (304, f'"{name}"')


@pytest.mark.parametrize(
    ("month", "words"), [("2026-09", "还没有月结"), ("x", "如 2026-09"), ("2026-99", "如 2026-09")]
)
def test_wall_of_no_closed_month_is_404_in_chinese(city, month, words):
    answer = ask(f"&month={month}")
    assert answer.status_code == 404
    assert words in answer.json()["message"]


def test_closed_month_is_behind_the_same_doors(city):
    assert ask("&month=2026-10", None).status_code == 401
    assert ask("&month=2026-10", make_actor(Role.AUDITOR)).status_code == 401
    refused = client(make_actor(Role.AUDITOR)).get("/api/map/plots.geojson?month=2026-10")
    assert refused.status_code == 403


def test_layer_of_a_closed_month_shows_what_stood_then_and_is_kept(city):
    with seeing(closing.sealed_store(OCTOBER)):
        address = plots_route.layer_address(SUPERVISOR, Layer.PLOTS, MapFilter(ProjectFilter()))
    assert "month=2026-10" in address
    then, now = client().get(address), client().get("/api/map/plots.geojson")
    assert THEN in then.text
    assert NOW in now.text
    assert "immutable" in then.headers["cache-control"]
    assert client().get("/api/map/plots.geojson?month=2026-09").status_code == 404
