"""``manage.py user`` and ``manage.py display``: what is stored, what is printed, what is refused."""

import io
import sys

import pytest

from core.commands import build_parser
from core.domain.errors import Invalid, NotFound
from core.domain.permissions import system_actor
from core.domain.terms import Role
from core.services import auth, displays, users
from tests.factories import make_county

pytestmark = pytest.mark.usefixtures("light_passwords", "sqlite_store")
SYSTEM = system_actor()


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("Anfang-2026\n"))


def _manage(*words: str) -> int:
    arguments = build_parser().parse_args(words)
    return arguments.handler(arguments)


def test_user_add_prints_a_made_password_once(capsys):
    assert _manage("user", "add", "wang", "--name", "王五", "--role", "security_admin", "--generate") == 0
    password = capsys.readouterr().out.partition("（只显示这一次）：")[2].strip()
    assert auth.sign_in("wang", password, "local").must_change_password is True


def test_user_add_reads_the_password_and_binds_by_name(sqlite_store, capsys):
    with sqlite_store.transaction(SYSTEM) as tx:
        county = make_county(tx, "南岭区")
    words = ("--role", "county", "--county", "南岭区", "--role", "leader", "--password-stdin")
    assert _manage("user", "add", "wang", "--name", "王五", *words) == 0
    assert "Anfang" not in capsys.readouterr().out
    actor = auth.sign_in("wang", "Anfang-2026", "local").actor
    assert actor.roles == {Role.COUNTY, Role.LEADER}
    assert [row.county_id for row in users.list_accounts(SYSTEM)[0].grants] == [county, None]


def test_user_add_unknown_role_and_county_are_told_together():
    with pytest.raises(Invalid) as caught:
        _manage("user", "add", "wang", "--name", "王五", "--role", "king", "--county", "无此县", "--generate")
    assert [problem.field for problem in caught.value.problems] == ["role", "county"]
    with pytest.raises(Invalid, match="须指定县区"):
        _manage("user", "add", "wang", "--name", "王五", "--role", "county", "--generate")
    assert users.list_accounts(SYSTEM) == ()


def test_user_list_disable_enable_and_passwd(capsys):
    _manage("user", "add", "wang", "--name", "王五", "--role", "leader", "--generate")
    _manage("user", "disable", "wang")
    capsys.readouterr()
    _manage("user", "list")
    assert "wang" in (shown := capsys.readouterr().out)
    assert "已停用" in shown
    assert "领导" in shown
    _manage("user", "enable", "wang")
    _manage("user", "passwd", "wang", "--password-stdin")
    assert auth.sign_in("wang", "Anfang-2026", "local")
    with pytest.raises(NotFound, match="没有用户名为"):
        _manage("user", "disable", "niemand")


def test_display_create_list_revoke(capsys):
    _manage("display", "create", "一楼大厅", "--address", "10.1.2.3")
    key = capsys.readouterr().out.partition("/wall?key=")[2].strip()
    assert displays.actor_of_key(key, "10.1.2.3").name == "一楼大厅"
    _manage("display", "list")
    listed = capsys.readouterr().out
    assert "10.1.2.3" in listed
    assert key not in listed
    _manage("display", "revoke", "1")
    assert displays.actor_of_key(key, "10.1.2.3") is None
    with pytest.raises(NotFound):
        _manage("display", "revoke", "99")
