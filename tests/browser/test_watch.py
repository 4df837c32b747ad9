"""The browser fixtures see what they are there to see."""

import pytest

from tests.support.web import Watched, watch

pytestmark = pytest.mark.browser

FOREIGN = "http://tiles.example/1/2/3.png"


@pytest.fixture
def watched(browser):
    context = browser.new_context()
    found = Watched(context.new_page())
    watch(context, found)
    yield found
    context.close()


def test_request_to_another_host_is_refused_and_recorded(watched):
    with watched.page.expect_event("requestfailed"):
        watched.page.set_content(f"<img src='{FOREIGN}'>")
    assert watched.foreign_requests == [FOREIGN]


def test_websocket_to_another_host_is_recorded(watched):
    watched.page.set_content("<p>x</p>")
    watched.page.evaluate("new Promise(done => { new WebSocket('ws://push.example/x').onerror = () => done() })")
    assert watched.foreign_requests == ["ws://push.example/x"]


def test_error_of_a_script_is_recorded(watched):
    watched.page.set_content("<script>console.error('broken'); console.log('fine')</script>")
    assert watched.console_errors == ["broken"]


def test_chinese_is_drawn_with_glyphs(browser_page):
    """A page of Chinese is not a row of equal boxes: two different characters look different."""
    browser_page.page.set_content(
        "<canvas width=80 height=40></canvas><script>const c = document.querySelector('canvas').getContext('2d');"
        "c.font = '30px sans-serif'; c.fillText('督', 0, 32); c.fillText('一', 40, 32)</script>"
    )
    ink = "x => document.querySelector('canvas').getContext('2d').getImageData(x, 0, 40, 40).data.filter(v => v).length"
    assert browser_page.page.evaluate(ink, 0) > 3 * browser_page.page.evaluate(ink, 40)
