"""The doors in a browser: sign-in, menu, sign-out, what happens when the session or the server goes away."""

import re
from urllib.parse import urlsplit

import pytest

from core.domain.grants import Grant
from core.domain.terms import Role
from core.services import sessions, users
from core.services.users import NewAccount
from pages.http.identity import SESSION_COOKIE
from tests.support.doors import NAME, PASSWORD, SYSTEM

pytestmark = pytest.mark.browser
_AFTER = "([selector]) => getComputedStyle(document.querySelector(selector), '::after').content"
# Streamlit asks for these beside every deep link before it asks at the root.
_EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 404")


def _sign_in(watched, doors, login: str, path: str) -> None:
    page = watched.page
    page.goto(f"{doors.url}{path}")
    assert urlsplit(page.url).path == "/login"
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("button")
    watched.settle()


def _errors(watched) -> list[str]:
    return [error for error in watched.console_errors if not _EXPECTED.search(error)]


def test_first_deep_link_leads_through_the_door_to_the_screen(doors, browser_page):
    _sign_in(browser_page, doors, "sec", "/users")
    page = browser_page.page
    page.get_by_role("heading", name="用户角色").wait_for()
    assert urlsplit(page.url).path == "/users"
    assert page.get_by_test_id("stDialog").count() == 0
    assert page.title().startswith("用户角色")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    menu = [text.strip() for text in page.get_by_test_id("stSidebarNavLink").all_inner_texts()]
    assert menu == ["导入中心", "用户角色", "大屏密钥", "修改密码"]
    assert NAME in page.locator(".wr-signed-in").inner_text()
    assert page.evaluate("document.cookie").find(SESSION_COOKIE) == -1
    assert _errors(browser_page) == []


def test_menu_leads_on_and_the_bare_address_to_the_first_screen(doors, browser_page):
    _sign_in(browser_page, doors, "sec", "/displays")
    page = browser_page.page
    page.get_by_role("link", name="用户角色").click()
    page.get_by_role("heading", name="用户角色").wait_for()
    page.goto(doors.url)
    page.get_by_role("heading", name="用户角色").wait_for()
    assert urlsplit(page.url).path == "/users"


def test_sign_out_button_ends_the_session(doors, browser_page):
    _sign_in(browser_page, doors, "sec", "/users")
    page = browser_page.page
    token = next(c["value"] for c in page.context.cookies() if c["name"] == SESSION_COOKIE)
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login")
    assert sessions.visit_of_token(token) is None
    page.go_back()
    page.wait_for_url("**/login**")
    assert NAME not in page.content()


def test_revoked_session_ends_at_the_sign_in_page_at_the_next_click(doors, browser_page):
    _sign_in(browser_page, doors, "sec", "/users")
    page = browser_page.page
    token = next(c["value"] for c in page.context.cookies() if c["name"] == SESSION_COOKIE)
    sessions.revoke(SYSTEM, sessions.token_hash(token))
    page.get_by_role("link", name="大屏密钥").click()
    page.wait_for_url("**/login**")
    assert "用户名" in page.content()


def test_wrong_password_and_lock_are_told_in_chinese(doors, browser_page):
    users.create(SYSTEM, NewAccount("locked", "锁定", (Grant(Role.LEADER),), PASSWORD))
    page = browser_page.page
    page.goto(f"{doors.url}/login")
    for _ in range(6):
        page.fill("#login", "locked")
        page.fill("#password", "falsch")
        page.click("button")
    assert "暂时锁定" in page.get_by_role("alert").inner_text()
    assert page.input_value("#login") == "locked"


def test_refused_screen_and_unknown_address_speak_chinese(doors, browser_page):
    _sign_in(browser_page, doors, "leader", "/users")
    page = browser_page.page
    page.get_by_text("您没有“用户与授权”权限").wait_for()
    page.goto(f"{doors.url}/nirgends")
    assert "没有这个页面" in page.content()


def test_lost_server_is_told_in_chinese_and_comes_back_by_itself(doors, browser_page):
    _sign_in(browser_page, doors, "sec", "/users")
    page = browser_page.page
    page.get_by_role("heading", name="用户角色").wait_for()
    doors.kill()
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testConnectionState !== 'CONNECTED'",
        timeout=20_000,
    )
    page.wait_for_function(f"() => ({_AFTER})(['[data-testid=stApp]']).includes('正在自动重连')", timeout=20_000)
    page.wait_for_timeout(9_000)  # Streamlit's own dialog comes after three to eight seconds
    assert not page.get_by_test_id("stDialog").is_visible()
    assert page.get_by_role("heading", name="用户角色").is_visible()
    doors.start()
    browser_page.settle(60_000)
    assert page.get_by_test_id("stDialog").count() == 0
    assert page.get_by_role("heading", name="用户角色").is_visible()


def test_upload_button_speaks_chinese(doors, browser_page):
    users.create(SYSTEM, NewAccount("sysad", "系统", (Grant(Role.SYSTEM_ADMIN),), PASSWORD))
    account = users.by_login(SYSTEM, "sysad")
    page = browser_page.page
    _sign_in(browser_page, doors, "sysad", "/imports")
    page.get_by_text("请先修改密码").or_(page.get_by_role("heading", name="修改密码")).first.wait_for()
    assert account.must_change_password
    for label, value in (("当前密码", PASSWORD), ("新密码", "Neu-Wort-77"), ("再次输入新密码", "Neu-Wort-77")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="修改密码").click()
    page.wait_for_url("**/login**")
    page.fill("#login", "sysad")
    page.fill("#password", "Neu-Wort-77")
    page.click("button")
    browser_page.open(f"{doors.url}/imports")
    uploader = page.get_by_test_id("stFileUploaderDropzone").first
    uploader.wait_for()
    assert page.evaluate(_AFTER, ["[data-testid=stFileUploaderDropzone] button"]) == '"选择文件"'
    assert "Upload" not in uploader.inner_text()
    assert "per file" not in uploader.inner_text()
