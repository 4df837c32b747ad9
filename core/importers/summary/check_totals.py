"""Totals, subtotals and group rows against the rows they cover, column by column."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto

from core.importers.problems import build_problem
from core.importers.summary.covers import Covers, Node, Rows, outline
from core.importers.summary.model import (
    ADDITIVE,
    Check,
    ColumnKind,
    Finding,
    Line,
    LineKind,
    Outcome,
    SummaryColumn,
    SummaryTable,
    row_ranges,
)


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


@dataclass(frozen=True, slots=True)
class CoveredTotal:
    """A sum row with the reading of what it covers that most columns bear out."""

    place: int
    parts: Rows
    sums: tuple[Sum, ...]

    @property
    def agreeing(self) -> int:
        return sum(each.verdict is not Verdict.DIFFERENT for each in self.sums)


def name_totals(table: SummaryTable) -> SummaryTable:
    """Return *table* with a first or last row that sums up all others taken for a total, whatever its label."""
    leaves = [place for place, line in enumerate(table.lines) if line.kind is LineKind.DETAIL]
    if len(leaves) < 3 or any(line.kind is LineKind.TOTAL for line in table.lines):
        return table
    for place in (leaves[0], leaves[-1]):
        others = tuple(leaf for leaf in leaves if leaf != place)
        sums = _sums(table, place, others)
        told = [each for each in sums if not each.is_trivial and each.verdict is Verdict.EQUAL]
        if len(told) >= 2 and 2 * len(told) > len(sums):
            lines = list(table.lines)
            lines[place] = replace(lines[place], kind=LineKind.TOTAL)
            return replace(table, lines=tuple(lines))
    return table


def cover_totals(table: SummaryTable) -> tuple[CoveredTotal, ...]:
    """Return every sum row of *table* with what it covers."""
    nodes = outline(table.lines)
    groups = _groups(table, nodes)
    covers = Covers(table.lines, groups, nodes)
    found = [_best(table, place, covers.of_group(place)) for place in sorted(groups)]
    found += [
        _best(table, place, covers.of_total(place))
        for place, line in enumerate(table.lines)
        if line.kind is LineKind.TOTAL
    ]
    return tuple(total for total in found if total is not None)


def check_totals(table: SummaryTable, totals: Sequence[CoveredTotal], outcome: Outcome) -> None:
    """Check the sums of every sum row, and that parts (其中) do not exceed what they are part of."""
    for total in totals:
        line = table.lines[total.place]
        outcome.findings.extend(_findings(table, line, total))
        if total.sums:
            subject = f"第{line.row}行“{line.label}” = {_parts(table, total.parts)}相加"
            outcome.checks.append(Check(table.sheet, table.title, subject, len(total.sums), total.agreeing))
    outcome.findings.extend(_unreadable(table))
    _check_parts(table, outcome)


def tolerance(steps: Sequence[Decimal]) -> Decimal:
    """
    Return how far rounded figures may drift when they are added up: half a step each.

    The worst case grows with the number of figures; three standard deviations grow with its root. The smaller counts.
    """
    worst = sum(steps, Decimal(0)) / 2
    spread = 3 * math.sqrt(sum(float(step) ** 2 for step in steps) / 12)
    return min(worst, Decimal(format(spread, ".12g")))


def _groups(table: SummaryTable, nodes: Mapping[int, Node]) -> frozenset[int]:
    """
    Return the rows with figures that sum up the rows below them.

    A deeper row does not make a sum of the one above it: some row of that style must bear it out.
    """
    parents = [p for p, node in nodes.items() if node.children and table.lines[p].kind is LineKind.DETAIL]
    proven: set[int] = set()
    for place in sorted(parents, reverse=True):
        covers = Covers(table.lines, frozenset(proven), dict(nodes))
        best = _best(table, place, covers.of_group(place))
        told = [each for each in best.sums if not each.is_trivial] if best else []
        if told and 2 * sum(each.verdict is not Verdict.DIFFERENT for each in told) >= len(told):
            proven.add(place)
    styles = {(table.lines[p].style, table.lines[p].indent) for p in proven}
    return frozenset(p for p in parents if p in proven or (table.lines[p].style, table.lines[p].indent) in styles)


def _best(table: SummaryTable, place: int, readings: Sequence[Rows]) -> CoveredTotal | None:
    """Return the reading that most columns bear out; the likelier one when several do."""
    best: CoveredTotal | None = None
    best_score = -1.0
    for parts in readings:
        sums = _sums(table, place, parts)
        score = sum(_WEIGHTS[each.verdict] * (0.1 if each.is_trivial else 1.0) for each in sums)
        if sums and score > best_score + 1e-9:
            best, best_score = CoveredTotal(place, parts, sums), score
    return best


_WEIGHTS = {Verdict.EQUAL: 1.0, Verdict.ROUNDED: 0.8, Verdict.DIFFERENT: 0.0}


def _sums(table: SummaryTable, place: int, parts: Rows) -> tuple[Sum, ...]:
    line = table.lines[place]
    found = []
    for column in table.columns:
        stated = line.figures.get(column.index)
        if column.kind not in ADDITIVE or stated is None:
            continue
        lines = [table.lines[part] for part in parts]
        figures = [figure for each in lines if (figure := each.figures.get(column.index)) is not None]
        if not figures or any(column.index in each.unreadable for each in lines):
            continue
        computed = sum((figure.value for figure in figures), Decimal(0))
        allowed = Decimal(0)
        if column.kind is not ColumnKind.COUNT:
            allowed = tolerance([column.step] * (1 + sum(bool(figure.value) for figure in figures)))
        gap = abs(stated.value - computed)
        verdict = Verdict.EQUAL if not gap else Verdict.ROUNDED if gap <= allowed else Verdict.DIFFERENT
        found.append(Sum(column, stated.value, computed, verdict, not stated.value and not computed))
    return tuple(found)


def _findings(table: SummaryTable, line: Line, total: CoveredTotal) -> Iterator[Finding]:
    for each in total.sums:
        if each.verdict is Verdict.EQUAL:
            continue
        if each.verdict is Verdict.DIFFERENT and _is_mean(table, each, total.parts):
            continue
        gap = each.printed - each.computed
        code = "summary_total" if each.verdict is Verdict.DIFFERENT else "summary_total_rounding"
        problem = build_problem(
            code,
            table.sheet,
            line.row,
            each.column.name,
            label=line.label,
            printed=line.figures[each.column.index].text,
            parts=_parts(table, total.parts),
            computed=show(each.computed),
            gap=show(abs(gap)),
        )
        yield Finding(problem, show(each.printed), show(each.computed), show(gap))


def _is_mean(table: SummaryTable, each: Sum, parts: Rows) -> bool:
    """A column of unknown meaning whose total lies among its parts holds means or ratios, not amounts."""
    if each.column.kind is ColumnKind.COUNT or each.column.unit or len(parts) < 3:
        return False
    values = [f.value for p in parts if (f := table.lines[p].figures.get(each.column.index)) is not None]
    return bool(each.column.decimals) and min(values) <= each.printed <= max(values)


def _check_parts(table: SummaryTable, outcome: Outcome) -> None:
    """A part named 其中 is not larger than the row above that it belongs to."""
    whole: Line | None = None
    cells = agreeing = 0
    for line in table.lines:
        if line.kind is not LineKind.OF_WHICH:
            whole = line if line.figures else None
            continue
        for column in table.of(ColumnKind.AMOUNT, ColumnKind.COUNT):
            part = line.figures.get(column.index)
            limit = whole.figures.get(column.index) if whole else None
            if whole is None or part is None or limit is None or limit.value < 0:
                continue
            cells += 1
            agreeing += part.value <= limit.value
            if part.value > limit.value:
                values = {"label": line.label, "printed": part.text, "whole": whole.label, "all": limit.text}
                problem = build_problem("summary_part", table.sheet, line.row, column.name, **values)
                gap = part.value - limit.value
                outcome.findings.append(Finding(problem, show(part.value), show(limit.value), show(gap)))
    if cells:
        outcome.checks.append(Check(table.sheet, table.title, "“其中”各行 ≤ 所属行", cells, agreeing))


def _unreadable(table: SummaryTable) -> Iterator[Finding]:
    for line in table.lines:
        for column in table.columns:
            if column.index in line.unreadable and line.kind is not LineKind.HEADING:
                yield Finding(build_problem("summary_no_figure", table.sheet, line.row, column.name))


def _parts(table: SummaryTable, parts: Rows) -> str:
    return row_ranges([table.lines[part].row for part in parts])


def show(value: Decimal) -> str:
    """Return a figure for a message, with thousands commas and its own decimals."""
    return f"{value:,f}"
