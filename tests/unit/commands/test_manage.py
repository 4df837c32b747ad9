"""The command-line door: old Pythons, restarts inside ``.venv``, errors as sentences, help before anything exists."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

import manage
from core.commands import _venv
from core.domain.errors import NotFound


def test_help_works_with_the_standard_library_alone():
    done = subprocess.run(
        [sys.executable, "-E", "-S", str(manage.ROOT / "manage.py"), "--help"],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "check" in done.stdout
    assert "doctor" in done.stdout


def test_help_is_readable_under_the_posix_locale():
    done = subprocess.run(
        [sys.executable, str(manage.ROOT / "manage.py"), "--help"],
        capture_output=True, check=False, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert "体检" in done.stdout.decode("utf-8")


def test_old_python_gets_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(manage.sys, "version_info", (3, 9, 2))
    assert manage.main(["run"]) == 1
    assert "需要 Python 3.11 或更新版本，当前是 3.9" in capsys.readouterr().err


def test_setup_error_is_printed_and_ends_with_one(monkeypatch, capsys):
    def fail(*_: object) -> None:
        raise _venv.SetupError("缺少 python3-venv")

    monkeypatch.setattr(_venv, "ensure", fail)
    assert manage.main(["doctor"]) == 1
    assert capsys.readouterr().err.strip() == "缺少 python3-venv"


def test_outside_the_environment_the_same_line_runs_inside(monkeypatch):
    restarted = []
    monkeypatch.setattr(_venv, "ensure", lambda *_: None)
    monkeypatch.setattr(_venv.Environment, "is_active", lambda _: False)
    monkeypatch.setattr(manage, "restart", lambda python, argv: restarted.append((python, argv)) or 7)
    assert manage.main(["doctor", "--json"]) == 7
    assert restarted == [(_venv.Environment(manage.ROOT).python, ["doctor", "--json"])]


@pytest.mark.parametrize(("command", "lock"), [("check", "requirements-dev.lock"), ("doctor", "requirements.lock")])
def test_each_command_asks_for_its_lock(monkeypatch, command, lock):
    asked = []
    monkeypatch.setattr(_venv, "ensure", lambda _, lock: asked.append(lock))
    monkeypatch.setattr(_venv.Environment, "is_active", lambda _: False)
    monkeypatch.setattr(manage, "restart", lambda *_: 0)
    manage.main([command])
    assert asked == [lock]


def test_exit_status_of_the_handler_is_kept():
    assert manage.call(SimpleNamespace(handler=lambda _: 2, needs_store=False)) == 2


def test_expected_error_is_told_in_one_sentence(capsys):
    def handler(_: object) -> int:
        raise NotFound("没有这个项目。请核对代码。")

    assert manage.call(SimpleNamespace(handler=handler, needs_store=False)) == 1
    assert capsys.readouterr().err == "没有这个项目。请核对代码。\n"


def test_unexpected_error_is_not_hidden():
    def handler(_: object) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        manage.call(SimpleNamespace(handler=handler, needs_store=False))
