"""The real server of ``manage.py run``, seen by a real browser."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_door_of_the_demo_city_asks_nobody_outside(live_server, browser_page):
    answer = browser_page.page.goto(live_server.url)
    assert answer.status == 200
    assert browser_page.page.url.startswith(f"{live_server.url}/login")
    assert "云岭市" in browser_page.page.inner_text("body")
    assert browser_page.foreign_requests == []
    assert browser_page.console_errors == []


def test_server_comes_back_after_a_power_cut(live_server, browser_page):
    live_server.kill()
    live_server.start()
    assert browser_page.page.goto(live_server.url).status == 200
