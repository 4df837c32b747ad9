"""Scaled cities for the bench, built once and kept; each figure works on a copy or on its own database."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

from core.settings import get_settings
from db.migrate import head_revision, upgrade
from db.seed.scaled import build_scaled
from db.session import Store, open_store, use_store
from tests.support.postgres import Cluster


def build(url: str, projects: int, today: date) -> None:
    """Migrate the store at *url* and fill it with *projects* projects."""
    upgrade(url)
    store = open_store(url)
    use_store(store)
    build_scaled(store, projects, today)
    use_store(None)
    store.dispose()


def sqlite_city(cache: Path, projects: int, today: date) -> Path:
    """Return a built SQLite city; kept until schema or day change."""
    path = cache / f"city-{projects}-{head_revision()}-{today:%Y%m%d}.db"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        for old in (part, *cache.glob(f"city-{projects}-*"), *cache.glob(f"{part.name}-*")):
            old.unlink(missing_ok=True)
        build(f"sqlite:///{part.as_posix()}", projects, today)
        part.replace(path)
    return path


@contextlib.contextmanager
def opened(url: str) -> Iterator[Store]:
    """Open *url* as the process's store."""
    store = Store(url, get_settings())
    use_store(store)
    try:
        yield store
    finally:
        use_store(None)
        store.dispose()


def sqlite_copy(source: Path, folder: Path) -> str:
    """Return the address of a working copy."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / source.name
    shutil.copyfile(source, target)
    return f"sqlite:///{target.as_posix()}"


def postgres_city(cluster: Cluster, projects: int, today: date) -> str:
    """Build a city in a database of its own, with the statistics autovacuum soon has, and return its address."""
    url = cluster.create(f"bench_{projects}")
    build(url, projects, today)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return url


def postgres_maker(cluster: Cluster) -> Callable[[], str]:
    """Return a maker of migrated, empty databases."""
    numbers = count(1)
    template = cluster.create("bench_template")
    upgrade(template)
    return lambda: cluster.create(f"bench_empty_{next(numbers)}", "bench_template")
