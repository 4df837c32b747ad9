"""作战地图, 项目台账 and 项目详情 in a real browser: what is drawn, hovered, clicked, kept, and how it looks."""

from pathlib import Path

import pytest

from db.seed.content.accounts import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = Path(__file__).resolve().parents[2] / "artifacts"
# A picture of a map on which nothing was drawn yet compresses to less.
_PLAIN_BYTES = 6_000
MAP = '[data-testid="stDeckGlJsonChart"]'


@pytest.fixture
def desk(browser_page, live_server):
    """A page signed in as the supervision office, 1440 × 900."""
    page = browser_page.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/login")
    page.fill("input[name=login]", "supervisor")
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    return browser_page


def _open(desk, live_server, path: str):
    desk.open(f"{live_server.url}{path}")
    return desk.page


def _picture(page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=str(PICTURES / name))


def _wait_for_land(page) -> None:
    """Wait until deck.gl has drawn all layers: two pictures in a row are the same and not plain."""
    page.wait_for_selector(f"{MAP} canvas")
    before = b""
    for _ in range(60):
        now = page.locator(MAP).screenshot()
        if now == before and len(now) > _PLAIN_BYTES:
            return
        before = now
        page.wait_for_timeout(250)
    pytest.fail("the map was not drawn")


def _hover_county(page) -> str:
    """Move over the middle of the map until a tooltip shows; return its text."""
    box = page.locator(MAP).bounding_box()
    for step in range(12):
        page.mouse.move(box["x"] + box["width"] * (0.3 + 0.03 * step), box["y"] + box["height"] * 0.5)
        page.wait_for_timeout(250)
        tip = page.locator(f"{MAP} .deck-tooltip")
        if tip.count() and tip.first.is_visible():
            return tip.first.inner_text()
    return ""


def test_map_is_drawn_hovered_and_clicked_without_asking_elsewhere(desk, live_server):
    page = _open(desk, live_server, "/map")
    _wait_for_land(page)
    assert page.locator('[data-testid="stException"]').count() == 0
    assert page.get_by_text("CGCS2000 · 示意图").is_visible()
    _picture(page, "map.png")
    tip = _hover_county(page)
    assert "·" in tip
    assert "{" not in tip
    box = page.locator(MAP).bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.16, box["y"] + box["height"] * 0.35, delay=40)
    page.get_by_text("青川县", exact=True).first.wait_for(state="visible", timeout=15_000)
    _picture(page, "map_county.png")


def test_map_layers_are_asked_once_while_nothing_changes(desk, live_server):
    session = desk.page.context.new_cdp_session(desk.page)
    desk.page.context.unroute_all()
    session.send("Network.enable")
    fetched, kept = [], []
    session.on("Network.responseReceived", lambda event: fetched.append(event["response"]))
    session.on("Network.requestServedFromCache", lambda event: kept.append(event["requestId"]))
    page = _open(desk, live_server, "/map")
    _wait_for_land(page)
    first = [item for item in fetched if "/api/map/" in item["url"]]
    assert {item["url"].partition("?")[0].rpartition("/")[2] for item in first} == {
        "plots.geojson",
        "projects.geojson",
        "counties.geojson",
        "lines.geojson",
    }
    fetched.clear()
    page = _open(desk, live_server, "/map")
    _wait_for_land(page)
    again = [item for item in fetched if "/api/map/" in item["url"]]
    assert all(item["fromDiskCache"] or item["encodedDataLength"] == 0 for item in again), again


def test_map_opens_the_plot_of_the_address(desk, live_server):
    page = _open(desk, live_server, "/map?plot=40")
    _wait_for_land(page)
    assert page.locator(".wr-panel h3").inner_text().endswith("LT-0040号地块")
    _picture(page, "map_plot.png")


def test_ledger_filters_and_a_cell_opens_the_project(desk, live_server):
    page = _open(desk, live_server, "/ledger?flag=severe")
    page.wait_for_selector('[data-testid="stDataFrame"] canvas')
    assert page.locator(".wr-strip").inner_text().count("红") == 1
    assert page.evaluate(
        "document.querySelector('.wr-strip').scrollWidth <= document.querySelector('.wr-strip').clientWidth"
    )
    page.wait_for_timeout(600)
    _picture(page, "ledger.png")
    box = page.locator('[data-testid="stDataFrame"]').bounding_box()
    page.mouse.click(box["x"] + 160, box["y"] + 55)
    page.wait_for_url("**/project?id=*", timeout=15_000)
    desk.settle()
    page.locator(".wr-name h1").wait_for(state="visible")
    assert "红" in page.locator(".wr-name").inner_text()


def test_ledger_workbook_can_be_fetched(desk, live_server):
    page = _open(desk, live_server, "/ledger?flag=severe")
    with page.expect_download(timeout=30_000) as waiting:
        page.get_by_role("button", name="导出 Excel").click()
    assert waiting.value.suggested_filename.startswith("云岭市重大项目台账_")
    assert Path(waiting.value.path()).read_bytes()[:2] == b"PK"


def test_project_page_shows_chain_track_curve_and_nothing_is_cut(desk, live_server):
    page = _open(desk, live_server, "/project?id=1")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    assert page.locator(".wr-step").count() == 7
    assert page.locator(".wr-tile").count() == 4
    assert page.locator(".wr-diamond").count() >= 6
    assert page.locator("img.wr-plot").evaluate("image => image.complete && image.naturalWidth > 0")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    cut = page.locator(".wr-tile .wr-figure, .wr-step b").evaluate_all(
        "found => found.filter(item => item.scrollWidth > item.clientWidth + 1).length"
    )
    assert cut == 0
    page.wait_for_timeout(400)
    _picture(page, "project.png")


def test_project_figure_leads_to_the_panel_it_is_made_of(desk, live_server):
    page = _open(desk, live_server, "/project?id=1")
    page.locator(".wr-tile .wr-figure a").nth(1).click()
    page.wait_for_function(
        "() => { const r = document.querySelector('#wr-months').getBoundingClientRect();"
        " return r.top >= -5 && r.top < window.innerHeight; }"
    )


def test_project_edit_dialog_looks_right_and_saves(desk, live_server):
    page = _open(desk, live_server, "/project?id=2")
    page.get_by_role("button", name="修改").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("备注").fill("现场已核")
    page.wait_for_timeout(300)
    _picture(page, "project_edit.png")
    dialog.get_by_role("button", name="保存").click()
    page.get_by_text("项目信息已保存。").wait_for(state="visible", timeout=15_000)
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_text("现场已核").first.wait_for(state="visible", timeout=15_000)
