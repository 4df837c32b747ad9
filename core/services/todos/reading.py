"""One reader's list: every source his permissions open, counted and merged by deadline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from core.domain.permissions import Actor, Permission, require
from core.domain.report_checks import deadline, open_month
from core.domain.scope import Scope
from core.domain.todo import Todo, TodoCounts, TodoGroup, TodoKind, counts_of, order, soon
from core.services import figures
from core.services.sponsors.owing import owed_by_person
from db.queries import todos
from db.queries.access import person_of
from db.queries.todo_sources import SOURCES
from db.queries.todos import Asked, Source, TodoRow
from db.session import current_store, read

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class TodoPage:
    """
    One page of a reader's list.

    Attributes:
        by_kind: How many of each kind wait, whatever page or narrowing is shown; kinds without any are left out.
        total: How many match the narrowing.
    """

    items: tuple[Todo, ...]
    by_kind: Mapping[TodoKind, TodoCounts]
    total: int
    number: int
    today: date

    @property
    def counts(self) -> TodoCounts:
        """All kinds together."""
        return added(self.by_kind.values())


def page_of(
    actor: Actor, kind: TodoKind | None = None, group: TodoGroup | None = None, page: int = 1, *, size: int = PAGE_SIZE
) -> TodoPage:
    """
    Return one page of what waits for *actor*: the longest overdue first, what has no deadline last.

    Args:
        kind: Only this kind; None = all.
        group: Only what is so near; None = all.

    Raises:
        PermissionDenied: The actor may not look at projects, so nothing can wait for him.
    """
    require(actor, Permission.VIEW_PROJECTS)
    figures.version()  # the roll-ups name the missing reports: they must stand at today
    number = max(1, page)
    with read() as connection:
        asked = asked_for(connection, actor)
        parts = _read(connection, _open_to(actor), asked, _Wanted(kind, group, number * size))
    items = sorted((todo for part in parts for todo in part.items), key=order)
    by_kind = {one: added(part.counts for part in parts if part.kind is one) for one in TodoKind}
    sums = added(found for one, found in by_kind.items() if kind in (None, one))
    return TodoPage(
        tuple(items[(number - 1) * size : number * size]),
        {one: found for one, found in by_kind.items() if found.total},
        sums.of(group) if group else sums.total,
        number,
        asked.today,
    )


def count(actor: Actor) -> TodoCounts:
    """Return how many things wait for *actor*; nothing for who may not look at projects."""
    if not actor.can(Permission.VIEW_PROJECTS):
        return TodoCounts()
    figures.version()
    with read() as connection:
        asked = asked_for(connection, actor)
        return added(todos.count_rows(connection, source, asked) for source in _open_to(actor))


def asked_for(connection: Connection, actor: Actor) -> Asked:
    """Return what the sources need to know to list what waits for *actor*, whatever its deadline."""
    person_id = None if actor.user_id is None else person_of(connection, actor.user_id)
    owed = {} if person_id is None else owed_by_person(connection, current_store().today(), person_id)
    return asked_of(actor.scope, None, login=actor.login, person_id=person_id, owed_visits=tuple(owed.items()))


def asked_of(
    scope: Scope,
    due_by: date | None,
    *,
    login: str = "",
    person_id: int | None = None,
    by_owner: bool = False,
    today: date | None = None,
    owed_visits: tuple[tuple[int, int], ...] = (),
) -> Asked:
    """Return the question to the sources for today (or *today*), with the reporting calendar."""
    store = current_store()
    day, settings = today or store.today(), store.settings
    calendar = (settings.report_due_day, settings.report_due_next_month)
    month = store.as_of().month
    following = month.shift(1)
    near_on = deadline(following, *calendar)
    is_near = following <= open_month(day, settings.report_due_next_month) and near_on <= soon(day)
    return Asked(
        scope,
        day,
        due_by,
        month,
        deadline(month, *calendar),
        following if is_near else None,
        near_on if is_near else None,
        by_owner,
        login,
        person_id,
        owed_visits,
    )


def added(counts: Iterable[TodoCounts]) -> TodoCounts:
    """Return the sum of *counts*."""
    total = TodoCounts()
    for found in counts:
        total = total.plus(found)
    return total


def _open_to(actor: Actor) -> tuple[Source, ...]:
    return tuple(source for source in SOURCES if source.is_open_to(actor))


@dataclass(frozen=True, slots=True)
class _Part:
    """What one source gives: how many wait, and the first of those that are wanted."""

    kind: TodoKind
    counts: TodoCounts
    items: tuple[Todo, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is shown of what waits: of one kind, of one group, the first so many."""

    kind: TodoKind | None
    group: TodoGroup | None
    limit: int


def _read(connection: Connection, sources: Sequence[Source], asked: Asked, wanted: _Wanted) -> list[_Part]:
    """Read all sources with one statement: a short one is counted here, a long one where it lies."""
    first = todos.list_rows(connection, sources, asked, None, wanted.limit + 1)
    long = [source for source in sources if len(first[source.code]) > wanted.limit]
    counted = {source.code: todos.count_rows(connection, source, asked) for source in long}
    if wanted.group is not None and long:
        first |= todos.list_rows(connection, long, asked, wanted.group, wanted.limit)
    return [_part(source, first[source.code], counted.get(source.code), asked, wanted) for source in sources]


def _part(source: Source, rows: Sequence[TodoRow], counts: TodoCounts | None, asked: Asked, wanted: _Wanted) -> _Part:
    found = [source.todo(row) for row in rows[: wanted.limit]]
    shown = found if wanted.kind in (None, source.kind) else []
    return _Part(
        source.kind,
        counts_of(found, asked.today) if counts is None else counts,
        tuple(todo for todo in shown if wanted.group in (None, todo.group(asked.today))),
    )
