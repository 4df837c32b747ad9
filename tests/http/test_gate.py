"""The gate and the door without a server: who gets in, with which answer, under which headers."""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.domain.grants import Grant
from core.domain.permissions import system_actor
from core.domain.terms import Role
from core.services import demo_accounts, displays, sessions, users
from core.services.users import NewAccount
from db.models.access import UserSession
from db.models.system import Setting
from db.session import read
from pages import http
from pages.http.gate import Gate
from pages.http.identity import SESSION_COOKIE, WALL_COOKIE, actor_of
from pages.http.login import safe_path

pytestmark = pytest.mark.usefixtures("light_passwords")
SYSTEM = system_actor()
PASSWORD = "Anfang-2026"
HOST = "127.0.0.1:8501"
SOCKET = f"ws://{HOST}/_stcore/stream"
PAGE = {"accept": "text/html"}


async def _echo(request: Request) -> JSONResponse:
    headers = [value for name, value in request.scope["headers"] if name == b"x-wr-user"]
    return JSONResponse({"actor": actor_of(request).login, "headers": [value.decode() for value in headers]})


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            await socket.send_bytes(await socket.receive_bytes())


@pytest.fixture
def door(sqlite_store) -> Iterator[TestClient]:
    routes = [
        *http.routes(),
        Route("/api/echo", _echo, methods=["GET", "POST"]),
        Route("/_stcore/upload_file/a/b", _echo, methods=["PUT"]),
        WebSocketRoute("/_stcore/stream", _stream),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Gate, routes=routes)])
    client = TestClient(app, base_url=f"http://{HOST}", follow_redirects=False, client=("10.0.0.5", 4000))
    users.create(SYSTEM, NewAccount("li.si", "李四", (Grant(Role.LEADER),), PASSWORD))
    token = _sign_in(client, PASSWORD).cookies[SESSION_COOKIE]
    users.change_own_password(sessions.visit_of_token(token).actor, PASSWORD, PASSWORD + "x", PASSWORD + "x")
    client.cookies.clear()
    with client:  # one event loop for all requests, as on the server
        yield client


def _sign_in(client: TestClient, password: str = PASSWORD + "x", login: str = "li.si", **fields: str):
    headers = fields.pop("headers", {})
    return client.post("/login", data={"login": login, "password": password, **fields}, headers=headers)


