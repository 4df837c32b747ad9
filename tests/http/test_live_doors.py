"""
A freshly started server, asked by somebody who is not signed in, before anybody ever opened its start page.

On a fresh server Streamlit would run a script under ``pages/`` past the menu; the gate must stand in front of that.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import update
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from core.domain.grants import Grant
from core.domain.terms import Role
from core.services import displays, sessions, users
from core.services.users import NewAccount
from db import session as stores
from db.models.access import User, UserSession
from pages import http, navigation
from pages.http.identity import SESSION_COOKIE, WALL_COOKIE
from tests.support.doors import NAME, PASSWORD, SYSTEM
from tests.support.web import LiveServer

MARK = NAME.encode()
_NOT_FOUND = b"page_not_found"


def _ask(doors: LiveServer, method: str, path: str, body: bytes = b"", **headers: str):
    parts = urlsplit(doors.url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=20)
    connection.request(method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    content = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer, content


def _sign_in(doors: LiveServer, login: str, password: str = PASSWORD) -> str:
    form = urlencode({"login": login, "password": password}).encode()
    answer, content = _ask(doors, "POST", "/login", form, content_type="application/x-www-form-urlencoded")
    assert answer.status == 303, content
    return answer.headers["set-cookie"].split(";")[0]


@contextmanager
def _socket(doors: LiveServer, **headers: str) -> Iterator[ClientConnection]:
    address = f"ws://{urlsplit(doors.url).netloc}/_stcore/stream"
    with connect(address, additional_headers=headers, subprotocols=["streamlit"], max_size=None) as opened:
        yield opened


def _run(socket: ClientConnection, **rerun: str) -> bytes:
    """Send a rerun made by hand; return everything that came back until the script had finished."""
    message = BackMsg()
    message.rerun_script.SetInParent()
    for name, value in rerun.items():
        setattr(message.rerun_script, name, value)
    socket.send(message.SerializeToString())
    received = b""
    while True:
        data = socket.recv(timeout=30)
        received += data
        frame = ForwardMsg()
        frame.ParseFromString(data)
        if frame.WhichOneof("type") == "page_not_found":
            received += _NOT_FOUND
        if frame.WhichOneof("type") == "script_finished":
            return received


_PAGES = [f"/{screen.path}" for screen in navigation.screens()] + ["/", "/navigation", "/wall?key=erfunden"]
_FILES = [
    "/static/js/index.js",
    "/media/0123456789.png",
    "/component/x/index.html",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/agent/openapi.json",
    "/_stcore/bidi-components/x.js",
    "/app/static/x.json",
    "/pages/admin/users.py",
    "/.streamlit/config.toml",
    "/data/warroom.db",
]


@pytest.mark.parametrize("path", _PAGES)
def test_fresh_server_anonymous_page_is_refused(doors, path):
    answer, content = _ask(doors, "GET", path, accept="text/html")
    if path.startswith("/wall?"):
        assert answer.status == 403
    else:
        assert (answer.status, answer.headers["location"].partition("?")[0]) == (303, "/login")
    assert NAME not in content
    bare, _ = _ask(doors, "GET", path.partition("?")[0])
    assert bare.status == 401


@pytest.mark.parametrize("path", _FILES)
def test_fresh_server_anonymous_file_is_refused(doors, path):
    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"):
        answer, _ = _ask(doors, method, path)
        assert answer.status == 401, method


def test_fresh_server_every_own_route_is_refused_but_the_open_ones(doors):
    own = {route.path for route in http.routes()}
    open_ones = {"/login", "/logout", "/healthz", "/metrics", "/favicon.png", "/favicon.ico"}
    assert open_ones <= own
    for path in sorted(own - open_ones):
        answer, _ = _ask(doors, "GET", path.replace("{", "").replace("}", ""))
        assert answer.status == 401, path


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cookie": f"{SESSION_COOKIE}=erfunden"},
        {"Cookie": f"{WALL_COOKIE}=erfunden"},
        {"X-Wr-User": "sec"},
        {"Origin": "http://evil.example"},
    ],
    ids=["anonymous", "forged session", "forged wall", "forged header", "foreign origin"],
)
def test_fresh_server_websocket_is_refused(doors, headers):
    with pytest.raises(InvalidStatus) as caught, _socket(doors, **headers):
        pytest.fail("it opened")
    assert caught.value.response.status_code == 403


def test_foreign_origin_is_refused_with_a_good_cookie(doors):
    cookie = _sign_in(doors, "sec")
    with pytest.raises(InvalidStatus), _socket(doors, Cookie=cookie, Origin="http://evil.example"):
        pytest.fail("it opened")
    answer, _ = _ask(doors, "POST", "/logout", Cookie=cookie, Origin="http://evil.example")
    assert answer.status == 403


def test_first_deep_link_runs_the_screen_and_raises_no_dialog(doors):
    with _socket(doors, Cookie=_sign_in(doors, "sec")) as socket:
        shown = _run(socket, page_name="users")
    assert MARK in shown
    assert _NOT_FOUND not in shown


def test_signed_in_without_the_permission_sees_no_data(doors):
    with _socket(doors, Cookie=_sign_in(doors, "leader")) as socket:
        shown = _run(socket, page_name="users")
    assert MARK not in shown
    assert "您没有“用户与授权”权限".encode() in shown


def test_forged_identity_header_beside_a_good_cookie_changes_nothing(doors):
    with _socket(doors, Cookie=_sign_in(doors, "leader"), **{"X-Wr-User": "sec"}) as socket:
        assert MARK not in _run(socket, page_name="users")


def test_open_websocket_shows_nothing_after_the_session_was_revoked(doors):
    cookie = _sign_in(doors, "sec")
    with _socket(doors, Cookie=cookie) as socket:
        assert MARK in _run(socket, page_name="users")
        sessions.revoke(SYSTEM, sessions.token_hash(cookie.partition("=")[2]))
        shown = _run(socket, page_name="users")
    assert "登录已失效".encode() in shown
    assert MARK not in shown


def test_open_websocket_shows_nothing_after_the_role_was_taken_away(doors):
    users.create(SYSTEM, NewAccount("second", "第二位", (Grant(Role.SECURITY_ADMIN),), PASSWORD))
    account = users.by_login(SYSTEM, "second")
    with stores.current_store().transaction(SYSTEM) as tx:
        tx.connection.execute(update(User).values(must_change_password=False))
    with _socket(doors, Cookie=_sign_in(doors, "second")) as socket:
        assert MARK in _run(socket, page_name="users")
        users.set_grants(SYSTEM, account.id, (Grant(Role.LEADER),))
        assert MARK not in _run(socket, page_name="users")


def test_hand_made_fragment_rerun_after_expiry_runs_nothing(doors):
    cookie = _sign_in(doors, "sec")
    with _socket(doors, Cookie=cookie) as socket:
        _run(socket, page_name="users")
        store = stores.current_store()
        with store.transaction(SYSTEM) as tx:
            past = store.clock() - timedelta(hours=1)
            tx.connection.execute(update(UserSession).values(expires_at=past))
        shown = _run(socket, page_name="users", fragment_id="0123")
    assert "登录已失效".encode() in shown
    assert MARK not in shown


def test_login_survives_a_restart_of_the_server(doors):
    cookie, key = _sign_in(doors, "leader"), displays.create(SYSTEM, "一楼").key
    doors.kill()
    doors.start()
    page, _ = _ask(doors, "GET", "/ledger", accept="text/html", Cookie=cookie)
    wall, _ = _ask(doors, "GET", "/wall", accept="text/html", Cookie=f"{WALL_COOKIE}={key}")
    assert (page.status, wall.status) == (200, 200)


def test_display_websocket_shows_the_wall_only(doors):
    key = displays.create(SYSTEM, "二楼").key
    with _socket(doors, Cookie=f"{WALL_COOKIE}={key}") as socket:
        for name in ("users", "ledger", "password", ""):
            shown = _run(socket, page_name=name)
            assert MARK not in shown
            assert "权限".encode() in shown or name == ""


def test_healthz_answers_anybody_in_json(doors):
    answer, content = _ask(doors, "GET", "/healthz")
    assert answer.status == 200
    assert set(json.loads(content)) == {"status", "version"}
    metrics, text = _ask(doors, "GET", "/metrics")
    assert metrics.status == 200
    assert "warroom_users" in text
    assert _ask(doors, "GET", "/metrics", X_Forwarded_For="10.0.0.1")[0].status == 403
