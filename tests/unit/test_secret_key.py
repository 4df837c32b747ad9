"""The installation's own key: random, kept, closed to others, one for all processes."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import secret_key


def test_key_is_made_once_and_kept(tmp_path):
    first = secret_key.load_or_create(tmp_path / "data/secret.key")
    assert len(first) == 64
    assert secret_key.load_or_create(tmp_path / "data/secret.key") == first
    assert secret_key.load_or_create(tmp_path / "other/secret.key") != first


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_key_file_is_readable_by_its_owner_only(tmp_path):
    secret_key.load_or_create(tmp_path / "secret.key")
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_processes_that_start_together_share_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key.load_or_create(tmp_path / "secret.key"), range(32)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_file_system_without_hard_links_gets_a_key(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(secret_key.os, "link", refuse)
    key = secret_key.load_or_create(tmp_path / "secret.key")
    assert Path(tmp_path / "secret.key").read_bytes() == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize(
    "value", ["changeme", "CHANGE-ME", "change_this_now", "<your-secret-key>", "xxxxxxxx", "请修改"]
)
def test_sample_values_are_placeholders(value):
    assert secret_key.is_placeholder(value)


def test_random_value_is_no_placeholder():
    assert not secret_key.is_placeholder("b2f1c0de9a7744d1")
