"""日历订阅 in a real browser: the address from the screen is read without signing in until it is ended."""

from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from icalendar import Calendar

from db.seed.content.accounts import DEMO_PASSWORD
from tests.support.web import LiveServer, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"


def test_feed_made_on_the_screen_is_read_by_a_calendar_and_ended(
    live_server: LiveServer, browser_page: Watched
) -> None:
    page = browser_page.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/login")
    page.fill("#login", "county")
    page.fill("#password", DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    browser_page.open(f"{live_server.url}/milestones")
    page.get_by_text("日历订阅").click()
    page.get_by_label("订阅用途").fill("我的手机")
    page.get_by_role("button", name="生成地址").click()
    code = page.locator("[data-testid=stCode] code")
    code.wait_for()
    address = code.inner_text().strip()
    browser_page.settle()
    page.get_by_text("我的手机").scroll_into_view_if_needed()
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / "calendar_feed.png")
    with urlopen(address, timeout=20) as answer:
        events = Calendar.from_ical(answer.read()).walk("VEVENT")
    assert events
    assert all(len(event.walk("VALARM")) == 2 for event in events)
    with page.expect_download() as caught:
        page.get_by_role("button", name="下载日历文件").click()
    downloaded = Calendar.from_ical(Path(caught.value.path()).read_bytes()).walk("VEVENT")
    assert {str(event["UID"]) for event in downloaded} == {str(event["UID"]) for event in events}
    page.get_by_role("button", name="停用").click()
    page.get_by_text("已停用，日历软件将不再更新").wait_for()
    with pytest.raises(HTTPError) as refused:
        urlopen(address, timeout=20)
    assert refused.value.code == 404
    assert browser_page.console_errors == []
