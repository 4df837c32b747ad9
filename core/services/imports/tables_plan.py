"""What one row of a table would write, and the whole file as checked: shared by every kind beside the ledger."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.domain.period import Month
from core.domain.terms import Term
from core.domain.units import NOTHING, format_wan
from core.importers.problems import ImportProblem
from core.importers.row import QuarantinedRow
from core.services.imports.kind import FieldChange, Progress
from core.services.imports.names import NewUnit
from db.queries.import_targets import StoredRow
from db.transaction import WriteTransaction

STEP = 200  # rows between two words about progress


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """What one month's report gets: the stored report (``None`` = a new one) and the columns to set."""

    stored: StoredRow | None
    values: dict[str, Any]


@dataclass(slots=True)
class TablePlan:
    """
    What a row would write.

    Attributes:
        target_id: Stored row; ``None`` = a new one.
        version: Version of the stored row.
        values: Columns to set (only those that differ for a stored row).
        part: Columns to set in the row's second table.
        units: Column → unit that the store does not have yet.
        months: (project, year, month) → what its report gets, for kinds that write months.
        changes: The same as people read it; empty for a new row.
        target: The stored row, or what a kind of its own keeps of it.
    """

    sheet: str
    row_number: int
    title: str
    code: str = ""
    target_id: int | None = None
    version: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    part: dict[str, Any] = field(default_factory=dict)
    units: dict[str, NewUnit] = field(default_factory=dict)
    months: dict[tuple[int, int, int], MonthPlan] = field(default_factory=dict)
    changes: list[FieldChange] = field(default_factory=list)
    target: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.target_id is None

    def digest_key(self) -> tuple[object, ...]:
        """Return what must be the same when the plan is made again for its confirmation."""
        changes = tuple((change.label, change.old, change.new) for change in self.changes)
        return self.sheet, self.row_number, self.title, self.target_id, self.version, self.code, changes


@dataclass(slots=True)
class TableChecked:
    """
    What would become of a file; ``planned``, ``unchanged`` and ``quarantined`` together are all its rows.

    Attributes:
        handed_out: Login → first password of the accounts that ``write`` made; shown once, stored nowhere.
    """

    planned: list[TablePlan] = field(default_factory=list)
    unchanged: int = 0
    quarantined: list[QuarantinedRow] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    handed_out: dict[str, str] = field(default_factory=dict)
    writer: "Writer | None" = None

    def digest(self) -> str:
        """Return a text that differs when the store or the file would lead to other writes."""
        keys = repr([plan.digest_key() for plan in self.planned])
        return hashlib.sha256(keys.encode()).hexdigest()

    def write(self, tx: WriteTransaction, reason: str, progress: Progress) -> None:
        """
        Write every plan in the open transaction.

        Raises:
            Conflict: A row changed between the check and now.
        """
        if self.writer is not None:
            self.writer.write(tx, self, reason, progress)


class Writer(ABC):
    """Writes the plans of one kind."""

    @abstractmethod
    def write(self, tx: WriteTransaction, checked: TableChecked, reason: str, progress: Progress) -> None:
        """Write what *checked* plans in the open transaction."""


def shown(value: object, field_code: str = "") -> str:
    """Return a value as people read it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, Term):
        return value.label
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Month):
        return value.label
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and field_code.endswith("_yuan"):
        return f"{format_wan(value, 4).rstrip('0').rstrip('.')} 万元"
    if isinstance(value, int) and field_code.endswith("_sqm"):
        return f"{value:,} 平方米"
    if isinstance(value, (float, Decimal)):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return str(value)


def tell_progress(progress: Progress, done: int, plans: Sequence[object], words: str) -> None:
    """Tell *progress* every ``STEP`` rows and at the end."""
    if done % STEP == 0 or done == len(plans):
        progress(done, len(plans), words)
