"""Every acknowledged save survives kill −9, with its audit row; the same test catches a mutant."""

import os
import random
from datetime import date

import pytest

from db import audit, session
from tests.factories import SYSTEM, make_county, make_milestone, make_project
from tests.faults import writers
from tests.faults.checker import faults_in

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")]

ACKS = int(os.environ.get("WR_TEST_ACKS", "20000"))
KILLS = int(os.environ.get("WR_TEST_KILLS", "200"))


def new_store_with_milestones(url: str) -> list[int]:
    """Fill the store with one project and 40 milestones, and close it: connections must not cross a fork."""
    store = session.open_store(url)
    with store.transaction(SYSTEM) as tx:
        project = make_project(tx, make_county(tx))
        keys = [make_milestone(tx, project, date(2026, 5, 1), f"节点{number}") for number in range(40)]
    store.dispose()
    return keys


def _seed() -> int:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    return seed


@pytest.mark.timeout(900)
def test_no_acknowledged_save_is_lost_under_kills(sqlite_url: str) -> None:
    toll = writers.run(sqlite_url, new_store_with_milestones(sqlite_url), acks=ACKS, kills=KILLS, seed=_seed())
    print(f"acknowledged {len(toll.acks)}, kills {toll.kills}")
    assert toll.errors == []
    assert (len(toll.acks) >= ACKS, toll.kills >= KILLS) == (True, True)
    assert faults_in(sqlite_url, toll.acks) == []


@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_no_acknowledged_save_is_lost_under_kills_on_postgresql(postgres_url: str) -> None:
    toll = writers.run(
        postgres_url, new_store_with_milestones(postgres_url), acks=ACKS // 20, kills=max(1, KILLS // 20), seed=_seed()
    )
    assert toll.errors == []
    assert faults_in(postgres_url, toll.acks) == []


def _without_immediate() -> None:
    session._begin_sqlite = lambda connection: connection.exec_driver_sql("BEGIN") and None


def _without_audit() -> None:
    audit.append = lambda connection, head, at, entries: head.seq


@pytest.mark.parametrize("mutate", [_without_immediate, _without_audit], ids=["no-immediate", "no-audit"])
def test_the_test_catches_a_mutant(sqlite_url: str, mutate: object) -> None:
    toll = writers.run(
        sqlite_url, new_store_with_milestones(sqlite_url), acks=400, kills=4, seed=_seed(), mutate=mutate
    )  # type: ignore[arg-type]
    assert toll.errors or faults_in(sqlite_url, toll.acks)


def test_the_checker_sees_a_lost_save_and_a_flipped_byte(sqlite_url: str) -> None:
    keys = new_store_with_milestones(sqlite_url)
    assert faults_in(sqlite_url, [(keys[0], 1)]) == []
    assert faults_in(sqlite_url, [(keys[0], 7)]) == [f"milestone {keys[0]}: 7 acknowledged, 1 stored"]
    store = session.open_store(sqlite_url)
    with store.engine.execution_options(warroom_write=True).connect() as connection, connection.begin():
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET new = new || ' ' WHERE seq = 10")
    store.dispose()
    assert faults_in(sqlite_url, []) == ["audit chain broken at 10"]
