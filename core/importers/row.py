"""What an import yields: typed ledger rows, quarantined rows, problems, totals."""

from dataclasses import dataclass, field, fields
from datetime import date

from core.domain.terms import FundingSource, ProjectLevel, Stage, YearClass
from core.importers.cells.people import PersonName
from core.importers.columns.column_reading import ColumnReading
from core.importers.problems import ImportProblem, Severity
from core.importers.read_sheet import DeclaredSum, ReadSheet

NO_MONTHS: tuple[int | None, ...] = (None,) * 12


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """
    One project as a ledger states it; ``None`` or empty = the file says nothing (never zero).

    Attributes:
        sheet, row: Where it stands (Excel row number).
        year: Year of plan, cumulated and monthly figures.
        month: Month of ``month_done_yuan`` and last month of ``ytd_done_yuan``, when the file names it.
        month_plans_yuan, month_actuals_yuan: January..December.
        funding: Planned money by source; sources named twice are added up.
        longitude, latitude: WGS84 degrees; ledgers of the office have none.
        is_listed: True = the file is a list of the year; None = it is none, and says nothing about a stored project's
            lists; False = it says that the project is not in the year's list (未列入).
    """

    sheet: str
    row: int
    year: int
    month: int | None = None
    name: str | None = None
    code: str | None = None
    national_code: str | None = None
    statistics_code: str | None = None
    county: str | None = None
    location: str | None = None
    owner_name: str | None = None
    responsible_unit: str | None = None
    lead_unit: str | None = None
    supporting_unit: str | None = None
    service_unit: str | None = None
    headquarters: str | None = None
    content: str | None = None
    nature: str | None = None
    year_class: YearClass | None = None
    stage: Stage | None = None
    category: str | None = None
    level: ProjectLevel | None = None
    investor: str | None = None
    total_investment_yuan: int | None = None
    annual_plan_yuan: int | None = None
    prior_done_yuan: int | None = None
    month_done_yuan: int | None = None
    ytd_done_yuan: int | None = None
    since_start_done_yuan: int | None = None
    month_plans_yuan: tuple[int | None, ...] = NO_MONTHS
    month_actuals_yuan: tuple[int | None, ...] = NO_MONTHS
    funding: tuple[tuple[FundingSource, int], ...] = ()
    funds_received_yuan: int | None = None
    funds_spent_yuan: int | None = None
    land_area_sqm: int | None = None
    annual_rate_pct: float | None = None
    total_rate_pct: float | None = None
    annual_goal: str | None = None
    physical_progress: str | None = None
    start_planned_on: date | None = None
    started_on: date | None = None
    finish_planned_on: date | None = None
    completed_on: date | None = None
    commissioned_on: date | None = None
    entered_statistics_on: date | None = None
    is_started: bool | None = None
    in_statistics: bool | None = None
    problem: str | None = None
    coordination: str | None = None
    measures: str | None = None
    sponsor_leaders: tuple[PersonName, ...] = ()
    responsible_persons: tuple[PersonName, ...] = ()
    contacts: tuple[PersonName, ...] = ()
    remark: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    is_listed: bool | None = True

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: sheet and Excel row number."""
        return self.sheet, self.row


# Added up over imported rows: every single amount and area.
TOTAL_FIELDS = tuple(
    attribute.name
    for attribute in fields(LedgerRow)
    if attribute.name.endswith(("_yuan", "_sqm")) and not attribute.name.startswith("month_plans")
    and not attribute.name.startswith("month_actuals")
)  # fmt: skip


# Refused because amounts look like a slip; the store may know better.
DOUBTS = frozenset({"magnitude", "column_magnitude"})


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A project row that was set aside, with what it says as far as it could be read."""

    sheet: str
    row: int
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedLedger:
    """
    A whole file after reading and checking.

    ``rows`` and ``quarantined`` together are all project rows of the file.

    Attributes:
        labels: (sheet, attribute of ``LedgerRow``) → column as problems show it.
        sheets: Columns and cells as they were read.
        declared: Counts and amounts that the file states, beside those of its rows.
        columns: How each column of each sheet was understood, and what is to be asked about it.
        doubted: Those of the quarantined rows that are refused for nothing but ``DOUBTS``.
    """

    rows: tuple[LedgerRow, ...]
    quarantined: tuple[QuarantinedRow, ...]
    problems: tuple[ImportProblem, ...]
    totals: dict[str, int] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    sheets: tuple[ReadSheet, ...] = ()
    declared: tuple[DeclaredSum, ...] = ()
    columns: tuple[ColumnReading, ...] = ()
    doubted: tuple[LedgerRow, ...] = ()

    @property
    def row_count(self) -> int:
        """Number of project rows found, imported or set aside."""
        return len(self.rows) + len(self.quarantined)

    def of(self, severity: Severity) -> tuple[ImportProblem, ...]:
        """Return the problems of one weight."""
        return tuple(problem for problem in self.problems if problem.severity is severity)


def add_up(rows: tuple[LedgerRow, ...]) -> dict[str, int]:
    """Return the sum of every amount (元) and area (m²) over *rows*; a figure nobody states is left out."""
    totals = {}
    for name in TOTAL_FIELDS:
        stated = [value for row in rows if (value := getattr(row, name)) is not None]
        if stated:
            totals[name] = sum(stated)
    return totals
