"""Publishing is all or nothing: a failure at every statement, and kill −9 at random moments."""

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from core.services import rounds
from db import audit, prepared, session
from db.models import AuditEvent
from db.models.supervision import RoundSnapshot, SupervisionRound
from tests.support.round_city import SUPERVISOR, build, reviewed

KILLS = int(os.environ.get("WR_TEST_PUBLISH_KILLS", "25"))


class Injected(Exception):
    """The failure that a test puts in."""


class Breaker:
    """Counts the statements of a writing connection and fails at the *at*-th; 0 = never."""

    def __init__(self) -> None:
        self.seen = self.at = 0

    def step(self, *_rest: object) -> None:
        self.seen += 1
        if self.seen == self.at:
            raise Injected

    def cursor(self, connection: object) -> object:
        """Prepared statements go past SQLAlchemy's events, straight to the driver's cursor."""
        self.step()
        return _plain_cursor(connection)


_plain_cursor = prepared._cursor


def state(store: session.Store, round_id: int) -> tuple[str, int, int, int | None]:
    """Status of the round, snapshots in the store, publish events, first broken link of the audit chain."""
    with store.read() as connection:
        status = connection.execute(select(SupervisionRound.status).where(SupervisionRound.id == round_id)).scalar_one()
        snapshots = connection.execute(select(func.count()).select_from(RoundSnapshot)).scalar_one()
        published = select(func.count()).where(AuditEvent.action == "publish")
        return status, snapshots, connection.execute(published).scalar_one(), audit.verify(connection)


DRAFT = ("reviewed", 0, 0, None)
WHOLE = ("published", 1, 1, None)


def test_publish_failed_at_every_statement_leaves_the_draft(store, monkeypatch):
    build(store)
    key, version = reviewed()
    breaker = Breaker()
    monkeypatch.setattr(prepared, "_cursor", breaker.cursor)
    event.listen(store._writing, "before_cursor_execute", breaker.step)
    failures = 0
    while True:
        breaker.seen, breaker.at = 0, failures + 1
        try:
            rounds.publish(SUPERVISOR, key, version)
        except Injected:
            failures += 1
            breaker.at = 0
            assert state(store, key) == DRAFT, f"statement {failures}"
            continue
        break
    steps, breaker.at = breaker.seen, 0
    print(f"failed at each of {failures} statements")
    assert failures >= 15
    assert steps == failures, "the successful run had other steps than were broken"
    assert state(store, key) == WHOLE
    rounds.read_snapshot(SUPERVISOR, key)


@pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")
@pytest.mark.timeout(300)
def test_publish_killed_at_random_moments_leaves_the_draft_or_the_whole(sqlite_url, clock):
    store = session.open_store(sqlite_url, clock=clock)
    session.use_store(store)
    build(store)
    key, version = reviewed()
    session.use_store(None)
    store.dispose()
    ready = Path(sqlite_url.removeprefix("sqlite:///"))
    span = _child(_copy(ready, 0), clock, key, version, None)
    seed = random.SystemRandom().randrange(10**6)
    dice, seen = random.Random(seed), []
    for number in range(1, KILLS + 1):
        copy = _copy(ready, number)
        _child(copy, clock, key, version, dice.uniform(0, span * 1.2))
        store = session.open_store(f"sqlite:///{copy.as_posix()}", clock=clock)
        session.use_store(store)
        found = state(store, key)
        assert found in (DRAFT, WHOLE), f"seed {seed}, kill {number}"
        if found == WHOLE:
            rounds.read_snapshot(SUPERVISOR, key)
        seen.append(found[0])
        session.use_store(None)
        store.dispose()
    print(f"seed {seed}: {seen.count('reviewed')} drafts, {seen.count('published')} published")
    assert len(seen) == KILLS


def _copy(source: Path, number: int) -> Path:
    target = source.with_name(f"copy{number}.db")
    shutil.copyfile(source, target)
    return target


def _child(path: Path, clock: object, key: int, version: int, kill_after: float | None) -> float:
    """Publish in a child; kill it after *kill_after* seconds, None = let it end. Return how long publishing took."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        store = session.open_store(f"sqlite:///{path.as_posix()}", clock=clock)  # type: ignore[arg-type]
        session.use_store(store)
        rounds.list_rounds(SUPERVISOR)
        os.write(writer, b"r")
        rounds.publish(SUPERVISOR, key, version)
        os._exit(0)
    os.read(reader, 1)
    start = time.monotonic()
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(reader)
    os.close(writer)
    return time.monotonic() - start
