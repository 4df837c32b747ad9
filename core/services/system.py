"""What the installation itself stands at."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission, require
from core.settings import get_settings
from db import audit
from db.queries import system as queries
from db.session import current_store, read, sqlite_module


@dataclass(frozen=True, slots=True)
class Status:
    """The state of store and figures, as the system screen shows it."""

    database: str
    library: str
    schema: str
    newest_schema: str
    size_bytes: int
    seq: int
    figures: AsOf | None
    today: AsOf
    changed_at: datetime | None
    counts: Mapping[str, int]


def is_demo() -> bool:
    """Return whether the store holds the demo city."""
    with read() as connection:
        value = queries.setting(connection, "demo")
    return value is not None and json.loads(value) is True


def is_untouched() -> bool:
    """Return whether no project was ever here: none now, and no demo city that was built or cleared."""
    with read() as connection:
        return queries.setting(connection, "demo") is None and not queries.has_projects(connection)


def data_version() -> int:
    """Return the head of the audit chain: the cheapest question the store must be able to answer."""
    with read() as connection:
        return audit.read_head(connection).seq


def counters() -> Mapping[str, int]:
    """Return the numbers for monitoring, by name."""
    store = current_store()
    seen_after = store.clock() - timedelta(minutes=get_settings().session_idle_minutes)
    with read() as connection:
        return {
            "data_version": audit.read_head(connection).seq,
            "open_sessions": queries.open_sessions(connection, seen_after, store.clock()),
            **queries.row_counts(connection),
        }


def status(actor: Actor) -> Status:
    """Return the state of store and figures."""
    require(actor, Permission.MANAGE_SYSTEM)
    store = current_store()
    from db import migrate  # loads alembic, which the server needs for this one screen only

    with read() as connection:
        head = audit.read_head(connection)
        return Status(
            database="SQLite" if store.is_sqlite else "PostgreSQL",
            library=_library(store.is_sqlite, queries.server_version(connection)),
            schema=migrate.current_revision(connection) or "—",
            newest_schema=migrate.head_revision(),
            size_bytes=queries.size_bytes(connection),
            seq=head.seq,
            figures=head.figures,
            today=store.as_of(),
            changed_at=queries.changed_at(connection),
            counts=queries.row_counts(connection),
        )


def _library(is_sqlite: bool, server_version: str) -> str:
    return f"SQLite {sqlite_module().sqlite_version}" if is_sqlite else f"PostgreSQL {server_version}"
