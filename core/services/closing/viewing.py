"""Looking at a closed month: its archive is unpacked once per machine, verified, brought to today's schema, opened."""

import os
import threading
from pathlib import Path

from core.domain.errors import NotFound, StoreUnusable
from core.domain.period import AsOf, Month
from db import archive
from db.queries import closing as queries
from db.queries.closing import ClosedMonth
from db.session import SealedStore, live_store

_opened: dict[str, SealedStore] = {}
_guard = threading.Lock()


def sealed_store(month: Month) -> SealedStore:
    """
    Return the read-only store of a closed month.

    Raises:
        NotFound: The month is not closed.
        StoreUnusable: Its archive is damaged: the hash is not the one it was sealed with.
    """
    live = live_store()
    with live.read() as connection:
        row = next((found for found in queries.list_closed(connection) if found.month == month), None)
    if row is None:
        raise NotFound(f"{month.label}还没有月结，没有封存数据可看。")
    with _guard:
        found = _opened.get(row.sha256)
        if found is None:
            url = f"sqlite:///{_unpacked(row).as_posix()}"
            found = SealedStore(url, live.settings, AsOf(row.figures_on, month), row.closed_at, row.sha256)
            _opened[row.sha256] = found
    return found


def _unpacked(row: ClosedMonth) -> Path:
    """Return the unpacked file; it gets its name only when it is whole, so that a broken unpacking is never used."""
    from db import migrate  # loads alembic, which only unpacking needs

    live = live_store()
    folder = live.settings.data_dir / "closed"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{row.month}-{row.sha256[:16]}-{migrate.head_revision()}.db"
    if target.exists():
        return target
    part = target.with_suffix(f".{os.getpid()}.part")
    with live.read() as connection:
        if archive.digest_of(queries.archive_parts(connection, row.month)) != row.sha256:
            raise StoreUnusable(f"{row.month.label}的封存数据与月结时的校验值不一致，已停止显示。请从备份恢复。")
        archive.unpack(queries.archive_parts(connection, row.month), part)
    archive.bring_up(part, live.settings, AsOf(row.figures_on, row.month))
    part.replace(target)
    return target
