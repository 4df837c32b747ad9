"""The rules of the agenda in force: the stored version, or the shipped ones while there is none."""

import json
from functools import lru_cache

from sqlalchemy import Connection, func, select

from core.domain.errors import Invalid, Problem
from core.domain.meeting_agenda import DEFAULT, AgendaRules, parse_rules, rules_to_dict
from core.domain.permissions import Actor, Permission, require
from db.models import RuleSet
from db.session import read, transaction

KIND = CODE = "meeting_agenda"


@lru_cache(maxsize=16)
def _parse(body: str) -> AgendaRules:
    return parse_rules(json.loads(body))


def rules_in_force(connection: Connection) -> AgendaRules:
    """Return the rules in force, read through *connection*."""
    query = select(RuleSet.body).where(RuleSet.kind == KIND, RuleSet.code == CODE, RuleSet.is_active)
    body = connection.execute(query.order_by(RuleSet.number.desc()).limit(1)).scalar_one_or_none()
    return DEFAULT if body is None else _parse(body)


def read_rules(actor: Actor) -> AgendaRules:
    """Return the rules in force."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return rules_in_force(connection)


def save_rules(actor: Actor, rules: AgendaRules, reason: str) -> int:
    """
    Put *rules* in force as a new version and return its number; agendas that stand keep their items.

    Raises:
        Invalid: Impossible values, or no reason.
    """
    require(actor, Permission.MANAGE_RULES)
    body = rules_to_dict(parse_rules(rules_to_dict(rules)))
    if not reason.strip():
        raise Invalid([Problem("reason", "missing_reason", "请写明修改议题规则的原因和依据。")])
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
