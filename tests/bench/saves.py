"""P8 and the price of a save: the service layer against the bare SQL of the same statements."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.pool.base import _ConnectionFairy

from core.services import milestones
from db.models import Milestone
from db.session import Store
from tests.bench.harness import Figure, paired, percentile
from tests.factories import SYSTEM

WRITERS = 32
SECONDS = 6.0
_REASON = "接口方案调整，预计顺延"


class _Saver:
    """Forecasts of random open milestones, through the service."""

    def __init__(self, store: Store) -> None:
        with store.read() as connection:
            rows = connection.execute(
                select(Milestone.id, Milestone.version).where(Milestone.actual_on.is_(None)).limit(2000)
            ).all()
        self.versions = {row.id: row.version for row in rows}
        self.keys = list(self.versions)
        self.number = random.SystemRandom().randrange(10**6)
        self.today = store.today()

    def save(self, key: int | None = None) -> None:
        self.number += 1
        key = key if key is not None else self.keys[self.number % len(self.keys)]
        day = self.today + timedelta(days=1 + self.number % 700)
        self.versions[key] = milestones.forecast(SYSTEM, key, day, _REASON, self.versions[key])


def _recorded(store: Store, saver: _Saver) -> list[tuple[str, Any]]:
    """Return the statements of one save, as the driver got them."""
    seen: list[tuple[str, Any]] = []

    class Recorder:
        """A driver's cursor that writes down what it is given."""

        def __init__(self, cursor: Any) -> None:
            self._cursor = cursor

        def __getattr__(self, name: str) -> Any:
            return getattr(self._cursor, name)

        def __iter__(self) -> Any:
            return iter(self._cursor)

        def execute(self, statement: str, parameters: Any = ()) -> Any:
            seen.append((statement, [parameters]))
            return self._cursor.execute(statement, parameters)

        def executemany(self, statement: str, rows: Any) -> Any:
            seen.append((statement, list(rows)))
            return self._cursor.executemany(statement, rows)

    fairy = _ConnectionFairy.cursor
    _ConnectionFairy.cursor = lambda self, *args, **kwargs: Recorder(fairy(self, *args, **kwargs))  # type: ignore[method-assign]
    try:
        saver.save()
    finally:
        _ConnectionFairy.cursor = fairy  # type: ignore[method-assign]
    return seen


RECORDED = 60


class _Bare:
    """
    The statements of ``RECORDED`` saves by the driver alone, over and over.

    The audit row gets a new number, the rest is repeated: the product's own rows and pages are touched.
    """

    def __init__(self, store: Store, saver: _Saver) -> None:
        self.owner = store.engine.raw_connection()
        self.connection: Any = self.owner.driver_connection
        self.is_sqlite = store.is_sqlite
        self.saves = [_without_begin(_recorded(store, saver)) for _ in range(RECORDED)]
        self.turn = 0

    def save(self) -> None:
        cursor = self.connection.cursor()
        if self.is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        self.turn += 1
        for text, rows in self.saves[self.turn % RECORDED]:
            if text.startswith(("INSERT INTO audit", "UPDATE store_head")):
                rows = [self._next(cursor, rows[0], text)]
            if len(rows) == 1:
                cursor.execute(text, rows[0])
            else:
                cursor.executemany(text, rows)
            if cursor.description:
                cursor.fetchall()
        self.connection.commit()

    def _next(self, cursor: Any, row: Any, text: str) -> Any:
        """One number further than the chain's end, so that repeated inserts do not collide."""
        is_event = text.startswith("INSERT")
        if is_event:
            self.seq = cursor.execute("SELECT seq FROM store_head").fetchone()[0] + 1
        if isinstance(row, dict):
            return {**row, "seq" if is_event else "new_seq": self.seq}
        return (self.seq, *row[1:])


def _without_begin(statements: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(text, rows) for text, rows in statements if not text.startswith("BEGIN")]


def price(store: Store, projects: int) -> Iterator[Figure]:
    """Yield the price of one save with audit and roll-ups, as a ratio to the bare statements."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    saver = _Saver(store)
    bare = _Bare(store, saver)
    value, base, ratio = paired(saver.save, bare.save, time.perf_counter, repeats=40)
    bare.owner.close()
    yield Figure("save with audit", kind, projects, value, "ms", base, ratio, "ratio <= 3", ratio <= 3)


def _many(work: Callable[[int], None], seconds: float) -> tuple[float, list[float], list[str]]:
    """Run *work* in WRITERS threads for *seconds*; return (saves per second, waits in ms, errors)."""
    waits: list[float] = []
    errors: list[str] = []
    stop = time.perf_counter() + seconds

    def loop(number: int) -> None:
        while time.perf_counter() < stop:
            start = time.perf_counter()
            try:
                work(number)
            except Exception as error:  # counted: the goal is none
                errors.append(f"{type(error).__name__}: {error}")
            waits.append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=loop, args=(number,)) for number in range(WRITERS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(waits) / (time.perf_counter() - start), waits, errors


def crowd(store: Store, projects: int) -> Iterator[Figure]:
    """Yield P8: 32 writers at once, against a single loop of the bare statements."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    saver = _Saver(store)
    bare = _Bare(store, saver)
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS / 3:
        bare.save()
        count += 1
    raw = count / (time.perf_counter() - start)
    bare.owner.close()
    saver = _Saver(store)
    lanes = [saver.keys[number::WRITERS] for number in range(WRITERS)]
    turn = [0] * WRITERS

    def work(number: int) -> None:
        turn[number] += 1
        saver.save(lanes[number][turn[number] % len(lanes[number])])

    rate, waits, errors = _many(work, SECONDS)
    if errors:
        print(f"# first error: {errors[0]}", flush=True)
    p99, worst = percentile(waits, 0.99), max(waits)
    yield Figure("P8 errors, 32 writers", kind, projects, len(errors), "errors", goal="0", ok=not errors)
    yield Figure("P8 wait p99, 32 writers", kind, projects, p99, "ms", goal="<= 100", ok=p99 <= 100)
    yield Figure("P8 wait max, 32 writers", kind, projects, worst, "ms", goal="<= 1000", ok=worst <= 1000)
    ratio = rate / raw
    yield Figure("P8 throughput, 32 writers", kind, projects, rate, "saves/s", raw, ratio, "ratio >= 0.4", ratio >= 0.4)
