"""修改密码: who may, what is stored, what is refused."""

import pytest
from sqlalchemy import select

from core.domain.grants import Grant
from core.domain.permissions import Actor, system_actor
from core.domain.terms import Role
from core.services import auth, users
from core.services.actors import actor_of_account
from core.services.users import NewAccount
from db.models.access import User
from db.models.system import AuditEvent

pytestmark = pytest.mark.usefixtures("light_passwords")
SCRIPT = "account/password.py"
FIRST = "Anfang-2026"


def _person(store) -> Actor:
    users.create(system_actor(), NewAccount("zhang.san", "张三", (Grant(Role.LEADER),), FIRST))
    with store.read() as connection:
        return actor_of_account(connection, 1, "zhang.san", "张三")


def _fill(screen, current: str, new: str, again: str):
    for widget, value in zip(screen.text_input, (current, new, again), strict=True):
        widget.set_value(value)
    screen.button[0].click()
    return screen.run()


def test_password_page_anonymous_is_sent_to_sign_in(sqlite_store, open_screen):
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.text_input


def test_password_page_new_password_is_stored_and_sessions_end(sqlite_store, open_screen):
    actor = _person(sqlite_store)
    session = auth.sign_in("zhang.san", FIRST, "10.0.0.1")
    screen = _fill(open_screen(SCRIPT, actor), FIRST, "Neu-Wort-77", "Neu-Wort-77")
    assert "密码已修改" in screen.success[0].value
    assert auth.sign_in("zhang.san", "Neu-Wort-77", "10.0.0.1").must_change_password is False
    from core.services import sessions

    assert sessions.visit_of_token(session.token) is None
    with sqlite_store.read() as connection:
        new = connection.execute(
            select(AuditEvent.new).where(AuditEvent.entity == "user_account", AuditEvent.action == "update")
        ).scalar_one()
        stored = connection.execute(select(User.password_hash)).scalar_one()
    assert '"password_hash":"***"' in new
    assert stored.startswith("$argon2id$")


def test_password_page_all_problems_are_told_at_once(sqlite_store, open_screen):
    screen = _fill(open_screen(SCRIPT, _person(sqlite_store)), "falsch", "kurz", "anders")
    told = screen.error[0].value
    assert "当前密码不正确" in told
    assert "至少 8 个字符" in told
    assert "至少三类" in told
    assert "两次输入的新密码不一致" in told
    assert auth.sign_in("zhang.san", FIRST, "10.0.0.1").actor.login == "zhang.san"
