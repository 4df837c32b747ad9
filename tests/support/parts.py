"""System parts a test may need: missing on a desk it skips loudly, missing in CI it fails."""

import os
from typing import TypeVar

import pytest

from core.commands._system import REQUIRE_PARTS

T = TypeVar("T")


def need(name: str, found: T | None) -> T:
    """Return *found*; when it is missing, fail in CI and skip elsewhere."""
    if found is None:
        message = f"{name} is not installed: python3 manage.py test says how to get it"
        if os.environ.get(REQUIRE_PARTS):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    return found
