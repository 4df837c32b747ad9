"""The wall in a real browser: sizes, keys, saves that show, silence when nothing changes, a server that dies."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.terms import Role
from core.services import displays
from db import session
from tests.factories import SYSTEM, YI, make_actor, make_county, make_project
from tests.support.web import LiveServer, Watched, watch

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
SIZES = {"1080p": (1920, 1080), "4k": (3840, 2160), "32to9": (5120, 1440)}
SCENES = ("总览", "指挥部", "三色督查", "攻坚", "问题清单", "到期", "读地图")
LONG_NAME = "云岭市国际陆港多式联运综合枢纽及配套铁路专用线改扩建工程（含站前广场、冷链仓储与海关监管区）二期" * 2
# The front end first asks below the page's own address whether the server lives there; that answer is a refusal.
PROBE = re.compile(r"Failed to load resource: the server responded with a status of 40[14]")

PROBES = (Path(__file__).parent / "wall_probe.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> Iterator[session.Store]:
    """The server's own store, opened by the test as a second process would."""
    opened = session.open_store(live_server.settings.database_url)
    session.use_store(opened)
    with opened.transaction(SYSTEM) as tx:
        make_project(tx, make_county(tx, "试验区"), LONG_NAME, plan_yuan=YI, done_yuan={1: 0})
    yield opened
    session.use_store(None)
    opened.dispose()


@pytest.fixture(scope="module")
def key(store) -> displays.NewKey:
    return displays.create(make_actor(Role.SECURITY_ADMIN), "测试大屏")


@pytest.fixture
def open_wall(browser, live_server, key):
    """Return a function that opens the wall of a given size; every page is checked for foreign requests and errors."""
    contexts, pages = [], []

    def opened(size: tuple[int, int] = (1920, 1080), wall_key: str = "") -> Watched:
        context = browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": size[0], "height": size[1]}
        )
        watched = Watched(context.new_page())
        watch(context, watched)
        contexts.append(context)
        pages.append(watched)
        watched.page.goto(f"{live_server.url}/wall?key={wall_key or key.key}")
        watched.page.wait_for_selector(".wall[data-state=live]", timeout=60_000)
        watched.page.evaluate(PROBES)
        return watched

    yield opened
    for context in contexts:
        context.close()
    for watched in pages:
        assert watched.foreign_requests == []


def shown_scene(page) -> str:
    return page.locator(".tab.on").inner_text()


def headline(store, text: str) -> None:
    with store.transaction(SYSTEM) as tx:
        tx.record("note", "system", 1, headline=text)


@pytest.mark.parametrize("name", SIZES)
def test_wall_fits_every_screen_without_scroll_bar_or_clipped_text(open_wall, name):
    watched = open_wall(SIZES[name])
    ARTIFACTS.mkdir(exist_ok=True)
    for number, scene in enumerate(SCENES, 1):
        watched.page.keyboard.press(str(number))
        watched.page.wait_for_timeout(900)  # the cross-fade
        assert shown_scene(watched.page) == scene
        watched.page.screenshot(path=ARTIFACTS / f"wall-{name}-{number}.png")
        assert watched.page.evaluate("wall.misfits()") == []
    assert [text for text in watched.console_errors if not PROBE.match(text)] == []


def test_4k_is_the_same_picture_doubled(open_wall):
    boxes = {}
    for name in ("1080p", "4k"):
        page = open_wall(SIZES[name]).page
        boxes[name] = [page.locator(f"[data-panel={panel}]").bounding_box() for panel in ("tile_flags", "curve", "due")]
    for small, large in zip(boxes["1080p"], boxes["4k"], strict=True):
        assert {side: pytest.approx(2 * value, abs=2) for side, value in small.items()} == large


def test_keys_and_tabs_choose_the_scene(open_wall):
    page = open_wall().page
    for pressed, scene in (
        ("ArrowRight", "指挥部"),
        ("ArrowLeft", "总览"),
        ("ArrowLeft", "读地图"),
        ("3", "三色督查"),
        ("9", "三色督查"),
    ):
        page.keyboard.press(pressed)
        assert shown_scene(page) == scene
    page.get_by_role("button", name="总览").click()
    assert shown_scene(page) == "总览"
    page.keyboard.press(" ")
    assert page.get_by_text("已暂停轮播").is_visible()
    page.keyboard.press(" ")
    assert not page.get_by_text("已暂停轮播").is_visible()
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")


def test_scenes_rotate_by_themselves(open_wall, live_server):
    page = open_wall().page
    seconds = live_server.settings.wall_scene_seconds
    page.get_by_role("button", name="总览").click()
    page.wait_for_function("wall.scene() === '指挥部'", timeout=(seconds + 5) * 1000)


def test_save_shows_on_another_wall_within_two_seconds(open_wall, store):
    one, other = open_wall().page, open_wall().page
    for number in range(3):
        text = f"第 {number} 次更新 {time.time_ns()}"
        headline(store, text)
        committed = time.monotonic()
        for page in (one, other):
            page.wait_for_function(
                "(text) => wall.text('ticker').includes(text)",
                arg=text,
                timeout=5000,
                polling=50,
            )
        assert time.monotonic() - committed < 2


def test_unchanged_wall_is_not_touched(open_wall):
    page = open_wall().page
    page.keyboard.press(" ")
    page.evaluate("wall.observe()")
    page.wait_for_timeout(5500)  # longer than one hold of the long poll
    assert page.evaluate("window.mutations") == []


def test_dead_server_is_told_and_the_wall_heals_by_itself(open_wall, live_server, store):
    page = open_wall().page
    figure = page.locator("[data-panel=tile_projects]").inner_text()
    live_server.kill()
    page.wait_for_selector(".wall[data-state=offline]", timeout=12_000)
    assert page.get_by_text("离线：与服务器的连接中断，正在自动重连").is_visible()
    page.wait_for_timeout(9000)  # Streamlit's own dialog in English would be up by now
    assert not page.get_by_text("Connection error").is_visible()
    assert page.locator("[data-panel=tile_projects]").inner_text() == figure
    headline(store, "停机期间的更新")
    live_server.start()
    page.wait_for_selector(".wall[data-state=live]", timeout=20_000)
    page.wait_for_function("wall.text('ticker').includes('停机期间的更新')", timeout=5000)
    assert not page.get_by_text("离线：与服务器的连接中断").is_visible()


def test_revoked_key_is_told_on_the_wall(open_wall, store):
    security = make_actor(Role.SECURITY_ADMIN)
    lent = displays.create(security, "借出的大屏")
    page = open_wall(wall_key=lent.key).page
    displays.revoke(security, lent.id, 1)
    page.wait_for_selector(".wall[data-state=refused]", timeout=10_000)
    assert page.get_by_text("大屏密钥已停用").is_visible()
