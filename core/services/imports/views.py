"""What the import verbs hand to screens and commands: previews and results as frozen rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.importers.problems import ImportProblem, Severity
from core.importers.read_sheet import Certainty, DeclaredSum, ReadColumn, ReadSheet
from core.importers.row import QuarantinedRow
from core.importers.sheet import column_letter
from core.services.imports.kind import Checked, FieldChange, Parsed, handed_out
from db.queries.imports import BatchRow

MOST_SHOWN_CELLS = 500  # set-aside rows that bring their cells along; mended in portions


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row that would be written; ``changes`` is empty and ``target_id`` None for a new one."""

    sheet: str
    row: int
    name: str
    code: str
    target_id: int | None
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of a set-aside row: column from 0, its label, the text as it stands, what is wrong with it (or empty)."""

    column: int
    label: str
    text: str
    message: str


@dataclass(frozen=True, slots=True)
class QuarantineView:
    """A set-aside row with its cells; ``message`` is what is wrong with the row as a whole, ``row`` as it was read."""

    sheet: str
    row: int
    name: str
    codes: tuple[str, ...]
    cells: tuple[CellView, ...]
    message: str
    is_turned: bool = False

    @property
    def place(self) -> str:
        """Where it stands in the file: a row, or a column where the table was turned."""
        return f"{column_letter(self.row - 1)} 列" if self.is_turned else f"第 {self.row} 行"


@dataclass(frozen=True, slots=True)
class ColumnView:
    """
    A column as it was understood.

    Attributes:
        field: Code of the field it fills; empty = none.
        occurrence: 0 for the first column with this header, 1 for the second …
        period: What an amount covers: 本月, 本年累计 …; empty for other columns.
        choices: Codes of the fields it may mean, likeliest first, when the file leaves that open.
        question: What to ask about it; empty when everything is clear.
        certainty: What its meaning rests on.
    """

    index: int
    header: str
    label: str
    field: str
    unit: str
    samples: tuple[str, ...]
    occurrence: int
    period: str = ""
    choices: tuple[str, ...] = ()
    question: str = ""
    certainty: Certainty = Certainty.HEADER

    @property
    def is_proposed(self) -> bool:
        """Whether it is read only after somebody agrees."""
        return self.certainty is Certainty.PROPOSED


@dataclass(frozen=True, slots=True)
class SheetView:
    """The columns of one sheet."""

    name: str
    columns: tuple[ColumnView, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """
    What a file would do.

    Attributes:
        batch_id: Batch to confirm; 0 when nothing was kept (dry run).
        earlier: The batch by which the same bytes were applied before.
        totals: Field → sum over rows that would stand, 元 and m².
        sheets: Columns as they were understood.
        declared: Counts and amounts that the file states, beside those of its rows.
        profile: Name of the profile that was used; empty = none.
        handed_out: First passwords by login, when the file was applied at once; shown once, stored nowhere.
    """

    batch_id: int
    kind: str
    file_name: str
    file_hash: str
    row_count: int
    inserted: tuple[PreviewRow, ...]
    changed: tuple[PreviewRow, ...]
    unchanged: int
    quarantined: tuple[QuarantineView, ...]
    problems: tuple[ImportProblem, ...]
    totals: Mapping[str, int]
    earlier: BatchRow | None
    sheets: tuple[SheetView, ...] = ()
    declared: tuple[DeclaredSum, ...] = ()
    profile: str = ""
    handed_out: Mapping[str, str] = field(default_factory=dict)

    def of(self, severity: Severity) -> tuple[ImportProblem, ...]:
        """Return the problems of one weight."""
        return tuple(problem for problem in self.problems if problem.severity is severity)


@dataclass(frozen=True, slots=True)
class Result:
    """What an applied batch did; ``handed_out`` are first passwords by login, shown once and stored nowhere."""

    batch_id: int
    inserted: int
    changed: int
    unchanged: int
    quarantined: int
    applied_at: datetime
    handed_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows would be (or were) inserted, changed, left as they are, set aside."""

    inserted: int
    changed: int
    unchanged: int
    quarantined: int

    @classmethod
    def of(cls, checked: Checked) -> "Counts":
        new = sum(row.target_id is None for row in checked.planned)
        return cls(new, len(checked.planned) - new, checked.unchanged, len(checked.quarantined))

    @property
    def rows(self) -> int:
        """All data rows of the file."""
        return self.inserted + self.changed + self.unchanged + self.quarantined


