"""The store: one engine per process, short reads, one writing transaction at a time per SQLite file.

SQLite: WAL, foreign keys, ``BEGIN IMMEDIATE`` for every writing transaction (a deferred ``BEGIN`` fails under
load whatever the timeout) behind a fair in-process queue, so that 32 writers wait in order instead of starving.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from core.domain.errors import Locked, StoreBusy
from core.domain.period import AsOf, as_of_day
from core.domain.permissions import Actor
from core.settings import Settings, get_settings
from db.nul import keep_out_of
from db.refusals import named
from db.transaction import WriteTransaction

BUSY_SECONDS = 30.0
_WRITE = "warroom_write"
# Writers of one process on PostgreSQL: all of them end at the head row one by one, and many threads between its lock
# and their commit only keep one another waiting. More than one, so that a long import does not stop the others.
_POSTGRES_WRITERS = 2


def sqlite_module() -> ModuleType:
    """Return the SQLite driver: ``pysqlite3`` (a library without the WAL-reset bug) where it is installed."""
    try:
        import pysqlite3.dbapi2 as module
    except ImportError:
        import sqlite3 as module
    return module  # type: ignore[no-any-return]


class FairQueue:
    """A lock with a number of *places* that serves waiters in the order of their arrival."""

    def __init__(self, places: int = 1) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._free = places

    def acquire(self, timeout: float) -> bool:
        """Wait for the turn; return False when *timeout* seconds passed first."""
        with self._guard:
            if self._free and not self._waiting:
                self._free -= 1
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._guard:
            if turn.is_set():
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        """Hand the place to the longest waiter."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


def _make_engine(url: str, settings: Settings) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _make_sqlite_engine(parsed, pool_size=16, max_overflow=64)
    engine = create_engine(
        parsed,
        pool_size=settings.pool_size,
        max_overflow=settings.pool_overflow,
        pool_timeout=settings.pool_timeout_seconds,
        pool_pre_ping=True,
    )
    keep_out_of(engine)
    return engine


def _make_sqlite_engine(url: URL, *, pool_size: int, max_overflow: int) -> Engine:
    engine = create_engine(
        url,
        module=sqlite_module(),
        pool_size=pool_size,
        max_overflow=max_overflow,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    keep_out_of(engine)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={int(BUSY_SECONDS * 1000)}",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITE)
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _naming_refusals() -> Iterator[None]:
    """Turn what the driver says when the disk is full, the file damaged … into the named errors."""
    try:
        yield
    except Exception as error:
        refusal = named(error)
        if refusal is None:
            raise
        raise refusal from error


class Store:
    """
    One database and the clock by which figures stand.

    Args:
        url: SQLAlchemy address of the database.
        settings: Time zone and reporting calendar.
        clock: Source of aware UTC time; tests pass their own.
    """

    def __init__(self, url: str, settings: Settings, clock: Callable[[], datetime] | None = None) -> None:
        self.url = url
        self.settings = settings
        self.engine = _make_engine(url, settings)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # One connection for all writers of a SQLite file, who take turns anyway: its page cache survives from save to
        # save, where a connection that finds others' writes in the file drops its own.
        self._writing = (
            _make_sqlite_engine(self.engine.url, pool_size=1, max_overflow=0) if self.is_sqlite else self.engine
        )
        self._writer = self._writing.execution_options(**{_WRITE: True})
        self.clock = clock or (lambda: datetime.now(UTC))
        self._zone = ZoneInfo(settings.timezone)
        self._queue = FairQueue(1 if self.is_sqlite else _POSTGRES_WRITERS)

    def today(self) -> date:
        """Return the local calendar day."""
        return self.clock().astimezone(self._zone).date()

    def as_of(self) -> AsOf:
        """Return the as-of point of today by the reporting calendar."""
        return as_of_day(self.today(), self.settings.report_due_day, self.settings.report_due_next_month)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """
        Yield a connection with one consistent snapshot; nothing can be written through it on purpose.

        Raises:
            StoreUnusable: The store cannot be opened or is damaged.
        """
        with _naming_refusals(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Like ``read``, with one snapshot over all of its statements on PostgreSQL as well."""
        engine = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        with _naming_refusals(), engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[WriteTransaction]:
        """
        Yield a writing transaction; commit with its audit rows and roll-ups, or leave nothing behind.

        Raises:
            StoreBusy: The store could not be locked within ``BUSY_SECONDS``.
            StoreUnusable: The store has no room, is read-only or damaged.
        """
        if not self._queue.acquire(BUSY_SECONDS):
            raise StoreBusy
        try:
            with _naming_refusals(), self._writer.connect() as connection:
                try:
                    connection.begin()
                except OperationalError as error:
                    raise (named(error) or StoreBusy()) from error
                unit = WriteTransaction(connection, actor, self.clock(), self.as_of())
                yield unit
                unit.finish()
                connection.commit()
        finally:
            self._queue.release()

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()
        self._writing.dispose()


class SealedStore(Store):
    """The store of a closed month: read as it stood at *figures*, never written."""

    def __init__(self, url: str, settings: Settings, figures: AsOf, closed_at: datetime, sha256: str = "") -> None:
        super().__init__(url, settings, lambda: closed_at)
        self.month = figures.month
        self.closed_at = closed_at
        self.sha256 = sha256
        self._figures = figures

    def today(self) -> date:
        """Return the day its figures stand at."""
        return self._figures.on

    def as_of(self) -> AsOf:
        """Return the as-of point it was sealed at."""
        return self._figures

    def transaction(self, actor: Actor) -> NoReturn:
        """Refuse: a closed month is not written, by nobody."""
        raise Locked(f"正在查看{self.month.label}封存数据，{actor.name}的修改没有保存。请先返回实时数据。")


_current: Store | None = None
# Which store this task reads: None = the process's own unless the screen chose a closed month.
_seen: ContextVar[Store | None] = ContextVar("warroom_seen_store", default=None)
_choice: Callable[[], Store | None] | None = None


def open_store(url: str, *, settings: Settings | None = None, clock: Callable[[], datetime] | None = None) -> Store:
    """Return a store on *url* without making it the process's own."""
    return Store(url, settings or get_settings(), clock)


def use_store(store: Store | None) -> None:
    """Make *store* the one that ``read`` and ``transaction`` of this process work on."""
    global _current
    _current = store


def let_screens_choose(choice: Callable[[], Store | None]) -> None:
    """Ask *choice* which store a screen reads (None = the process's own); set once, by the pages."""
    global _choice
    _choice = choice


@contextmanager
def seeing(store: Store) -> Iterator[None]:
    """Have everything inside the block read *store*: a closed month, or the live store whatever the screen chose."""
    token = _seen.set(store)
    try:
        yield
    finally:
        _seen.reset(token)


def current_store() -> Store:
    """Return the store this task reads: the process's own, or the closed month that is being looked at."""
    seen = _seen.get()
    if seen is None and _choice is not None:
        seen = _choice()
    return seen or live_store()


def is_sealed() -> bool:
    """Return whether this task looks at a closed month."""
    return isinstance(current_store(), SealedStore)


def live_store() -> Store:
    """Return the process's own store, opened from the settings on first use."""
    global _current
    if _current is None:
        settings = get_settings()
        _current = Store(settings.database_url, settings)
    return _current


@contextmanager
def read() -> Iterator[Connection]:
    """Yield a read snapshot of the process's store."""
    with current_store().read() as connection:
        yield connection


@contextmanager
def transaction(actor: Actor) -> Iterator[WriteTransaction]:
    """Yield a writing transaction of the process's store in the name of *actor*."""
    with current_store().transaction(actor) as unit:
        yield unit
