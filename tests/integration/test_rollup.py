"""Roll-ups equal a recount after any history of writes, day changes included (P12)."""

import os
import random
from datetime import date

from sqlalchemy import select

from core.services import figures
from db import audit, rollup
from db.models.figures import parcel_tally, project_state, tally
from db.session import Store, read, transaction
from tests.conftest import Clock
from tests.factories import SYSTEM, YI, make_county, make_milestone, make_project
from tests.support.histories import RandomHistory

HISTORIES = int(os.environ.get("WR_TEST_HISTORIES", "500"))
STEPS = 4


def _rows(connection: object) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    for table in (project_state, tally, parcel_tally):
        rows = connection.execute(select(table)).all()  # type: ignore[attr-defined]
        # A county that lost its last project keeps a row of zeros; a recount has no row for it.
        keys = len(table.primary_key)
        kept = rows if table is project_state else [row for row in rows if any(row[keys:])]
        found[table.name] = sorted(kept, key=repr)
    return found


def _assert_equal_to_recount() -> None:
    with transaction(SYSTEM) as tx:
        moved = _rows(tx.connection)
        head = audit.lock_head(tx.connection)
        assert head.figures is not None
        rollup.recount(tx.connection, head.figures)
        assert _rows(tx.connection) == moved


def test_rollups_equal_a_recount_after_any_history(store: Store, clock: Clock) -> None:
    histories = HISTORIES if store.is_sqlite else max(10, HISTORIES // 10)
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    city = RandomHistory(seed, clock)
    figures.version()
    for number in range(histories):
        if number % 25 == 24:
            city = RandomHistory(seed + number, clock)
        for _ in range(STEPS):
            city.step()
        _assert_equal_to_recount()
    with read() as connection:
        assert audit.verify(connection) is None


def test_a_day_change_is_noticed_by_the_first_reader(store: Store, clock: Clock) -> None:
    with transaction(SYSTEM) as tx:
        project = make_project(
            tx, make_county(tx), started_on=date(2025, 3, 1), done_yuan=dict.fromkeys(range(1, 11), YI)
        )
        make_milestone(tx, project, planned_on=date(2026, 11, 22), is_key=True)
    first = figures.version()
    assert first.on == date(2026, 11, 22)
    with read() as connection:
        assert connection.execute(select(project_state.c.milestones_overdue)).scalar_one() == 0
    clock.advance(days=1)
    second = figures.version()
    assert (second.on, second.seq) == (date(2026, 11, 23), first.seq + 1)
    with read() as connection:
        assert connection.execute(select(project_state.c.milestones_overdue)).scalar_one() == 1
    assert figures.version() == second
