"""``bulletin``: the bulletin of a published round as a file, from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands import Subparsers

if TYPE_CHECKING:
    from core.services.rounds import RoundRow


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("bulletin", help="督查通报：把已发布的一轮写成 Word、PDF 或 Excel 附件")
    parser.add_argument("round", metavar="轮次", help="轮次，如 2026-5（取最新版次），或编号")
    parser.add_argument("--format", choices=("docx", "pdf", "xlsx"), default="docx", help="文件格式")
    parser.add_argument("--output", metavar="文件", type=Path, help="写到哪里；不写则用系统给的文件名")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    parser.set_defaults(handler=_write)


def _write(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import bulletins

    actor, row = system_actor(), _find(args.round)
    verbs = {"docx": bulletins.docx, "pdf": bulletins.pdf, "xlsx": bulletins.workbook}
    file = verbs[args.format](actor, row.id)
    path = args.output or Path(file.name)
    try:
        path.write_bytes(file.content)
    except OSError:
        print(f"不能写入“{path}”。请核对路径和写入权限，或用 --output 指定另一个位置。", file=sys.stderr)
        return 1
    if args.json:
        told = {
            "round": row.id,
            "format": args.format,
            "file": str(path),
            "bytes": len(file.content),
            "sha256": sha256(file.content).hexdigest(),
        }
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(f"已写入：{path}")
    return 0


def _find(text: str) -> RoundRow:
    from core.domain.errors import NotFound
    from core.domain.permissions import system_actor
    from core.services import rounds

    for row in rounds.list_rounds(system_actor()):
        if row.is_frozen and text in (str(row.id), f"{row.year}-{row.number}"):
            return row
    raise NotFound(f"没有已发布的轮次“{text}”。请用 round list 查看已有的轮次。")
