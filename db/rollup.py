"""Roll-ups kept in the writing transaction: each project's state, and the sums that the wall reads.

``refresh`` moves the sums by the difference of a project's old and new measures; ``recount`` makes them anew.
Both come from the same pure function (core.domain.project_state), so they agree by construction and a property
test proves it. All functions expect the head of the store to be locked by the caller.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import add, itemgetter
from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, bindparam, delete, func, insert, literal, select, update

from core.domain.flag_hits import hits_to_json
from core.domain.flags import DEFAULT_RULE_SET, FlagRuleSet, parse_rule_set
from core.domain.measures import MEASURE_CODES
from core.domain.period import AsOf
from core.domain.project_state import ProjectState, project_state
from core.domain.terms import FlagLevel
from db.audit import Head
from db.models import figures
from db.models.land import Parcel
from db.models.project import Project
from db.models.system import RuleSet, StoreHead
from db.prepared import Prepared
from db.queries.facts import CategorisedFacts, load_facts, load_facts_between
from db.queries.facts_statements import FEW

# Tables whose rows carry project_id and enter a project's figures.
PROJECT_TABLES = frozenset(
    {
        "project",
        "list_membership",
        "annual_plan",
        "investment_plan",
        "investment_report",
        "funding_line",
        "milestone",
        "matter",
        "parcel_use",
        "funding_bid",
        "process_fact",
    }
)
CHUNK = 500
_URGENCY_RANK = {
    FlagLevel.SEVERE: 0,
    FlagLevel.WARN: 1,
    FlagLevel.NOTICE: 2,
    FlagLevel.NO_DATA: 3,
    FlagLevel.OK: 4,
    FlagLevel.EXEMPT: 5,
}
_MOST_KEYS = 16  # moved keys, each with a statement of its own columns; one project has five, two of them ten
_RANK_STEP = 10_000_000
_GAP_LIMIT = 4_999_999

Key = tuple[str, int, str]
_state = figures.project_state
_tally = figures.tally
_STATE_COLUMNS = tuple(column.name for column in _state.columns)
_MEASURES_OF = itemgetter(*MEASURE_CODES)
_STATE_OF = Prepared(select(_state).where(_state.c.project_id == bindparam("id", type_=BigInteger())))
_INSERT_STATES = Prepared(insert(_state), _STATE_COLUMNS)
_STATES_BETWEEN = Prepared(
    select(_state).where(
        _state.c.project_id.between(bindparam("first_id", type_=BigInteger()), bindparam("last_id", type_=BigInteger()))
    )
)
_DELETE_STATE = Prepared(delete(_state).where(_state.c.project_id == bindparam("id", type_=BigInteger())))
_STATES_AMONG = select(_state).where(_state.c.project_id.in_(bindparam("ids", expanding=True)))


def urgency(level: FlagLevel, gap_milli_pp: int | None) -> int:
    """Return the sorting key of the wall's lists: worst level first, then the largest lag."""
    gap = max(-_GAP_LIMIT, min(_GAP_LIMIT, gap_milli_pp or 0))
    return _URGENCY_RANK[level] * _RANK_STEP + gap + _GAP_LIMIT


def urgencies(level: FlagLevel) -> tuple[int, int]:
    """Return the first and last sorting key of *level*: a range of the index instead of a filter behind it."""
    first = _URGENCY_RANK[level] * _RANK_STEP
    return first, first + _RANK_STEP - 1


def active_rule_id(connection: Connection) -> int | None:
    """Return the id of the flag rule set in force, None = the shipped default."""
    return connection.execute(
        select(func.max(RuleSet.id)).where(RuleSet.kind == "flag", RuleSet.is_active)
    ).scalar_one()


@lru_cache(maxsize=32)
def _parse(body: str) -> FlagRuleSet:
    return parse_rule_set(json.loads(body))


def load_rule_set(connection: Connection, rule_id: int | None) -> FlagRuleSet:
    """Return the flag rule set stored under *rule_id*, or the shipped default."""
    if rule_id is None:
        return DEFAULT_RULE_SET
    return _parse(connection.execute(select(RuleSet.body).where(RuleSet.id == rule_id)).scalar_one())


