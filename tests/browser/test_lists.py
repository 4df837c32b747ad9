"""A problem's whole life by three roles in a real browser; the wall's figures open on the desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.domain.permissions import system_actor
from core.services import matters
from core.services.matters import MatterFilter
from db import session as stores
from db.models import AuditEvent
from db.models.matter import Matter, MatterEvent
from db.seed.content.accounts import DEMO_ACCOUNTS
from tests.support.web import LiveServer, Watched, windows_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
TITLE = "南岭大道东段电力管线未迁改"
UNIT = next(account.unit for account in DEMO_ACCOUNTS if account.login == "unit")
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
    """One window for each role, signed in and looking at the problem list."""
    with windows_of(browser, live_server, ("county", "unit", "supervisor"), "/problems", "问题清单", LONG) as windows:
        yield windows


def stored(store) -> dict:
    with store.read() as connection:
        return dict(connection.execute(select(Matter.__table__).where(Matter.title == TITLE)).mappings().one())


def press(watched: Watched, label: str) -> None:
    watched.page.get_by_role("button", name=label, exact=True).click()
    watched.settle(LONG)


def told(watched: Watched, words: str) -> None:
    watched.page.get_by_text(words).first.wait_for(timeout=LONG)
    watched.settle(LONG)


def pick(watched: Watched, label: str, word: str) -> None:
    """Choose *word* in the select box of the panel called *label*."""
    box = watched.page.get_by_role("dialog").get_by_role("combobox", name=label)
    box.click()
    box.fill(word)
    watched.page.get_by_role("option", name=word, exact=True).first.click()


def panel(watched: Watched, live_server: LiveServer, key: int) -> None:
    watched.open(f"{live_server.url}/problems?id={key}", LONG)
    watched.page.get_by_role("dialog").get_by_text(TITLE).wait_for(timeout=LONG)
    watched.settle(LONG)


def write(watched: Watched, label: str, text: str) -> None:
    watched.page.get_by_role("dialog").get_by_label(label).fill(text)


def picture(watched: Watched, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    watched.settle(LONG)
    watched.page.screenshot(path=ARTIFACTS / f"lists-{name}.png")


def test_problem_lives_from_raising_to_closing_by_three_roles(live_server, store, people) -> None:
    county, unit, supervisor = people["county"], people["unit"], people["supervisor"]
    press(county, "登记事项")
    write(county, "事项名称", TITLE)
    press(county, "登记")
    told(county, "请选择所属县区")
    county.page.get_by_role("dialog").get_by_role("combobox", name="县区（无项目时）").click()
    county.page.get_by_role("option", name="南岭区").click()
    press(county, "登记")
    told(county, f"已登记“{TITLE}”")
    key = stored(store)["id"]

    panel(county, live_server, key)
    pick(county, "类别", "要素")
    press(county, "完成研判")
    told(county, "已研判，请交办")
    panel(county, live_server, key)
    pick(county, "主办单位", UNIT)
    press(county, "交办")
    told(county, "已交办 1 项")

    panel(unit, live_server, key)
    picture(unit, "panel")
    press(unit, "签收")
    told(unit, "已签收")
    for label, text, button, words in (
        ("办理进展", "已召开管线权属单位协调会。", "报送进展", "进展已报送"),
        ("答复意见", "管线已全部迁改，施工单位进场。", "回复", "请报送办理结果"),
    ):
        panel(unit, live_server, key)
        write(unit, label, text)
        press(unit, button)
        told(unit, words)
    panel(unit, live_server, key)
    press(unit, "报送结果")
    told(unit, "请选择办理结果")
    unit.page.get_by_role("dialog").get_by_role("radio", name="已解决", exact=True).click()
    press(unit, "报送结果")
    told(unit, "结果已报送")

    panel(supervisor, live_server, key)
    supervisor.page.get_by_role("dialog").get_by_role("radio", name="满意", exact=True).click()
    press(supervisor, "记录回访")
    told(supervisor, "回访已记录")
    panel(supervisor, live_server, key)
    press(supervisor, "销号")
    told(supervisor, "已销号")

    row = stored(store)
    assert (row["status"], row["outcome"], row["satisfaction"]) == ("closed_out", "已解决", "满意")
    with store.read() as connection:
        steps = select(MatterEvent.kind, MatterEvent.actor).where(MatterEvent.matter_id == key).order_by(MatterEvent.id)
        assert [tuple(step) for step in connection.execute(steps)] == [
            ("registered", "county"), ("classified", "county"), ("assigned", "county"), ("signed", "unit"),
            ("in_progress", "unit"), ("replied", "unit"), ("resolved", "unit"), ("visited", "supervisor"),
            ("closed_out", "supervisor"),
        ]  # fmt: skip
        audited = select(AuditEvent.actor).where(AuditEvent.entity == "matter", AuditEvent.entity_id == str(key))
        assert len(connection.execute(audited).all()) == 9


def test_figures_of_the_wall_and_the_rates_open_their_rows(live_server, store, people) -> None:
    window = people["supervisor"]
    overdue = matters.find(system_actor(), matters.behind(MatterFilter(), matters.MatterCount.OVERDUE)).total
    assert overdue > 0
    window.page.goto(f"{live_server.url}/wall")
    window.page.locator("[data-tab=matters]").click()
    figure = window.page.locator(".scene-matters a.roundcount", has_text="逾期").first
    figure.wait_for(timeout=LONG)
    shown = int(figure.locator("b").inner_text())
    figure.click()
    window.page.get_by_role("heading", name="问题清单").wait_for(timeout=LONG)
    told(window, f"共 {shown} 项，其中逾期 {shown} 项")
    window.page.get_by_role("button", name="清除", exact=True).click()
    window.page.wait_for_url(lambda url: "count=" not in url, timeout=LONG)
    window.settle(LONG)
    window.page.get_by_role("radio", name="统计", exact=True).click()
    window.settle(LONG)
    told(window, "平均工作日自交办日起算到回复")  # the list's own table has gone by then
    table = window.page.locator('[data-testid="stDataFrame"]').first
    table.locator("canvas").first.wait_for()
    # The third column of the first row: 未办完 of all.
    table.click(position={"x": 250, "y": 52})
    told(window, "合计　未办完")
    picture(window, "rates")
