"""From what waits for everybody to one digest for each person who has something to be told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from core.domain.digest import Below, Digest, told_above
from core.domain.permissions import Actor, Permission, require
from core.domain.todo import Todo
from core.services.actors import actors_of_accounts
from core.services.calendar import work_calendar
from core.services.todos.gathering import Gathered, Reader, gather
from core.settings import get_settings
from db.queries import reminders as queries
from db.queries.reminders import PersonRow
from db.session import read


def compose(actor: Actor, day: date) -> tuple[Digest, ...]:
    """
    Return the digests of *day*, by account; who has nothing waiting and nobody lagging gets none.

    Set by set: what waits is read once for all accounts.

    Raises:
        PermissionDenied: *actor* may not administer the system.
    """
    require(actor, Permission.MANAGE_SYSTEM)
    patience = get_settings().remind_superior_workdays
    with read() as connection:
        people = queries.list_people(connection)
        actors = actors_of_accounts(connection, {one.user_id: (one.login, one.name) for one in people})
        told_by = told_above(day, patience, work_calendar(connection))
    readers = {one.user_id: Reader(actors[one.user_id], one.person_id) for one in people}
    found = gather(readers, day)
    below = _below(people, found, told_by)
    digests = (_digest(one, found[one.user_id], below.get(one.user_id, ()), day, patience) for one in people)
    return tuple(digest for digest in digests if not digest.is_empty)


def _below(people: Sequence[PersonRow], found: Mapping[int, Gathered], told_by: date) -> dict[int, list[Below]]:
    """Return by superior what those directly below him let slip until *told_by*."""
    below: dict[int, list[Below]] = defaultdict(list)
    for one in people:
        if one.superior_id is not None and one.superior_id != one.user_id:
            late = tuple(todo for todo in found[one.user_id].items if _is_told(todo, told_by))
            if late:
                below[one.superior_id].append(Below(one.name, late))
    return below


def _is_told(todo: Todo, told_by: date) -> bool:
    return todo.due_on is not None and todo.due_on <= told_by


def _digest(one: PersonRow, own: Gathered, below: Sequence[Below], day: date, patience: int) -> Digest:
    return Digest(
        one.user_id,
        one.login,
        one.name,
        one.email,
        day,
        own.items,
        own.counts(day),
        tuple(below),
        patience,
    )
