"""A campaign in a real browser: deployed, tasks pasted, reported by the unit, closed out and accepted by another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from db import session
from db.models import Campaign, CampaignProgress, CampaignTask
from db.seed.content.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.support.web import LiveServer, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
UNIT = next(account.unit for account in DEMO_ACCOUNTS if account.login == "unit")
NAME = "浏览器攻坚战"


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> Iterator[session.Store]:
    """The server's own store, opened by the test as a second process would."""
    opened = session.open_store(live_server.settings.database_url)
    yield opened
    opened.dispose()


def sign_in(server: LiveServer, watched: Watched, login: str) -> None:
    page = watched.page
    page.context.clear_cookies()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{server.url}/login")
    page.fill("#login", login)
    page.fill("#password", DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)


def go(server: LiveServer, watched: Watched, query: str = "") -> None:
    watched.page.goto(f"{server.url}/campaigns{query}")
    watched.settle()


def press(watched: Watched, label: str, said: str) -> None:
    """Press a button and wait for what the screen says then."""
    watched.page.get_by_role("button", name=label, exact=True).click()
    watched.page.get_by_text(said).first.wait_for()
    watched.settle()


def write(watched: Watched, label: str, text: str) -> None:
    """Fill a field of a form; leaving it hands the value over."""
    field = watched.page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")


def stored(store: session.Store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.id.desc())).mappings())


def test_campaign_from_deployment_to_acceptance(live_server: LiveServer, store, browser_page: Watched) -> None:
    watched, page = browser_page, browser_page.page
    sign_in(live_server, watched, "hq")
    go(live_server, watched)
    page.get_by_role("button", name="部署行动", exact=True).click()
    write(watched, "名称", NAME)
    for label in ("标准", "思路", "任务", "成效"):
        write(watched, label, f"{label}写清楚。")
    press(watched, "部署", "已部署")
    key, year = (stored(store, Campaign)[0][name] for name in ("id", "year"))
    page.get_by_role("button", name="分解任务", exact=True).click()
    page.get_by_role("tab", name="粘贴文本").click()
    span = f"{year}-01-01\t{year}年12月31日"
    lines = f"1\t查验场站\t{UNIT}\t\t余建业\t{span}\t2\t场站面积\t亩\t1,200\n"
    write(watched, "任务清单", lines)
    press(watched, "添加粘贴的任务", "已添加 1 项任务")
    press(watched, "启动", "已启动")
    (task,) = (row for row in stored(store, CampaignTask) if row["campaign_id"] == key)
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / "campaign-launched.png")

    sign_in(live_server, watched, "unit")
    go(live_server, watched, f"?id={key}&task={task['id']}")
    write(watched, "进度（%）", "100")
    write(watched, "场站面积实际值（亩）", "1200")
    write(watched, "进展情况", "场站建成。")
    press(watched, "填报进展", "已填报")
    go(live_server, watched, f"?id={key}&task={task['id']}")
    write(watched, "完成情况", "全部建成，资料齐全。")
    press(watched, "申请销号", "请等待核验")
    assert (stored(store, CampaignProgress)[0]["percent"], stored(store, CampaignProgress)[0]["actual_milli"]) == (
        100,
        1_200_000,
    )

    sign_in(live_server, watched, "supervisor")
    go(live_server, watched, f"?id={key}&task={task['id']}")
    write(watched, "核验意见", "现场核实。")
    page.screenshot(path=ARTIFACTS / "campaign-verify.png")
    press(watched, "核验销号", "已销号")
    page.get_by_role("radio", name="验收与销号", exact=True).click()
    watched.settle()
    page.get_by_role("radio", name="通过", exact=True).click()
    write(watched, "验收情况", "逐项核对无误。")
    press(watched, "登记验收", "验收通过")
    assert stored(store, Campaign)[0]["status"] == "accepted"
    assert next(row for row in stored(store, CampaignTask) if row["id"] == task["id"])["status"] == "closed_out"
