"""Profiles: confirmed mappings of columns, recognised again by their headers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from db.models.system import ImportProfile


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A confirmed mapping; ``mapping`` is its JSON."""

    id: int
    kind: str
    name: str
    mapping: str
    created_at: datetime
    created_by: str
    used_at: datetime | None
    is_active: bool
    version: int


_COLUMNS = tuple(ImportProfile.__table__.c[name] for name in ProfileRow.__slots__)


def list_profiles(connection: Connection, kinds: Sequence[str]) -> tuple[ProfileRow, ...]:
    """Return the profiles in use of *kinds*, by name."""
    statement = select(*_COLUMNS).where(ImportProfile.kind.in_(kinds), ImportProfile.is_active)
    return tuple(ProfileRow(*row) for row in connection.execute(statement.order_by(ImportProfile.name)))


def find_profile(connection: Connection, profile_id: int) -> ProfileRow | None:
    """Return one profile, in use or retired."""
    row = connection.execute(select(*_COLUMNS).where(ImportProfile.id == profile_id)).one_or_none()
    return ProfileRow(*row) if row else None


def find_named(connection: Connection, kind: str, name: str) -> ProfileRow | None:
    """Return the profile of *kind* called *name*, in use or retired."""
    statement = select(*_COLUMNS).where(ImportProfile.kind == kind, ImportProfile.name == name)
    row = connection.execute(statement).one_or_none()
    return ProfileRow(*row) if row else None
