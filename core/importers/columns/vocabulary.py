"""What header finding asks about words, and the ledger's own answers; ``core.importers.tables`` brings others."""

from collections.abc import Hashable, Sequence
from typing import Protocol, TypeVar

from core.importers.columns.fields import Column, Field
from core.importers.columns.meaning import meaning_of, read_column
from core.importers.columns.settled import map_columns
from core.importers.options import MappedColumn

C = TypeVar("C")
Path = tuple[str, ...]


class Vocabulary(Protocol[C]):
    """The header words of one kind of table; a path is the texts over a column, parents first."""

    def read(self, paths: Sequence[tuple[int, Path]]) -> tuple[C, ...]:
        """Return the columns of a header, given (0-based column, path) from left to right."""
        ...

    def meaning(self, path: Path) -> Hashable | None:
        """Return what *path* means, comparable; ``None`` when unknown."""
        ...

    def completes(self, columns: Sequence[C]) -> bool:
        """Return whether *columns* make a header."""
        ...

    def is_name(self, meaning: Hashable | None) -> bool:
        """Return whether *meaning* names a row: what stands below it is data."""
        ...

    def is_sequence(self, meaning: Hashable | None) -> bool:
        """Return whether *meaning* is the running number."""
        ...

    def is_counted(self, meaning: Hashable | None) -> bool:
        """Return whether a column of *meaning* may be headed by a bare number (1 … 12 under 月度计划)."""
        ...


class LedgerVocabulary:
    """
    A ledger's header names projects and at least one more field.

    Args:
        mapping: Columns settled by hand or by a profile; they count as known.
        needs_name: Without it, any two fields make a header.
    """

    def __init__(self, mapping: Sequence[MappedColumn] = (), *, needs_name: bool = True) -> None:
        self._mapping = mapping
        self._needs_name = needs_name

    def read(self, paths: Sequence[tuple[int, Path]]) -> tuple[Column, ...]:
        return map_columns([read_column(index, path) for index, path in paths], self._mapping)

    def meaning(self, path: Path) -> Hashable | None:
        return meaning_of(path)

    def completes(self, columns: Sequence[Column]) -> bool:
        fields = {column.field for column in columns if column.field is not None}
        return (Field.NAME in fields or not self._needs_name) and len(fields) >= 2

    def is_name(self, meaning: Hashable | None) -> bool:
        return meaning is Field.NAME

    def is_sequence(self, meaning: Hashable | None) -> bool:
        return meaning is Field.SEQUENCE

    def is_counted(self, meaning: Hashable | None) -> bool:
        return meaning in (Field.MONTH_PLAN, Field.MONTH_ACTUAL)
