"""Accounts in tests without the price of real password hashes."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from core.services import passwords, throttle


@pytest.fixture
def light_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2id with next to no work, and brakes on guessing that remember nothing from other tests."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._hash_of_nobody.cache_clear()
    throttle.addresses.clear()
    throttle.feed_addresses.clear()
    throttle.unknown_names.clear()
    yield
    passwords._hash_of_nobody.cache_clear()
