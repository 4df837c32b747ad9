"""
The flag of record: what the latest published round says of each project. Wall, map and ledger show it.

The rows of a published round never change, so what is counted over them is counted once per process and scope.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, SQLColumnExpression, and_, func, select

from core.domain.flag_hits import reasons_of
from core.domain.scope import Scope
from core.domain.supervision_terms import RectificationStep, RoundStatus, SubjectKind
from core.domain.terms import FlagLevel
from db.models.organisation import County, Headquarters
from db.models.supervision import FlagDecision, Rectification, SupervisionRound
from db.queries.rounds import RoundRow
from db.queries.scoping import project_scope
from db.rollup import urgencies

COUNTS_KEPT = 64
_flag = FlagDecision


@dataclass(frozen=True, slots=True)
class RecordCount:
    """Projects of one county and headquarters that went from one level to another (None = new in the round)."""

    county_id: int | None
    headquarters_id: int | None
    previous: FlagLevel | None
    level: FlagLevel
    count: int


@dataclass(frozen=True, slots=True)
class RecordRow:
    """
    A flagged project of a published round.

    Attributes:
        streak: Consecutive rounds at WARN or worse.
        step: Where its rectification stands; None while none was opened. ``due_on`` is the deadline of that step.
    """

    project_id: int
    name: str
    level: FlagLevel
    previous: FlagLevel | None
    reasons: tuple[str, ...]
    streak: int
    county: str
    headquarters: str
    step: RectificationStep | None
    due_on: date | None


def latest_round_id() -> ScalarSelect[int]:
    """Return the id of the latest published round as a part of other statements; NULL when there is none."""
    order = (SupervisionRound.year.desc(), SupervisionRound.number.desc(), SupervisionRound.revision.desc())
    return (
        select(SupervisionRound.id)
        .where(SupervisionRound.status == RoundStatus.PUBLISHED.value)
        .order_by(*order)
        .limit(1)
        .scalar_subquery()
    )


def of_record(project_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Return the clause that joins a project to its flag in the latest published round."""
    return and_(
        _flag.round_id == latest_round_id(),
        _flag.subject_kind == SubjectKind.PROJECT.value,
        _flag.subject_id == project_id,
    )


def flagged_in_record(levels: Sequence[FlagLevel]) -> Select[int]:
    """Return the ids of the projects at one of *levels* in the latest published round."""
    return select(_flag.subject_id).where(
        _flag.round_id == latest_round_id(),
        _flag.subject_kind == SubjectKind.PROJECT.value,
        _flag.level.in_([level.value for level in levels]),
    )


class _Counts:
    """What was counted over published rounds, by store, round and scope; thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], tuple[RecordCount, ...]] = OrderedDict()

    def get(self, key: tuple[object, ...]) -> tuple[RecordCount, ...] | None:
        with self._guard:
            return self._kept.get(key)

    def put(self, key: tuple[object, ...], found: tuple[RecordCount, ...]) -> None:
        with self._guard:
            self._kept[key] = found
            while len(self._kept) > COUNTS_KEPT:
                self._kept.popitem(last=False)


_counts = _Counts()


def count_flags(connection: Connection, scope: Scope, row: RoundRow) -> tuple[RecordCount, ...]:
    """Return how many projects inside *scope* stand where in the published round *row*, and from where they came."""
    key = (str(connection.engine.url), row.id, row.published_at, scope.key)
    found = _counts.get(key)
    if found is None:
        found = _count(connection, scope, row.id)
        _counts.put(key, found)
    return found


def _count(connection: Connection, scope: Scope, round_id: int) -> tuple[RecordCount, ...]:
    columns = (_flag.county_id, _flag.headquarters_id, _flag.previous_level, _flag.level)
    rows = connection.execute(select(*columns, func.count()).where(_of(scope, round_id)).group_by(*columns))
    return tuple(
        RecordCount(county, team, FlagLevel(previous) if previous else None, FlagLevel(level), int(count))
        for county, team, previous, level, count in rows
    )


def _of(scope: Scope, round_id: int) -> ColumnElement[bool]:
    inside = project_scope(scope, _flag.county_id, _flag.headquarters_id, _flag.unit_id)
    return and_(_flag.round_id == round_id, _flag.subject_kind == SubjectKind.PROJECT.value, inside)


def list_flagged(
    connection: Connection, scope: Scope, round_id: int, level: FlagLevel, limit: int
) -> tuple[RecordRow, ...]:
    """Return the projects of *level* in a published round, the largest lag first."""
    query = _selected(scope, round_id).where(_flag.urgency.between(*urgencies(level)))
    return _rows(connection, query.order_by(_flag.urgency, _flag.subject_id).limit(limit))


def list_repeated(connection: Connection, scope: Scope, round_id: int, limit: int) -> tuple[RecordRow, ...]:
    """Return the projects flagged for two rounds or more, the longest first."""
    first, last = urgencies(FlagLevel.SEVERE)[0], urgencies(FlagLevel.WARN)[1]
    query = _selected(scope, round_id).where(_flag.urgency.between(first, last), _flag.streak > 1)
    return _rows(connection, query.order_by(_flag.streak.desc(), _flag.urgency, _flag.subject_id).limit(limit))


def _selected(scope: Scope, round_id: int) -> Select[*tuple[object, ...]]:
    its = Rectification
    opened = and_(
        its.round_id == _flag.round_id, its.subject_kind == _flag.subject_kind, its.subject_id == _flag.subject_id
    )
    team = func.coalesce(func.nullif(Headquarters.short_name, ""), Headquarters.name, "")
    return (
        select(
            _flag.subject_id,
            _flag.subject_name,
            _flag.level,
            _flag.previous_level,
            _flag.hits,
            _flag.streak,
            func.coalesce(County.name, "").label("county"),
            team.label("team"),
            its.step,
            its.due_on,
        )
        .select_from(_flag)
        .join(County, County.id == _flag.county_id, isouter=True)
        .join(Headquarters, Headquarters.id == _flag.headquarters_id, isouter=True)
        .join(its, opened, isouter=True)
        .where(_of(scope, round_id))
    )


def _rows(connection: Connection, query: Select[*tuple[object, ...]]) -> tuple[RecordRow, ...]:
    return tuple(
        RecordRow(
            project_id=row["subject_id"],
            name=row["subject_name"],
            level=FlagLevel(row["level"]),
            previous=FlagLevel(row["previous_level"]) if row["previous_level"] else None,
            reasons=reasons_of(row["hits"]),
            streak=row["streak"],
            county=row["county"],
            headquarters=row["team"],
            step=RectificationStep(row["step"]) if row["step"] else None,
            due_on=row["due_on"],
        )
        for row in connection.execute(query).mappings()
    )


def count_closed(connection: Connection, scope: Scope, round_id: int) -> int:
    """Return how many flags of a round were closed out (已销号) inside *scope*."""
    its = Rectification
    inside = project_scope(scope, its.county_id, its.headquarters_id, its.unit_id)
    closed = its.step == RectificationStep.CLOSED.value
    query = select(func.count()).where(its.round_id == round_id, closed, inside)
    return int(connection.execute(query).scalar_one())
