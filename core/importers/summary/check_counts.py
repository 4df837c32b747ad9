"""Counts that labels state (工业（16项）) against the rows below them or the count column of the same row."""

from collections.abc import Sequence

from core.importers.problems import build_problem
from core.importers.summary.covers import outline, under
from core.importers.summary.model import Check, ColumnKind, Finding, LineKind, Outcome, SummaryTable
from core.importers.summary.totals import CoveredTotal


def check_counts(table: SummaryTable, totals: Sequence[CoveredTotal], outcome: Outcome) -> None:
    """Check every stated count; a table of counts is compared with its count columns, a list with its rows."""
    nodes = outline(table.lines)
    groups = frozenset(total.place for total in totals if total.place in nodes)
    parts = {total.place: len(total.parts) for total in totals}
    columns = table.of(ColumnKind.COUNT)
    cells = agreeing = 0
    for place, line in enumerate(table.lines):
        if line.declared is None:
            continue
        stated = [int(line.figures[column.index].value) for column in columns if column.index in line.figures]
        counted = stated
        if (not stated and line.kind in (LineKind.HEADING, LineKind.TOTAL)) or place in groups:
            below = under(table.lines, nodes, groups, place) if place in nodes else ()
            counted = [*stated, *([len(below)] if below else []), *([parts[place]] if place in parts else [])]
        if not counted:
            continue
        cells += 1
        agreeing += line.declared in counted
        if line.declared not in counted:
            found = min(counted, key=lambda count: abs(count - (line.declared or 0)))
            problem = build_problem(
                "summary_count", table.sheet, line.row, "", label=line.label, declared=line.declared, counted=found
            )
            gap = line.declared - found
            outcome.findings.append(Finding(problem, str(line.declared), str(found), str(gap)))
    if cells:
        outcome.checks.append(Check(table.sheet, table.title, "标题写明的项数", cells, agreeing))
