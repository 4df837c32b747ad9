"""日历订阅 on 节点填报 and its revocation by the security administrator."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.domain.grants import Grant
from core.domain.permissions import Actor
from core.domain.terms import Role
from core.services import feeds, figures, users
from core.services.users import NewAccount
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_project
from tests.support.screens import texts

pytestmark = pytest.mark.usefixtures("light_passwords")
SECURITY = make_actor(Role.SECURITY_ADMIN, login="sec")
SCRIPT = "project/milestones.py"


@pytest.fixture
def filler(sqlite_store: Any) -> Actor:
    with sqlite_store.transaction(SYSTEM) as tx:
        county = make_county(tx, "东湖区")
        make_milestone(tx, make_project(tx, county, "东湖大桥"), date(2026, 12, 1), "合龙")
    users.create(SECURITY, NewAccount("chen", "陈", (Grant(Role.COUNTY, county),), "Anfang-2026"))
    figures.version()
    actor = make_actor(Role.COUNTY, counties=[county], login="chen")
    return replace(actor, user_id=users.by_login(SECURITY, "chen").id)


def _button(screen: Any, label: str) -> Any:
    return next(button for button in screen.button if button.label == label)


def test_feed_is_made_its_address_shown_once_and_revoked(filler: Actor, open_screen: Any) -> None:
    screen = open_screen(SCRIPT, filler)
    next(field for field in screen.text_input if field.label == "订阅用途").set_value("手机 *日历*")
    _button(screen, "生成地址").click()
    screen.run()
    (made,) = feeds.list_own(filler)
    assert made.label == "手机 *日历*"
    address = screen.code[0].value
    assert address.startswith("http")
    assert address.endswith(".ics")
    assert "手机 \\*日历\\*" in texts(screen)
    _button(screen, "已复制，关闭").click()
    screen.run()
    assert not screen.code
    _button(screen, "停用").click()
    screen.run()
    assert feeds.list_own(filler) == ()
    assert "已停用" in texts(screen)


def test_feed_without_a_label_is_told(filler: Actor, open_screen: Any) -> None:
    screen = open_screen(SCRIPT, filler)
    _button(screen, "生成地址").click()
    screen.run()
    assert "请填写订阅用途" in screen.error[0].value
    assert feeds.list_own(filler) == ()


def test_feed_box_is_not_for_those_who_may_not_export(filler: Actor, open_screen: Any) -> None:
    screen = open_screen(SCRIPT, make_actor(Role.SYSTEM_ADMIN))
    assert not screen.exception
    assert not [button for button in screen.button if button.label == "生成地址"]


def test_security_admin_sees_and_ends_the_feeds_of_others(filler: Actor, open_screen: Any) -> None:
    feeds.create(filler, "手机")
    screen = open_screen("admin/displays.py", SECURITY)
    assert "日历订阅" in texts(screen)
    _button(screen, "停用").click()
    screen.run()
    assert feeds.list_own(filler) == ()
