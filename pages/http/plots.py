"""
The map's layers as GeoJSON: ``/api/map/plots.geojson?county=3&flag=severe&v=<stamp>``.

The stamp stands for data version, scope and filter, so the answer under it never changes and the browser keeps it;
an address with an old stamp is answered with today's rows and not kept.
"""

import gzip
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.errors import Invalid, NotFound, PermissionDenied, WarRoomError
from core.domain.period import Month
from core.domain.permissions import Actor
from core.services import figures, incidents, plots
from core.services.plots import Layer, MapFilter, Payload
from pages.components.closed_months import month_of, seeing
from pages.components.project_query import read_filter, read_statuses, write_filter
from pages.http.identity import actor_of

_GEOJSON = "application/geo+json"
_KEPT = "private, max-age=31536000, immutable"
_ASKED_AGAIN = "private, no-cache"


def routes() -> list[BaseRoute]:
    """Return the routes of the map's layers."""
    return [Route("/api/map/{layer}.geojson", _layer, methods=["GET"])]


def layer_address(actor: Actor, layer: Layer, wanted: MapFilter) -> str:
    """Return the address of *layer* as *actor* may see it now."""
    query = write_filter(wanted.projects)
    if wanted.statuses:
        query["status"] = [status.value for status in wanted.statuses]
    version = figures.version()
    stamp = plots.layer_tag(actor, layer, wanted, version)
    sealed = {"month": version.sealed} if version.sealed else {}
    return f"/api/map/{layer.value}.geojson?{urlencode({**query, **sealed, 'v': stamp}, doseq=True)}"


async def _layer(request: Request) -> Response:
    try:
        layer = Layer(request.path_params["layer"])
    except ValueError:
        return _refusal("没有这个图层。", 404)
    try:
        actor = actor_of(request)
        wanted = MapFilter(read_filter(request.query_params), read_statuses(request.query_params))
        month = month_of(request.query_params.get("month", ""))
        return _answer(request, await to_thread.run_sync(_payload, actor, layer, wanted, month))
    except PermissionDenied as error:
        return _refusal(error.user_message, 403)
    except (Invalid, NotFound) as error:
        return _refusal(error.user_message, 404)
    except WarRoomError as error:
        return _refusal(error.user_message, 503)
    except Exception as error:  # the last hand of this route
        return _refusal(incidents.report(error).user_message, 500)


def _payload(actor: Actor, layer: Layer, wanted: MapFilter, month: Month | None) -> Payload:
    with seeing(month):
        return plots.payload(actor, layer, wanted)


def _answer(request: Request, payload: Payload) -> Response:
    is_current = request.query_params.get("v") == payload.etag
    headers = {
        "etag": f'"{payload.etag}"',
        "cache-control": _KEPT if is_current else _ASKED_AGAIN,
        "vary": "Accept-Encoding",
        "x-content-type-options": "nosniff",
    }
    known = {tag.strip().removeprefix("W/").strip('"') for tag in request.headers.get("if-none-match", "").split(",")}
    if payload.etag in known:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(payload.content), media_type=_GEOJSON, headers=headers)
    return Response(payload.content, media_type=_GEOJSON, headers={**headers, "content-encoding": "gzip"})


def _refusal(message: str, status: int) -> Response:
    return JSONResponse({"message": message}, status, {"cache-control": "no-store"})
