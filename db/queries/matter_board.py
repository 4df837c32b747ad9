"""What the wall says of one list of matters, inside a scope: counts, overdue by unit, what came and went by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, case, func, literal, select, union_all

from core.domain.matters.words import MatterCount
from core.domain.scope import Scope
from core.domain.terms import MatterKind, MatterStatus
from db.models.matter import Matter
from db.models.organisation import Unit
from db.models.project import Project
from db.queries.matters import OPEN, counted, matter_scope


@dataclass(frozen=True, slots=True)
class KindCounts:
    """Open matters of one kind, how many of them are overdue, how many were escalated."""

    kind: MatterKind
    open: int
    overdue: int
    escalated: int


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """Open and overdue matters of one unit; ``unit_id`` None = assigned to nobody yet."""

    unit_id: int | None
    name: str
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class DayCounts:
    """How many matters were raised and how many ended on a day; merged ones are left out."""

    on: date
    raised: int
    ended: int


def kind_counts(connection: Connection, scope: Scope, today: date) -> tuple[KindCounts, ...]:
    """Return the open matters by kind; kinds without any are left out."""
    query = (
        _matters(scope, Matter.kind, func.count(), _sum(MatterCount.OVERDUE, today), _sum(MatterCount.ESCALATED, today))
        .where(OPEN)
        .group_by(Matter.kind)
    )
    return tuple(KindCounts(MatterKind(row[0]), *map(int, row[1:])) for row in connection.execute(query))


def overdue_units(
    connection: Connection, scope: Scope, kind: MatterKind, today: date, limit: int
) -> tuple[UnitCounts, ...]:
    """Return the units with overdue matters of *kind*, the most overdue first."""
    late = _sum(MatterCount.OVERDUE, today)
    name = func.coalesce(Unit.name, "未交办")
    query = (
        _matters(scope, Matter.lead_unit_id, name, func.count(), late)
        .join(Unit, Unit.id == Matter.lead_unit_id, isouter=True)
        .where(OPEN, Matter.kind == kind.value)
        .group_by(Matter.lead_unit_id, Unit.name)
        .having(late > 0)
        .order_by(late.desc(), func.count().desc(), Unit.name)
        .limit(limit)
    )
    return tuple(UnitCounts(row[0], row[1], int(row[2]), int(row[3])) for row in connection.execute(query))


def day_counts(connection: Connection, scope: Scope, kind: MatterKind, first: date, last: date) -> Sequence[DayCounts]:
    """Return what was raised and what ended on each day between *first* and *last*, inclusive; idle days left out."""
    mine = (Matter.kind == kind.value, Matter.status != MatterStatus.MERGED)
    one, none = literal(1), literal(0)
    raised = _matters(scope, Matter.raised_on.label("day"), one.label("raised"), none.label("ended"))
    ended = _matters(scope, Matter.closed_on.label("day"), none.label("raised"), one.label("ended"))
    both = union_all(
        raised.where(*mine, Matter.raised_on.between(first, last)),
        ended.where(*mine, Matter.closed_on.between(first, last)),
    ).subquery()
    query = select(both.c.day, func.sum(both.c.raised), func.sum(both.c.ended)).group_by(both.c.day)
    return [DayCounts(row[0], int(row[1]), int(row[2])) for row in connection.execute(query.order_by(both.c.day))]


def _matters(scope: Scope, *columns: Any) -> Select[Any]:
    joined = select(*columns).select_from(Matter).join(Project, Project.id == Matter.project_id, isouter=True)
    return joined.where(matter_scope(scope))


def _sum(count: MatterCount, today: date) -> Any:
    return func.sum(case((counted(count, today), 1), else_=0))
