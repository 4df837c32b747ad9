"""P12: the recount of all roll-ups, and that it finds them as the saves left them."""

import time
from collections.abc import Iterator

from sqlalchemy import select

from core.services import figures
from db.models.figures import project_state, tally
from db.session import Store
from tests.bench.harness import Figure
from tests.factories import SYSTEM


def _sums(store: Store) -> list[tuple[object, ...]]:
    with store.read() as connection:
        rows = connection.execute(select(tally)).all()
        states = connection.execute(select(project_state.c.project_id, project_state.c.urgency)).all()
    return sorted([tuple(row) for row in rows if any(row[3:])], key=repr) + sorted(tuple(row) for row in states)


def figures_of(store: Store, projects: int) -> Iterator[Figure]:
    """Yield the time of a recount and whether it changed anything."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    before = _sums(store)
    start = time.perf_counter()
    figures.recount(SYSTEM)
    seconds = time.perf_counter() - start
    equal = before == _sums(store)
    yield Figure("P12 recount", kind, projects, seconds, "s")
    yield Figure("P12 roll-ups equal the recount", kind, projects, float(equal), "1 = equal", goal="1", ok=equal)
