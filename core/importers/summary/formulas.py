"""Percentages and differences as exact quotients of two columns, with every way an office may have rounded them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from fractions import Fraction

from core.domain.units import Rounding, round_exact
from core.importers.cells.money import SQM_PER_UNIT, YUAN_PER_UNIT
from core.importers.summary.model import ColumnKind, Line, SummaryColumn
from core.importers.summary.numbers import Figure


class Shape(Enum):
    """How a figure follows from its operands."""

    QUOTIENT = auto()  # a ÷ b
    GROWTH = auto()  # a ÷ b − 1
    SHARE = auto()  # a ÷ a of the total row
    DIFFERENCE = auto()  # a − b


class Fit(Enum):
    """How a printed figure relates to the exact one; the earlier the better."""

    EXACT = auto()  # rounding half-up and truncating give the same
    HALF_UP = auto()
    TRUNCATED = auto()
    UNROUNDED = auto()  # follows only from operands that were rounded for printing
    COARSER = auto()  # rounded to fewer decimals than the rest of the column
    WRONG = auto()
    NO_BASE = auto()  # the denominator is 0: there is no such percentage


@dataclass(frozen=True, slots=True)
class Exact:
    """The exact figure, and the range it may have before its operands were rounded for printing."""

    value: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Formula:
    """
    A column as a function of other columns.

    Attributes:
        scale: 100 when the column shows percents, 1 when ratios or amounts.
        base: Figures of the total row, for ``SHARE``.
    """

    target: SummaryColumn
    shape: Shape
    first: SummaryColumn
    second: SummaryColumn
    scale: int
    base: Line | None = None

    @property
    def words(self) -> str:
        """The formula as a report shows it."""
        if self.shape is Shape.SHARE:
            return f"{self.first.name} ÷ 其合计"
        if self.shape is Shape.GROWTH:
            return f"{self.first.name} ÷ {self.second.name} − 1"
        return f"{self.first.name} {'−' if self.shape is Shape.DIFFERENCE else '÷'} {self.second.name}"

    def operands(self, line: Line) -> tuple[Figure, Figure] | None:
        """Return both operands of a row; None when one is missing."""
        source = self.base if self.shape is Shape.SHARE and self.base is not None else line
        first, second = line.figures.get(self.first.index), source.figures.get(self.second.index)
        return (first, second) if first is not None and second is not None else None

    def exact(self, line: Line) -> Exact | None:
        """Return the exact figure of a row; None without operands or with a denominator of 0."""
        operands = self.operands(line)
        if operands is None:
            return None
        a, b = (Fraction(figure.value) for figure in operands)
        factor = unit_factor(self.first, self.second)
        da, db = half_step(self.first), half_step(self.second)
        if self.shape is Shape.DIFFERENCE:
            spread = da + db / factor
            value = a - b / factor
            return Exact(value, value - spread, value + spread)
        if b == 0:
            return None
        shift = Fraction(1 if self.shape is Shape.GROWTH else 0)

        def at(top: Fraction, bottom: Fraction) -> Fraction:
            return (top * factor / bottom - shift) * self.scale

        corners = [at(x, y) for x in (a - da, a + da) for y in (b - db, b + db) if y * b > 0]
        value = at(a, b)
        return Exact(value, min([value, *corners]), max([value, *corners]))


def unit_factor(first: SummaryColumn, second: SummaryColumn) -> Fraction:
    """Return how many units of *second* one unit of *first* is; 1 when a unit is unknown or of another kind."""
    for sizes in (YUAN_PER_UNIT, SQM_PER_UNIT):
        if first.unit in sizes and second.unit in sizes:
            return Fraction(sizes[first.unit]) / Fraction(sizes[second.unit])
    return Fraction(1)


def half_step(column: SummaryColumn) -> Fraction:
    """Return how far a printed figure of *column* may be from what was measured; whole things are exact."""
    is_whole = column.kind is ColumnKind.COUNT or (
        column.kind is ColumnKind.AMOUNT and not column.unit and not column.decimals
    )
    return Fraction(0) if is_whole else Fraction(column.step) / 2


def decimals_of(figure: Figure, column: SummaryColumn) -> int:
    """Return the decimals a figure was printed with: its own, or those of its column that a workbook dropped."""
    return figure.decimals if figure.is_typed else max(figure.decimals, column.decimals)


def fit(printed: Figure, column: SummaryColumn, exact: Exact) -> Fit:
    """Return how *printed* follows from *exact*."""
    decimals = decimals_of(printed, column)
    ways = [round_exact(exact.value, decimals, way) == printed.value for way in (Rounding.HALF_UP, Rounding.TRUNCATE)]
    if any(ways):
        return Fit.EXACT if all(ways) else Fit.HALF_UP if ways[0] else Fit.TRUNCATED
    half = Fraction(Decimal(1).scaleb(-decimals)) / 2
    value = Fraction(printed.value)
    if exact.low != exact.high and value - half <= exact.high and value + half >= exact.low:
        return Fit.UNROUNDED
    coarse = (round_exact(exact.value, printed.decimals, way) for way in Rounding)
    return Fit.COARSER if printed.value in coarse and printed.decimals < decimals else Fit.WRONG


def usual_way(fits: Iterable[Fit]) -> Fit:
    """Return how a column is rounded: ``TRUNCATED`` when more of its figures are cut than rounded."""
    counts = Counter(fits)
    return Fit.TRUNCATED if counts[Fit.TRUNCATED] > counts[Fit.HALF_UP] else Fit.HALF_UP


def nearest(exact: Exact, printed: Figure, column: SummaryColumn) -> Decimal:
    """Return the exact figure as the column would print it."""
    return round_exact(exact.value, decimals_of(printed, column))
