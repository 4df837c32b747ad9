"""``bench``: measure the goals of speed on this machine."""

from __future__ import annotations

import argparse
import subprocess
import sys

from core.commands import DEV_LOCK, Subparsers


def register(subparsers: Subparsers) -> None:
    """Add ``bench``."""
    parser = subparsers.add_parser("bench", help="测量各项性能指标，每项一行 JSON（与下限同场对比）")
    parser.add_argument("--sizes", nargs="+", metavar="项目数", help="默认 1000 10000 100000")
    parser.add_argument("--stores", nargs="+", metavar="数据库", help="sqlite postgresql，默认两者")
    parser.add_argument("--only", metavar="组", help="只测名称含此词的组")
    parser.set_defaults(handler=_bench, lock=DEV_LOCK, needs_store=False)


def _bench(args: argparse.Namespace) -> int:
    words = [sys.executable, "-m", "tests.bench"]
    for name in ("sizes", "stores"):
        values = getattr(args, name)
        words += [f"--{name}", *values] if values else []
    words += ["--only", args.only] if args.only else []
    return subprocess.run(words, check=False).returncode
