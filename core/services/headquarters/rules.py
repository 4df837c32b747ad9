"""The set-up checklist in force (组建清单): the stored version, or the shipped one while there is none."""

import json
from functools import lru_cache

from sqlalchemy import Connection, func, select

from core.domain.errors import Invalid, Problem
from core.domain.headquarters import DEFAULT_SET_UP, SetUpList, parse_set_up, set_up_to_dict
from core.domain.permissions import Actor, Permission, require
from db.models import RuleSet
from db.session import read, transaction

KIND = CODE = "headquarters_set_up"


@lru_cache(maxsize=64)
def _parse(body: str) -> SetUpList:
    return parse_set_up(json.loads(body))


def set_up_in_force(connection: Connection) -> SetUpList:
    """Return the checklist in force, read through *connection*."""
    query = select(RuleSet.body).where(RuleSet.kind == KIND, RuleSet.code == CODE, RuleSet.is_active)
    body = connection.execute(query.order_by(RuleSet.number.desc()).limit(1)).scalar_one_or_none()
    return DEFAULT_SET_UP if body is None else _parse(body)


def read_set_up(actor: Actor) -> SetUpList:
    """Return the checklist in force."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return set_up_in_force(connection)


def save_set_up(actor: Actor, rules: SetUpList, reason: str) -> int:
    """
    Put a checklist in force as a new version and return its number; headquarters under way keep the steps they have.

    Raises:
        Invalid: Impossible steps, or no reason.
    """
    require(actor, Permission.MANAGE_RULES)
    body = set_up_to_dict(parse_set_up(set_up_to_dict(rules)))
    if not reason.strip():
        raise Invalid([Problem("reason", "missing_reason", "请写明修改组建清单的原因和依据。")])
    with transaction(actor) as tx:
        mine = (RuleSet.kind == KIND, RuleSet.code == CODE)
        number = int(tx.connection.execute(select(func.max(RuleSet.number)).where(*mine)).scalar() or 0) + 1
        for key in tx.connection.execute(select(RuleSet.id).where(*mine, RuleSet.is_active)).scalars().all():
            tx.update(RuleSet, key, {"is_active": False}, expected_version=None, reason=reason.strip())
        values = {
            "kind": KIND,
            "code": CODE,
            "number": number,
            "name": rules.name,
            "body": json.dumps(body, ensure_ascii=False, sort_keys=True),
            "is_active": True,
            "source": reason.strip()[:400],
        }
        tx.insert(RuleSet, values, reason=reason.strip())
    return number
