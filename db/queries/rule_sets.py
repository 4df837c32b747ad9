"""Stored flag rule sets (督查规则), newest version first."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.models.system import RuleSet

FLAG = "flag"


@dataclass(frozen=True, slots=True)
class StoredRuleSet:
    """One stored version; *body* is JSON."""

    id: int
    code: str
    number: int
    name: str
    body: str
    is_active: bool
    source: str
    version: int


def list_flag_rule_sets(connection: Connection) -> tuple[StoredRuleSet, ...]:
    """Return every stored version of every flag rule set, newest first."""
    query = (
        select(
            RuleSet.id,
            RuleSet.code,
            RuleSet.number,
            RuleSet.name,
            RuleSet.body,
            RuleSet.is_active,
            RuleSet.source,
            RuleSet.version,
        )
        .where(RuleSet.kind == FLAG)
        .order_by(RuleSet.id.desc())
    )
    return tuple(StoredRuleSet(*row) for row in connection.execute(query))


def next_number(connection: Connection, code: str) -> int:
    """Return the version number that the next saved set of *code* gets."""
    last = select(func.max(RuleSet.number)).where(RuleSet.kind == FLAG, RuleSet.code == code)
    return int(connection.execute(last).scalar_one() or 0) + 1
