"""The running server against forged cookies, hand-made messages and hostile addresses: it stays up and shut."""

import contextlib
import json
import random
import re
import socket
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import func, select, text, update
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed, InvalidStatus

from db import session as stores
from db.models import Milestone
from db.models.access import UserSession
from db.seed.content.accounts import DEMO_PASSWORD
from tests.pages.test_hostile_text import injected
from tests.support import payloads
from tests.support.streamlit_client import SESSION_COOKIE, ScreenStopped, Visitor, sign_in, state_of
from tests.support.web import LiveServer

pytestmark = [pytest.mark.slow]

PAGE = {"Accept": "text/html"}
UNFORESEEN = "意外问题"
GONE = "登录已失效"


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> Iterator[stores.Store]:
    """The server's own store, opened by a second process."""
    opened = stores.open_store(live_server.settings.database_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def cookies(live_server: LiveServer, store: stores.Store) -> dict[str, str]:
    """Sessions of demo accounts, made before anything here locks this address out."""
    accounts = ("county", "hq", "leader", "auditor", "secadmin", "unit")
    return {account: sign_in(live_server.url, account, DEMO_PASSWORD) for account in accounts}


@pytest.fixture(autouse=True)
def still_up(
    live_server: LiveServer, cookies: dict[str, str], store: stores.Store, request: pytest.FixtureRequest
) -> Iterator[None]:
    """After each attack the server answers, nothing was stored, and a screen runs."""
    before, stored = len(live_server.log()), _fingerprint(store)
    yield
    assert _fingerprint(store) == stored
    assert httpx.get(f"{live_server.url}/healthz", timeout=20).json()["status"] == "ok"
    with Visitor(live_server.url, cookies["leader"]) as visitor:
        visitor.run("rates")
        assert "指标口径" in visitor.words("heading")
    # A value that no widget can hold may end as an incident, told in Chinese; anything else must not.
    if "forged" not in request.node.name:
        assert "incident" not in live_server.log()[before:]


def _fingerprint(store: stores.Store) -> tuple[int, int]:
    with store.read() as connection:
        versions = connection.execute(select(func.sum(Milestone.version))).scalar_one()
        entries = connection.execute(
            text("SELECT count(*) FROM audit_event WHERE entity NOT IN ('user_account', 'store_head')")
        ).scalar_one()
    return int(versions), int(entries)


# ---- cookies and sessions


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "../../x", "%00", "'OR'1'='1", "A" * 6000])
def test_forged_cookie_is_nobody(live_server: LiveServer, cookie: str) -> None:
    answer = httpx.get(f"{live_server.url}/ledger", headers={**PAGE, "Cookie": f"{SESSION_COOKIE}={cookie}"})
    assert (answer.status_code, urlsplit(answer.headers["location"]).path) == (303, "/login")
    with pytest.raises(InvalidStatus), Visitor(live_server.url, cookie):
        pass


def test_session_past_its_end_shows_nothing_more(live_server: LiveServer, store: stores.Store) -> None:
    cookie = sign_in(live_server.url, "supervisor", DEMO_PASSWORD)
    with Visitor(live_server.url, cookie) as visitor:
        visitor.run("ledger")
        assert any(visitor.widgets("dataframe"))
        with store.engine.execution_options(warroom_write=True).connect() as connection, connection.begin():
            connection.execute(update(UserSession).values(expires_at=UserSession.created_at).where(_is(cookie)))
        visitor.rerun()
        assert GONE in visitor.words("alert")
        assert not list(visitor.widgets())
    answer = httpx.get(f"{live_server.url}/ledger", headers=PAGE, cookies={SESSION_COOKIE: cookie})
    assert answer.status_code == 303


def _is(cookie: str):
    from core.services.sessions import token_hash

    return UserSession.token_hash == token_hash(cookie)


# ---- hand-made messages


