"""Percentages, growth and differences against the columns they follow from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.domain.units import round_exact
from core.importers.problems import build_problem
from core.importers.summary.formulas import Fit, Formula, Shape, decimals_of, fit, nearest, usual_way
from core.importers.summary.model import (
    Check,
    ColumnKind,
    Finding,
    Line,
    LineKind,
    Outcome,
    SummaryColumn,
    SummaryTable,
)
from core.importers.summary.search import Search
from core.importers.summary.sums import show

_TARGETS = (ColumnKind.RATE, ColumnKind.GROWTH, ColumnKind.DIFFERENCE)
_CODES = {
    ColumnKind.RATE: "summary_rate",
    ColumnKind.GROWTH: "summary_growth",
    ColumnKind.DIFFERENCE: "summary_difference",
}


@dataclass(frozen=True, slots=True)
class RateColumn:
    """
    A column whose formula is known.

    Attributes:
        fits: Position of the row → how its printed figure follows.
    """

    formula: Formula
    fits: Mapping[int, Fit]


def check_rates(table: SummaryTable, outcome: Outcome) -> dict[int, RateColumn]:
    """Check every percentage, growth and difference column; return those whose formula was found, by column."""
    search = Search(table)
    known: dict[int, RateColumn] = {}
    for column in table.of(*_TARGETS):
        found = search.explain(column)
        if found is None:
            # A difference that no pair explains is an amount of its own.
            if column.kind is not ColumnKind.DIFFERENCE:
                outcome.findings.append(unexplained(table, column))
            continue
        checked = RateColumn(found.formula, _fits(table, found.formula))
        known[column.index] = checked
        outcome.corrected |= _corrected(table, checked)
        outcome.findings.extend(_findings(table, checked))
        outcome.checks.append(_check(table, checked))
    return known


def unexplained(table: SummaryTable, column: SummaryColumn) -> Finding:
    """Say that a column was not checked, because the table does not show what it follows from."""
    return Finding(build_problem("summary_unexplained", table.sheet, table.header_row, column.name))


def _fits(table: SummaryTable, formula: Formula) -> dict[int, Fit]:
    fits: dict[int, Fit] = {}
    for place, line in enumerate(table.lines):
        printed, operands = line.figures.get(formula.target.index), formula.operands(line)
        if printed is None or operands is None or line.kind is LineKind.OTHER:
            continue
        exact = formula.exact(line)
        fits[place] = Fit.NO_BASE if exact is None else fit(printed, formula.target, exact)
    return fits


def _check(table: SummaryTable, checked: RateColumn) -> Check:
    wrong = sum(each in (Fit.WRONG, Fit.NO_BASE) for each in checked.fits.values())
    way = ""
    if checked.formula.shape is not Shape.DIFFERENCE:
        way = "，截尾" if usual_way(checked.fits.values()) is Fit.TRUNCATED else "，四舍五入"
    subject = f"{checked.formula.target.name} = {checked.formula.words}{way}"
    return Check(table.sheet, table.title, subject, len(checked.fits), len(checked.fits) - wrong)


def _findings(table: SummaryTable, checked: RateColumn) -> Iterator[Finding]:
    unremarkable = (Fit.EXACT, usual_way(checked.fits.values()))
    for place, how in checked.fits.items():
        if how not in unremarkable:
            yield _finding(table, checked.formula, table.lines[place], how)


def _corrected(table: SummaryTable, checked: RateColumn) -> dict[tuple[int, int], Decimal]:
    column = checked.formula.target
    found: dict[tuple[int, int], Decimal] = {}
    for place in (place for place, how in checked.fits.items() if how is Fit.WRONG):
        line = table.lines[place]
        exact = checked.formula.exact(line)
        if exact is not None:
            found[line.row, column.index] = nearest(exact, line.figures[column.index], column)
    return found


def _finding(table: SummaryTable, formula: Formula, line: Line, how: Fit) -> Finding:
    column = formula.target
    printed = line.figures[column.index]
    exact = formula.exact(line)
    computed = nearest(exact, printed, column) if exact is not None else None
    code = {
        Fit.NO_BASE: "summary_zero_base",
        Fit.UNROUNDED: "summary_unrounded",
        Fit.WRONG: _CODES[column.kind],
    }.get(how, "summary_rounding")
    if how is Fit.WRONG and line.kind is LineKind.TOTAL and _is_mean(table, column, line):
        code = "summary_rate_mean"
    shown = "—" if computed is None else show(computed)
    problem = build_problem(
        code, table.sheet, line.row, column.name,
        label=line.label, printed=printed.text, formula=_in_figures(formula, line), computed=shown,
    )  # fmt: skip
    gap = "" if computed is None else show(printed.value - computed)
    return Finding(problem, printed.text, shown, gap)


def _is_mean(table: SummaryTable, column: SummaryColumn, total: Line) -> bool:
    """Whether the rate of a total is the mean of the rates above it instead of the quotient of the sums."""
    details = [line for line in table.lines if line.kind is LineKind.DETAIL and column.index in line.figures]
    if len(details) < 2 or column.kind is not ColumnKind.RATE:
        return False
    mean = sum((Fraction(line.figures[column.index].value) for line in details), Fraction(0)) / len(details)
    printed = total.figures[column.index]
    return round_exact(mean, decimals_of(printed, column)) == printed.value


def _in_figures(formula: Formula, line: Line) -> str:
    """Return the formula with the figures of a row (``16 ÷ 26``)."""
    operands = formula.operands(line)
    first, second = (figure.text for figure in operands) if operands else ("", "")
    if formula.shape is Shape.DIFFERENCE:
        return f"{first} − {second}"
    return f"{first} ÷ {second}" + (" − 1" if formula.shape is Shape.GROWTH else "")
