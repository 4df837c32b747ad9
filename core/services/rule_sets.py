"""Flag rule sets (督查规则): read, tried out on today's facts, saved as a new version, put in force."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.domain.errors import Invalid, NotFound
from core.domain.flag_codec import parse_rule_set, rule_set_to_dict
from core.domain.flag_rule_sets import DEFAULT_RULE_SET, RULE_SETS
from core.domain.flag_rules import LEVEL_RANK, FlagRuleSet
from core.domain.flags import decide_standing
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_reason
from core.domain.standing import stand
from core.domain.terms import FlagLevel
from core.services import figures
from db import audit, rollup
from db.models.system import RuleSet
from db.queries import rounds as round_queries
from db.queries import rule_sets as queries
from db.queries.facts import load_facts_between
from db.queries.import_targets import load_project_names
from db.queries.rule_sets import FLAG, StoredRuleSet
from db.session import read, transaction
from db.transaction import WriteTransaction

CHUNK = 2000
MOVERS_SHOWN = 300
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class KnownRuleSet:
    """
    A rule set that can be chosen.

    Attributes:
        id: Stored id; None = shipped with the product and never changed.
        is_active: Whether the roll-ups and new rounds use it.
    """

    id: int | None
    rules: FlagRuleSet
    is_active: bool

    @property
    def label(self) -> str:
        version = "随产品提供" if self.id is None else f"第{self.rules.version}版"
        return f"{self.rules.name} · {version}{' · 在用' if self.is_active else ''}"


@dataclass(frozen=True, slots=True)
class Mover:
    """A project whose level would be another one."""

    project_id: int
    name: str
    before: FlagLevel
    after: FlagLevel
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """
    What the flags would be under other rules, at today's as-of point and before escalation and overrides.

    Attributes:
        moves: (before, after, projects), worst new level first; unmoved projects left out.
        movers: The first ``MOVERS_SHOWN`` of them, those that get worse first.
    """

    projects: int
    before: dict[FlagLevel, int]
    after: dict[FlagLevel, int]
    moves: tuple[tuple[FlagLevel, FlagLevel, int], ...]
    movers: tuple[Mover, ...]

    @property
    def moved(self) -> int:
        return sum(count for _, _, count in self.moves)


def list_rule_sets(actor: Actor) -> tuple[KnownRuleSet, ...]:
    """Return the set in force first, then stored versions newest first, then what is shipped."""
    require(actor, Permission.MANAGE_RULES)
    with read() as connection:
        active = rollup.active_rule_id(connection)
        stored = queries.list_flag_rule_sets(connection)
    known = [KnownRuleSet(row.id, _parsed(row), row.id == active) for row in stored]
    known += [KnownRuleSet(None, rules, active is None and rules is DEFAULT_RULE_SET) for rules in RULE_SETS]
    return tuple(sorted(known, key=lambda item: not item.is_active))


def preview(actor: Actor, edited: FlagRuleSet, progress: Progress | None = None) -> Preview:
    """Decide every listed project of the actor's scope under *edited* and under the rules in force; nothing is kept."""
    require(actor, Permission.MANAGE_RULES)
    as_of = figures.version().as_of
    before: Counter[FlagLevel] = Counter()
    after: Counter[FlagLevel] = Counter()
    moves: Counter[tuple[FlagLevel, FlagLevel]] = Counter()
    movers: list[tuple[int, FlagLevel, FlagLevel, tuple[str, ...]]] = []
    with read() as connection:
        in_force = rollup.load_rule_set(connection, rollup.active_rule_id(connection))
        last = round_queries.last_project_id(connection)
        for first in range(1, last + 1, CHUNK):
            for item in load_facts_between(connection, first, first + CHUNK - 1, as_of):
                facts = item.facts
                owners = (facts.county_id, facts.headquarters_id, facts.unit_id)
                if facts.year_class is None or not actor.scope.covers(*owners):
                    continue
                standing = stand(facts, as_of)
                old, new = decide_standing(standing, in_force), decide_standing(standing, edited)
                before[old.level] += 1
                after[new.level] += 1
                if old.level is not new.level:
                    moves[old.level, new.level] += 1
                    movers.append((facts.project_id, old.level, new.level, new.reasons))
            if progress is not None:
                progress(min(first + CHUNK - 1, last), last)
        movers.sort(key=lambda found: (_rank(found[1]) - _rank(found[2]), found[0]))
        names = load_project_names(connection, [found[0] for found in movers[:MOVERS_SHOWN]])
    return Preview(
        projects=sum(before.values()),
        before=dict(before),
        after=dict(after),
        moves=tuple((old, new, count) for (old, new), count in sorted(moves.items(), key=_worst_first)),
        movers=tuple(Mover(key, names[key], old, new, why) for key, old, new, why in movers[:MOVERS_SHOWN]),
    )


def save(actor: Actor, edited: FlagRuleSet, reason: str, *, put_in_force: bool) -> int:
    """
    Keep *edited* as the next version of its code and return the stored id; older versions stay as they are.

    Raises:
        Invalid: No reason, or the rules themselves are refused (every problem named).
    """
    require(actor, Permission.MANAGE_RULES)
    _refuse_silence(reason)
    checked = parse_rule_set(rule_set_to_dict(edited))
    with transaction(actor) as tx:
        audit.lock_head(tx.connection)
        number = queries.next_number(tx.connection, checked.code)
        body = rule_set_to_dict(replace(checked, version=number))
        values = {
            "kind": FLAG,
            "code": checked.code,
            "number": number,
            "name": checked.name,
            "body": json.dumps(body, ensure_ascii=False),
            "is_active": False,
            "source": checked.source,
        }
        key = int(tx.insert(RuleSet, values, reason=reason.strip()))
        if put_in_force:
            _put_in_force(tx, key, reason)
    return key


def put_in_force(actor: Actor, rule_set_id: int | None, reason: str) -> None:
    """
    Make a stored set (None = the shipped default) the one in force; live flags are decided anew.

    Published rounds keep the rules they were decided by.

    Raises:
        NotFound: No such stored set.
        Invalid: No reason.
    """
    require(actor, Permission.MANAGE_RULES)
    _refuse_silence(reason)
    with transaction(actor) as tx:
        audit.lock_head(tx.connection)
        _put_in_force(tx, rule_set_id, reason)


def _put_in_force(tx: WriteTransaction, key: int | None, reason: str) -> None:
    stored = {row.id: row for row in queries.list_flag_rule_sets(tx.connection)}
    if key is not None and key not in stored:
        raise NotFound
    for row in stored.values():
        if row.is_active != (row.id == key):
            changes = {"is_active": row.id == key}
            tx.update(RuleSet, row.id, changes, expected_version=row.version, reason=reason.strip())
    tx.record("activate", "rule_set", key or 0, new={"rule_set_id": key}, reason=reason.strip())
    rollup.recount(tx.connection, tx.as_of)


def _refuse_silence(reason: str) -> None:
    if problems := check_reason(reason, asked="请写明调整规则的原因"):
        raise Invalid(problems)


def _parsed(row: StoredRuleSet) -> FlagRuleSet:
    return replace(parse_rule_set(json.loads(row.body)), version=row.number)


def _rank(level: FlagLevel) -> int:
    return LEVEL_RANK.get(level, -1)


def _worst_first(item: tuple[tuple[FlagLevel, FlagLevel], int]) -> tuple[int, int]:
    (old, new), _ = item
    return -_rank(new), _rank(old)
