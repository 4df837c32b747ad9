"""The audit chain: append-only rows, each holding the hash of the one before it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, String, bindparam, insert, select, update

from core.domain.period import AsOf, Month
from db.models.base import UtcDateTime
from db.models.system import AuditEvent, StoreHead
from db.prepared import Prepared

HEAD_ID = 1
GENESIS = "0" * 64
SECRET_FIELDS = frozenset({"password_hash", "key_hash", "token_hash"})


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One write, before it has a place in the chain."""

    actor: str
    action: str
    entity: str
    entity_id: str
    project_id: int | None
    old: str
    new: str
    reason: str
    headline: str


def to_json(values: Mapping[str, object]) -> str:
    """Return *values* as canonical JSON; secrets are named, never shown."""
    shown = {key: "***" if key in SECRET_FIELDS and value else value for key, value in values.items()}
    return json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_encode)


def _encode(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def chain_hash(previous: str, seq: int, at: datetime, entry: AuditEntry) -> str:
    """Return the hash of one link: SHA-256 over the previous hash and every field."""
    fields = (
        previous,
        str(seq),
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.entity,
        entry.entity_id,
        str(entry.project_id),
        entry.old,
        entry.new,
        entry.reason,
        entry.headline,
    )
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The store's head: end of the audit chain and the as-of point and rule set of the roll-ups."""

    seq: int
    hash: str
    figures: AsOf | None
    flag_rule_id: int | None


_HEAD = select(
    StoreHead.seq, StoreHead.hash, StoreHead.figures_on, StoreHead.figures_month, StoreHead.flag_rule_id
).where(StoreHead.id == HEAD_ID)


_READ_HEAD = Prepared(_HEAD)
_LOCK_HEAD = Prepared(_HEAD.with_for_update())
_EVENT_COLUMNS = tuple(column.name for column in AuditEvent.__table__.columns)
_APPEND = Prepared(insert(AuditEvent), _EVENT_COLUMNS)
_MOVE_HEAD = Prepared(
    update(StoreHead)
    .where(StoreHead.id == HEAD_ID)
    .values(
        seq=bindparam("new_seq", type_=BigInteger()),
        hash=bindparam("new_hash", type_=String()),
        changed_at=bindparam("new_changed_at", type_=UtcDateTime()),
    )
)


def _to_head(row: tuple[Any, ...]) -> Head:
    seq, link, figures_on, figures_month, flag_rule_id = row
    figures = AsOf(figures_on, Month.parse(figures_month)) if figures_on else None
    return Head(seq, link, figures, flag_rule_id)


def read_head(connection: Connection) -> Head:
    """Return the head as it stands: one single-row query, the whole price of an unchanged wall."""
    return _to_head(_READ_HEAD.run(connection)[0])


def lock_head(connection: Connection) -> Head:
    """
    Return the head and hold it until the transaction ends.

    Whoever holds the head is the only one who changes roll-ups and the chain, so neither can interleave.
    """
    return _to_head(_LOCK_HEAD.run(connection)[0])


def append(connection: Connection, head: Head, at: datetime, entries: Sequence[AuditEntry]) -> int:
    """Write *entries* behind *head* and move it; return the new sequence number (the data version)."""
    seq, previous = head.seq, head.hash
    rows = []
    for entry in entries:
        seq += 1
        previous = chain_hash(previous, seq, at, entry)
        rows.append(
            {
                "seq": seq,
                "at": at,
                "actor": entry.actor,
                "action": entry.action,
                "entity": entry.entity,
                "entity_id": entry.entity_id,
                "project_id": entry.project_id,
                "old": entry.old,
                "new": entry.new,
                "reason": entry.reason,
                "headline": entry.headline,
                "hash": previous,
            }
        )
    _APPEND.run_many(connection, rows)
    _MOVE_HEAD.run(connection, new_seq=seq, new_hash=previous, new_changed_at=at)
    return seq


def verify(connection: Connection) -> int | None:
    """Return the first sequence number at which the chain is broken, or None when it is whole."""
    previous, expected = GENESIS, 0
    for row in connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.seq)).mappings():
        expected += 1
        entry = AuditEntry(**{name: row[name] for name in AuditEntry.__slots__})
        if row["seq"] != expected or row["hash"] != chain_hash(previous, row["seq"], row["at"], entry):
            return expected
        previous = row["hash"]
    head = read_head(connection)
    return None if (head.seq, head.hash) == (expected, previous) else expected + 1
