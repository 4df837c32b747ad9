"""From an account's grants to the actor: roles and the rows they are bound to."""

from collections.abc import Iterable

from sqlalchemy import Connection

from core.domain.permissions import UNBOUND_ROLES, Actor
from core.domain.scope import Scope
from core.domain.terms import Role
from db.queries import access as queries
from db.queries.access import GrantRow


def actor_of_account(
    connection: Connection, user_id: int, login: str, name: str, grants: Iterable[GrantRow] | None = None
) -> Actor:
    """Return the actor of an account; its grants are read when they are not given."""
    grants = queries.grants(connection, user_id) if grants is None else tuple(grants)
    roles = frozenset(Role(grant.role) for grant in grants)
    scope = Scope.all() if roles & UNBOUND_ROLES else _bound_scope(connection, grants)
    return Actor(login=login, name=name, roles=roles, scope=scope, user_id=user_id)


def _bound_scope(connection: Connection, grants: tuple[GrantRow, ...]) -> Scope:
    own = frozenset(grant.headquarters_id for grant in grants if grant.headquarters_id is not None)
    return Scope(
        county_ids=frozenset(grant.county_id for grant in grants if grant.county_id is not None),
        headquarters_ids=queries.with_sub_headquarters(connection, own),
        unit_ids=frozenset(grant.unit_id for grant in grants if grant.unit_id is not None),
    )
