"""Writes of an import that are no business rows: reserved keys, the kept file, the list of problems.

Business rows go through ``WriteTransaction``; the batch row itself too. The file and its problems belong to that
audited row and are not audited once more cell by cell.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, literal, select, text, update
from sqlalchemy.orm import DeclarativeBase

from db.models.system import ImportBatch, ImportMend, ImportProblemRow


def reserve_ids(connection: Connection, model: type[DeclarativeBase], count: int) -> list[int]:
    """Return *count* unused ids of *model* for rows inserted in bulk; the caller holds a writing transaction."""
    table = model.__table__
    if connection.dialect.name == "postgresql":
        statement = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return [int(row[0]) for row in connection.execute(statement, {"name": model.__tablename__, "count": count})]
    # SQLite: the writer holds the file, and without AUTOINCREMENT the next id is the largest plus one.
    last = connection.execute(select(func.max(table.c.id))).scalar_one() or 0
    return list(range(last + 1, last + count + 1))


def save_content(connection: Connection, batch_id: int, content: bytes) -> None:
    """Keep the file of a batch as it came."""
    connection.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(content=content))


def share_content(connection: Connection, parent_id: int, batch_id: int) -> None:
    """Give a batch the file and the mended cells of its parent, inside the store."""
    content = select(ImportBatch.content).where(ImportBatch.id == parent_id).scalar_subquery()
    connection.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(content=content))
    mend, names = ImportMend.__table__, ("sheet", "row", "column", "value", "mended_at", "mended_by")
    taken = select(literal(batch_id), *(mend.c[name] for name in names)).where(mend.c.batch_id == parent_id)
    connection.execute(insert(ImportMend).from_select(["batch_id", *names], taken))


def save_plan(connection: Connection, batch_id: int, plan: str) -> None:
    """Keep what a later confirmation needs: how the file is read, and the digest of what was shown."""
    connection.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(plan=plan))


def save_range(connection: Connection, batch_id: int, first_seq: int, last_seq: int) -> None:
    """Keep which audit rows a batch wrote, its own among them."""
    connection.execute(
        update(ImportBatch).where(ImportBatch.id == batch_id).values(first_seq=first_seq, last_seq=last_seq)
    )


def put_mends(connection: Connection, batch_id: int, mends: Sequence[Mapping[str, Any]]) -> None:
    """Keep mended cells; a later mend of the same cell takes the place of the earlier one."""
    if not mends:
        return
    cell = (ImportMend.sheet, ImportMend.row, ImportMend.column)
    same = and_(ImportMend.batch_id == batch_id, *(column == bindparam(f"of_{column.key}") for column in cell))
    connection.execute(
        delete(ImportMend).where(same),
        [{f"of_{name}": mend[name] for name in ("sheet", "row", "column")} for mend in mends],
    )
    connection.execute(insert(ImportMend), [dict(mend, batch_id=batch_id) for mend in mends])


def replace_problems(connection: Connection, batch_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep *rows* as the problems of a batch."""
    connection.execute(delete(ImportProblemRow).where(ImportProblemRow.batch_id == batch_id))
    if rows:
        connection.execute(insert(ImportProblemRow), [dict(row, batch_id=batch_id) for row in rows])