def _garbage() -> list[bytes | str]:
    dice = random.Random(7)
    whole = BackMsg()
    whole.rerun_script.query_string = "x" * 200
    whole.rerun_script.page_name = "users"
    data = whole.SerializeToString()
    return [
        b"",
        b"\0" * 64,
        b"\xff" * 4096,
        data[: len(data) // 2],
        data + b"\x08",
        "not bytes",
        "💥" * 1000,
        *(dice.randbytes(dice.randrange(1, 2000)) for _ in range(40)),
    ]


def test_garbage_on_the_websocket_neither_crashes_nor_shows_anything(
    live_server: LiveServer, cookies: dict[str, str]
) -> None:
    for data in _garbage():
        with Visitor(live_server.url, cookies["county"], patience=1.5) as visitor:
            visitor.send_bytes(data)
            with contextlib.suppress(TimeoutError, ConnectionClosed, ScreenStopped):
                visitor.wait()
            assert "账号" not in visitor.words()
            assert not any(visitor.widgets("dataframe"))


def test_garbage_in_between_does_not_stop_the_visitor(live_server: LiveServer, cookies: dict[str, str]) -> None:
    with Visitor(live_server.url, cookies["county"]) as visitor:
        visitor.run("milestones")
        visitor.send_bytes(b"\xff" * 100)
        with pytest.raises(ConnectionClosed):
            visitor.rerun()
        visitor.close()
        visitor.open()
        visitor.run("milestones")
        assert any(visitor.widgets("dataframe"))


@pytest.mark.parametrize(
    ("account", "page", "word"),
    [
        ("county", "users", "用户与授权"),
        ("county", "displays", "大屏密钥"),
        ("county", "audit", "查看审计"),
        ("county", "system", "系统管理"),
        ("county", "imports", "导入"),
        ("secadmin", "ledger", "查看项目"),
        ("secadmin", "audit", "查看审计"),
        ("auditor", "users", "用户与授权"),
        ("auditor", "project", "查看项目"),
        ("auditor", "map", "查看项目"),
        ("auditor", "wall", "查看大屏"),
    ],
)
def test_message_for_a_screen_the_role_may_not_open(
    live_server: LiveServer, cookies: dict[str, str], account: str, page: str, word: str
) -> None:
    with Visitor(live_server.url, cookies[account]) as visitor:
        visitor.run(page, "id=1")
        assert f"没有“{word}" in visitor.words("alert")
        # What the menu offers on every screen stays: the choice of a closed month.
        assert [item for item in visitor.widgets() if "as_of_month" not in item.message.id] == []


def test_hostile_page_names_and_hashes_open_nothing(live_server: LiveServer, cookies: dict[str, str]) -> None:
    names = ("../../etc/passwd", "<script>", "users\0", "pages/admin/users.py", "' OR 1=1", "用户", "x" * 5000)
    with Visitor(live_server.url, cookies["county"]) as visitor:
        for name in names:
            visitor.run(name)
            assert "新建账号" not in visitor.words(), name
            assert not any(visitor.widgets("dataframe")), name
    message = BackMsg()
    message.rerun_script.page_script_hash = "0" * 32
    message.rerun_script.fragment_id = "<script>"
    with Visitor(live_server.url, cookies["county"], patience=2) as visitor:
        visitor.send_bytes(message.SerializeToString())
        with pytest.raises(TimeoutError):
            visitor.receive_until("script_finished")


@pytest.mark.parametrize("kind", ["clear_cache", "set_run_on_save", "load_git_info", "stop_script", "app_heartbeat"])
def test_other_messages_change_nothing(live_server: LiveServer, cookies: dict[str, str], kind: str) -> None:
    with Visitor(live_server.url, cookies["county"]) as visitor:
        visitor.run("rates")
        visitor.send_bytes(BackMsg(**{kind: True}).SerializeToString())
        visitor.run("rates")


def test_debug_messages_do_not_shut_the_server_down(live_server: LiveServer, cookies: dict[str, str]) -> None:
    with Visitor(live_server.url, cookies["county"]) as visitor:
        visitor.run("rates")
        for kind in ("debug_shutdown_runtime", "debug_disconnect_websocket"):
            visitor.send_bytes(BackMsg(**{kind: True}).SerializeToString())
        visitor.run("rates")


# ---- forged widgets


def test_button_of_a_form_the_role_does_not_get_saves_nothing(live_server: LiveServer, cookies: dict[str, str]) -> None:
    """The widgets of 调整基线, taken from a screen that has them, sent by somebody who does not."""
    with Visitor(live_server.url, cookies["hq"]) as visitor:
        visitor.run("milestones")
        visitor.select_cell(visitor.widget("dataframe"), 0, "期限")
        day = visitor.widget("date_input", label="新的计划日期")
        reason = visitor.widget("text_area", label="调整原因（必填）")
        button = visitor.widget("button", label="调整基线")
    for account in ("county", "unit", "leader"):
        with Visitor(live_server.url, cookies[account]) as visitor:
            visitor.run("milestones")
            visitor.select_cell(visitor.widget("dataframe"), 0, "期限")
            assert "调整基线" not in [found.message.label for found in visitor.widgets("button")]
            visitor.put(day, "2028/01/01")
            visitor.put(reason, "越权调整基线的尝试")
            visitor.rerun(WidgetState(id=button.id, trigger_value=True))
            assert UNFORESEEN not in visitor.words()


def test_values_for_widgets_that_are_not_there_are_ignored(live_server: LiveServer, cookies: dict[str, str]) -> None:
    with Visitor(live_server.url, cookies["leader"]) as visitor:
        visitor.run("milestones")
        for number, payload in enumerate(payloads.XSS):
            name = f"$$ID-{'0' * 32}-{('owner', 'notice', payload)[number % 3]}"
            visitor.rerun(WidgetState(id=name, string_value=payload))
            assert payload not in visitor.words("alert")
        visitor.rerun(WidgetState(id="owner", string_value="secadmin"))
        visitor.run("users")
        assert "没有“用户与授权" in visitor.words("alert")


def test_disabled_widget_takes_no_value(live_server: LiveServer, cookies: dict[str, str]) -> None:
    """The county's own filter is fixed for a county account: a forged choice of another county shows none of it."""
    with Visitor(live_server.url, cookies["county"]) as visitor:
        visitor.run("ledger")
        shown = visitor.widget("dataframe").message.arrow_data.data
        disabled = [found for found in visitor.widgets() if getattr(found.message, "disabled", False)]
        for found in disabled:
            if found.kind in {"selectbox", "multiselect", "text_input"}:
                visitor.put(found, "青川县")
        visitor.rerun()
        assert visitor.widget("dataframe").message.arrow_data.data == shown


SELECTIONS = (
    {"selection": {"rows": [], "columns": [], "cells": [[9999, "期限"]]}},
    {"selection": {"rows": [], "columns": [], "cells": [[-1, "期限"]]}},
    {"selection": {"rows": [], "columns": [], "cells": [["0; DROP TABLE", "期限"]]}},
    {"selection": {"rows": [], "columns": [], "cells": [[0]]}},
    {"selection": {"rows": [], "columns": [], "cells": [None]}},
    {"selection": {"rows": [10**12], "columns": [], "cells": []}},
    {"selection": {"rows": ["x"], "columns": {}, "cells": 5}},
    {"selection": None},
    {"selection": []},
    {},
    [],
    None,
    "x",
)


@pytest.mark.parametrize("page", ["milestones", "ledger"])
def test_forged_selections_of_a_table_are_harmless(live_server: LiveServer, cookies: dict[str, str], page: str) -> None:
    for forged in (*map(json.dumps, SELECTIONS), "not json", "\ufeff{", "[" * 5000):
        with Visitor(live_server.url, cookies["county"]) as visitor:
            visitor.run(page)
            visitor.put(visitor.widget("dataframe"), forged)
            visitor.rerun()
            said = visitor.words("alert", "exception")
            assert "Traceback" not in said, forged[:60]
            assert "Error" not in said, forged[:60]


def test_forged_values_of_filters_are_harmless(live_server: LiveServer, cookies: dict[str, str]) -> None:
    with Visitor(live_server.url, cookies["county"]) as visitor:
        for page in ("milestones", "ledger", "reports"):
            visitor.run(page)
            for widget in list(visitor.widgets()):
                for payload in (payloads.XSS[3], payloads.SQL[1], "长" * 5000, "甲\0乙"):
                    if widget.kind in {"text_input", "selectbox", "multiselect", "button_group"}:
                        visitor.rerun(state_of(widget, payload))
                    elif widget.kind == "pagination":
                        visitor.rerun(state_of(widget, -(10**9)))
                        visitor.rerun(state_of(widget, 10**9))
                    said = visitor.words("alert", "exception")
                    assert "Traceback" not in said, (page, widget.key, payload[:30])
                    assert "Error" not in said, (page, widget.key, payload[:30])


# ---- hostile addresses


@pytest.mark.parametrize("page", ["ledger", "map", "milestones", "reports", "project", "rates", "wall"])
def test_hostile_parameters_of_screens_are_harmless(
    live_server: LiveServer, cookies: dict[str, str], page: str
) -> None:
    names = (
        "id",
        "q",
        "county",
        "hq",
        "flag",
        "stage",
        "measure",
        "rate",
        "sort",
        "plot",
        "bucket",
        "project",
        "month",
    )
    tried = (*payloads.XSS[:6], *payloads.SQL[:4], *payloads.TEMPLATE[:2], "甲\0乙", "9" * 40, "-1", "１２", "²", "")
    with Visitor(live_server.url, cookies["leader"]) as visitor:
        for payload in tried:
            visitor.run(page, urlencode(dict.fromkeys(names, payload)))
            said = visitor.words("alert", "exception")
            assert UNFORESEEN not in said, payload
            assert "Error" not in said, payload
            assert injected(visitor.words("html")) == [], payload


def _raw(server: LiveServer, request: bytes) -> tuple[int, bytes]:
    """Send *request* as it is; return status (0 = hung up) and the whole answer."""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as line:
        line.sendall(request)
        received = b""
        while True:
            try:
                data = line.recv(65536)
            except ConnectionError:
                break
            if not data:
                break
            received += data
    return (int(received.split(b" ", 2)[1]) if received.startswith(b"HTTP/") else 0), received


def _get(server: LiveServer, target: str, *headers: str, host: str = "127.0.0.1") -> tuple[int, bytes]:
    lines = [f"GET {target} HTTP/1.1", f"Host: {host}", "Accept: text/html", "Connection: close", *headers, "", ""]
    return _raw(server, "\r\n".join(lines).encode())


TRAVERSALS = (
    "/static/../../../../etc/passwd",
    "/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..\\..\\..\\etc\\passwd",
    "/static//etc/passwd",
    "/media/../../etc/passwd",
    "/component/warroom_wall/../../../app.py",
    "/_stcore/bidi-components/..%2f..%2fapp.py",
    "/app/static/../../app.py",
    "/%00",
    "/ledger%00.html",
    "/ledger/../users",
    "//evil.example/x",
    "/\\evil.example",
    "/%0d%0aSet-Cookie:%20a=b",
)


@pytest.mark.parametrize("is_known", [False, True], ids=["nobody", "signed-in"])
def test_path_traversal_reaches_no_file(live_server: LiveServer, cookies: dict[str, str], is_known: bool) -> None:
    header = [f"Cookie: {SESSION_COOKIE}={cookies['leader']}"] if is_known else []
    for target in TRAVERSALS:
        status, answer = _get(live_server, target, *header)
        assert 200 <= status < 500, target
        assert b"root:" not in answer, target
        assert b"import streamlit" not in answer, target
        assert b"\r\nset-cookie: a=b" not in answer.lower(), target
        assert b"location: //evil" not in answer.lower(), target


BAD_HEADERS = (
    "Origin: http://[",
    "Origin: null",
    "Origin: \x01",
    "Cookie: " + "=;" * 3000,
    'Cookie: wr_session="\\"; wr_session=é; =x; $Version=1',
    "Cookie: wr_session=\xff\xfe",
    "Accept: " + "x" * 9000,
    "Sec-Fetch-Site: cross-site",
    "X-Wr-User: secadmin",
    "X-Forwarded-For: ' OR 1=1",
    "X-Forwarded-Host: evil.example",
    'If-None-Match: "' + "x" * 4000,
    "Range: bytes=0-18446744073709551616",
    "Transfer-Encoding: chunked",
    "Content-Length: -5",
)


@pytest.mark.parametrize("target", ["/ledger", "/login?next=//[", "/wall?key=%00%ff", "/api/wall?v=%0d%0a", "/healthz"])
def test_malformed_headers_are_answered_or_refused(live_server: LiveServer, target: str) -> None:
    for header in BAD_HEADERS:
        lines = [f"GET {target} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html", "Connection: close", header, "", ""]
        status, answer = _raw(live_server, "\r\n".join(lines).encode("latin-1"))
        assert status < 500, (header[:40], answer[:300])
        assert b"Traceback" not in answer


FILE_FOR_A_NAME = b'--x\r\nContent-Disposition: form-data; name="login"; filename="a"\r\n\r\nb\r\n--x--'


@pytest.mark.parametrize("origin", ["http://[", "http://evil.example", "null", "file://"])
def test_form_from_elsewhere_is_refused(live_server: LiveServer, origin: str) -> None:
    body = urlencode({"login": "leader", "password": DEMO_PASSWORD}).encode()
    head = (
        f"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {origin}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    status, answer = _raw(live_server, head.encode() + body)
    assert status == 403
    assert b"set-cookie" not in answer.lower()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"%ff%fe=&login[]=x&&&=&login=%00"),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 9000),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(500))),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", FILE_FOR_A_NAME),
        ("application/json", b'{"login": "leader"}'),
        ("text/html; charset=utf-99", b"\xff\xff"),
    ],
)
def test_broken_forms_open_nothing(live_server: LiveServer, kind: str, body: bytes) -> None:
    head = (
        f"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept: text/html\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    status, answer = _raw(live_server, head.encode() + body)
    assert 400 <= status < 500, answer[:200]
    assert b"set-cookie: wr_session" not in answer.lower()


def test_hostile_next_and_key_are_shown_as_text_and_lead_nowhere(live_server: LiveServer) -> None:
    for payload in (*payloads.XSS, *payloads.CONTROL, *payloads.MARKDOWN, "//evil.example", "/\\evil.example"):
        shown = httpx.get(f"{live_server.url}/login?next={quote(payload)}", headers=PAGE)
        assert shown.status_code == 200
        assert injected(shown.text.partition("<form")[2]) == [], payload
        wanted = re.search(r'name="next" value="([^"]*)"', shown.text)
        assert wanted is not None
        assert not wanted[1].startswith(("//", "/\\", "http", "javascript"))
        refused = httpx.get(f"{live_server.url}/wall?key={quote(payload)}", headers=PAGE)
        assert (refused.status_code, injected(refused.text.partition("<body")[2])) == (403, []), payload


def test_hostile_names_at_the_door_are_refused_as_text(live_server: LiveServer) -> None:
    """Last: it locks this address out."""
    seen = set()
    for payload in payloads.ALL:
        form = {"login": payload, "password": payload, "next": payload}
        answer = httpx.post(f"{live_server.url}/login", data=form, headers=PAGE, timeout=30)
        assert answer.status_code in {401, 429}, payload
        assert injected(answer.text.partition("<form")[2]) == [], payload
        assert "set-cookie" not in answer.headers
        seen.add(answer.status_code)
    assert 401 in seen
