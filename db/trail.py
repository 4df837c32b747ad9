"""The audit rows of one import and what came after them: what an undo needs, for any table.

Nothing here knows what a row means. Values are read back from the JSON of the audit by the type of their column.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Date, Integer, Table, select, tuple_
from sqlalchemy.orm import DeclarativeBase

from db.audit import SECRET_FIELDS
from db.models import Base
from db.models.base import UtcDateTime
from db.models.system import AuditEvent

_CHUNK = 500
# Kept by the import itself or made from other rows: neither undone nor in the way of an undo.
_BOOKKEEPING = frozenset({"import_batch", "import_mend", "import_problem", "import_profile"})
_DERIVED = frozenset({"project_state", "tally", "parcel_tally"})

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What an import did to one row: inserted it, or changed fields (name → value before and after, decoded)."""

    key: Key
    is_new: bool
    old: Mapping[str, Any]
    new: Mapping[str, Any]


class Later(NamedTuple):
    """A later write on a row: who, when, which fields, and what they held before (decoded)."""

    key: Key
    at: datetime
    actor: str
    fields: frozenset[str]
    old: Mapping[str, Any]


class Reference(NamedTuple):
    """A row of *table* that points to the row *target*."""

    table: str
    key: Key
    column: str
    target: Any


def models() -> dict[str, type[DeclarativeBase]]:
    """Return the models by table name."""
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def load_written(connection: Connection, first_seq: int, last_seq: int) -> dict[str, dict[Key, Written]]:
    """Return table → key → what the audit rows *first_seq*..*last_seq* did, several writes of a row as one."""
    event, known = AuditEvent.__table__.c, models()
    statement = (
        select(event.action, event.entity, event.entity_id, event.old, event.new)
        .where(event.seq.between(first_seq, last_seq), event.action.in_(("insert", "update")))
        .order_by(event.seq)
    )
    found: dict[str, dict[Key, Written]] = {}
    for action, entity, entity_id, old, new in connection.execute(statement):
        if entity in _BOOKKEEPING or entity not in known:
            continue
        table = _table(entity)
        rows = found.setdefault(entity, {})
        _add(rows, table, action == "insert", parse_key(table, entity_id), json.loads(old), json.loads(new))
    return found


def _add(
    rows: dict[Key, Written], table: Table, is_new: bool, key: Key, old: Mapping[str, Any], new: Mapping[str, Any]
) -> None:
    before, after = (decode(table, values) for values in (old, new))
    earlier = rows.get(key)
    if earlier is not None:
        # The value before the import is that of the first write, the value it left that of the last.
        is_new, before, after = earlier.is_new, {**before, **earlier.old}, {**earlier.new, **after}
    rows[key] = Written(key, is_new, before, after)


def _table(entity: str) -> Table:
    return Base.metadata.tables[entity]


def parse_key(table: Table, text: str) -> Key:
    """Return the primary key that an audit row writes as *text*."""
    columns = list(table.primary_key)
    parts = text.split("/") if len(columns) > 1 else [text]
    return tuple(_number(part) if isinstance(c.type, Integer) else part for part, c in zip(parts, columns, strict=True))


def _number(text: str) -> int | None:
    return int(text) if text else None


def decode(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return audited *values* as the store holds them; secrets, which the audit only names, are left out."""
    return {
        name: _decode(table.c[name], value)
        for name, value in values.items()
        if name in table.c and name not in SECRET_FIELDS
    }


def _decode(column: Column[Any], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if isinstance(column.type, UtcDateTime) else value


def load_later(connection: Connection, entity: str, keys: Sequence[Key], after_seq: int) -> dict[Key, list[Later]]:
    """Return the writes on *keys* of *entity* after audit row *after_seq*, oldest first."""
    event, table = AuditEvent.__table__.c, _table(entity)
    found: dict[Key, list[Later]] = {}
    texts = ["/".join("" if part is None else str(part) for part in key) for key in keys]
    for chunk in _chunks(texts):
        statement = (
            select(event.entity_id, event.at, event.actor, event.new, event.old)
            .where(event.entity == entity, event.entity_id.in_(chunk), event.seq > after_seq)
            .order_by(event.seq)
        )
        for entity_id, at, actor, new, old in connection.execute(statement):
            key, before = parse_key(table, entity_id), decode(table, json.loads(old))
            found.setdefault(key, []).append(Later(key, at, actor, frozenset(json.loads(new)), before))
    return found


def load_rows(connection: Connection, entity: str, keys: Sequence[Key]) -> dict[Key, Mapping[str, Any]]:
    """Return the rows of *entity* that are there, locked until the transaction ends."""
    table = _table(entity)
    columns = list(table.primary_key)
    found: dict[Key, Mapping[str, Any]] = {}
    for chunk in _chunks(keys):
        wanted = columns[0].in_([key[0] for key in chunk]) if len(columns) == 1 else tuple_(*columns).in_(chunk)
        for row in connection.execute(select(table).where(wanted).with_for_update()).mappings():
            found[tuple(row[column.name] for column in columns)] = dict(row)
    return found


def load_references(connection: Connection, entity: str, ids: Sequence[Any]) -> Iterator[Reference]:
    """Yield every row of any table that points to the rows *ids* of *entity*."""
    for table in Base.metadata.sorted_tables:
        if table.name in _DERIVED or table.name in _BOOKKEEPING:
            continue
        for column in table.columns:
            if any(key.column.table.name == entity for key in column.foreign_keys):
                yield from _references(connection, table, column, ids)


def _references(connection: Connection, table: Table, column: Column[Any], ids: Sequence[Any]) -> Iterator[Reference]:
    keys = list(table.primary_key)
    for chunk in _chunks(ids):
        for row in connection.execute(select(column.label("target"), *keys).where(column.in_(chunk))):
            yield Reference(table.name, tuple(row[1:]), column.name, row[0])


def child_first(entities: Sequence[str]) -> list[str]:
    """Return *entities* so that a table comes before those it points to."""
    order = [table.name for table in reversed(Base.metadata.sorted_tables)]
    return sorted(entities, key=order.index)


def _chunks(values: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield list(values[start : start + _CHUNK])
