"""How often leaders owe a visit: the stored version of the rule, or the shipped one while there is none."""

import json
from functools import lru_cache

from sqlalchemy import Connection, func, select

from core.domain.errors import Invalid, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.sponsors import DEFAULT_VISITS, VisitRules, parse_rules, rules_to_dict
from db.models import RuleSet
from db.session import read, transaction

KIND = CODE = "visit"
_NAME = "包保调研规则"
_MINE = (RuleSet.kind == KIND, RuleSet.code == CODE)


@lru_cache(maxsize=64)
def _parse(body: str) -> VisitRules:
    return parse_rules(json.loads(body))


def rules_in_force(connection: Connection) -> VisitRules:
    """Return the rule in force, read through *connection*."""
    query = select(RuleSet.body).where(*_MINE, RuleSet.is_active).order_by(RuleSet.number.desc()).limit(1)
    body = connection.execute(query).scalar_one_or_none()
    return DEFAULT_VISITS if body is None else _parse(body)


def read_rules(actor: Actor) -> VisitRules:
    """Return the rule in force."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return rules_in_force(connection)


def save_rules(actor: Actor, rules: VisitRules, reason: str) -> int:
    """
    Put *rules* in force as a new version and return its number; what is owed is counted by it from now on.

    Raises:
        Invalid: Impossible values, or no reason.
    """
    require(actor, Permission.MANAGE_RULES)
    body, why = rules_to_dict(parse_rules(rules_to_dict(rules))), reason.strip()
    if not why:
        raise Invalid([Problem("reason", "missing_reason", "请写明修改规则的原因和依据。")])
    with transaction(actor) as tx:
        number = int(tx.connection.execute(select(func.max(RuleSet.number)).where(*_MINE)).scalar() or 0) + 1
        for key in tx.connection.scalars(select(RuleSet.id).where(*_MINE, RuleSet.is_active)).all():
            tx.update(RuleSet, key, {"is_active": False}, expected_version=None, reason=why)
        values = {
            "kind": KIND,
            "code": CODE,
            "number": number,
            "name": _NAME,
            "body": json.dumps(body, sort_keys=True),
            "is_active": True,
            "source": why[:400],
        }
        tx.insert(RuleSet, values, reason=why)
    return number
