"""``backup`` and ``restore``."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.commands import Subparsers


def register(subparsers: Subparsers) -> None:
    """Add ``backup`` and ``restore``."""
    take = subparsers.add_parser("backup", help="备份数据（可在使用中进行）")
    take.add_argument("folder", nargs="?", default="", metavar="文件夹", help="默认 data/backups")
    take.set_defaults(handler=_take)
    back = subparsers.add_parser("restore", help="用备份恢复数据（请先停止服务）")
    back.add_argument("file", metavar="备份文件")
    back.set_defaults(handler=_restore, needs_store=False)


def _take(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import backups
    from core.settings import get_settings

    folder = Path(args.folder) if args.folder else get_settings().data_dir / "backups"
    print(f"已备份：{backups.take(system_actor('命令行'), folder)}")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from core.domain.permissions import system_actor
    from core.services import backups

    kept = backups.restore(system_actor("命令行"), Path(args.file), datetime.now(UTC))
    print("已恢复。" + (f"原数据保留在 {kept}" if kept else ""))
    return 0
