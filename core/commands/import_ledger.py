"""``import ledger``: a project ledger from the command line, previewed with ``--dry-run``, applied without."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands import Subparsers

if TYPE_CHECKING:
    from core.services.imports import Preview

APPLIED, UNREADABLE, PROBLEMS = 0, 1, 2
_SHOWN = 50


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("import", help="导入项目台账（xlsx、xls、csv）")
    kinds = parser.add_subparsers(dest="kind", metavar="内容", required=True, title="内容")
    ledger = kinds.add_parser("ledger", help="项目台账")
    ledger.add_argument("file", metavar="文件", type=Path)
    ledger.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    ledger.add_argument("--json", action="store_true", help="以 JSON 输出")
    ledger.add_argument("--year", type=int, help="台账年度；文件写明时以文件为准")
    ledger.add_argument(
        "--month", type=int, choices=range(1, 13), metavar="1-12", help="累计数截至的月份；文件写明时不用"
    )
    ledger.add_argument("--unit", choices=("亿元", "万元", "元"), default="", help="金额单位；文件写明时不用")
    ledger.add_argument("--accept-large", action="store_true", help="大额已核对，不再因数额过大拒绝")
    ledger.set_defaults(handler=_import_ledger)


def _import_ledger(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.importers.problems import UnreadableFile, build_problem
    from core.services import imports

    answers = imports.Answers(args.year, args.month, args.unit, args.accept_large)
    try:
        data = args.file.read_bytes()
        shown = imports.import_now(system_actor(), args.kind, args.file.name, data, answers, dry_run=args.dry_run)
    except OSError:
        return _fail(args, build_problem("file_unreachable", value=str(args.file)))
    except UnreadableFile as error:
        return _fail(args, error.problem)
    if args.json:
        print(json.dumps(_report(shown, is_applied=not args.dry_run), ensure_ascii=False))
    else:
        _tell(shown, is_applied=not args.dry_run)
    return _status(shown)


def _status(shown: Preview) -> int:
    from core.importers.problems import Severity

    if shown.row_count == 0:
        return UNREADABLE
    return PROBLEMS if shown.of(Severity.REFUSE) or shown.of(Severity.WARN) else APPLIED


def _report(shown: Preview, *, is_applied: bool) -> dict[str, Any]:
    """Return what is printed as JSON; notes stand apart from problems, they do not change the exit status."""
    from core.importers.problems import Severity

    def rows(problems: Any) -> list[dict[str, Any]]:
        names = ("code", "sheet", "row", "column", "message")
        return [{name: getattr(problem, name) for name in names} for problem in problems]

    return {
        "rows": shown.row_count,
        "inserted": len(shown.inserted),
        "changed": len(shown.changed),
        "unchanged": shown.unchanged,
        "quarantined": len(shown.quarantined),
        "problems": rows(problem for problem in shown.problems if problem.severity is not Severity.NOTE),
        "notes": rows(shown.of(Severity.NOTE)),
        "totals": dict(shown.totals),
        "applied": is_applied,
        "batch": shown.batch_id or None,
    }


def _tell(shown: Preview, *, is_applied: bool) -> None:
    from core.importers.problems import Severity

    done = "已导入" if is_applied else "检查完成，未写入"
    print(
        f"{done}：共 {shown.row_count} 行，新增 {len(shown.inserted)}，更新 {len(shown.changed)}，"
        f"无变化 {shown.unchanged}，未导入 {len(shown.quarantined)}。"
    )
    if shown.earlier is not None:
        print(f"提示：同一文件已在批次 {shown.earlier.id} 导入过。")
    words = {Severity.REFUSE: "未导入", Severity.WARN: "请核对", Severity.NOTE: "说明"}
    for problem in shown.problems[:_SHOWN]:
        place = "，".join(
            part for part in (problem.sheet, f"第{problem.row}行" if problem.row else "", problem.column) if part
        )
        print(f"[{words[problem.severity]}] {place}：{problem.message}")
    if len(shown.problems) > _SHOWN:
        print(f"另有 {len(shown.problems) - _SHOWN} 条，用 --json 查看全部。")


def _fail(args: argparse.Namespace, problem: Any) -> int:
    """Tell why the file cannot be read; nothing was written."""
    if args.json:
        place = {"code": problem.code, "sheet": "", "row": 0, "column": "", "message": problem.message}
        empty = {"rows": 0, "inserted": 0, "changed": 0, "unchanged": 0, "quarantined": 0}
        print(
            json.dumps({**empty, "problems": [place], "notes": [], "totals": {}, "applied": False}, ensure_ascii=False)
        )
    print(problem.message, file=sys.stderr)
    return UNREADABLE
