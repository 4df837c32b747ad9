"""``migrate`` and ``doctor`` on real stores, and the promises of the ``store`` fixture."""

from argparse import Namespace

import pytest
from sqlalchemy import inspect

from core.commands import _doctor
from core.commands import store as commands
from core.commands._doctor import Level
from core.domain.errors import SettingsError
from core.settings import Settings, get_settings
from db import session
from db.migrate import current_revision, downgrade, head_revision


def test_store_is_migrated_and_the_process_works_on_it(store):
    with session.read() as connection:
        assert current_revision(connection) == head_revision()
        assert "project" in inspect(connection).get_table_names()
    assert session.current_store() is store


def test_clock_of_the_store_is_moved_by_the_test(store, clock):
    assert store.today().isoformat() == "2026-11-22"
    clock.advance(days=9)
    assert store.today().isoformat() == "2026-12-01"


def test_doctor_finds_store_and_schema_in_order(store_url, tmp_path):
    settings = Settings(data_dir=tmp_path, database_url=store_url)
    assert _doctor._check_store(settings).level is Level.GOOD
    assert _doctor._check_schema(settings).text == f"{head_revision()}（当前版本）"


def test_doctor_names_an_old_schema_and_the_fix(store_url, tmp_path):
    settings = Settings(data_dir=tmp_path, database_url=store_url)
    downgrade(store_url, "base", settings)
    finding = _doctor._check_schema(settings)
    assert finding.level is Level.NOTICE
    assert "manage.py migrate" in finding.text


def test_doctor_does_not_create_the_store_it_looks_for(tmp_path):
    settings = Settings(data_dir=tmp_path / "none")
    assert _doctor._check_store(settings).level is Level.NOTICE
    assert _doctor._check_schema(settings).level is Level.NOTICE
    assert not (tmp_path / "none").exists()


def test_doctor_hides_the_password_of_the_store(tmp_path):
    settings = Settings(data_dir=tmp_path, database_url="postgresql://wr:s3cr3t-pass@127.0.0.1:1/wr")
    finding = _doctor._guard("数据库", lambda: _doctor._check_store(settings))
    assert finding.level is Level.BAD
    assert "s3cr3t" not in finding.text


def test_command_on_an_empty_store_brings_it_to_the_current_schema(store, store_url):
    downgrade(store_url, "base")
    commands.require_current_schema()
    with store.read() as connection:
        assert current_revision(connection) == head_revision()


def test_command_on_an_outdated_store_is_refused_and_changes_nothing(store, store_url):
    downgrade(store_url, "0001")
    with pytest.raises(SettingsError, match=r"manage\.py migrate"):
        commands.require_current_schema()
    with store.read() as connection:
        assert current_revision(connection) == "0001"


def test_command_on_a_fresh_machine_makes_folder_and_store(monkeypatch, tmp_path):
    fresh = session.open_store(f"sqlite:///{(tmp_path / 'new/warroom.db').as_posix()}")
    monkeypatch.setattr(session, "_current", fresh)
    commands.require_current_schema()
    with fresh.read() as connection:
        assert current_revision(connection) == head_revision()
    fresh.dispose()


def test_migrate_makes_the_store_and_may_run_again(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("WR_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    try:
        assert commands._migrate(Namespace()) == 0
        assert commands._migrate(Namespace()) == 0
        settings = get_settings()
    finally:
        get_settings.cache_clear()
    assert (tmp_path / "data/warroom.db").exists()
    assert _doctor._check_schema(settings).level is Level.GOOD
    assert capsys.readouterr().out.splitlines() == ["数据库结构已是当前版本。"] * 2
