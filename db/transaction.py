"""One writing transaction: optimistic lock, audit rows and roll-ups belong to every write, so they live here."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from core.domain.errors import Conflict, Locked, NotFound
from core.domain.period import AsOf, Month
from core.domain.permissions import Actor
from db import audit, rollup
from db.audit import AuditEntry
from db.models.closing import MonthClose
from db.nul import text_without_nul, without_nul
from db.prepared import Prepared


class WriteTransaction:
    """
    The only way to write business rows.

    Every ``insert``/``update`` becomes an audit row; every touched project's roll-ups are brought up to date
    when the transaction finishes, under the lock of the store's head.

    Attributes:
        connection: For reads inside the transaction.
        actor: In whose name it runs.
        at: Aware UTC time of the transaction.
        as_of: Today's as-of point.
        is_correcting: Set by an approved correction (更正) alone: reports of closed months may then be written.
    """

    def __init__(self, connection: Connection, actor: Actor, at: datetime, as_of: AsOf) -> None:
        self.connection = connection
        self.actor = actor
        self.at = at
        self.as_of = as_of
        self._entries: deque[AuditEntry] = deque()
        self._projects: set[int] = set()
        self._counties: set[int] = set()
        self._removals: list[tuple[Table, list[dict[str, Any]]]] = []
        self._sealed: list[Callable[[int, int], None]] = []
        self._closed_months: frozenset[str] | None = None
        self._reported: set[str] = set()
        self.is_correcting = False

    def insert(
        self, model: type[DeclarativeBase], values: Mapping[str, Any], *, reason: str = "", headline: str = ""
    ) -> Any:
        """Insert one row and return its key (a tuple when the key has several columns)."""
        table, values = _table(model), without_nul(values)
        self._refuse_closed(table, values)
        result = self.connection.execute(insert(table).values(values))
        assert result.inserted_primary_key is not None  # noqa: S101 - a Core insert always has one
        key = tuple(result.inserted_primary_key)
        self._note("insert", table, _key_text(key), None, values, reason, headline)
        self._touch(table, {**values, "id": key[0]})
        return key[0] if len(key) == 1 else key

    def insert_many(self, model: type[DeclarativeBase], rows: Sequence[Mapping[str, Any]], *, reason: str = "") -> None:
        """Insert *rows*, which all name the same columns, in one call of the driver; one audit row each."""
        if not rows:
            return
        table, names = _table(model), tuple(rows[0])
        defaults = {
            column.name: column.default.arg
            for column in table.columns
            if column.name not in rows[0] and isinstance(column.default, ScalarElementColumnDefault)
        }
        clean = []
        for row in rows:
            new = audit.to_json(row)
            if audit.NUL_IN_JSON in new:
                row = without_nul(row)
                new = audit.to_json(row)
            clean.append(row)
            self._refuse_closed(table, row)
            self._enter("insert", table, _key_of(table, row), row, "{}", new, reason)
            self._touch(table, row)
        _insert(table, (*names, *defaults)).run_many(self.connection, ({**row, **defaults} for row in clean))

    def update(
        self,
        model: type[DeclarativeBase],
        key: Any,
        changes: Mapping[str, Any],
        *,
        expected_version: int | None,
        reason: str = "",
        headline: str = "",
    ) -> int:
        """
        Change one row and return its new version.

        Args:
            model: Table of the row; it has a ``version`` column.
            key: Primary key (a tuple when it has several columns).
            changes: Column → new value; columns that keep their value are not audited.
            expected_version: Version the caller read; None only where nobody could have read it (bulk import).
            reason: Why, for the audit.
            headline: Sentence for the wall's ticker; empty = not shown there.

        Raises:
            NotFound: No such row.
            Conflict: The row has another version now; carries stored and attempted values.
        """
        table, changes = _table(model), without_nul(changes)
        where = _key_values(table, key)
        rows = _select_for_update(table).run(self.connection, **where)
        if not rows:
            raise NotFound
        row = dict(zip(table.columns.keys(), rows[0], strict=True))
        if expected_version is not None and row["version"] != expected_version:
            raise Conflict({name: row[name] for name in changes}, changes)
        changed = {name: value for name, value in changes.items() if row[name] != value}
        if not changed:
            return int(row["version"])
        self._refuse_closed(table, row)
        version = int(row["version"]) + 1
        _update_by_key(table, (*changed, "version")).run(self.connection, **where, **changed, version=version)
        old = {name: row[name] for name in changed}
        self._note("update", table, _key_text(key), old, changed, reason, headline, row)
        self._touch(table, row)
        self._touch(table, {**row, **changed})
        return version

    def remove_many(self, model: type[DeclarativeBase], keys: Sequence[Any], *, reason: str) -> None:
        """
        Take rows away that an undone import had inserted (docs/adr/0004); one audit row each, with every old value.

        The rows are locked now and go when the transaction finishes, in the order of the calls: children first.

        Raises:
            NotFound: A row is not there any more.
        """
        table = _table(model)
        for row in rows_for_update(self.connection, table, keys):
            key = tuple(row[column.name] for column in table.primary_key)
            self._refuse_closed(table, row)
            self._note("remove", table, _key_text(key), row, {}, reason, "", row)
            self._touch(table, row)
        self._removals.append((table, [_key_values(table, key) for key in keys]))

    def record(
        self,
        action: str,
        entity: str,
        entity_id: object,
        *,
        project_id: int | None = None,
        new: Mapping[str, Any] | None = None,
        reason: str = "",
        headline: str = "",
    ) -> None:
        """Write an audit row for something that is not the change of one row (sign-in, export, import, recount)."""
        self._entries.append(
            AuditEntry(
                self.actor.login,
                action,
                entity,
                str(entity_id),
                project_id,
                "{}",
                audit.to_json(without_nul(new or {})),
                text_without_nul(reason),
                text_without_nul(headline),
            )
        )

    def touch(self, project_id: int) -> None:
        """Have the project's roll-ups recomputed when the transaction finishes."""
        self._projects.add(project_id)

    def when_sealed(self, tell: Callable[[int, int], None]) -> None:
        """Call *tell* with the first and last number of this transaction's audit rows, just before the commit."""
        self._sealed.append(tell)

    def finish(self) -> None:
        """Bring roll-ups up to date and append the audit rows; called once, before the commit."""
        if not self._entries and not self._projects:
            return
        head = audit.lock_head(self.connection)
        self._refuse_closed_meanwhile()
        for table, keys in self._removals:
            self._delete(table, keys)
        if self._projects:
            rollup.refresh(self.connection, sorted(self._projects), head, self.as_of)
        for county_id in sorted(self._counties):
            rollup.refresh_parcels(self.connection, county_id)
        if self._entries:
            last = audit.append(self.connection, head, self.at, _emptying(self._entries))
            for tell in self._sealed:
                tell(head.seq + 1, last)

    def _refuse_closed(self, table: Table, row: Mapping[str, Any]) -> None:
        """Stop a change of a report of a closed month, whoever asks for it; a correction says that it is one."""
        if table.name != "investment_report" or self.is_correcting:
            return
        self.refuse_closed([Month(int(row["year"]), int(row["month"]))])

    def refuse_closed(self, months: Iterable[Month]) -> None:
        """
        Stop when one of *months* is closed (月结); every write of a report asks, a service may ask before.

        Raises:
            Locked: Reports of a closed month change by an approved correction only.
        """
        if self._closed_months is None:
            self._closed_months = closed_months(self.connection)
        self._reported.update(map(str, months))
        _refuse(self._reported & self._closed_months)

    def _refuse_closed_meanwhile(self) -> None:
        """Look again under the lock of the head: closing holds it while it seals, so one of the two comes first."""
        if self._reported:
            _refuse(self._reported & closed_months(self.connection))

    def _delete(self, table: Table, keys: Sequence[Mapping[str, Any]]) -> None:
        if table.name == "project" and keys:
            ids = [key["key_id"] for key in keys]
            rollup.forget(self.connection, ids)
            self._projects.difference_update(ids)
        if keys:
            _delete_by_key(table).run_many(self.connection, keys)

    def _note(
        self,
        action: str,
        table: Table,
        key: str,
        old: Mapping[str, Any] | None,
        new: Mapping[str, Any],
        reason: str,
        headline: str,
        row: Mapping[str, Any] | None = None,
    ) -> None:
        source = row if row is not None else new
        self._enter(action, table, key, source, audit.to_json(old or {}), audit.to_json(new), reason, headline)

    def _enter(
        self,
        action: str,
        table: Table,
        key: str,
        source: Mapping[str, Any],
        old: str,
        new: str,
        reason: str,
        headline: str = "",
    ) -> None:
        name = str(table.name)  # the table's own name is no plain str: drivers would adapt it row by row
        project_id = int(key) if name == "project" and key else source.get("project_id")
        reason, headline = text_without_nul(reason), text_without_nul(headline)
        self._entries.append(AuditEntry(self.actor.login, action, name, key, project_id, old, new, reason, headline))

    def _touch(self, table: Table, row: Mapping[str, Any]) -> None:
        if table.name in rollup.PROJECT_TABLES:
            project_id = row.get("id") if table.name == "project" else row.get("project_id")
            if project_id is not None:
                self._projects.add(project_id)
        elif table.name == "parcel":
            self._counties.add(row["county_id"])


