"""What the batch engine asks of a kind of import. The engine knows batches, never the meaning of a row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

from sqlalchemy import Connection

from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem
from core.importers.read_sheet import DeclaredSum, ReadSheet
from core.importers.row import QuarantinedRow
from db.transaction import WriteTransaction

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what is being done in Chinese); may raise to cancel, then nothing is written."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value before and after, as people read it."""

    label: str
    old: str
    new: str


class PlannedRow(Protocol):
    """A row that would be written; ``changes`` is empty for a new one, ``target_id`` is None for a new one."""

    @property
    def sheet(self) -> str: ...
    @property
    def row_number(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def target_id(self) -> int | None: ...
    @property
    def changes(self) -> Sequence[FieldChange]: ...


class Parsed(Protocol):
    """
    A file after reading, before the store is asked.

    ``row_count`` counts every data row found; ``sheets`` and ``declared`` are empty for files that are no tables.
    """

    @property
    def quarantined(self) -> tuple[QuarantinedRow, ...]: ...
    @property
    def problems(self) -> tuple[ImportProblem, ...]: ...
    @property
    def row_count(self) -> int: ...
    @property
    def sheets(self) -> tuple[ReadSheet, ...]: ...
    @property
    def declared(self) -> tuple[DeclaredSum, ...]: ...


class Checked(Protocol):
    """What would become of a file: planned, unchanged and set-aside rows together are all its rows."""

    @property
    def planned(self) -> Sequence[PlannedRow]: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def quarantined(self) -> Sequence[QuarantinedRow]: ...
    @property
    def problems(self) -> Sequence[ImportProblem]: ...
    @property
    def totals(self) -> Mapping[str, int]: ...

    def digest(self) -> str:
        """Return a text that differs when store or file would lead to other writes."""
        ...

    def write(self, tx: WriteTransaction, reason: str, progress: Progress) -> None:
        """Write every planned row in the open transaction; *reason* goes into each audit row."""
        ...


@runtime_checkable
class HandsOut(Protocol):
    """A ``Checked`` whose ``write`` makes secrets: login → first password, told once and stored nowhere."""

    @property
    def handed_out(self) -> Mapping[str, str]: ...


def handed_out(checked: Checked) -> Mapping[str, str]:
    """Return the secrets that writing *checked* made; empty for kinds that make none."""
    return checked.handed_out if isinstance(checked, HandsOut) else {}


ParsedT = TypeVar("ParsedT", bound=Parsed)


class ImportKind(Protocol[ParsedT]):
    """
    One kind of import (台账、月报、节点、地块 …), registered in ``core.services.imports.kinds``.

    ``fields`` are the codes and labels of the columns it can take (for the mapping); empty where columns mean nothing.
    """

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def permission(self) -> Permission: ...
    @property
    def fields(self) -> Mapping[str, str]: ...

    def parse(self, data: bytes, file_name: str, options: ReadOptions) -> ParsedT:
        """
        Read a file; pure.

        Raises:
            UnreadableFile: It cannot be opened at all.
        """
        ...

    def check(
        self, connection: Connection, actor: Actor, parsed: ParsedT, as_of: AsOf, options: ReadOptions
    ) -> Checked:
        """Hold the parsed file against the store, inside *actor*'s scope."""
        ...
