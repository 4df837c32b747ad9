"""
Fixtures for every layer.

``store``       an empty, migrated store, also the process's own (services work on it); runs on SQLite and PostgreSQL
``store_url``   the address of such a store, when the test wants to open it itself
``sqlite_store``  the same on SQLite only, for what does not depend on the database
``clock``       the time of ``store``: 2026-11-22 14:00 in Shanghai, moved by the test
``live_server`` the real server with the demo city, for tests/http and tests/browser
``browser_page``  a Chromium page that may reach nothing but this machine
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.commands import _system
from core.settings import get_settings
from tests.support.parts import need

if TYPE_CHECKING:
    from db.session import Store
    from tests.support.postgres import Cluster

pytest_plugins = ["tests.support.web", "tests.support.screens", "tests.support.accounts", "tests.support.doors"]

_EXAMPLES = count(1)
_FOLDER = pytest.StashKey[Path]()


class Clock:
    """A clock that stands until it is told to move; returns aware UTC."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        """Move by the keywords of ``timedelta``."""
        self.now += timedelta(**duration)


def pytest_configure(config: pytest.Config) -> None:
    """No test reads this machine's settings or writes into its ``data`` folder."""
    folder = Path(tempfile.mkdtemp(prefix="wr-tests-"))
    config.stash[_FOLDER] = folder
    for name in [name for name in os.environ if name.startswith("WR_") and not name.startswith("WR_TEST_")]:
        del os.environ[name]
    (folder / "warroom.toml").touch()
    os.environ.update(WR_CONFIG=str(folder / "warroom.toml"), WR_DATA_DIR=str(folder / "data"))
    get_settings.cache_clear()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)


@pytest.fixture
def clock() -> Clock:
    """A Sunday afternoon in November: 2026-11-22 14:00 in Shanghai."""
    return Clock(datetime(2026, 11, 22, 6, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; tests work on copies."""
    from db.migrate import upgrade

    path = tmp_path_factory.mktemp("template") / "warroom.db"
    upgrade(f"sqlite:///{path.as_posix()}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty, migrated SQLite store."""
    path = tmp_path / "warroom.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path.as_posix()}"


@pytest.fixture(scope="session")
def postgres_cluster() -> "Iterator[Cluster]":
    """The throwaway PostgreSQL of this run, with a migrated template database."""
    programs = need("PostgreSQL", _system.find_postgres() if os.name == "posix" else None)
    from db.migrate import upgrade
    from tests.support.postgres import TEMPLATE, running_cluster

    with running_cluster(programs) as cluster:
        upgrade(cluster.create(TEMPLATE))
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: "Cluster") -> Iterator[str]:
    """The address of an empty, migrated PostgreSQL database."""
    with postgres_cluster.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated store, once per database."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def store(store_url: str, clock: Clock) -> "Iterator[Store]":
    """An empty, migrated store that services of this process work on, once per database."""
    yield from _opened(store_url, clock)


@pytest.fixture
def sqlite_store(sqlite_url: str, clock: Clock) -> "Iterator[Store]":
    """Like ``store``, on SQLite only."""
    yield from _opened(sqlite_url, clock)


def _opened(url: str, clock: Clock) -> "Iterator[Store]":
    from db import session

    opened = session.open_store(url, clock=clock)
    session.use_store(opened)
    try:
        yield opened
    finally:
        session.use_store(None)
        opened.dispose()


@pytest.fixture
def fresh_store(sqlite_template: Path, tmp_path: Path, clock: Clock) -> "Iterator[Callable[[], Store]]":
    """A function that puts an empty SQLite store in place of the one before: for each example of a property."""
    from db import session

    opened: list[Store] = []

    def renew() -> "Store":
        _close(opened)
        path = tmp_path / f"example{next(_EXAMPLES)}.db"
        shutil.copyfile(sqlite_template, path)
        opened.append(session.open_store(f"sqlite:///{path.as_posix()}", clock=clock))
        session.use_store(opened[-1])
        return opened[-1]

    try:
        yield renew
    finally:
        session.use_store(None)
        _close(opened)


def _close(opened: "list[Store]") -> None:
    """Dispose of the stores and take their files away."""
    for store in opened:
        store.dispose()
        for file in Path(str(store.engine.url.database)).parent.glob(f"{Path(str(store.engine.url.database)).name}*"):
            file.unlink()
    opened.clear()
