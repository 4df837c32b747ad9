"""Which roles go together: every pair of roles, and what each is bound to."""

from itertools import product

import pytest

from core.domain.grants import BINDING_OF_ROLE, Grant, grant_problems
from core.domain.permissions import EXCLUSIVE_ROLES, GRANTS, Permission
from core.domain.terms import Role


def _grant(role: Role, number: int = 1) -> Grant:
    return Grant(role, number if role in BINDING_OF_ROLE else None)


@pytest.mark.parametrize(("first", "second"), list(product(Role, Role)), ids=lambda role: role.value)
def test_grant_problems_every_pair_of_roles(first, second):
    codes = {problem.code for problem in grant_problems((_grant(first), _grant(second, 2)))}
    expected = set()
    if Role.DISPLAY in (first, second):
        expected.add("display")
    if first == second and first not in BINDING_OF_ROLE:
        expected.add("twice")
    if first != second and {first, second} & set(EXCLUSIVE_ROLES):
        expected.add("exclusive")
    assert codes == expected


@pytest.mark.parametrize("role", sorted(BINDING_OF_ROLE), ids=lambda role: role.value)
def test_grant_problems_bound_role_without_binding_is_refused(role):
    assert [problem.code for problem in grant_problems((Grant(role),))] == ["unbound"]


def test_grant_problems_plain_role_with_binding_is_refused():
    assert [problem.code for problem in grant_problems((Grant(Role.LEADER, 3),))] == ["bound"]


def test_grant_problems_no_role_at_all_is_refused():
    assert [problem.code for problem in grant_problems(())] == ["no_role"]


def test_administrators_share_no_permission():
    system, security, audit = (GRANTS[role] for role in EXCLUSIVE_ROLES)
    assert not system & security
    assert not system & audit
    assert not security & audit
    assert GRANTS[Role.AUDITOR] == {Permission.VIEW_AUDIT}
    assert not {Permission.MANAGE_USERS, Permission.VIEW_AUDIT} & GRANTS[Role.SYSTEM_ADMIN]
