"""Password hashes (argon2id). At most a few are computed at once: each takes 64 MiB."""

import secrets
import string
import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.domain.errors import StoreBusy
from core.domain.passwords import password_problems

_AT_ONCE = 3
_WAIT_SECONDS = 15
_GENERATED_CHARACTERS = 14
_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(_AT_ONCE)


class _Turn:
    """One of the few places at the hasher; too long a queue is refused rather than served late."""

    def __enter__(self) -> None:
        if not _turns.acquire(timeout=_WAIT_SECONDS):
            raise StoreBusy("登录的人较多，请稍后再试。")

    def __exit__(self, *_error: object) -> None:
        _turns.release()


def make_hash(password: str) -> str:
    """Return the argon2id hash of *password*."""
    with _Turn():
        return _hasher.hash(password)


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    return make_hash(secrets.token_urlsafe(32))


def matches(stored_hash: str | None, password: str) -> bool:
    """
    Return whether *password* belongs to *stored_hash*.

    Without a stored hash (unknown name) the same work is done on a hash of nobody, so that the time tells nothing.
    """
    expected = stored_hash or _hash_of_nobody()
    with _Turn():
        try:
            _hasher.verify(expected, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored_hash is not None


def is_outdated(stored_hash: str) -> bool:
    """Return whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored_hash)


def generate() -> str:
    """Return a random password that satisfies the policy."""
    alphabet = string.ascii_letters.translate({ord(c): None for c in "lIO"}) + "23456789" + "-_@#"
    while True:
        password = "".join(secrets.choice(alphabet) for _ in range(_GENERATED_CHARACTERS))
        if not password_problems(password):
            return password
