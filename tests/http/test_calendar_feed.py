"""The door of calendar feeds: a good key reads its owner's nodes, everything else finds nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from icalendar import Calendar
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core.domain.grants import Grant
from core.domain.terms import Role
from core.services import displays, feeds, users
from core.services.actors import actor_of_account
from core.services.users import NewAccount
from core.settings import get_settings
from db.models.access import User
from pages import http
from pages.http.gate import Gate
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_project

pytestmark = pytest.mark.usefixtures("light_passwords")
SECURITY = make_actor(Role.SECURITY_ADMIN, login="sec")
HOST = "127.0.0.1:8501"


@dataclass(frozen=True)
class Feed:
    client: TestClient
    user: int
    other: int
    feed: int
    path: str


@pytest.fixture
def feed(sqlite_store: Any) -> Iterator[Feed]:
    with sqlite_store.transaction(SYSTEM) as tx:
        county, other = make_county(tx, "东湖区"), make_county(tx, "西山县")
        make_milestone(tx, make_project(tx, county, "东湖大桥"), date(2026, 12, 1), "合龙")
        make_milestone(tx, make_project(tx, other, "西山隧道"), date(2026, 12, 5), "贯通")
    users.create(SECURITY, NewAccount("chen", "陈", (Grant(Role.COUNTY, county),), "Anfang-2026"))
    user = users.by_login(SECURITY, "chen").id
    with sqlite_store.transaction(SYSTEM) as tx:
        tx.update(User, user, {"must_change_password": False}, expected_version=None)
    with sqlite_store.read() as connection:
        actor = actor_of_account(connection, user, "chen", "陈")
    made = feeds.create(actor, "手机")
    routes = http.routes()
    app = Starlette(routes=routes, middleware=[Middleware(Gate, routes=routes)])
    with TestClient(app, base_url=f"http://{HOST}", follow_redirects=False, client=("10.0.0.5", 4000)) as client:
        yield Feed(client, user, other, made.id, f"/calendar/{made.key}.ics")


def _names(content: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(content).walk("VEVENT")]


def test_good_key_reads_its_owners_nodes_without_signing_in(feed: Feed) -> None:
    answer = feed.client.get(feed.path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert _names(answer.content) == ["东湖大桥：合龙"]
    assert feed.path in feeds.address_of(feed.path[len("/calendar/") : -len(".ics")])


def test_known_tag_is_answered_304_until_something_changes(feed: Feed, sqlite_store: Any) -> None:
    tag = feed.client.get(feed.path).headers["etag"]
    again = feed.client.get(feed.path, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    with sqlite_store.transaction(SYSTEM) as tx:
        make_county(tx, "北岭县")
    moved = feed.client.get(feed.path, headers={"if-none-match": tag})
    assert (moved.status_code, moved.headers["etag"] != tag) == (200, True)


def test_narrowed_scope_narrows_the_feed(feed: Feed) -> None:
    users.set_grants(SECURITY, feed.user, [Grant(Role.COUNTY, feed.other)])
    assert _names(feed.client.get(feed.path).content) == ["西山隧道：贯通"]


def test_revoked_key_and_disabled_owner_find_nothing(feed: Feed) -> None:
    users.set_active(SECURITY, feed.user, False, users.by_login(SECURITY, "chen").version)
    assert feed.client.get(feed.path).status_code == 404
    users.set_active(SECURITY, feed.user, True, users.by_login(SECURITY, "chen").version)
    assert feed.client.get(feed.path).status_code == 200
    feeds.revoke(SECURITY, feed.feed, 1)
    answer = feed.client.get(feed.path)
    assert (answer.status_code, "东湖" in answer.text) == (404, False)


@pytest.mark.parametrize(
    "path",
    [
        "/calendar/",
        "/calendar/x.ics",
        f"/calendar/{'a' * 31}.ics",
        f"/calendar/{'a' * 32}.ics/more",
        f"/calendar/{'a' * 32}",
        f"/calendar/{'é' * 32}.ics",
        f"/x/calendar/{'a' * 32}.ics",
        f"/calendar/../calendar/{'a' * 33}.ics",
    ],
)
def test_other_addresses_stay_behind_the_gate(feed: Feed, path: str) -> None:
    assert feed.client.get(path).status_code == 401
    assert feed.client.get(path, headers={"accept": "text/html"}).headers["location"].startswith("/login")


def test_feed_is_read_only_and_opens_nothing_else(feed: Feed) -> None:
    assert feed.client.post(feed.path).status_code == 405
    assert feed.client.get(feed.path).status_code == 200
    assert feed.client.get("/api/wall").status_code == 401


def test_bad_keys_are_slowed_down_and_good_ones_are_not(feed: Feed) -> None:
    bad = f"/calendar/{'a' * 32}.ics"
    most = get_settings().lockout_attempts * 6
    assert [feed.client.get(bad).status_code for _ in range(most + 1)] == [404] * most + [429]
    assert feed.client.get(bad).headers["retry-after"] == "900"
    assert feed.client.get(feed.path).status_code == 200


def test_display_key_is_no_feed_key(feed: Feed) -> None:
    key = displays.create(SECURITY, "大厅").key
    assert feed.client.get(f"/calendar/{key}.ics").status_code == 404
