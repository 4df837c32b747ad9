"""Bytes of a table of any kind → rows, quarantine, problems, totals. Pure: no store, no clock."""

from collections.abc import Sequence
from dataclasses import replace

from core.importers.columns.header import find_header_with
from core.importers.mends import open_sheets
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, Severity, build_problem
from core.importers.row import QuarantinedRow
from core.importers.sheet import Sheet
from core.importers.tables.duplicates import find_duplicates
from core.importers.tables.magnitude import find_slips
from core.importers.tables.schema_sheet import restore_headings
from core.importers.tables.sheet_table import SheetParser, SheetTable
from core.importers.tables.spec import ParsedTable, Reading, TableKind, TableRow
from core.importers.tables.sums import compare_sums, tell_sum
from core.importers.tables.vocabulary import TableVocabulary

_TOTALLED = (Reading.MONEY, Reading.AREA)


def parse_table(kind: TableKind, data: bytes, file_name: str, options: ReadOptions) -> ParsedTable:
    """
    Return everything that the table *data* says about rows of *kind*.

    Every data row ends either in ``rows`` or in ``quarantined``; the latter have at least one refusing problem. A row
    that holds several nodes or months counts as many.

    Raises:
        UnreadableFile: The file cannot be opened at all.
    """
    problems: list[ImportProblem] = []
    vocabulary = TableVocabulary(kind, options.mapping)
    sheets = []
    opened = open_sheets(data, file_name, options)
    restored, notes = restore_headings(opened, kind.code, lambda text: vocabulary.meaning((text,)), options.mapping)
    problems.extend(notes)
    for sheet in restored:
        found = _parse_sheet(kind, vocabulary, sheet, options, problems)
        if found is not None:
            sheets.append(found)
    if not any(table.rows for table in sheets):
        problems.append(build_problem("no_table_found", label=kind.label))
    rows = [row for table in sheets for unfolded in table.rows for row in unfolded]
    problems.extend(find_duplicates(kind, rows, several_sheets=len(sheets) > 1))
    sums = [one for table in sheets for one in compare_sums(kind, table)]
    problems.extend(problem for one in sums if (problem := tell_sum(one)) is not None)
    if not options.accept_large_amounts:
        problems.extend(problem for table in sheets for problem in find_slips(kind, table))
    parsed = _divide(kind, sheets, problems, options)
    read = tuple(table.as_read() for table in sheets)
    return replace(parsed, sheets=read, declared=tuple(one.stated for one in sums))


def _parse_sheet(
    kind: TableKind, vocabulary: TableVocabulary, sheet: Sheet, options: ReadOptions, problems: list[ImportProblem]
) -> SheetTable | None:
    if not any(value not in (None, "") for row in sheet.cells for value in row):
        return None
    header = find_header_with(sheet, vocabulary)
    if header is None:
        if sheet.visible and any(isinstance(value, (int, float)) for row in sheet.cells for value in row):
            anchors = "或".join(f"“{kind.field_of(code).label}”" for code in kind.anchors)
            problems.append(build_problem("table_header_not_found", sheet.name, label=kind.label, anchors=anchors))
        elif sheet.visible:
            problems.append(build_problem("sheet_skipped", sheet.name))
        return None
    if not sheet.visible:
        problems.append(build_problem("hidden_sheet", sheet.name))
        return None
    return SheetParser(kind, sheet, header, options, problems).parse()


def _divide(
    kind: TableKind, sheets: Sequence[SheetTable], problems: list[ImportProblem], options: ReadOptions
) -> ParsedTable:
    """Set aside each row with a refusing problem, and every row of a sheet refused at its header."""
    refused = {(problem.sheet, problem.row) for problem in problems if problem.severity is Severity.REFUSE}
    headers = {(sheet.name, sheet.header_row) for sheet in sheets}
    accepted: list[TableRow] = []
    quarantined: list[QuarantinedRow] = []
    for sheet in sheets:
        is_refused = (sheet.name, sheet.header_row) in refused
        for row in (row for unfolded in sheet.rows for row in unfolded):
            if not options.takes(row.sheet, row.row):
                continue
            if is_refused or (row.sheet, row.row) in refused:
                quarantined.append(set_aside(kind, row))
            else:
                accepted.append(row)
    told = [p for p in problems if not p.row or (p.sheet, p.row) in headers or options.takes(p.sheet, p.row)]
    return ParsedTable(
        kind,
        tuple(accepted),
        tuple(quarantined),
        tuple(sorted(told, key=lambda problem: (problem.sheet, problem.row))),
        add_up(kind, accepted),
        {(sheet.name, column.field): column.label for sheet in sheets for column in sheet.columns if column.is_read},
    )


def set_aside(kind: TableKind, row: TableRow) -> QuarantinedRow:
    """Return *row* as the quarantine lists it."""
    codes = tuple(str(row.values[code]) for code in _code_fields(kind) if row.values.get(code))
    return QuarantinedRow(row.sheet, row.row, title_of(kind, row), codes)


def title_of(kind: TableKind, row: TableRow) -> str:
    """Return what people call a row: its title, behind its project and before its month or node where it has them."""
    codes = dict.fromkeys((*(("project_name",) if kind.one_of else ()), kind.title, kind.group_field))
    parts = [row.values[code] for code in codes if code and row.values.get(code) is not None]
    return " · ".join(part.label if hasattr(part, "label") else str(part) for part in parts)


def _code_fields(kind: TableKind) -> list[str]:
    return [
        spec.code for spec in kind.fields if spec.reading is Reading.CODE and any(spec.code in k for k in kind.keys)
    ]


def add_up(kind: TableKind, rows: Sequence[TableRow]) -> dict[str, int]:
    """Return the sum of every amount (元) and area (m²) over *rows*; a figure nobody states is left out."""
    totals = {}
    for spec in kind.fields:
        if spec.reading in _TOTALLED:
            stated = [row.values[spec.code] for row in rows if row.values.get(spec.code) is not None]
            if stated:
                totals[spec.code] = sum(stated)
    return totals
