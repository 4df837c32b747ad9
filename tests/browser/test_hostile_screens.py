"""A city full of hostile names in a real browser: no dialog, script, element, link or request comes from data."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import func, select, update

from core.services import displays, figures, milestones
from db import session as stores
from db.models import Parcel
from db.models.access import User
from db.seed.content.accounts import DEMO_PASSWORD
from tests.factories import (
    SYSTEM,
    YI,
    make_county,
    make_headquarters,
    make_milestone,
    make_parcel,
    make_problem,
    make_project,
    make_report,
)
from tests.support import payloads
from tests.support.streamlit_client import cookies_of, sign_in
from tests.support.web import LiveServer, Watched, watch

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

DETAILS = int(os.environ.get("WR_TEST_HOSTILE_DETAILS", "12"))
NAMES = tuple(payload[:200] for payload in (*payloads.XSS, *payloads.MARKDOWN, *payloads.TEMPLATE, *payloads.ODD))
PIXEL = f"<img {payloads.MARK} src=x onerror={payloads.RUN}>"
PICTURE = f"![图]({payloads.FOREIGN}/p.png)"
ACCOUNTS = ("supervisor", "secadmin", "auditor", "sysadmin")
PROBE = re.compile(r"Failed to load resource: the server responded with a status of 40[14]")
# Looks into shadow roots too: the wall lives in one.
INJECTED = """() => {
  const found = [], walk = root => {
    for (const element of root.querySelectorAll('*')) {
      const away = ['href', 'src', 'action', 'formaction', 'data'].filter(name => {
        try { const to = new URL(element.getAttribute(name), location.href);
              return element.hasAttribute(name) && (to.hostname === 'evil.example' || to.protocol === 'javascript:'); }
        catch { return false; }
      });
      if (element.hasAttribute('data-xss') || away.length) found.push(element.outerHTML.slice(0, 200));
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  return { ran: window.__xss ?? null, found };
}"""


@pytest.fixture(scope="module")
def city(live_server: LiveServer) -> Iterator[dict[str, object]]:
    """The demo city of the server with hostile rows in every table that has text."""
    store = stores.open_store(live_server.settings.database_url)
    stores.use_store(store)
    figures.version()
    today = store.today()
    with store.transaction(SYSTEM) as tx:
        center = tx.connection.execute(
            select(func.avg(Parcel.center_longitude), func.avg(Parcel.center_latitude))
        ).one()
        ring = [[round(center[0] + x, 4), round(center[1] + y, 4)] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, -1))]
        county = make_county(tx, PIXEL, boundary=f'{{"type":"Polygon","coordinates":[{ring}]}}')
        headquarters = make_headquarters(tx, PIXEL)
        projects = []
        for number, name in enumerate(NAMES):
            place = {"longitude": center[0] + number / 500, "latitude": center[1] + number / 900}
            project = make_project(
                tx, county, name, content=name, location=name, owner_name=name, remark=name, done_yuan={1: YI}, **place
            )
            tx.update(_project(), project, {"headquarters_id": headquarters}, expected_version=1)
            make_milestone(tx, project, today + timedelta(days=number % 5), name[:100], note=name)
            make_problem(tx, project, name, description=name)
            make_report(tx, project, 10, YI, difficulty=name, next_step=name, physical_progress=name)
            make_parcel(tx, county, project, west=round(center[0] + number / 400, 4), name=name[:100], location=name)
            tx.record("note", "project", project, project_id=project, headline=name, reason=name)
            projects.append(project)
        top = make_parcel(
            tx,
            county,
            projects[0],
            west=round(center[0] - 0.4, 4),
            south=round(center[1] - 0.4, 4),
            size=0.8,
            name=PIXEL,
        )
        users = tx.connection.execute(select(User.id).where(User.login.in_(("unit", "hq")))).scalars().all()
        for user, name in zip(users, (PIXEL, PICTURE), strict=True):
            tx.connection.execute(update(User).where(User.id == user).values(name=name))
    first = milestones.my_list(SYSTEM, milestones.MilestoneFilter(project_id=projects[2])).rows[0]
    milestones.complete(SYSTEM, first.id, today, PIXEL, first.version)
    key = displays.create(SYSTEM, PIXEL[:60]).key
    displays.create(SYSTEM, PICTURE[:60])
    cookies = {account: sign_in(live_server.url, account, DEMO_PASSWORD) for account in ACCOUNTS}
    yield {"projects": projects, "parcel": top, "key": key, **cookies}
    stores.use_store(None)
    store.dispose()


def _project():
    from db.models import Project

    return Project


@pytest.fixture
def window(browser) -> Iterator[Watched]:
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1600, "height": 1100})
    watched = Watched(context.new_page())
    watch(context, watched)
    dialogs: list[str] = []
    watched.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield watched
    assert dialogs == []
    assert watched.foreign_requests == []
    assert [text for text in watched.console_errors if not PROBE.match(text)] == []
    context.close()


def _sign_in(window: Watched, server: LiveServer, city: dict, account: str) -> None:
    window.page.context.clear_cookies()
    window.page.context.add_cookies(cookies_of(server.url, city[account]))


def _open(window: Watched, address: str) -> None:
    window.page.goto(address)
    window.settle(60_000)
    window.page.wait_for_function("() => !document.querySelector('[data-testid=\"stSkeleton\"]')", timeout=60_000)
    _check(window)


def _check(window: Watched) -> None:
    assert window.page.evaluate(INJECTED) == {"ran": None, "found": []}, window.page.url
    assert window.page.locator('[data-testid="stException"]').count() == 0
    assert window.page.get_by_text("意外问题").count() == 0


def test_the_probe_sees_what_runs_and_what_is_injected(window: Watched, live_server: LiveServer) -> None:
    window.page.goto(f"{live_server.url}/login")
    window.page.evaluate(
        "([html, link]) => { const host = document.body.appendChild(document.createElement('div'));"
        " host.attachShadow({mode: 'open'}).innerHTML = html + link; }",
        [f"<b {payloads.MARK}></b>", f"<a href='{payloads.FOREIGN}'>x</a><a href='javascript:1'>y</a>"],
    )
    assert len(window.page.evaluate(INJECTED)["found"]) == 3


@pytest.mark.parametrize("path", ["ledger", "milestones?bucket=week", "reports", "map", "rates"])
def test_lists_of_hostile_rows_are_text(window: Watched, live_server: LiveServer, city: dict, path: str) -> None:
    _sign_in(window, live_server, city, "supervisor")
    _open(window, f"{live_server.url}/{path}")
    window.page.wait_for_timeout(500)
    _check(window)


def test_details_of_hostile_projects_are_text(window: Watched, live_server: LiveServer, city: dict) -> None:
    _sign_in(window, live_server, city, "supervisor")
    for project, name in list(zip(city["projects"], NAMES, strict=True))[:DETAILS]:
        _open(window, f"{live_server.url}/project?id={project}")
        assert window.page.locator(".wr-name h1").inner_text().split() == name.split()


def test_hostile_milestone_is_text_in_its_panel(window: Watched, live_server: LiveServer, city: dict) -> None:
    _sign_in(window, live_server, city, "supervisor")
    opened = 0
    for project in city["projects"][:6]:
        _open(window, f"{live_server.url}/milestones?bucket=open&project={project}")
        box = window.page.locator('[data-testid="stDataFrame"]')
        if not box.count():
            continue
        area = box.bounding_box()
        window.page.mouse.click(area["x"] + 150, area["y"] + 52)
        window.page.get_by_text("调整基线").first.wait_for(state="visible", timeout=20_000)
        window.settle()
        _check(window)
        opened += 1
    assert opened, "none of the hostile projects had an open milestone"


def test_map_shows_hostile_names_in_tooltip_and_panel_as_text(
    window: Watched, live_server: LiveServer, city: dict
) -> None:
    _sign_in(window, live_server, city, "supervisor")
    _open(window, f"{live_server.url}/map?plot={city['parcel']}")
    assert PIXEL in window.page.locator(".wr-panel").first.inner_text()
    chart = window.page.locator('[data-testid="stDeckGlJsonChart"]')
    chart.locator("canvas").first.wait_for()
    tip = chart.locator(".deck-tooltip")
    area = chart.bounding_box()
    for step in range(40):
        window.page.mouse.move(
            area["x"] + area["width"] * (0.2 + 0.015 * step), area["y"] + area["height"] * (0.35 + 0.008 * step)
        )
        window.page.wait_for_timeout(250)
        if tip.count() and tip.first.is_visible() and payloads.MARK in tip.first.inner_text():
            break
    assert payloads.MARK in tip.first.inner_text(), "no hostile name came under the mouse"
    _check(window)


def test_wall_shows_hostile_names_as_text_in_every_scene(window: Watched, live_server: LiveServer, city: dict) -> None:
    page = window.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{live_server.url}/wall?key={city['key']}")
    page.wait_for_selector(".wall[data-state=live]", timeout=60_000)
    for number in range(1, page.locator(".tab").count() + 1):
        page.keyboard.press(str(number))
        page.locator(f".tab:nth-of-type({number}).on").wait_for()
        page.wait_for_timeout(700)
        _check(window)
    assert payloads.MARK in page.locator(".wall").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_hostile_accounts_displays_and_audit_are_text(window: Watched, live_server: LiveServer, city: dict) -> None:
    _sign_in(window, live_server, city, "secadmin")
    for row in range(8):
        _open(window, f"{live_server.url}/users")
        area = window.page.locator('[data-testid="stDataFrame"]').first.bounding_box()
        window.page.mouse.click(area["x"] + 20, area["y"] + 52 + 35 * row)
        window.page.get_by_role("button", name="重置密码").wait_for(state="visible", timeout=20_000)
        window.settle()
        _check(window)
    _open(window, f"{live_server.url}/displays")
    assert PIXEL[:60] in window.page.locator("body").inner_text()
    _sign_in(window, live_server, city, "auditor")
    _open(window, f"{live_server.url}/audit")
    area = window.page.locator('[data-testid="stDataFrame"]').first.bounding_box()
    window.page.mouse.click(area["x"] + 20, area["y"] + 52)
    window.page.get_by_text("校验值").first.wait_for(state="visible", timeout=20_000)
    _check(window)


@pytest.mark.parametrize("page", ["ledger", "map", "milestones", "login"])
def test_hostile_addresses_are_text(window: Watched, live_server: LiveServer, city: dict, page: str) -> None:
    _sign_in(window, live_server, city, "supervisor")
    for payload in (payloads.XSS[2], payloads.XSS[3], payloads.XSS[1], payloads.MARKDOWN[0], payloads.TEMPLATE[3]):
        address = f"{live_server.url}/{page}?q={quote(payload)}&next={quote(payload)}&county={quote(payload)}"
        if page == "login":
            window.page.goto(address)
            _check(window)
        else:
            _open(window, address)


def test_typed_into_every_search_box_it_stays_text(window: Watched, live_server: LiveServer, city: dict) -> None:
    _sign_in(window, live_server, city, "supervisor")
    for path, label in (("ledger", "查找"), ("milestones", "搜索"), ("reports", "搜索")):
        _open(window, f"{live_server.url}/{path}")
        for payload in (PIXEL, PICTURE, payloads.SQL[1]):
            box = window.page.get_by_label(label).first
            box.fill(payload)
            box.press("Enter")
            window.page.wait_for_timeout(200)
            window.settle()
            _check(window)
