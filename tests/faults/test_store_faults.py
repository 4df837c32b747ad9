"""A full disk, a store somebody else holds, a file cut off or read-only: told in Chinese, nothing half-written."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core.commands import _doctor
from core.domain.errors import StoreBusy, StoreUnusable, WarRoomError
from core.services import figures, milestones, system
from core.settings import Settings, get_settings
from db import session
from db.session import Store
from pages import http
from pages.components import state
from pages.components.desk.milestone_panel import VERBS
from pages.components.state import Key
from pages.http.gate import Gate
from pages.http.identity import SESSION_COOKIE
from tests.factories import SYSTEM
from tests.faults.checker import faults_in
from tests.faults.test_kill import new_store_with_milestones
from tests.support.screens import OpenScreen

pytestmark = [pytest.mark.faults]

WRITE_POINTS = 20
FRAME_BYTES = 4096 + 24  # one page in the write-ahead log
HOLDER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.rollback()
"""
REASON = "接口方案调整，预计顺延"


@contextlib.contextmanager
def _opened(url: str) -> Iterator[Store]:
    store = session.open_store(url)
    session.use_store(store)
    try:
        yield store
    finally:
        session.use_store(None)
        store.dispose()


def _save(key: int, days: int = 30, reason: str = REASON) -> tuple[int, int]:
    """Save a forecast and return what was acknowledged."""
    version = milestones.detail(SYSTEM, key).row.version
    day = session.current_store().today() + timedelta(days=days)
    return key, milestones.forecast(SYSTEM, key, day, reason, version)


def _use_everything(keys: list[int]) -> None:
    for key in keys:
        milestones.my_list(SYSTEM, milestones.MilestoneFilter())
        _save(key)


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _log_bytes(url: str) -> int:
    log = Path(f"{_path(url)}-wal")
    return log.stat().st_size if log.exists() else 0


# ---- no room


