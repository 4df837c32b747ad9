"""Gaps to 序时进度 (and to other rates) in percentage points: subtract before rounding."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from core.domain.units import round_exact
from core.importers.problems import build_problem
from core.importers.summary.check_rates import RateColumn, unexplained
from core.importers.summary.formulas import Exact, Fit, decimals_of, fit, half_step, nearest, usual_way
from core.importers.summary.model import (
    Check,
    ColumnKind,
    Finding,
    Line,
    LineKind,
    Outcome,
    Pace,
    SummaryColumn,
    SummaryTable,
)
from core.importers.summary.sums import show

_SHARE = 0.6
_INEXACT = (Fit.UNROUNDED, Fit.WRONG)


@dataclass(frozen=True, slots=True)
class _Reading:
    """
    A gap as rate − target; the target is a column or the pace that the months imply.

    Attributes:
        scale: 1/100 when the column shows 0.138 for 13.8 percentage points.
    """

    gap: SummaryColumn
    rate: SummaryColumn
    target: SummaryColumn | Pace
    scale: Fraction

    @property
    def words(self) -> str:
        if isinstance(self.target, Pace):
            return f"{self.gap.name} = {self.rate.name} − 序时（{self.target.words}）"
        return f"{self.gap.name} = {self.rate.name} − {self.target.name}"


@dataclass(frozen=True, slots=True)
class _Judged:
    line: Line
    exact: Exact
    fit: Fit
    is_rounded_first: bool
    has_operands: bool  # of its rate: without them nobody can tell how the last digit came about


def check_gaps(table: SummaryTable, rates: Mapping[int, RateColumn], outcome: Outcome) -> None:
    """Check every gap column against the rate and target that explain most of its rows."""
    for gap in table.of(ColumnKind.GAP):
        best: tuple[float, _Reading, list[_Judged]] | None = None
        for reading in _readings(table, gap):
            judged = list(_judge(table, reading, rates))
            good = sum(_is_good(each) for each in judged)
            score = good / len(judged) if judged else 0.0
            if judged and (best is None or score > best[0]):
                best = score, reading, judged
        if best is None or (best[0] < _SHARE and not _is_only(table, best[1])):
            outcome.findings.append(unexplained(table, gap))
            continue
        _, reading, judged = best
        good = sum(_is_good(each) for each in judged)
        outcome.checks.append(Check(table.sheet, table.title, reading.words, len(judged), good))
        outcome.findings.extend(_findings(table, reading, judged))


def _is_good(each: _Judged) -> bool:
    return each.fit is not Fit.WRONG or each.is_rounded_first


def _is_only(table: SummaryTable, reading: _Reading) -> bool:
    """One rate and one pace leave no other reading, even when most rows are wrong."""
    return len(table.of(ColumnKind.RATE)) == 1 and "序时" in reading.gap.header


def _readings(table: SummaryTable, gap: SummaryColumn) -> Iterator[_Reading]:
    """Yield rate and target of *gap*; the rates nearest on its left come first."""
    rates = sorted(table.of(ColumnKind.RATE), key=lambda c: (c.index > gap.index, abs(c.index - gap.index)))
    for rate in rates:
        targets: list[SummaryColumn | Pace] = [*table.of(ColumnKind.PACE), *table.paces, *rates]
        for target in targets:
            if target is not rate:
                yield _Reading(gap, rate, target, Fraction(1))
                if gap.is_ratio:
                    yield _Reading(gap, rate, target, Fraction(1, 100))


def _judge(table: SummaryTable, reading: _Reading, rates: Mapping[int, RateColumn]) -> Iterator[_Judged]:
    known = rates.get(reading.rate.index)
    factor = Fraction(100, known.formula.scale) if known else _factor(reading.rate)
    half = half_step(reading.rate) * factor
    for place, line in enumerate(table.lines):
        printed, rate = line.figures.get(reading.gap.index), line.figures.get(reading.rate.index)
        target = _target(reading.target, line)
        if printed is None or rate is None or target is None or line.kind is LineKind.OTHER:
            continue
        shown = Fraction(rate.value) * factor
        wholes = [Exact(shown, shown - half, shown + half)]
        if known and (source := known.formula.exact(line)) is not None:
            # A wrong rate is named by its own check; a gap that follows from it is not named a second time.
            fine = _times(source, factor)
            wholes = [fine, *wholes] if known.fits.get(place) is Fit.WRONG else [_both(fine, wholes[0])]
        gaps = [_times(_less(whole, target), reading.scale) for whole in wholes]
        how, exact = min(((fit(printed, reading.gap, gap), gap) for gap in gaps), key=lambda pair: pair[0].value)
        how = Fit.WRONG if how is Fit.COARSER else how  # the first digit of a small gap is half of it
        decimals = decimals_of(printed, reading.gap)
        rounded = (shown - value for value in (target.value, Fraction(round_exact(target.value, reading.gap.decimals))))
        first = any(round_exact(gap * reading.scale, decimals) == printed.value for gap in rounded)
        yield _Judged(line, exact, how, how in _INEXACT and first, known is not None)


def _less(whole: Exact, target: Exact) -> Exact:
    return Exact(whole.value - target.value, whole.low - target.high, whole.high - target.low)


def _both(fine: Exact, printed: Exact) -> Exact:
    """Narrow the range of a rate from rounded operands to what its own printed figure allows."""
    low, high = max(fine.low, printed.low), min(fine.high, printed.high)
    return Exact(fine.value, low, high) if low <= high else fine


def _times(exact: Exact, factor: Fraction) -> Exact:
    return Exact(exact.value * factor, exact.low * factor, exact.high * factor)


def _target(target: SummaryColumn | Pace, line: Line) -> Exact | None:
    if isinstance(target, Pace):
        value = Fraction(target.half_months * 100, 24)
        return Exact(value, value, value)
    figure = line.figures.get(target.index)
    if figure is None:
        return None
    value, half = Fraction(figure.value) * _factor(target), half_step(target) * _factor(target)
    return Exact(value, value - half, value + half)


def _factor(column: SummaryColumn) -> Fraction:
    return Fraction(100 if column.is_ratio else 1)


def _findings(table: SummaryTable, reading: _Reading, judged: list[_Judged]) -> Iterator[Finding]:
    unremarkable = (Fit.EXACT, usual_way(each.fit for each in judged))
    for each in judged:
        if each.fit in unremarkable or (each.fit is Fit.UNROUNDED and not each.has_operands):
            continue
        code = "summary_gap" if each.fit is Fit.WRONG else "summary_gap_rounding"
        printed = each.line.figures[reading.gap.index]
        computed = show(nearest(each.exact, printed, reading.gap))
        target = _target(reading.target, each.line)
        problem = build_problem(
            "summary_gap_rounded" if each.is_rounded_first else code,
            table.sheet,
            each.line.row,
            reading.gap.name,
            printed=printed.text,
            rate=each.line.figures[reading.rate.index].text,
            target=show(round_exact(target.value, 2)) if target else "",
            computed=computed,
        )
        yield Finding(problem, printed.text, computed, show(printed.value - nearest(each.exact, printed, reading.gap)))
