"""Accounts, grants, sessions and display keys as frozen rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select

from db.models.access import DisplayKey, User, UserRole, UserSession
from db.models.organisation import County, Headquarters, Person, Unit


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to check a sign-in."""

    user_id: int
    login: str
    name: str
    password_hash: str
    is_active: bool
    must_change_password: bool
    failed_attempts: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role of an account and what it is bound to (at most one of the three)."""

    role: str
    county_id: int | None
    headquarters_id: int | None
    unit_id: int | None
    bound_to: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with its account, as the gate needs it."""

    user_id: int
    login: str
    name: str
    is_active: bool
    must_change_password: bool
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    grants: tuple[GrantRow, ...]


@dataclass(frozen=True, slots=True)
class UserRow:
    """An account as the user screen shows it."""

    id: int
    login: str
    name: str
    is_active: bool
    is_demo: bool
    must_change_password: bool
    failed_attempts: int
    locked_until: datetime | None
    last_sign_in_at: datetime | None
    version: int
    person_id: int | None = None
    superior_id: int | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as the user screen shows it. ``token_hash`` names it; the token itself is known to nobody."""

    token_hash: str
    user_id: int
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class DisplayRow:
    """A display key as the screen shows it; the key itself is known to nobody."""

    id: int
    label: str
    bound_address: str
    is_demo: bool
    created_at: datetime
    revoked_at: datetime | None
    version: int


_CREDENTIALS = select(
    User.id,
    User.login,
    User.name,
    User.password_hash,
    User.is_active,
    User.must_change_password,
    User.failed_attempts,
    User.locked_until,
)
_SESSION = (
    select(
        User.id,
        User.login,
        User.name,
        User.is_active,
        User.must_change_password,
        UserSession.last_seen_at,
        UserSession.expires_at,
        UserSession.revoked_at,
        UserRole.role,
        UserRole.county_id,
        UserRole.headquarters_id,
        UserRole.unit_id,
    )
    .join_from(UserSession, User)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .where(UserSession.token_hash == bindparam("token_hash"))
)
_USER = select(
    User.id,
    User.login,
    User.name,
    User.is_active,
    User.is_demo,
    User.must_change_password,
    User.failed_attempts,
    User.locked_until,
    User.last_sign_in_at,
    User.version,
    User.person_id,
    User.superior_id,
    User.email,
)
_DISPLAY = select(
    DisplayKey.id,
    DisplayKey.label,
    DisplayKey.bound_address,
    DisplayKey.is_demo,
    DisplayKey.created_at,
    DisplayKey.revoked_at,
    DisplayKey.version,
)
_DISPLAY_BY_HASH = _DISPLAY.where(DisplayKey.key_hash == bindparam("key_hash"))


def credentials(connection: Connection, login: str) -> Credentials | None:
    """Return what is needed to check a sign-in under *login*."""
    row = connection.execute(_CREDENTIALS.where(User.login == login)).one_or_none()
    return Credentials(*row) if row else None


def credentials_of(connection: Connection, user_id: int) -> Credentials | None:
    """Return what is needed to check the password of an account."""
    row = connection.execute(_CREDENTIALS.where(User.id == user_id)).one_or_none()
    return Credentials(*row) if row else None


def session(connection: Connection, token_hash: str) -> SessionRow | None:
    """Return the session of a cookie, with the account's roles: one statement, asked on every request."""
    rows = connection.execute(_SESSION, {"token_hash": token_hash}).all()
    if not rows:
        return None
    first = rows[0]
    return SessionRow(
        first.id,
        first.login,
        first.name,
        first.is_active,
        first.must_change_password,
        first.last_seen_at,
        first.expires_at,
        first.revoked_at,
        tuple(GrantRow(row.role, row.county_id, row.headquarters_id, row.unit_id) for row in rows if row.role),
    )


def grants(connection: Connection, user_id: int) -> tuple[GrantRow, ...]:
    """Return the roles of an account."""
    return grants_by_user(connection, [user_id]).get(user_id, ())


def grants_by_user(connection: Connection, user_ids: Iterable[int] | None = None) -> dict[int, tuple[GrantRow, ...]]:
    """Return the roles of several (None = all) accounts, each with the name of what it is bound to."""
    query = (
        select(
            UserRole.user_id,
            UserRole.role,
            UserRole.county_id,
            UserRole.headquarters_id,
            UserRole.unit_id,
            County.name.label("county"),
            Headquarters.name.label("headquarters"),
            Unit.name.label("unit"),
        )
        .select_from(UserRole)
        .outerjoin(County, County.id == UserRole.county_id)
        .outerjoin(Headquarters, Headquarters.id == UserRole.headquarters_id)
        .outerjoin(Unit, Unit.id == UserRole.unit_id)
        .order_by(UserRole.id)
    )
    if user_ids is not None:
        query = query.where(UserRole.user_id.in_(list(user_ids)))
    found: dict[int, list[GrantRow]] = {}
    for row in connection.execute(query):
        bound_to = row.county or row.headquarters or row.unit or ""
        grant = GrantRow(row.role, row.county_id, row.headquarters_id, row.unit_id, bound_to)
        found.setdefault(row.user_id, []).append(grant)
    return {user_id: tuple(rows) for user_id, rows in found.items()}


