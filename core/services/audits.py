"""Reading the audit and proving that nobody altered it. Nothing here writes but the note that it was checked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.permissions import Actor, Permission, require
from db import audit
from db.queries import audits as queries
from db.queries.audits import AuditRow
from db.session import current_store, read, transaction

PAGE_ROWS = 100


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows to show. Empty text = any; ``days`` back from now, 0 = all."""

    actor: str = ""
    action: str = ""
    entity: str = ""
    days: int = 7


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of the audit, the latest first, with what the filters offer."""

    rows: tuple[AuditRow, ...]
    total: int
    actions: tuple[str, ...]
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of checking the chain: how many rows, and the first broken one (None = whole)."""

    checked: int
    broken_at: int | None
    at: datetime


def search(actor: Actor, wanted: AuditFilter, page: int = 0) -> AuditPage:
    """Return page number *page* (from 0) of the rows that satisfy *wanted*."""
    require(actor, Permission.VIEW_AUDIT)
    since = current_store().clock() - timedelta(days=wanted.days) if wanted.days else None
    with read() as connection:
        clause = queries.clause(wanted.actor.strip(), wanted.action, wanted.entity, since)
        return AuditPage(
            rows=queries.rows(connection, clause, PAGE_ROWS, page * PAGE_ROWS),
            total=queries.count(connection, clause),
            actions=queries.distinct_actions(connection),
            entities=queries.distinct_entities(connection),
        )


def verify(actor: Actor) -> Verdict:
    """Check the whole chain of hashes and write down that it was checked."""
    require(actor, Permission.VIEW_AUDIT)
    with read() as connection:
        checked = audit.read_head(connection).seq
        broken_at = audit.verify(connection)
    with transaction(actor) as tx:
        tx.record("audit_verified", "audit_event", checked, new={"broken_at": broken_at})
    return Verdict(checked, broken_at, tx.at)