def closed_months(connection: Connection) -> frozenset[str]:
    """Return the closed months as text (``2026-09``)."""
    return frozenset(connection.execute(select(MonthClose.month)).scalars())


def _refuse(closed: Iterable[str]) -> None:
    for month in sorted(closed):
        label = Month.parse(month).label
        raise Locked(f"{label}已月结封存，月报不能直接修改。如数据有误，请提出更正，经批准后计入当前数据。")


def _emptying(entries: deque[AuditEntry]) -> Iterator[AuditEntry]:
    """Hand out *entries* and let go of each: a large import has a hundred thousand."""
    while entries:
        yield entries.popleft()


def rows_for_update(connection: Connection, table: Table, keys: Sequence[Any]) -> list[dict[str, Any]]:
    """
    Return the rows of *keys* (tuples where the key has several columns), locked until the transaction ends.

    Raises:
        NotFound: One of them is not there.
    """
    columns = list(table.primary_key)
    found: list[dict[str, Any]] = []
    for start in range(0, len(keys), rollup.CHUNK):
        chunk = list(keys[start : start + rollup.CHUNK])
        wanted = columns[0].in_(chunk) if len(columns) == 1 else tuple_(*columns).in_(chunk)
        rows = connection.execute(select(table).where(wanted).with_for_update()).mappings().all()
        if len(rows) != len(set(chunk)):
            raise NotFound
        found.extend(dict(row) for row in rows)
    return found


