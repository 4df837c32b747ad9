"""大屏密钥, 审计, 系统状态: guard, what they store, empty stores."""

import pytest
from sqlalchemy import select

from core.domain.permissions import system_actor
from core.domain.terms import Role
from core.services import audits, displays, figures
from db.models.access import DisplayKey
from db.models.system import AuditEvent
from tests.factories import make_actor, make_county
from tests.support.screens import texts

pytestmark = pytest.mark.usefixtures("light_passwords")
SYSTEM = system_actor()
SECURITY = make_actor(Role.SECURITY_ADMIN, login="sec")
AUDITOR = make_actor(Role.AUDITOR, login="aud")
ADMIN = make_actor(Role.SYSTEM_ADMIN, login="sys")
SCREENS = {
    "admin/displays.py": Role.SECURITY_ADMIN,
    "admin/audit.py": Role.AUDITOR,
    "admin/system.py": Role.SYSTEM_ADMIN,
}


def _button(screen, label: str):
    return next(button for button in screen.button if button.label == label)


@pytest.mark.parametrize("script", SCREENS)
def test_admin_page_anonymous_is_sent_to_sign_in(sqlite_store, open_screen, script):
    screen = open_screen(script, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.title


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
@pytest.mark.parametrize("script", SCREENS)
def test_admin_page_every_role(sqlite_store, open_screen, script, role):
    screen = open_screen(script, make_actor(role))
    assert not screen.exception
    if role is SCREENS[script]:
        assert screen.title
        assert not screen.error
    else:
        assert "您没有" in screen.warning[0].value
        assert not screen.title


def test_displays_page_key_is_made_shown_once_and_revoked(sqlite_store, open_screen):
    screen = open_screen("admin/displays.py", SECURITY)
    assert "还没有大屏密钥" in screen.info[0].value
    screen.text_input[0].set_value("一楼 <i>大厅</i>")
    screen.text_input[1].set_value("10.1.2.3")
    _button(screen, "生成密钥").click()
    screen.run()
    key = screen.code[0].value.partition("/wall?key=")[2]
    assert displays.actor_of_key(key, "10.1.2.3").name == "一楼 <i>大厅</i>"
    assert "一楼 <i>大厅</i>" in texts(screen)
    _button(screen, "已打开，关闭").click()
    screen.run()
    assert not screen.code
    _button(screen, "吊销").click()
    screen.run()
    assert displays.actor_of_key(key, None) is None
    with sqlite_store.read() as connection:
        actors = connection.execute(select(AuditEvent.actor).where(AuditEvent.entity == "display_key")).scalars().all()
        assert connection.execute(select(DisplayKey.revoked_at)).scalar_one() is not None
    assert actors == ["sec", "sec"]
    assert "已吊销" in texts(screen)


def test_displays_page_refused_entry_says_why(sqlite_store, open_screen):
    screen = open_screen("admin/displays.py", SECURITY)
    screen.text_input[1].set_value("eins")
    _button(screen, "生成密钥").click()
    screen.run()
    assert "请填写大屏位置" in screen.error[0].value
    assert "IP 地址" in screen.error[0].value


def test_audit_page_empty_store_says_so(sqlite_store, open_screen):
    screen = open_screen("admin/audit.py", AUDITOR)
    screen.text_input[0].set_value("niemand")
    screen.run()
    assert "没有符合条件的记录" in screen.info[0].value


def test_audit_page_shows_filters_and_verifies(sqlite_store, open_screen):
    displays.create(SECURITY, "一楼")
    with sqlite_store.transaction(SYSTEM) as tx:
        make_county(tx, "南岭区")
    screen = open_screen("admin/audit.py", AUDITOR)
    screen.selectbox[2].set_value("display_key")
    screen.run()
    table = screen.dataframe[0].value
    assert table["操作人"].tolist() == ["sec"]
    assert table["动作"].tolist() == ["新增"]
    assert "位置：一楼" in table["内容"].tolist()[0]
    _button(screen, "校验审计链").click()
    screen.run()
    assert "校验通过" in screen.success[0].value
    assert audits.search(AUDITOR, audits.AuditFilter(action="audit_verified")).total == 1


def test_audit_page_tells_of_a_broken_chain(sqlite_store, open_screen):
    displays.create(SECURITY, "一楼")
    with sqlite_store.transaction(SYSTEM) as tx:
        tx.connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        tx.connection.exec_driver_sql("UPDATE audit_event SET actor = 'x' WHERE seq = 1")
    screen = open_screen("admin/audit.py", AUDITOR)
    _button(screen, "校验审计链").click()
    screen.run()
    assert "自第 1 条起" in screen.error[0].value


def test_system_page_shows_the_store_and_recounts(sqlite_store, open_screen):
    screen = open_screen("admin/system.py", ADMIN)
    assert {metric.label: metric.value for metric in screen.metric}["项目"] == "0"
    before = figures.version().seq
    _button(screen, "重新计算汇总").click()
    screen.run()
    assert "已重新计算" in screen.success[0].value
    assert figures.version().seq == before + 1
    with sqlite_store.read() as connection:
        last = connection.execute(select(AuditEvent.action, AuditEvent.actor).order_by(AuditEvent.seq.desc())).first()
    assert tuple(last) == ("recount", "sys")
