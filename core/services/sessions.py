"""Sessions of signed-in browsers: who a cookie belongs to, for how long, and how it ends."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update

from core.domain.errors import NotFound
from core.domain.permissions import Actor, Permission, require, system_actor
from core.services.actors import actor_of_account
from core.settings import get_settings
from db.models.access import UserSession
from db.queries import access as queries
from db.queries.access import OpenSession
from db.session import current_store, read, transaction
from db.transaction import WriteTransaction

_TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who is inside: the actor, and what the doors must know besides."""

    actor: Actor
    must_change_password: bool = False
    is_touch_due: bool = False


def token_hash(token: str) -> str:
    """Return the SHA-256 under which a token or key is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def visit_of_token(token: str) -> Visit | None:
    """
    Return who a session cookie belongs to, with the roles as they stand now.

    None when the session is unknown, revoked, idle for too long or past its absolute end, or the account is disabled.
    Reads only: ``touch`` is what keeps a session from becoming idle.
    """
    now = current_store().clock()
    idle = timedelta(minutes=get_settings().session_idle_minutes)
    with read() as connection:
        row = queries.session(connection, token_hash(token))
        if row is None or row.revoked_at is not None or not row.is_active:
            return None
        if row.expires_at <= now or row.last_seen_at + idle <= now:
            return None
        actor = actor_of_account(connection, row.user_id, row.login, row.name, row.grants)
    return Visit(actor, row.must_change_password, now - row.last_seen_at >= _TOUCH_AFTER)


def touch(token: str) -> None:
    """Note that the browser behind *token* is in use."""
    with transaction(system_actor()) as tx:
        tx.connection.execute(
            update(UserSession).where(UserSession.token_hash == token_hash(token)).values(last_seen_at=tx.at)
        )


def sign_out(token: str) -> None:
    """End the session of *token*; a session that is over already stays so."""
    visit = visit_of_token(token)
    if visit is None:
        return
    with transaction(visit.actor) as tx:
        end_sessions(tx, UserSession.token_hash == token_hash(token))
        tx.record("signed_out", "user_account", visit.actor.user_id)


def end_sessions(tx: WriteTransaction, which: ColumnElement[bool]) -> int:
    """Revoke the open sessions that satisfy *which*; return how many."""
    result = tx.connection.execute(
        update(UserSession).where(which, UserSession.revoked_at.is_(None)).values(revoked_at=tx.at)
    )
    return int(result.rowcount)


def open_sessions(actor: Actor, user_id: int) -> tuple[OpenSession, ...]:
    """Return the sessions of an account that are still good."""
    require(actor, Permission.MANAGE_USERS)
    now = current_store().clock()
    with read() as connection:
        return queries.open_sessions(connection, user_id, _seen_after(now), now)


def revoke(actor: Actor, hashed_token: str) -> None:
    """
    End one session of anybody.

    Raises:
        NotFound: No such session, or it is over already.
    """
    require(actor, Permission.MANAGE_USERS)
    with transaction(actor) as tx:
        row = queries.session(tx.connection, hashed_token)
        if row is None or not end_sessions(tx, UserSession.token_hash == hashed_token):
            raise NotFound("该会话已经结束。")
        tx.record("session_revoked", "user_account", row.user_id, new={"login": row.login, "sessions": 1})


def revoke_all(actor: Actor, user_id: int) -> int:
    """End every session of an account; return how many there were."""
    require(actor, Permission.MANAGE_USERS)
    with transaction(actor) as tx:
        ended = end_sessions(tx, UserSession.user_id == user_id)
        if ended:
            tx.record("session_revoked", "user_account", user_id, new={"sessions": ended})
    return ended


def _seen_after(now: datetime) -> datetime:
    return now - timedelta(minutes=get_settings().session_idle_minutes)