def _table(model: type[DeclarativeBase]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - declarative classes here map plain tables
    return table


def _key_of(table: Table, row: Mapping[str, Any]) -> str:
    """Return the key of a row that is inserted with it; an id that the database gives is not known yet."""
    return _key_text(tuple(row.get(name, "") for name in _key_columns(table)))


@lru_cache(maxsize=128)
def _key_columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


@lru_cache(maxsize=128)
def _insert(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table).inline(), names)


def _key_values(table: Table, key: Any) -> dict[str, Any]:
    parts = key if isinstance(key, tuple) else (key,)
    return {f"key_{column.name}": part for column, part in zip(table.primary_key, parts, strict=True)}


def _by_key(table: Table) -> ColumnElement[bool]:
    return and_(*(column == bindparam(f"key_{column.name}", type_=column.type) for column in table.primary_key))


@lru_cache(maxsize=128)
def _select_for_update(table: Table) -> Prepared:
    return Prepared(select(table).where(_by_key(table)).with_for_update())


@lru_cache(maxsize=1024)
def _update_by_key(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(update(table).where(_by_key(table)), names)


@lru_cache(maxsize=128)
def _delete_by_key(table: Table) -> Prepared:
    return Prepared(delete(table).where(_by_key(table)))


def _key_text(key: Any) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return "/".join("" if part is None else str(part) for part in parts)
