"""Statements compiled once per dialect.

SQLAlchemy walks a statement on every execution to find it in its cache and describes every column of its result; for
the dozen small statements of one save that costs several times the work of the database. A ``Prepared`` keeps text,
parameter order and the types' converters, and goes straight to the driver, on the connection and in the transaction
that SQLAlchemy holds. Use it only on paths that are run for every save or every refresh.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ClauseElement, Connection, Dialect, Float, Numeric, Select
from sqlalchemy.sql.compiler import SQLCompiler

Converter = Callable[[Any], Any]


class _Compiled(NamedTuple):
    text: str
    names: tuple[str, ...]
    is_positional: bool
    returns_rows: bool
    defaults: dict[str, Any]
    inward: dict[str, Converter]
    outward: tuple[tuple[int, Converter], ...]


class Prepared:
    """
    One statement, compiled on first use for each dialect.

    Args:
        statement: May hold ``bindparam``s, no expanding ones.
        columns: For INSERT: names of the columns that ``run`` will be given.
    """

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Execute with *values* for the named parameters; return the rows of a SELECT, else an empty list."""
        compiled = self._for(connection)
        cursor = _cursor(connection)
        try:
            cursor.execute(compiled.text, _bind(compiled, values))
            if not compiled.returns_rows:
                return []
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        finally:
            cursor.close()
        return [_convert(row, compiled.outward) for row in rows] if compiled.outward else rows

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """
        Execute once per row of parameters, in one call of the driver; all rows have the same keys.

        Rows are bound as the driver asks for them, so that a generator costs no memory.
        """
        rest = iter(rows)
        first = next(rest, None)
        if first is None:
            return
        compiled = self._for(connection)
        cursor = _cursor(connection)
        try:
            cursor.executemany(compiled.text, map(_binder(compiled, first), chain((first,), rest)))
        finally:
            cursor.close()

    def _for(self, connection: Connection) -> _Compiled:
        dialect = connection.dialect
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compile(self._statement, dialect, self._columns)
        return found


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _compile(statement: ClauseElement, dialect: Dialect, columns: Sequence[str] | None) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=list(columns) if columns is not None else None)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("only SELECT, INSERT, UPDATE and DELETE can be prepared")
    names = tuple(compiled.positiontup or ()) if compiled.positional else tuple(compiled.bind_names.values())
    inward: dict[str, Converter] = {}
    for parameter, name in compiled.bind_names.items():
        converter = parameter.type.dialect_impl(dialect).bind_processor(dialect)
        if converter is not None:
            inward[name] = converter
    outward: list[tuple[int, Converter]] = []
    if isinstance(statement, Select):
        for index, column in enumerate(statement.selected_columns):
            # Drivers deliver numbers as numbers; PostgreSQL's converter would ask for the wire type of the column.
            kind = column.type.dialect_impl(dialect)
            converter = None if isinstance(kind, Numeric | Float) else kind.result_processor(dialect, None)
            if converter is not None:
                outward.append((index, converter))
    defaults = dict(compiled.construct_params(_check=False) or {})
    return _Compiled(
        str(compiled), names, bool(compiled.positional), isinstance(statement, Select), defaults, inward, tuple(outward)
    )


def _bind(compiled: _Compiled, values: Mapping[str, Any]) -> Any:
    merged = {**compiled.defaults, **values}
    for name, converter in compiled.inward.items():
        merged[name] = converter(merged[name])
    if compiled.is_positional:
        return tuple(merged[name] for name in compiled.names)
    return {name: merged[name] for name in compiled.names}


def _binder(compiled: _Compiled, first: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
    """Return what ``_bind`` does, made ready for many rows like *first*: equal values are converted only once."""
    names = compiled.names
    if len(names) < 2 or not compiled.is_positional or any(name not in first for name in names):
        return partial(_bind, compiled)
    cells_of = itemgetter(*names)
    converters = [
        (place, lru_cache(maxsize=1024)(compiled.inward[name]))
        for place, name in enumerate(names)
        if name in compiled.inward
    ]
    if not converters:
        return cells_of

    def bind(row: Mapping[str, Any]) -> list[Any]:
        cells = list(cells_of(row))
        for place, convert in converters:
            cells[place] = convert(cells[place])
        return cells

    return bind


def _convert(row: tuple[Any, ...], outward: tuple[tuple[int, Converter], ...]) -> tuple[Any, ...]:
    cells = list(row)
    for index, converter in outward:
        cells[index] = converter(cells[index])
    return tuple(cells)
