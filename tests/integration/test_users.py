"""Accounts, roles and display keys on both databases: what is stored, what is refused, what the audit says."""

import json

import pytest
from sqlalchemy import select

from core.domain.errors import Conflict, Invalid, NotFound, PermissionDenied
from core.domain.grants import Grant
from core.domain.permissions import Permission, system_actor
from core.domain.terms import Role
from core.services import audits, auth, demo_accounts, displays, sessions, users
from core.services.audits import AuditFilter
from core.services.users import NewAccount, Ties
from db import audit
from db.models.access import DisplayKey, User, UserRole
from db.models.system import AuditEvent
from tests.factories import make_actor, make_county, make_headquarters, make_person, make_unit

pytestmark = pytest.mark.usefixtures("light_passwords")
SYSTEM = system_actor()
SECURITY = make_actor(Role.SECURITY_ADMIN, login="sec")
PASSWORD = "Anfang-2026"


def _make(login: str, *grants: Grant, password: str = PASSWORD) -> int:
    users.create(SECURITY, NewAccount(login, login.title(), grants or (Grant(Role.LEADER),), password))
    return users.by_login(SECURITY, login).id


def _codes(caught: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def _audit(store, *actions: str) -> list[dict]:
    query = select(AuditEvent).where(AuditEvent.action.in_(actions)).order_by(AuditEvent.seq)
    with store.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def test_create_account_stores_hash_roles_and_audit(store):
    with store.transaction(SYSTEM) as tx:
        county = make_county(tx, "南岭区")
    made = users.create(SECURITY, NewAccount(" Wang.Wu ", " 王五 ", (Grant(Role.COUNTY, county),)))
    with store.read() as connection:
        user = connection.execute(select(User)).mappings().one()
        role = connection.execute(select(UserRole)).mappings().one()
        whole = audit.verify(connection)
    assert (user["login"], user["name"], user["must_change_password"]) == ("wang.wu", "王五", True)
    assert user["password_hash"].startswith("$argon2id$")
    assert (role["user_id"], role["role"], role["county_id"]) == (user["id"], "county", county)
    assert auth.sign_in("wang.wu", made, "10.0.0.1").actor.scope.county_ids == {county}
    entry = next(row for row in _audit(store, "insert") if row["entity"] == "user_account")
    assert entry["actor"] == "sec"
    assert json.loads(entry["new"])["password_hash"] == "***"
    assert made not in entry["new"]
    assert whole is None


def test_create_account_tells_all_problems_at_once(store):
    _make("zhao")
    with pytest.raises(Invalid) as caught:
        users.create(SECURITY, NewAccount("zhao", "", (Grant(Role.LEADER), Grant(Role.AUDITOR)), "kurz"))
    assert _codes(caught) == ["taken", "name", "too_short", "too_plain", "exclusive"]
    with pytest.raises(Invalid) as caught:
        users.create(SECURITY, NewAccount("王五", "王五", (Grant(Role.UNIT),), PASSWORD))
    assert _codes(caught) == ["login", "unbound"]
    with pytest.raises(Invalid) as caught:
        users.create(SECURITY, NewAccount("sun", "孙六", (Grant(Role.UNIT, 4711),), PASSWORD))
    assert _codes(caught) == ["unknown"]
    with pytest.raises(NotFound):
        users.by_login(SECURITY, "sun")


def test_set_grants_changes_only_what_differs(store):
    with store.transaction(SYSTEM) as tx:
        first, second, unit = make_county(tx), make_county(tx), make_unit(tx)
    user_id = _make("qian", Grant(Role.COUNTY, first), Grant(Role.UNIT, unit))
    users.set_grants(SECURITY, user_id, (Grant(Role.COUNTY, second), Grant(Role.UNIT, unit)))
    account = next(a for a in users.list_accounts(SECURITY) if a.user.id == user_id)
    assert {(row.role, row.county_id, row.unit_id) for row in account.grants} == {
        ("county", second, None),
        ("unit", None, unit),
    }
    revoked = _audit(store, "role_revoked")
    assert [(row["entity_id"], json.loads(row["new"])["county_id"]) for row in revoked] == [(str(user_id), first)]
    with pytest.raises(Invalid) as caught:
        users.set_grants(SECURITY, user_id, (Grant(Role.SYSTEM_ADMIN), Grant(Role.AUDITOR)))
    assert _codes(caught) == ["exclusive"]


def test_security_admin_cannot_touch_itself_nor_leave_nobody(store):
    own = _make("first", Grant(Role.SECURITY_ADMIN))
    signed_in = auth.sign_in("first", PASSWORD, "10.0.0.1").actor
    with pytest.raises(PermissionDenied):
        users.set_grants(signed_in, own, (Grant(Role.SYSTEM_ADMIN),))
    with pytest.raises(PermissionDenied):
        users.set_active(signed_in, own, False, 1)
    with pytest.raises(PermissionDenied, match="最后一个"):
        users.set_active(SYSTEM, own, False, 1)
    with pytest.raises(PermissionDenied, match="最后一个"):
        users.set_grants(SYSTEM, own, (Grant(Role.LEADER),))
    _make("second", Grant(Role.SECURITY_ADMIN))
    users.set_active(SYSTEM, own, False, 1)
    assert users.by_login(SYSTEM, "first").is_active is False


def test_account_edited_twice_second_editor_is_told(store):
    user_id = _make("qian")
    users.rename(SECURITY, user_id, "钱七", 1)
    with pytest.raises(Conflict) as caught:
        users.rename(SECURITY, user_id, "钱八", 1)
    assert caught.value.current == {"name": "钱七"}
    auth.sign_in("qian", PASSWORD, "10.0.0.1")
    users.rename(SECURITY, user_id, "钱八", 2)
    assert users.by_login(SECURITY, "qian").name == "钱八"


def test_reset_password_unlocks_and_ends_sessions(store):
    user_id = _make("qian")
    token = auth.sign_in("qian", PASSWORD, "10.0.0.1").token
    new = users.reset_password(SECURITY, user_id)
    assert sessions.visit_of_token(token) is None
    assert auth.sign_in("qian", new, "10.0.0.1").must_change_password is True
    with pytest.raises(Invalid):
        users.reset_password(SECURITY, user_id, "zu-schwach")


def test_unlock_lifts_the_lock(store):
    user_id = _make("qian")
    for _ in range(5):
        with pytest.raises(Exception, match="WR-401"):
            auth.sign_in("qian", "falsch", "10.0.0.1")
    with pytest.raises(Exception, match="WR-429"):
        auth.sign_in("qian", PASSWORD, "10.0.0.1")
    users.unlock(SECURITY, user_id)
    assert auth.sign_in("qian", PASSWORD, "10.0.0.1")
    assert [row["entity_id"] for row in _audit(store, "unlocked")] == [str(user_id)]


def test_list_accounts_searches_login_and_name_literally(store):
    for login in ("zhao_a", "zhaoxa", "qian"):
        users.create(SECURITY, NewAccount(login, f"名字{login[-1]}", (Grant(Role.LEADER),), PASSWORD))
    assert [a.user.login for a in users.list_accounts(SECURITY, "o_a")] == ["zhao_a"]
    assert [a.user.login for a in users.list_accounts(SECURITY, "名字n")] == ["qian"]
    assert len(users.list_accounts(SECURITY, "")) == 3


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMIN], ids=lambda r: r.value)
def test_every_other_role_is_refused(sqlite_store, role):
    actor = make_actor(role)
    calls = (
        lambda: users.list_accounts(actor),
        lambda: users.create(actor, NewAccount("x1", "x", (Grant(Role.LEADER),))),
        lambda: users.set_grants(actor, 1, ()),
        lambda: users.set_active(actor, 1, False, 1),
        lambda: users.rename(actor, 1, "x", 1),
        lambda: users.unlock(actor, 1),
        lambda: users.reset_password(actor, 1),
        lambda: sessions.open_sessions(actor, 1),
        lambda: sessions.revoke(actor, "x"),
        lambda: sessions.revoke_all(actor, 1),
        lambda: displays.create(actor, "x"),
        lambda: displays.revoke(actor, 1, 1),
        lambda: displays.list_keys(actor),
        lambda: demo_accounts.create(actor),
    )
    for call in calls:
        with pytest.raises(PermissionDenied):
            call()
    if not actor.can(Permission.VIEW_AUDIT):
        for call in (lambda: audits.search(actor, AuditFilter()), lambda: audits.verify(actor)):
            with pytest.raises(PermissionDenied):
                call()


