"""Signing in: name and password against the store, locks, and a fresh session.

Only hashes of passwords and tokens are stored. An unknown name costs the same time and gets the same answers as a
known one, including the lock. Locks are kept with the account, so they survive a restart and hold for every server.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, update

from core.domain.errors import SignInFailed, SignInLocked
from core.domain.permissions import Actor
from core.domain.scope import Scope
from core.services import passwords, throttle
from core.services.actors import actor_of_account
from core.services.sessions import token_hash
from core.settings import get_settings
from db.models.access import User, UserSession
from db.queries import access as queries
from db.queries.access import Credentials
from db.session import current_store, read, transaction
from db.transaction import WriteTransaction

_TOKEN_BYTES = 32
_LOGIN = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_UNREADABLE_LOGIN = "（无效用户名）"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session. ``token`` goes into the cookie and is shown nowhere else."""

    token: str
    actor: Actor
    expires_at: datetime
    must_change_password: bool


def sign_in(login: str, password: str, address: str, agent: str = "") -> SignedIn:
    """
    Check name and password and open a session.

    Args:
        login: Account name as typed; surrounding blanks are ignored.
        password: As typed.
        address: Where the attempt came from.
        agent: What the browser calls itself.

    Raises:
        SignInFailed: Name or password is wrong, or the account is disabled (one message for all three).
        SignInLocked: Too many failures under this name or from this address.
    """
    typed = login.strip()
    throttle.addresses.check(address, current_store().clock())
    with read() as connection:
        found = queries.credentials(connection, typed)
    _refuse_locked(typed, found)
    stored = found.password_hash if found and found.is_active else None
    if not passwords.matches(stored, password) or found is None:
        _note_failure(typed, found, address)
        raise SignInFailed
    return _open(found, password, address, agent)


def _refuse_locked(typed: str, found: Credentials | None) -> None:
    now = current_store().clock()
    until = found.locked_until if found else throttle.unknown_names.locked_until(typed)
    if until is not None and until > now:
        minutes = -(-int((until - now).total_seconds()) // 60)
        raise SignInLocked(f"连续输错次数过多，该账号已暂时锁定，请 {minutes} 分钟后再试，或联系安全管理员解锁。")


def _note_failure(typed: str, found: Credentials | None, address: str) -> None:
    """Count the failure, lock when it is one too many, and write it down; the same work for unknown names."""
    settings = get_settings()
    with transaction(_nobody(typed)) as tx:
        throttle.addresses.note(address, tx.at)
        until = tx.at + timedelta(minutes=settings.lockout_minutes)
        count = _count_failure(tx, found, until) if found else throttle.unknown_names.note(typed, tx.at, until)
        entity_id = found.user_id if found else 0
        tx.record("sign_in_failed", "user_account", entity_id, new={"address": address, "count": count})
        if count == settings.lockout_attempts:
            tx.record("locked_out", "user_account", entity_id, new={"address": address, "until": until})


def _count_failure(tx: WriteTransaction, found: Credentials, until: datetime) -> int:
    """Return the failures in a row including this one; a lock that has passed starts the count anew."""
    # Counters are not what an administrator edits: they move without the row's version.
    count = int(
        tx.connection.execute(
            update(User)
            .where(User.id == found.user_id)
            .values(failed_attempts=User.failed_attempts + 1 if found.locked_until is None else 1)
            .returning(User.failed_attempts)
        ).scalar_one()
    )
    lock = until if count >= get_settings().lockout_attempts else None
    tx.connection.execute(update(User).where(User.id == found.user_id).values(locked_until=lock))
    return count


def _nobody(typed: str) -> Actor:
    shown = typed if _LOGIN.fullmatch(typed) else _UNREADABLE_LOGIN
    return Actor(login=shown, name=shown, roles=frozenset(), scope=Scope())


def _open(found: Credentials, password: str, address: str, agent: str) -> SignedIn:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    new_hash = passwords.make_hash(password) if passwords.is_outdated(found.password_hash) else found.password_hash
    with read() as connection:
        actor = actor_of_account(connection, found.user_id, found.login, found.name)
    with transaction(actor) as tx:
        # Guesses that ran at the same time may have locked the account since it was read.
        _refuse_locked(found.login, queries.credentials(tx.connection, found.login))
        expires_at = tx.at + timedelta(hours=get_settings().session_absolute_hours)
        session = {
            "token_hash": token_hash(token),
            "user_id": found.user_id,
            "created_at": tx.at,
            "last_seen_at": tx.at,
            "expires_at": expires_at,
            "address": address[:64],
            "agent": agent[:200],
        }
        tx.connection.execute(insert(UserSession).values(session))
        tx.connection.execute(
            update(User)
            .where(User.id == found.user_id)
            .values(failed_attempts=0, locked_until=None, last_sign_in_at=tx.at, password_hash=new_hash)
        )
        tx.record("signed_in", "user_account", found.user_id, new={"address": address})
    return SignedIn(token, actor, expires_at, found.must_change_password)