@contextlib.contextmanager
def _file_limit(url: str, rest: int) -> Iterator[None]:
    """No file of this process may grow beyond the write-ahead log's size plus *rest* bytes."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(_log_bytes(url), 1) + rest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def _ballast(url: str, rest: int) -> Iterator[None]:
    """Fill the disk of the store up to *rest* bytes."""
    folder = _path(url).parent
    free = shutil.disk_usage(folder).free
    file = folder / "ballast"
    with file.open("wb") as out:
        out.write(bytes(max(0, free - rest)))
    try:
        yield
    finally:
        file.unlink()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 8 MiB."""
    folder = Path(tempfile.mkdtemp(prefix="wr-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    is_mounted = os.name == "posix" and os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    if not is_mounted:
        folder.rmdir()
        pytest.skip("only root can make a small disk; the file limit covers the same write points")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def _check_refusal(error: WarRoomError) -> None:
    assert type(error) is StoreUnusable, repr(error.__cause__)
    assert "没有保存" in error.user_message
    assert "磁盘" in error.user_message


def _fill_at_every_write_point(url: str, squeeze: Callable[[str, int], contextlib.AbstractContextManager[None]]) -> int:
    """Squeeze the room to 0, 1, 2 … frames and save; return how many saves were refused."""
    keys = new_store_with_milestones(url)
    acks, refused = [], 0
    for point in range(WRITE_POINTS):
        with _opened(url):
            figures.version()
            acks.append(_save(keys[point], 5))  # brings the log into being
            with squeeze(url, point * FRAME_BYTES + 100):
                before = system.data_version()
                try:
                    acks.append(_save(keys[point], 40 + point, REASON * 15))
                except WarRoomError as error:
                    _check_refusal(error)
                    assert (system.data_version(), figures.version().seq) == (before, before)
                    refused += 1
            acks.append(_save(keys[point], 200 + point))  # room again: goes on without a restart
        assert faults_in(url, acks) == []
    return refused


@pytest.mark.skipif(os.name != "posix", reason="needs RLIMIT_FSIZE")
def test_full_at_every_write_point_is_told_and_nothing_is_half_written(sqlite_url: str) -> None:
    refused = _fill_at_every_write_point(sqlite_url, _file_limit)
    assert 5 <= refused < WRITE_POINTS


def test_full_disk_is_told_and_nothing_is_half_written(sqlite_url: str, small_disk: Path) -> None:
    shutil.copyfile(_path(sqlite_url), small_disk / "warroom.db")
    refused = _fill_at_every_write_point(f"sqlite:///{(small_disk / 'warroom.db').as_posix()}", _ballast)
    assert 1 <= refused < WRITE_POINTS


# ---- held by somebody else


@contextlib.contextmanager
def _held(url: str, seconds: float) -> Iterator[None]:
    """Another process holds the store's write lock for *seconds* (file locks do not count within one process)."""
    command = [sys.executable, "-c", HOLDER, str(_path(url)), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            holder.kill()


def test_save_waits_for_a_foreign_lock_and_reads_go_on(sqlite_url: str) -> None:
    keys = new_store_with_milestones(sqlite_url)
    acks, reads = [], []
    with _opened(sqlite_url), _held(sqlite_url, 3):
        figures.stored_version()
        begun = time.monotonic()
        saver = threading.Thread(target=lambda: acks.append(_save(keys[0])))
        saver.start()
        while saver.is_alive() and time.monotonic() - begun < 20:
            read_at = time.monotonic()
            assert milestones.detail(SYSTEM, keys[1]).row.version == 1
            reads.append(time.monotonic() - read_at)
            saver.join(0.02)
        waited = time.monotonic() - begun
    assert acks == [(keys[0], 2)]
    assert 2.5 < waited < 15
    assert len(reads) > 20
    assert max(reads) < 1.5
    assert faults_in(sqlite_url, acks) == []


def test_lock_held_too_long_is_told_to_everyone_who_waits(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = new_store_with_milestones(sqlite_url)
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.6)
    told: list[str] = []

    def try_to_save(key: int) -> None:
        with pytest.raises(StoreBusy) as refusal:
            _save(key)
        told.append(refusal.value.user_message)

    with _opened(sqlite_url):
        with _held(sqlite_url, 30):
            savers = [threading.Thread(target=try_to_save, args=(key,)) for key in keys[:4]]
            begun = time.monotonic()
            for saver in savers:
                saver.start()
            for saver in savers:
                saver.join(20)
            waited = time.monotonic() - begun
        acks = [_save(key) for key in keys[:4]]
    assert told == ["系统正忙，本次内容尚未保存。请保留页面，稍后再次点击保存。"] * 4
    assert waited < 10
    assert acks == [(key, 2) for key in keys[:4]]
    assert faults_in(sqlite_url, acks) == []


def test_screen_keeps_what_was_typed_while_the_store_is_held(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, open_screen: OpenScreen
) -> None:
    key, *_ = new_store_with_milestones(sqlite_url)
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.3)
    form = state.variant(Key.MILESTONE_FORM, "forecast", "text", key, 1)
    with _opened(sqlite_url):
        figures.version()
        screen = open_screen("project/milestones.py", SYSTEM)
        screen.session_state[Key.MILESTONE_OPEN.value] = milestones.detail(SYSTEM, key)
        screen.run()
        day = state.variant(Key.MILESTONE_FORM, "forecast", "day", key, 1)
        screen.date_input(key=day).set_value(session.current_store().today() + timedelta(days=30))
        screen.text_area(key=form).set_value(REASON)
        button = next(item for item in screen.button if item.label == VERBS["forecast"].button)
        with _held(sqlite_url, 30):
            button.click().run()
            assert [box.value for box in screen.error] == ["系统正忙，本次内容尚未保存。请保留页面，稍后再次点击保存。"]
            assert screen.text_area(key=form).value == REASON
        next(item for item in screen.button if item.label == VERBS["forecast"].button).click().run()
        assert not screen.error
        row = milestones.detail(SYSTEM, key).row
        assert (row.version, row.forecast_reason) == (2, REASON)


# ---- the file itself


@pytest.fixture
def settings(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("WR_DATABASE_URL", sqlite_url)
    get_settings.cache_clear()
    yield get_settings()
    get_settings.cache_clear()


def _findings(name: str) -> tuple[_doctor.Level, str]:
    found = next(finding for finding in _doctor.examine() if finding.name == name)
    return found.level, found.text


@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_file_cut_off_is_told_by_the_doctor_and_every_service(sqlite_url: str, settings: Settings, part: float) -> None:
    keys = new_store_with_milestones(sqlite_url)
    assert _findings("数据库")[0] is _doctor.Level.GOOD
    file = _path(sqlite_url)
    os.truncate(file, int(file.stat().st_size * part))
    level, text = _findings("数据库")
    assert level is _doctor.Level.BAD
    assert "已损坏" in text
    assert "manage.py restore" in text
    with _opened(sqlite_url), pytest.raises(StoreUnusable, match="无法读取"):
        _use_everything(keys)


def test_file_that_is_no_store_is_told(sqlite_url: str, settings: Settings) -> None:
    _path(sqlite_url).write_text("这不是数据库" * 4000, encoding="utf-8")
    assert _findings("数据库")[0] is _doctor.Level.BAD
    assert "已损坏" in _findings("数据库")[1]
    with _opened(sqlite_url), pytest.raises(StoreUnusable, match="无法读取"):
        system.data_version()


def test_read_only_file_is_read_and_a_save_is_refused(sqlite_url: str) -> None:
    key, *_ = new_store_with_milestones(sqlite_url)
    with _opened(f"sqlite:///file:{_path(sqlite_url).as_posix()}?mode=ro&uri=true"):
        assert milestones.detail(SYSTEM, key).row.version == 1
        with pytest.raises(StoreUnusable) as refusal:
            _save(key)
    assert "没有保存" in refusal.value.user_message
    assert "只读" in refusal.value.user_message
    assert faults_in(sqlite_url, []) == []


def test_read_only_file_is_told_by_the_doctor(
    sqlite_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_doctor, "_is_writable", lambda path: path != _path(sqlite_url))
    level, text = _findings("数据库")
    assert level is _doctor.Level.BAD
    assert "不可写" in text


def test_damaged_store_is_told_at_every_door(sqlite_url: str) -> None:
    new_store_with_milestones(sqlite_url)
    _path(sqlite_url).write_bytes(b"\0" * 8192)
    routes = http.routes()
    app = Starlette(routes=routes, middleware=[Middleware(Gate, routes=routes)])
    with _opened(sqlite_url), TestClient(app, base_url="http://127.0.0.1:8501") as client:
        health = client.get("/healthz")
        assert (health.status_code, health.json()["status"]) == (503, "store does not answer")
        assert "数据库无法读取" in health.json()["message"]
        client.cookies.set(SESSION_COOKIE, "x" * 43)
        for path in ("/", "/login", "/ledger", "/wall?key=abc"):
            answer = client.get(path, headers={"accept": "text/html"}, follow_redirects=False)
            assert (answer.status_code, "数据库无法读取" in answer.text) == (503, True), path