def refresh(connection: Connection, project_ids: Sequence[int], head: Head, today: AsOf) -> None:
    """Recompute the named projects at the roll-ups' as-of point and move the sums by the difference."""
    as_of = head.figures or today
    rules = load_rule_set(connection, head.flag_rule_id)
    moves: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    new_keys: set[Key] = set()
    for start in range(0, len(project_ids), CHUNK):
        ids = project_ids[start : start + CHUNK]
        old_rows = _states(connection, ids)
        inserts = []
        for item in load_facts(connection, ids, as_of):
            new = _row(item, project_state(item.facts, as_of, rules))
            old = old_rows.get(new["project_id"])
            if old is None:
                inserts.append(new)
                continue
            _move(moves, old, new)
            _update_state(connection, old, new)
            if _keys(old) != _keys(new):
                new_keys.update(_keys(new))
        _INSERT_STATES.run_many(connection, inserts)
        new_keys.update(_add(moves, inserts))
    _ensure(connection, new_keys)
    _apply(connection, moves)


def forget(connection: Connection, project_ids: Sequence[int]) -> None:
    """Take projects that are about to be removed out of the sums."""
    moves: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for start in range(0, len(project_ids), CHUNK):
        for old in _states(connection, project_ids[start : start + CHUNK]).values():
            _move(moves, old, None)
    _DELETE_STATE.run_many(connection, [{"id": project_id} for project_id in project_ids])
    _apply(connection, moves)


def _states(connection: Connection, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    if len(ids) > FEW:
        rows: list[tuple[Any, ...]] = [tuple(row) for row in connection.execute(_STATES_AMONG, {"ids": list(ids)})]
    else:
        rows = [row for project_id in ids for row in _STATE_OF.run(connection, id=project_id)]
    return {row[0]: dict(zip(_STATE_COLUMNS, row, strict=True)) for row in rows}


def _row(item: CategorisedFacts, state: ProjectState) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(MEASURE_CODES, state.measures, strict=True))
    row.update(
        project_id=state.project_id,
        county_id=state.county_id,
        headquarters_id=state.headquarters_id,
        unit_id=state.unit_id,
        category=item.category,
        level=state.level.value,
        urgency=urgency(state.level, state.gap_pp_milli),
        gap_milli_pp=state.gap_pp_milli,
        hits=hits_to_json(state.hits),
        next_due_on=state.next_due_on,
    )
    return row


def _keys(row: Mapping[str, Any]) -> tuple[Key, ...]:
    county, category = row["county_id"], row["category"]
    keys: tuple[Key, ...] = (
        ("city", 0, ""),
        ("county", county, ""),
        ("category", 0, category),
        ("county_category", county, category),
    )
    if row["headquarters_id"] is not None:
        keys += (("headquarters", row["headquarters_id"], ""),)
    return keys


