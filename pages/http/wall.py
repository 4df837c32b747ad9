"""``GET /api/wall``: the long poll of the wall. The price of an unchanged wall is one single-row query per process."""

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.domain.errors import Invalid, NotFound, PermissionDenied, WarRoomError
from core.domain.period import Month
from core.domain.permissions import Actor, Permission, require
from core.services import wall
from core.services.figures import Version
from pages.components.closed_months import month_of, seeing
from pages.components.wall.pictures import Picture, gallery, name_of
from pages.components.wall.shell import ENDPOINT
from pages.http.identity import actor_of
from pages.http.wall_watch import watch

HOLD_SECONDS = 4.0
_making: dict[str, asyncio.Task[Picture]] = {}


async def poll(request: Request) -> Response:
    """
    Answer with what changed since the picture the viewer names, or 304 when nothing does for ``HOLD_SECONDS``.

    Query: ``v`` = name of the picture the viewer shows (else ``If-None-Match``), ``hold=0`` = answer at once,
    ``month=2026-09`` = the wall of a closed month, which never changes.
    """
    try:
        actor = actor_of(request)
        require(actor, Permission.VIEW_WALL)
    except PermissionDenied as error:
        return _refusal(401, error)
    shown = request.query_params.get("v") or request.headers.get("if-none-match", "").removeprefix("W/").strip('"')
    hold = 0.0 if request.query_params.get("hold") == "0" else HOLD_SECONDS
    try:
        month = month_of(request.query_params.get("month", ""))
        if month is not None:
            return await _closed(actor, month, shown, hold)
        version = await _version_other_than(shown, actor, hold)
        if version is None:
            return Response(status_code=304, headers=_headers(shown))
        picture = await _picture(actor, version)
    except (Invalid, NotFound) as error:
        return _refusal(404, error)
    except WarRoomError as error:
        return _refusal(503, error)
    return Response(picture.body(shown), media_type="application/json", headers=_headers(picture.name))


async def _closed(actor: Actor, month: Month, shown: str, hold: float) -> Response:
    picture = await run_in_threadpool(_closed_picture, actor, month)
    if picture.name == shown:
        await asyncio.sleep(hold)
        return Response(status_code=304, headers=_headers(shown))
    return Response(picture.body(shown), media_type="application/json", headers=_headers(picture.name))


def _closed_picture(actor: Actor, month: Month) -> Picture:
    with seeing(month):
        return gallery.picture(actor, wall.version(actor))


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [Route(ENDPOINT, poll, methods=["GET"])]


def _headers(name: str) -> dict[str, str]:
    return {"ETag": f'"{name}"', "Cache-Control": "no-store"}


def _refusal(status: int, error: WarRoomError) -> Response:
    body = {"code": error.code, "message": error.user_message}
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


async def _version_other_than(shown: str, actor: Actor, hold: float) -> Version | None:
    """Return the version as soon as its picture differs from *shown*; None when it does not within *hold* seconds."""
    return await watch().wait(lambda version: name_of(actor, version) != shown, hold)


async def _picture(actor: Actor, version: Version) -> Picture:
    """Return the picture; viewers who ask together wait for one making, in one thread."""
    key = name_of(actor, version)
    task = _making.get(key)
    if task is None:
        task = asyncio.ensure_future(run_in_threadpool(gallery.picture, actor, version))
        _making[key] = task
        task.add_done_callback(lambda _done: _making.pop(key, None))
    return await asyncio.shield(task)
