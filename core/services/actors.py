"""From an account's grants to the actor: roles and the rows they are bound to."""

from collections.abc import Iterable, Mapping

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
    own = frozenset(grant.headquarters_id for grant in grants if grant.headquarters_id is not None)
    return _actor(user_id, login, name, grants, queries.with_sub_headquarters(connection, own))


def actors_of_accounts(connection: Connection, accounts: Mapping[int, tuple[str, str]]) -> dict[int, Actor]:
    """Return the actors of *accounts* (id → login, shown name): two reads whatever their number."""
    grants = queries.grants_by_user(connection)
    below = queries.sub_headquarters(connection)
    actors = {}
    for user_id, (login, name) in accounts.items():
        own = grants.get(user_id, ())
        led = {grant.headquarters_id for grant in own if grant.headquarters_id is not None}
        actors[user_id] = _actor(user_id, login, name, own, frozenset(led.union(*(below.get(key, ()) for key in led))))
    return actors


def _actor(
    user_id: int, login: str, name: str, grants: tuple[GrantRow, ...], headquarters_ids: frozenset[int]
) -> Actor:
    roles = frozenset(Role(grant.role) for grant in grants)
    scope = Scope.all() if roles & UNBOUND_ROLES else _bound_scope(grants, headquarters_ids)
    return Actor(login=login, name=name, roles=roles, scope=scope, user_id=user_id)


def _bound_scope(grants: tuple[GrantRow, ...], headquarters_ids: frozenset[int]) -> Scope:
    return Scope(
        county_ids=frozenset(grant.county_id for grant in grants if grant.county_id is not None),
        headquarters_ids=headquarters_ids,
        unit_ids=frozenset(grant.unit_id for grant in grants if grant.unit_id is not None),
    )
