"""Take the demo city out of a store: its rows and what people added to them; everything else stays."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, delete, exists, or_, select, true, update

from core.domain.errors import Invalid, Problem
from core.domain.permissions import system_actor
from core.domain.supervision_terms import SubjectKind
from db import audit, rollup
from db.models import Base
from db.models.access import DisplayKey, User
from db.models.closing import MonthClose
from db.models.meeting import Meeting, MeetingItem
from db.models.project import Project
from db.models.supervision import FlagDecision, SupervisionRound
from db.models.system import Setting
from db.seed.marker import DEMO_IDS, DEMO_KEY, is_demo, owned_ranges, write_setting
from db.session import Store

# Rows that others may lean on: they go only when nothing that stays refers to them.
_GROUND = ("county", "unit", "person", "headquarters")


def clear(store: Store) -> dict[str, int]:
    """
    Remove the demo and remember that it was removed, so that a start does not build it again.

    Returns:
        Number of removed rows by table.

    Raises:
        Invalid: The store holds no demo.
    """
    with store.transaction(system_actor("演示数据")) as tx:
        audit.lock_head(tx.connection)
        if not is_demo(tx.connection):
            raise Invalid([Problem("demo", "no_demo", "库中没有演示数据，无需清除。")])
        removed = _remove(tx.connection, owned_ranges(tx.connection))
        write_setting(tx.connection, DEMO_KEY, False)
        tx.connection.execute(delete(Setting).where(Setting.key == DEMO_IDS))
        rollup.recount(tx.connection, tx.as_of)
        tx.record("clear", "demo", DEMO_KEY, new=removed, reason="清除演示城市")
    return removed


def _remove(connection: Connection, ranges: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    removed: dict[str, int] = {}
    wholes = _wholes(connection, ranges.get(Project.__tablename__))
    demo_users = select(User.id).where(User.is_demo)
    connection.execute(update(User).where(User.superior_id.in_(demo_users)).values(superior_id=None))
    tables = [table for table in reversed(Base.metadata.sorted_tables) if table.name not in _GROUND]
    for table in tables:
        doomed = _doomed(table, ranges, wholes)
        if doomed is not None:
            removed[table.name] = connection.execute(delete(table).where(doomed)).rowcount
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in _GROUND and table.name in ranges:
            own = table.c.id.between(*ranges[table.name])
            statement = delete(table).where(own, *_unreferenced(table))
            removed[table.name] = connection.execute(statement).rowcount
    return {name: count for name, count in removed.items() if count}


def _doomed(
    table: Table, ranges: Mapping[str, tuple[int, int]], wholes: Mapping[str, Sequence[int]]
) -> ColumnElement[bool] | None:
    """Return which rows of *table* belong to the demo or to one of its rows; None when none can."""
    if table.name in (User.__tablename__, DisplayKey.__tablename__):
        return table.c.is_demo.is_(True)
    parts: list[ColumnElement[bool]] = []
    if table.name in ranges:
        parts.append(table.c.id.between(*ranges[table.name]))
    for key in table.foreign_keys:
        owner = key.column.table
        if owner.name in _GROUND or owner is table:
            continue
        above = _doomed(owner, ranges, wholes)
        if above is not None:
            parts.append(key.parent.in_(select(key.column).where(above)))
    if table.name == MonthClose.__tablename__:  # what was sealed while the demo stood is the demo
        parts.append(true())
    if wholes.get(table.name):
        parts.append(table.c.id.in_(wholes[table.name]))
    return or_(*parts) if parts else None


def _wholes(connection: Connection, projects: tuple[int, int] | None) -> dict[str, list[int]]:
    """Return the rounds and meetings that speak of demo projects, by table: each goes with all that it speaks of."""
    if projects is None:
        return {}
    decision = FlagDecision
    rounds = select(decision.round_id).where(
        decision.subject_kind == SubjectKind.PROJECT.value, decision.subject_id.between(*projects)
    )
    meetings = select(MeetingItem.meeting_id).where(MeetingItem.project_id.between(*projects))
    found = ((SupervisionRound.__tablename__, rounds), (Meeting.__tablename__, meetings))
    return {name: sorted(set(connection.execute(query).scalars())) for name, query in found}


def _unreferenced(table: Table) -> list[ColumnElement[bool]]:
    """Return that no row anywhere refers to the row of *table*."""
    clauses: list[ColumnElement[bool]] = []
    for child in Base.metadata.sorted_tables:
        for key in child.foreign_keys:
            if key.column.table is table:
                clauses.append(~_refers(child, key.parent.name, table))
    return clauses


def _refers(child: Table, column: str, table: Table) -> ColumnElement[bool]:
    source: FromClause = child.alias() if child is table else child
    found: Any = exists(select(1).select_from(source).where(and_(source.c[column] == table.c.id)).correlate(table))
    return found  # type: ignore[no-any-return]
