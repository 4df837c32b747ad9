"""The door: sign in, sign out, and a wall display's key. Plain HTML from the server, no script."""

import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.errors import SignInFailed, SignInLocked, StoreBusy
from core.services import auth, demo_accounts, displays, sessions
from core.settings import get_settings
from pages.components import markup
from pages.http.identity import SESSION_COOKIE, WALL_COOKIE, client_address
from pages.http.notices import strict_policy

_MAX_FORM_BYTES = 8192
_WALL_COOKIE_SECONDS = 10 * 365 * 24 * 3600
# Checking a password is slow on purpose: it gets threads of its own, so that guessing cannot stop the other doors.
_sign_ins = CapacityLimiter(3)
_MOST_WAITING = 30
_FAVICON = markup.asset("favicon.svg")


def routes() -> list[BaseRoute]:
    """Return the routes of the door."""
    return [
        Route("/login", _show, methods=["GET"]),
        Route("/login", _sign_in, methods=["POST"]),
        Route("/logout", _sign_out, methods=["POST"]),
        Route("/favicon.png", _favicon, methods=["GET"]),
        Route("/favicon.ico", _favicon, methods=["GET"]),
    ]


def safe_path(wanted: str) -> str:
    """
    Return *wanted* when it is a path of this server, else the start page.

    Browsers read a backslash as a slash and skip control characters, so ``/\\host`` and ``/<tab>/host`` are refused.
    """
    try:
        parts = urlsplit(wanted)
    except ValueError:  # "//[" is no address
        return "/"
    is_own_path = wanted.startswith("/") and not wanted.startswith("//") and not parts.scheme and not parts.netloc
    has_trick = "\\" in wanted or any(ord(character) < 33 or ord(character) == 127 for character in wanted)
    if not is_own_path or has_trick or parts.path in {"/login", "/logout"}:
        return "/"
    return wanted


async def _show(request: Request) -> Response:
    return await _page(safe_path(request.query_params.get("next", "/")))


async def _sign_in(request: Request) -> Response:
    if int(request.headers.get("content-length") or 0) > _MAX_FORM_BYTES:
        return await _page("/", "提交的内容过长，请重新输入。", 413)
    form = await request.form(max_files=0, max_fields=8, max_part_size=_MAX_FORM_BYTES)
    wanted = safe_path(_text(form, "next") or "/")
    login, password = _text(form, "login"), _text(form, "password")
    agent = request.headers.get("user-agent", "")
    if _sign_ins.statistics().tasks_waiting >= _MOST_WAITING:
        return await _page(wanted, "登录的人较多，请稍后再试。", 503, login)
    try:
        signed_in = await to_thread.run_sync(
            auth.sign_in, login, password, client_address(request.scope), agent, limiter=_sign_ins
        )
    except SignInLocked as error:
        return await _page(wanted, error.user_message, 429, login)
    except SignInFailed as error:
        return await _page(wanted, error.user_message, 401, login)
    except StoreBusy as error:
        return await _page(wanted, error.user_message, 503, login)
    # Another account's session in the same browser must not live on unseen.
    if old := request.cookies.get(SESSION_COOKIE):
        await to_thread.run_sync(sessions.sign_out, old)
    answer = RedirectResponse("/password" if signed_in.must_change_password else wanted, 303)
    _set_cookie(answer, SESSION_COOKIE, signed_in.token, None)
    return answer


async def _sign_out(request: Request) -> Response:
    if token := request.cookies.get(SESSION_COOKIE):
        await to_thread.run_sync(sessions.sign_out, token)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
    return answer


async def open_wall(request: Request) -> Response | None:
    """
    Return the answer to ``/wall?key=…``: the key moves into a cookie and out of the address.

    None when the request carries no key: the wall itself answers.
    """
    key = request.query_params.get("key")
    if not key:
        return None
    actor = await to_thread.run_sync(displays.actor_of_key, key, client_address(request.scope))
    if actor is None:
        return await _page("/wall", "大屏密钥无效或已吊销。请向安全管理员索取新的大屏地址，或登录后查看。", 403)
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != "key"]
    answer = RedirectResponse(f"/wall?{urlencode(rest)}" if rest else "/wall", 303)
    _set_cookie(answer, WALL_COOKIE, key, _WALL_COOKIE_SECONDS)
    return answer


async def _page(wanted: str, message: str = "", status: int = 200, login: str = "") -> Response:
    accounts = await to_thread.run_sync(demo_accounts.shown_at_the_door)
    nonce = secrets.token_urlsafe(12)
    context: dict[str, Any] = {
        "city": get_settings().city_name,
        "wanted": wanted,
        "message": message,
        "login": login[:64],
        "accounts": accounts,
        "password": demo_accounts.PASSWORD if accounts else "",
        "nonce": nonce,
    }
    headers = {"content-security-policy": strict_policy(nonce), "cache-control": "no-store"}
    return HTMLResponse(markup.render("login.html", **context), status, headers)


def _set_cookie(answer: Response, name: str, value: str, seconds: int | None) -> None:
    answer.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=get_settings().secure_cookies
    )
    answer.headers["cache-control"] = "no-store"


async def _favicon(_request: Request) -> Response:
    return Response(_FAVICON, media_type="image/svg+xml", headers={"cache-control": "max-age=86400"})


def _text(form: Any, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
