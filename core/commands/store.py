"""``migrate`` and ``doctor``: the store's schema, and whether this machine can carry the system."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.commands import Subparsers


def register(subparsers: Subparsers) -> None:
    migrate = subparsers.add_parser("migrate", help="把数据库结构升级到当前版本")
    migrate.set_defaults(handler=_migrate, needs_store=False)
    doctor = subparsers.add_parser("doctor", help="体检：Python、数据库、字体、浏览器、配置")
    doctor.add_argument("--json", action="store_true", help="以 JSON 输出")
    doctor.set_defaults(handler=_doctor, needs_store=False)


def require_current_schema() -> None:
    """
    Make the store of a fresh installation; leave a current one alone.

    Raises:
        SettingsError: The store has an older (or newer) schema; a running server may be working on it.
    """
    from core.domain.errors import SettingsError
    from db.migrate import current_revision, head_revision, upgrade
    from db.session import current_store

    store = current_store()
    if store.is_sqlite:
        Path(store.engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)
    with store.read() as connection:
        current = current_revision(connection)
    if current is None:
        upgrade(store.url)
    elif current != head_revision():
        versions = f"数据库结构是 {current} 版，程序需要 {head_revision()} 版。"
        raise SettingsError(f"{versions}请先停止服务并备份，再执行：python3 manage.py migrate")


def _migrate(_args: argparse.Namespace) -> int:
    from core.settings import get_settings
    from db.migrate import upgrade

    settings = get_settings()
    upgrade(settings.database_url)
    print("数据库结构已是当前版本。")
    return 0


def _doctor(args: argparse.Namespace) -> int:
    from core.commands import _doctor as doctor

    findings = doctor.examine()
    print(doctor.as_json(findings) if args.json else doctor.as_text(findings))
    return doctor.exit_status(findings)
