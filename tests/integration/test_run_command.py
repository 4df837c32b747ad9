"""What ``run`` does before the server starts."""

import socket
from argparse import ArgumentParser, Namespace

import pytest

from core.commands import run
from core.domain.errors import SettingsError
from core.services import system
from core.settings import Settings, get_settings
from db import session
from db.migrate import current_revision, head_revision


@pytest.fixture
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path):
    """A data folder of this test alone, as the process's settings and store."""
    for name in ("WR_HOST", "WR_PORT"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("WR_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    session.use_store(None)
    yield tmp_path / "data"
    if session._current is not None:
        session._current.dispose()
    session.use_store(None)
    get_settings.cache_clear()


@pytest.fixture
def demo_calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often the demo command ran; the command itself is tested with the demo city."""
    calls: list[str] = []

    def parser() -> ArgumentParser:
        made = ArgumentParser()
        made.add_argument("command")
        made.set_defaults(handler=lambda args: calls.append(args.command) or 0)
        return made

    monkeypatch.setattr(run, "build_parser", parser)
    return calls


def set_demo(value: str) -> None:
    from core.domain.permissions import system_actor
    from db.models.system import Setting

    with session.transaction(system_actor()) as tx:
        tx.insert(Setting, {"key": "demo", "value": value}, reason="test")


def test_first_start_migrates_and_builds_the_demo_city(own_folder, demo_calls):
    run.prepare(with_demo=True)
    assert demo_calls == ["demo"]
    with session.read() as connection:
        assert current_revision(connection) == head_revision()


def test_first_start_without_demo_leaves_the_store_empty(own_folder, demo_calls):
    run.prepare(with_demo=False)
    assert demo_calls == []
    assert system.is_untouched()


@pytest.mark.parametrize("value", ["true", "false"])
def test_later_start_builds_nothing_whether_the_demo_stands_or_was_cleared(own_folder, demo_calls, value):
    run.prepare(with_demo=False)
    set_demo(value)
    run.prepare(with_demo=True)
    assert demo_calls == []


def test_command_line_wins_over_the_settings(own_folder):
    settings = run.chosen_settings("0.0.0.0", "9100")
    assert (settings.host, settings.port) == ("0.0.0.0", 9100)


def test_command_line_is_judged_like_the_settings(own_folder):
    with pytest.raises(SettingsError, match="port：应为整数"):
        run.chosen_settings(None, "http")


def test_port_in_use_is_told_with_another_one_before_anything_is_made(own_folder):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(SettingsError, match=f"run --port {port + 1}"):
            run._run(Namespace(host=None, port=str(port), no_demo=False))
    assert not own_folder.exists()


def test_banner_of_a_real_store_says_address_and_how_to_make_an_account(own_folder):
    run.prepare(with_demo=False)
    lines = run.banner(Settings(data_dir=own_folder, city_name="临江市", public_url="https://wr.local"))
    assert "挂图作战 · 临江市" in lines
    assert "  系统地址：https://wr.local" in lines
    assert "manage.py user add" in "".join(lines)
    assert "演示账号" not in "".join(lines)