def _wait_for_touch(clock) -> None:
    """The gate notes the visit behind the answer's back, so that a busy store delays nobody."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with read() as connection:
            if connection.execute(select(UserSession.last_seen_at)).scalars().all().count(clock.now):
                return
    pytest.fail("the session was not touched")


def test_anonymous_page_is_sent_to_sign_in_and_back(door):
    answer = door.get("/ledger?county=3&q=%E4%BA%91", headers=PAGE)
    assert answer.status_code == 303
    location = urlsplit(answer.headers["location"])
    assert location.path == "/login"
    wanted = parse_qs(location.query)["next"][0]
    assert wanted == "/ledger?county=3&q=%E4%BA%91"
    shown = door.get(answer.headers["location"])
    assert 'value="/ledger?county=3&amp;q=%E4%BA%91"' in shown.text
    assert _sign_in(door, next=wanted).headers["location"] == wanted


@pytest.mark.parametrize(
    "path", ["/api/echo", "/static/js/index.js", "/media/x.png", "/_stcore/host-config", "/_stcore/health", "/metrics2"]
)
def test_anonymous_rest_gets_401(door, path):
    answer = door.get(path)
    assert (answer.status_code, answer.text) == (401, "请先登录。")


def test_metrics_is_closed_to_other_machines(door):
    assert door.get("/metrics").status_code == 403
    _sign_in(door)
    assert door.get("/metrics").status_code == 403


def test_anonymous_upload_gets_401(door):
    assert door.put("/_stcore/upload_file/a/b", content=b"x").status_code == 401


def test_healthz_is_open_and_asks_the_store(door, sqlite_store, monkeypatch):
    answer = door.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert re.fullmatch(r"\d+\.\d+\.\d+", answer.json()["version"])
    with sqlite_store.transaction(SYSTEM) as tx:
        tx.connection.exec_driver_sql("ALTER TABLE store_head RENAME TO gone")
    assert door.get("/healthz").status_code == 503


def test_sign_in_cookie_is_http_only_and_strict_enough(door):
    answer = _sign_in(door)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert door.get("/api/echo").json() == {"actor": "li.si", "headers": ["li.si"]}


def test_sign_in_makes_a_new_token_and_ends_the_old_session(door):
    first = _sign_in(door).cookies[SESSION_COOKIE]
    second = _sign_in(door).cookies[SESSION_COOKIE]
    assert first != second
    assert sessions.visit_of_token(first) is None
    assert sessions.visit_of_token(second) is not None


def test_sign_in_wrong_password_says_so_and_keeps_the_name(door):
    answer = _sign_in(door, "falsch", login='li"><script>alert(1)</script>', next="/map")
    assert answer.status_code == 401
    assert "用户名或密码不正确" in answer.text
    assert "<script>" not in answer.text
    assert 'value="/map"' in answer.text
    assert "set-cookie" not in answer.headers


def test_sign_in_sixth_attempt_gets_429(door):
    codes = [_sign_in(door, "falsch").status_code for _ in range(5)]
    assert codes == [401] * 5
    locked = _sign_in(door)
    assert locked.status_code == 429
    assert "暂时锁定" in locked.text


def test_sign_in_from_a_foreign_page_gets_403(door):
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        answer = _sign_in(door, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert _sign_in(door, headers={"origin": f"http://{HOST}"}).status_code == 303


def test_sign_in_too_long_a_form_gets_413(door):
    assert _sign_in(door, "x" * 9000).status_code == 413


@pytest.mark.parametrize(
    ("wanted", "safe"),
    [
        ("/ledger?x=1#y", "/ledger?x=1#y"),
        ("/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("ledger", "/"),
        ("/login", "/"),
        ("/logout", "/"),
        ("", "/"),
    ],
)
def test_safe_path_keeps_only_paths_of_this_server(wanted, safe):
    assert safe_path(wanted) == safe


def test_forged_cookie_and_forged_header_are_nobody(door):
    for cookies, headers in (
        ({SESSION_COOKIE: "erfunden"}, {}),
        ({}, {"X-Wr-User": "li.si"}),
        ({SESSION_COOKIE: "x"}, {"x-wr-user": "li.si", "X-WR-USER": "system"}),
    ):
        door.cookies = cookies
        assert door.get("/api/echo", headers=headers).status_code == 401


def test_forged_header_beside_a_good_cookie_is_dropped(door):
    _sign_in(door)
    answer = door.get("/api/echo", headers=[("X-Wr-User", "system"), ("x-wr-user", "admin")])
    assert answer.json() == {"actor": "li.si", "headers": ["li.si"]}


def test_forged_header_is_dropped_on_open_paths_too(sqlite_store):
    async def bare(scope, receive, send):
        names = [name.decode() for name, _ in scope["headers"]]
        await JSONResponse(names)(scope, receive, send)

    client = TestClient(Gate(bare), base_url=f"http://{HOST}")
    assert "x-wr-user" not in client.get("/healthz", headers={"X-Wr-User": "system"}).json()


def test_sign_out_ends_the_session_and_clears_the_cookie(door):
    token = _sign_in(door).cookies[SESSION_COOKIE]
    assert door.get("/logout").status_code == 405
    assert door.post("/logout", headers={"origin": "http://evil.example"}).status_code == 403
    assert sessions.visit_of_token(token) is not None
    answer = door.post("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert 'wr_session=""' in answer.headers["set-cookie"]
    assert sessions.visit_of_token(token) is None
    door.cookies = {SESSION_COOKIE: token}
    assert door.get("/api/echo").status_code == 401


def test_session_expired_and_disabled_stop_at_the_next_request(door, clock):
    _sign_in(door)
    clock.advance(minutes=29)
    assert door.get("/api/echo").status_code == 200
    _wait_for_touch(clock)
    clock.advance(minutes=29)
    assert door.get("/api/echo").status_code == 200
    _wait_for_touch(clock)
    clock.advance(minutes=31)
    assert door.get("/api/echo").status_code == 401
    _sign_in(door)
    account = users.by_login(SYSTEM, "li.si")
    users.set_active(SYSTEM, account.id, False, account.version)
    assert door.get("/api/echo").status_code == 401


def test_session_is_not_kept_alive_by_a_wall_that_polls(door, clock):
    _sign_in(door)
    for _ in range(4):
        clock.advance(minutes=9)
        door.get("/_stcore/health")
    assert door.get("/api/echo").status_code == 401


def test_unknown_host_is_refused_and_own_names_are_not(door):
    for host in ("evil.example", "127.0.0.1.evil.example", "user@127.0.0.1", "", "[::1"):
        assert door.get("/healthz", headers={"host": host}).status_code == 400
    for host in ("localhost:8501", "127.0.0.1", "10.1.2.3:8501", "[::1]:8501"):
        assert door.get("/healthz", headers={"host": host}).status_code == 200


def test_every_answer_carries_the_security_headers(door):
    answers = [door.get("/healthz"), door.get("/login"), door.get("/api/echo"), door.get("/ledger", headers=PAGE)]
    _sign_in(door)
    answers += [door.get("/", headers=PAGE), door.get("/nirgends", headers=PAGE)]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-frame-options"] == "DENY"
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == "'self'"
        foreign = set(" ".join(policy.values()).split()) - {f"ws://{HOST}", f"wss://{HOST}"}
        assert not [word for word in foreign if "://" in word or word == "*"]


def test_pages_are_in_chinese_and_unknown_ones_do_not_exist(door):
    _sign_in(door)
    start = door.get("/users", headers=PAGE)
    assert '<html lang="zh-CN"' in start.text
    assert "<title>用户角色 · 云岭市挂图作战</title>" in start.text
    assert "Streamlit app" not in start.text
    assert start.headers["cache-control"] == "no-store"
    missing = door.get("/nirgends", headers=PAGE)
    assert missing.status_code == 404
    assert "没有这个页面" in missing.text


def test_login_page_names_demo_accounts_only_in_the_demo(door, sqlite_store):
    assert demo_accounts.PASSWORD not in door.get("/login").text
    with sqlite_store.transaction(SYSTEM) as tx:
        tx.insert(Setting, {"key": "demo", "value": "true", "version": 1})
    shown = door.get("/login").text
    assert demo_accounts.PASSWORD in shown
    assert "演示数据" in shown
    assert "云岭市" in shown


def test_first_password_must_be_changed_first(door):
    users.create(SYSTEM, NewAccount("neu", "新人", (Grant(Role.LEADER),), PASSWORD))
    assert _sign_in(door, PASSWORD, login="neu", next="/ledger").headers["location"] == "/password"


def test_wall_key_moves_into_a_cookie_and_out_of_the_address(door):
    key = displays.create(SYSTEM, "一楼").key
    answer = door.get(f"/wall?key={key}&scene=2", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/wall?scene=2")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{WALL_COOKIE}={key}")
    assert "HttpOnly" in cookie
    assert int(re.search(r"Max-Age=(\d+)", cookie)[1]) > 365 * 24 * 3600
    assert door.get("/wall", headers=PAGE).status_code == 200
    assert "密钥无效" in door.get("/wall?key=erfunden", headers=PAGE).text


def test_display_may_open_the_wall_and_nothing_else(door):
    made = displays.create(SYSTEM, "一楼")
    door.get(f"/wall?key={made.key}", headers=PAGE)
    for path in ("/static/js/index.js", "/_stcore/host-config"):
        assert door.get(path).status_code == 404
    for path in ("/", "/ledger", "/map", "/project?id=1", "/users", "/password"):
        assert door.get(path, headers=PAGE).status_code == 303
    for path in ("/api/echo", "/media/x.png", "/api/plots.geojson"):
        assert door.get(path).status_code == 401
    assert door.put("/_stcore/upload_file/a/b", content=b"x").status_code == 401
    displays.revoke(SYSTEM, made.id, 1)
    assert door.get("/wall", headers=PAGE).status_code == 303


def test_display_bound_to_an_address_is_refused_elsewhere(door):
    here, elsewhere = displays.create(SYSTEM, "这里", "10.0.0.5"), displays.create(SYSTEM, "那里", "10.0.0.6")
    assert door.get(f"/wall?key={elsewhere.key}", headers=PAGE).status_code == 403
    door.cookies = {WALL_COOKIE: elsewhere.key}
    assert door.get("/wall", headers=PAGE).status_code == 303
    door.cookies.clear()
    assert door.get(f"/wall?key={here.key}", headers=PAGE).status_code == 303
    assert door.get("/wall", headers=PAGE).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"cookie": f"{SESSION_COOKIE}=erfunden"},
        {"x-wr-user": "li.si"},
    ],
    ids=["anonymous", "forged cookie", "forged header"],
)
def test_websocket_is_closed_before_it_opens(door, headers):
    with pytest.raises(WebSocketDisconnect), door.websocket_connect(SOCKET, headers=headers):
        pytest.fail("it opened")


def test_websocket_from_a_foreign_page_is_refused(door):
    _sign_in(door)
    for headers in ({"origin": "http://evil.example"}, {"host": "evil.example"}):
        with pytest.raises(WebSocketDisconnect), door.websocket_connect(SOCKET, headers=headers):
            pytest.fail("it opened")


def test_websocket_message_after_revocation_becomes_an_empty_rerun(door):
    token = _sign_in(door).cookies[SESSION_COOKIE]
    with door.websocket_connect(SOCKET, headers={"origin": f"http://{HOST}"}) as socket:
        socket.send_bytes(b"first")
        assert socket.receive_bytes() == b"first"
        sessions.revoke(SYSTEM, sessions.token_hash(token))
        socket.send_bytes(b"a click on save")
        message = BackMsg()
        message.ParseFromString(socket.receive_bytes())
    assert message.WhichOneof("type") == "rerun_script"
    assert message.rerun_script.ByteSize() == 0
