"""Keys of calendar feeds and the accounts behind them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from db.models.access import FeedKey, User


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """A feed key with the account it belongs to, as it stands now."""

    feed_id: int
    user_id: int
    login: str
    name: str
    is_active: bool
    must_change_password: bool
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed key as the screens show it; the key itself is known to nobody."""

    id: int
    user_id: int
    user_name: str
    label: str
    created_at: datetime
    revoked_at: datetime | None
    version: int


_OWNER = (
    select(
        FeedKey.id,
        User.id.label("user_id"),
        User.login,
        User.name,
        User.is_active,
        User.must_change_password,
        FeedKey.revoked_at,
    )
    .join_from(FeedKey, User)
    .where(FeedKey.key_hash == bindparam("key_hash"))
)
_ROW = select(
    FeedKey.id, FeedKey.user_id, User.name, FeedKey.label, FeedKey.created_at, FeedKey.revoked_at, FeedKey.version
).join_from(FeedKey, User)


def owner_of(connection: Connection, key_hash: str) -> FeedOwner | None:
    """Return the feed key with this hash and its account."""
    row = connection.execute(_OWNER, {"key_hash": key_hash}).one_or_none()
    return FeedOwner(*row) if row else None


def feed(connection: Connection, feed_id: int) -> FeedRow | None:
    """Return one feed key."""
    row = connection.execute(_ROW.where(FeedKey.id == feed_id)).one_or_none()
    return FeedRow(*row) if row else None


def feeds_of(connection: Connection, user_id: int) -> tuple[FeedRow, ...]:
    """Return the keys of an account that are in force, the latest first."""
    query = _ROW.where(FeedKey.user_id == user_id, FeedKey.revoked_at.is_(None)).order_by(FeedKey.id.desc())
    return tuple(FeedRow(*row) for row in connection.execute(query))


def count_of(connection: Connection, user_id: int) -> int:
    """Return how many keys of an account are in force."""
    query = select(func.count()).where(FeedKey.user_id == user_id, FeedKey.revoked_at.is_(None))
    return int(connection.execute(query).scalar_one())


def all_feeds(connection: Connection, limit: int) -> tuple[FeedRow, ...]:
    """Return the keys in force of all accounts, the latest first."""
    query = _ROW.where(FeedKey.revoked_at.is_(None)).order_by(FeedKey.id.desc()).limit(limit)
    return tuple(FeedRow(*row) for row in connection.execute(query))
