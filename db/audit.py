"""The audit chain: append-only rows, each holding the hash of the one before it."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, String, bindparam, insert, select, update

from core.domain.period import AsOf, Month
from db.models.base import UtcDateTime
from db.models.system import AuditEvent, StoreHead
from db.prepared import Prepared

HEAD_ID = 1
GENESIS = "0" * 64
NUL_IN_JSON = "\\u0000"
SECRET_FIELDS = frozenset({"password_hash", "key_hash", "token_hash"})


class AuditEntry(NamedTuple):
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
    """Return *values* as canonical JSON (keys sorted, no blanks); secrets are named, never shown."""
    if not values:
        return "{}"
    form, names, secrets = _shape(tuple(values))
    if secrets:
        values = {name: "***" if name in secrets and value else value for name, value in values.items()}
    return form % tuple([_ENCODERS.get(type(value := values[name]), _other)(value) for name in names])


@lru_cache(maxsize=1024)
def _shape(keys: tuple[str, ...]) -> tuple[str, tuple[str, ...], frozenset[str]]:
    """Return an object with *keys* as a form to be filled, its keys in order, and those that are secrets."""
    names = tuple(sorted(keys))
    fields = ",".join(f"{encode_basestring(name)}:".replace("%", "%%") + "%s" for name in names)
    return f"{{{fields}}}", names, SECRET_FIELDS.intersection(names)


@lru_cache(maxsize=4096)
def _day(value: date) -> str:
    return f'"{value.isoformat()}"'


# An import writes its rows by the ten thousand; the general encoder costs twice as much as these.
_ENCODERS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    int: str,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    date: _day,
    datetime: lambda value: f'"{value.isoformat()}"',
}


def _other(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def chain_hash(previous: str, seq: int, at: datetime, entry: AuditEntry) -> str:
    """Return the hash of one link: SHA-256 over the previous hash and every field."""
    return _link(previous, seq, at.astimezone(UTC).isoformat(timespec="microseconds"), entry)


def _link(previous: str, seq: int, at: str, entry: AuditEntry) -> str:
    fields = (
        previous,
        str(seq),
        at,
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


def append(connection: Connection, head: Head, at: datetime, entries: Iterable[AuditEntry]) -> int:
    """Write *entries* behind *head* and move it; return the new sequence number (the data version)."""
    chain = _Chain(head, at)
    _APPEND.run_many(connection, map(chain.add, entries))
    _MOVE_HEAD.run(connection, new_seq=chain.seq, new_hash=chain.hash, new_changed_at=at)
    return chain.seq


class _Chain:
    """The end of the chain while entries are added; rows are made as the driver takes them, never all at once."""

    def __init__(self, head: Head, at: datetime) -> None:
        self.seq, self.hash = head.seq, head.hash
        self._at = at
        self._at_text = at.astimezone(UTC).isoformat(timespec="microseconds")

    def add(self, entry: AuditEntry) -> dict[str, Any]:
        """Return the row of the next link."""
        self.seq += 1
        self.hash = _link(self.hash, self.seq, self._at_text, entry)
        return {
            "seq": self.seq,
            "at": self._at,
            "actor": entry.actor,
            "action": entry.action,
            "entity": entry.entity,
            "entity_id": entry.entity_id,
            "project_id": entry.project_id,
            "old": entry.old,
            "new": entry.new,
            "reason": entry.reason,
            "headline": entry.headline,
            "hash": self.hash,
        }


def verify(connection: Connection) -> int | None:
    """Return the first sequence number at which the chain is broken, or None when it is whole."""
    previous, expected = GENESIS, 0
    for row in connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.seq)).mappings():
        expected += 1
        entry = AuditEntry(**{name: row[name] for name in AuditEntry._fields})
        if row["seq"] != expected or row["hash"] != chain_hash(previous, row["seq"], row["at"], entry):
            return expected
        previous = row["hash"]
    head = read_head(connection)
    return None if (head.seq, head.hash) == (expected, previous) else expected + 1
