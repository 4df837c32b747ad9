"""Keys of wall displays (大屏密钥): read-only, revocable, shown once, optionally bound to one address.

A wall hangs for weeks and nobody signs in at it, so its key has no idle time; the list of keys is kept by the
security administrator.
"""

import ipaddress
import secrets
from dataclasses import dataclass

from core.domain.errors import Invalid, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.scope import Scope
from core.domain.terms import Role
from core.services.sessions import token_hash
from db.models.access import DisplayKey
from db.queries import access as queries
from db.queries.access import DisplayRow
from db.session import read, transaction

_KEY_BYTES = 24
_MAX_LABEL = 60


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made. ``key`` is shown to its maker and then known to nobody."""

    id: int
    key: str


def create(actor: Actor, label: str, bound_address: str = "", *, key: str = "", is_demo: bool = False) -> NewKey:
    """
    Make a display key.

    Args:
        actor: Who makes it.
        label: Where the display hangs.
        bound_address: The only IP address that may use it; empty = any.
        key: A key to use instead of a random one (the demo wall, whose address is printed at each start).
        is_demo: Whether it goes when the demo city goes.

    Raises:
        Invalid: The label is empty or too long, or the address is none.
    """
    require(actor, Permission.MANAGE_DISPLAYS)
    values = _checked(label, bound_address)
    chosen = key or secrets.token_urlsafe(_KEY_BYTES)
    with transaction(actor) as tx:
        row = {**values, "key_hash": token_hash(chosen), "is_demo": is_demo, "created_at": tx.at, "version": 1}
        key_id = tx.insert(DisplayKey, row)
    return NewKey(key_id, chosen)


def revoke(actor: Actor, key_id: int, expected_version: int) -> None:
    """
    Take a key out of force; displays that use it stop at their next request.

    Raises:
        NotFound: No such key.
        Conflict: Somebody else changed it meanwhile.
    """
    require(actor, Permission.MANAGE_DISPLAYS)
    with transaction(actor) as tx:
        tx.update(DisplayKey, key_id, {"revoked_at": tx.at}, expected_version=expected_version)


def list_keys(actor: Actor) -> tuple[DisplayRow, ...]:
    """Return all keys, those in force first."""
    require(actor, Permission.MANAGE_DISPLAYS)
    with read() as connection:
        return queries.display_keys(connection)


def actor_of_key(key: str, address: str | None) -> Actor | None:
    """
    Return the display behind *key*, None when the key is unknown, revoked or used from another address.

    Args:
        key: The key as it stands in the address or the cookie.
        address: Where the request came from; None skips the check (it was made when the connection was opened).
    """
    with read() as connection:
        row = queries.display_by_hash(connection, token_hash(key))
    if row is None or row.revoked_at is not None:
        return None
    if row.bound_address and address is not None and not _is_same_address(row.bound_address, address):
        return None
    return Actor(login=f"display-{row.id}", name=row.label, roles=frozenset({Role.DISPLAY}), scope=Scope.all())


def _checked(label: str, bound_address: str) -> dict[str, object]:
    problems: list[Problem] = []
    label, bound_address = label.strip(), bound_address.strip()
    if not 1 <= len(label) <= _MAX_LABEL:
        problems.append(Problem("label", "label", f"请填写大屏位置，最多 {_MAX_LABEL} 个字，例如“指挥中心一楼”。"))
    if bound_address:
        try:
            ipaddress.ip_address(bound_address)
        except ValueError:
            problems.append(Problem("bound_address", "address", "绑定地址应为 IP 地址，例如 10.1.2.3；不限制则留空。"))
    if problems:
        raise Invalid(problems)
    return {"label": label, "bound_address": bound_address}


def _is_same_address(bound: str, actual: str) -> bool:
    try:
        return ipaddress.ip_address(bound) == ipaddress.ip_address(actual)
    except ValueError:
        return False
