"""
``GET /files/<id>``: a piece of evidence; ``?size=240`` or ``?size=1600``: a photo as a new, small JPEG.

The file itself always goes out as a download. Only pictures that were decoded and encoded anew are shown in place,
so nothing a file carries besides its pixels ever reaches a browser.
"""

from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.errors import NotFound, PermissionDenied, WarRoomError
from core.services import attachments, incidents
from core.services.attachments import Content
from pages.http.identity import actor_of

_SAFE = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}
_KEPT = "private, max-age=86400, must-revalidate"
_BIGGEST_ID = 2**63 - 1


def routes() -> list[BaseRoute]:
    """Return the route of evidence."""
    return [Route("/files/{number:int}", _file, methods=["GET"])]


def address(attachment_id: int, size: int | None = None) -> str:
    """Return where a file is found, as a picture of *size* pixels when given."""
    return f"/files/{attachment_id}" + (f"?size={size}" if size else "")


async def _file(request: Request) -> Response:
    try:
        found = await to_thread.run_sync(_read, request)
    except (NotFound, PermissionDenied) as error:
        # Whether a file exists is nobody's business outside its scope: no permission and no file look alike.
        return _refusal(NotFound.default_message if isinstance(error, PermissionDenied) else error.user_message, 404)
    except WarRoomError as error:
        return _refusal(error.user_message, 503)
    except Exception as error:  # the last hand of this route
        return _refusal(incidents.report(error).user_message, 500)
    is_picture = "size" in request.query_params
    disposition = "inline" if is_picture else "attachment"
    headers = {
        **_SAFE,
        "etag": f'"{found.sha256}"',
        "cache-control": _KEPT if is_picture else "private, no-store",
        "content-disposition": f"{disposition}; filename*=UTF-8''{quote(found.file_name, safe='')}",
    }
    if is_picture and f'"{found.sha256}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type=found.media_type, headers=headers)


def _read(request: Request) -> Content:
    number = request.path_params["number"]
    if not 0 < number <= _BIGGEST_ID:
        raise NotFound
    size = request.query_params.get("size")
    if size is None:
        return attachments.read_content(actor_of(request), number)
    if not (size.isascii() and size.isdigit() and len(size) <= 4):
        raise NotFound
    return attachments.read_picture(actor_of(request), number, int(size))


def _refusal(message: str, status: int) -> Response:
    return PlainTextResponse(message, status, {**_SAFE, "cache-control": "no-store"})
