"""包保领导 in a leader's hand: the width of a phone, a visit with a promise typed on it, the brief taken along."""

import pytest

from db.seed.content.accounts import DEMO_PASSWORD
from tests.support.briefs import pdf_pages
from tests.support.web import LiveServer, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def phone(live_server: LiveServer, browser_page: Watched) -> Watched:
    """A page of a phone's width, signed in as the leader whose account is linked to his person."""
    page = browser_page.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/login")
    page.fill("#login", "leader")
    page.fill("#password", DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{live_server.url}/leaders")
    page.get_by_role("heading", name="程立诚").wait_for(timeout=60_000)
    page.locator(".wr-sponsored-card").first.wait_for()
    return browser_page


def test_own_projects_fit_the_width_of_a_phone(phone: Watched) -> None:
    wide = phone.page.evaluate(
        """() => [...document.querySelectorAll(
            '.wr-leader-tile, .wr-leader-months span, .wr-sponsored-card, .wr-visits > div')]
            .filter(one => one.getBoundingClientRect().right > innerWidth).length"""
    )
    assert wide == 0
    scrolled = phone.page.evaluate(
        "() => { const e = document.querySelector('[data-testid=stMain]'); return e.scrollWidth - e.clientWidth; }"
    )
    assert scrolled <= 0


def test_visit_with_a_promise_is_recorded_on_the_phone(phone: Watched) -> None:
    page = phone.page
    page.get_by_role("button", name="登记调研").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="调研项目").click()
    page.get_by_role("option").nth(1).click()  # the first one chooses all
    page.keyboard.press("Tab")
    dialog.get_by_label("现场交办问题（件）").fill("1")
    page.keyboard.press("Tab")
    dialog.get_by_label("交办问题 1").wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    dialog.get_by_label("交办问题 1").fill("供电尚未接入")
    dialog.get_by_role("combobox", name="主办单位").fill("市能源局")
    page.get_by_role("option", name="市能源局").wait_for()
    page.keyboard.press("Enter")
    dialog.get_by_label("现场情况").fill("现场有序，供电尚未接入。")
    dialog.get_by_role("button", name="保存调研").click()
    page.get_by_text("调研已登记（1 个项目），交办问题 1 件").wait_for(timeout=30_000)
    page.get_by_text("现场有序，供电尚未接入。").first.wait_for()


def test_brief_is_taken_along_as_pdf(phone: Watched) -> None:
    page = phone.page
    page.get_by_role("button", name="打印简报").click()
    with page.expect_download(timeout=120_000) as taken:
        page.get_by_role("button", name="下载简报").click()
    content = taken.value.path().read_bytes()
    assert content.startswith(b"%PDF")
    assert pdf_pages(content) == page.locator(".wr-sponsored-card").count()
