"""Closing a month: time, time under the writers' lock, size, memory; and looking at it afterwards."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from core.services import closing, figures, wall
from core.settings import get_settings
from db.session import Store, open_store, seeing, use_store
from tests.bench.harness import Figure
from tests.factories import SYSTEM
from tests.support.memory import peak_mib

MEBIBYTE = 1024 * 1024
_FIGURES = (
    ("closing", "ms"),
    ("closing, under the lock", "ms"),
    ("closing, memory", "MiB"),
    ("closing, archive", "MiB"),
    ("closing, archive unpacked", "MiB"),
    ("closed month, first look", "ms"),
    ("closed month, wall again", "ms"),
)


def figures_of(store: Store, projects: int) -> Iterator[Figure]:
    """Yield the price of closing the latest month that is due, in a process of its own."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    command = [sys.executable, "-m", "tests.bench.closings", store.engine.url.render_as_string(False)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    for name, unit in _FIGURES:
        yield Figure(name, kind, projects, found[name], unit)


def _measure() -> dict[str, float]:
    month = figures.version().month
    steps: list[float] = []
    before, start = peak_mib(anew=True), time.perf_counter()
    row = closing.close(SYSTEM, month, "压力测试数据", lambda _text: steps.append(time.perf_counter()))
    ended = time.perf_counter()
    memory = peak_mib() - before
    start_look = time.perf_counter()
    sealed = closing.sealed_store(month)
    with seeing(sealed):
        wall.view(SYSTEM)
        first = time.perf_counter() - start_look
        start_again = time.perf_counter()
        wall.view(SYSTEM)
    again = time.perf_counter() - start_again
    unpacked = Path(sealed.engine.url.database or "").stat().st_size
    values = (
        (ended - start) * 1000,
        (ended - steps[-1]) * 1000,
        memory,
        row.size_bytes / MEBIBYTE,
        unpacked / MEBIBYTE,
        first * 1000,
        again * 1000,
    )
    return {name: value for (name, _), value in zip(_FIGURES, values, strict=True)}


def main() -> None:
    """Measure on the store at the given address and print the figures as JSON."""
    use_store(open_store(sys.argv[1], settings=get_settings()))
    print(json.dumps(_measure()))


if __name__ == "__main__":
    main()
