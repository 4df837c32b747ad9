"""``GET /calendar/<key>.ics``: the milestones of a feed key, for calendar programs that cannot sign in.

The gate lets exactly this form of address pass. Whatever is wrong with a key, the answer is the same: not found.
"""

import re

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.errors import SignInLocked, WarRoomError
from core.services import feeds, incidents, throttle
from core.services.feeds import CalendarFile
from db.session import current_store
from pages.http.identity import client_address

_ADDRESS = re.compile(r"/calendar/([A-Za-z0-9_-]{32})\.ics")
_HEADERS = {"cache-control": "no-store", "x-robots-tag": "noindex"}


def routes() -> list[BaseRoute]:
    """Return the route of calendar feeds."""
    return [Route("/calendar/{key}.ics", _feed, methods=["GET"])]


def is_feed(path: str) -> bool:
    """Return whether *path* has the form of a feed's address."""
    return _ADDRESS.fullmatch(path) is not None


async def _feed(request: Request) -> Response:
    address = client_address(request.scope)
    tags = request.headers.get("if-none-match", "")
    known = {tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")}
    try:
        found = await to_thread.run_sync(_calendar, request.path_params["key"], address, known)
    except SignInLocked:
        return PlainTextResponse("请求过于频繁，请稍后再试。", 429, {**_HEADERS, "retry-after": "900"})
    except WarRoomError as error:
        return PlainTextResponse(error.user_message, 503, _HEADERS)
    except Exception as error:  # the last hand of this route
        return PlainTextResponse(incidents.report(error).user_message, 500, _HEADERS)
    if found is None:
        return PlainTextResponse("没有这个日历。地址可能有误，或订阅已经停用。", 404, _HEADERS)
    headers = {**_HEADERS, "etag": f'"{found.etag}"'}
    if found.etag in known:
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = 'inline; filename="milestones.ics"'
    return Response(found.content, media_type="text/calendar; charset=utf-8", headers=headers)


def _calendar(key: str, address: str, known: set[str]) -> CalendarFile | None:
    """
    Return the calendar behind *key*; its content stays empty when the caller knows it already.

    Raises:
        SignInLocked: Too many bad keys from this address.
    """
    actor = feeds.actor_of_key(key)
    if actor is None:
        # Only bad keys count, so that one revoked feed of an office does not end the others behind the same address.
        now = current_store().clock()
        throttle.feed_addresses.check(address, now)
        throttle.feed_addresses.note(address, now)
        return None
    etag = feeds.calendar_tag(actor)
    return CalendarFile(b"", etag, 0) if etag in known else feeds.calendar(actor)
