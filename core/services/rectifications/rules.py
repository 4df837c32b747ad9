"""The rules of rectifications in force; open cases keep the deadlines they have."""

from datetime import date

from sqlalchemy import Connection

from core.domain.rectification import Clock
from core.domain.rectification_rules import SHIPPED, parse_rules, rules_to_dict
from core.services.calendar import work_calendar
from core.services.stored_rules import StoredRules

_STORED = StoredRules("rectification", SHIPPED, parse_rules, rules_to_dict, name="整改时限与奖惩规则")
rules_in_force = _STORED.in_force
read_rules = _STORED.read
save_rules = _STORED.save


def clock_at(connection: Connection, today: date) -> Clock:
    """Return the day, the office's calendar and the rules by which a step is taken."""
    return Clock(today, work_calendar(connection), rules_in_force(connection))
