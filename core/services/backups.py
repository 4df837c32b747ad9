"""Backups of the store: taken while people work, written down in the audit."""

from datetime import datetime
from pathlib import Path

from core.domain.permissions import Actor, Permission, require
from db import backup
from db.session import current_store, transaction


def take(actor: Actor, folder: Path) -> Path:
    """
    Write a checked copy of the store into *folder* and return its path.

    Raises:
        BackupFailed: No room, no tool, or the copy is not whole.
    """
    require(actor, Permission.MANAGE_SYSTEM)
    store = current_store()
    stamp = store.clock().astimezone().strftime("%Y%m%d-%H%M%S-%f")
    path = backup.take(store.url, folder / f"warroom-{stamp}.{'db' if store.is_sqlite else 'dump'}")
    with transaction(actor) as tx:
        tx.record("backup", "store", path.name, new={"bytes": path.stat().st_size})
    return path


def restore(actor: Actor, source: Path, now: datetime) -> Path | None:
    """Put the copy *source* in the store's place; return where the former SQLite file was kept."""
    require(actor, Permission.MANAGE_SYSTEM)
    store = current_store()
    store.dispose()
    kept = backup.restore(store.url, source, now)
    with transaction(actor) as tx:
        tx.record("restore", "store", source.name)
    return kept
