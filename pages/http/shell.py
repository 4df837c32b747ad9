"""The empty page that loads the front end, in Chinese, for the address of every screen."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import file_util

from core.settings import get_settings
from pages import navigation
from pages.components import markup, theme
from pages.navigation import Screen

_LANGUAGE = ('<html lang="en">', '<html lang="zh-CN" translate="no">')


def routes() -> list[BaseRoute]:
    """Return one route per screen."""
    return [
        Route("/" if screen is navigation.START else f"/{screen.path}", _answer(screen), methods=["GET"])
        for screen in navigation.screens()
    ]


def _answer(screen: Screen) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_request: Request) -> Response:
        return HTMLResponse(_page(screen.title, screen.full_screen), headers={"cache-control": "no-store"})

    return endpoint


@lru_cache(maxsize=64)
def _page(title: str, is_dark: bool) -> str:
    """Return Streamlit's own page with our language, title and ground; unknown parts stay as they are."""
    page = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    head = markup.render(
        "shell_head.html",
        title=f"{title} · {get_settings().city_name}挂图作战",
        ground=(theme.WALL if is_dark else theme.DESK).background,
    )
    body = markup.render("shell_body.html")
    page = page.replace(*_LANGUAGE).replace("<title>Streamlit</title>", head)
    before, found, rest = page.partition("<noscript>")
    _, end, after = rest.partition("</noscript>")
    return f"{before}{body}{after}" if found and end else page
