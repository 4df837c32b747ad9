"""Two windows: what one person saves at the desk is on the wall of another window within two seconds."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select, text

from core.services import displays
from db import session as stores
from db.models import County
from db.seed.content.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.factories import SYSTEM, make_milestone, make_project
from tests.support.web import LiveServer, Watched, watch

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

SECONDS = 2.0
COUNTY = next(account.county for account in DEMO_ACCOUNTS if account.login == "county")
# Notes when the words of a panel change, by the clock of this machine.
NOTE_CHANGES = """root => {
  window.changes = [];
  const look = () => {
    for (const panel of root.querySelectorAll('[data-panel]')) {
      const text = panel.textContent;
      if (panel.seenText !== text) {
        panel.seenText = text;
        window.changes.push({ panel: panel.dataset.panel, at: Date.now() / 1000, text });
      }
    }
  };
  look();
  window.changes = [];
  new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture
def store(live_server: LiveServer) -> Iterator[stores.Store]:
    opened = stores.open_store(live_server.settings.database_url)
    stores.use_store(opened)
    yield opened
    stores.use_store(None)
    opened.dispose()


@pytest.fixture
def windows(browser) -> Iterator[list[Watched]]:
    """Two windows that share nothing: the desk and the wall."""
    contexts = [
        browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": width, "height": 1000})
        for width in (1440, 1920)
    ]
    found = [Watched(context.new_page()) for context in contexts]
    for context, watched in zip(contexts, found, strict=True):
        watch(context, watched)
    yield found
    for context in contexts:
        context.close()


def _plan_a_node_for_today(store: stores.Store) -> None:
    """The demo city moves with the calendar: on some days this county has no node due within the week."""
    with store.transaction(SYSTEM) as tx:
        county = tx.connection.execute(select(County.id).where(County.name == COUNTY)).scalar_one()
        make_milestone(
            tx, make_project(tx, county, "两窗口联动测试工程", year=store.today().year), store.today(), "通水"
        )


def _last_completion(store: stores.Store) -> tuple[datetime, str, str]:
    """Return time, headline and new values of the last audited update of a milestone."""
    with store.read() as connection:
        row = connection.execute(
            text("SELECT at, headline, new FROM audit_event WHERE entity = 'milestone' ORDER BY seq DESC LIMIT 1")
        ).one()
    at = datetime.fromisoformat(row.at) if isinstance(row.at, str) else row.at
    return at, row.headline, row.new


def test_completed_milestone_is_on_the_other_wall_within_two_seconds(
    windows: list[Watched], live_server: LiveServer, store: stores.Store
) -> None:
    desk, wall = windows
    _plan_a_node_for_today(store)
    wall.page.goto(f"{live_server.url}/wall?key={displays.create(SYSTEM, '第二窗口').key}")
    wall.page.wait_for_selector(".wall[data-state=live]", timeout=60_000)

    page = desk.page
    page.goto(f"{live_server.url}/login?next=/milestones?bucket=week")
    page.fill("input[name=login]", "county")
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector('[data-testid="stDataFrame"] canvas', timeout=60_000)
    desk.settle()
    box = page.locator('[data-testid="stDataFrame"]').bounding_box()
    page.mouse.click(box["x"] + 200, box["y"] + 52)
    button = page.get_by_role("button", name="登记完成")
    button.wait_for(state="visible", timeout=20_000)
    desk.settle()

    before = len(store_events(store))
    wall.page.locator(".wall").evaluate(NOTE_CHANGES)
    button.click()
    page.get_by_text("已登记完成：").wait_for(state="visible", timeout=20_000)
    assert len(store_events(store)) == before + 1
    at, headline, new = _last_completion(store)
    assert '"actual_on"' in new
    assert "完成节点" in headline

    node = headline.partition("完成节点“")[2].rstrip("”")
    project = headline.partition(" 完成节点")[0]
    wall.page.wait_for_function(
        "headline => window.changes.some(c => c.panel === 'ticker' && c.text.includes(headline))",
        arg=headline,
        timeout=15_000,
    )
    changes = wall.page.evaluate("window.changes")
    told = next(change for change in changes if change["panel"] == "ticker" and headline in change["text"])
    due = [change for change in changes if change["panel"] == "due"]
    print(
        f"ticker {told['at'] - at.timestamp():.2f} s after the commit; panels {sorted({c['panel'] for c in changes})}"
    )
    assert 0 <= told["at"] - at.timestamp() <= SECONDS
    assert due, "the list of due milestones did not change"
    assert due[-1]["at"] - at.timestamp() <= SECONDS
    rows = wall.page.locator('[data-panel="due"] .row').evaluate_all("rows => rows.map(row => row.textContent)")
    assert [row for row in rows if project in row and node in row] == []
    assert wall.foreign_requests == desk.foreign_requests == []

    # One click takes it back, and the wall follows.
    page.get_by_role("button", name="撤销", exact=True).click()
    page.get_by_text("已撤销完成登记").first.wait_for(state="visible", timeout=20_000)
    wall.page.wait_for_function(
        "() => window.changes.some(c => c.panel === 'ticker' && c.text.includes('撤销节点'))", timeout=15_000
    )


def store_events(store: stores.Store) -> list[int]:
    with store.read() as connection:
        return list(connection.execute(text("SELECT seq FROM audit_event WHERE entity = 'milestone'")).scalars())


def test_wall_that_lost_its_server_says_so_and_shows_the_change_afterwards(
    windows: list[Watched], live_server: LiveServer, store: stores.Store
) -> None:
    _, wall = windows
    wall.page.goto(f"{live_server.url}/wall?key={displays.create(SYSTEM, '第三窗口').key}")
    wall.page.wait_for_selector(".wall[data-state=live]", timeout=60_000)
    live_server.kill()
    wall.page.wait_for_selector(".wall[data-state=offline]", timeout=30_000)
    assert "离线" in wall.page.locator("[data-notice]").inner_text()
    with store.transaction(SYSTEM) as tx:
        tx.record("note", "system", 1, headline="断网期间登记的一条动态")
    live_server.start()
    wall.page.wait_for_selector(".wall[data-state=live]", timeout=60_000)
    wall.page.locator("[data-panel=ticker] .item", has_text="断网期间登记的一条动态").first.wait_for(
        state="attached", timeout=15_000
    )
