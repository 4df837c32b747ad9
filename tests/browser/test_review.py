"""The whole review by three roles in a real browser: compute, override, approve, publish; seen by county and wall."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.domain.supervision_terms import RoundStatus, SubjectKind
from core.domain.terms import FlagLevel
from core.services import demo_accounts, displays, rounds
from core.services.rounds import DecisionFilter
from db import session as stores
from db.models.supervision import RoundSnapshot
from tests.factories import SYSTEM
from tests.support.web import LiveServer, Watched, windows_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
ARTIFACTS.mkdir(exist_ok=True)
WHY = "汛期停工经防汛指挥部批准，追赶计划已报备"
LONG = 60_000


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> Iterator[stores.Store]:
    opened = stores.open_store(live_server.settings.database_url)
    stores.use_store(opened)
    yield opened
    stores.use_store(None)
    opened.dispose()


@pytest.fixture
def people(browser, live_server: LiveServer, store) -> Iterator[dict[str, Watched]]:
    """One window for each role, signed in and looking at the rounds."""
    with windows_of(browser, live_server, ("supervisor", "leader", "county"), "/rounds", "督查轮次", LONG) as windows:
        yield windows


def press(watched: Watched, label: str) -> None:
    watched.settle(LONG)
    watched.page.get_by_role("button", name=label, exact=True).last.click()
    watched.settle(LONG)


def start_round(desk: Watched, store) -> None:
    """Make a draft: the next round, or where the last one stands at today, its correction."""
    page, supervisor = desk.page, demo_accounts.reviewers()[0]
    latest = rounds.latest_published(supervisor)
    if latest is not None and latest.window.cut_off_on >= store.today():
        press(desk, "更正本轮")
        page.get_by_label("更正原因").fill("数据核实后更正")
        press(desk, "建立更正版")
    else:
        page.get_by_role("button", name="新建轮次").click()
        press(desk, "建立草稿")
    page.get_by_text("本轮还没有测算").wait_for(timeout=LONG)


def draft_of(actor) -> rounds.RoundRow:
    return next(row for row in rounds.list_rounds(actor) if row.status is not RoundStatus.PUBLISHED)


def test_round_goes_from_draft_to_the_wall_through_three_hands(people, store, browser, live_server) -> None:
    desk, boss, county = people["supervisor"], people["leader"], people["county"]
    supervisor = demo_accounts.reviewers()[0]
    start_round(desk, store)
    press(desk, "测算旗色")
    desk.page.get_by_text("测算完成").wait_for(timeout=LONG)
    desk.page.screenshot(path=ARTIFACTS / "review-computed.png")

    row = draft_of(supervisor)
    red = DecisionFilter(kind=SubjectKind.PROJECT, levels=(FlagLevel.SEVERE,))
    subject = rounds.decisions(supervisor, row.id, red).rows[0]
    press(desk, subject.name)
    desk.page.get_by_text("▲ 黄（滞后）").click()
    desk.page.get_by_label("理由").fill(WHY)
    press(desk, "提出调整")
    desk.page.get_by_text("待另一人审批").first.wait_for(timeout=LONG)
    desk.page.screenshot(path=ARTIFACTS / "review-proposed.png")

    boss.open(f"{live_server.url}/rounds", LONG)
    boss.page.get_by_text("人工调整（1 待办）").click()
    boss.page.get_by_text(WHY).first.wait_for(timeout=LONG)
    press(boss, "批准")
    boss.page.get_by_text("已批准").first.wait_for(timeout=LONG)
    boss.page.screenshot(path=ARTIFACTS / "review-approved.png")

    desk.open(f"{live_server.url}/rounds", LONG)
    press(desk, "会审通过")
    desk.page.get_by_text("已会审，等待发布").wait_for(timeout=LONG)
    press(desk, "发布")
    desk.page.get_by_role("button", name="确认发布").wait_for(timeout=LONG)
    desk.page.screenshot(path=ARTIFACTS / "review-publish.png")
    press(desk, "确认发布")
    desk.page.get_by_role("button", name="更正本轮").wait_for(timeout=LONG)

    published = rounds.latest_published(supervisor)
    assert published is not None
    assert published.id == row.id
    flag = rounds.decision_of(supervisor, row.id, SubjectKind.PROJECT, subject.subject_id)
    assert (flag.computed_level, flag.level) == (FlagLevel.SEVERE, FlagLevel.WARN)
    snapshot = rounds.read_snapshot(supervisor, row.id)
    assert [(item.reason, item.level) for item in snapshot.overrides] == [(WHY, FlagLevel.WARN)]
    with store.read() as connection:
        kept = connection.execute(select(RoundSnapshot.sha256).where(RoundSnapshot.round_id == row.id)).scalar_one()
    assert len(kept) == 64

    county.open(f"{live_server.url}/rounds", LONG)
    county.page.get_by_text(published.title).first.wait_for(timeout=LONG)
    assert county.page.get_by_role("button", name="新建轮次").count() == 0
    county.page.screenshot(path=ARTIFACTS / "review-county.png")

    wall = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1920, "height": 1080})
    page = wall.new_page()
    page.goto(f"{live_server.url}/wall?key={displays.create(SYSTEM, '督查').key}")
    page.wait_for_selector(".wall[data-state=live]", timeout=LONG)
    page.get_by_text(f"第 {published.number} 轮").first.wait_for(state="attached", timeout=LONG)
    page.screenshot(path=ARTIFACTS / "review-wall.png")
    wall.close()
