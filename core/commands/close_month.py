"""``close-month`` and ``closed``: seal a month, list and verify what is sealed."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from core.commands import Subparsers

if TYPE_CHECKING:
    from core.services.closing import ClosedMonth


def register(subparsers: Subparsers) -> None:
    close = subparsers.add_parser("close-month", help="月结：封存一个月的数据，此后只能更正")
    close.add_argument("month", metavar="YYYY-MM")
    close.add_argument("--accept-missing", default="", metavar="原因", help="有项目未报月报时仍然月结的原因")
    close.add_argument("--json", action="store_true", help="以 JSON 输出")
    close.set_defaults(handler=_close)
    closed = subparsers.add_parser("closed", help="列出已月结的月份")
    closed.add_argument("--verify", action="store_true", help="重新计算封存数据的 SHA-256 并核对")
    closed.add_argument("--json", action="store_true", help="以 JSON 输出")
    closed.set_defaults(handler=_closed)


def _close(args: argparse.Namespace) -> int:
    from core.domain.errors import Invalid, Problem
    from core.domain.period import Month
    from core.domain.permissions import system_actor
    from core.services import closing

    try:
        month = Month.parse(args.month)
    except ValueError as error:
        raise Invalid([Problem("month", "format", "月份请写成 YYYY-MM，如 2026-09。")]) from error
    tell = None if args.json else lambda text: print(text, flush=True)
    row = closing.close(system_actor(), month, args.accept_missing, tell)
    if args.json:
        print(json.dumps(_plain(row), ensure_ascii=False))
    else:
        print(f"{month.label}已月结，数据截至 {row.figures_on}，封存 {row.size_bytes:,} 字节，SHA-256 {row.sha256}。")
    return 0


def _closed(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import closing

    actor = system_actor()
    rows = [_plain(row) for row in closing.closed_months(actor)]
    if args.verify:
        for row, found in zip(rows, closing.closed_months(actor), strict=True):
            row["intact"] = closing.verify(actor, found.month)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            state = {True: "完好", False: "已损坏", None: ""}[row.get("intact")]
            print(f"{row['month']}  截至 {row['figures_on']}  {row['size_bytes']:>12,} 字节  {row['sha256']}  {state}")
        if not rows:
            print("还没有月结的月份。")
    return 1 if any(row.get("intact") is False for row in rows) else 0


def _plain(row: ClosedMonth) -> dict[str, Any]:
    return {
        "month": str(row.month),
        "figures_on": row.figures_on.isoformat(),
        "closed_at": row.closed_at.isoformat(),
        "closed_by": row.closed_by,
        "sealed_seq": row.sealed_seq,
        "sha256": row.sha256,
        "size_bytes": row.size_bytes,
        "note": row.note,
    }
