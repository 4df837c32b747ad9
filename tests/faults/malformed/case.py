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
    """

    name: str
    file_name: str
    build: Callable[[], bytes]

    @property
    def family(self) -> str:
        return self.name.partition("/")[0]


def fixed(name: str, file_name: str, data: bytes | str) -> Case:
    """Return a case of bytes at hand (text as UTF-8)."""
    content = data.encode() if isinstance(data, str) else data
    return Case(name, file_name, partial(bytes, content))
