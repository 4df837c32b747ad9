"""Every screen: section → screens with title, address, permission and script. The menu and the guard of addresses."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.pages_manager import PagesManager

from core.domain.permissions import Actor, Permission
from core.domain.terms import Role

_FOLDER = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Screen:
    """
    One screen.

    Attributes:
        path: Its address without the slash.
        title: Its name in the menu and the browser tab.
        script: File under ``pages/``.
        permission: Who sees it in the menu; None = whoever is signed in. (The script checks again by itself.)
        also: Another permission that shows it as well.
        in_menu: False for screens that are reached from another one.
        full_screen: Drawn without menu.
    """

    path: str
    title: str
    script: str
    permission: Permission | None
    also: Permission | None = None
    in_menu: bool = True
    full_screen: bool = False

    def is_open_to(self, actor: Actor) -> bool:
        """Return whether *actor* may open it."""
        if Role.DISPLAY in actor.roles and actor.user_id is None:
            return self.permission is Permission.VIEW_WALL and self.full_screen
        if self.permission is None:
            return True
        return actor.can(self.permission) or (self.also is not None and actor.can(self.also))


START = Screen("start", "首页", "account/start.py", None, in_menu=False)
PASSWORD = Screen("password", "修改密码", "account/password.py", None)
WALL = Screen("wall", "大屏", "posture/wall.py", Permission.VIEW_WALL, full_screen=True)

SECTIONS: tuple[tuple[str, tuple[Screen, ...]], ...] = (
    (
        "态势",
        (
            WALL,
            Screen("map", "作战地图", "posture/map.py", Permission.VIEW_PROJECTS),
            Screen("rates", "指标口径", "posture/rates.py", Permission.VIEW_PROJECTS),
        ),
    ),
    (
        "项目",
        (
            Screen("ledger", "项目台账", "project/ledger.py", Permission.VIEW_PROJECTS),
            Screen("project", "项目详情", "project/detail.py", Permission.VIEW_PROJECTS, in_menu=False),
            Screen("milestones", "节点填报", "project/milestones.py", Permission.VIEW_PROJECTS),
            Screen("schedule", "倒排工期", "project/schedule.py", Permission.VIEW_PROJECTS),
            Screen("reports", "投资月报", "project/reports.py", Permission.VIEW_PROJECTS),
        ),
    ),
    (
        "指挥",
        (
            Screen("todo", "待办", "account/todo.py", Permission.VIEW_PROJECTS),
            Screen("deadlines", "到期一览", "account/deadlines.py", Permission.VIEW_PROJECTS),
            Screen("headquarters", "分指挥部", "command/headquarters.py", Permission.VIEW_PROJECTS),
            Screen("campaigns", "攻坚·改革·惠民", "command/campaigns.py", Permission.VIEW_PROJECTS),
            Screen("leaders", "包保领导", "command/leaders.py", Permission.VIEW_PROJECTS),
            Screen("meetings", "会商调度", "command/meetings.py", Permission.VIEW_PROJECTS),
            Screen(
                "meeting",
                "会议大屏",
                "command/meeting_room.py",
                Permission.VIEW_PROJECTS,
                in_menu=False,
                full_screen=True,
            ),
            Screen("starts", "开工与储备", "command/starts.py", Permission.VIEW_PROJECTS),
        ),
    ),
    (
        "督查",
        (
            Screen("rounds", "督查轮次", "supervision/rounds.py", Permission.VIEW_PROJECTS),
            Screen("bulletin", "通报", "supervision/bulletin.py", Permission.VIEW_PROJECTS),
            Screen("rectification", "整改销号", "supervision/rectification.py", Permission.VIEW_PROJECTS),
            Screen("rules", "督查规则", "supervision/rules.py", Permission.MANAGE_RULES),
            Screen(
                "backtest",
                "旗色回测",
                "supervision/backtest.py",
                Permission.MANAGE_ROUNDS,
                also=Permission.APPROVE_OVERRIDE,
            ),
        ),
    ),
    (
        "清单",
        (
            Screen("problems", "问题清单", "lists/problems.py", Permission.VIEW_PROJECTS),
            Screen("policies", "政策落实", "lists/policies.py", Permission.VIEW_PROJECTS),
            Screen("suggestions", "意见建议", "lists/suggestions.py", Permission.VIEW_PROJECTS),
            Screen("decisions", "请示事项", "lists/decisions.py", Permission.VIEW_PROJECTS),
            Screen("consultations", "会商事项", "lists/consultations.py", Permission.VIEW_PROJECTS),
            Screen("supervised", "督办事项", "lists/supervised.py", Permission.VIEW_PROJECTS),
            Screen("list-rules", "清单规则", "lists/rules.py", Permission.VIEW_PROJECTS),
        ),
    ),
    (
        "管理",
        (
            Screen("closing", "月结", "admin/closing.py", Permission.CLOSE_MONTH),
            Screen("imports", "导入中心", "admin/imports.py", Permission.IMPORT, also=Permission.MANAGE_USERS),
            Screen("reconcile", "勾稽核对", "admin/reconcile.py", Permission.VIEW_PROJECTS),
            Screen("exports", "导出中心", "admin/exports.py", Permission.EXPORT),
            Screen("users", "用户角色", "admin/users.py", Permission.MANAGE_USERS),
            Screen("displays", "大屏密钥", "admin/displays.py", Permission.MANAGE_DISPLAYS),
            Screen("audit", "审计", "admin/audit.py", Permission.VIEW_AUDIT),
            Screen("system", "系统状态", "admin/system.py", Permission.MANAGE_SYSTEM),
        ),
    ),
)


def screens() -> tuple[Screen, ...]:
    """Return every screen, in the order of the menu."""
    return (START, *(screen for _, group in SECTIONS for screen in group), PASSWORD)


def home_of(actor: Actor) -> Screen:
    """Return the first screen in the menu that *actor* may open, of those made for them if there is one."""
    offered = [screen for screen in screens() if screen.in_menu and screen.is_open_to(actor)]
    own = [screen for screen in offered if screen.permission is not None and actor.can(screen.permission)]
    return next(iter(own or offered), PASSWORD)


def build(actor: Actor) -> dict[str, list[Page]]:
    """
    Return the pages for ``st.navigation``, by section.

    A screen the actor may not open stays reachable but out of the menu: its guard then says so in Chinese, where a
    page unknown to Streamlit would raise a dialog in English.
    """
    known = screens()
    menu = {"": [_page(START, hidden=True)]}
    for section, group in (*SECTIONS, ("账号", (PASSWORD,))):
        menu[section] = [_page(s, hidden=not (s.in_menu and s.is_open_to(actor))) for s in group if s in known]
    return menu


def is_full_screen(path: str) -> bool:
    """Return whether the screen at *path* (without the slash) is drawn without menu."""
    return any(screen.full_screen for screen in screens() if screen.path == path)


def ignore_pages_folder() -> None:
    """
    Tell Streamlit that scripts under ``pages/`` are no pages of their own.

    Otherwise the first deep link after a start is resolved in the old way (one page per file in that folder), and the
    visitor is told "Page not found" in English. ``st.navigation`` sets the same switch, but only once it has run.
    """
    PagesManager.uses_pages_directory = False


def _page(screen: Screen, *, hidden: bool) -> Page:
    return st.Page(
        _FOLDER / screen.script,
        title=screen.title,
        url_path=None if screen is START else screen.path,
        default=screen is START,
        visibility="hidden" if hidden else "visible",
    )