def test_display_key_is_shown_once_and_stored_as_hash(store):
    made = displays.create(SECURITY, " 一楼大厅 ", "10.1.2.3")
    with store.read() as connection:
        row = connection.execute(select(DisplayKey)).mappings().one()
    assert row["key_hash"] == sessions.token_hash(made.key)
    assert made.key not in [str(value) for value in row.values()]
    assert displays.actor_of_key(made.key, "10.1.2.4") is None
    assert displays.actor_of_key(made.key, "unreadable") is None
    actor = displays.actor_of_key(made.key, "10.1.2.3")
    assert (actor.name, actor.roles, actor.scope.everything) == ("一楼大厅", {Role.DISPLAY}, True)
    assert {p for p in Permission if actor.can(p)} == {Permission.VIEW_WALL}


def test_display_key_revoked_is_good_for_nothing(store):
    made = displays.create(SECURITY, "二楼")
    assert displays.actor_of_key(made.key, "10.0.0.1") is not None
    displays.revoke(SECURITY, made.id, 1)
    assert displays.actor_of_key(made.key, None) is None
    assert [row.revoked_at is not None for row in displays.list_keys(SECURITY)] == [True]
    assert displays.actor_of_key("erfunden", None) is None


def test_display_key_problems_are_told_at_once(store):
    with pytest.raises(Invalid) as caught:
        displays.create(SECURITY, "", "nicht-ip")
    assert _codes(caught) == ["label", "address"]


