"""What the wall says of one list of matters, inside a scope: counts, overdue by unit, what came and went by day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, func, literal, select, union_all

from core.domain.matters.words import MatterCount
from core.domain.scope import Scope
from core.domain.terms import MatterKind, MatterStatus
from db.models.matter import Matter
from db.models.organisation import Unit
from db.queries.matters import MatterFilter, counted, matters_of


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


_OPEN_ONES = MatterFilter(is_open=True)


def kind_counts(connection: Connection, scope: Scope, today: date) -> tuple[KindCounts, ...]:
    """Return the open matters by kind; kinds without any are left out."""
    late, lifted = _sum(MatterCount.OVERDUE, today), _sum(MatterCount.ESCALATED, today)
    query = matters_of(scope, _OPEN_ONES, Matter.kind, func.count(), late, lifted).group_by(Matter.kind)
    return tuple(KindCounts(MatterKind(row[0]), *map(int, row[1:])) for row in connection.execute(query))


def overdue_units(
    connection: Connection, scope: Scope, kind: MatterKind, today: date, limit: int
) -> tuple[UnitCounts, ...]:
    """Return the units with overdue matters of *kind*, the most overdue first."""
    wanted, late = replace(_OPEN_ONES, kinds=(kind,)), _sum(MatterCount.OVERDUE, today)
    columns = (Matter.lead_unit_id, func.count().label("open"), late.label("late"))
    grouped = matters_of(scope, wanted, *columns).group_by(Matter.lead_unit_id).having(late > 0).subquery()
    query = (
        select(grouped.c.lead_unit_id, func.coalesce(Unit.name, "未交办"), grouped.c.open, grouped.c.late)
        .join(Unit, Unit.id == grouped.c.lead_unit_id, isouter=True)
        .order_by(grouped.c.late.desc(), grouped.c.open.desc(), Unit.name)
        .limit(limit)
    )
    return tuple(UnitCounts(row[0], row[1], int(row[2]), int(row[3])) for row in connection.execute(query))


def day_counts(connection: Connection, scope: Scope, kind: MatterKind, first: date, last: date) -> Sequence[DayCounts]:
    """Return what was raised and what ended on each day between *first* and *last*, inclusive; idle days left out."""
    raising, ending = MatterFilter((kind,), raised=(first, last)), MatterFilter((kind,), ended=(first, last))
    one, none = literal(1), literal(0)
    raised = matters_of(scope, raising, Matter.raised_on.label("day"), one.label("raised"), none.label("ended"))
    ended = matters_of(scope, ending, Matter.closed_on.label("day"), none.label("raised"), one.label("ended"))
    kept = Matter.status != MatterStatus.MERGED
    both = union_all(raised.where(kept), ended.where(kept)).subquery()
    query = select(both.c.day, func.sum(both.c.raised), func.sum(both.c.ended)).group_by(both.c.day)
    return [DayCounts(row[0], int(row[1]), int(row[2])) for row in connection.execute(query.order_by(both.c.day))]


def _sum(count: MatterCount, today: date) -> Any:
    return func.sum(case((counted(count, today), 1), else_=0))
