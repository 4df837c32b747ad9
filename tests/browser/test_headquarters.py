"""A headquarters' first day in a real browser: founded, manned, a step done, the first report; seen on the wall."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from sqlalchemy import select

from core.services import demo_accounts
from core.services import headquarters as service
from db import session as stores
from db.models import Headquarters, HeadquartersReport
from db.seed.content.accounts import DEMO_PASSWORD
from tests.support.web import LiveServer, Watched, watch

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

NAME = "滨江新城建设指挥部"
LONG = 60_000


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> Iterator[stores.Store]:
    opened = stores.open_store(live_server.settings.database_url)
    stores.use_store(opened)
    yield opened
    stores.use_store(None)
    opened.dispose()


@pytest.fixture
def desk(browser, live_server: LiveServer, store) -> Iterator[Watched]:
    """The supervision office's window on the board."""
    size = {"width": 1440, "height": 1000}
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=size)
    watched = Watched(context.new_page())
    watch(context, watched)
    page = watched.page
    page.goto(f"{live_server.url}/login?next=/headquarters")
    page.fill("#login", "supervisor")
    page.fill("#password", DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.get_by_role("heading", name="分指挥部").wait_for(timeout=LONG)
    watched.settle(LONG)
    yield watched
    context.close()
    assert watched.foreign_requests == []


def calm(desk: Watched) -> None:
    """Wait until what was just done has reached the server and is drawn."""
    desk.page.wait_for_timeout(500)
    desk.settle(LONG)


def press(desk: Watched, label: str) -> None:
    calm(desk)
    desk.page.get_by_role("button", name=label, exact=True).last.click()
    calm(desk)


def tab(desk: Watched, label: str) -> None:
    page = desk.page
    page.get_by_role("radio", name=label).or_(page.get_by_role("button", name=label, exact=True)).first.click()
    calm(desk)


def popover(desk: Watched, label: str) -> None:
    desk.page.get_by_test_id("stPopoverButton").filter(has_text=label).click()
    calm(desk)


def found_it(store) -> int:
    with store.read() as connection:
        return connection.execute(select(Headquarters.id).where(Headquarters.name == NAME)).scalar_one()


def test_first_day_of_a_headquarters(desk: Watched, store, live_server: LiveServer) -> None:
    page, supervisor = desk.page, demo_accounts.reviewers()[0]
    page.get_by_role("button", name="新建指挥部").click()
    page.get_by_role("dialog").get_by_label("名称", exact=True).wait_for(timeout=LONG)
    calm(desk)
    page.get_by_label("名称", exact=True).fill(NAME)
    page.get_by_label("简称").fill("滨江新城")
    page.get_by_label("职责任务").fill("统筹滨江新城建设")
    press(desk, "成立并生成组建清单")
    page.get_by_text("已成立，组建清单和期限已生成").wait_for(timeout=LONG)
    key = found_it(store)
    assert len(service.read_one(supervisor, key).steps) == 9

    page.get_by_text("成员名单").first.wait_for(timeout=LONG)
    fill_first_member(desk, "苏江")
    press(desk, "保存成员名单")
    page.get_by_text("已保存成员 1 人").wait_for(timeout=LONG)
    assert [member.name for member in service.read_one(supervisor, key).members] == ["苏江"]

    press(desk, "登记完成")
    page.get_by_text("已登记完成").first.wait_for(timeout=LONG)
    done = [step for step in service.read_one(supervisor, key).steps if step.done_on]
    assert len(done) >= 2  # the one that the member filled, and the one ticked off

    tab(desk, "报告")
    popover(desk, "设置报送计划")
    page.get_by_text("周报", exact=True).last.click()
    calm(desk)
    press(desk, "保存")
    page.get_by_text("周报的报送计划已保存").wait_for(timeout=LONG)
    popover(desk, "登记报送")
    press(desk, "确认已报送")
    page.get_by_text("已登记报送，文件已留存").wait_for(timeout=LONG)
    with store.read() as connection:
        sent = connection.execute(select(HeadquartersReport).where(HeadquartersReport.headquarters_id == key)).all()
    assert len(sent) == 1

    page.goto(f"{live_server.url}/wall")
    page.wait_for_selector(".wall[data-state=live]", timeout=LONG)
    assert page.locator("[data-panel=team_fronts] .fronthead .name", has_text=NAME).count() == 1


def fill_first_member(desk: Watched, name: str) -> None:
    """Type a name into the first, empty row of the grid; a grid that is being laid out takes no double click."""
    page = desk.page
    editor = page.locator(".gdg-input, .gdg-growing-entry textarea").last
    for patience in (2_000, 5_000, 15_000, 30_000):
        calm(desk)
        grid = page.locator('[data-testid="stDataFrame"]:visible').last
        grid.scroll_into_view_if_needed()
        box = grid.bounding_box()
        page.mouse.dblclick(box["x"] + 60, box["y"] + 36 + 18)
        with suppress(PlaywrightTimeout):
            editor.wait_for(state="visible", timeout=patience)
            break
    editor.fill(name)
    page.keyboard.press("Enter")
    editor.wait_for(state="hidden", timeout=10_000)
    calm(desk)
