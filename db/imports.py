"""Writes of an import that are no business rows: reserved keys, the kept file, the list of problems.

Business rows go through ``WriteTransaction``; the batch row itself too. The file and its problems belong to that
audited row and are not audited once more cell by cell.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.orm import DeclarativeBase

from db.models.system import ImportBatch, ImportProblemRow


def reserve_ids(connection: Connection, model: type[DeclarativeBase], count: int) -> list[int]:
    """Return *count* unused ids of *model* for rows inserted in bulk; the caller holds a writing transaction."""
    table = model.__table__
    if connection.dialect.name == "postgresql":
        statement = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return [int(row[0]) for row in connection.execute(statement, {"name": model.__tablename__, "count": count})]
    # SQLite: the writer holds the file, and without AUTOINCREMENT the next id is the largest plus one.
    last = connection.execute(select(func.max(table.c.id))).scalar_one() or 0
    return list(range(last + 1, last + count + 1))


def save_plan(connection: Connection, batch_id: int, plan: str) -> None:
    """Keep what a later confirmation needs: the file and how it is to be read."""
    connection.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(plan=plan))


def replace_problems(connection: Connection, batch_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep *rows* as the problems of a batch."""
    connection.execute(delete(ImportProblemRow).where(ImportProblemRow.batch_id == batch_id))
    if rows:
        connection.execute(insert(ImportProblemRow), [dict(row, batch_id=batch_id) for row in rows])
