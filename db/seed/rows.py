"""Rows of a demo before they are stored, with their keys already given."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.orm import DeclarativeBase

from db.models import Base

_BATCH = 2000


class Rows:
    """
    Rows by table, in the order in which they may be inserted.

    Keys go on from the highest stored one, so a demo beside other rows disturbs nothing.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._first: dict[str, int] = {}

    def add(self, model: type[DeclarativeBase], **values: Any) -> int:
        """Keep one row and return its key (0 when the table's key is not a single ``id``)."""
        name = model.__tablename__
        rows = self._rows.setdefault(name, [])
        if "id" not in model.__table__.columns:
            rows.append(values)
            return 0
        key = self._first_id(name) + len(rows)
        rows.append({"id": key, **values})
        return key

    def of(self, model: type[DeclarativeBase]) -> Sequence[dict[str, Any]]:
        """Return the rows of a table; they may still be changed before ``store``."""
        return self._rows.get(model.__tablename__, [])

    def store(self) -> None:
        """Insert all rows, parents first."""
        for table in Base.metadata.sorted_tables:
            rows = self._rows.get(table.name, [])
            for shape in _same_columns(rows):
                for start in range(0, len(shape), _BATCH):
                    self._connection.execute(insert(table), shape[start : start + _BATCH])
            if rows and "id" in table.columns:
                advance_sequence(self._connection, table)

    def counts(self) -> dict[str, int]:
        """Return the number of rows by table."""
        return {name: len(rows) for name, rows in self._rows.items()}

    def id_ranges(self) -> dict[str, tuple[int, int]]:
        """Return the first and last key of every table with an ``id``."""
        return {name: (first, first + len(self._rows[name]) - 1) for name, first in self._first.items()}

    def _first_id(self, name: str) -> int:
        if name not in self._first:
            self._first[name] = first_free_id(self._connection, name)
        return self._first[name]


def first_free_id(connection: Connection, name: str) -> int:
    """Return the key after the highest one stored in table *name*."""
    table = Base.metadata.tables[name]
    return int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()) + 1


def _same_columns(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Group rows that give the same columns: one executemany takes its columns from the first row."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(sorted(row)), []).append(row)
    return list(groups.values())


def advance_sequence(connection: Connection, table: Table) -> None:
    """Let PostgreSQL's counter go on behind keys that were given; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    connection.execute(
        text("SELECT setval(pg_get_serial_sequence(:name, 'id'), (SELECT max(id) FROM " + table.name + "))"),  # noqa: S608
        {"name": table.name},
    )
