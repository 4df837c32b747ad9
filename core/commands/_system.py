"""System parts beside Python: found, planned for apt, or named in one line to type. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REQUIRE_PARTS = "WR_TEST_REQUIRE_PARTS"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "C:/Windows/Fonts", "/System/Library/Fonts")
_CHINESE_FONTS = ("NotoSansCJK*", "NotoSerifCJK*", "msyh*", "simsun*", "SourceHanSans*", "wqy-*", "PingFang*")


@dataclass(frozen=True, slots=True)
class Part:
    """A system part: its Debian package, what it is for, and how to see that it is there."""

    package: str
    purpose: str
    is_present: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do about missing parts: commands to run now, or one line for the user to type."""

    commands: tuple[tuple[str, ...], ...]
    line_to_type: str


def find_browser() -> str | None:
    """Return the path of a Chromium-like browser, or None."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def find_postgres() -> Path | None:
    """Return the folder of the PostgreSQL server programs (newest version), or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def find_chinese_font() -> Path | None:
    """Return one Chinese font file, or None."""
    for folder in (*_FONT_FOLDERS, str(Path.home() / ".local/share/fonts")):
        for pattern in _CHINESE_FONTS:
            for path in Path(folder).rglob(pattern):
                return path
    return None


PARTS = (
    Part("chromium", "浏览器测试", lambda: find_browser() is not None),
    Part("fonts-noto-cjk", "中文字体", lambda: find_chinese_font() is not None),
    Part("postgresql", "PostgreSQL 测试", lambda: find_postgres() is not None),
)


def missing_parts() -> tuple[Part, ...]:
    """Return the parts this machine lacks."""
    return tuple(part for part in PARTS if not part.is_present())


def plan(packages: Sequence[str], *, has_apt: bool, is_root: bool) -> Plan:
    """
    Return how to get *packages*: nothing, apt-get at once (root), or the line to type.

    The package list is only refreshed when the first attempt fails: it needs the network.
    """
    if not packages:
        return Plan((), "")
    if not has_apt:
        return Plan((), f"请用本系统的软件管理器安装：{'、'.join(packages)}")
    install = ("apt-get", "install", "-y", "--no-install-recommends", *packages)
    line = f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"
    return Plan((install, ("apt-get", "update"), install) if is_root else (), line)


def carry_out(chosen: Plan) -> bool:
    """Run the commands of a plan until the packages are there; return whether they are."""
    if not chosen.commands:
        return False
    install, *more = chosen.commands
    if _apt(install):
        return True
    return [_apt(command) for command in more][-1]


def _apt(command: Sequence[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


def provide() -> tuple[Part, ...]:
    """Install what is missing where that is possible; return what is missing still, after saying so."""
    missing = missing_parts()
    if not missing:
        return ()
    names = [part.package for part in missing]
    chosen = plan(names, has_apt=shutil.which("apt-get") is not None, is_root=is_root())
    if chosen.commands:
        print(f"正在安装系统组件（apt-get）：{'、'.join(names)} …", flush=True)
        carry_out(chosen)
        missing = missing_parts()
    for part in missing:
        print(f"缺少 {part.package}（{part.purpose}），相关测试将跳过。", flush=True)
    if missing:
        print(f"要补齐，请执行：\n    {chosen.line_to_type}", flush=True)
    return missing


def is_root() -> bool:
    """Whether this process may install system packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def is_ci(environment: Mapping[str, str]) -> bool:
    """Whether a missing part is a failure instead of a skip."""
    return environment.get("CI", "").lower() in {"true", "1", "yes"}
