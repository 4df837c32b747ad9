"""Who may do what: the only place that decides. Pages and services call ``require``.

Roles are bound to rows by ``Scope``; a permission says the verb, the scope says on which rows.
System, security and audit administration exclude one another (等保 三员分立).
"""

from dataclasses import dataclass

from core.domain.errors import Locked, PermissionDenied
from core.domain.scope import Scope
from core.domain.terms import Role, Term


class Permission(Term):
    """A verb on a kind of row."""

    VIEW_WALL = "view_wall", "查看大屏"
    VIEW_PROJECTS = "view_projects", "查看项目"
    EXPORT = "export", "导出"
    UPDATE_MILESTONE = "update_milestone", "填报节点"
    REBASELINE = "rebaseline", "调整节点基线"
    SUBMIT_REPORT = "submit_report", "填报月报"
    REVIEW_REPORT = "review_report", "审核月报"
    LOCK_REPORT = "lock_report", "锁定月报"
    EDIT_PROJECT = "edit_project", "修改项目"
    IMPORT = "import", "导入台账"
    MANAGE_RULES = "manage_rules", "维护规则"
    MANAGE_ROUNDS = "manage_rounds", "组织督查轮次"
    APPROVE_OVERRIDE = "approve_override", "审批旗色调整"
    PUBLISH_ROUND = "publish_round", "发布督查结果"
    RECORD_PROCESS = "record_process", "登记过程事实"
    RECTIFY = "rectify", "报送整改"
    VERIFY_RECTIFICATION = "verify_rectification", "核查销号"
    CLOSE_MONTH = "close_month", "月结"
    CORRECT_REPORT = "correct_report", "更正月报"
    RAISE_MATTER = "raise_matter", "登记事项"
    HANDLE_MATTER = "handle_matter", "办理事项"
    ASSIGN_MATTER = "assign_matter", "研判交办"
    CLOSE_MATTER = "close_matter", "回访销号"
    MANAGE_HEADQUARTERS = "manage_headquarters", "组建指挥部"
    MANAGE_CAMPAIGN = "manage_campaign", "部署攻坚行动"
    UPDATE_TASK = "update_task", "填报攻坚任务"
    RECORD_VISIT = "record_visit", "登记调研"
    RUN_MEETING = "run_meeting", "组织会商"
    MANAGE_SYSTEM = "manage_system", "系统管理"
    MANAGE_USERS = "manage_users", "用户与授权"
    MANAGE_DISPLAYS = "manage_displays", "大屏密钥"
    VIEW_AUDIT = "view_audit", "查看审计"


_READ = frozenset({Permission.VIEW_WALL, Permission.VIEW_PROJECTS})
_REPORTING = _READ | {
    Permission.EXPORT,
    Permission.UPDATE_MILESTONE,
    Permission.SUBMIT_REPORT,
    Permission.CORRECT_REPORT,
    Permission.RECTIFY,
    Permission.RAISE_MATTER,
    Permission.HANDLE_MATTER,
    Permission.UPDATE_TASK,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.LEADER: _READ
    | {Permission.EXPORT, Permission.APPROVE_OVERRIDE, Permission.RAISE_MATTER, Permission.RECORD_VISIT},
    Role.HEADQUARTERS: _REPORTING
    | {
        Permission.REVIEW_REPORT,
        Permission.REBASELINE,
        Permission.EDIT_PROJECT,
        Permission.RECORD_PROCESS,
        Permission.ASSIGN_MATTER,
        Permission.CLOSE_MATTER,
        Permission.MANAGE_HEADQUARTERS,
        Permission.MANAGE_CAMPAIGN,
        Permission.RECORD_VISIT,
        Permission.RUN_MEETING,
    },
    Role.COUNTY: _REPORTING
    | {
        Permission.REVIEW_REPORT,
        Permission.EDIT_PROJECT,
        Permission.RECORD_PROCESS,
        Permission.ASSIGN_MATTER,
        Permission.RECORD_VISIT,
        Permission.RUN_MEETING,
    },
    Role.UNIT: _REPORTING,
    Role.SUPERVISOR: _READ
    | {
        Permission.EXPORT,
        Permission.REVIEW_REPORT,
        Permission.LOCK_REPORT,
        Permission.REBASELINE,
        Permission.EDIT_PROJECT,
        Permission.IMPORT,
        Permission.MANAGE_RULES,
        Permission.MANAGE_ROUNDS,
        Permission.APPROVE_OVERRIDE,
        Permission.PUBLISH_ROUND,
        Permission.RECORD_PROCESS,
        Permission.VERIFY_RECTIFICATION,
        Permission.CLOSE_MONTH,
        Permission.RAISE_MATTER,
        Permission.ASSIGN_MATTER,
        Permission.CLOSE_MATTER,
        Permission.MANAGE_HEADQUARTERS,
        Permission.MANAGE_CAMPAIGN,
        Permission.RECORD_VISIT,
        Permission.RUN_MEETING,
    },
    Role.SYSTEM_ADMIN: frozenset({Permission.MANAGE_SYSTEM, Permission.IMPORT, *_READ}),
    Role.SECURITY_ADMIN: frozenset({Permission.MANAGE_USERS, Permission.MANAGE_DISPLAYS}),
    Role.AUDITOR: frozenset({Permission.VIEW_AUDIT}),
    Role.DISPLAY: frozenset({Permission.VIEW_WALL}),
}

# Roles that see every row; the others see what their grant is bound to.
UNBOUND_ROLES = frozenset({Role.LEADER, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.DISPLAY})
# What a closed month can be looked at with.
READING = _READ | {Permission.EXPORT}
EXCLUSIVE_ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Somebody who acts: a signed-in person, a display, or the command line.

    Attributes:
        is_looking_back: A closed month is on the screen: nothing can be written from it.
    """

    login: str
    name: str
    roles: frozenset[Role]
    scope: Scope
    user_id: int | None = None
    is_looking_back: bool = False

    def can(self, permission: Permission) -> bool:
        """Return whether any of the actor's roles grants *permission*; who looks back may only read."""
        if self.is_looking_back and permission not in READING:
            return False
        return any(permission in GRANTS[role] for role in self.roles)


def require(actor: Actor, permission: Permission) -> None:
    """
    Stop unless *actor* holds *permission*.

    Raises:
        PermissionDenied: None of the actor's roles grants it.
        Locked: A closed month is on the screen, and *permission* is one to write.
    """
    if actor.is_looking_back and permission not in READING:
        raise Locked("正在查看封存月份，只能查看和导出。如需办理，请先返回实时数据。")
    if not actor.can(permission):
        raise PermissionDenied(f"您没有“{permission.label}”权限。如确需办理，请联系安全管理员授权。")


def system_actor(name: str = "系统") -> Actor:
    """Return the actor of the command line and of seeding: every permission, every row."""
    return Actor(login="system", name=name, roles=frozenset(Role), scope=Scope.all())
