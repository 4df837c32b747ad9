"""What waits for many readers at once: each source is read a single time and its rows are dealt out by owner."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TypeVar

from core.domain.permissions import Actor
from core.domain.scope import Scope
from core.domain.todo import Todo, TodoCounts, counts_of, order, soon
from core.services import figures
from core.services.sponsors.owing import owed_by_person
from core.services.todos.reading import asked_of
from db.queries import todos
from db.queries.todo_sources import SOURCES
from db.queries.todos import Source, TodoRow
from db.session import read

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with a list: the actor, and the person of the ledger who signs in with the account."""

    actor: Actor
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What waits for one reader up to the end of the near week, and what has no deadline; in the order of the list."""

    items: tuple[Todo, ...]

    def counts(self, today: date) -> TodoCounts:
        """Return how many there are by how near their deadline is."""
        return counts_of(self.items, today)


def gather(readers: Mapping[K, Reader], today: date) -> dict[K, Gathered]:
    """
    Return what waits for each of *readers*: the same as each would see on the screen, without what is due later.

    One statement for each source, whatever the number of readers.
    """
    figures.version()
    found: dict[K, list[Todo]] = {key: [] for key in readers}
    with read() as connection:
        owed = tuple(sorted(owed_by_person(connection, today).items()))
        asked = asked_of(Scope.all(), soon(today), by_owner=True, today=today, owed_visits=owed)
        for source in SOURCES:
            open_to = {key: reader for key, reader in readers.items() if source.is_open_to(reader.actor)}
            if open_to:
                rows = list(todos.stream_rows(connection, source, asked))
                _deal(source, rows, open_to, found)
    return {key: Gathered(tuple(sorted(items, key=order))) for key, items in found.items()}


def _deal(source: Source, rows: list[TodoRow], readers: Mapping[K, Reader], found: dict[K, list[Todo]]) -> None:
    """Add to *found* what each reader has of *rows*; a row is put into words once, readers of one scope share it."""
    owners = _Owners(rows)
    worded: dict[int, Todo] = {}
    for key, reader in readers.items():
        places = [
            place for place in owners.places(reader) if source.reaches(reader.actor, reader.person_id, rows[place])
        ]
        if source.is_summed:
            found[key] += [source.todo(todos.summed([rows[place] for place in places]))] if places else []
            continue
        for place in places:
            if place not in worded:
                worded[place] = source.todo(rows[place])
            found[key].append(worded[place])


class _Owners:
    """Where the rows of each county, headquarters, unit and person stand."""

    def __init__(self, rows: list[TodoRow]) -> None:
        self._all = range(len(rows))
        self._by = {name: _places(rows, name) for name in ("county_id", "headquarters_id", "unit_id", "person_id")}

    def places(self, reader: Reader) -> Iterable[int]:
        """Return the rows that may be the reader's, each once, in their order."""
        scope = reader.actor.scope
        if scope.everything:
            return self._all
        person = () if reader.person_id is None else (reader.person_id,)
        keys = (scope.county_ids, scope.headquarters_ids, scope.unit_ids, person)
        named = zip(self._by.values(), keys, strict=True)
        return sorted({place for by_key, ids in named for key in ids for place in by_key.get(key, ())})


def _places(rows: list[TodoRow], name: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    owner = attrgetter(name)
    for place, row in enumerate(rows):
        key = owner(row)
        if key is not None:
            found[key].append(place)
    return found
