"""Facts as they were known on a past day: today's equal the present ones, later facts leave the past alone."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.domain.facts import ProjectFacts
from core.domain.period import AsOf, Month
from core.domain.terms import MatterStatus, ReportStatus
from db.models import (
    LifecycleEvent,
    ListMembership,
    Matter,
    MatterEvent,
    Milestone,
    MilestoneBaseline,
    ParcelUse,
    Project,
)
from db.queries.facts import load_facts_between
from db.queries.facts_history import load_facts_at
from db.seed.demo import build
from db.seed.scaled import build_scaled
from db.session import Store, read, transaction
from tests.conftest import Clock
from tests.factories import (
    SYSTEM,
    YI,
    make_county,
    make_milestone,
    make_parcel,
    make_problem,
    make_project,
    make_report,
)
from tests.support.histories import RandomHistory

EVERY = (1, 1_000_000)
DAY = AsOf(date(2026, 10, 31), Month(2026, 10))
BEFORE = datetime(2026, 9, 20, 2, 0, tzinfo=UTC)
AFTER = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)  # midnight in Shanghai: the first moment of 1 November


def _facts(project_id: int, as_of: AsOf = DAY, *, hindsight: bool = False) -> ProjectFacts:
    with read() as connection:
        (found,) = load_facts_at(connection, project_id, project_id, as_of, hindsight=hindsight)
    return found.facts


def test_facts_at_today_equal_present_facts_after_any_history(store: Store, clock: Clock) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    for number in range(20 if store.is_sqlite else 5):
        city = RandomHistory(seed + number, clock, latest=0)
        for _ in range(12):
            city.step()
        with read() as connection:
            today = store.as_of()
            assert load_facts_at(connection, *EVERY, today) == load_facts_between(connection, *EVERY, today)


def test_facts_at_today_equal_present_facts_of_the_demo_city(store: Store) -> None:
    build(store)
    with read() as connection:
        today = store.as_of()
        present = load_facts_between(connection, *EVERY, today)
        assert len(present) > 100
        assert load_facts_at(connection, *EVERY, today) == present


@pytest.fixture
def project(store: Store, clock: Clock) -> int:
    """A project with a bit of everything, written on 1 September 2026."""
    clock.now = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
    with transaction(SYSTEM) as tx:
        county = make_county(tx)
        project_id = make_project(tx, county, started_on=date(2025, 3, 1), prior_year=2024)
        make_report(tx, project_id, 9, 4 * YI, submitted_at=BEFORE)
        make_report(tx, project_id, 12, 2 * YI, year=2025, submitted_at=BEFORE)
        make_milestone(tx, project_id, date(2026, 9, 15), is_key=True)
        make_problem(tx, project_id, raised_on=date(2026, 9, 1), due_on=date(2026, 10, 1))
        make_parcel(tx, county, project_id)
    return project_id


def _move(tx: Any, project_id: int) -> None:
    key = tx.connection.execute(Milestone.__table__.select()).mappings().one()["id"]
    tx.update(Milestone, key, {"planned_on": date(2027, 3, 1), "moves": 1}, expected_version=1)
    tx.insert(
        MilestoneBaseline,
        {
            "milestone_id": key,
            "number": 1,
            "planned_on": date(2027, 3, 1),
            "previous_on": date(2026, 9, 15),
            "days": 167,
            "set_at": tx.at,
        },
    )


def _suspend(tx: Any, project_id: int) -> None:
    tx.update(Project, project_id, {"suspended_on": date(2026, 11, 5)}, expected_version=1)
    tx.insert(
        LifecycleEvent,
        {"project_id": project_id, "kind": "suspended", "happened_on": date(2026, 11, 5), "recorded_at": tx.at},
    )


def _escalate(tx: Any, project_id: int) -> None:
    key = tx.connection.execute(Matter.__table__.select()).mappings().one()["id"]
    tx.update(Matter, key, {"is_escalated": True}, expected_version=1)
    tx.insert(MatterEvent, {"matter_id": key, "kind": MatterStatus.ESCALATED.value, "happened_at": tx.at})


def _close(tx: Any, project_id: int) -> None:
    key = tx.connection.execute(Matter.__table__.select()).mappings().one()["id"]
    tx.update(Matter, key, {"closed_on": date(2026, 11, 2)}, expected_version=None)


def _leave(tx: Any, project_id: int) -> None:
    key = tx.connection.execute(ListMembership.__table__.select()).mappings().one()["id"]
    tx.update(ListMembership, key, {"left_on": date(2026, 11, 1)}, expected_version=1)


def _use_plot(tx: Any, project_id: int) -> None:
    county = tx.connection.execute(Project.__table__.select()).mappings().one()["county_id"]
    parcel = make_parcel(tx, county, west=105.0)
    tx.insert(ParcelUse, {"parcel_id": parcel, "project_id": project_id, "from_on": date(2026, 11, 1)})


# Changes of the only node and problem come before a second one is added.
LATER: dict[str, Callable[[Any, int], object]] = {
    "report": lambda tx, key: make_report(tx, key, 10, YI, submitted_at=AFTER),
    "report_of_an_earlier_year": lambda tx, key: make_report(tx, key, 11, YI, year=2025, submitted_at=AFTER),
    "move": _move,
    "escalation": _escalate,
    "node": lambda tx, key: make_milestone(tx, key, date(2026, 10, 1), "封底", is_key=True),
    "suspension": _suspend,
    "leaving": _leave,
    "plot": _use_plot,
    "closing": _close,
    "problem": lambda tx, key: make_problem(tx, key, raised_on=date(2026, 11, 1)),
}


@pytest.mark.parametrize("later", LATER)
def test_facts_of_a_past_day_ignore_what_came_later(project: int, clock: Clock, later: str) -> None:
    before = _facts(project)
    clock.now = AFTER + timedelta(days=5)
    with transaction(SYSTEM) as tx:
        LATER[later](tx, project)
    assert _facts(project) == before
    with read() as connection:
        (now,) = load_facts_between(connection, project, project, AsOf(date(2026, 11, 6), Month(2026, 10)))
    assert now.facts != before


def test_facts_of_a_past_day_hold_what_was_known_then(project: int, clock: Clock) -> None:
    clock.now = AFTER + timedelta(days=5)
    with transaction(SYSTEM) as tx:
        for later in LATER.values():
            later(tx, project)
    facts = _facts(project)
    assert facts.year_class is not None
    assert facts.month_done_yuan[8:10] == (4 * YI, None)
    assert facts.prior_done_yuan == 2 * YI
    assert [(node.planned_on, node.actual_on) for node in facts.milestones] == [(date(2026, 9, 15), None)]
    assert (facts.problems_open, facts.problems_overdue, facts.problems_overdue_escalated) == (1, 1, 0)
    assert facts.land_sqm == 66_667


def test_facts_before_a_second_suspension_know_the_first_one(store: Store) -> None:
    stops = {"suspended_on": date(2026, 8, 1), "resumed_on": date(2026, 9, 1)}
    events = [("suspended", date(2026, 2, 1)), ("resumed", date(2026, 4, 1))]
    events += [("suspended", date(2026, 8, 1)), ("resumed", date(2026, 9, 1))]
    with transaction(SYSTEM) as tx:
        project_id = make_project(tx, make_county(tx), started_on=date(2025, 3, 1), **stops)
        for kind, day in events:
            tx.insert(
                LifecycleEvent,
                {"project_id": project_id, "kind": kind, "happened_on": day, "recorded_at": tx.at},
            )
    march = _facts(project_id, AsOf(date(2026, 3, 31), Month(2026, 3)))
    may = _facts(project_id, AsOf(date(2026, 5, 31), Month(2026, 5)))
    assert (march.suspended_on, march.resumed_on) == (date(2026, 2, 1), None)
    assert (may.suspended_on, may.resumed_on) == (date(2026, 2, 1), date(2026, 4, 1))


def test_facts_with_hindsight_count_what_was_entered_later(project: int, clock: Clock) -> None:
    clock.now = AFTER + timedelta(days=5)
    with transaction(SYSTEM) as tx:
        LATER["report"](tx, project)
        _move(tx, project)
    facts = _facts(project, hindsight=True)
    assert facts.month_done_yuan[8:10] == (4 * YI, YI)
    assert [node.planned_on for node in facts.milestones] == [date(2027, 3, 1)]


def test_facts_at_need_the_same_number_of_statements_for_any_number_of_projects(sqlite_store: Store) -> None:
    build_scaled(sqlite_store, 120)
    counts = []
    with read() as connection:
        raw: list[str] = []
        driver = connection.connection.dbapi_connection
        driver.set_trace_callback(raw.append)
        for last in (5, 1_000_000):
            raw.clear()
            found = load_facts_at(connection, 1, last, DAY)
            counts.append((len(found) > 5, len(raw)))
        driver.set_trace_callback(None)
    assert counts[0][1] == counts[1][1]
    assert counts[1][0]


def test_a_report_returned_by_then_does_not_count(project: int) -> None:
    with transaction(SYSTEM) as tx:
        make_report(tx, project, 8, YI, status=ReportStatus.RETURNED, submitted_at=BEFORE)
    assert _facts(project).month_done_yuan[7] is None
