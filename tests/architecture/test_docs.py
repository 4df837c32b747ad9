"""Documents that cannot rot: settings, commands, locks, theme."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from core.commands import build_parser
from core.settings import Settings
from tests.architecture.source import ROOT, product_files, tree_of

LOCKS = ("requirements.lock", "requirements-dev.lock")


def settings_in_docs() -> dict[str, str]:
    """Return field → documented default of docs/settings.md."""
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", text, re.MULTILINE))


def commands() -> dict[str, str]:
    """Return command → its line in ``--help``."""
    (subparsers,) = build_parser()._subparsers._group_actions
    return {choice.dest: choice.help or "" for choice in subparsers._choices_actions}


def pins(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return {line.removesuffix("\\").strip() for line in lines if "==" in line and not line.startswith((" ", "#"))}


def test_every_setting_is_documented_and_nothing_else():
    assert sorted(settings_in_docs()) == sorted(Settings.model_fields)


def test_documented_defaults_are_the_real_ones():
    documented = settings_in_docs()
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = default.as_posix() if isinstance(default, Path) else default
        expected = "empty" if shown in ("", ()) else f"`{_as_toml(shown)}`"
        assert documented[name] == expected, name


def _as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{part}"' for part in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def test_every_setting_says_what_it_is():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_setting_is_used_by_the_product():
    used = {
        node.attr
        for path in product_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    assert sorted(set(Settings.model_fields) - used) == []


def test_every_command_is_documented_and_has_a_line_in_help():
    text = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^## `manage\.py (\S+?)[ `]", text, re.MULTILINE))
    assert documented == set(commands())
    assert [name for name, line in commands().items() if not line] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_index_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert re.findall(r"--(?:index-url|extra-index-url|find-links|trusted-host)", text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_the_lock_has_a_hash(lock):
    blocks = re.split(r"\n(?=[^\s#])", (ROOT / lock).read_text(encoding="utf-8"))
    pinned = [block for block in blocks if re.match(r"^[\w.\[\]-]+==", block)]
    assert len(pinned) > 50
    assert [block.splitlines()[0] for block in pinned if "--hash=sha256:" not in block] == []


def test_developers_lock_contains_the_runtime_lock():
    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()


def test_web_configuration_asks_nobody_outside_and_spares_the_collector():
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False
    assert config["browser"]["serverAddress"]
    assert config["runner"] == {"magicEnabled": False, "postScriptGC": False}
    assert config["server"]["fileWatcherType"] == "none"
    assert config["server"]["trustedUserHeaders"] == '{"X-Wr-User": "name"}'
    assert len(config["theme"]["chartCategoricalColors"]) >= 10
    assert "://" not in (ROOT / ".streamlit/config.toml").read_text(encoding="utf-8")


def test_web_configuration_holds_only_options_that_exist():
    from streamlit import config as options

    content = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    known = set(options._config_options_template)
    assert sorted(_flat(content, "") - known) == []


def _flat(content: dict[str, object], prefix: str) -> set[str]:
    names: set[str] = set()
    for name, value in content.items():
        names |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}"}
    return names
