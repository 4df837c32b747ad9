"""导入中心 in a real browser: a dirty ledger is dropped, mended, applied, seen on another window's wall, undone."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from sqlalchemy import func, select

from core.services import displays
from db import session as stores
from db.models import County, ImportBatch, Project
from db.seed.content.accounts import DEMO_PASSWORD
from pages.components.import_mending import COLUMN_WIDTHS
from tests.factories import SYSTEM
from tests.support.web import LiveServer, Watched, watch
from tests.unit.importers.ledgers import CODE, COUNTY, NAME, TOTAL, ledger, xlsx

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
ARTIFACTS.mkdir(exist_ok=True)
TILE = '[data-panel="tile_projects"]'
LINE = 35  # pixels of a grid's header and of each row
MENDED_AT = sum(list(COLUMN_WIDTHS.values())[:4]) + 80  # middle of the column 改为
NAMES = ("临空科创智能装备产业园", "临空科创零碳产业园", "临空科创数据产业园")


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> Iterator[stores.Store]:
    opened = stores.open_store(live_server.settings.database_url)
    stores.use_store(opened)
    yield opened
    stores.use_store(None)
    opened.dispose()


@pytest.fixture
def windows(browser, live_server: LiveServer, store: stores.Store) -> Iterator[tuple[Watched, Watched]]:
    """Two windows that share nothing: the desk of the supervision office, and the wall."""
    contexts = [
        browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": width, "height": height})
        for width, height in ((1440, 900), (1920, 1080))
    ]
    desk, wall = (Watched(context.new_page()) for context in contexts)
    for context, watched in zip(contexts, (desk, wall), strict=True):
        watch(context, watched)
    desk.page.goto(f"{live_server.url}/login?next=/imports")
    desk.page.fill("#login", "supervisor")
    desk.page.fill("#password", DEMO_PASSWORD)
    desk.page.click("button[type=submit]")
    desk.page.get_by_role("heading", name="导入记录").wait_for(timeout=60_000)
    desk.settle()
    wall.page.goto(f"{live_server.url}/wall?key={displays.create(SYSTEM, '导入').key}")
    wall.page.wait_for_selector(".wall[data-state=live]", timeout=60_000)
    yield desk, wall
    for context in contexts:
        context.close()
    assert desk.foreign_requests == wall.foreign_requests == []


def a_county(store: stores.Store) -> str:
    with store.read() as connection:
        return connection.execute(select(County.name).order_by(County.id).limit(1)).scalar_one()


def rows_of(count: int, county: str, prefix: str = "") -> list[list[object]]:
    rows, year = ledger(count), str(date.today().year)
    rows[0][0] = f"{year}年市重点项目调度表"
    rows[2] = [str(head).replace("2026", year) for head in rows[2]]
    for number, row in enumerate(rows[3:]):
        row[COUNTY], row[CODE] = county, f"2611-371302-04-01-{900_000 + number:06d}"
        row[NAME] = NAMES[number] if count == len(NAMES) else f"{prefix}第{number}号产业园"
    return rows


def counted(store: stores.Store, *where) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(Project).where(*where)).scalar_one()


def drop(desk: Watched, data: bytes, name: str = "重点项目调度表.xlsx") -> None:
    page = desk.page
    # The page draws once more for the file: its name stands there when that is done.
    page.set_input_files("input[type=file]", [{"name": name, "mimeType": "application/octet-stream", "buffer": data}])
    page.get_by_text(name, exact=True).first.wait_for(timeout=60_000)
    desk.settle()
    page.get_by_role("button", name="检查文件").click()
    page.get_by_text(f"预览：{name}").wait_for(timeout=120_000)
    desk.settle(120_000)


def mend(desk: Watched, row: int, text: str) -> None:
    """Type into 改为 of a row of the grid, counted from 0."""
    page = desk.page
    editor = page.locator(".gdg-input, .gdg-growing-entry textarea").last
    for patience in (2_000, 5_000, 15_000, 30_000):  # a grid that is being laid out again takes no double click
        desk.settle()
        grid = page.locator('[data-testid="stDataFrame"]:visible').first
        grid.scroll_into_view_if_needed()
        box = grid.bounding_box()
        page.mouse.dblclick(box["x"] + MENDED_AT, box["y"] + LINE * (row + 1) + LINE / 2)
        with suppress(PlaywrightTimeout):
            editor.wait_for(state="visible", timeout=patience)
            break
    editor.fill(text)
    page.keyboard.press("Enter")
    editor.wait_for(state="hidden", timeout=10_000)


def test_dirty_ledger_is_mended_applied_seen_on_the_wall_and_undone(windows, store, live_server) -> None:
    desk, wall = windows
    page, before, projects = desk.page, wall.page.locator(TILE).inner_text(), counted(store)
    rows = rows_of(3, a_county(store))
    rows[4][TOTAL], rows[5][COUNTY] = "约5000", "火星区"
    drop(desk, xlsx(rows))
    page.screenshot(path=ARTIFACTS / "import-problems.png")
    page.get_by_role("tab", name="待修正（2）").click()
    mend(desk, 0, "20200")
    mend(desk, 1, a_county(store))
    page.screenshot(path=ARTIFACTS / "import-mending.png")
    page.get_by_role("button", name="保存修改并重新检查").click()
    page.get_by_role("button", name="确认导入 3 项").click(timeout=60_000)
    page.get_by_text("已导入批次").first.wait_for(timeout=60_000)
    assert counted(store) == projects + 3
    assert counted(store, Project.name == NAMES[1], Project.total_investment_yuan == 202_000_000) == 1

    told = "导入项目台账：新增 3 项"
    wall.page.get_by_text(told).first.wait_for(state="attached", timeout=15_000)
    tile = wall.page.locator(TILE).element_handle()
    wall.page.wait_for_function("([tile, old]) => tile.innerText !== old", arg=[tile, before], timeout=15_000)

    desk.settle()
    table = page.locator('[data-testid="stDataFrame"]:visible').last
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + LINE * 1.5)
    page.get_by_role("button", name="撤销", exact=True).click(timeout=20_000)
    page.get_by_label("撤销原因").fill("演练")
    page.screenshot(path=ARTIFACTS / "import-undo.png")
    page.get_by_role("button", name="撤销该批次").click()
    page.get_by_text("已撤销：恢复 0 条").first.wait_for(timeout=60_000)
    assert counted(store) == projects
    wall.page.wait_for_function("([tile, old]) => tile.innerText === old", arg=[tile, before], timeout=15_000)
    with store.read() as connection:
        batch = connection.execute(select(ImportBatch.status, ImportBatch.undone_by)).all()[-1]
    assert tuple(batch) == ("undone", "supervisor")


def test_long_import_shows_progress_serves_others_and_can_be_cancelled(windows, store, live_server) -> None:
    desk, wall = windows
    page, projects = desk.page, counted(store)
    drop(desk, xlsx(rows_of(6_000, a_county(store), "百园行动")), "大表.xlsx")
    page.screenshot(path=ARTIFACTS / "import-large.png")
    page.get_by_role("button", name="确认导入").click()
    cancel = page.get_by_role("button", name="取消", exact=True)
    cancel.wait_for(state="visible", timeout=30_000)
    page.screenshot(path=ARTIFACTS / "import-running.png")
    started = time.perf_counter()
    assert wall.page.request.get(f"{live_server.url}/healthz").status == 200
    assert counted(store) == projects
    assert time.perf_counter() - started < 1.0
    cancel.click()
    page.get_by_text("已取消，没有写入任何数据").first.wait_for(timeout=60_000)
    assert counted(store) == projects
    with store.read() as connection:
        status = connection.execute(select(ImportBatch.status).order_by(ImportBatch.id.desc()).limit(1)).scalar_one()
    assert status == "checked"