def build_preview(
    batch_id: int,
    about: tuple[str, str, str],
    parsed: Parsed,
    checked: Checked,
    problems: Sequence[ImportProblem],
    earlier: BatchRow | None,
    profile: str,
) -> Preview:
    """Return what *checked* would do; *about* is kind, name and hash of the file."""
    rows = [
        PreviewRow(one.sheet, one.row_number, one.title, one.code, one.target_id, tuple(one.changes))
        for one in checked.planned
    ]
    kind, name, digest = about
    return Preview(
        batch_id=batch_id,
        kind=kind,
        file_name=name,
        file_hash=digest,
        row_count=Counts.of(checked).rows,
        inserted=tuple(row for row in rows if row.target_id is None),
        changed=tuple(row for row in rows if row.target_id is not None),
        unchanged=checked.unchanged,
        quarantined=quarantine_views(checked.quarantined, problems, parsed.sheets),
        problems=tuple(problems),
        totals=checked.totals,
        earlier=earlier,
        sheets=tuple(sheet_view(sheet) for sheet in parsed.sheets),
        declared=parsed.declared,
        profile=profile,
        handed_out=dict(handed_out(checked)),
    )


def sheet_view(sheet: ReadSheet) -> SheetView:
    """Return the columns of a sheet with some of their values."""
    seen: dict[str, int] = {}
    columns = []
    for column in sheet.columns:
        occurrence = seen.get(column.header, 0)
        seen[column.header] = occurrence + 1
        columns.append(
            ColumnView(
                *(column.index, column.header, column.label, column.field, column.unit),
                sheet.samples(column.index),
                *(occurrence, column.period, column.choices, column.question, column.certainty),
            )
        )
    return SheetView(sheet.name, tuple(columns))


def quarantine_views(
    rows: Sequence[QuarantinedRow], problems: Iterable[ImportProblem], sheets: Sequence[ReadSheet]
) -> tuple[QuarantineView, ...]:
    """Return the set-aside rows; the first of them with their cells and what is wrong with each."""
    told: dict[tuple[str, int], dict[str, list[str]]] = {}
    for problem in problems:
        if problem.severity is Severity.REFUSE and problem.row:
            place, label = problem.read_at or (problem.row, problem.column)
            told.setdefault((problem.sheet, place), {}).setdefault(label, []).append(problem.message)
    by_name = {sheet.name: sheet for sheet in sheets}
    views = []
    for number, row in enumerate(rows):
        messages = told.get((row.sheet, row.row), {})
        sheet = by_name.get(row.sheet) if number < MOST_SHOWN_CELLS else None
        cells = tuple(_cell_view(sheet, row.row, column, messages) for column in sheet.columns) if sheet else ()
        whole = _row_message(sheet, messages, told)
        is_turned = row.sheet in by_name and by_name[row.sheet].is_turned
        views.append(QuarantineView(row.sheet, row.row, row.name, row.codes, cells, whole, is_turned))
    return tuple(views)


def _cell_view(sheet: ReadSheet, row: int, column: ReadColumn, messages: Mapping[str, Sequence[str]]) -> CellView:
    return CellView(column.index, column.label, sheet.text(row, column.index), "".join(messages.get(column.label, ())))


def _row_message(
    sheet: ReadSheet | None,
    messages: Mapping[str, Sequence[str]],
    told: Mapping[tuple[str, int], Mapping[str, Sequence[str]]],
) -> str:
    """Return what is wrong with the row as a whole, or with the header that it stands under."""
    labels = {column.label for column in sheet.columns} if sheet else set()
    own = [text for label, texts in messages.items() if label not in labels for text in texts]
    if own or messages or sheet is None:
        return "".join(own)
    header = told.get((sheet.name, sheet.header_row), {})
    return "".join(f"{label}：{text}" for label, texts in header.items() for text in texts)
