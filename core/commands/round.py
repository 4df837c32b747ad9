"""``round``: supervision rounds from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands import Subparsers

if TYPE_CHECKING:
    from core.services.rounds import RoundRow, RoundView

_ROUND = "轮次，如 2026-5（取最新版次），或编号"


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("round", help="督查轮次：建立、计算、会审、发布、查看、导出")
    verbs = parser.add_subparsers(dest="verb", metavar="动作", required=True)
    _verb(verbs, "list", "列出轮次", _list)
    create = _verb(verbs, "create", "建立一轮（草稿）", _create)
    create.add_argument("--first-month", metavar="YYYY-MM", help="起始月份；不写则接上一轮")
    create.add_argument("--last-month", metavar="YYYY-MM", help="截止月份；不写则为最近应报月份")
    create.add_argument("--cut-off", metavar="YYYY-MM-DD", help="截止日期；不写则为今天")
    create.add_argument("--number", type=int, metavar="N", help="轮次号；不写则为下一轮")
    create.add_argument("--title", default="", metavar="名称")
    for name, words, handler in (
        ("compute", "计算旗色", _compute),
        ("review", "会审通过", _review),
        ("show", "查看一轮的旗色数量", _show),
    ):
        _verb(verbs, name, words, handler).add_argument("round", metavar="轮次", help=_ROUND)
    publish = _verb(verbs, "publish", "发布", _publish)
    publish.add_argument("round", metavar="轮次", help=_ROUND)
    publish.add_argument("--accept-stale", action="store_true", help="计算后数据又有变动，仍按原结果发布（须写理由）")
    publish.add_argument("--reason", default="", metavar="理由")
    export = _verb(verbs, "export", "导出已发布的一轮：存档 JSON 和旗色明细（xlsx）", _export)
    export.add_argument("round", metavar="轮次", help=_ROUND)
    export.add_argument("--out", type=Path, default=Path(), metavar="文件夹")


def _verb(verbs: Subparsers, name: str, words: str, handler: Any) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=words)
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.set_defaults(handler=handler)
    return parser


def _find(text: str) -> RoundRow:
    from core.domain.errors import NotFound
    from core.domain.permissions import system_actor
    from core.services import rounds

    for row in rounds.list_rounds(system_actor()):
        if text in (str(row.id), f"{row.year}-{row.number}"):
            return row
    raise NotFound(f"没有轮次“{text}”。请用 round list 查看已有的轮次。")


def _plain(row: RoundRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "year": row.year,
        "number": row.number,
        "revision": row.revision,
        "title": row.title,
        "first_month": str(row.window.first_month),
        "last_month": str(row.window.last_month),
        "cut_off_on": row.window.cut_off_on.isoformat(),
        "status": row.status.value,
        "published_at": row.published_at.isoformat() if row.published_at else None,
    }


def _line(row: RoundRow) -> str:
    return f"[{row.id}] {row.label}　{row.status.label}　{row.window.label}　截至 {row.window.cut_off_on}"


def _tell(args: argparse.Namespace, told: dict[str, Any], line: str) -> int:
    print(json.dumps(told, ensure_ascii=False) if args.json else line)
    return 0


def _list(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import rounds

    rows = rounds.list_rounds(system_actor())
    if args.json:
        print(json.dumps([_plain(row) for row in rows], ensure_ascii=False))
    else:
        print("\n".join(_line(row) for row in rows) or "还没有督查轮次。用 round create 建立第一轮。")
    return 0


def _create(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.domain.rounds import RoundWindow
    from core.services import rounds

    actor = system_actor()
    offered = rounds.proposal(actor).window
    last = _month(args.last_month) if args.last_month else offered.last_month
    first = _month(args.first_month) if args.first_month else min(offered.first_month, last)
    window = RoundWindow(first, last, _day(args.cut_off) if args.cut_off else offered.cut_off_on)
    key = rounds.create(actor, rounds.NewRound(window, args.number, args.title))
    row = _find(str(key))
    return _tell(args, _plain(row), f"已建立：{_line(row)}")


def _month(text: str) -> Any:
    from core.domain.errors import Invalid, Problem
    from core.domain.period import Month

    try:
        return Month.parse(text)
    except ValueError as error:
        raise Invalid([Problem("month", "format", f"月份“{text}”应写成 2026-09 的样子。")]) from error


def _day(text: str) -> date:
    from core.domain.errors import Invalid, Problem

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid([Problem("cut_off_on", "format", f"日期“{text}”应写成 2026-09-30 的样子。")]) from error


def _compute(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import rounds

    def progress(done: int, total: int) -> None:
        print(f"\r已计算 {done} / {total}", end="" if done < total else "\n", file=sys.stderr, flush=True)

    row = _find(args.round)
    result = rounds.compute(system_actor(), row.id, row.version, progress)
    told = {
        **_plain(_find(str(row.id))),
        "levels": result.levels,
        "from_rollups": result.from_rollups,
        "sha256": result.sha256,
    }
    return _tell(args, told, f"已计算：{row.label}　{_levels(result.levels)}")


def _levels(levels: dict[str, int]) -> str:
    from core.domain.terms import FlagLevel

    return "　".join(f"{FlagLevel(name).label} {count}" for name, count in levels.items())


def _review(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import rounds

    row = _find(args.round)
    rounds.review(system_actor(), row.id, row.version)
    row = _find(str(row.id))
    return _tell(args, _plain(row), f"已会审：{_line(row)}")


def _publish(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import rounds

    row = _find(args.round)
    rounds.publish(system_actor(), row.id, row.version, accept_stale=args.accept_stale, reason=args.reason)
    row = _find(str(row.id))
    return _tell(args, _plain(row), f"已发布：{_line(row)}")


def _show(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import rounds

    view = rounds.read_round(system_actor(), _find(args.round).id)
    if args.json:
        print(json.dumps(_view(view), ensure_ascii=False))
        return 0
    print(_line(view.row))
    for kind, levels in view.counts.items():
        print(f"{kind.label}　{_levels({level.value: count for level, count in levels.items()})}")
    if view.waiting or view.moved or view.changes_since:
        print(f"待审批调整 {view.waiting}　须重新确认 {view.moved}　计算后数据变动 {view.changes_since}")
    return 0


def _view(view: RoundView) -> dict[str, Any]:
    moves = [
        {
            "kind": move.kind.value,
            "previous": move.previous.value if move.previous else None,
            "level": move.level.value,
            "count": move.count,
        }
        for move in view.movements
    ]
    counts = {kind.value: {level.value: n for level, n in levels.items()} for kind, levels in view.counts.items()}
    return {
        **_plain(view.row),
        "counts": counts,
        "movements": moves,
        "waiting": view.waiting,
        "moved": view.moved,
        "changes_since": view.changes_since,
    }


def _export(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.domain.round_snapshot import digest, snapshot_from_json
    from core.exporters.round_flags import flags_workbook
    from core.services import rounds

    row = _find(args.round)
    body = rounds.snapshot_body(system_actor(), row.id)
    snapshot = snapshot_from_json(body)
    stem = f"督查-{row.year}-{row.number:02d}" + (f"-更正{row.revision - 1}" if row.revision > 1 else "")
    files = {args.out / f"{stem}-存档.json": body, args.out / f"{stem}-旗色明细.xlsx": flags_workbook(snapshot)}
    try:
        for path, content in files.items():
            path.write_bytes(content)
    except OSError:
        print(f"不能写入“{args.out}”。请核对路径和写入权限，或用 --out 指定另一个文件夹。", file=sys.stderr)
        return 1
    told = {**_plain(row), "files": [str(path) for path in files], "sha256": digest(body)}
    return _tell(args, told, "已导出：" + "、".join(str(path) for path in files))
