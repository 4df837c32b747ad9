"""Sub-commands of ``manage.py``: one module per family, found by name, nothing to enter anywhere else.

Contract of a module in this package (names that begin with ``_`` are helpers and are skipped)::

    def register(subparsers: Subparsers) -> None:
        parser = subparsers.add_parser("recount", help="重新计算汇总表")
        parser.add_argument("--check", action="store_true", help="只核对，不改写")
        parser.set_defaults(handler=_recount)

    def _recount(args: argparse.Namespace) -> int:
        from core.services import rollups          # heavy imports only here
        ...
        return 0                                   # the exit status

At import and in ``register`` only the standard library may be used: ``manage.py --help`` must work before ``.venv``
exists. The handler runs inside ``.venv``. A ``WarRoomError`` that leaves a handler is printed as its Chinese message
and ends with exit status 1. A command that needs the developers' packages adds ``lock=DEV_LOCK`` to ``set_defaults``.
Before a handler runs, an empty store is brought to the current schema and an outdated one is refused;
``needs_store=False`` leaves the store alone.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TypeAlias

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Handler: TypeAlias = Callable[[argparse.Namespace], int]

RUNTIME_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"


def modules() -> Iterator[ModuleType]:
    """Yield every command module, in order of its name."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if not found.name.startswith("_"):
            yield importlib.import_module(f"{__name__}.{found.name}")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``manage.py`` with every registered command."""
    parser = argparse.ArgumentParser(prog="manage.py", description="挂图作战 · 命令行", allow_abbrev=False)
    subparsers = parser.add_subparsers(dest="command", metavar="命令", required=True, title="命令")
    for module in modules():
        module.register(subparsers)
    return parser
