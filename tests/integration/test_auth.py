"""Signing in: locks, sessions and their ends, on both databases."""

import statistics
import threading
import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from core.domain.errors import SignInFailed, SignInLocked
from core.domain.grants import Grant
from core.domain.permissions import system_actor
from core.domain.scope import Scope
from core.domain.terms import Role
from core.services import auth, passwords, sessions, throttle, users
from core.services.users import NewAccount
from db.models.access import User, UserRole, UserSession
from db.models.system import AuditEvent
from db.session import open_store, use_store
from tests.factories import make_county, make_headquarters

PASSWORD = "Anfang-2026"
SYSTEM = system_actor()


pytestmark = pytest.mark.usefixtures("light_passwords")


@pytest.fixture
def person(store) -> int:
    users.create(SYSTEM, NewAccount("li.si", "李四", (Grant(Role.LEADER),), PASSWORD))
    return _user_id(store, "li.si")


def _user_id(store, login: str) -> int:
    with store.read() as connection:
        return connection.execute(select(User.id).where(User.login == login)).scalar_one()


def _events(store, *actions: str) -> list[tuple[str, str, str]]:
    query = select(AuditEvent.action, AuditEvent.actor, AuditEvent.entity_id).order_by(AuditEvent.seq)
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query.where(AuditEvent.action.in_(actions)))]


def _fail(login: str, times: int, address: str = "10.0.0.9") -> None:
    for _ in range(times):
        with pytest.raises(SignInFailed):
            auth.sign_in(login, "falsch", address)


def test_sign_in_right_password_opens_a_session(store, person, clock):
    signed_in = auth.sign_in(" li.si ", PASSWORD, "10.0.0.1", "Browser 1")
    visit = sessions.visit_of_token(signed_in.token)
    assert visit is not None
    assert (visit.actor.login, visit.actor.name, visit.actor.user_id) == ("li.si", "李四", person)
    assert visit.actor.roles == {Role.LEADER}
    assert visit.actor.scope == Scope.all()
    assert visit.must_change_password is True
    with store.read() as connection:
        row = connection.execute(select(UserSession)).mappings().one()
        seen = connection.execute(select(User.last_sign_in_at)).scalar_one()
    assert row["token_hash"] == sessions.token_hash(signed_in.token)
    assert signed_in.token not in row.values()
    assert (row["address"], row["agent"]) == ("10.0.0.1", "Browser 1")
    assert seen == clock.now
    assert _events(store, "signed_in") == [("signed_in", "li.si", str(person))]


def test_sign_in_wrong_unknown_and_disabled_get_one_message(store, person):
    users.set_active(SYSTEM, person, False, 1)
    users.create(SYSTEM, NewAccount("wang.wu", "王五", (Grant(Role.LEADER),), PASSWORD))
    told = set()
    for login, password in (("li.si", PASSWORD), ("wang.wu", "falsch"), ("niemand", "falsch")):
        with pytest.raises(SignInFailed) as caught:
            auth.sign_in(login, password, "10.0.0.1")
        told.add((caught.value.code, caught.value.user_message))
    assert len(told) == 1
    ids = [event[2] for event in _events(store, "sign_in_failed")]
    assert ids == [str(person), str(_user_id(store, "wang.wu")), "0"]


def test_sign_in_fifth_failure_locks_and_survives_a_restart(store, person, clock):
    _fail("li.si", 4)
    assert auth.sign_in("li.si", PASSWORD, "10.0.0.1").actor.login == "li.si"
    _fail("li.si", 5)
    again = open_store(store.url, clock=clock)
    use_store(again)
    throttle.unknown_names.clear()
    with pytest.raises(SignInLocked) as caught:
        auth.sign_in("li.si", PASSWORD, "10.0.0.1")
    assert caught.value.code == "WR-429"
    assert "15 分钟" in caught.value.user_message
    assert _events(store, "locked_out") == [("locked_out", "li.si", str(person))]
    clock.advance(minutes=15, seconds=1)
    assert auth.sign_in("li.si", PASSWORD, "10.0.0.1").actor.login == "li.si"
    use_store(store)
    again.dispose()


def test_sign_in_after_a_lock_has_passed_counts_anew(store, person, clock):
    _fail("li.si", 5)
    clock.advance(minutes=16)
    _fail("li.si", 4)
    assert auth.sign_in("li.si", PASSWORD, "10.0.0.1")


def test_sign_in_unknown_name_locks_like_a_known_one(store, person, clock):
    _fail("niemand", 5)
    with pytest.raises(SignInLocked) as unknown:
        auth.sign_in("niemand", "falsch", "10.0.0.1")
    _fail("li.si", 5)
    with pytest.raises(SignInLocked) as known:
        auth.sign_in("li.si", "falsch", "10.0.0.1")
    assert unknown.value.user_message == known.value.user_message
    clock.advance(minutes=16)
    _fail("niemand", 1)


def test_sign_in_many_names_from_one_address_are_stopped(store):
    for number in range(30):
        _fail(f"name{number}", 1, "10.9.9.9")
    with pytest.raises(SignInLocked):
        auth.sign_in("name99", "falsch", "10.9.9.9")
    _fail("name99", 1, "10.9.9.8")


