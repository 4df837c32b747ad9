"""挂图作战 command line. ``python3 manage.py run`` is all a fresh machine needs; ``--help`` lists the rest.

Standard library only up to the point where the command runs inside ``.venv``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOO_OLD = "需要 Python 3.11 或更新版本，当前是 {0}.{1}。请安装后用 python3.11 manage.py 运行。"


def main(argv: list[str]) -> int:
    """Read the command line, see to ``.venv``, run the command in it and return its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an old Python gets a sentence instead of a traceback)
        print(TOO_OLD.format(*sys.version_info[:2]), file=sys.stderr)
        return 1
    use_utf8()
    from core.commands import RUNTIME_LOCK, _venv, build_parser

    arguments = build_parser().parse_args(argv)
    environment = _venv.Environment(ROOT)
    try:
        _venv.ensure(environment, getattr(arguments, "lock", RUNTIME_LOCK))
    except _venv.SetupError as error:
        print(error, file=sys.stderr)
        return 1
    if not environment.is_active():
        return restart(environment.python, argv)
    return call(arguments)


def call(arguments: argparse.Namespace) -> int:
    """Run the chosen handler on a store with the current schema; an expected error is told in one Chinese sentence."""
    from core.commands import store
    from core.domain.errors import WarRoomError

    try:
        if getattr(arguments, "needs_store", True):
            store.require_current_schema()
        return int(arguments.handler(arguments))
    except WarRoomError as error:
        print(error.user_message, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def restart(python: Path, argv: list[str]) -> int:
    """Run the same command line again inside ``.venv``."""
    command = [str(python), str(ROOT / "manage.py"), *argv]
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606 (our own argument list, no shell)
    try:
        return subprocess.call(command)  # Windows cannot replace a process
    except KeyboardInterrupt:
        return 130


def use_utf8() -> None:
    """Print Chinese whatever the locale of the terminal says (POSIX ``C``, Windows code pages)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
