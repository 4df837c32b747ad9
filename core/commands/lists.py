"""``lists refresh``: make the not-started, lagging and negative lists anew by rule; for a nightly task."""

from __future__ import annotations

import argparse
import json

from core.commands import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("lists", help="预警清单：未开工、滞后、负面清单")
    verbs = parser.add_subparsers(dest="verb", metavar="动作", required=True)
    refresh = verbs.add_parser("refresh", help="按规则重新生成三张清单")
    refresh.add_argument("--json", action="store_true", help="以 JSON 输出")
    refresh.set_defaults(handler=_refresh)


def _refresh(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from core.domain.permissions import system_actor
    from core.services import starts

    done = starts.refresh(system_actor())
    if args.json:
        print(json.dumps(asdict(done)))
    else:
        print(f"列入 {done.entered} 项，移出 {done.left} 项，依据变化 {done.regrounded} 项。")
    return 0
