"""``display``: keys of wall displays from the command line."""

from __future__ import annotations

import argparse

from core.commands import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("display", help="大屏密钥：生成、列表、吊销")
    verbs = parser.add_subparsers(dest="verb", metavar="动作", required=True, title="动作")
    create = verbs.add_parser("create", help="生成密钥，显示一次大屏地址")
    create.add_argument("label", help="大屏位置，如 指挥中心一楼大厅")
    create.add_argument("--address", default="", help="绑定的 IP 地址；不填则不限")
    create.set_defaults(handler=_create)
    verbs.add_parser("list", help="列出密钥").set_defaults(handler=_list)
    revoke = verbs.add_parser("revoke", help="吊销密钥")
    revoke.add_argument("id", type=int, help="编号，见 display list")
    revoke.set_defaults(handler=_revoke)


def _create(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import displays
    from core.settings import get_settings

    made = displays.create(system_actor(), args.label, args.address)
    print(f"大屏密钥 {made.id} 已生成。请在大屏上打开（只显示这一次）：")
    print(f"{get_settings().address}/wall?key={made.key}")
    return 0


def _list(_args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import displays

    for row in displays.list_keys(system_actor()):
        state = "已吊销" if row.revoked_at else "有效"
        print(f"{row.id}\t{state}\t{row.bound_address or '不限地址'}\t{row.label}")
    return 0


def _revoke(args: argparse.Namespace) -> int:
    from core.domain.errors import NotFound
    from core.domain.permissions import system_actor
    from core.services import displays

    row = next((row for row in displays.list_keys(system_actor()) if row.id == args.id), None)
    if row is None:
        raise NotFound(f"没有编号为 {args.id} 的大屏密钥，请用 display list 查看。")
    displays.revoke(system_actor(), row.id, row.version)
    print(f"大屏密钥 {row.id}（{row.label}）已吊销。")
    return 0
