"""What ``manage.py doctor`` looks at. Each check returns findings and never stops the others."""

from __future__ import annotations

import json
import os
import platform
import shutil
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands import _system

if TYPE_CHECKING:
    from core.settings import Settings

_WAL_RESET_BUG = ((3, 7, 0), (3, 51, 2))  # sqlite.org, "WAL-reset bug": damage possible when two writers checkpoint
_MIN_FREE_BYTES = 2 * 1024**3


class Level(StrEnum):
    """How serious a finding is."""

    GOOD = "good"
    NOTICE = "notice"
    BAD = "bad"


_WORDS = {Level.GOOD: "正常", Level.NOTICE: "注意", Level.BAD: "错误"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    name: str
    level: Level
    text: str


def examine() -> tuple[Finding, ...]:
    """Return every finding; without usable settings those about the store are left out."""
    from core.domain.errors import SettingsError
    from core.settings import config_path, get_settings

    machine = [check_python(), _guard("SQLite", _check_sqlite), check_browser(), check_font()]
    machine.append(_guard("公文字体", _check_fonts_of_documents))
    try:
        settings = get_settings()
    except SettingsError as error:
        return (*machine, Finding("配置", Level.BAD, error.user_message))
    source = config_path().name if config_path().exists() else "默认值与环境变量"
    return (
        *machine,
        Finding("配置", Level.GOOD, f"无误（{source}）"),
        _guard("数据文件夹", lambda: check_folder(settings.data_dir)),
        _guard("密钥", lambda: check_secret(settings)),
        _guard("数据库", lambda: _check_store(settings)),
        _guard("数据库结构", lambda: _check_schema(settings)),
        check_reminders(settings),
    )


def check_python() -> Finding:
    return Finding("Python", Level.GOOD, f"{platform.python_version()}（{sys.prefix}）")


def judge_sqlite(driver: str, version: tuple[int, ...]) -> Finding:
    """Return the finding for a SQLite library *version* reached through *driver*."""
    text = f"{'.'.join(map(str, version))}（{driver}）"
    first, last = _WAL_RESET_BUG
    if first <= version <= last:
        return Finding("SQLite", Level.NOTICE, f"{text}，含 WAL 重置缺陷。请安装 pysqlite3，或改用 PostgreSQL。")
    return Finding("SQLite", Level.GOOD, text)


def _check_sqlite() -> Finding:
    from db.session import sqlite_module

    module = sqlite_module()
    return judge_sqlite(module.__name__.partition(".")[0], tuple(module.sqlite_version_info))


def check_browser() -> Finding:
    found = _system.find_browser()
    if found:
        return Finding("浏览器", Level.GOOD, found)
    return Finding("浏览器", Level.NOTICE, "未找到 chromium，仅影响浏览器测试。安装：sudo apt-get install -y chromium")


def check_font() -> Finding:
    found = _system.find_chinese_font()
    if found:
        return Finding("中文字体", Level.GOOD, found.name)
    advice = "本机未找到中文字体，本机大屏会显示方框。安装：sudo apt-get install -y fonts-noto-cjk"
    return Finding("中文字体", Level.NOTICE, advice)


def _check_fonts_of_documents() -> Finding:
    from core.domain.errors import SettingsError
    from core.exporters.official.pdf import known_fonts
    from core.settings import get_settings

    try:
        folders: tuple[Path, ...] = (get_settings().data_dir / "fonts",)
    except SettingsError:  # told by its own finding
        folders = ()
    return check_official_fonts(known_fonts(folders))


def check_official_fonts(installed: frozenset[str]) -> Finding:
    """Return which fonts of official documents this machine lacks, and what is printed in their place."""
    from core.exporters.official.style import STAND_INS

    lacking = {font: names for font, names in STAND_INS.items() if not _has(font, names, installed)}
    if not lacking:
        return Finding("公文字体", Level.GOOD, "、".join(STAND_INS))
    parts = []
    for font, names in lacking.items():
        used = next((name for name in names if name in installed), "系统任一中文字体")
        parts.append(f"{font}→{used}")
    return Finding(
        "公文字体",
        Level.NOTICE,
        f"本机缺 {'、'.join(parts)}（箭头后为 PDF 的替代字体）。单位有授权的字体放入数据文件夹的 fonts/ 即可使用；"
        "Word 文件只写字体名称，在单位电脑上打开时用其自带字体。",
    )


def _has(font: str, names: Sequence[str], installed: frozenset[str]) -> bool:
    """Return whether *font* is there, under its own name or under the other name its maker gives it."""
    from core.exporters.official.style import SAME_FONT

    return font in installed or any(name in installed for name in names if name in SAME_FONT)


def check_folder(folder: Path) -> Finding:
    """Return whether *folder* can be written and has room."""
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(nearest, os.W_OK):
        return Finding("数据文件夹", Level.BAD, f"{folder} 不可写。请改正权限，或用 data_dir 指定别处。")
    free = shutil.disk_usage(nearest).free
    text = f"{folder}，剩余 {free / 1024**3:.1f} GB"
    if free < _MIN_FREE_BYTES:
        return Finding("数据文件夹", Level.NOTICE, f"{text}。空间偏少，请清理磁盘。")
    return Finding("数据文件夹", Level.GOOD, text)


def check_secret(settings: Settings) -> Finding:
    """Return whether the key file, where one is used, is closed to others."""
    path = settings.data_dir / "secret.key"
    if settings.secret_key:
        return Finding("密钥", Level.GOOD, "由配置给出")
    if not path.exists():
        return Finding("密钥", Level.GOOD, "首次启动时自动生成")
    if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding("密钥", Level.BAD, f"{path} 可被他人读取。请执行：chmod 600 {path}")
    return Finding("密钥", Level.GOOD, str(path))


def check_reminders(settings: Settings) -> Finding:
    """Return whether digests go out, over which channels and how they are secured; no server is asked."""
    shown = []
    if settings.mail_host:
        shown.append(f"邮件 {settings.mail_host}:{settings.mail_port}（{settings.mail_security}）")
    if settings.webhook_url:
        shown.append(f"机器人 {settings.webhook_kind}（{'、'.join(settings.webhook_hosts)}）")
    if not shown:
        return Finding("提醒", Level.GOOD, "未启用。启用请设置 mail_host 或 webhook_url，并定时执行 manage.py remind")
    if settings.mail_host and settings.mail_user and settings.mail_security == "none":
        text = f"{'；'.join(shown)}。密码以明文传送，请把 mail_security 改为 ssl 或 starttls。"
        return Finding("提醒", Level.NOTICE, text)
    return Finding("提醒", Level.GOOD, "；".join(shown))


def _check_store(settings: Settings) -> Finding:
    from sqlalchemy import make_url, text

    from db.session import open_store

    shown = make_url(settings.database_url).render_as_string(hide_password=True)
    if _is_unborn(settings):
        return Finding("数据库", Level.NOTICE, f"{shown}，尚未建立。请执行：python3 manage.py run")
    if settings.is_sqlite and not _is_writable(_store_file(settings)):
        return Finding("数据库", Level.BAD, f"{_store_file(settings)} 不可写，内容无法保存。请改正文件权限。")
    store = open_store(settings.database_url, settings=settings)
    try:
        with store.read() as connection:
            if settings.is_sqlite and connection.scalar(text("PRAGMA quick_check(1)")) != "ok":
                return Finding(
                    "数据库", Level.BAD, f"{shown} 已损坏。请停止服务，用备份恢复：manage.py restore 备份文件"
                )
            query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            size = connection.scalar(
                text(query if settings.is_sqlite else "SELECT pg_database_size(current_database())")
            )
    finally:
        store.dispose()
    return Finding("数据库", Level.GOOD, f"{shown}，{int(size or 0) / 1024**2:.1f} MB")


def _check_schema(settings: Settings) -> Finding:
    from db.migrate import current_revision, head_revision
    from db.session import open_store

    if _is_unborn(settings):
        return Finding("数据库结构", Level.NOTICE, f"空，应为 {head_revision()}")
    store = open_store(settings.database_url, settings=settings)
    try:
        with store.read() as connection:
            current = current_revision(connection)
    finally:
        store.dispose()
    head = head_revision()
    if current == head:
        return Finding("数据库结构", Level.GOOD, f"{head}（当前版本）")
    return Finding("数据库结构", Level.NOTICE, f"{current or '空'}，应为 {head}。请执行：python3 manage.py migrate")


def _is_unborn(settings: Settings) -> bool:
    return settings.is_sqlite and not _store_file(settings).exists()


def _store_file(settings: Settings) -> Path:
    from sqlalchemy import make_url

    return Path(make_url(settings.database_url).database or "")


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK)


def _guard(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:  # a doctor that falls ill helps nobody
        from core.domain.errors import WarRoomError

        if isinstance(error, WarRoomError):
            return Finding(name, Level.BAD, error.user_message)
        reason = str(error).strip().splitlines()[0] if str(error).strip() else ""
        return Finding(name, Level.BAD, f"检查未能完成（{type(error).__name__}）：{reason}")


def as_text(findings: Sequence[Finding]) -> str:
    """Return the report for people."""
    return "\n".join(f"[{_WORDS[finding.level]}] {finding.name}：{finding.text}" for finding in findings)


def as_json(findings: Sequence[Finding]) -> str:
    """Return the report for programs."""
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1)


def exit_status(findings: Sequence[Finding]) -> int:
    """Return 1 when something is wrong, else 0; a notice is no failure."""
    return 1 if any(finding.level is Level.BAD for finding in findings) else 0
