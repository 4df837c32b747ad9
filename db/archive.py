"""
The store of a closed month: a compact SQLite copy of what its screens read, compressed and kept in pieces.

Pieces live in the store itself (``month_archive_part``), so that every backup holds them and PostgreSQL needs no
shared folder. Left out: sign-in, imported files, bytes of attachments, the archives of other months.
"""

import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from core.domain.period import AsOf
from core.settings import Settings
from db import audit, rollup
from db.models import Base
from db.models.system import StoreHead
from db.prepared import Prepared
from db.session import Store, open_store

PIECE_BYTES = 4 * 1024 * 1024
CHUNK_ROWS = 2_000
AUDIT_ROWS = 200_000  # the latest ones: 历史 and the ticker of the closed month
_SKIPPED = frozenset(
    {
        "user_session",
        "feed_key",
        "display_key",
        "import_batch",
        "import_mend",
        "import_profile",
        "import_problem",
        "attachment_content",
        "document_template",
        "month_close",
        "month_archive_part",
        "report_correction",
        # Made anew at the month's own as-of point.
        "project_state",
        "tally",
        "parcel_tally",
    }
)


def write_copy(store: Store, as_of: AsOf, target: Path) -> int:
    """
    Write a SQLite copy of *store* to *target*, its figures made for *as_of*; return the audit sequence it stands at.

    Everything is read in one snapshot, so a copy is consistent while others go on writing.
    """
    from db import migrate  # loads alembic, which a server needs only to seal and to unpack

    target.unlink(missing_ok=True)
    url = f"sqlite:///{target.as_posix()}"
    migrate.upgrade(url, store.settings)
    copy = open_store(url, settings=store.settings, clock=store.clock)
    try:
        with copy.engine.connect().execution_options(warroom_write=True) as into:
            _set(into, "foreign_keys=OFF", "synchronous=OFF")
            with into.begin(), store.snapshot() as source:
                seq = audit.read_head(source).seq
                _copy_all(source, into)
                rollup.recount(into, as_of)
        with copy.engine.connect() as connection:
            _set(connection, "journal_mode=DELETE")
    finally:
        copy.dispose()
    return seq


def _set(connection: Connection, *pragmas: str) -> None:
    """Set *pragmas* before a transaction begins: inside one they are refused or ignored."""
    raw: Any = connection.connection.dbapi_connection
    for pragma in pragmas:
        raw.execute(f"PRAGMA {pragma}")


def _copy_all(source: Connection, into: Connection) -> None:
    into.execute(Base.metadata.tables["store_head"].delete())
    for table in Base.metadata.sorted_tables:
        if table.name in _SKIPPED:
            continue
        names = tuple(column.name for column in table.columns)
        Prepared(insert(table), names).run_many(into, _rows_of(source, table, names))
    into.execute(update(StoreHead).values(figures_on=None, figures_month=""))
    into.execute(update(Base.metadata.tables["user_account"]).values(password_hash=""))


def _rows_of(source: Connection, table: Table, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the rows of *table* as they are taken: never more than a chunk of them is held."""
    query = select(table)
    if table.name == "audit_event":
        last = source.execute(select(func.max(table.c.seq))).scalar_one() or 0
        query = query.where(table.c.seq > last - AUDIT_ROWS).order_by(table.c.seq)
    found = source.execution_options(stream_results=True, yield_per=CHUNK_ROWS).execute(query)
    for row in found:
        yield dict(zip(names, row, strict=True))


def compress(source: Path, target: Path) -> tuple[str, int]:
    """Compress *source* into *target*; return the SHA-256 of the compressed bytes and their number."""
    packer, digest, size = zlib.compressobj(6), sha256(), 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(PIECE_BYTES):
            size += _put(packer.compress(block), writing, digest)
        size += _put(packer.flush(), writing, digest)
    return digest.hexdigest(), size


def _put(block: bytes, writing: Any, digest: Any) -> int:
    writing.write(block)
    digest.update(block)
    return len(block)


def pieces(path: Path) -> Iterator[bytes]:
    """Yield the bytes of *path* in pieces of ``PIECE_BYTES``."""
    with path.open("rb") as reading:
        while block := reading.read(PIECE_BYTES):
            yield block


def digest_of(parts: Iterable[bytes]) -> str:
    """Return the SHA-256 of *parts* in a row, as ``compress`` told it."""
    digest = sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def unpack(parts: Iterable[bytes], target: Path) -> None:
    """Decompress *parts* into *target*; their hash was compared before."""
    opener = zlib.decompressobj()
    with target.open("wb") as writing:
        for part in parts:
            writing.write(opener.decompress(part))
        writing.write(opener.flush())


def bring_up(path: Path, settings: Settings, as_of: AsOf) -> None:
    """
    Bring an unpacked archive to today's schema.

    A migration that takes the stamp off the roll-ups has them made anew here, for the day the month was sealed at.
    """
    from db import migrate

    url = f"sqlite:///{path.as_posix()}"
    migrate.upgrade(url, settings)
    copy = open_store(url, settings=settings)
    try:
        with copy.engine.connect().execution_options(warroom_write=True) as connection:
            with connection.begin():
                if audit.read_head(connection).figures != as_of:
                    rollup.recount(connection, as_of)
            _set(connection, "journal_mode=DELETE")
    finally:
        copy.dispose()
