"""The rules of starting in force: the stored version, or the shipped ones while there is none."""

import json
from functools import lru_cache

from sqlalchemy import Connection

from core.domain.errors import Invalid
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_reason
from core.domain.start_rules import SHIPPED, StartRules, parse_rules, rules_to_dict
from core.services.stored_rules import active_body, store_body
from db.session import read, transaction

KIND = "start"


@lru_cache(maxsize=64)
def _parse(body: str) -> StartRules:
    return parse_rules(json.loads(body))


def rules_in_force(connection: Connection) -> StartRules:
    """Return the rules in force, read through *connection*."""
    body = active_body(connection, KIND)
    return SHIPPED if body is None else _parse(body)


def read_rules(actor: Actor) -> StartRules:
    """Return the rules in force."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return rules_in_force(connection)


def save_rules(actor: Actor, rules: StartRules, reason: str) -> int:
    """
    Put *rules* in force as a new version and return its number; items on a list keep the deadlines they have.

    Raises:
        Invalid: Impossible values, or no reason.
    """
    require(actor, Permission.MANAGE_RULES)
    body = rules_to_dict(parse_rules(rules_to_dict(rules)))
    if problems := check_reason(reason, asked="请写明调整规则的原因"):
        raise Invalid(problems)
    with transaction(actor) as tx:
        return store_body(tx, KIND, rules.name, body, reason.strip())
