"""``check`` (style, types, floors) and ``test`` (everything that pytest finds)."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.commands import DEV_LOCK, Subparsers, _system, _venv

ROOT = Path(__file__).resolve().parents[2]
# The folders of tests that share the machine among several processes, and those that do not.
TOGETHER = ("tests/architecture", "tests/unit", "tests/integration", "tests/golden", "tests/http", "tests/pages")
ALONE = ("tests/faults", "tests/browser", "tests/bench")
_NO_OPTIONS = "\0"  # with no option prefix every word behind ``test`` goes to pytest untouched


def register(subparsers: Subparsers) -> None:
    check = subparsers.add_parser("check", help="代码检查：格式、类型、分层（ruff、mypy、import-linter）")
    check.set_defaults(handler=_check, lock=DEV_LOCK, needs_store=False)
    test = subparsers.add_parser(
        "test", help="运行全部测试；其后的参数原样交给 pytest", prefix_chars=_NO_OPTIONS, add_help=False
    )
    test.add_argument("pytest_args", nargs="*", metavar="pytest 参数")
    test.set_defaults(handler=_test, lock=DEV_LOCK, needs_store=False)


def gates(environment: _venv.Environment) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return name and command of each check, in the order they run."""
    python = sys.executable
    return (
        ("ruff check", (python, "-m", "ruff", "check", ".")),
        ("ruff format", (python, "-m", "ruff", "format", "--check", ".")),
        ("mypy", (python, "-m", "mypy")),
        ("import-linter", (str(environment.program("lint-imports")), "--no-logo")),
    )


def _check(_args: argparse.Namespace) -> int:
    environment = {**os.environ, "PYTHONUTF8": "1"}
    failed = []
    for name, command in gates(_venv.Environment(ROOT)):
        print(f"── {name}", flush=True)
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
            failed.append(name)
    print(f"── 未通过：{'、'.join(failed)}" if failed else "── 全部通过（all checks passed）", flush=True)
    return 1 if failed else 0


def _test(args: argparse.Namespace) -> int:
    _system.provide()
    return max(_run_tests(words) for words in test_runs(args.pytest_args))


def test_runs(pytest_args: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """
    Return the arguments of each run of pytest: those given, or all tests in two runs.

    What watches a clock, kills processes or drives browsers wants the machine for itself.
    """
    if pytest_args:
        return (tuple(pytest_args),)
    return (("-n", "auto", "--dist", "worksteal", *TOGETHER), ALONE)


def _run_tests(pytest_args: Sequence[str]) -> int:
    command = [sys.executable, "-m", "pytest", *pytest_args]
    return subprocess.run(command, cwd=ROOT, env=test_environment(os.environ), check=False).returncode


def test_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for pytest: in CI a missing system part fails instead of skipping."""
    required = {_system.REQUIRE_PARTS: "1"} if _system.is_ci(environment) else {}
    return {**environment, "PYTHONUTF8": "1", **required}
