"""用户角色: who may open it, what its forms store, what an empty store and a refused entry look like."""

import pytest
from sqlalchemy import select

from core.domain.grants import Grant
from core.domain.permissions import system_actor
from core.domain.terms import Role
from core.services import auth, sessions, users
from core.services.users import NewAccount
from db.models.system import AuditEvent
from pages.components.state import Key
from tests.factories import make_actor, make_county
from tests.support.screens import texts

pytestmark = pytest.mark.usefixtures("light_passwords")
SCRIPT = "admin/users.py"
SYSTEM = system_actor()
PASSWORD = "Anfang-2026"
SECURITY = make_actor(Role.SECURITY_ADMIN, login="sec")


@pytest.fixture
def county(sqlite_store) -> int:
    with sqlite_store.transaction(SYSTEM) as tx:
        return make_county(tx, "南岭区")


@pytest.fixture
def person(county) -> int:
    users.create(SYSTEM, NewAccount("li.si", "李四", (Grant(Role.COUNTY, county),), PASSWORD))
    return users.by_login(SYSTEM, "li.si").id


def _button(screen, label: str):
    return next(button for button in screen.button if button.label == label)


def _pick(screen, row: int):
    screen.session_state[Key.USER_TABLE.value] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return screen.run()


def test_users_page_anonymous_is_sent_to_sign_in(sqlite_store, open_screen):
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.dataframe


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDITOR, Role.LEADER, Role.DISPLAY], ids=lambda r: r.value)
def test_users_page_wrong_role_sees_nothing(person, open_screen, role):
    screen = open_screen(SCRIPT, make_actor(role))
    assert "您没有“用户与授权”权限" in screen.warning[0].value
    assert not screen.dataframe
    assert "李四" not in texts(screen)


def test_users_page_empty_store_says_what_to_do(sqlite_store, open_screen):
    screen = open_screen(SCRIPT, SECURITY)
    assert not screen.exception
    assert "没有符合条件的账号。" in texts(screen)


def test_users_page_new_account_is_stored_and_its_password_shown_once(county, sqlite_store, open_screen):
    screen = open_screen(SCRIPT, SECURITY)
    for widget in screen.text_input:
        if widget.label == "用户名":
            widget.set_value("wang.wu")
        if widget.label == "姓名":
            widget.set_value("王五 <b>*x*</b>")
    next(w for w in screen.multiselect if w.label.startswith("县区填报")).set_value([county])
    _button(screen, "新建账号").click()
    screen.run()
    password = screen.code[0].value
    account = users.list_accounts(SYSTEM)[0]
    assert (account.user.login, account.user.name) == ("wang.wu", "王五 <b>*x*</b>")
    assert [(row.role, row.county_id) for row in account.grants] == [("county", county)]
    assert auth.sign_in("wang.wu", password, "10.0.0.1").actor.scope.county_ids == {county}
    with sqlite_store.read() as connection:
        actors = set(connection.execute(select(AuditEvent.actor).where(AuditEvent.entity == "user_role")).scalars())
    assert actors == {"sec"}
    _button(screen, "已转交，关闭").click()
    screen.run()
    assert not screen.code


def test_users_page_refused_entry_lists_every_problem(county, open_screen):
    screen = open_screen(SCRIPT, SECURITY)
    plain = next(w for w in screen.multiselect if w.label.startswith("角色"))
    plain.set_value([Role.SYSTEM_ADMIN, Role.AUDITOR])
    _button(screen, "新建账号").click()
    screen.run()
    told = screen.error[0].value
    assert "用户名为 2–32 位" in told
    assert "请填写姓名" in told
    assert "互斥" in told
    assert users.list_accounts(SYSTEM) == ()


def test_users_page_roles_of_a_person_are_changed(person, open_screen):
    screen = _pick(open_screen(SCRIPT, SECURITY), 0)
    next(w for w in screen.multiselect if w.label.startswith("角色")).set_value([Role.SUPERVISOR])
    next(w for w in screen.multiselect if w.label.startswith("县区填报")).set_value([])
    next(w for w in screen.text_input if w.label == "姓名").set_value("李四四")
    _button(screen, "保存姓名和角色").click()
    screen.run()
    account = users.list_accounts(SYSTEM)[0]
    assert [row.role for row in account.grants] == ["supervisor"]
    assert account.user.name == "李四四"
    assert "已保存" in screen.success[0].value


def test_users_page_disable_ends_sessions_and_enable_lets_in_again(person, open_screen):
    token = auth.sign_in("li.si", PASSWORD, "10.0.0.1").token
    screen = _pick(open_screen(SCRIPT, SECURITY), 0)
    assert "10.0.0.1" in texts(screen)
    _button(screen, "停用").click()
    screen.run()
    assert users.by_login(SYSTEM, "li.si").is_active is False
    assert sessions.visit_of_token(token) is None
    _button(_pick(screen, 0), "启用").click()
    screen.run()
    assert users.by_login(SYSTEM, "li.si").is_active is True


def test_users_page_one_session_is_ended(person, open_screen):
    first = auth.sign_in("li.si", PASSWORD, "10.0.0.1").token
    second = auth.sign_in("li.si", PASSWORD, "10.0.0.2").token
    screen = _pick(open_screen(SCRIPT, SECURITY), 0)
    next(b for b in screen.button if b.key == f"end_{sessions.token_hash(first)}").click()
    screen.run()
    assert sessions.visit_of_token(first) is None
    assert sessions.visit_of_token(second) is not None


def test_users_page_locked_account_is_unlocked(person, open_screen):
    for _ in range(5):
        with pytest.raises(Exception, match="WR-401"):
            auth.sign_in("li.si", "falsch", "10.0.0.1")
    screen = _pick(open_screen(SCRIPT, SECURITY), 0)
    assert "已锁定至 14:15" in texts(screen)
    _button(screen, "解锁").click()
    screen.run()
    assert auth.sign_in("li.si", PASSWORD, "10.0.0.1")


def test_users_page_new_password_replaces_the_old_one(person, open_screen):
    screen = _pick(open_screen(SCRIPT, SECURITY), 0)
    _button(screen, "重置密码").click()
    screen.run()
    assert auth.sign_in("li.si", screen.code[0].value, "10.0.0.1")
    with pytest.raises(Exception, match="WR-401"):
        auth.sign_in("li.si", PASSWORD, "10.0.0.1")


def test_users_page_ties_an_account_to_its_mail_and_superior(person, open_screen):
    users.create(SYSTEM, NewAccount("zhang.san", "张三", (Grant(Role.LEADER),), PASSWORD))
    boss = users.by_login(SYSTEM, "zhang.san").id
    screen = _pick(open_screen(SCRIPT, SECURITY), 0)
    fields = {field.label: field for field in [*screen.text_input, *screen.selectbox]}
    fields["电子邮箱"].set_value("li.si")
    fields["上级"].set_value(boss)
    refused = _button(screen, "保存提醒与上级").click().run()
    assert "电子邮箱写法有误" in texts(refused)
    fields = {field.label: field for field in refused.text_input}
    fields["电子邮箱"].set_value("li.si@city.example")
    done = _button(refused, "保存提醒与上级").click().run()
    assert "已保存 li.si 的提醒与上级" in texts(done).replace("\\", "")
    found = users.by_login(SYSTEM, "li.si")
    assert (found.email, found.superior_id, found.person_id) == ("li.si@city.example", boss, None)
