"""The gate in front of everything (pure ASGI): nobody passes without a valid session or display key.

It asks the store on every request and on every message of an open websocket. A message under a session that has
ended meanwhile is replaced by an empty rerun: nothing typed is processed, and the script finds nobody signed in.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.domain.errors import StoreBusy, StoreUnusable, WarRoomError
from core.domain.terms import Role
from core.services import incidents, sessions
from core.services.sessions import Visit
from pages.http import security
from pages.http.calendar_feed import is_feed
from pages.http.identity import SESSION_COOKIE, client_address, remember, visit_of_cookies
from pages.http.login import open_wall
from pages.http.notices import notice

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

IDENTITY_HEADER = b"x-wr-user"
OPEN_PATHS = frozenset({"/login", "/logout", "/healthz", "/metrics", "/favicon.png", "/favicon.ico"})
# Asked again and again without anybody at the keyboard: they do not keep a session from becoming idle.
_PASSIVE = ("/_stcore/health", "/_stcore/host-config", "/api/wall")
_DISPLAY_PATHS = frozenset({"/wall", "/_stcore/stream", "/_stcore/health", "/_stcore/host-config"})
_DISPLAY_FOLDERS = ("/static/", "/api/wall", "/_stcore/bidi-components/")
_STREAMLIT_FOLDERS = ("/_stcore/", "/static/", "/media/", "/component/", "/app/")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_CLOSED = 1008

_log = logging.getLogger("warroom")


class Gate:
    """
    ASGI middleware; outermost.

    Args:
        app: What is behind it.
        routes: The product's own routes; a page at any other address does not exist.
    """

    def __init__(self, app: App, routes: Sequence[BaseRoute] = ()) -> None:
        self._app = app
        self._routes = routes
        self._touches: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http_or_apology(scope, receive, security.with_headers(scope, send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http_or_apology(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what goes wrong before the answer has begun is told in Chinese, e.g. a store that is damaged."""
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._http(scope, receive, noting)
        except Exception as error:
            if has_begun:
                raise
            await _apology(scope, incidents.report(error))(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not security.is_known_host(headers.get("host", "")):
            await PlainTextResponse(security.UNKNOWN_HOST, 400)(scope, receive, send)
            return
        if scope["method"] not in _SAFE_METHODS and not security.is_same_origin(headers):
            await PlainTextResponse("请求来自其他网站，已拒绝。请从本系统页面操作。", 403)(scope, receive, send)
            return
        if scope["path"] == "/wall" and (answer := await open_wall(Request(scope))) is not None:
            await answer(scope, receive, send)
            return
        visit = await self._let_in(scope)
        if visit is None and not _is_open(scope["path"]):
            await _refusal(scope, headers)(scope, receive, send)
            return
        if _wants_page(scope, headers) and not self._is_known(scope):
            await notice("没有这个页面", "地址可能有误，或页面已经移走。", 404)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        """Return whether a page is behind the address; Streamlit itself would answer any address with its shell."""
        if scope["path"].startswith(_STREAMLIT_FOLDERS):
            return True
        return any(route.matches(scope)[0] is not Match.NONE for route in self._routes)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        is_welcome = security.is_known_host(headers.get("host", "")) and security.is_same_origin(headers)
        if not is_welcome or await self._let_in(scope) is None:
            await receive()
            await send({"type": "websocket.close", "code": _CLOSED})
            return

        async def guarded() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and await self._let_in(scope) is None:
                return {"type": "websocket.receive", "bytes": _empty_rerun()}
            return message

        await self._app(scope, guarded, send)

    async def _let_in(self, scope: Scope) -> Visit | None:
        """Return who asks, note it in the scope, and drop what the client claims about itself."""
        cookies = HTTPConnection(scope).cookies
        visit = await to_thread.run_sync(visit_of_cookies, cookies, client_address(scope))
        if visit is not None and _is_display(visit) and not _is_for_displays(scope["path"]):
            visit = None
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name.lower() != IDENTITY_HEADER]
        if visit is not None:
            MutableHeaders(scope=scope)[IDENTITY_HEADER.decode()] = visit.actor.login
            if visit.is_touch_due and not scope["path"].startswith(_PASSIVE):
                self._touch_later(cookies[SESSION_COOKIE])
        remember(scope, visit)
        return visit

    def _touch_later(self, token: str) -> None:
        """Keep the session alive without making the request wait for the store's writers."""
        if self._touches:
            return
        task = asyncio.create_task(_touch(token))
        self._touches.add(task)
        task.add_done_callback(self._touches.discard)


async def _touch(token: str) -> None:
    try:
        await to_thread.run_sync(sessions.touch, token)
    except Exception as error:  # the next request tries again; a busy store must not sign anybody out with a traceback
        _log.warning("session not touched: %s", error)


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or is_feed(path)


def _refusal(scope: Scope, headers: Headers) -> Response:
    if not _wants_page(scope, headers):
        return PlainTextResponse("请先登录。", 401)
    query = scope.get("query_string", b"").decode("latin-1")
    wanted = f"{scope['path']}?{query}" if query else scope["path"]
    return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)


def _apology(scope: Scope, error: WarRoomError) -> Response:
    status = 503 if isinstance(error, StoreBusy | StoreUnusable) else 500
    if not _wants_page(scope, Headers(scope=scope)):
        return PlainTextResponse(error.user_message, status)
    return notice("系统暂时无法使用", error.user_message, status)


def _wants_page(scope: Scope, headers: Headers) -> bool:
    return scope["method"] in {"GET", "HEAD"} and "text/html" in headers.get("accept", "")


def _is_display(visit: Visit) -> bool:
    return visit.actor.roles == {Role.DISPLAY}


def _is_for_displays(path: str) -> bool:
    return path in _DISPLAY_PATHS or path.startswith(_DISPLAY_FOLDERS)


def _empty_rerun() -> bytes:
    message = BackMsg()
    message.rerun_script.SetInParent()
    return message.SerializeToString()
