"""The long poll of the wall behind the gate: 304, waking up, who may, what is sent."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from core.domain.terms import Role
from core.services import displays
from pages.components.wall import pictures
from pages.http import wall as route
from pages.http import wall_watch
from pages.http.gate import Gate
from pages.http.identity import WALL_COOKIE
from pages.http.wall_watch import watch
from tests.factories import SYSTEM, YI, make_actor, make_county, make_project

SECURITY = make_actor(Role.SECURITY_ADMIN)

SEEN_WITHIN_SECONDS = 2  # the promise to whoever stands before the wall; usually it is a fifth of that


@pytest.fixture(autouse=True)
def fresh_gallery(monkeypatch):
    """Pictures of another store must not answer for this one."""
    monkeypatch.setattr(route, "gallery", pictures.Gallery())


@pytest.fixture
def key(sqlite_store) -> displays.NewKey:
    return displays.create(SECURITY, "指挥中心大厅")


def talk(conversation: Callable[[httpx.AsyncClient], Awaitable[Any]], key: str = "") -> Any:
    """Run *conversation* with a client that holds *key*, against the route behind the real gate."""
    app = Gate(Starlette(routes=route.routes()))

    async def run() -> Any:
        cookies = {WALL_COOKIE: key} if key else {}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", cookies=cookies, timeout=20
        ) as client:
            return await conversation(client)

    return asyncio.run(run())


def note(store, headline: str) -> None:
    with store.transaction(SYSTEM) as tx:
        tx.record("note", "system", 1, headline=headline)


async def first(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/api/wall", params={"hold": "0"})
    assert answer.status_code == 200
    return answer.json()


def test_first_question_brings_every_panel_and_an_etag(key, sqlite_store):
    async def ask(client):
        return await client.get("/api/wall")

    answer = talk(ask, key.key)
    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{body["version"]}"'
    assert answer.headers["cache-control"] == "no-store"
    assert {"tile_projects", "curve", "overview_ground", "overview_live", "severe", "due", "ticker", "land"} <= set(
        body["panels"]
    )
    assert body["build"] == pictures.build()


@pytest.mark.parametrize("by", ["query", "header"])
def test_unchanged_picture_is_304_at_once_without_hold(key, by):
    async def ask(client):
        version = (await first(client))["version"]
        named = {"params": {"v": version, "hold": "0"}}
        if by == "header":
            named = {"params": {"hold": "0"}, "headers": {"If-None-Match": f'"{version}"'}}
        started = time.monotonic()
        answer = await client.get("/api/wall", **named)
        return answer, time.monotonic() - started, version

    answer, seconds, version = talk(ask, key.key)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == f'"{version}"'
    assert seconds < 1


def test_unchanged_picture_is_held_then_304_and_nobody_looks_afterwards(key, monkeypatch):
    monkeypatch.setattr(route, "HOLD_SECONDS", 0.6)

    async def ask(client):
        version = (await first(client))["version"]
        started = time.monotonic()
        answer = await client.get("/api/wall", params={"v": version})
        seconds = time.monotonic() - started
        await asyncio.sleep(0.4)
        looks = watch().looks
        await asyncio.sleep(0.5)
        return answer.status_code, seconds, watch().looks - looks

    status, seconds, looks = talk(ask, key.key)
    assert status == 304
    assert 0.6 <= seconds < 2
    assert looks == 0


def test_save_wakes_all_waiters_with_the_changed_panels_only(key, sqlite_store, monkeypatch):
    made = []
    monkeypatch.setattr(route.gallery, "picture", _counted(route.gallery.picture, made))

    async def ask(client):
        version = (await first(client))["version"]
        waiting = [asyncio.create_task(client.get("/api/wall", params={"v": version})) for _ in range(5)]
        await asyncio.sleep(0.5)
        assert not any(task.done() for task in waiting)
        made.clear()
        await asyncio.to_thread(note, sqlite_store, "高铁片区站前广场 主体封顶")
        committed = time.monotonic()
        answers = await asyncio.gather(*waiting)
        return answers, time.monotonic() - committed, len(made)

    answers, seconds, makings = talk(ask, key.key)
    assert seconds < SEEN_WITHIN_SECONDS
    assert makings == 1
    for answer in answers:
        panels = answer.json()["panels"]
        assert set(panels) == {"ticker"}
        assert "高铁片区站前广场 主体封顶" in panels["ticker"]


def _counted(function, calls: list) -> Any:
    def counted(*args):
        calls.append(args)
        return function(*args)

    return counted


def test_viewer_with_a_forgotten_picture_gets_all_panels(key, sqlite_store):
    async def ask(client):
        await first(client)
        await asyncio.to_thread(note, sqlite_store, "甲")
        return (await client.get("/api/wall", params={"v": "99-20200101-2020-01-aaaaaaaaaa"})).json()

    assert len(talk(ask, key.key)["panels"]) > 15


def test_viewer_two_pictures_behind_gets_what_changed_since(key, sqlite_store, monkeypatch):
    # Questions within a twentieth of a second share one look at the store; here each must see the save before it.
    monkeypatch.setattr(wall_watch, "SHARE_SECONDS", 0)

    async def ask(client):
        old = (await first(client))["version"]
        await asyncio.to_thread(note, sqlite_store, "甲")
        await client.get("/api/wall", params={"v": old})
        with sqlite_store.transaction(SYSTEM) as tx:
            county = make_county(tx)
            make_project(tx, county, plan_yuan=YI)
        return (await client.get("/api/wall", params={"v": old})).json()["panels"]

    panels = talk(ask, key.key)
    assert {"ticker", "tile_projects", "curve"} <= set(panels)
    assert "overview_ground" not in panels  # nothing moved on the ground
    assert "<b>1</b>" in panels["tile_projects"]


def test_nobody_is_refused(sqlite_store):
    async def ask(client):
        return await client.get("/api/wall")

    assert talk(ask).status_code == 401
    assert talk(ask, "no-such-key").status_code == 401


def test_revoked_key_is_refused_from_the_next_question_on(key):
    async def ask(client):
        version = (await first(client))["version"]
        waiting = asyncio.create_task(client.get("/api/wall", params={"v": version}))
        await asyncio.sleep(0.4)
        await asyncio.to_thread(displays.revoke, SECURITY, key.id, 1)
        await waiting
        return await client.get("/api/wall", params={"v": version})

    assert talk(ask, key.key).status_code == 401


def test_route_refuses_who_may_not_see_the_wall(sqlite_store, monkeypatch):
    monkeypatch.setattr(route, "actor_of", lambda _request: make_actor(Role.AUDITOR))

    async def run():
        transport = httpx.ASGITransport(Starlette(routes=route.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get("/api/wall")

    answer = asyncio.run(run())
    assert (answer.status_code, answer.json()["code"]) == (401, "WR-403")
    assert "查看大屏" in answer.json()["message"]


def test_two_scopes_never_share_a_picture(sqlite_store):
    with sqlite_store.transaction(SYSTEM) as tx:
        ours, theirs = make_county(tx, "甲县"), make_county(tx, "乙县")
        make_project(tx, ours, "甲县工程", done_yuan={10: 0})
        make_project(tx, theirs, "乙县工程", done_yuan={10: 0})
    seen = {}
    for name, actor in (
        ("ours", make_actor(Role.COUNTY, counties=[ours])),
        ("theirs", make_actor(Role.COUNTY, counties=[theirs])),
        ("display", make_actor(Role.DISPLAY)),
        ("leader", make_actor(Role.LEADER)),
    ):
        picture = route.gallery.picture(actor, pictures.wall.version(actor))
        seen[name] = (picture.name, picture.rendered["severe"].html)
    assert len({name for name, _ in seen.values()}) == 4
    assert "甲县工程" in seen["ours"][1]
    assert "乙县工程" not in seen["ours"][1]
    assert "/project?id=" in seen["leader"][1]
    assert "href" not in seen["display"][1]


def test_names_from_data_are_escaped(key, sqlite_store):
    with sqlite_store.transaction(SYSTEM) as tx:
        make_project(tx, make_county(tx, "<b>县"), "<script>alert(1)</script>", done_yuan={10: 0})
    note(sqlite_store, '"><img src=x onerror=alert(1)>')

    async def ask(client):
        return (await first(client))["panels"]

    panels = talk(ask, key.key)
    assert "&lt;script&gt;alert(1)" in panels["severe"]
    assert not any("<script>" in html or "<img" in html or "<b>县" in html for html in panels.values())


def test_broken_store_is_said_and_not_taken_for_unchanged(key, monkeypatch):
    from core.domain.errors import StoreBusy
    from pages.http.wall_watch import Watch

    async def ask(client):
        version = (await first(client))["version"]

        def fail():
            raise StoreBusy

        monkeypatch.setattr(Watch, "_ask", _raising(fail))
        return await client.get("/api/wall", params={"v": version})

    answer = talk(ask, key.key)
    assert (answer.status_code, answer.json()["code"]) == (503, "WR-503")


def _raising(fail: Callable[[], None]) -> Any:
    async def look(_self):
        fail()

    return look
