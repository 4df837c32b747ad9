"""Accounts and their roles. All of it needs ``MANAGE_USERS``, but for one's own password."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from core.domain.addresses import is_email
from core.domain.errors import Invalid, NotFound, PermissionDenied, Problem
from core.domain.grants import Grant, grant_problems
from core.domain.passwords import password_problems
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import Role
from core.services import passwords
from core.services.sessions import end_sessions
from db.models.access import User, UserRole, UserSession
from db.models.organisation import County, Headquarters, Person, Unit
from db.queries import access as queries
from db.queries.access import GrantRow, UserRow
from db.session import read, transaction
from db.transaction import WriteTransaction

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_MAX_NAME = 30
_LIST_LIMIT = 500
_MODELS: dict[str, type[County] | type[Headquarters] | type[Unit]] = {
    "county": County,
    "headquarters": Headquarters,
    "unit": Unit,
}


@dataclass(frozen=True, slots=True)
class Account:
    """An account with its roles."""

    user: UserRow
    grants: tuple[GrantRow, ...]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed for a new account. Without a password one is made, to be changed at the first sign-in."""

    login: str
    name: str
    grants: tuple[Grant, ...]
    password: str = ""


@dataclass(frozen=True, slots=True)
class Ties:
    """
    Whom an account belongs to.

    Attributes:
        email: Where its digest goes; empty = no mail.
        person_id: Person of the ledger who signs in with it (包保领导、责任人).
        superior_id: Account that hears of what it lets slip.
    """

    email: str = ""
    person_id: int | None = None
    superior_id: int | None = None


@dataclass(frozen=True, slots=True)
class TieChoices:
    """What an account can be tied to: people of the ledger and accounts, as (id, shown name)."""

    people: tuple[tuple[int, str], ...]
    accounts: tuple[tuple[int, str], ...]


def list_accounts(actor: Actor, search: str = "") -> tuple[Account, ...]:
    """Return accounts by login (500 at most), those whose login or name contains *search*."""
    require(actor, Permission.MANAGE_USERS)
    with read() as connection:
        users = queries.users(connection, search.strip(), _LIST_LIMIT)
        grants = queries.grants_by_user(connection, [user.id for user in users])
    return tuple(Account(user, grants.get(user.id, ())) for user in users)


def by_login(actor: Actor, login: str) -> UserRow:
    """
    Return the account named *login*.

    Raises:
        NotFound: There is none.
    """
    require(actor, Permission.MANAGE_USERS)
    with read() as connection:
        user_id = queries.user_id_of(connection, login)
        user = queries.user(connection, user_id) if user_id is not None else None
    if user is None:
        raise NotFound(f"没有用户名为“{login}”的账号。")
    return user


def bindings(actor: Actor) -> dict[str, tuple[tuple[int, str], ...]]:
    """Return what roles can be bound to: ``county``, ``headquarters``, ``unit`` → (id, name)."""
    require(actor, Permission.MANAGE_USERS)
    with read() as connection:
        return queries.bindings(connection)


def create(actor: Actor, account: NewAccount) -> str:
    """
    Create an account and return its first password (the given one, or the one that was made).

    Raises:
        Invalid: Login, name, password or roles are refused; all problems at once.
    """
    require(actor, Permission.MANAGE_USERS)
    login, name = account.login.strip().lower(), account.name.strip()
    password = account.password or passwords.generate()
    problems = [*_name_problems(name), *password_problems(password, login), *grant_problems(account.grants)]
    if not _LOGIN.fullmatch(login):
        problems.insert(0, Problem("login", "login", "用户名为 2–32 位小写字母、数字、点、横线，以字母开头。"))
    with read() as connection:
        if queries.user_id_of(connection, login) is not None:
            problems.insert(0, Problem("login", "taken", f"用户名“{login}”已存在，请换一个。"))
    if problems:
        raise Invalid(problems)
    values = {
        "login": login,
        "name": name,
        "password_hash": passwords.make_hash(password),
        "is_active": True,
        "is_demo": False,
        "must_change_password": True,
        "failed_attempts": 0,
        "version": 1,
    }
    with transaction(actor) as tx:
        user_id = tx.insert(User, values)
        for grant in account.grants:
            _grant(tx, user_id, grant)
    return password


