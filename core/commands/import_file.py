"""``import KIND FILE``: a table, land file or schedule from the command line; ``import undo BATCH`` takes one back."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands import Subparsers

if TYPE_CHECKING:
    from core.services.imports import Answers, Preview

APPLIED, UNREADABLE, PROBLEMS = 0, 1, 2
_SHOWN = 50
_UNDO = "undo"


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("import", help="导入台账、清单、地块、进度计划；撤销导入")
    parser.add_argument("kind", metavar="内容", help="台账为 ledger；输入 import list 查看全部；undo 为撤销")
    parser.add_argument("file", metavar="文件", nargs="?", help="文件；撤销时为批次号")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.add_argument("--profile", default="", metavar="方案", help="使用已保存的列对应方案（名称）；none 为不用方案")
    parser.add_argument("--map", action="append", default=[], metavar="字段=表头", help="指定某列的含义，可重复")
    parser.add_argument("--crs", default="", metavar="EPSG", help="坐标系，例如 4528、GCJ-02；文件写明时不用")
    parser.add_argument(
        "--date-order", choices=("day_first", "month_first"), default="", help="日月顺序；文件写明时不用"
    )
    parser.add_argument(
        "--decimal-mark", choices=(".", ","), default="", help="小数点写法（1,234.5 或 1.234,5）；数值看得出时不用"
    )
    parser.add_argument(
        "--key", choices=("auto", "code", "name_county"), default="auto", help="按什么与系统中的记录对应"
    )
    parser.add_argument("--year", type=int, help="台账年度；文件写明时以文件为准")
    parser.add_argument(
        "--month", type=int, choices=range(1, 13), metavar="1-12", help="累计数截至的月份；文件写明时不用"
    )
    parser.add_argument("--unit", choices=("亿元", "万元", "元"), default="", help="金额单位；文件写明时不用")
    parser.add_argument("--accept-large", action="store_true", help="大额已核对，不再因数额过大拒绝")
    parser.add_argument("--review-number", default="", metavar="审图号", help="县区边界图的审图号；文件写明时不用")
    parser.add_argument("--project", default="", metavar="代码", help="进度计划所属的项目（代码或名称）")
    parser.add_argument("--level", type=int, metavar="级", help="进度计划中第几级摘要任务也作为节点")
    parser.add_argument("--baseline", type=int, default=0, metavar="0-10", help="进度计划以哪一条基线为准")
    parser.add_argument("--reason", default="", help="撤销原因")
    parser.set_defaults(handler=_run)


def _run(args: argparse.Namespace) -> int:
    if args.kind == "list":
        return _list_kinds()
    if args.file is None:
        print("请写明文件（撤销时写明批次号）。", file=sys.stderr)
        return UNREADABLE
    return _undo(args) if args.kind == _UNDO else _import(args)


def _list_kinds() -> int:
    from core.domain.permissions import system_actor
    from core.services import imports

    for code, label in imports.list_kinds(system_actor()):
        print(f"{code:<12}{label}")
    return APPLIED


def _import(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.importers.problems import UnreadableFile, build_problem
    from core.services import imports

    path = Path(args.file)
    answers = _answers(args)
    try:
        shown = imports.import_now(
            system_actor(), args.kind, path.name, path.read_bytes(), answers, dry_run=args.dry_run
        )
    except OSError:
        return _fail(args, build_problem("file_unreachable", value=str(path)))
    except UnreadableFile as error:
        return _fail(args, error.problem)
    is_applied = not args.dry_run and shown.row_count > 0
    if args.json:
        print(json.dumps(_report(shown, is_applied=is_applied), ensure_ascii=False))
    else:
        _tell(shown, is_applied=is_applied)
    return _status(shown)


def _answers(args: argparse.Namespace) -> Answers:
    """
    Return the answers of the command line.

    Raises:
        Invalid: A ``--map`` without ``=``, or a profile that is not there.
    """
    from core.domain.errors import Invalid, Problem
    from core.services import imports

    mapping = []
    for text in args.map:
        field, is_given, header = text.partition("=")
        if not is_given or not header.strip():
            raise Invalid([Problem("map", "malformed", f"“{text}”应写成 字段=表头，例如 county=所在地方。")])
        mapping.append(imports.MappedColumn(header.strip(), field.strip()))
    return imports.Answers(
        year=args.year,
        month=args.month,
        money_unit=args.unit,
        accept_large_amounts=args.accept_large,
        crs=f"EPSG:{args.crs}" if args.crs.isdigit() else args.crs,
        date_order=args.date_order,
        decimal_mark=args.decimal_mark,
        mapping=tuple(mapping),
        key=args.key,
        project=args.project,
        outline_level=args.level,
        baseline=args.baseline,
        profile_id=_profile_id(args),
        review_number=args.review_number,
    )


def _profile_id(args: argparse.Namespace) -> int | None:
    from core.domain.errors import Invalid, Problem
    from core.domain.permissions import system_actor
    from core.services import imports

    if args.profile in ("", "none"):
        return 0 if args.profile else None
    known = {row.name: row.id for row in imports.list_profiles(system_actor()) if row.kind == args.kind}
    if args.profile not in known:
        names = "、".join(known) or "还没有方案"
        raise Invalid([Problem("profile", "unknown", f"没有名为“{args.profile}”的方案。可选：{names}。")])
    return known[args.profile]


def _undo(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import imports

    if not args.file.isdigit():
        print("撤销时请写批次号，例如 import undo 12 --reason 传错文件。", file=sys.stderr)
        return UNREADABLE
    undone = imports.undo(system_actor(), int(args.file), args.reason)
    kept = [
        {"entity": one.entity, "title": one.title, "field": one.field, "by": one.by, "message": one.sentence}
        for one in undone.kept
    ]
    if args.json:
        done = {"batch": undone.batch_id, "restored": undone.restored, "removed": undone.removed, "kept": kept}
        print(json.dumps(done, ensure_ascii=False))
    else:
        print(
            f"已撤销批次 {undone.batch_id}：恢复 {undone.restored} 条，撤回 {undone.removed} 条，保留 {len(kept)} 处。"
        )
        for one in kept[:_SHOWN]:
            print(f"[保留] {one['message']}{'（' + one['by'] + '）' if one['by'] else ''}")
    return PROBLEMS if kept else APPLIED


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
        "profile": shown.profile,
        "applied": is_applied,
        "batch": shown.batch_id or None,
        **({"first_passwords": dict(shown.handed_out)} if shown.handed_out else {}),
    }


def _tell(shown: Preview, *, is_applied: bool) -> None:
    from core.importers.problems import Severity

    done = f"已导入（批次 {shown.batch_id}）" if is_applied else "检查完成，未写入"
    print(
        f"{done}：共 {shown.row_count} 行，新增 {len(shown.inserted)}，更新 {len(shown.changed)}，"
        f"无变化 {shown.unchanged}，未导入 {len(shown.quarantined)}。"
    )
    if shown.profile:
        print(f"提示：按方案“{shown.profile}”读取各列；不用方案请加 --profile none。")
    if shown.earlier is not None:
        print(f"提示：同一文件已在批次 {shown.earlier.id} 导入过。")
    words = {Severity.REFUSE: "未导入", Severity.WARN: "请核对", Severity.NOTE: "说明"}
    for problem in shown.problems[:_SHOWN]:
        place = "，".join(
            part for part in (problem.sheet, f"第{problem.row}行" if problem.row else "", problem.column) if part
        )
        print(f"[{words[problem.severity]}] {place}：{problem.message}")
    for login, password in shown.handed_out.items():
        print(f"账号 {login} 的初始密码：{password}（只显示这一次，首次登录必须修改）")
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
