"""The desk of daily work in a real browser: clicks counted, a block of cells pasted, nothing typed lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.domain.period import Month
from core.domain.terms import ReportStatus
from core.services import milestones, reports
from db import session
from db.models import County, InvestmentReport, Milestone
from db.queries.milestones import MilestoneFilter
from db.queries.reports import ReportFilter
from db.seed.content.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from pages.components.desk.report_grid import COLUMN_WIDTHS
from tests.factories import SYSTEM, make_milestone, make_project
from tests.support.web import LiveServer, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
LOGIN = "county"
COUNTY = next(account.county for account in DEMO_ACCOUNTS if account.login == LOGIN)
NASTY = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>' + "长" * 120
LINE = 35  # pixels of a grid's header and of each row
WAN = 10_000


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> Iterator[session.Store]:
    """The server's own store, opened by the test as a second process would."""
    opened = session.open_store(live_server.settings.database_url)
    session.use_store(opened)
    yield opened
    session.use_store(None)
    opened.dispose()


@pytest.fixture(scope="module")
def county(store) -> int:
    with store.read() as connection:
        return connection.execute(select(County.id).where(County.name == COUNTY)).scalar_one()


@pytest.fixture
def desk(live_server: LiveServer, store, browser_page: Watched) -> Watched:
    """A page signed in as the county's reporter, at the size of an office screen."""
    page = browser_page.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/login")
    page.fill("#login", LOGIN)
    page.fill("#password", DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    return browser_page


def stored(store, model, *where):
    with store.read() as connection:
        return connection.execute(select(model.__table__).where(*where)).mappings().one_or_none()


def click_cell(watched: Watched, row: int, x: int) -> None:
    """Click a cell of the first grid, which is painted on a canvas."""
    table = watched.page.locator('[data-testid="stDataFrame"]').first
    table.locator("canvas").first.wait_for()
    watched.settle()
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    watched.page.mouse.click(box["x"] + x, box["y"] + LINE * row + LINE * 1.5)


def press(watched: Watched, label: str) -> None:
    watched.page.get_by_role("button", name=label, exact=True).click()


def choose(watched: Watched, label: str) -> None:
    """Click one part of a segmented control."""
    watched.page.get_by_role("radio", name=label, exact=True).click()


def picture(watched: Watched, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    watched.settle()
    watched.page.screenshot(path=ARTIFACTS / f"desk-{name}.png")


def test_milestone_is_completed_in_two_clicks_and_undone_in_one(live_server, store, county, desk) -> None:
    first = milestones.my_list(SYSTEM, MilestoneFilter(county_id=county)).rows[0]
    desk.open(f"{live_server.url}/milestones")
    click_cell(desk, 0, 250)
    desk.page.locator(".wr-node-name", has_text=first.name).wait_for()
    picture(desk, "milestone")
    press(desk, "登记完成")
    desk.page.get_by_text(f"已登记完成：{first.project_name} · {first.name}").wait_for()
    assert stored(store, Milestone, Milestone.id == first.id)["actual_on"] == store.today()
    picture(desk, "milestone-done")
    press(desk, "撤销")
    desk.page.get_by_text("已撤销完成登记").wait_for()
    assert stored(store, Milestone, Milestone.id == first.id)["actual_on"] is None


def test_second_person_sees_both_versions_and_loses_nothing(live_server, store, county, desk) -> None:
    first = milestones.my_list(SYSTEM, MilestoneFilter(county_id=county)).rows[0]
    desk.open(f"{live_server.url}/milestones")
    click_cell(desk, 0, 250)
    desk.page.get_by_label("完成情况（可不填）").fill("我写的情况")
    milestones.forecast(
        SYSTEM, first.id, store.today().replace(year=store.today().year + 1, day=1), "对方改了预计", first.version
    )
    press(desk, "登记完成")
    desk.page.locator(".wr-conflict").wait_for()
    assert "我写的情况" in desk.page.inner_text(".wr-conflict")
    picture(desk, "conflict")
    press(desk, "以我的为准再次提交")
    desk.page.get_by_text("已登记完成：").wait_for()
    assert stored(store, Milestone, Milestone.id == first.id)["note"] == "我写的情况"


def _take_back(store: session.Store, projects: list[int], month: Month) -> None:
    """Whether the demo's reports are in already depends on the day; here they are not."""
    open_again = {"status": ReportStatus.MISSING.value, "done_yuan": None}
    with store.transaction(SYSTEM) as tx:
        of_month = (InvestmentReport.year == month.year, InvestmentReport.month == month.number)
        sent = select(InvestmentReport.id).where(InvestmentReport.project_id.in_(projects), *of_month)
        for report_id in tx.connection.execute(sent).scalars().all():
            tx.update(InvestmentReport, report_id, open_again, expected_version=None)


def test_block_of_cells_is_pasted_survives_another_month_and_is_sent(live_server, store, county, desk) -> None:
    month = reports.last_open_month()
    rows = reports.sheet(SYSTEM, month, ReportFilter(county_id=county)).rows
    row, two = 0, [rows[0].project.id, rows[1].project.id]
    _take_back(store, two, month)
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.open(f"{live_server.url}/reports?month={month}")
    left = sum(
        width
        for name, width in COLUMN_WIDTHS.items()
        if name in ("项目", "状态", "请核实", "月计划", "上月完成", "年累计")
    )
    click_cell(desk, row, left + 40)
    desk.page.evaluate("text => navigator.clipboard.writeText(text)", "1,120.5\t\t100\t路基完成\n230\t\t\t桥墩完成")
    desk.page.keyboard.press("Control+V")
    desk.page.wait_for_timeout(300)  # the grid takes a paste over in its own time and tells nobody
    picture(desk, "grid")
    earlier = month.shift(-1)
    choose(desk, f"{earlier.number}月")
    desk.page.get_by_text(earlier.label).wait_for()
    choose(desk, f"{month.number}月")
    desk.page.get_by_text(month.label).wait_for()
    press(desk, "提交")
    desk.page.get_by_text("2 个项目已提交").wait_for()
    picture(desk, "grid-sent")
    for project_id, yuan, progress in zip(two, (11_205_000, 230 * WAN), ("路基完成", "桥墩完成"), strict=True):
        found = stored(
            store,
            InvestmentReport,
            InvestmentReport.project_id == project_id,
            InvestmentReport.year == month.year,
            InvestmentReport.month == month.number,
        )
        assert (found["status"], found["done_yuan"], found["physical_progress"]) == ("submitted", yuan, progress)
        assert found["submitted_by"] == LOGIN


def test_hostile_names_are_text_everywhere_on_the_desk(live_server, store, county, desk) -> None:
    with store.transaction(SYSTEM) as tx:
        project = make_project(tx, county, NASTY)
        make_milestone(tx, project, store.today(), NASTY, note=NASTY)
    desk.open(f"{live_server.url}/milestones?project={project}")
    click_cell(desk, 0, 250)
    desk.page.locator(".wr-node-name").wait_for()
    picture(desk, "hostile")
    press(desk, "登记完成")
    desk.page.get_by_text("已登记完成：").wait_for()
    desk.open(f"{live_server.url}/reports")
    choose(desk, "未报名单")
    picture(desk, "late")
    assert desk.page.evaluate("window.broken") is None
    assert desk.page.locator('[data-testid="stException"]').count() == 0


def test_every_number_of_the_rates_opens_the_ledger(live_server, desk) -> None:
    desk.open(f"{live_server.url}/rates")
    picture(desk, "rates")
    link = desk.page.locator('.wr-rates a[href="/ledger?measure=new_started"]').first
    link.click()
    desk.page.wait_for_url("**/ledger?measure=new_started")
    assert desk.page.locator('[data-testid="stException"]').count() == 0
