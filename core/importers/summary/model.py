"""A summary table as checks see it, and what they say about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto

from core.importers.problems import ImportProblem, Severity
from core.importers.sheet import column_letter
from core.importers.summary.numbers import Figure


class ColumnKind(Enum):
    """What the figures of a column are, by header words and cells."""

    TEXT = auto()
    SEQUENCE = auto()
    AMOUNT = auto()  # money, area, any measured quantity that adds up
    COUNT = auto()  # whole things: adds up without any rounding
    RATE = auto()  # 完成率, 占比
    GROWTH = auto()  # 同比, 增速
    GAP = auto()  # 与序时差, in percentage points
    PACE = auto()  # 序时进度 itself
    DIFFERENCE = auto()  # 差额, 剩余: one amount less another
    RANK = auto()
    OTHER = auto()  # scores, means, intensities: does not add up


ADDITIVE = frozenset({ColumnKind.AMOUNT, ColumnKind.COUNT, ColumnKind.DIFFERENCE})


class LineKind(Enum):
    """What a row below the header is."""

    DETAIL = auto()
    TOTAL = auto()
    OF_WHICH = auto()  # 其中: a part of the row above, never added up
    HEADING = auto()  # words without figures
    OTHER = auto()  # a row of rates, means or growth


@dataclass(frozen=True, slots=True)
class SummaryColumn:
    """
    One column with figures.

    Attributes:
        path: Header words from parent to child.
        unit: Unit of header or 单位 line; empty when none is named.
        decimals: Decimals that its figures are printed with (trailing zeros are lost in workbooks).
        is_ratio: Bare numbers are ratios (0.97), not percents.
    """

    index: int
    path: tuple[str, ...]
    kind: ColumnKind
    unit: str
    decimals: int
    is_ratio: bool = False

    @property
    def header(self) -> str:
        """Header words, parents first, parted by ``/``."""
        return "/".join(" ".join(part.split()) for part in self.path)

    @property
    def name(self) -> str:
        """Excel letter and header, as problems show it."""
        return f"{column_letter(self.index)} {self.header}"

    @property
    def step(self) -> Decimal:
        """Smallest difference that the column can show."""
        return Decimal(1).scaleb(-self.decimals)


@dataclass(frozen=True, slots=True)
class Line:
    """
    One row below the header.

    Attributes:
        row: Excel row number.
        label: Words of the label columns.
        style: Numbering style (一、, （一）, 1、 …); empty when not numbered.
        indent: Depth of the label by column and leading blanks.
        group: Words of the first label column, merged ranges filled.
        declared: Number of things the label claims to hold.
        figures: Column index → figure; a cell without one is absent.
        unreadable: Columns whose cell holds neither a figure nor a placeholder.
    """

    row: int
    label: str
    kind: LineKind
    style: str = ""
    indent: int = 0
    group: str = ""
    declared: int | None = None
    figures: dict[int, Figure] = field(default_factory=dict)
    unreadable: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """
    One table of a sheet.

    Attributes:
        title: Texts above its header.
        header_row: Excel row number of the first header row.
        pace_pct: 序时进度 that title or headers imply (1-10月 = 83.33), percent as fractions of twelve months.
    """

    sheet: str
    title: str
    header_row: int
    columns: tuple[SummaryColumn, ...]
    lines: tuple[Line, ...]
    paces: tuple["Pace", ...] = ()

    def of(self, *kinds: ColumnKind) -> tuple[SummaryColumn, ...]:
        """Return the columns of *kinds*, from left to right."""
        return tuple(column for column in self.columns if column.kind in kinds)


@dataclass(frozen=True, slots=True)
class Pace:
    """序时进度 of the first *half_months* half months of a year."""

    half_months: int

    @property
    def words(self) -> str:
        """As a report names it: ``1-10月``, ``1-8月上半月``."""
        month, half = divmod(self.half_months + 1, 2)
        return f"1-{month}月" + ("" if half else "上半月")


@dataclass(frozen=True, slots=True)
class Finding:
    """
    A figure that does not follow from its table.

    Attributes:
        problem: Place, code and sentence.
        printed: The figure as the file has it.
        computed: What the table itself gives.
        difference: Printed less computed.
    """

    problem: ImportProblem
    printed: str = ""
    computed: str = ""
    difference: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether somebody must look; the other findings only say what was noticed."""
        return self.problem.severity is not Severity.NOTE


@dataclass(frozen=True, slots=True)
class Check:
    """
    One relation that was checked over a table.

    Attributes:
        subject: The relation in words (``F 完成率 = D 完成 ÷ C 计划``).
        cells: Figures checked.
        agreeing: Figures that follow, rounding included.
    """

    sheet: str
    table: str
    subject: str
    cells: int
    agreeing: int


@dataclass(slots=True)
class Outcome:
    """
    What the checks of one table found, gathered while they run.

    Attributes:
        corrected: (Excel row, column index) → what a wrong percentage or gap should be, for checks that build on it.
    """

    checks: list[Check] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    corrected: dict[tuple[int, int], Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A whole file after the check."""

    tables: tuple[SummaryTable, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]

    @property
    def cells(self) -> int:
        """Figures checked; one figure may stand in several relations."""
        return sum(check.cells for check in self.checks)

    @property
    def agreeing(self) -> int:
        """Figures that follow from their table."""
        return sum(check.agreeing for check in self.checks)

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """Findings that somebody must look at."""
        return tuple(finding for finding in self.findings if finding.is_wrong)


def row_ranges(rows: Sequence[int]) -> str:
    """Return Excel rows in words: ``第5–20、22行``."""
    return f"第{'、'.join(_ranges(sorted(set(rows))))}行"


def _ranges(rows: Sequence[int]) -> Iterator[str]:
    start = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place] != rows[place - 1] + 1:
            first, last = rows[start], rows[place - 1]
            yield str(first) if first == last else f"{first}–{last}"
            start = place
