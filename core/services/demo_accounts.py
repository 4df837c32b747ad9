"""Accounts and wall key of the demo city: well known, marked ``is_demo``, gone when the city is cleared."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.domain.permissions import Actor, Permission, require
from core.domain.scope import Scope
from core.domain.terms import Role
from core.services import displays, passwords, system
from core.services.sessions import token_hash
from core.settings import get_settings
from db.models.access import User, UserRole
from db.models.organisation import County, Headquarters, Person, Unit
from db.queries import access as queries
from db.seed.content.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD, DemoAccount
from db.session import read, transaction
from db.transaction import WriteTransaction

PASSWORD = DEMO_PASSWORD
_WALL_LABEL = "演示大屏"


@dataclass(frozen=True, slots=True)
class DemoAccess:
    """How to get into the demo: the accounts with their password, and the key of the demo wall."""

    accounts: tuple[DemoAccount, ...]
    wall_key: str


def access() -> DemoAccess:
    """Return how to get into the demo; the wall's key is the same at every start of this installation."""
    digest = hmac.new(get_settings().signing_key(), b"key of the demo wall", hashlib.sha256).digest()
    return DemoAccess(DEMO_ACCOUNTS, base64.urlsafe_b64encode(digest[:24]).decode())


def create(actor: Actor) -> DemoAccess:
    """
    Create the demo's accounts and wall key; what is there already stays as it is.

    Raises:
        PermissionDenied: *actor* may not manage users and displays.
    """
    require(actor, Permission.MANAGE_USERS)
    require(actor, Permission.MANAGE_DISPLAYS)
    hashes = {account.password: passwords.make_hash(account.password) for account in DEMO_ACCOUNTS}
    with transaction(actor) as tx:
        for account in DEMO_ACCOUNTS:
            if queries.user_id_of(tx.connection, account.login) is None:
                _create(tx, account, hashes[account.password])
    demo = access()
    with read() as connection:
        is_there = queries.display_by_hash(connection, token_hash(demo.wall_key)) is not None
    if not is_there:
        displays.create(actor, _WALL_LABEL, key=demo.wall_key, is_demo=True)
    return demo


def reviewers() -> tuple[Actor, Actor]:
    """Return the supervisor and the leader of the demo, who run and approve its rounds."""
    found = {account.role: account for account in DEMO_ACCOUNTS}
    supervisor, leader = (
        Actor(found[role].login, found[role].name, frozenset({role}), Scope.all())
        for role in (Role.SUPERVISOR, Role.LEADER)
    )
    return supervisor, leader


def shown_at_the_door() -> tuple[DemoAccount, ...]:
    """Return the accounts the sign-in page names: those of the demo, and only while the store holds the demo."""
    return DEMO_ACCOUNTS if system.is_demo() else ()


def _create(tx: WriteTransaction, account: DemoAccount, password_hash: str) -> None:
    user = {
        "login": account.login,
        "name": account.name,
        "password_hash": password_hash,
        "is_active": True,
        "is_demo": True,
        "must_change_password": False,
        "failed_attempts": 0,
        "email": account.email,
        "superior_id": queries.user_id_of(tx.connection, account.superior) if account.superior else None,
        "person_id": _person(tx.connection, account),
        "version": 1,
    }
    user_id = tx.insert(User, user, reason="演示账号")
    grant = {
        "user_id": user_id,
        "role": str(account.role),
        "county_id": _id_of(tx.connection, County, account.county),
        "headquarters_id": _id_of(tx.connection, Headquarters, account.headquarters),
        "unit_id": _id_of(tx.connection, Unit, account.unit),
        "version": 1,
    }
    tx.insert(UserRole, grant, reason="演示账号")


def _person(connection: Connection, account: DemoAccount) -> int | None:
    """Return the person who signs in with the leader's account: the one of its name."""
    if account.role is not Role.LEADER:
        return None
    return connection.execute(select(Person.id).where(Person.name == account.name).limit(1)).scalar_one_or_none()


def _id_of(connection: Connection, model: type[County] | type[Headquarters] | type[Unit], name: str) -> int | None:
    if not name:
        return None
    return connection.execute(select(model.id).where(model.name == name)).scalar_one_or_none()
