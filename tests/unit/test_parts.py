"""A missing system part skips on a desk and fails in CI."""

import pytest

from core.commands._system import REQUIRE_PARTS
from tests.support.parts import need


def test_part_that_is_there_is_returned(monkeypatch):
    monkeypatch.setenv(REQUIRE_PARTS, "1")
    assert need("chromium", "/usr/bin/chromium") == "/usr/bin/chromium"


def test_missing_part_skips_on_a_desk(monkeypatch):
    monkeypatch.delenv(REQUIRE_PARTS, raising=False)
    with pytest.raises(pytest.skip.Exception, match="chromium is not installed"):
        need("chromium", None)


def test_missing_part_fails_in_ci(monkeypatch):
    monkeypatch.setenv(REQUIRE_PARTS, "1")
    with pytest.raises(pytest.fail.Exception, match="chromium is not installed"):
        need("chromium", None)
