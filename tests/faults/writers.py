"""Writers that are killed: forked children that save through the service layer and acknowledge on a pipe."""

import os
import random
import select
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from core.domain.errors import Conflict
from core.services import milestones
from db import session
from tests.factories import SYSTEM


@dataclass
class Toll:
    """What a run saw: acknowledged (milestone, version) pairs, errors of children, number of kills."""

    acks: list[tuple[int, int]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    kills: int = 0


def _child(url: str, keys: list[int], pipe: int, mutate: Callable[[], None] | None, seed: int) -> None:
    """Save forever: forecast of a random milestone, acknowledged after the commit."""
    dice = random.Random(seed)
    if mutate is not None:
        mutate()
    store = session.open_store(url)
    session.use_store(store)
    today = store.today()
    while True:
        key = dice.choice(keys)
        try:
            version = milestones.detail(SYSTEM, key).row.version
            saved = milestones.forecast(
                SYSTEM, key, today + timedelta(days=dice.randrange(1, 900)), "接口方案调整，预计顺延", version
            )
        except Conflict:
            continue  # the other writer was first: an honest answer
        except Exception as error:  # reported, the parent judges
            os.write(pipe, f"E {type(error).__name__}\n".encode())
            continue
        if saved > version:
            os.write(pipe, f"A {key} {saved}\n".encode())


@dataclass
class Writer:
    pid: int
    pipe: int
    rest: bytes = b""

    def take(self, toll: Toll) -> int:
        """Read what has arrived; a line cut off by the kill is no acknowledgement."""
        data = self.rest + os.read(self.pipe, 1 << 16)
        *lines, self.rest = data.split(b"\n")
        for line in lines:
            kind, *values = line.decode().split()
            if kind == "A":
                toll.acks.append((int(values[0]), int(values[1])))
            else:
                toll.errors.append(values[0])
        return len(lines)

    def kill(self, toll: Toll) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.set_blocking(self.pipe, False)
        try:
            while self.take(toll):
                pass
        except BlockingIOError:
            pass
        os.close(self.pipe)
        toll.kills += 1


def start(url: str, keys: list[int], mutate: Callable[[], None] | None, seed: int) -> Writer:
    reader, writer = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            _child(url, keys, writer, mutate, seed)
        finally:
            os._exit(1)
    os.close(writer)
    return Writer(pid, reader)


def run(
    url: str,
    keys: list[int],
    *,
    acks: int,
    kills: int,
    seed: int,
    mutate: Callable[[], None] | None = None,
    writers: int = 2,
) -> Toll:
    """
    Let *writers* children save into the store at *url* and kill them at random moments.

    Ends when both *acks* saves were acknowledged and *kills* children were killed; the process must have no open
    store of its own (connections do not survive a fork).
    """
    dice = random.Random(seed)
    toll = Toll()
    share = acks // kills
    alive = [start(url, keys, mutate, dice.randrange(1 << 30)) for _ in range(writers)]
    try:
        due = dice.randint(1, 2 * share)
        while len(toll.acks) + len(toll.errors) < acks or toll.kills < kills:
            ready, _, _ = select.select([writer.pipe for writer in alive], [], [], 60)
            assert ready, "no writer said anything for a minute"
            for writer in [writer for writer in alive if writer.pipe in ready]:
                due -= writer.take(toll)
            if due <= 0:
                victim = alive.pop(dice.randrange(len(alive)))
                victim.kill(toll)
                alive.append(start(url, keys, mutate, dice.randrange(1 << 30)))
                due = dice.randint(1, 2 * share)
    finally:
        for writer in alive:
            writer.kill(toll)
    return toll
