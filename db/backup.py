"""Copies of the store taken while it is being written, and the way back.

SQLite: the library's own online backup (a plain file copy under writes is broken now and then). PostgreSQL:
``pg_dump`` in its custom format, ``pg_restore`` in one transaction.
"""

import os
import shutil
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from core.domain.errors import WarRoomError
from db.session import sqlite_module


class BackupFailed(WarRoomError):
    """The copy could not be made, or is not whole; the message says what to do."""

    code = "WR-510"
    default_message = "备份没有完成，请检查磁盘空间后重试。"


def take(url: str, target: Path) -> Path:
    """
    Write a consistent copy of the store at *url* to *target* and return it.

    The copy gets its name only when it is complete and checked, so that an interrupted backup is never mistaken
    for one.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    if url.startswith("sqlite"):
        _copy_sqlite(_sqlite_path(url), part)
    else:
        _run([*_tool("pg_dump"), "--format=custom", "--no-owner", f"--file={part}", _plain(url)])
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)
    return target


def restore(url: str, source: Path, now: datetime) -> Path | None:
    """
    Put the copy *source* in the place of the store at *url*.

    Returns:
        Where the former SQLite file was kept, None when there was none (and on PostgreSQL).
    """
    if not source.is_file():
        raise BackupFailed(f"找不到备份文件 {source}，请核对路径。")
    if not url.startswith("sqlite"):
        _run(
            [
                *_tool("pg_restore"),
                "--clean",
                "--if-exists",
                "--no-owner",
                "--single-transaction",
                "--exit-on-error",
                f"--dbname={_plain(url)}",
                str(source),
            ]
        )
        return None
    _check_sqlite(source)
    path = _sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".restoring")
    shutil.copyfile(source, fresh)
    kept = _set_aside(path, now)
    fresh.replace(path)
    return kept


def _set_aside(path: Path, now: datetime) -> Path | None:
    if not path.exists():
        return None
    kept = path.with_name(f"{path.name}.before-restore-{now:%Y%m%d%H%M%S}")
    with closing(sqlite_module().connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.replace(kept)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return kept


def _copy_sqlite(source: Path, target: Path) -> None:
    module = sqlite_module()
    if not source.is_file():
        raise BackupFailed(f"找不到数据库文件 {source}，没有可备份的内容。")
    with closing(module.connect(source, timeout=30)) as origin, closing(module.connect(target)) as copy:
        origin.execute("BEGIN")
        # A read transaction holds one snapshot, so writers cannot make the copy start over again and again.
        origin.execute("SELECT count(*) FROM store_head").fetchone()
        origin.backup(copy, pages=-1)
        origin.execute("COMMIT")
        copy.execute("PRAGMA journal_mode=DELETE")
    _check_sqlite(target)


def _check_sqlite(path: Path) -> None:
    module = sqlite_module()
    try:
        with closing(module.connect(f"file:{path.as_posix()}?mode=ro", uri=True)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except module.DatabaseError as error:
        raise BackupFailed(f"{path} 不是完好的备份文件，请换用另一份备份。") from error
    if answer != "ok":
        raise BackupFailed(f"{path} 已损坏，请换用另一份备份。")


def _sqlite_path(url: str) -> Path:
    return Path(make_url(url).database or "")


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _tool(name: str) -> list[str]:
    found = shutil.which(name)
    if found is None:
        newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        found = str(newest[-1]) if newest else None
    if found is None:
        raise BackupFailed(f"找不到 {name}。请安装 PostgreSQL 客户端（例如 apt-get install postgresql-client）后重试。")
    return [found]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(f"{Path(command[0]).name} 没有成功：{done.stderr.strip()[-300:]}")