def set_grants(actor: Actor, user_id: int, grants: Sequence[Grant]) -> None:
    """
    Replace the roles of an account; takes effect at its next request.

    Raises:
        Invalid: The roles exclude one another or lack what they must be bound to.
        PermissionDenied: It is the actor's own account, or nobody would be left to manage accounts.
    """
    require(actor, Permission.MANAGE_USERS)
    _refuse_own(actor, user_id, "不能修改自己的角色，请由另一位安全管理员办理。")
    problems = grant_problems(grants)
    if problems:
        raise Invalid(problems)
    wanted = set(grants)
    with transaction(actor) as tx:
        user = _existing(tx, user_id)
        held = {_as_grant(row) for row in queries.grants(tx.connection, user_id)}
        if Role.SECURITY_ADMIN not in {grant.role for grant in wanted}:
            _keep_a_security_admin(tx, user_id)
        for grant in held - wanted:
            tx.connection.execute(delete(UserRole).where(UserRole.user_id == user_id, *_same(grant)))
            tx.record("role_revoked", "user_account", user_id, new={"login": user.login, **_values(grant)})
        for grant in sorted(wanted - held, key=lambda grant: (grant.role, grant.bound_id or 0)):
            _grant(tx, user_id, grant)


def rename(actor: Actor, user_id: int, name: str, expected_version: int) -> None:
    """
    Change the shown name.

    Raises:
        Conflict: Somebody else changed the account meanwhile.
    """
    require(actor, Permission.MANAGE_USERS)
    problems = _name_problems(name.strip())
    if problems:
        raise Invalid(problems)
    with transaction(actor) as tx:
        tx.update(User, user_id, {"name": name.strip()}, expected_version=expected_version)


def tie_choices(actor: Actor) -> TieChoices:
    """Return the people and the accounts in use that an account can be tied to."""
    require(actor, Permission.MANAGE_USERS)
    with read() as connection:
        return TieChoices(queries.person_choices(connection), queries.account_choices(connection))


def tie(actor: Actor, user_id: int, ties: Ties, expected_version: int) -> None:
    """
    Set mail address, person and superior of an account.

    Raises:
        Invalid: The address is none, person or superior do not exist, or the superiors would go in a circle.
        Conflict: Somebody else changed the account meanwhile.
    """
    require(actor, Permission.MANAGE_USERS)
    email = ties.email.strip()
    with transaction(actor) as tx:
        problems = _tie_problems(tx, user_id, email, ties)
        if problems:
            raise Invalid(problems)
        values = {"email": email, "person_id": ties.person_id, "superior_id": ties.superior_id}
        tx.update(User, user_id, values, expected_version=expected_version)


def _tie_problems(tx: WriteTransaction, user_id: int, email: str, ties: Ties) -> list[Problem]:
    problems = []
    if email and not is_email(email):
        problems.append(Problem("email", "email", "电子邮箱写法有误，应如 wang.jianguo@city.example；不填则不发邮件。"))
    if ties.person_id is not None and not _exists(tx, Person, ties.person_id):
        problems.append(Problem("person_id", "unknown", "所选的人员已不存在，请重新选择。"))
    if ties.superior_id is None:
        return problems
    if not _exists(tx, User, ties.superior_id):
        problems.append(Problem("superior_id", "unknown", "所选的上级账号已不存在，请重新选择。"))
    elif user_id in _above(queries.superiors(tx.connection), ties.superior_id):
        problems.append(Problem("superior_id", "circle", "上级关系不能成环：所选的上级就是本账号，或是本账号的下属。"))
    return problems


def _above(superiors: Mapping[int, int], user_id: int) -> set[int]:
    """Return *user_id* and everybody above it."""
    found, one = set[int](), user_id
    while one not in found:
        found.add(one)
        one = superiors.get(one, one)
    return found


def _exists(tx: WriteTransaction, model: type[User] | type[Person], key: int) -> bool:
    return tx.connection.execute(select(model.id).where(model.id == key)).first() is not None


def set_active(actor: Actor, user_id: int, is_active: bool, expected_version: int) -> None:
    """
    Disable or enable an account; disabling ends its sessions at once.

    Raises:
        PermissionDenied: It is the actor's own account, or nobody would be left to manage accounts.
        Conflict: Somebody else changed the account meanwhile.
    """
    require(actor, Permission.MANAGE_USERS)
    _refuse_own(actor, user_id, "不能停用自己的账号，请由另一位安全管理员办理。")
    with transaction(actor) as tx:
        if not is_active:
            _keep_a_security_admin(tx, user_id)
            end_sessions(tx, UserSession.user_id == user_id)
        tx.update(User, user_id, {"is_active": is_active}, expected_version=expected_version)


