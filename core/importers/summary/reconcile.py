"""A file of summary tables → what adds up and what does not."""

from core.importers.problems import UnreadableFile, build_problem
from core.importers.sheet import Sheet
from core.importers.summary.check_across import check_across
from core.importers.summary.check_counts import check_counts
from core.importers.summary.check_gaps import check_gaps
from core.importers.summary.check_ranks import check_ranks
from core.importers.summary.check_rates import check_rates
from core.importers.summary.check_totals import check_totals
from core.importers.summary.model import Finding, Outcome, Reconciliation, SummaryTable
from core.importers.summary.tables import find_tables
from core.importers.summary.totals import cover_totals, name_totals
from core.importers.table import read_sheets

MAX_ROWS = 3_000  # a longer table is a ledger: the import checks its sums


def reconcile_file(data: bytes, file_name: str) -> Reconciliation:
    """
    Check every table of a file against its own figures; nothing is compared with the store.

    Raises:
        UnreadableFile: The file cannot be opened, or no sheet holds a table with figures.
    """
    return reconcile_sheets(read_sheets(data, file_name))


def reconcile_sheets(sheets: tuple[Sheet, ...]) -> Reconciliation:
    """Check every table of *sheets*; hidden and endless sheets are named and left out."""
    tables: list[SummaryTable] = []
    outcome = Outcome()
    for sheet in sheets:
        if not sheet.visible:
            outcome.findings.append(Finding(build_problem("summary_hidden_sheet", sheet.name)))
        elif len(sheet.cells) > MAX_ROWS:
            problem = build_problem("summary_too_long", sheet.name, rows=len(sheet.cells), limit=MAX_ROWS)
            outcome.findings.append(Finding(problem))
        else:
            tables.extend(_check_sheet(sheet, outcome))
    if not tables:
        raise UnreadableFile("summary_nothing")
    findings = sorted(outcome.findings, key=_place)
    return Reconciliation(tuple(tables), tuple(outcome.checks), tuple(findings))


def _check_sheet(sheet: Sheet, outcome: Outcome) -> tuple[SummaryTable, ...]:
    tables = tuple(name_totals(table) for table in find_tables(sheet))
    for table in tables:
        _check_table(table, outcome)
    rows = {line.row for table in tables for line in table.lines if line.figures}
    for hidden in sorted(sheet.hidden_rows):
        if hidden + 1 in rows:
            outcome.findings.append(Finding(build_problem("summary_hidden_row", sheet.name, hidden + 1)))
    return tables


def _check_table(table: SummaryTable, outcome: Outcome) -> None:
    totals = cover_totals(table)
    check_totals(table, totals, outcome)
    check_counts(table, totals, outcome)
    check_across(table, outcome)
    rates = check_rates(table, outcome)
    check_gaps(table, rates, outcome)
    check_ranks(table, outcome)


def _place(finding: Finding) -> tuple[str, int, int, str]:
    """Sort by sheet, row, column letter: AA stands after Z."""
    letter = finding.problem.column.split(" ")[0]
    return finding.problem.sheet, finding.problem.row, len(letter), letter
