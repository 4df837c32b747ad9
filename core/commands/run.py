"""``run``: migrate, build the demo city on the very first start, serve."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from core.commands import Subparsers, build_parser

if TYPE_CHECKING:
    from core.settings import Settings


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("run", help="启动系统；首次启动自动建库并生成演示城市")
    parser.add_argument("--host", help="监听地址，默认取配置（127.0.0.1）")
    parser.add_argument("--port", help="监听端口，默认取配置（8501）")
    parser.add_argument("--no-demo", action="store_true", help="首次启动也不生成演示城市")
    parser.set_defaults(handler=_run, needs_store=False)


def _run(args: argparse.Namespace) -> int:
    from core.commands import _server
    from core.domain.errors import SettingsError

    settings = chosen_settings(args.host, args.port)
    if not _server.is_port_free(settings.host, settings.port):
        where = f"{settings.host}:{settings.port}"
        other = settings.port + 1
        raise SettingsError(
            f"{where} 不能监听：端口已被占用，或地址不属于本机。请换一个，例如：python3 manage.py run --port {other}"
        )
    prepare(with_demo=not args.no_demo)
    print("\n".join(banner(settings)), flush=True)
    return serve(settings)


def chosen_settings(host: str | None, port: str | None) -> Settings:
    """Return the settings with what the command line overrides; values are judged by the settings themselves."""
    from core.settings import get_settings
    from core.settings_problems import PREFIX

    given = {f"{PREFIX}HOST": host, f"{PREFIX}PORT": port}
    os.environ.update({name: value for name, value in given.items() if value})
    get_settings.cache_clear()
    return get_settings()


def prepare(*, with_demo: bool) -> None:
    """Migrate the store; build the demo city when nothing was ever in it."""
    from core.services import system
    from core.settings import get_settings
    from db.migrate import upgrade

    print("正在检查数据库结构（migrating the store）…", flush=True)
    upgrade(get_settings().database_url)
    if with_demo and system.is_untouched():
        arguments = build_parser().parse_args(["demo"])
        arguments.handler(arguments)


def banner(settings: Settings) -> list[str]:
    """Return what the terminal shows before the server starts: address, and in a demo how to get in."""
    from core.services import system

    lines = ["", f"挂图作战 · {settings.city_name}", f"  系统地址：{settings.address}"]
    if system.is_demo():
        from core.services import demo_accounts

        demo = demo_accounts.access()
        lines.append(f"  大屏地址：{settings.address}/wall?key={demo.wall_key}")
        lines.append("  演示账号（数据均为虚构）：")
        lines += [f"    {account.login:<12}{account.password:<16}{account.name}" for account in demo.accounts]
    else:
        lines.append("  没有账号时请新建：python3 manage.py user add --help")
    return [*lines, "  停止：Ctrl+C", ""]


def serve(settings: Settings) -> int:
    """Hand the terminal over to the web server."""
    from core.commands import _server

    command = _server.server_command(settings)
    environment = _server.server_environment(settings, os.environ)
    if os.name != "nt":
        os.chdir(_server.ROOT)
        sys.stdout.flush()
        os.execve(command[0], command, environment)  # noqa: S606 (our own argument list, no shell)
    try:
        return subprocess.run(command, cwd=_server.ROOT, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0
