"""用户 imports: accounts with roles, first passwords told once and stored nowhere; both stores."""

import json

import pytest

from core.domain.errors import PermissionDenied
from core.domain.terms import Role
from core.services import imports, passwords, users
from core.services.imports.kinds import KINDS
from db.models import User, UserRole
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_county, make_headquarters, make_unit
from tests.support.tables import OPTIONS, audited, bring, counts, look, places, stored
from tests.unit.importers.ledgers import xlsx

SECURITY = make_actor(Role.SECURITY_ADMIN, login="security")
ROWS = [
    ["用户名", "姓名", "角色", "县区", "指挥部", "单位"],
    ["zhang.san", "张三", "县区填报", "兰山区", None, None],
    ["zhang.san", "张三", "指挥部人员", None, "工业", None],
    ["Li.Si", "李四", "督查", None, None, None],
]


@pytest.fixture
def city(store):
    with transaction(SYSTEM) as tx:
        county = make_county(tx, "兰山区")
        headquarters = make_headquarters(tx, "工业分指挥部", short_name="工业")
        make_unit(tx, "市工信局")
    return {"county": county, "headquarters": headquarters}


def test_users_are_made_with_roles_and_must_change_their_password(store, city):
    shown, result = bring("users", ROWS, SECURITY)
    assert counts(result) == (3, 0, 0, 0), shown.problems
    made = {row["login"]: row for row in stored(store, User)}
    assert sorted(made) == ["li.si", "zhang.san"]
    assert all(row["must_change_password"] and row["is_active"] and not row["is_demo"] for row in made.values())
    roles = {(row["user_id"], row["role"], row["county_id"], row["headquarters_id"]) for row in stored(store, UserRole)}
    assert roles == {
        (made["zhang.san"]["id"], "county", city["county"], None),
        (made["zhang.san"]["id"], "headquarters", None, city["headquarters"]),
        (made["li.si"]["id"], "supervisor", None, None),
    }
    _, result = bring("users", ROWS, SECURITY)
    assert counts(result) == (0, 0, 3, 0)


def test_users_first_passwords_are_handed_out_once_and_stored_as_hashes_only(store, city):
    kind = KINDS["users"]
    parsed = kind.parse(xlsx(ROWS), "用户.xlsx", OPTIONS)
    with transaction(SECURITY) as tx:
        checked = kind.check(tx.connection, SECURITY, parsed, tx.as_of, OPTIONS)
        checked.write(tx, "导入批次 1", lambda *_: None)
    assert sorted(checked.handed_out) == ["li.si", "zhang.san"]
    for row in stored(store, User):
        assert passwords.matches(row["password_hash"], checked.handed_out[row["login"]])
    written = json.dumps([[event.old, event.new, event.reason] for event in audited(store, "user_account", "insert")])
    assert not any(password in written for password in checked.handed_out.values())
    assert "argon2" not in written


def test_users_first_passwords_reach_the_screen_and_the_command_line(store, city):
    _, result = bring("users", ROWS[:3], SECURITY)
    shown = imports.import_now(SECURITY, "users", "用户.xlsx", xlsx([ROWS[0], ROWS[3]]), dry_run=False)
    hashes = {row["login"]: row["password_hash"] for row in stored(store, User)}
    assert passwords.matches(hashes["zhang.san"], result.handed_out["zhang.san"])
    assert passwords.matches(hashes["li.si"], shown.handed_out["li.si"])
    assert look("users", ROWS, SECURITY).handed_out == {}


def test_users_roles_are_added_to_an_account_and_never_taken_away(store, city):
    bring("users", ROWS, SECURITY)
    shown, result = bring("users", [ROWS[0], ["li.si", "李四", "领导", None, None, None]], SECURITY)
    assert counts(result) == (0, 1, 0, 0)
    assert [(c.label, c.old, c.new) for c in shown.changed[0].changes] == [("角色", "—", "领导")]
    account = next(one for one in users.list_accounts(SECURITY) if one.user.login == "li.si")
    assert {grant.role for grant in account.grants} == {"supervisor", "leader"}


def test_users_set_aside_name_the_cell(store, city):
    bring("users", ROWS, SECURITY)
    rows = [
        ROWS[0],
        ["zhang.san", "张三丰", "领导", None, None, None],
        ["9lives", "王五", "领导", None, None, None],
        ["wang.wu", "王五", "系统管理员", None, None, None],
        ["wang.wu", "王五", "督查", None, None, None],
        ["zhao.liu", "赵六", "县区填报", None, None, None],
        ["sun.qi", "孙七", "责任单位", None, None, "没有的局"],
        ["zhou.ba", "周八", "县区填报", "火星区", None, None],
        ["wu.jiu", "吴九", "指挥部人员", None, "没有的指挥部", None],
        ["security", "自己", "督查", None, None, None],
        ["zheng.shi", "郑十", "大王", None, None, None],
        ["feng.yi", None, "领导", None, None, None],
    ]
    shown = look("users", rows, SECURITY)
    assert places(shown, "account_taken") == [(2, "A 用户名")]
    assert places(shown, "bad_login") == [(3, "A 用户名")]
    assert places(shown, "grants_refused") == [(4, "C 角色"), (5, "C 角色"), (6, "C 角色")]
    assert places(shown, "unit_unknown_for_user") == [(7, "F 单位")]
    assert places(shown, "county_unknown") == [(8, "D 县区")]
    assert places(shown, "row_headquarters_unknown") == [(9, "E 指挥部")]
    assert places(shown, "own_account") == [(10, "A 用户名")]
    assert places(shown, "required_missing") == [(11, "C 角色"), (12, "B 姓名")]
    assert not shown.inserted
    assert len(shown.quarantined) == 11


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_users_without_permission_to_manage_them_are_refused(store, city, role):
    with pytest.raises(PermissionDenied):
        look("users", ROWS, make_actor(role))
