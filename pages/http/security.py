"""What every answer and every request must satisfy: headers, origin, host name."""

import ipaddress
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders

from core.settings import get_settings

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

UNKNOWN_HOST = "不认识的主机名。请用登记的地址访问；管理员可在 warroom.toml 中以 public_url 登记域名。"
_FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_ONE_YEAR = 31_536_000


def with_headers(scope: MutableMapping[str, Any], send: Send) -> Send:
    """Return *send* so that every answer carries the security headers; a header the route chose itself stays."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _FIXED.items():
                headers.setdefault(name, value)
            headers.setdefault("content-security-policy", content_policy(Headers(scope=scope).get("host", "")))
            if get_settings().secure_cookies:
                headers.setdefault("strict-transport-security", f"max-age={_ONE_YEAR}")
            if headers.get("content-type", "").startswith("text/html"):
                headers.setdefault("cache-control", "no-store")
        await send(message)

    return sending


@lru_cache(maxsize=64)
def content_policy(host: str) -> str:
    """
    Return the content security policy for pages reached as *host*.

    Streamlit needs inline styles and scripts, scripts from ``blob:`` (components) and ``eval`` (Vega expressions);
    what matters here is that nothing is loaded from, or sent to, another host.
    """
    sockets = f"ws://{host} wss://{host}" if is_known_host(host) else ""
    tiles = _tile_origin()
    rules = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' data: blob: {tiles}",
        "font-src": "'self' data:",
        "connect-src": f"'self' data: blob: {sockets} {tiles}",
        "worker-src": "'self' blob:",
        "media-src": "'self' blob:",
        "frame-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {' '.join(value.split())}" for name, value in rules.items())


def _tile_origin() -> str:
    parts = urlsplit(get_settings().tile_url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} else ""


def is_same_origin(headers: Headers) -> bool:
    """Return whether the request came from a page of this very server (or from no page at all)."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    allowed = {headers.get("host", "").lower(), urlsplit(get_settings().address).netloc.lower()}
    try:
        return urlsplit(origin).netloc.lower() in allowed
    except ValueError:  # "http://[" is no address
        return False


@lru_cache(maxsize=256)
def is_known_host(host: str) -> bool:
    """
    Return whether *host* (with or without a port) is a name this server goes by.

    Its addresses, ``localhost``, the machine's own name, and the names in ``public_url`` and ``host``. A page of a
    foreign site whose name was made to point here (DNS rebinding) comes with the foreign name and is refused.
    """
    try:
        parts = urlsplit(f"//{host}")
        name, _port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if not name or parts.username is not None or parts.path or parts.query or parts.fragment:
        return False
    settings = get_settings()
    own = {"localhost", socket.gethostname().lower(), settings.host.lower(), urlsplit(settings.address).hostname}
    return name in own or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
