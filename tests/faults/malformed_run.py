"""
The corpus through the door of the imports, in a process of its own that may hang, die or swell without harm.

The child previews one file after the other on its store and says before and after each what it is at. The parent waits
no longer than ``PATIENCE`` for a file, kills a child that hangs, and goes on behind the file with a new one. What the
store holds is compared file by file, by SQL of its own: a hash over every business table.
"""

import argparse
import contextlib
import hashlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.importers.problems import PROBLEMS, Severity, UnreadableFile
from core.services import imports
from db.session import open_store, sqlite_module, use_store
from tests.factories import SYSTEM
from tests.faults.malformed import CASES, Case
from tests.support.memory import peak_mib

PATIENCE = 30.0  # seconds of the clock on a busy machine; CPU seconds have their own, tighter bound
# Records of the imports themselves, and of the store about itself, are meant to grow.
OWN_TABLES = frozenset(
    {"import_batch", "import_problem", "import_mend", "import_profile", "audit_event", "store_head", "alembic_version"}
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What became of one file.

    Attributes:
        ending: ``refused`` (as a whole), ``problems`` (a preview with findings), ``clean``, ``error`` (a traceback),
            ``hung`` or ``died``.
        codes: Problem codes that ask for something: refusals and warnings.
        detail: Text of an unexpected error.
        cpu: Seconds of CPU.
        memory: MiB that the process had grown to above its start, at the most.
        is_changed: The store holds other business rows than before.
    """

    name: str
    kind: str
    ending: str
    codes: tuple[str, ...] = ()
    detail: str = ""
    cpu: float = 0.0
    memory: float = 0.0
    is_changed: bool = False


def run(url: str, kind: str, cases: Sequence[Case], mutant: str = "", patience: float = PATIENCE) -> dict[str, Outcome]:
    """Return the outcome of each case by its name."""
    found: dict[str, Outcome] = {}
    waiting = [case.name for case in cases]
    while waiting:
        for outcome in _one_child(url, kind, waiting, mutant, patience):
            found[outcome.name] = outcome
            waiting.remove(outcome.name)
    return found


def _one_child(url: str, kind: str, names: Sequence[str], mutant: str, patience: float) -> Iterator[Outcome]:
    """Yield outcomes until all are done or one file has taken the child with it."""
    command = [sys.executable, "-m", "tests.faults.malformed_run", url, kind, "--mutant", mutant]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("\n".join(names))
    child.stdin.close()
    current = names[0]
    try:
        for line in _lines(child, patience):
            told = json.loads(line)
            if "begin" in told:
                current = told["begin"]
            else:
                yield Outcome(**{**told, "codes": tuple(told["codes"])})
                current = ""
        if current:
            status = child.poll()
            yield Outcome(current, kind, "hung" if status is None else "died", detail=f"exit status {status}")
    finally:
        child.kill()
        child.wait()


def _lines(child: "subprocess.Popen[str]", patience: float) -> Iterator[str]:
    """Yield the child's lines; end when it closes or says nothing for *patience* seconds."""
    assert child.stdout is not None
    descriptor = child.stdout.fileno()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        rest = b""
        while selector.select(patience):
            piece = os.read(descriptor, 65_536)
            if not piece:
                child.wait(patience)
                return
            *lines, rest = (rest + piece).split(b"\n")
            yield from (line.decode() for line in lines)


def store_hash(path: str) -> str:
    """Return a hash over every business row of the SQLite store at *path*."""
    digest = hashlib.sha256()
    # The driver of the product: two SQLite libraries in one process undo each other's file locks.
    with contextlib.closing(sqlite_module().connect(f"file:{path}?mode=ro", uri=True)) as connection:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        names = [row[0] for row in connection.execute(tables).fetchall()]
        for name in names:
            if name not in OWN_TABLES:
                for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2'):
                    digest.update(repr((name, row)).encode())
    return digest.hexdigest()


def _child(url: str, kind: str, mutant: str) -> None:
    by_name = {case.name: case for case in CASES}
    _mutate(mutant)
    use_store(open_store(url))
    path = url.removeprefix("sqlite:///")
    before = store_hash(path)
    # The files themselves are large: they are made before the clock and the memory are looked at.
    for name in sys.stdin.read().split("\n"):
        data = by_name[name].build()
        _say({"begin": name})
        start, cpu = peak_mib(anew=True), time.process_time()
        ending, codes, detail = _preview(kind, by_name[name].file_name, data)
        used, memory = time.process_time() - cpu, peak_mib() - start
        after = store_hash(path)
        _say(
            {
                "name": name, "kind": kind, "ending": ending, "codes": codes, "detail": detail, "cpu": used,
                "memory": memory, "is_changed": after != before,
            }
        )  # fmt: skip
        before = after


def _preview(kind: str, file_name: str, data: bytes) -> tuple[str, list[str], str]:
    try:
        preview = imports.preview(SYSTEM, kind, file_name, data)
    except UnreadableFile as error:
        return "refused", [error.problem.code], ""
    except Exception as error:  # this is what the corpus looks for
        return "error", [], f"{type(error).__name__}: {error}"[:400]
    codes = sorted({one.code for one in preview.problems if PROBLEMS[one.code].severity is not Severity.NOTE})
    return ("problems" if codes else "clean"), codes, ""


def _say(words: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _mutate(mutant: str) -> None:
    """Break the protection on purpose: the corpus must notice each of these."""
    from core.services.imports import files

    real = files.ImportFile.parse

    def parse(self: files.ImportFile) -> Any:
        if mutant == "hangs":
            while True:
                time.sleep(1)
        if mutant == "writes":
            with contextlib.closing(sqlite_module().connect(sys.argv[1].removeprefix("sqlite:///"))) as connection:
                connection.execute("UPDATE project SET name = name || '!'")
                connection.commit()
        if mutant == "swells":
            return len(b"x" * (400 * 2**20)) and real(self)
        if mutant == "raises":
            raise KeyError("xl/workbook.xml")
        if mutant == "dies":
            os.abort()
        return real(self)

    if mutant:
        files.ImportFile.parse = parse  # type: ignore[method-assign]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("kind")
    parser.add_argument("--mutant", default="")
    arguments = parser.parse_args()
    _child(arguments.url, arguments.kind, arguments.mutant)
