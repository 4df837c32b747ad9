"""What a kind of table holds, as data: its fields, how each is read, what identifies a row.

The same data drives reading (aliases, parsers), templates (headings, drop-downs) and exports (headings, formats), so
that what goes out comes back in unchanged.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.domain.terms import Term
from core.importers.problems import ImportProblem
from core.importers.read_sheet import DeclaredSum, ReadSheet
from core.importers.row import QuarantinedRow


class Reading(StrEnum):
    """How the cells of a column are read, and what they become."""

    CODE = "code"  # str without blanks
    NAME = "name"  # str on one line
    TEXT = "text"  # str over several lines
    MONEY = "money"  # int 元
    AREA = "area"  # int m²
    COUNT = "count"  # int
    NUMBER = "number"  # Decimal
    PERCENT = "percent"  # Decimal 0–100
    DAY = "day"  # date; 2025年6月 is its first day
    LAST_DAY = "last_day"  # date; 2025年6月 is its last day
    MONTH = "month"  # core.domain.period.Month
    YES_NO = "yes_no"  # bool
    TERM = "term"  # a member of ``terms``
    PEOPLE = "people"  # tuple of PersonName


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """
    One field of a kind of table.

    Attributes:
        code: Key in ``TableRow.values``; the column of the store where there is one.
        label: Heading in templates and exports; always recognised on the way back.
        aliases: Pattern searched in header words (``columns.words.header_words``) beside the label; empty = label only.
        is_required: A row without it is set aside.
        limit: Most characters; 0 = no limit.
        terms: Closed set of a ``TERM`` field; labels and codes are understood.
        words: Further words of a ``TERM`` field.
        unit: Unit in the heading (万元, 亩); bare numbers of a column without unit are never guessed silently.
        width: Width of the column in exports, in characters.
        may_be_negative: Whether an amount below zero is meant (a correction), not a slip.
    """

    code: str
    label: str
    reading: Reading
    aliases: str = ""
    is_required: bool = False
    limit: int = 0
    terms: type[Term] | None = None
    words: Mapping[str, Term] = field(default_factory=dict)
    unit: str = ""
    width: int = 14
    may_be_negative: bool = False

    @property
    def heading(self) -> str:
        """Heading as templates and exports write it: with the unit, with a star when required."""
        unit = f"（{self.unit}）" if self.unit else ""
        return f"{'*' if self.is_required else ''}{self.label}{unit}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a row check found: problem code, the field it is about, the values of its sentence."""

    code: str
    about: str
    values: Mapping[str, object] = field(default_factory=dict)


Values = Mapping[str, Any]
RowCheck = Callable[[Values], Iterator[Finding]]
Unfold = Callable[[tuple[str, ...]], tuple[Any, str] | None]


@dataclass(frozen=True, slots=True)
class TableKind:
    """
    One kind of table.

    Attributes:
        code: Word on the command line and in ``import_batch.kind``.
        sheet: Name of its sheet in templates and exports.
        keys: Ways to identify a row, best first; each is a tuple of field codes that together name one row.
        note: One line on what the table is, for the template and the screen.
        title: Field that names a row to people.
        anchors: Fields of which a header must have at least one.
        one_of: Fields of which a row must state at least one; empty = no such demand.
        parts: Fields that tell several rows of one key apart (the roles of an account); empty = a key names one row.
        carried: Fields that a row without any of them takes over from the row above (one project, several nodes).
        elsewhere: Pattern of headers that are understood but kept in another part of the system.
        group_field: Field that an unfolded column's group fills (a node's name, a month).
        unfold: Header words, parents first → (group, field) for tables that put several rows side by side.
        checks: What must hold inside one row.
        complete: Fills fields that follow from others; applied before the checks.
    """

    code: str
    label: str
    sheet: str
    fields: tuple[FieldSpec, ...]
    keys: tuple[tuple[str, ...], ...]
    note: str = ""
    title: str = "name"
    anchors: tuple[str, ...] = ("name",)
    one_of: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    elsewhere: str = ""
    group_field: str = ""
    unfold: Unfold | None = None
    checks: tuple[RowCheck, ...] = ()
    complete: Callable[[Values], Values] | None = None

    def field_of(self, code: str) -> FieldSpec:
        """Return the field called *code*; KeyError when the kind has none."""
        for spec in self.fields:
            if spec.code == code:
                return spec
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as the table states it; a field absent from ``values`` was not stated (never zero, never empty)."""

    sheet: str
    row: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """A whole file after reading; ``rows`` and ``quarantined`` together are all its data rows."""

    kind: TableKind
    rows: tuple[TableRow, ...]
    quarantined: tuple[QuarantinedRow, ...]
    problems: tuple[ImportProblem, ...]
    totals: dict[str, int] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    sheets: tuple[ReadSheet, ...] = ()
    declared: tuple[DeclaredSum, ...] = ()

    @property
    def row_count(self) -> int:
        """Number of data rows found, taken or set aside."""
        return len(self.rows) + len(self.quarantined)
