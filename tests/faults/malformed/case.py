"""One malformed file, built when it is wanted: some are large."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class Case:
    """
    A file by name.

    Attributes:
        name: Family and defect (``workbook/encrypted``).
        file_name: Name under which it is sent; often a lie.
        build: Returns its bytes, the same each time.
        is_harmless: Odd, yet what it says can be read in full, or nothing in the format could tell; then no problem
            need be named, but it must hurt as little as the others.
    """

    name: str
    file_name: str
    build: Callable[[], bytes]
    is_harmless: bool = False

    @property
    def family(self) -> str:
        return self.name.partition("/")[0]


def fixed(name: str, file_name: str, data: bytes | str) -> Case:
    """Return a case of bytes at hand (text as UTF-8)."""
    content = data.encode() if isinstance(data, str) else data
    return Case(name, file_name, partial(bytes, content))
