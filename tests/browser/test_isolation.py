"""Every screen of the menu in a real browser: nothing leaves this machine, a silent console, a picture of each."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.domain.permissions import Actor
from core.domain.scope import Scope
from core.services import displays
from db import session as stores
from db.seed.content.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from pages import navigation
from pages.navigation import START, Screen
from tests.factories import SYSTEM
from tests.support.streamlit_client import cookies_of, sign_in
from tests.support.web import LiveServer, Watched, watch

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

PICTURES = Path(__file__).resolve().parents[2] / "artifacts" / "screens"
QUERIES = {"project": "?id=1"}
# Parts that ask for something themselves, after the script has run; the test must have waited for them.
CANVASES = {
    "map": '[data-testid="stDeckGlJsonChart"]',
    "ledger": '[data-testid="stDataFrame"]',
    "milestones": '[data-testid="stDataFrame"]',
    "reports": '[data-testid="stDataFrame"]',
    "audit": '[data-testid="stDataFrame"]',
}
# The front end first asks below the page's own address whether the server lives there; that answer is a refusal.
PROBE = re.compile(r"Failed to load resource: the server responded with a status of 40[14]")
SCREENS = [screen for screen in navigation.screens() if screen is not START]


def account_for(screen: Screen) -> str:
    """Return a demo account that may open *screen*."""
    for account in DEMO_ACCOUNTS:
        actor = Actor(account.login, account.name, frozenset({account.role}), Scope.all(), user_id=1)
        if screen.is_open_to(actor):
            return account.login
    raise LookupError(f"no demo account may open {screen.path}")


@pytest.fixture(scope="module")
def cookies(live_server: LiveServer) -> dict[str, str]:
    logins = {account_for(screen) for screen in SCREENS}
    return {login: sign_in(live_server.url, login, DEMO_PASSWORD) for login in logins}


@pytest.fixture
def visitor(browser) -> Iterator[Watched]:
    """A page of 1440 × 900 that may reach nothing but this machine, workers and sockets included."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900})
    watched = Watched(context.new_page())
    watch(context, watched)
    yield watched
    context.close()


def _check(watched: Watched) -> None:
    assert watched.foreign_requests == []
    assert [text for text in watched.console_errors if not PROBE.match(text)] == []


def _wait_until_drawn(watched: Watched) -> bytes:
    """Wait for the script, then for the front end's own parts (tables, charts, map); return the picture."""
    watched.settle(60_000)
    page = watched.page
    page.wait_for_function(
        "() => document.fonts.status === 'loaded' && !document.querySelector('[data-testid=\"stSkeleton\"]')",
        timeout=60_000,
    )
    before = b""
    for _ in range(80):
        now = page.screenshot()
        if now == before:
            return now
        before = now
        page.wait_for_timeout(400)
    pytest.fail("the screen never came to rest")


@pytest.mark.parametrize("screen", [s for s in SCREENS if not s.full_screen], ids=lambda screen: screen.path)
def test_screen_asks_nobody_outside_and_says_no_error(
    visitor: Watched, live_server: LiveServer, cookies: dict[str, str], screen: Screen
) -> None:
    visitor.page.context.add_cookies(cookies_of(live_server.url, cookies[account_for(screen)]))
    visitor.page.goto(f"{live_server.url}/{screen.path}{QUERIES.get(screen.path, '')}")
    picture = _wait_until_drawn(visitor)
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{screen.path}.png").write_bytes(picture)
    if screen.path in CANVASES:
        assert visitor.page.locator(f"{CANVASES[screen.path]} canvas").first.is_visible()
    assert visitor.page.locator('[data-testid="stException"]').count() == 0
    assert visitor.page.get_by_text("意外问题").count() == 0
    assert visitor.page.get_by_text("没有此项权限").count() == 0
    assert visitor.page.title().startswith(screen.title)
    _check(visitor)


def test_every_role_starts_without_a_request_outside(visitor: Watched, live_server: LiveServer) -> None:
    page = visitor.page
    for account in DEMO_ACCOUNTS:
        page.goto(f"{live_server.url}/login")
        page.fill("input[name=login]", account.login)
        page.fill("input[name=password]", account.password)
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        _wait_until_drawn_or_wall(visitor)
        page.context.clear_cookies()
    _check(visitor)


def _wait_until_drawn_or_wall(watched: Watched) -> None:
    watched.page.wait_for_url(lambda url: urlsplit(url).path not in {"/", "/start", "/login"}, timeout=60_000)
    watched.page.locator("h1:visible, .wall[data-state=live]").first.wait_for(timeout=60_000)


def test_door_asks_nobody_outside(visitor: Watched, live_server: LiveServer) -> None:
    visitor.page.goto(f"{live_server.url}/login")
    PICTURES.mkdir(parents=True, exist_ok=True)
    visitor.page.screenshot(path=PICTURES / "login.png")
    assert visitor.page.get_by_label("用户名").is_visible()
    _check(visitor)


def test_wall_asks_nobody_outside_in_any_scene(visitor: Watched, live_server: LiveServer) -> None:
    store = stores.open_store(live_server.settings.database_url)
    stores.use_store(store)
    try:
        key = displays.create(SYSTEM, "隔离测试").key
    finally:
        stores.use_store(None)
        store.dispose()
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.page.goto(f"{live_server.url}/wall?key={key}")
    visitor.page.wait_for_selector(".wall[data-state=live]", timeout=60_000)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for number in range(1, visitor.page.locator(".tab").count() + 1):
        visitor.page.keyboard.press(str(number))
        visitor.page.locator(f".tab:nth-of-type({number}).on").wait_for()
        visitor.page.wait_for_timeout(900)  # the cross-fade
        visitor.page.screenshot(path=PICTURES / f"wall-{number}.png")
    _check(visitor)


def test_this_test_would_see_a_request_outside(visitor: Watched, live_server: LiveServer) -> None:
    visitor.page.goto(f"{live_server.url}/login")
    visitor.page.context.unroute_all()
    seen: list[str] = []
    visitor.page.on("requestfailed", lambda request: seen.append(request.url))
    visitor.page.set_content("<img src='http://tiles.example/1.png'>")
    visitor.page.wait_for_function("document.images[0].complete")
    assert seen == ["http://tiles.example/1.png"]
