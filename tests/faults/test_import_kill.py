"""An import that is killed while it writes, and readers while a long one writes."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import func, select

from core.domain.terms import Role
from core.services import figures, imports
from db import audit
from db.models import ImportBatch, Project
from db.session import transaction
from tests.factories import SYSTEM, make_actor, make_county
from tests.unit.importers.ledgers import ledger, xlsx

pytestmark = [pytest.mark.faults, pytest.mark.slow]

OFFICE = make_actor(Role.SUPERVISOR)
_VICTIM = """
import os, signal, sys
from core.domain.permissions import system_actor
from core.services import imports
from db import session

def killed(done, total, step):
    if step == "正在写入并核算汇总":
        os.kill(os.getpid(), signal.SIGKILL)

session.use_store(session.open_store(sys.argv[1]))
imports.apply(system_actor(), int(sys.argv[2]), progress=killed)
"""


@pytest.fixture
def city(store):
    with transaction(SYSTEM) as tx:
        make_county(tx, "兰山区")


def preview(count):
    return imports.preview(OFFICE, "ledger", "台账.xlsx", xlsx(ledger(count))).batch_id


def projects(store):
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(Project)).scalar_one()


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_import_killed_while_it_writes_leaves_the_batch_checked(store, store_url, city):
    batch_id = preview(50)
    done = subprocess.run([sys.executable, "-c", _VICTIM, store_url, str(batch_id)], check=False)
    assert done.returncode == -signal.SIGKILL
    with store.read() as connection:
        status, first = connection.execute(select(ImportBatch.status, ImportBatch.first_seq)).one()
        assert audit.verify(connection) is None
    assert (projects(store), status, first) == (0, "checked", None)
    assert imports.apply(OFFICE, batch_id).inserted == 50


def test_readers_answer_within_a_second_while_ten_thousand_rows_are_written(store, city):
    figures.version()
    batch_id = preview(10_000)
    failures = []

    def write():
        try:
            imports.apply(OFFICE, batch_id)
        except Exception as error:
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    slowest, seen = 0.0, set()
    while writer.is_alive():
        started = time.perf_counter()
        figures.version()
        imports.list_batches(OFFICE)
        seen.add(projects(store))
        slowest = max(slowest, time.perf_counter() - started)
        writer.join(0.05)
    assert failures == []
    assert projects(store) == 10_000
    assert seen <= {0, 10_000}
    print(f"slowest answer {slowest:.3f} s")
    assert slowest < 1.0
