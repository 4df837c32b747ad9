"""System parts: what apt is asked for, what the user is told, when a missing part is a failure."""

import tomllib

import pytest

from core.commands import _system, quality
from core.commands._system import Part, Plan
from core.commands.quality import ROOT

MISSING = Part("chromium", "浏览器测试", lambda: False)
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", "chromium", "postgresql")


def test_plan_for_root_installs_then_refreshes_the_list_and_installs_again():
    plan = _system.plan(["chromium", "postgresql"], has_apt=True, is_root=True)
    assert plan.commands == (INSTALL, ("apt-get", "update"), INSTALL)


def test_plan_for_others_is_one_line_to_type():
    plan = _system.plan(["chromium", "postgresql"], has_apt=True, is_root=False)
    assert plan.commands == ()
    assert plan.line_to_type == "sudo apt-get update && sudo apt-get install -y chromium postgresql"


def test_plan_without_apt_names_the_parts():
    plan = _system.plan(["chromium"], has_apt=False, is_root=True)
    assert plan.commands == ()
    assert "chromium" in plan.line_to_type
    assert "apt-get" not in plan.line_to_type


def test_plan_for_nothing_is_empty():
    assert _system.plan([], has_apt=True, is_root=True) == Plan((), "")


def test_update_runs_only_when_the_first_attempt_failed(monkeypatch):
    ran: list[str] = []
    monkeypatch.setattr(_system, "_apt", lambda command: ran.append(command[1]) or True)
    assert _system.carry_out(_system.plan(["x"], has_apt=True, is_root=True))
    assert ran == ["install"]


def test_failed_first_attempt_refreshes_and_repeats(monkeypatch):
    ran: list[str] = []
    answers = iter([False, True, True])
    monkeypatch.setattr(_system, "_apt", lambda command: ran.append(command[1]) or next(answers))
    assert _system.carry_out(_system.plan(["x"], has_apt=True, is_root=True))
    assert ran == ["install", "update", "install"]


def test_missing_part_is_named_with_the_line_to_type(monkeypatch, capsys):
    monkeypatch.setattr(_system, "PARTS", (MISSING,))
    monkeypatch.setattr(_system, "is_root", lambda: False)
    monkeypatch.setattr(_system.shutil, "which", lambda name: "/usr/bin/apt-get")
    assert _system.provide() == (MISSING,)
    out = capsys.readouterr().out
    assert "缺少 chromium（浏览器测试）" in out
    assert "sudo apt-get update && sudo apt-get install -y chromium" in out


def test_nothing_missing_runs_and_prints_nothing(monkeypatch, capsys):
    monkeypatch.setattr(_system, "PARTS", (Part("x", "y", lambda: True),))
    monkeypatch.setattr(_system, "_apt", lambda _: pytest.fail("apt was called"))
    assert _system.provide() == ()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("value", "expected"), [("true", "1"), ("1", "1"), ("false", None), ("", None)])
def test_missing_parts_fail_only_in_ci(value, expected):
    assert quality.test_environment({"CI": value}).get(_system.REQUIRE_PARTS) == expected


def test_words_behind_test_go_to_pytest_untouched():
    from core.commands import build_parser

    arguments = build_parser().parse_args(["test", "-k", "flag and not slow", "-x", "--lf", "tests/unit", "-h"])
    assert arguments.pytest_args == ["-k", "flag and not slow", "-x", "--lf", "tests/unit", "-h"]


def test_check_runs_all_four_and_fails_when_one_fails(monkeypatch, capsys):
    from types import SimpleNamespace

    ran: list[tuple[str, ...]] = []

    def run(command, **_):
        ran.append(command)
        return SimpleNamespace(returncode=1 if "mypy" in command else 0)

    monkeypatch.setattr(quality.subprocess, "run", run)
    assert quality._check(SimpleNamespace()) == 1
    assert [command[2] if command[1] == "-m" else command[0].rpartition("/")[2] for command in ran] == [
        "ruff",
        "ruff",
        "mypy",
        "lint-imports",
    ]
    assert capsys.readouterr().out.splitlines()[-1] == "── 未通过：mypy"


def test_two_runs_hold_every_folder_of_tests_once():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    together, alone = quality.test_runs([])
    assert sorted(word for word in (*together, *alone) if word.startswith("tests/")) == sorted(options["testpaths"])
    assert "-n" not in alone


def test_words_behind_test_go_to_one_run_untouched():
    assert quality.test_runs(["-k", "wall", "-x"]) == (("-k", "wall", "-x"),)
