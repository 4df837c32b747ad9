"""The rules of matters in force: the stored version, or the shipped ones while there is none; the clock of a step."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, func, select

from core.domain.errors import Invalid, Problem
from core.domain.matters.rules import DEFAULT, MatterRules, parse_rules, rules_to_dict
from core.domain.matters.state import Clock
from core.domain.permissions import Actor, Permission, require
from core.services.calendar import work_calendar
from db.models import RuleSet
from db.session import read, transaction

KIND = CODE = "matter"


@lru_cache(maxsize=64)
def _parse(body: str) -> MatterRules:
    return parse_rules(json.loads(body))


def rules_in_force(connection: Connection) -> MatterRules:
    """Return the rules in force, read through *connection*."""
    query = select(RuleSet.body).where(RuleSet.kind == KIND, RuleSet.code == CODE, RuleSet.is_active)
    body = connection.execute(query.order_by(RuleSet.number.desc()).limit(1)).scalar_one_or_none()
    return DEFAULT if body is None else _parse(body)


def clock_at(connection: Connection, today: date) -> Clock:
    """Return the day, the office's calendar and the rules by which a step is taken."""
    return Clock(today, work_calendar(connection), rules_in_force(connection))


def read_rules(actor: Actor) -> MatterRules:
    """Return the rules in force."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return rules_in_force(connection)


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A version of the rules with its name and the reason for which it was made."""

    number: int
    name: str
    is_active: bool
    reason: str


def rule_versions(actor: Actor) -> tuple[RuleVersion, ...]:
    """Return every stored version, the latest first; none while the shipped rules were never changed."""
    require(actor, Permission.VIEW_PROJECTS)
    query = select(RuleSet.number, RuleSet.name, RuleSet.is_active, RuleSet.source)
    query = query.where(RuleSet.kind == KIND, RuleSet.code == CODE).order_by(RuleSet.number.desc())
    with read() as connection:
        return tuple(RuleVersion(*row) for row in connection.execute(query))


def save_rules(actor: Actor, rules: MatterRules, reason: str) -> int:
    """
    Put *rules* in force as a new version and return its number; open matters keep the deadlines they have.

    Raises:
        Invalid: Impossible values, or no reason.
    """
    require(actor, Permission.MANAGE_RULES)
    body = rules_to_dict(parse_rules(rules_to_dict(rules)))
    if not reason.strip():
        raise Invalid([Problem("reason", "missing_reason", "请写明修改规则的原因和依据。")])
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
