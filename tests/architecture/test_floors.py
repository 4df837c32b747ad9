"""Imports only go down: import-linter, and proof that its contracts bite."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.commands._venv import Environment
from tests.architecture.source import ROOT


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Environment(ROOT).program("lint-imports")
    name = str(program) if program.exists() else shutil.which("lint-imports") or "lint-imports"
    return subprocess.run([name, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_product_keeps_the_floors():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("core/domain/planted.py", "import core.settings", "Imports only go down the floors"),
        ("core/domain/planted.py", "import sqlalchemy", "The domain knows no SQL"),
        ("db/planted.py", "import core.services", "Imports only go down the floors"),
        ("core/services/planted.py", "import pages", "Imports only go down the floors"),
        ("core/services/planted.py", "import streamlit", "Only pages and app.py know the web framework"),
        ("pages/planted.py", "import core.commands", "Imports only go down the floors"),
        ("db/planted.py", "import manage", "Nothing imports the doors"),
    ],
)
def test_planted_breach_is_named(tmp_path, module, line, contract):
    for package in ("core/domain", "core/services", "core/importers", "core/exporters", "core/commands", "db", "pages"):
        folder = tmp_path / package
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    (tmp_path / "core/__init__.py").touch()
    for name in ("settings", "settings_problems", "secret_key"):
        (tmp_path / f"core/{name}.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert lint(tmp_path).returncode == 0
    (tmp_path / module).write_text(line)
    done = lint(tmp_path)
    assert done.returncode == 1
    assert f"{contract}" in done.stdout.partition("Broken contracts")[2]


def test_commands_use_the_standard_library_alone_until_they_run():
    program = "from core.commands import build_parser; build_parser()"
    done = subprocess.run([sys.executable, "-S", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
