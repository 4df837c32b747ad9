"""``demo``: build the demo city, or a store of any size for measuring, and take it away again."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from core.commands import Subparsers

if TYPE_CHECKING:
    from db.seed.demo import Built
    from db.session import Store


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("demo", help="生成或清除演示城市（数据均为虚构）")
    parser.add_argument("--clear", action="store_true", help="清除演示数据，保留其他数据；以后启动不再自动生成")
    parser.add_argument("--projects", type=int, metavar="N", help="改为生成 N 个项目的压力测试数据")
    parser.add_argument("--force", action="store_true", help="已有演示数据时先清除再生成；库中已有项目时仍然生成")
    parser.set_defaults(handler=_demo)


def _demo(args: argparse.Namespace) -> int:
    from db.session import current_store

    store = current_store()
    return _clear(store) if args.clear else _build(store, args.projects, force=args.force)


def _clear(store: Store) -> int:
    from db.seed.removal import clear

    removed = clear(store)
    print(f"已清除演示数据，共 {sum(removed.values())} 行；其他数据未改动，以后启动不再自动生成演示城市。")
    return 0


def _build(store: Store, projects: int | None, *, force: bool) -> int:
    from core.domain.permissions import system_actor
    from core.services import demo_accounts, demo_meetings, demo_rounds, demo_schedules, demo_starts, demo_story

    _make_room(store, force=force)
    began = time.monotonic()
    print("正在生成演示数据（building the demo）…", flush=True)
    built = _built(store, projects)
    demo_accounts.create(system_actor("演示数据"))
    if projects is None:
        supervisor, leader = demo_accounts.reviewers()
        demo_rounds.create(supervisor, leader)
        demo_schedules.create(supervisor)
        demo_starts.create(supervisor)
        demo_story.create(supervisor)
        demo_meetings.create(supervisor)
    took = time.monotonic() - began
    print(f"已生成 {built.counts['project']} 个项目，数据日期 {built.today}，用时 {took:.1f} 秒。内容均为虚构。")
    print(f"演示账号 {'、'.join(account.login for account in demo_accounts.access().accounts)}")
    print(f"密码均为 {demo_accounts.PASSWORD}（仅限演示库；正式使用前请执行 manage.py demo --clear）")
    return 0


def _built(store: Store, projects: int | None) -> Built:
    if projects is not None:
        from db.seed.scaled import build_scaled

        return build_scaled(store, projects)
    from db.seed.demo import build

    return build(store)


def _make_room(store: Store, *, force: bool) -> None:
    """Refuse to mix a demo with real projects, unless told to; with *force* a standing demo is cleared first."""
    from core.domain.errors import Invalid, Problem
    from core.services import system
    from db.queries.system import has_projects
    from db.seed.removal import clear

    if system.is_demo():
        if not force:
            message = "库中已有演示数据。如需重建，请加 --force；如需清除，请用 --clear。"
            raise Invalid([Problem("demo", "demo_exists", message)])
        clear(store)
        return
    with store.read() as connection:
        occupied = has_projects(connection)
    if occupied and not force:
        message = "库中已有项目，未生成演示数据，以免与正式数据混在一起。确需生成请加 --force。"
        raise Invalid([Problem("demo", "has_projects", message)])
