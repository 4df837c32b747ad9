"""``remind``: send today's digests; for a daily task."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from core.commands import Subparsers

if TYPE_CHECKING:
    from core.services.reminders import Delivery, Report


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("remind", help="发送待办提醒：每人每天一份，逾期过久的另告上级")
    parser.add_argument("--dry-run", action="store_true", help="只列出将发送的提醒，不发送")
    parser.add_argument("--on", metavar="YYYY-MM-DD", default="", help="按哪一天计算（默认今天）")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.set_defaults(handler=_remind)


def _remind(args: argparse.Namespace) -> int:
    from datetime import date

    from core.domain.errors import Invalid, Problem
    from core.domain.permissions import system_actor
    from core.services import reminders

    try:
        day = date.fromisoformat(args.on) if args.on else None
    except ValueError as error:
        raise Invalid([Problem("on", "format", "日期请写成 YYYY-MM-DD，如 2026-11-26。")]) from error
    report = reminders.run(system_actor(), day, dry_run=args.dry_run)
    if args.json:
        print(json.dumps(_plain(report, dry_run=args.dry_run), ensure_ascii=False))
    else:
        _tell(report, dry_run=args.dry_run)
    return 2 if report.failed else 0


def _tell(report: Report, *, dry_run: bool) -> None:
    if not report.channels:
        print("提醒没有启用：请在 warroom.toml 中设置 mail_host 或 webhook_url（见 docs/settings.md）。")
    if dry_run:
        for digest in report.digests:
            print(f"{digest.login:<16} {digest.name}　{digest.subject}")
    verb = "将发送" if dry_run else "已发送"
    print(f"{report.day}：{len(report.digests)} 人有待办，{verb} {report.sent} 份，此前已发 {report.already} 份。")
    for title, found in (("没有发出", report.failed), ("没有邮箱地址", report.unreachable)):
        if found:
            print(f"{title} {len(found)} 人：")
        for one in found:
            print(f"  {one.login:<16} {one.name}　{one.reason}")


def _plain(report: Report, *, dry_run: bool) -> dict[str, Any]:
    return {
        "day": report.day.isoformat(),
        "dry_run": dry_run,
        "channels": [channel.value for channel in report.channels],
        "people": [
            {
                "login": digest.login,
                "items": digest.counts.total,
                "overdue": digest.counts.overdue,
                "below": digest.below_count,
                "subject": digest.subject,
            }
            for digest in report.digests
        ],
        "sent": report.sent,
        "already": report.already,
        "failed": [_one(found) for found in report.failed],
        "unreachable": [_one(found) for found in report.unreachable],
    }


def _one(found: Delivery) -> dict[str, str]:
    channel = found.channel.value if found.channel else ""
    return {"login": found.login, "channel": channel, "reason": found.reason}
