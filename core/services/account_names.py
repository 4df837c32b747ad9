"""Shown names of the accounts that stand in records by their login."""

from core.domain.permissions import Actor, Permission, require
from db.queries.rounds import names_of
from db.session import read

_SYSTEM = {"system": "系统"}


def names(actor: Actor, logins: frozenset[str]) -> dict[str, str]:
    """Return login → shown name; a login without an account is its own name."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return {**{login: login for login in logins}, **_SYSTEM, **names_of(connection, set(logins))}
