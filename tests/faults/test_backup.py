"""Backups taken under writes are whole, hold everything acknowledged before them, and restore."""

import os
import random
import select
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from core.services import backups, milestones
from db import backup, session
from db.backup import BackupFailed
from tests.factories import SYSTEM
from tests.faults import writers
from tests.faults.checker import faults_in
from tests.faults.test_kill import new_store_with_milestones

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")]

COPIES = int(os.environ.get("WR_TEST_COPIES", "100"))


def _copies(url: str, folder: Path, count: int, suffix: str) -> list[tuple[Path, list[tuple[int, int]]]]:
    """Take *count* backups while two writers save; pair each with what was acknowledged before it began."""
    keys = new_store_with_milestones(url)
    toll = writers.Toll()
    alive = [writers.start(url, keys, None, random.SystemRandom().randrange(1 << 30)) for _ in range(2)]
    taken = []
    try:
        for number in range(count):
            seen = len(toll.acks)
            while len(toll.acks) < seen + 5:
                ready, _, _ = select.select([writer.pipe for writer in alive], [], [], 60)
                assert ready, "no writer said anything for a minute"
                for writer in [writer for writer in alive if writer.pipe in ready]:
                    writer.take(toll)
            before = list(toll.acks)
            taken.append((backup.take(url, folder / f"copy-{number}{suffix}"), before))
    finally:
        for writer in alive:
            writer.kill(toll)
    assert toll.errors == []
    return taken


@pytest.mark.timeout(900)
def test_every_backup_under_writes_restores_whole(sqlite_url: str, tmp_path: Path) -> None:
    whole = 0
    for number, (copy, acks) in enumerate(_copies(sqlite_url, tmp_path / "copies", COPIES, ".db")):
        url = f"sqlite:///{(tmp_path / f'restored-{number}.db').as_posix()}"
        backup.restore(url, copy, datetime.now(UTC))
        assert faults_in(url, acks) == []
        whole += 1
    assert whole == COPIES


@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_backup_under_writes_restores_whole_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    taken = _copies(postgres_url, tmp_path / "copies", 3, ".dump")
    for copy, acks in taken:
        backup.restore(postgres_url, copy, datetime.now(UTC))
        assert faults_in(postgres_url, acks) == []


def test_restore_keeps_the_former_file_and_is_audited(sqlite_url: str, tmp_path: Path) -> None:
    keys = new_store_with_milestones(sqlite_url)
    store = session.open_store(sqlite_url)
    session.use_store(store)
    try:
        copy = backups.take(SYSTEM, tmp_path / "copies")
        with store.transaction(SYSTEM) as tx:
            tx.touch(1)
        milestones.forecast(SYSTEM, keys[0], store.today(), "提前完成，报备核实", 1)
        assert milestones.detail(SYSTEM, keys[0]).row.version == 2
        kept = backups.restore(SYSTEM, copy, datetime(2026, 11, 22, tzinfo=UTC))
        assert milestones.detail(SYSTEM, keys[0]).row.version == 1
        assert kept is not None
        assert kept.name.endswith(".before-restore-20261122000000")
        with store.read() as connection:
            last = connection.execute(text("SELECT action FROM audit_event ORDER BY seq DESC LIMIT 1")).scalar_one()
        assert last == "restore"
    finally:
        session.use_store(None)
        store.dispose()
    assert faults_in(sqlite_url, []) == []


@pytest.mark.parametrize("damage", ["cut", "flip", "text"])
def test_a_damaged_backup_is_refused_and_the_store_stays(sqlite_url: str, tmp_path: Path, damage: str) -> None:
    new_store_with_milestones(sqlite_url)
    copy = backup.take(sqlite_url, tmp_path / "copy.db")
    data = bytearray(copy.read_bytes())
    if damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "flip":
        data[4096 * 3 : 4096 * 3 + 64] = bytes(64)
    else:
        data = bytearray("这不是备份".encode())
    copy.write_bytes(bytes(data))
    with pytest.raises(BackupFailed, match="备份"):
        backup.restore(sqlite_url, copy, datetime.now(UTC))
    assert faults_in(sqlite_url, []) == []
