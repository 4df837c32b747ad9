"""The thresholds of campaigns in force: the stored version, or the shipped one while there is none."""

import json
from functools import lru_cache

from sqlalchemy import Connection

from core.domain.campaigns.rules import DEFAULT, CampaignRules, parse_rules, rules_to_dict
from core.domain.permissions import Actor, Permission, require
from core.services.stored_rules import active_body, store_body
from db.session import read, transaction

KIND = "campaign"
_NAME = "攻坚行动预警规则"


@lru_cache(maxsize=64)
def _parse(body: str) -> CampaignRules:
    return parse_rules(json.loads(body))


def rules_in_force(connection: Connection) -> CampaignRules:
    """Return the rules in force, read through *connection*."""
    body = active_body(connection, KIND)
    return DEFAULT if body is None else _parse(body)


def read_rules(actor: Actor) -> CampaignRules:
    """Return the rules in force."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return rules_in_force(connection)


def save_rules(actor: Actor, rules: CampaignRules, reason: str) -> int:
    """
    Put *rules* in force as a new version and return its number.

    Raises:
        Invalid: Impossible values, or no reason.
    """
    require(actor, Permission.MANAGE_RULES)
    body = rules_to_dict(parse_rules(rules_to_dict(rules)))
    with transaction(actor) as tx:
        return store_body(tx, KIND, _NAME, body, reason)
