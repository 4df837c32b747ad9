"""A throwaway PostgreSQL: own folder, own socket, nothing flushed, gone with the session."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

_COMMON = "-c listen_addresses='' -c max_connections=120"
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
_INITDB = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
TEMPLATE = "warroom_template"
KNOWS_STRATEGY = 150_000


def url_of(folder: Path, database: str) -> str:
    """Return the address of *database* of the cluster whose socket lies in *folder*."""
    return f"postgresql+psycopg://postgres@/{database}?host={folder}"


class Cluster:
    """A running throwaway cluster; databases are copies of one migrated template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._admin = create_engine(url_of(folder, "postgres"), isolation_level="AUTOCOMMIT")

    def create(self, name: str, template: str = "template0") -> str:
        """Create a database and return its address."""
        with self._admin.connect() as connection:
            version = connection.execute(text("SHOW server_version_num")).scalar_one()
            # Copying files instead of logging each page: a fifth of the time, on every test.
            strategy = " STRATEGY FILE_COPY" if int(version) >= KNOWS_STRATEGY else ""
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{strategy}'))
        return url_of(self.folder, name)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Yield the address of a migrated, empty database that is dropped afterwards."""
        name = f"warroom_{next(self._numbers)}"
        yield self.create(name, TEMPLATE)
        with self._admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))

    def close(self) -> None:
        self._admin.dispose()


@contextmanager
def running_cluster(programs: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster with the server *programs* and remove it at the end. Root lends it another user."""
    options = _COMMON if durable else f"{_COMMON} {_FAST}"
    folder = Path(tempfile.mkdtemp(prefix="wr-pg-"))
    data = folder / "data"
    prefix = _other_user(folder)
    try:
        _run([*prefix, str(programs / "initdb"), "-D", str(data), "-N", *_INITDB])
        control = [*prefix, str(programs / "pg_ctl"), "-D", str(data)]
        _run([*control, "-w", "-l", str(folder / "log"), "-o", f"{options} -k {folder}", "start"])
        try:
            cluster = Cluster(folder)
            yield cluster
            cluster.close()
        finally:
            _run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _other_user(folder: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    name = next((user.pw_name for user in pwd.getpwall() if user.pw_name == "postgres"), "nobody")
    account = pwd.getpwnam(name)
    os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o755)
    return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[-1]}: {done.stdout}")
