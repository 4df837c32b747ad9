"""Accounts, grants, sessions and the keys of wall displays. Secrets are stored as hashes only."""

from sqlalchemy import Boolean, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Code, Instant, PrimaryKey, Versioned, reference


class User(Versioned, Base):
    """
    An account. ``login`` is ASCII; the shown name is Chinese.

    ``person_id`` says which person of the ledger signs in with it (包保领导、责任人); ``superior_id`` is the account
    that hears of what this one lets slip; ``email`` is where its digest goes.
    """

    __tablename__ = "user_account"
    id: Mapped[PrimaryKey]
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=False)
    failed_attempts: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[Instant | None]
    last_sign_in_at: Mapped[Instant | None]
    person_id: Mapped[int | None] = reference("person.id")
    superior_id: Mapped[int | None] = reference("user_account.id", index=False)
    email: Mapped[str] = mapped_column(String(200), default="", server_default="")


class UserRole(Versioned, Base):
    """A role held by an account, bound to a county, headquarters or unit where the role needs it."""

    __tablename__ = "user_role"
    __table_args__ = (UniqueConstraint("user_id", "role", "county_id", "headquarters_id", "unit_id"),)
    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = reference("user_account.id", index=False)
    role: Mapped[Code]
    county_id: Mapped[int | None] = reference("county.id", index=False)
    headquarters_id: Mapped[int | None] = reference("headquarters.id", index=False)
    unit_id: Mapped[int | None] = reference("unit.id", index=False)


class UserSession(Base):
    """A signed-in browser; the cookie's SHA-256 is the key. Not audited row by row: it is touched on each request."""

    __tablename__ = "user_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = reference("user_account.id")
    created_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")


class FeedKey(Versioned, Base):
    """The key in a calendar feed's address (日历订阅): read-only, of one account and its scope, revocable."""

    __tablename__ = "feed_key"
    id: Mapped[PrimaryKey]
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = reference("user_account.id")
    label: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]


class DisplayKey(Versioned, Base):
    """A wall display's read-only key (大屏密钥): revocable, optionally bound to one address."""

    __tablename__ = "display_key"
    id: Mapped[PrimaryKey]
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(100))
    bound_address: Mapped[str] = mapped_column(String(64), default="")
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
