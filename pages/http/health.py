"""``/healthz`` for supervisors of the process, ``/metrics`` (Prometheus text) for monitoring."""

import ipaddress
import time
import tomllib
from functools import lru_cache
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.permissions import Permission
from core.services import incidents, system
from pages.http.identity import client_address, visit_of

_started = time.monotonic()
_PROJECT_FILE = Path(__file__).resolve().parents[2] / "pyproject.toml"


def routes() -> list[BaseRoute]:
    """Return the routes for supervisors and monitoring."""
    return [Route("/healthz", _healthz, methods=["GET"]), Route("/metrics", _metrics, methods=["GET"])]


@lru_cache(maxsize=1)
def product_version() -> str:
    """Return the version of the product."""
    return str(tomllib.loads(_PROJECT_FILE.read_text(encoding="utf-8"))["project"]["version"])


async def _healthz(_request: Request) -> Response:
    answer = {"status": "ok", "version": product_version()}
    try:
        await to_thread.run_sync(system.data_version)
    except Exception as error:  # any failure of the store is the answer to the question
        said = {"status": "store does not answer", "message": incidents.report(error).user_message}
        return JSONResponse({**answer, **said}, 503, {"cache-control": "no-store"})
    return JSONResponse(answer, headers={"cache-control": "no-store"})


async def _metrics(request: Request) -> Response:
    visit = visit_of(request)
    is_admin = visit is not None and visit.actor.can(Permission.MANAGE_SYSTEM)
    if not is_admin and not _is_local(request):
        return PlainTextResponse("只对本机或系统管理员开放。", 403)
    counts = await to_thread.run_sync(system.counters)
    lines = [
        "# TYPE warroom_info gauge",
        f'warroom_info{{version="{product_version()}"}} 1',
        "# TYPE warroom_uptime_seconds gauge",
        f"warroom_uptime_seconds {time.monotonic() - _started:.0f}",
    ]
    for name, value in counts.items():
        lines += [f"# TYPE warroom_{name} gauge", f"warroom_{name} {value}"]
    return PlainTextResponse("\n".join([*lines, ""]), media_type="text/plain; version=0.0.4; charset=utf-8")


def _is_local(request: Request) -> bool:
    """Return whether the question comes from this machine and was not passed on by a proxy on it."""
    try:
        is_loopback = ipaddress.ip_address(client_address(request.scope)).is_loopback
    except ValueError:
        return False
    return is_loopback and "x-forwarded-for" not in request.headers