def unlock(actor: Actor, user_id: int) -> None:
    """Lift the lock after too many wrong passwords."""
    require(actor, Permission.MANAGE_USERS)
    with transaction(actor) as tx:
        _existing(tx, user_id)
        tx.connection.execute(update(User).where(User.id == user_id).values(failed_attempts=0, locked_until=None))
        tx.record("unlocked", "user_account", user_id)


def reset_password(actor: Actor, user_id: int, password: str = "") -> str:
    """
    Give an account a new first password (the given one or one that is made), end its sessions, return the password.

    Raises:
        Invalid: The given password is refused.
    """
    require(actor, Permission.MANAGE_USERS)
    with read() as connection:
        user = queries.user(connection, user_id)
    if user is None:
        raise NotFound
    chosen = password or passwords.generate()
    problems = password_problems(chosen, user.login)
    if problems:
        raise Invalid(problems)
    _store_password(actor, user_id, chosen, must_change=True)
    return chosen


def change_own_password(actor: Actor, current: str, new: str, again: str) -> None:
    """
    Change one's own password and end all one's sessions; signing in anew is part of it.

    Raises:
        Invalid: The current password is wrong, or the new one is refused.
    """
    if actor.user_id is None:
        raise PermissionDenied
    with read() as connection:
        found = queries.credentials_of(connection, actor.user_id)
    if found is None:
        raise NotFound
    problems = list(password_problems(new, found.login))
    if not passwords.matches(found.password_hash, current):
        problems.insert(0, Problem("current", "wrong", "当前密码不正确，请重新输入。"))
    if new != again:
        problems.append(Problem("again", "differs", "两次输入的新密码不一致，请重新输入。"))
    if new == current:
        problems.append(Problem("password", "same", "新密码不能与当前密码相同。"))
    if problems:
        raise Invalid(problems)
    _store_password(actor, actor.user_id, new, must_change=False)


def _store_password(actor: Actor, user_id: int, password: str, *, must_change: bool) -> None:
    values = {"password_hash": passwords.make_hash(password), "must_change_password": must_change}
    with transaction(actor) as tx:
        tx.update(User, user_id, values, expected_version=None)
        tx.connection.execute(update(User).where(User.id == user_id).values(failed_attempts=0, locked_until=None))
        end_sessions(tx, UserSession.user_id == user_id)


def _existing(tx: WriteTransaction, user_id: int) -> UserRow:
    user = queries.user(tx.connection, user_id)
    if user is None:
        raise NotFound
    return user


def _refuse_own(actor: Actor, user_id: int, message: str) -> None:
    if actor.user_id == user_id:
        raise PermissionDenied(message)


def _keep_a_security_admin(tx: WriteTransaction, user_id: int) -> None:
    holders = queries.active_holders(tx.connection, Role.SECURITY_ADMIN)
    if holders == {user_id}:
        raise PermissionDenied("这是最后一个可用的安全管理员。请先指定另一位，再停用或改动此账号。")


def _grant(tx: WriteTransaction, user_id: int, grant: Grant) -> None:
    if grant.binding is not None:
        model = _MODELS[grant.binding]
        if tx.connection.execute(select(model.id).where(model.id == grant.bound_id)).first() is None:
            raise Invalid([Problem("roles", "unknown", "所选的县区、指挥部或单位已不存在，请重新选择。")])
    tx.insert(UserRole, {"user_id": user_id, **_values(grant), "version": 1})


def _values(grant: Grant) -> dict[str, Any]:
    bound = {f"{kind}_id": grant.bound_id if grant.binding == kind else None for kind in _MODELS}
    return {"role": str(grant.role), **bound}


def _same(grant: Grant) -> list[Any]:
    return [
        column.is_(None) if value is None else column == value
        for column, value in ((getattr(UserRole, name), value) for name, value in _values(grant).items())
    ]


def _as_grant(row: GrantRow) -> Grant:
    role = Role(row.role)
    return Grant(role, row.county_id or row.headquarters_id or row.unit_id)


def _name_problems(name: str) -> list[Problem]:
    if 1 <= len(name) <= _MAX_NAME:
        return []
    return [Problem("name", "name", f"请填写姓名，最多 {_MAX_NAME} 个字。")]
