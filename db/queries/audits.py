"""Reads of the audit chain."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from db.models.system import AuditEvent


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One link of the chain. ``old`` and ``new`` are JSON texts of the changed fields."""

    seq: int
    at: datetime
    actor: str
    action: str
    entity: str
    entity_id: str
    project_id: int | None
    old: str
    new: str
    reason: str
    hash: str


_ROW = select(
    AuditEvent.seq,
    AuditEvent.at,
    AuditEvent.actor,
    AuditEvent.action,
    AuditEvent.entity,
    AuditEvent.entity_id,
    AuditEvent.project_id,
    AuditEvent.old,
    AuditEvent.new,
    AuditEvent.reason,
    AuditEvent.hash,
)


def clause(actor: str, action: str, entity: str, since: datetime | None) -> ColumnElement[bool]:
    """Return the test for the given values; empty text and None test nothing."""
    tests: list[ColumnElement[bool]] = [true()]
    if actor:
        tests.append(AuditEvent.actor == actor)
    if action:
        tests.append(AuditEvent.action == action)
    if entity:
        tests.append(AuditEvent.entity == entity)
    if since is not None:
        tests.append(AuditEvent.at >= since)
    return and_(*tests)


def rows(connection: Connection, wanted: ColumnElement[bool], limit: int, offset: int) -> tuple[AuditRow, ...]:
    """Return rows, the latest first."""
    query = _ROW.where(wanted).order_by(AuditEvent.seq.desc()).limit(limit).offset(offset)
    return tuple(AuditRow(*row) for row in connection.execute(query))


def count(connection: Connection, wanted: ColumnElement[bool]) -> int:
    """Return how many rows satisfy *wanted*."""
    return int(connection.execute(select(func.count()).select_from(AuditEvent).where(wanted)).scalar_one())


def distinct_actions(connection: Connection) -> tuple[str, ...]:
    """Return every action that occurs."""
    return tuple(connection.execute(select(AuditEvent.action).distinct().order_by(AuditEvent.action)).scalars())


def distinct_entities(connection: Connection) -> tuple[str, ...]:
    """Return every entity that occurs."""
    return tuple(connection.execute(select(AuditEvent.entity).distinct().order_by(AuditEvent.entity)).scalars())