def _move(moves: dict[Key, dict[str, int]], old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> None:
    if old is not None and new is not None and _keys(old) == _keys(new):
        changed = [(code, new[code] - old[code]) for code in MEASURE_CODES if new[code] != old[code]]
        for key in _keys(new):
            for code, difference in changed:
                moves[key][code] += difference
        return
    for row, sign in ((old, -1), (new, 1)):
        if row is not None:
            for key in _keys(row):
                for code in MEASURE_CODES:
                    if row[code]:
                        moves[key][code] += sign * row[code]


def _add(moves: dict[Key, dict[str, int]], rows: Sequence[Mapping[str, Any]]) -> set[Key]:
    """Add the measures of new projects, summed up before per set of keys; return the keys."""
    sums: dict[tuple[Key, ...], Iterable[int]] = {}
    for row in rows:
        keys, measures = _keys(row), _MEASURES_OF(row)
        sums[keys] = tuple(map(add, sums[keys], measures)) if keys in sums else measures
    for keys, measures in sums.items():
        for key in keys:
            for code, value in zip(MEASURE_CODES, measures, strict=True):
                if value:
                    moves[key][code] += value
    return {key for keys in sums for key in keys}


def _update_state(connection: Connection, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    changed = {name: value for name, value in new.items() if old[name] != value}
    if changed:
        _state_update(tuple(changed)).run(connection, k_project_id=new["project_id"], **changed)


@lru_cache(maxsize=512)
def _state_update(names: tuple[str, ...]) -> Prepared:
    return Prepared(update(_state).where(_state.c.project_id == bindparam("k_project_id")), names)


def _ensure(connection: Connection, keys: Iterable[Key]) -> None:
    wanted = sorted(keys)
    if not wanted:
        return
    known = set(connection.execute(select(_tally.c.dimension, _tally.c.key_id, _tally.c.key_code)).all())
    missing = [{"dimension": d, "key_id": i, "key_code": c} for d, i, c in wanted if (d, i, c) not in known]
    if missing:
        connection.execute(insert(_tally), missing)


def _apply(connection: Connection, moves: Mapping[Key, Mapping[str, int]]) -> None:
    """Add the differences; keys that move the same columns share one statement, and all keys of a large write."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    every = tuple(code for code in MEASURE_CODES if any(move.get(code) for move in moves.values()))
    for (dimension, key_id, key_code), move in sorted(moves.items()):
        codes = tuple(code for code, difference in move.items() if difference)
        if codes:
            codes = codes if len(moves) <= _MOST_KEYS else every
            values = {f"d_{code}": move.get(code, 0) for code in codes}
            groups[codes].append({"k_dimension": dimension, "k_id": key_id, "k_code": key_code, **values})
    for codes, rows in groups.items():
        _add_statement(codes).run_many(connection, rows)


@lru_cache(maxsize=512)
def _add_statement(codes: tuple[str, ...]) -> Prepared:
    return Prepared(
        update(_tally)
        .where(
            _tally.c.dimension == bindparam("k_dimension"),
            _tally.c.key_id == bindparam("k_id"),
            _tally.c.key_code == bindparam("k_code"),
        )
        .values({code: _tally.c[code] + bindparam(f"d_{code}") for code in codes})
    )


def refresh_parcels(connection: Connection, county_id: int | None) -> None:
    """Count the plots of one county (of all when None) by status anew."""
    target, source = figures.parcel_tally, Parcel.__table__
    counted = select(source.c.county_id, source.c.status, func.count(), func.sum(source.c.area_sqm)).group_by(
        source.c.county_id, source.c.status
    )
    remove = delete(target)
    if county_id is not None:
        counted = counted.where(source.c.county_id == county_id)
        remove = remove.where(target.c.county_id == county_id)
    connection.execute(remove)
    connection.execute(insert(target).from_select(["county_id", "status", "parcels", "area_sqm"], counted))


def recount(connection: Connection, as_of: AsOf, chunk: int = 2000) -> int:
    """
    Make all roll-ups anew for *as_of* with the rule set in force, and stamp the head; return the project count.

    Runs once a day and by ``manage.py recount``.
    """
    rule_id = active_rule_id(connection)
    rules = load_rule_set(connection, rule_id)
    last = connection.execute(select(func.coalesce(func.max(Project.id), 0)).select_from(Project)).scalar_one()
    count = 0
    for first in range(1, last + 1, chunk):
        count += _recount_between(connection, first, first + chunk - 1, as_of, rules)
    _sum_up(connection)
    refresh_parcels(connection, None)
    connection.execute(
        update(StoreHead).values(figures_on=as_of.on, figures_month=str(as_of.month), flag_rule_id=rule_id)
    )
    return count


def _recount_between(connection: Connection, first: int, last: int, as_of: AsOf, rules: FlagRuleSet) -> int:
    """Recompute the states of a range of projects; only rows that differ are written (a day changes few of them)."""
    old = {row[0]: row for row in _STATES_BETWEEN.run(connection, first_id=first, last_id=last)}
    changed, count = [], 0
    for item in load_facts_between(connection, first, last, as_of):
        row = _row(item, project_state(item.facts, as_of, rules))
        if old.get(row["project_id"]) == tuple(row[name] for name in _STATE_COLUMNS):
            del old[row["project_id"]]
        else:
            changed.append(row)
        count += 1
    if old:
        _DELETE_STATE.run_many(connection, [{"id": project_id} for project_id in old])
    if changed:
        _INSERT_STATES.run_many(connection, changed)
    return count


def _sum_up(connection: Connection) -> None:
    connection.execute(delete(_tally))
    zero, none = literal(0, Integer), literal("")
    sums = [func.sum(_state.c[code]) for code in MEASURE_CODES]
    columns = ["dimension", "key_id", "key_code", *MEASURE_CODES]
    for dimension, key_id, key_code in (
        ("city", zero, none),
        ("county", _state.c.county_id, none),
        ("headquarters", _state.c.headquarters_id, none),
        ("category", zero, _state.c.category),
        ("county_category", _state.c.county_id, _state.c.category),
    ):
        groups = [column for column in (key_id, key_code) if column is not zero and column is not none]
        grouped = select(literal(dimension), key_id, key_code, *sums).group_by(*groups)
        if dimension == "headquarters":
            grouped = grouped.where(_state.c.headquarters_id.is_not(None))
        if dimension == "city":
            grouped = grouped.having(func.count() > 0)
        connection.execute(insert(_tally).from_select(columns, grouped))
