"""Sums of rows, column by column, with what rounding may have done to them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from core.importers.summary.covers import Rows
from core.importers.summary.model import ADDITIVE, ColumnKind, SummaryColumn, SummaryTable


class Verdict(Enum):
    """How a stated sum relates to what was added up."""

    EQUAL = auto()
    ROUNDED = auto()  # differs by no more than the rounding of its parts allows
    DIFFERENT = auto()


@dataclass(frozen=True, slots=True)
class Sum:
    """A stated sum beside the sum of its parts, in the unit of its column."""

    column: SummaryColumn
    printed: Decimal
    computed: Decimal
    verdict: Verdict
    is_trivial: bool  # nothing but zeros


class Adder:
    """Adds up the columns of one table; totals of one table share most of what they may cover."""

    def __init__(self, table: SummaryTable) -> None:
        self.table = table
        self._columns = table.of(*ADDITIVE)
        self._known: dict[Rows, list[tuple[Decimal, int] | None]] = {}

    def add(self, parts: Rows) -> Iterator[tuple[SummaryColumn, tuple[Decimal, int] | None]]:
        """Yield each column with the sum of *parts* and how many of them are not 0; None when it cannot be told."""
        if parts not in self._known:
            self._known[parts] = [_add(self.table, column, parts) for column in self._columns]
        return zip(self._columns, self._known[parts], strict=True)


def sums_of(adder: Adder, place: int, parts: Rows) -> tuple[Sum, ...]:
    """Return each sum that the row at *place* states beside the sum of *parts*."""
    line = adder.table.lines[place]
    found = []
    for column, added in adder.add(parts):
        stated = line.figures.get(column.index)
        if stated is None or added is None:
            continue
        computed, stated_parts = added
        allowed = Decimal(0) if column.kind is ColumnKind.COUNT else tolerance(column.step, 1 + stated_parts)
        gap = abs(stated.value - computed)
        verdict = Verdict.EQUAL if not gap else Verdict.ROUNDED if gap <= allowed else Verdict.DIFFERENT
        found.append(Sum(column, stated.value, computed, verdict, not stated.value and not computed))
    return tuple(found)


def _add(table: SummaryTable, column: SummaryColumn, parts: Rows) -> tuple[Decimal, int] | None:
    """Return the sum of *parts* and how many of them are not 0; None when none states a figure, or one is illegible."""
    total, count, is_stated = Decimal(0), 0, False
    for part in parts:
        line = table.lines[part]
        figure = line.figures.get(column.index)
        if figure is None:
            if column.index in line.unreadable:
                return None
            continue
        is_stated = True
        total += figure.value
        count += bool(figure.value)
    return (total, count) if is_stated else None


def tolerance(step: Decimal, count: int) -> Decimal:
    """
    Return how far *count* figures rounded to *step* may drift when they are added up: half a step each.

    The worst case grows with the number of figures; three standard deviations grow with its root. The smaller counts.
    """
    return min(step * count / 2, step * Decimal(format(3 * math.sqrt(count / 12), ".12g")))


def show(value: Decimal) -> str:
    """Return a figure for a message, with thousands commas and its own decimals."""
    return f"{value:,f}"
