"""``user``: accounts from the command line. The first security administrator of an installation is made here."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from core.commands import Subparsers

if TYPE_CHECKING:
    from core.domain.grants import Grant

_BINDINGS = {"county": "县区", "headquarters": "指挥部", "unit": "单位"}


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("user", help="账号：新建、列表、停用、启用、改密码")
    verbs = parser.add_subparsers(dest="verb", metavar="动作", required=True, title="动作")
    add = verbs.add_parser("add", help="新建账号")
    add.add_argument("login", help="用户名：小写字母、数字、点、横线")
    add.add_argument("--name", required=True, help="姓名")
    add.add_argument("--role", action="append", required=True, help="角色代码，可重复；security_admin 为安全管理员")
    for kind, label in _BINDINGS.items():
        add.add_argument(f"--{kind}", action="append", default=[], metavar="名称", help=f"绑定的{label}，可重复")
    _password_options(add)
    add.set_defaults(handler=_add)
    listing = verbs.add_parser("list", help="列出账号和角色")
    listing.set_defaults(handler=_list)
    for verb, label, is_active in (("disable", "停用账号，并结束其全部会话", False), ("enable", "重新启用账号", True)):
        change = verbs.add_parser(verb, help=label)
        change.add_argument("login")
        change.set_defaults(handler=_set_active, is_active=is_active)
    passwd = verbs.add_parser("passwd", help="重设密码，并结束其全部会话")
    passwd.add_argument("login")
    _password_options(passwd)
    passwd.set_defaults(handler=_passwd)


def _password_options(parser: argparse.ArgumentParser) -> None:
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--password-stdin", action="store_true", help="从标准输入读取密码")
    choice.add_argument("--generate", action="store_true", help="随机生成密码，显示一次")


def _password(args: argparse.Namespace) -> str:
    """Return the password that was given, empty when one is to be made."""
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if args.generate or not sys.stdin.isatty():
        return ""
    return getpass.getpass("密码（直接回车则随机生成）：")


def _add(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import users

    given = _password(args)
    account = users.NewAccount(args.login, args.name, _grants(args), given)
    password = users.create(system_actor(), account)
    print(f"账号 {args.login} 已建立，首次登录后须修改密码。")
    if not given:
        print(f"初始密码（只显示这一次）：{password}")
    return 0


def _grants(args: argparse.Namespace) -> tuple[Grant, ...]:
    """Return the roles with the ids of what they are bound to, looked up by name."""
    from core.domain.errors import Invalid, Problem
    from core.domain.grants import BINDING_OF_ROLE, ROLES_OF_PEOPLE, Grant
    from core.domain.permissions import system_actor
    from core.domain.terms import Role
    from core.services import users

    known = {str(role) for role in ROLES_OF_PEOPLE}
    problems = [
        Problem("role", "unknown", f"没有角色 {code}，可用：{'、'.join(sorted(known))}。")
        for code in args.role
        if code not in known
    ]
    ids = {kind: {name: row_id for row_id, name in rows} for kind, rows in users.bindings(system_actor()).items()}
    for kind, label in _BINDINGS.items():
        missing = [name for name in getattr(args, kind) if name not in ids[kind]]
        problems += [Problem(kind, "unknown", f"没有名为“{name}”的{label}。") for name in missing]
    if problems:
        raise Invalid(problems)
    grants: list[Grant] = []
    for code in args.role:
        role = Role(code)
        binding = BINDING_OF_ROLE.get(role)
        bound = [ids[binding][name] for name in getattr(args, binding)] if binding else []
        grants += [Grant(role, bound_id) for bound_id in bound] or [Grant(role)]
    return tuple(grants)


def _list(_args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.domain.terms import Role
    from core.services import users

    for account in users.list_accounts(system_actor()):
        user = account.user
        roles = "、".join(
            Role(grant.role).label + (f"（{grant.bound_to}）" if grant.bound_to else "") for grant in account.grants
        )
        state = "正常" if user.is_active else "已停用"
        print(f"{user.login:<20}{state}\t{user.name}\t{roles or '—'}")
    return 0


def _set_active(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import users

    user = users.by_login(system_actor(), args.login)
    users.set_active(system_actor(), user.id, args.is_active, user.version)
    print(f"账号 {args.login} 已{'启用' if args.is_active else '停用'}。")
    return 0


def _passwd(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.services import users

    user = users.by_login(system_actor(), args.login)
    given = _password(args)
    password = users.reset_password(system_actor(), user.id, given)
    print(f"账号 {args.login} 的密码已重设，下次登录后须修改。")
    if not given:
        print(f"初始密码（只显示这一次）：{password}")
    return 0
