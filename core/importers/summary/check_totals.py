"""Totals, subtotals and group rows against the rows they cover, and parts (其中) against their whole."""

from collections.abc import Iterator, Sequence

from core.importers.problems import build_problem
from core.importers.summary.covers import Rows
from core.importers.summary.model import (
    Check,
    ColumnKind,
    Finding,
    Line,
    LineKind,
    Outcome,
    SummaryTable,
    row_ranges,
)
from core.importers.summary.sums import Sum, Verdict, show
from core.importers.summary.totals import CoveredTotal


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
