"""“五个一”: who a project must have – a leader, a responsible unit, a service unit, a person, a contact.

Basis: 一个项目、一位领导、一套班子、一个方案、一抓到底; the roles are those of ``AssignmentRole``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.domain.terms import AssignmentRole

WANTED = (
    AssignmentRole.SPONSOR_LEADER,
    AssignmentRole.RESPONSIBLE_UNIT,
    AssignmentRole.SERVICE_UNIT,
    AssignmentRole.RESPONSIBLE_PERSON,
    AssignmentRole.CONTACT,
)
MISSING = "未明确"


@dataclass(frozen=True, slots=True)
class FiveOnes:
    """Names by role; a role without anybody is missing."""

    names: dict[AssignmentRole, tuple[str, ...]]

    @property
    def missing(self) -> tuple[AssignmentRole, ...]:
        """Return the roles nobody holds, in the order of ``WANTED``."""
        return tuple(role for role in WANTED if not self.names.get(role))

    def text(self, role: AssignmentRole) -> str:
        """Return who holds *role*, joined by 、; 未明确 when nobody does."""
        return "、".join(self.names.get(role, ())) or MISSING


def five_ones(holders: Iterable[tuple[AssignmentRole, str]]) -> FiveOnes:
    """Return who holds what, each name once, in the order given."""
    names: dict[AssignmentRole, tuple[str, ...]] = {}
    for role, name in holders:
        if name and name not in names.get(role, ()):
            names[role] = (*names.get(role, ()), name)
    return FiveOnes(names)