def test_demo_accounts_once_with_bindings_and_the_same_wall_key(store):
    with store.transaction(SYSTEM) as tx:
        make_county(tx, "南岭区")
        make_headquarters(tx, "国际陆港建设指挥部")
        make_unit(tx, "云岭城市建设投资集团")
    first, second = demo_accounts.create(SYSTEM), demo_accounts.create(SYSTEM)
    assert first == second
    accounts = users.list_accounts(SECURITY)
    assert len(accounts) == len(first.accounts)
    assert all(account.user.is_demo and not account.user.must_change_password for account in accounts)
    bound = {account.user.login: account.grants[0].bound_to for account in accounts if account.grants[0].bound_to}
    assert bound == {"hq": "国际陆港建设指挥部", "county": "南岭区", "unit": "云岭城市建设投资集团"}
    assert displays.actor_of_key(first.wall_key, None).name == "演示大屏"
    assert auth.sign_in("county", demo_accounts.PASSWORD, "10.0.0.1").actor.scope.county_ids


def test_audit_search_filters_and_verify_finds_a_changed_row(store):
    _make("qian")
    auth.sign_in("qian", PASSWORD, "10.0.0.1")
    auditor = make_actor(Role.AUDITOR, login="aud")
    found = audits.search(auditor, AuditFilter(action="signed_in"))
    assert [(row.actor, row.action) for row in found.rows] == [("qian", "signed_in")]
    assert audits.search(auditor, AuditFilter(actor="qia")).total == 0
    verdict = audits.verify(auditor)
    assert verdict.broken_at is None
    assert _audit(store, "audit_verified")[0]["actor"] == "aud"
    with store.transaction(SYSTEM) as tx:
        if store.is_sqlite:
            tx.connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_event_no_update")
        else:
            tx.connection.exec_driver_sql("ALTER TABLE audit_event DISABLE TRIGGER USER")
        tx.connection.exec_driver_sql("UPDATE audit_event SET reason = 'x' WHERE seq = 2")
    assert audits.verify(auditor).broken_at == 2


def test_ties_of_an_account_are_stored_with_an_audit_row(store):
    with store.transaction(SYSTEM) as tx:
        person = make_person(tx, "王五")
    boss, clerk = _make("boss"), _make("clerk")
    users.tie(SECURITY, clerk, Ties(" wang@city.example ", person, boss), 1)
    found = users.by_login(SECURITY, "clerk")
    assert (found.email, found.person_id, found.superior_id, found.version) == ("wang@city.example", person, boss, 2)
    (entry,) = _audit(store, "update")
    assert json.loads(entry["new"]) == {"email": "wang@city.example", "person_id": person, "superior_id": boss}
    with pytest.raises(Conflict):
        users.tie(SECURITY, clerk, Ties(), 1)
    users.tie(SECURITY, clerk, Ties(), 2)
    assert users.by_login(SECURITY, "clerk").superior_id is None


def test_superiors_must_not_go_in_a_circle(store):
    head, middle, clerk = _make("head"), _make("middle"), _make("clerk")
    users.tie(SECURITY, clerk, Ties(superior_id=middle), 1)
    users.tie(SECURITY, middle, Ties(superior_id=head), 1)
    for below in (clerk, middle, head):
        with pytest.raises(Invalid) as caught:
            users.tie(SECURITY, head, Ties(superior_id=below), 1)
        assert _codes(caught) == ["circle"]
    assert users.by_login(SECURITY, "head").version == 1


@pytest.mark.parametrize(
    "email", ["wang", "a@b c", "a@b\r\nBcc: c@d", '"x y"@city.example', "王@city.example", "a@" + "b" * 300]
)
def test_ties_refuse_what_is_no_mail_address_and_name_all_problems(store, email):
    clerk = _make("clerk")
    with pytest.raises(Invalid) as caught:
        users.tie(SECURITY, clerk, Ties(email, 99, 98), 1)
    assert _codes(caught) == ["email", "unknown", "unknown"]


def test_ties_need_the_permission_to_manage_users(store):
    clerk = _make("clerk")
    for role in (Role.SYSTEM_ADMIN, Role.SUPERVISOR):
        with pytest.raises(PermissionDenied):
            users.tie(make_actor(role), clerk, Ties(), 1)
        with pytest.raises(PermissionDenied):
            users.tie_choices(make_actor(role))
