"""``export``: any kind of table as a file, from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from core.commands import Subparsers

KINDS = (
    *("ledger", "reports", "milestones", "problems", "policies", "parcels"),
    *("assets", "funding", "people", "units", "users"),
)
FORMS = ("xlsx", "csv")


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("export", help="导出台账、月报、节点、清单等（xlsx、csv）")
    parser.add_argument("kind", metavar="内容", choices=KINDS, help="、".join(KINDS))
    parser.add_argument("--form", choices=FORMS, default="xlsx", help="文件格式")
    parser.add_argument("--template", action="store_true", help="导出空白模板，不含数据")
    parser.add_argument("--out", metavar="文件", type=Path, help="写到哪里；不写则用系统给的文件名")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    parser.set_defaults(handler=_export)


def _export(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import exports

    actor = system_actor()
    if args.template:
        file = exports.template(actor, args.kind)
    else:
        file = exports.export(actor, args.kind, exports.ExportForm(args.form))
    path = args.out or Path(file.name)
    try:
        path.write_bytes(file.content)
    except OSError:
        print(f"不能写入“{path}”。请核对路径和写入权限，或用 --out 指定另一个位置。", file=sys.stderr)
        return 1
    if args.json:
        report = {
            "kind": args.kind,
            "form": args.form,
            "file": str(path),
            "rows": file.rows,
            "bytes": len(file.content),
        }
        print(json.dumps(report, ensure_ascii=False))
    else:
        print(f"已导出 {file.rows} 行：{path}" if not args.template else f"已写入空白模板：{path}")
    return 0
