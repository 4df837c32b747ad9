"""Pieces of the statements behind 待办: the columns of a row, the clause of a scope, sums dealt out by owner, words."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Select, cast, false, func, literal, null, or_, true

from core.domain.todo import Todo, TodoKind
from db.queries.todos import Asked, TodoRow

NOBODY = null()
# Typed, so that PostgreSQL compares it with days.
NEVER = cast(null(), Date)
Owners = tuple[Any, Any, Any]


def columns(
    key: Any,
    title: Any,
    due_on: Any,
    status: Any,
    *,
    place: Any = "",
    owner: Any = "",
    tag: Any = "",
    amount: Any = 1,
    owners: Owners = (NOBODY, NOBODY, NOBODY),
    person: Any = NOBODY,
    proposer: Any = "",
) -> list[Any]:
    """Return the columns in the order of ``TodoRow``; plain values become literals."""
    named = {
        "id": key, "title": title, "place": place, "owner": owner, "due_on": due_on, "status": status, "tag": tag,
        "amount": amount, "county_id": owners[0], "headquarters_id": owners[1], "unit_id": owners[2],
        "person_id": person, "proposer": proposer,
    }  # fmt: skip
    return [(value if hasattr(value, "label") else literal(value)).label(name) for name, value in named.items()]


def any_of(asked: Asked, *, county: Any = None, headquarters: Any = None, unit: Any = None) -> ColumnElement[bool]:
    """Return the clause of a scope over some owners only."""
    if asked.scope.everything:
        return true()
    bound = (
        (county, asked.scope.county_ids),
        (headquarters, asked.scope.headquarters_ids),
        (unit, asked.scope.unit_ids),
    )
    tests = [column == key for column, ids in bound if column is not None for key in sorted(ids)]
    return or_(*tests) if tests else false()


def dealt(asked: Asked, owners: Owners) -> Owners:
    return owners if asked.by_owner else (NOBODY, NOBODY, NOBODY)


def summed(asked: Asked, query: Select[Any], owners: Owners) -> Select[Any]:
    """Return one sum, or one for each owner; no row where there is nothing."""
    return query.group_by(*owners) if asked.by_owner else query.having(func.count() > 0)


def told(row: TodoRow, kind: TodoKind, entity: str, step: str, link: str) -> Todo:
    return Todo(kind, entity, row.id, row.title, step, row.place, row.owner, row.due_on, link)
