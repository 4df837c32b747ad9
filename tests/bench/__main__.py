"""``manage.py bench``: every figure beside its floor, one JSON line each; exit status 1 when a goal is missed."""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from core.commands import _system
from core.settings import get_settings
from db.session import Store
from tests.bench import (
    aggregates,
    closings,
    imports,
    land,
    matters,
    plots,
    recounts,
    rounds,
    saves,
    screens,
    servers,
    stores,
    todos,
)
from tests.bench.harness import Figure
from tests.support.postgres import running_cluster

SIZES = (1_000, 10_000, 100_000)
SERVER_SIZE = 10_000
_ON_EMPTY = {"imports": imports.figures_of, "land": land.figures_of}
_ON_CITY: dict[str, Callable[[Store, int], Iterator[Figure]]] = {
    "aggregates": aggregates.figures_of,
    "recount": recounts.figures_of,
    "saves": saves.price,
    "crowd": saves.crowd,
    "plots": plots.figures_of,
    "rounds": rounds.figures_of,
    "matters": matters.figures_of,
    "todos": todos.figures_of,
    "closing": closings.figures_of,  # last: reports of a closed month refuse the saves of other groups
}
_ON_SERVER = {"unchanged": servers.unchanged, "visible": servers.visible, "startup": servers.start_up}


def main() -> int:
    """Run the bench and return the exit status."""
    parser = argparse.ArgumentParser(prog="manage.py bench")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--stores", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--only", default="", help="only figures whose group contains this word")
    options = parser.parse_args()
    missed = 0
    work = Path(tempfile.mkdtemp(prefix="wr-bench-"))
    os.environ["WR_DATA_DIR"] = str(work)
    get_settings.cache_clear()
    try:
        for figure in _figures(options, work):
            figure.print()
            missed += figure.ok is False
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"# {missed} goals missed", file=sys.stderr)
    return 1 if missed else 0


def _figures(options: argparse.Namespace, work: Path) -> Iterator[Figure]:
    cache = Path(os.environ.get("WARROOM_BENCH_CACHE", Path(tempfile.gettempdir()) / "warroom-bench"))
    # The stores count days in their own zone: a city built for another day than theirs would be recounted at once.
    today = datetime.now(get_settings().zone).date()
    if "sqlite" in options.stores:
        with imports.sqlite_stores() as new_store:
            yield from _of_empty(options, "sqlite", new_store)
        if _needs_city(options):
            cities = {size: stores.sqlite_city(cache, size, today) for size in options.sizes}
            urls = {size: stores.sqlite_copy(path, work / "copies") for size, path in cities.items()}
            yield from _of_database(options, urls, work)
    if "postgresql" in options.stores:
        programs = _system.find_postgres()
        if programs is None:
            raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
        with running_cluster(programs, durable=True) as cluster:
            yield from _of_empty(options, "postgresql", stores.postgres_maker(cluster))
            if _needs_city(options):
                urls = {size: stores.postgres_city(cluster, size, today) for size in options.sizes}
                yield from _of_database(options, urls, work)


def _of_empty(options: argparse.Namespace, kind: str, new_store: Callable[[], str]) -> Iterator[Figure]:
    """Yield what is measured on stores that hold nothing yet."""
    for name, group in _ON_EMPTY.items():
        if options.only in name:
            yield from group(kind, new_store)


def _needs_city(options: argparse.Namespace) -> bool:
    return any(options.only in name for name in (*_ON_CITY, *_ON_SERVER, "screens"))


def _of_database(options: argparse.Namespace, urls: dict[int, str], work: Path) -> Iterator[Figure]:
    for size, url in urls.items():
        with stores.opened(url) as store:
            for name, group in _ON_CITY.items():
                if options.only in name:
                    yield from group(store, size)
            if size == SERVER_SIZE or len(urls) == 1:
                for name, measured in _ON_SERVER.items():
                    if options.only in name:
                        yield from measured(store, work, size)
    sizes = (max(urls), min(urls))
    if options.only in "screens" and sizes[0] != sizes[1]:
        with contextlib.ExitStack() as stack:
            large, small = (stack.enter_context(stores.opened(urls[size])) for size in sizes)
            yield from screens.figures_of(large, small, sizes)


if __name__ == "__main__":
    sys.exit(main())
