"""Which roles an account may hold together, and what each must be bound to.

Basis: GB/T 22239-2019 8.1.5 (三员分立): system, security and audit administration exclude one another; none of the
three reports or supervises projects either, so that nobody administers what they are measured by.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.errors import Problem
from core.domain.permissions import EXCLUSIVE_ROLES
from core.domain.terms import Role

BINDING_OF_ROLE = {Role.COUNTY: "county", Role.HEADQUARTERS: "headquarters", Role.UNIT: "unit"}
BINDING_LABELS = {"county": "县区", "headquarters": "指挥部", "unit": "单位"}
ROLES_OF_PEOPLE = tuple(role for role in Role if role is not Role.DISPLAY)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role and the id of the county, headquarters or unit it is bound to (None where the role needs none)."""

    role: Role
    bound_id: int | None = None

    @property
    def binding(self) -> str | None:
        """What the role is bound to: ``county``, ``headquarters``, ``unit`` or None."""
        return BINDING_OF_ROLE.get(self.role)


def grant_problems(grants: Sequence[Grant]) -> tuple[Problem, ...]:
    """Return everything that is wrong with what an account is to hold (empty = acceptable)."""
    roles = {grant.role for grant in grants}
    problems: list[Problem] = []
    if not grants:
        problems.append(Problem("roles", "no_role", "请至少选择一个角色。"))
    if len(set(grants)) < len(grants):
        problems.append(Problem("roles", "twice", "同一角色和范围重复，请删除一个。"))
    if Role.DISPLAY in roles:
        problems.append(Problem("roles", "display", "大屏不是人员角色，请在“大屏密钥”中生成密钥。"))
    if roles & set(EXCLUSIVE_ROLES) and len(roles) > 1:
        problems.append(
            Problem("roles", "exclusive", "系统管理员、安全管理员、审计员互斥，且不能兼任业务角色，请只保留一个角色。")
        )
    for grant in grants:
        if grant.binding and grant.bound_id is None:
            label = BINDING_LABELS[grant.binding]
            problems.append(Problem("roles", "unbound", f"角色“{grant.role.label}”须指定{label}。"))
        if not grant.binding and grant.bound_id is not None:
            problems.append(Problem("roles", "bound", f"角色“{grant.role.label}”不限定范围，请清空所选范围。"))
    return tuple(problems)
