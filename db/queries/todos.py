"""What waits for somebody (待办), read set by set: one SELECT per source, for one scope or for everybody at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from core.domain.period import Month
from core.domain.permissions import Actor, Permission
from core.domain.scope import Scope
from core.domain.todo import Todo, TodoCounts, TodoGroup, TodoKind, soon


@dataclass(frozen=True, slots=True)
class Asked:
    """
    For whom and for which days a source is read.

    Attributes:
        scope: Whose rows; ``Scope.all()`` reads everybody's, and each row says whose it is.
        due_by: Nothing with a later deadline; None = whatever the deadline.
        month: Last month whose report is due; ``month_due_on`` is its deadline.
        collecting: The month that is being reported when its deadline is near, else None.
        by_owner: Sums of reports apart by county, headquarters and unit, to be dealt out afterwards.
        login: Whose own proposals are left out; empty = nobody's.
        person_id: Whose own rows are added, wherever he is bound.
        owed_visits: Person and number of projects for which he owes this month's visit, of those who owe any.
    """

    scope: Scope
    today: date
    due_by: date | None
    month: Month
    month_due_on: date
    collecting: Month | None
    collecting_due_on: date | None
    by_owner: bool = False
    login: str = ""
    person_id: int | None = None
    owed_visits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TodoRow:
    """
    One row of a source.

    Attributes:
        status: State of the thing, decides the wording of the step.
        tag: What the address needs besides the id.
        county_id: With headquarters, unit and person: whose scope it falls into.
        proposer: Login that must not decide it; empty = nobody.
    """

    id: int
    title: str
    place: str
    owner: str
    due_on: date | None
    status: str
    tag: str
    amount: int
    county_id: int | None = None
    headquarters_id: int | None = None
    unit_id: int | None = None
    person_id: int | None = None
    proposer: str = ""


_SHOWN = ("id", "title", "place", "owner", "due_on", "status", "tag", "amount")


@dataclass(frozen=True, slots=True)
class Source:
    """
    Where one kind of 待办 comes from.

    Attributes:
        permissions: Any of them lets an account act on its rows.
        is_bound: Only for accounts bound to counties, headquarters, units: who sees everything does not owe it.
        select: The statement, its columns named as the fields of ``TodoRow``; None = nothing to ask today.
        todo: A row in words.
        is_summed: All of a reader's rows are one thing to do (月报 of several owners).
        is_personal: Only the person named owes it, not who sees everything.
    """

    code: str
    kind: TodoKind
    permissions: tuple[Permission, ...]
    is_bound: bool
    select: Callable[[Asked], Select[Any] | None]
    todo: Callable[[TodoRow], Todo]
    is_summed: bool = False
    is_personal: bool = False

    def is_open_to(self, actor: Actor) -> bool:
        """Return whether *actor* may act on anything of it."""
        if self.is_bound and actor.scope.everything:
            return False
        return any(actor.can(permission) for permission in self.permissions)

    def reaches(self, actor: Actor, person_id: int | None, row: TodoRow) -> bool:
        """Return whether *row*, read for everybody, waits for *actor*; the same rule as the clause of its statement."""
        if row.proposer and row.proposer == actor.login:
            return False
        if row.person_id is not None and row.person_id == person_id:
            return True
        return not self.is_personal and actor.scope.covers(row.county_id, row.headquarters_id, row.unit_id)


def list_rows(
    connection: Connection, sources: Sequence[Source], asked: Asked, group: TodoGroup | None, limit: int
) -> dict[str, list[TodoRow]]:
    """
    Return the first *limit* rows of each source by its code, of one *group* when given: the longest overdue first.

    One statement for all sources; whose the rows are is not read, they are the asked scope's.
    """
    statement = _listing(tuple(sources), asked, group, limit)
    rows: dict[str, list[TodoRow]] = {source.code: [] for source in sources}
    for row in connection.execute(statement) if statement is not None else ():
        rows[sources[row[0]].code].append(TodoRow(*row[1:]))
    return rows


# Building so large a statement and looking it up costs more than running it; a reader asks the same all day.
@lru_cache(maxsize=256)
def _listing(
    sources: tuple[Source, ...], asked: Asked, group: TodoGroup | None, limit: int
) -> CompoundSelect[Any] | None:
    parts = []
    for place, source in enumerate(sources):
        query = source.select(asked)
        if query is not None:
            parts.append(select(_first_of(query, place, asked, group, limit).subquery()))
    return union_all(*parts) if parts else None


def _first_of(query: Select[Any], place: int, asked: Asked, group: TodoGroup | None, limit: int) -> Select[Any]:
    found = query.subquery()
    due_on = found.c.due_on
    shown = select(literal(place).label("place_no"), *(found.c[name] for name in _SHOWN))
    chosen = shown.order_by(due_on.is_(None), due_on, found.c.id).limit(limit)
    return chosen if group is None else chosen.where(_in_group(due_on, group, asked.today))


def count_rows(connection: Connection, source: Source, asked: Asked) -> TodoCounts:
    """Return how many rows a source has, by how near their deadline is."""
    statement = _counting(source, asked)
    if statement is None:
        return TodoCounts()
    return TodoCounts(*(int(count or 0) for count in connection.execute(statement).one()))


@lru_cache(maxsize=256)
def _counting(source: Source, asked: Asked) -> Select[Any] | None:
    query = source.select(asked)
    if query is None:
        return None
    found = query.subquery()
    tests = (_in_group(found.c.due_on, group, asked.today) for group in TodoGroup)
    return select(*(func.sum(case((test, 1), else_=0)) for test in tests)).select_from(found)


def stream_rows(connection: Connection, source: Source, asked: Asked) -> Iterator[TodoRow]:
    """Yield every row of a source by deadline."""
    query = source.select(asked)
    if query is None:
        return
    found = query.subquery()
    ordered = select(found).order_by(found.c.due_on.is_(None), found.c.due_on, found.c.id)
    for row in connection.execute(ordered.execution_options(yield_per=5_000)):
        yield TodoRow(*row)


def summed(rows: Sequence[TodoRow]) -> TodoRow:
    """Return the rows of one reader as one: the earliest of them with the amounts of all."""
    first = min(rows, key=lambda row: (row.due_on is None, row.due_on, row.id))
    return replace(first, amount=sum(row.amount for row in rows))


def _in_group(due_on: Any, group: TodoGroup, today: date) -> ColumnElement[bool]:
    tests: dict[TodoGroup, ColumnElement[bool]] = {
        TodoGroup.OVERDUE: due_on < today,
        TodoGroup.TODAY: due_on == today,
        TodoGroup.WEEK: and_(due_on > today, due_on <= soon(today)),
        TodoGroup.LATER: due_on > soon(today),
        TodoGroup.UNDATED: due_on.is_(None),
    }
    return tests[group]


def within(asked: Asked, due_on: Any) -> list[ColumnElement[bool]]:
    """Return the clauses that keep what is due by the asked day; what has no deadline stays."""
    return [] if asked.due_by is None else [or_(due_on.is_(None), due_on <= asked.due_by)]
