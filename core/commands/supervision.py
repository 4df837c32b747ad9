"""``supervision sweep``: raise every rectification whose deadline has slipped; for a nightly task."""

from __future__ import annotations

import argparse
import json

from core.commands import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("supervision", help="整改督办：逾期升级")
    verbs = parser.add_subparsers(dest="verb", metavar="动作", required=True)
    sweep = verbs.add_parser("sweep", help="把逾期的整改事项升级督办")
    sweep.add_argument("--json", action="store_true", help="以 JSON 输出")
    sweep.set_defaults(handler=_sweep)


def _sweep(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import rectifications

    day = rectifications.today()
    raised = rectifications.sweep(system_actor(), day)
    if args.json:
        print(json.dumps({"day": day.isoformat(), "raised": raised}))
    else:
        print(f"截至 {day}，升级督办 {raised} 件。")
    return 0
