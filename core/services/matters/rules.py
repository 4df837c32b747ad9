"""The rules of matters in force and the clock of a step; open matters keep the deadlines they have."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from core.domain.matters.rules import DEFAULT, parse_rules, rules_to_dict
from core.domain.matters.state import Clock
from core.domain.permissions import Actor, Permission, require
from core.services.calendar import work_calendar
from core.services.stored_rules import StoredRules
from db.models import RuleSet
from db.session import read

_STORED = StoredRules("matter", DEFAULT, parse_rules, rules_to_dict)
rules_in_force = _STORED.in_force
read_rules = _STORED.read
save_rules = _STORED.save


def clock_at(connection: Connection, today: date) -> Clock:
    """Return the day, the office's calendar and the rules by which a step is taken."""
    return Clock(today, work_calendar(connection), rules_in_force(connection))


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
    query = query.where(RuleSet.kind == _STORED.kind, RuleSet.code == _STORED.kind).order_by(RuleSet.number.desc())
    with read() as connection:
        return tuple(RuleVersion(*row) for row in connection.execute(query))
