"""The bootstrap of ``.venv``, without a network: commands are recorded instead of run."""

import json
import sys
from pathlib import Path

import pytest

from core.commands import DEV_LOCK, RUNTIME_LOCK, _venv
from core.commands._venv import Environment, SetupError

SERIES = f"{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    (tmp_path / RUNTIME_LOCK).write_text("a==1 \\\n    --hash=sha256:00\nb==2 ; python_version > '3'\n")
    (tmp_path / DEV_LOCK).write_text("a==1\nb==2\npytest==9\n")
    return Environment(tmp_path, windows=False)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, environment: Environment) -> list[list[str]]:
    """Every command that would run; making the environment leaves a program behind as the real one does."""
    recorded: list[list[str]] = []

    def run(command: list[str], failure: str, total: int = 0) -> None:
        recorded.append(list(command))
        if command[1:3] == ["-m", "venv"]:
            environment.python.parent.mkdir(parents=True)
            environment.python.touch()

    monkeypatch.setattr(_venv, "_run", run)
    monkeypatch.setattr(_venv, "_has_pip", lambda _: True)
    monkeypatch.setattr(_venv, "installed_series", lambda e: SERIES if e.python.exists() else "")
    return recorded


def test_paths_on_posix_are_in_bin():
    environment = Environment(Path("/srv/wr"), windows=False)
    assert environment.python == Path("/srv/wr/.venv/bin/python")
    assert environment.program("lint-imports") == Path("/srv/wr/.venv/bin/lint-imports")


def test_paths_on_windows_are_in_scripts_with_exe():
    environment = Environment(Path("C:/wr"), windows=True)
    assert environment.python == Path("C:/wr/.venv/Scripts/python.exe")
    assert environment.program("lint-imports") == Path("C:/wr/.venv/Scripts/lint-imports.exe")


def test_first_start_makes_venv_installs_with_hashes_and_stamps(environment, commands):
    _venv.ensure(environment, RUNTIME_LOCK)
    assert commands[0] == [sys.executable, "-m", "venv", "--clear", str(environment.folder)]
    assert commands[1][:4] == [str(environment.python), "-m", "pip", "install"]
    assert commands[1][-3:] == ["--require-hashes", "-r", str(environment.root / RUNTIME_LOCK)]
    assert "--no-index" not in commands[1]
    stamp = json.loads((environment.folder / _venv.STAMP_NAME).read_text())
    assert stamp == {"python": SERIES, "locks": {RUNTIME_LOCK: _venv.lock_hash(environment.root, RUNTIME_LOCK)}}


def test_second_start_runs_nothing(environment, commands):
    _venv.ensure(environment, RUNTIME_LOCK)
    commands.clear()
    _venv.ensure(environment, RUNTIME_LOCK)
    assert commands == []


def test_changed_lock_syncs_again_without_making_anew(environment, commands):
    _venv.ensure(environment, RUNTIME_LOCK)
    commands.clear()
    (environment.root / RUNTIME_LOCK).write_text("a==2\n")
    _venv.ensure(environment, RUNTIME_LOCK)
    assert [command[2] for command in commands] == ["pip"]
    assert _venv.is_synced(environment, RUNTIME_LOCK)


def test_other_line_ends_of_the_same_lock_are_no_change(environment, commands):
    _venv.ensure(environment, RUNTIME_LOCK)
    lock = environment.root / RUNTIME_LOCK
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    assert _venv.is_synced(environment, RUNTIME_LOCK)


def test_developers_lock_serves_the_runtime_too(environment, commands):
    _venv.ensure(environment, DEV_LOCK)
    assert _venv.is_synced(environment, RUNTIME_LOCK)


def test_runtime_lock_does_not_serve_developers(environment, commands):
    _venv.ensure(environment, RUNTIME_LOCK)
    assert not _venv.is_synced(environment, DEV_LOCK)


def test_failed_installation_leaves_no_stamp(environment, commands, monkeypatch):
    def fail(*_: object) -> None:
        raise SetupError("x")

    monkeypatch.setattr(_venv, "_install", fail)
    with pytest.raises(SetupError):
        _venv.ensure(environment, RUNTIME_LOCK)
    assert not _venv.is_synced(environment, RUNTIME_LOCK)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"python": 1}', '{"python": "3.11", "locks": []}'])
def test_damaged_stamp_counts_as_none(environment, commands, content):
    _venv.ensure(environment, RUNTIME_LOCK)
    (environment.folder / _venv.STAMP_NAME).write_text(content)
    assert not _venv.is_synced(environment, RUNTIME_LOCK)


def test_environment_of_another_python_is_made_anew(environment, commands, monkeypatch):
    _venv.ensure(environment, RUNTIME_LOCK)
    commands.clear()
    environment.python.unlink()
    environment.python.parent.rmdir()
    series = iter(["3.12", "3.12"])
    monkeypatch.setattr(_venv, "installed_series", lambda _: next(series, SERIES))
    _venv.ensure(environment, RUNTIME_LOCK)
    assert [command[2] for command in commands] == ["venv", "pip"]


def test_environment_without_pip_gets_it(environment, commands, monkeypatch):
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    monkeypatch.setattr(_venv, "_has_pip", lambda _: False)
    _venv.ensure(environment, RUNTIME_LOCK)
    assert [command[2] for command in commands] == ["ensurepip", "pip"]


def test_wheelhouse_is_used_without_the_network(environment, commands):
    (environment.root / "wheelhouse").mkdir()
    _venv.ensure(environment, RUNTIME_LOCK)
    pip = commands[-1]
    at = pip.index("--no-index")
    assert pip[at : at + 3] == ["--no-index", "--find-links", str(environment.root / "wheelhouse")]
    assert "--require-hashes" in pip


def test_missing_ensurepip_says_the_line_to_type(environment, commands, monkeypatch):
    monkeypatch.setattr(_venv.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(SetupError, match=r"组件|python3-venv"):
        _venv.ensure(environment, RUNTIME_LOCK)
    assert commands == []


def test_message_on_debian_names_the_package():
    message = _venv.missing_venv_message("3.11", is_debian=True)
    assert message.splitlines()[-1].strip() == "sudo apt-get install -y python3-venv"


def test_message_elsewhere_names_the_python():
    message = _venv.missing_venv_message("3.11", is_debian=False)
    assert "apt-get" not in message
    assert "Python 3.11" in message


def test_failing_command_shows_its_last_lines_and_the_advice():
    program = "print('line one'); print('cause of it'); raise SystemExit(3)"
    with pytest.raises(SetupError) as caught:
        _venv._run([sys.executable, "-c", program], "安装组件失败。")
    assert str(caught.value).splitlines() == ["line one", "cause of it", "", "安装组件失败。"]


def test_progress_counts_components(capsys):
    program = "for i in range(40): print('Collecting', i)\nprint('Installing collected packages: x')"
    _venv._run([sys.executable, "-c", program], "", total=40)
    assert capsys.readouterr().out.splitlines() == [
        "  已准备 20/40",
        "  已准备 40/40",
        "  下载完成，正在写入 .venv…",
    ]


def test_series_of_a_python_that_does_not_start_is_empty(tmp_path):
    assert _venv.installed_series(Environment(tmp_path, windows=False)) == ""