def test_sign_in_guesses_at_the_same_time_do_not_pass_the_lock(store, person):
    outcomes: list[str] = []

    def guess() -> None:
        try:
            auth.sign_in("li.si", "falsch", "10.0.0.7")
        except SignInFailed as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        row = connection.execute(select(User.failed_attempts, User.locked_until)).one()
    assert len(outcomes) == 12
    assert row.failed_attempts >= 5
    assert row.locked_until is not None
    with pytest.raises(SignInLocked):
        auth.sign_in("li.si", PASSWORD, "10.0.0.1")


def test_sign_in_right_guess_is_refused_when_the_lock_came_meanwhile(store, person, monkeypatch, clock):
    checked = passwords.matches

    def slow(stored_hash, password):
        with store.transaction(SYSTEM) as tx:
            tx.connection.execute(update(User).values(locked_until=clock.now + timedelta(minutes=15)))
        return checked(stored_hash, password)

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(SignInLocked):
        auth.sign_in("li.si", PASSWORD, "10.0.0.1")
    with store.read() as connection:
        assert connection.execute(select(UserSession)).all() == []


def test_sign_in_unreadable_name_is_not_written_to_the_audit(store):
    _fail("mein Geheimnis-77 versehentlich hier", 1)
    assert _events(store, "sign_in_failed") == [("sign_in_failed", "（无效用户名）", "0")]


def test_sign_in_old_hash_is_made_anew(store, person):
    weak = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    with store.transaction(SYSTEM) as tx:
        tx.connection.execute(update(User).values(password_hash=weak))
    auth.sign_in("li.si", PASSWORD, "10.0.0.1")
    with store.read() as connection:
        stored = connection.execute(select(User.password_hash)).scalar_one()
    assert stored != weak
    assert not passwords.is_outdated(stored)
    assert passwords.matches(stored, PASSWORD)


def test_session_idle_and_absolute_end(store, person, clock):
    signed_in = auth.sign_in("li.si", PASSWORD, "10.0.0.1")
    clock.advance(minutes=29)
    visit = sessions.visit_of_token(signed_in.token)
    assert visit is not None
    assert visit.is_touch_due
    sessions.touch(signed_in.token)
    assert sessions.visit_of_token(signed_in.token).is_touch_due is False
    clock.advance(minutes=30)
    assert sessions.visit_of_token(signed_in.token) is None
    lasting = auth.sign_in("li.si", PASSWORD, "10.0.0.1")
    for _ in range(12 * 3):
        clock.advance(minutes=20)
        sessions.touch(lasting.token)
    assert sessions.visit_of_token(lasting.token) is None


def test_session_ends_by_sign_out_by_revocation_and_by_disabling(store, person):
    first, second, third = (auth.sign_in("li.si", PASSWORD, f"10.0.0.{n}") for n in range(3))
    sessions.sign_out(first.token)
    assert sessions.visit_of_token(first.token) is None
    sessions.revoke(SYSTEM, sessions.token_hash(second.token))
    assert sessions.visit_of_token(second.token) is None
    assert [row.address for row in sessions.open_sessions(SYSTEM, person)] == ["10.0.0.2"]
    users.set_active(SYSTEM, person, False, 1)
    assert sessions.visit_of_token(third.token) is None
    actions = [event[0] for event in _events(store, "signed_out", "session_revoked")]
    assert actions == ["signed_out", "session_revoked"]


def test_session_unknown_token_belongs_to_nobody(store, person):
    assert sessions.visit_of_token("erfunden") is None
    assert sessions.visit_of_token("") is None


def test_session_follows_the_roles_as_they_stand_now(store, person):
    signed_in = auth.sign_in("li.si", PASSWORD, "10.0.0.1")
    with store.transaction(SYSTEM) as tx:
        county = make_county(tx, "南岭区")
        above = make_headquarters(tx, "总指挥部")
        below = make_headquarters(tx, "分指挥部", parent_id=above)
    grants = (Grant(Role.COUNTY, county), Grant(Role.HEADQUARTERS, above))
    users.set_grants(SYSTEM, person, grants)
    actor = sessions.visit_of_token(signed_in.token).actor
    assert actor.roles == {Role.COUNTY, Role.HEADQUARTERS}
    assert actor.scope == Scope(county_ids=frozenset({county}), headquarters_ids=frozenset({above, below}))
    with store.transaction(SYSTEM) as tx:
        tx.connection.execute(UserRole.__table__.delete())
    assert sessions.visit_of_token(signed_in.token).actor.scope.is_empty


@pytest.mark.slow
def test_sign_in_unknown_name_takes_as_long_as_a_known_one(sqlite_store, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    passwords._hash_of_nobody.cache_clear()
    users.create(SYSTEM, NewAccount("li.si", "李四", (Grant(Role.LEADER),), PASSWORD))
    passwords.matches(None, "warm")
    pairs = []
    for number in range(9):
        took = []
        for login in ("li.si", f"niemand{number}"):
            throttle.addresses.clear()
            users.unlock(SYSTEM, 1)
            start = time.process_time()
            with pytest.raises(SignInFailed):
                auth.sign_in(login, "falsch", "10.0.0.1")
            took.append(time.process_time() - start)
        pairs.append(took[1] / took[0])
    assert statistics.median(pairs) == pytest.approx(1, abs=0.1)
