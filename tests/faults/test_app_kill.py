"""
Every save the running app acknowledged survives kill −9 of its process, with its audit row; sign-ins survive too.

Two processes serve one store: while one is killed and starts again, the other goes on saving.
"""

import os
import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from core.settings import ROOT, Settings
from tests.faults.checker import faults_in
from tests.faults.visitors import Ledger, Saver
from tests.support.streamlit_client import SESSION_COOKIE, sign_in
from tests.support.web import LiveServer, free_port

pytestmark = [pytest.mark.faults, pytest.mark.slow]

ACKS = int(os.environ.get("WR_TEST_APP_ACKS", "1000"))
KILLS = int(os.environ.get("WR_TEST_APP_KILLS", "20"))
SECONDS_FOR_SAVES = 120
ACCOUNTS = (("county", "hq"), ("unit", "county"))  # by server
PASSWORD = "Yunling-2026"

# Loaded by the server's interpreter before the product: a release that forgets to write the audit.
WITHOUT_AUDIT = """
from db import audit
audit.append = lambda connection, head, at, entries: head.seq
"""


@pytest.fixture
def server(demo_folder: Path, tmp_path: Path) -> Iterator[LiveServer]:
    """A server of its own on its own copy of the demo city; not started."""
    shutil.copytree(demo_folder, tmp_path / "data")
    found = LiveServer(Settings(data_dir=tmp_path / "data", port=free_port()), tmp_path / "server.log")
    yield found
    found.kill()


@pytest.fixture
def second(server: LiveServer, tmp_path: Path) -> Iterator[LiveServer]:
    """Another process on the same store; not started."""
    found = LiveServer(Settings(data_dir=server.settings.data_dir, port=free_port()), tmp_path / "second.log")
    yield found
    found.kill()


@contextmanager
def _saving(visits: list[tuple[LiveServer, str]]) -> Iterator[Ledger]:
    ledger = Ledger()
    savers = [Saver(server.url, cookie, ledger, name) for name, (server, cookie) in enumerate(visits)]
    for saver in savers:
        saver.start()
    try:
        yield ledger
    finally:
        for saver in savers:
            saver.stopped.set()
        for saver in savers:
            saver.join(60)


def _differences(url: str, ledger: Ledger) -> list[str]:
    """Return the milestones that do not hold what was typed with the acknowledged version."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    rows = connection.execute("SELECT id, version, forecast_on, forecast_reason FROM milestone").fetchall()
    connection.close()
    stored = {row[0]: row[1:] for row in rows}
    return [
        f"milestone {key}: {stored[key]} stored, {version} {day} {reason} acknowledged"
        for key, (version, day, reason) in ledger.typed.items()
        if stored[key][0] == version and stored[key][1:] != (str(day), reason)
    ]


@pytest.mark.timeout(1800)
def test_no_acknowledged_save_of_the_running_app_is_lost_under_kills(server: LiveServer, second: LiveServer) -> None:
    seed = random.SystemRandom().randrange(10**6)
    dice = random.Random(seed)
    servers = (server, second)
    for each in servers:
        each.start()
    visits = [
        (each, sign_in(each.url, account, PASSWORD))
        for each, accounts in zip(servers, ACCOUNTS, strict=True)
        for account in accounts
    ]
    assert faults_in(server.settings.database_url, []) == []
    begun = time.monotonic()
    with _saving(visits) as ledger:
        for kill in range(1, KILLS + 1):
            ledger.wait_for(ACKS * kill // (KILLS + 1), SECONDS_FOR_SAVES)
            time.sleep(dice.random() * 0.2)  # anywhere inside the next saves
            servers[kill % 2].kill()
            servers[kill % 2].start()
        ledger.wait_for(ACKS, SECONDS_FOR_SAVES)
    for each, cookie in visits:
        answer = httpx.get(f"{each.url}/ledger", cookies={SESSION_COOKIE: cookie}, headers={"Accept": "text/html"})
        assert answer.status_code == 200
    for each in servers:
        each.kill()
    print(f"seed {seed}: {len(ledger.acks)} acknowledged, {KILLS} kills, {ledger.returns} returns,", end=" ")
    print(f"{time.monotonic() - begun:.0f} s")
    assert ledger.errors == []
    assert (len(ledger.acks) >= ACKS, ledger.returns >= KILLS) == (True, True)
    assert faults_in(server.settings.database_url, ledger.acks) == []
    assert _differences(server.settings.database_url, ledger) == []


@pytest.mark.timeout(300)
def test_the_app_test_catches_a_release_without_audit(
    server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_AUDIT, encoding="utf-8")
    server.start()
    cookie = sign_in(server.url, "county", PASSWORD)
    server.kill()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    server.start()
    with _saving([(server, cookie)]) as ledger:
        ledger.wait_for(3, SECONDS_FOR_SAVES)
    server.kill()
    assert ledger.errors == []
    assert [fault for fault in faults_in(server.settings.database_url, ledger.acks) if "audited" in fault]


@pytest.mark.timeout(300)
def test_the_app_test_catches_a_store_that_went_back(server: LiveServer, tmp_path: Path) -> None:
    file = server.settings.data_dir / "warroom.db"
    shutil.copyfile(file, tmp_path / "yesterday.db")
    server.start()
    with _saving([(server, sign_in(server.url, "county", PASSWORD))]) as ledger:
        ledger.wait_for(3, SECONDS_FOR_SAVES)
    server.kill()
    for old in file.parent.glob("warroom.db-*"):
        old.unlink()
    shutil.copyfile(tmp_path / "yesterday.db", file)
    faults = faults_in(server.settings.database_url, ledger.acks)
    assert [fault for fault in faults if "acknowledged" in fault]
