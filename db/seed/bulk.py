"""Fast loading of many plain rows: COPY on PostgreSQL, prepared executemany on SQLite."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.orm import DeclarativeBase

from db.seed.rows import advance_sequence


class BulkLoader:
    """
    Loads tuples straight through the driver; columns not named take the default of their model.

    Dates and times must be given through ``day`` and ``instant``, which turn them into what the driver stores.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._days: dict[date | None, Any] = {None: None}

    def day(self, value: date | None) -> Any:
        """Return a date as the driver stores it."""
        if value not in self._days:
            self._days[value] = value.isoformat() if self._is_sqlite and value is not None else value
        return self._days[value]

    def instant(self, value: datetime | None) -> Any:
        """Return an aware time as the driver stores it."""
        if value is None or not self._is_sqlite:
            return value
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")

    def flag(self, value: bool) -> Any:
        """Return a truth value as the driver stores it."""
        return int(value) if self._is_sqlite else value

    def load(self, model: type[DeclarativeBase], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Load *rows*, whose values follow *columns*."""
        table = model.__table__
        assert isinstance(table, Table)  # noqa: S101 - declarative classes here map plain tables
        defaults = self._defaults(table, columns)
        names = [*columns, *defaults]
        tail = tuple(defaults.values())
        full = (row + tail for row in rows)
        if self._is_sqlite:
            self._executemany(table.name, names, full)
        else:
            self._copy(table.name, names, full)
        if "id" in columns:
            advance_sequence(self._connection, table)

    def _defaults(self, table: Table, given: Sequence[str]) -> dict[str, Any]:
        """Return the constant defaults of columns that are neither given nor filled by the server."""
        found = {}
        for column in table.columns:
            if column.name not in given and column.server_default is None and column.default is not None:
                value = column.default.arg  # type: ignore[attr-defined]
                found[column.name] = self.flag(value) if isinstance(value, bool) else value
        return found

    def _executemany(self, table: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        marks = ",".join("?" * len(names))
        statement = f"INSERT INTO {table} ({','.join(names)}) VALUES ({marks})"  # noqa: S608 - names of our own models
        cursor = self._cursor()
        cursor.executemany(statement, rows)
        cursor.close()

    def _copy(self, table: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        cursor = self._cursor()
        with cursor.copy(f"COPY {table} ({','.join(names)}) FROM STDIN") as copy:
            write: Callable[[tuple[Any, ...]], None] = copy.write_row
            for row in rows:
                write(row)
        cursor.close()

    def _cursor(self) -> Any:
        return self._connection.connection.cursor()
