"""The installation's own random key, and what is refused in its place."""

import os
import secrets
import tempfile
from pathlib import Path

_PLACEHOLDERS = frozenset(
    {"changeit", "secret", "secretkey", "password", "passwd", "postgres", "placeholder", "example", "default", "test"}
    | {
        "todo",
        "admin",
        "root",
        "123456",
        "12345678",
        "yoursecretkey",
        "yourpassword",
        "replaceme",
        "请修改",
        "你的密码",
    }
)
_BEGINNINGS = ("changeme", "changethis", "pleasechange", "replacethis")


def is_placeholder(value: str) -> bool:
    """Return whether *value* is one of the usual sample values, or one character repeated."""
    plain = "".join(character for character in value.lower() if character not in "-_ .!<>")
    return plain in _PLACEHOLDERS or plain.startswith(_BEGINNINGS) or len(set(plain)) <= 1


def load_or_create(path: Path) -> bytes:
    """
    Return the key stored in *path*; made on first use, readable by its owner only.

    Of two processes that start together both return the key that reached the disk first.

    Raises:
        OSError: The folder cannot be written or the file cannot be read.
    """
    if not path.exists():
        _create(path)
    return path.read_bytes().strip()


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp gives 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)  # unlike a rename, never replaces the key of the faster process
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            if not path.exists():
                Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
