"""Who is asking: the names of the cookies, and what the gate found out about a request."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import HTTPConnection

from core.domain.errors import PermissionDenied
from core.domain.permissions import Actor
from core.services import displays, sessions
from core.services.sessions import Visit

SESSION_COOKIE = "wr_session"
WALL_COOKIE = "wr_wall"
_STATE = "warroom.visit"


def visit_of_cookies(cookies: Mapping[str, str], address: str | None) -> Visit | None:
    """
    Return who holds these cookies: a signed-in person first, else a wall display, else nobody.

    Args:
        cookies: Cookie name → value, as the browser sent them.
        address: Where the request came from; None skips the address of a bound display key.
    """
    token = cookies.get(SESSION_COOKIE)
    visit = sessions.visit_of_token(token) if token else None
    if visit is None and (key := cookies.get(WALL_COOKIE)):
        actor = displays.actor_of_key(key, address)
        visit = Visit(actor) if actor else None
    return visit


def remember(scope: Any, visit: Visit | None) -> None:
    """Note in the ASGI scope who asks; only the gate calls this."""
    scope[_STATE] = visit


def visit_of(request: HTTPConnection) -> Visit | None:
    """Return what the gate found out, None when nobody is signed in."""
    found: Visit | None = request.scope.get(_STATE)
    return found


def actor_of(request: HTTPConnection) -> Actor:
    """
    Return who asks.

    Raises:
        PermissionDenied: Nobody is signed in (the route is open to everybody, or the gate was by-passed).
    """
    visit = visit_of(request)
    if visit is None:
        raise PermissionDenied("请先登录。")
    return visit.actor


def client_address(scope: Any) -> str:
    """Return where the connection came from (behind a trusted proxy: the address the proxy reported)."""
    client = scope.get("client")
    return str(client[0]) if client else ""
