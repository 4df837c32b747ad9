"""Reads of the store's own settings and state."""

from datetime import datetime

from sqlalchemy import Connection, func, select, text

from db.models.access import User, UserSession
from db.models.land import Parcel
from db.models.milestone import Milestone
from db.models.project import Project
from db.models.system import AuditEvent, Setting, StoreHead

_COUNTED = {"projects": Project, "parcels": Parcel, "milestones": Milestone, "users": User, "audit_events": AuditEvent}


def setting(connection: Connection, key: str) -> str | None:
    """Return the JSON text kept under *key*, None when there is none."""
    return connection.execute(select(Setting.value).where(Setting.key == key)).scalar_one_or_none()


def has_projects(connection: Connection) -> bool:
    """Return whether the store holds any project."""
    return connection.execute(select(Project.id).limit(1)).first() is not None


def row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows the main tables hold, by name."""
    counts = [
        select(func.count()).select_from(model.__table__).scalar_subquery().label(name)
        for name, model in _COUNTED.items()
    ]
    row = connection.execute(select(*counts)).one()
    return {name: int(value) for name, value in row._mapping.items()}


def open_sessions(connection: Connection, seen_after: datetime, now: datetime) -> int:
    """Return how many sessions are neither revoked nor expired nor idle."""
    query = select(func.count()).where(
        UserSession.revoked_at.is_(None), UserSession.expires_at > now, UserSession.last_seen_at > seen_after
    )
    return int(connection.execute(query).scalar_one())


def changed_at(connection: Connection) -> datetime | None:
    """Return when the store was last written to."""
    return connection.execute(select(StoreHead.changed_at)).scalar_one_or_none()


def server_version(connection: Connection) -> str:
    """Return the version of the database server or library."""
    return ".".join(str(part) for part in connection.dialect.server_version_info or ())


def size_bytes(connection: Connection) -> int:
    """Return how much room the store takes on disk."""
    if connection.dialect.name == "sqlite":
        pages, page = (int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in _SIZE_PRAGMAS)
        return pages * page
    return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


_SIZE_PRAGMAS = ("page_count", "page_size")