def with_sub_headquarters(connection: Connection, ids: frozenset[int]) -> frozenset[int]:
    """Return *ids* and the headquarters directly below them."""
    if not ids:
        return ids
    return ids | set(connection.execute(select(Headquarters.id).where(Headquarters.parent_id.in_(ids))).scalars())


def sub_headquarters(connection: Connection) -> dict[int, frozenset[int]]:
    """Return headquarters → those directly below it, for all that have any."""
    query = select(Headquarters.parent_id, Headquarters.id).where(Headquarters.parent_id.is_not(None))
    found: dict[int, set[int]] = {}
    for row in connection.execute(query):
        found.setdefault(int(row[0] or 0), set()).add(row[1])
    return {parent_id: frozenset(keys) for parent_id, keys in found.items()}


def users(connection: Connection, search: str, limit: int | None) -> tuple[UserRow, ...]:
    """Return accounts by login, those whose login or name contains *search*; without a *limit* all of them."""
    query = _USER.order_by(User.login).limit(limit)
    if search:
        query = query.where(
            or_(User.login.icontains(search, autoescape=True), User.name.icontains(search, autoescape=True))
        )
    return tuple(UserRow(**row._mapping) for row in connection.execute(query))


def user(connection: Connection, user_id: int) -> UserRow | None:
    """Return one account."""
    row = connection.execute(_USER.where(User.id == user_id)).one_or_none()
    return UserRow(**row._mapping) if row else None


def user_id_of(connection: Connection, login: str) -> int | None:
    """Return the id of an account."""
    return connection.execute(select(User.id).where(User.login == login)).scalar_one_or_none()


def active_holders(connection: Connection, role: str) -> frozenset[int]:
    """Return the active accounts that hold *role*."""
    query = select(User.id).join(UserRole, UserRole.user_id == User.id).where(UserRole.role == role, User.is_active)
    return frozenset(connection.execute(query).scalars())


def open_sessions(connection: Connection, user_id: int, seen_after: datetime, now: datetime) -> tuple[OpenSession, ...]:
    """Return the sessions of an account that are neither revoked nor expired, the latest first."""
    query = (
        select(
            UserSession.token_hash,
            UserSession.user_id,
            UserSession.created_at,
            UserSession.last_seen_at,
            UserSession.expires_at,
            UserSession.address,
            UserSession.agent,
        )
        .where(
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now,
            UserSession.last_seen_at > seen_after,
        )
        .order_by(UserSession.last_seen_at.desc())
    )
    return tuple(OpenSession(*row) for row in connection.execute(query))


def display_keys(connection: Connection) -> tuple[DisplayRow, ...]:
    """Return all display keys, those in force first."""
    query = _DISPLAY.order_by(DisplayKey.revoked_at.is_not(None), DisplayKey.id.desc())
    return tuple(DisplayRow(*row) for row in connection.execute(query))


def display_by_hash(connection: Connection, key_hash: str) -> DisplayRow | None:
    """Return the display key with this hash."""
    row = connection.execute(_DISPLAY_BY_HASH, {"key_hash": key_hash}).one_or_none()
    return DisplayRow(*row) if row else None


def bindings(connection: Connection) -> dict[str, tuple[tuple[int, str], ...]]:
    """Return what roles can be bound to: ``county``, ``headquarters``, ``unit`` → (id, name) in the usual order."""
    counties = select(County.id, County.name).order_by(County.sort_order, County.id)
    headquarters = select(Headquarters.id, Headquarters.name).order_by(Headquarters.sort_order, Headquarters.id)
    units = select(Unit.id, Unit.name).order_by(Unit.name)
    named = {"county": counties, "headquarters": headquarters, "unit": units}
    return {kind: tuple((row.id, row.name) for row in connection.execute(query)) for kind, query in named.items()}


def superiors(connection: Connection) -> dict[int, int]:
    """Return account → its superior, for all that have one."""
    query = select(User.id, User.superior_id).where(User.superior_id.is_not(None))
    return {row[0]: row[1] for row in connection.execute(query) if row[1] is not None}


def account_choices(connection: Connection) -> tuple[tuple[int, str], ...]:
    """Return (id, shown name with login) of the accounts in use, by name."""
    query = select(User.id, User.name, User.login).where(User.is_active).order_by(User.name, User.login)
    return tuple((row.id, f"{row.name}（{row.login}）") for row in connection.execute(query))


def person_choices(connection: Connection) -> tuple[tuple[int, str], ...]:
    """Return (id, name with title and unit) of the people of the ledger, by name."""
    query = select(Person.id, Person.name, Person.title, Unit.name.label("unit")).outerjoin(
        Unit, Unit.id == Person.unit_id
    )
    rows = connection.execute(query.order_by(Person.name, Person.id))
    return tuple((row.id, "　".join(part for part in (row.name, row.title, row.unit) if part)) for row in rows)


def person_of(connection: Connection, user_id: int) -> int | None:
    """Return the person of the ledger who signs in with an account; None when it is linked to nobody."""
    return connection.execute(select(User.person_id).where(User.id == user_id)).scalar_one_or_none()
