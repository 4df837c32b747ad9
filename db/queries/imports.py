"""Import batches: what came in, from whom, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from db.models.system import AuditEvent, ImportBatch, ImportMend, ImportProblemRow

_COLUMNS = tuple(
    ImportBatch.__table__.c[name]
    for name in (
        "id", "kind", "file_name", "file_hash", "status", "version", "received_at", "received_by", "confirmed_at",
        "confirmed_by", "applied_at", "undone_at", "undone_by", "parent_id", "profile_id", "first_seq", "last_seq",
        "row_count", "inserted_count", "changed_count", "unchanged_count", "quarantined_count",
    )
)  # fmt: skip

_OWN_ENTITIES = ("import_batch", "import_mend", "import_profile")


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One file that came in, with its counts and the range of its audit rows."""

    id: int
    kind: str
    file_name: str
    file_hash: str
    status: str
    version: int
    received_at: datetime
    received_by: str
    confirmed_at: datetime | None
    confirmed_by: str
    applied_at: datetime | None
    undone_at: datetime | None
    undone_by: str
    parent_id: int | None
    profile_id: int | None
    first_seq: int | None
    last_seq: int | None
    row_count: int
    inserted_count: int
    changed_count: int
    unchanged_count: int
    quarantined_count: int


@dataclass(frozen=True, slots=True)
class MendRow:
    """A cell as somebody mended it: Excel row from 1, column from 0."""

    sheet: str
    row: int
    column: int
    value: str
    mended_at: datetime
    mended_by: str


@dataclass(frozen=True, slots=True)
class BatchProblem:
    """A stored problem of a batch."""

    code: str
    sheet: str
    row: int
    column: str
    message: str


def list_batches(connection: Connection, kinds: Sequence[str], limit: int) -> tuple[BatchRow, ...]:
    """Return the latest batches of *kinds*, the newest first."""
    statement = select(*_COLUMNS).where(ImportBatch.kind.in_(kinds)).order_by(ImportBatch.id.desc()).limit(limit)
    return tuple(BatchRow(**row) for row in connection.execute(statement).mappings())


def find_batch(connection: Connection, batch_id: int) -> BatchRow | None:
    """Return one batch."""
    row = connection.execute(select(*_COLUMNS).where(ImportBatch.id == batch_id)).mappings().one_or_none()
    return BatchRow(**row) if row is not None else None


def find_applied(connection: Connection, kind: str, file_hash: str) -> BatchRow | None:
    """Return the latest batch of *kind* that brought in the same bytes and still stands."""
    same = (ImportBatch.kind == kind, ImportBatch.file_hash == file_hash, ImportBatch.status == "applied")
    statement = select(*_COLUMNS).where(*same).order_by(ImportBatch.id.desc()).limit(1)
    row = connection.execute(statement).mappings().one_or_none()
    return BatchRow(**row) if row is not None else None


def profile_of(connection: Connection, batch_id: int) -> int | None:
    """Return the profile by which a batch was read, if any."""
    return connection.execute(select(ImportBatch.profile_id).where(ImportBatch.id == batch_id)).scalar_one()


def load_kept(connection: Connection, batch_id: int) -> tuple[bytes | None, str]:
    """Return the file of a batch (None for one of an older release) and how it is read."""
    row = connection.execute(select(ImportBatch.content, ImportBatch.plan).where(ImportBatch.id == batch_id)).one()
    return row[0], row[1]


def load_mends(connection: Connection, batch_id: int) -> tuple[MendRow, ...]:
    """Return the mended cells of a batch."""
    table = ImportMend
    statement = select(table.sheet, table.row, table.column, table.value, table.mended_at, table.mended_by)
    return tuple(
        MendRow(*row) for row in connection.execute(statement.where(table.batch_id == batch_id).order_by(table.id))
    )


def load_problems(connection: Connection, batch_id: int) -> Sequence[BatchProblem]:
    """Return the problems of a batch in the order of the file."""
    table = ImportProblemRow
    statement = select(table.code, table.sheet, table.row, table.column, table.message)
    rows = connection.execute(statement.where(table.batch_id == batch_id).order_by(table.id))
    return tuple(BatchProblem(row[0], row[1], row[2] or 0, row[3], row[4]) for row in rows)


def has_changed_since(connection: Connection, data_version: int) -> bool:
    """Return whether anything but the imports' own records was written behind *data_version*."""
    statement = select(AuditEvent.seq).where(AuditEvent.seq > data_version, AuditEvent.entity.not_in(_OWN_ENTITIES))
    return connection.execute(statement.limit(1)).first() is not None
