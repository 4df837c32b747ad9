"""``export``: any kind of table as a file, from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands import Subparsers

if TYPE_CHECKING:
    from core.domain.permissions import Actor
    from core.domain.zones import Zone
    from core.services.exports import ExportFile, ExportForm

KINDS = (
    *("ledger", "reports", "milestones", "problems", "policies", "parcels"),
    *("assets", "funding", "people", "units", "users"),
)
FORMS = ("xlsx", "csv", "geojson", "shp", "txt", "ics", "oc4ids")


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("export", help="导出台账、月报、节点、地块、清单等（表格、矢量、日历、OC4IDS）")
    parser.add_argument("kind", metavar="内容", choices=KINDS, help="、".join(KINDS))
    parser.add_argument(
        "--form",
        choices=FORMS,
        default="xlsx",
        help="文件格式；geojson、shp、txt 只用于 parcels，ics 只用于 milestones，oc4ids 只用于 ledger",
    )
    parser.add_argument("--zone", metavar="带号", type=int, help="shp、txt 的分带：25-45 为3度带，13-23 为6度带")
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
        form = exports.ExportForm(args.form)
        file = exports.export(actor, args.kind, form, zone=_zone(args, actor, form))
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
            "left_out": file.left_out,
            "bytes": len(file.content),
        }
        print(json.dumps(report, ensure_ascii=False))
    else:
        print(f"已导出 {file.rows} 行：{path}" if not args.template else f"已写入空白模板：{path}")
    _warn(args, file, path)
    return 0


def _zone(args: argparse.Namespace, actor: Actor, form: ExportForm) -> Zone | None:
    """Return the zone that was asked for; for a txt without one, the zone in which all plots lie."""
    from core.domain.errors import Invalid, Problem
    from core.domain.zones import zone_numbered
    from core.services import exports

    if args.zone is None:
        is_txt = form is exports.ExportForm.TXT
        return exports.outlook(actor, args.kind, form).only_zone if is_txt else None
    if form not in exports.ZONED_FORMS:
        raise Invalid([Problem("zone", "zone", f"--zone 只用于 shp 和 txt，{form.value} 没有分带。")])
    zone = zone_numbered(args.zone)
    if zone is None:
        raise Invalid([Problem("zone", "zone", f"没有 {args.zone} 带。3度带为 25-45，6度带为 13-23。")])
    return zone


def _warn(args: argparse.Namespace, file: ExportFile, path: Path) -> None:
    """Say on the error stream what is easily overlooked."""
    if not args.template and not file.rows:
        print("没有数据，文件只有表头。", file=sys.stderr)
    if file.left_out:
        print(f"{file.left_out} 个地块没有界址点坐标，不在文件内。", file=sys.stderr)
    if file.name.endswith(".zip") and path.suffix.lower() != ".zip":
        print("内容是 zip 压缩包，请把文件名改为 .zip 结尾。", file=sys.stderr)
