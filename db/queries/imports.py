"""Import batches: what came in, from whom, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from db.models.system import ImportBatch, ImportProblemRow

_COLUMNS = (
    ImportBatch.id,
    ImportBatch.file_name,
    ImportBatch.file_hash,
    ImportBatch.status,
    ImportBatch.version,
    ImportBatch.received_at,
    ImportBatch.received_by,
    ImportBatch.applied_at,
    ImportBatch.row_count,
    ImportBatch.inserted_count,
    ImportBatch.changed_count,
    ImportBatch.unchanged_count,
    ImportBatch.quarantined_count,
)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One file that came in, with its counts."""

    id: int
    file_name: str
    file_hash: str
    status: str
    version: int
    received_at: datetime
    received_by: str
    applied_at: datetime | None
    row_count: int
    inserted_count: int
    changed_count: int
    unchanged_count: int
    quarantined_count: int


@dataclass(frozen=True, slots=True)
class BatchProblem:
    """A stored problem of a batch."""

    code: str
    sheet: str
    row: int
    column: str
    message: str


def list_batches(connection: Connection, limit: int) -> tuple[BatchRow, ...]:
    """Return the latest batches, the newest first."""
    statement = select(*_COLUMNS).order_by(ImportBatch.id.desc()).limit(limit)
    return tuple(BatchRow(**row) for row in connection.execute(statement).mappings())


def find_batch(connection: Connection, batch_id: int) -> BatchRow | None:
    """Return one batch."""
    row = connection.execute(select(*_COLUMNS).where(ImportBatch.id == batch_id)).mappings().one_or_none()
    return BatchRow(**row) if row is not None else None


def find_applied(connection: Connection, file_hash: str) -> BatchRow | None:
    """Return the latest applied batch with the same bytes."""
    statement = select(*_COLUMNS).where(ImportBatch.file_hash == file_hash, ImportBatch.status == "applied")
    row = connection.execute(statement.order_by(ImportBatch.id.desc()).limit(1)).mappings().one_or_none()
    return BatchRow(**row) if row is not None else None


def load_plan(connection: Connection, batch_id: int) -> str:
    """Return what was kept for the confirmation of a batch."""
    return connection.execute(select(ImportBatch.plan).where(ImportBatch.id == batch_id)).scalar_one()


def load_problems(connection: Connection, batch_id: int) -> Sequence[BatchProblem]:
    """Return the problems of a batch in the order of the file."""
    table = ImportProblemRow
    statement = select(table.code, table.sheet, table.row, table.column, table.message)
    rows = connection.execute(statement.where(table.batch_id == batch_id).order_by(table.id))
    return tuple(BatchProblem(row[0], row[1], row[2] or 0, row[3], row[4]) for row in rows)
