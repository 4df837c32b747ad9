"""Bytes of a table of any kind → rows, quarantine, problems, totals. Pure: no store, no clock."""

from collections.abc import Sequence

from core.importers.columns.header import find_header_with
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, Severity, build_problem
from core.importers.row import QuarantinedRow
from core.importers.sheet import Sheet
from core.importers.table import read_sheets
from core.importers.tables.duplicates import find_duplicates
from core.importers.tables.sheet_table import SheetParser, SheetTable
from core.importers.tables.spec import ParsedTable, Reading, TableKind, TableRow
from core.importers.tables.sums import check_sums
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
    for sheet in read_sheets(data, file_name):
        parsed = _parse_sheet(kind, vocabulary, sheet, options, problems)
        if parsed is not None:
            sheets.append(parsed)
    if not any(sheet.rows for sheet in sheets):
        problems.append(build_problem("no_table_found", label=kind.label))
    rows = [row for sheet in sheets for unfolded in sheet.rows for row in unfolded]
    problems.extend(find_duplicates(kind, rows, several_sheets=len(sheets) > 1))
    for sheet_table in sheets:
        problems.extend(check_sums(kind, sheet_table))
    return _divide(kind, sheets, problems, options)


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
            if not _is_taken(options, row.sheet, row.row):
                continue
            if is_refused or (row.sheet, row.row) in refused:
                quarantined.append(set_aside(kind, row))
            else:
                accepted.append(row)
    told = [p for p in problems if not p.row or (p.sheet, p.row) in headers or _is_taken(options, p.sheet, p.row)]
    return ParsedTable(
        kind,
        tuple(accepted),
        tuple(quarantined),
        tuple(sorted(told, key=lambda problem: (problem.sheet, problem.row))),
        add_up(kind, accepted),
        {(sheet.name, column.field): column.label for sheet in sheets for column in sheet.columns if column.is_read},
    )


def _is_taken(options: ReadOptions, sheet: str, row: int) -> bool:
    return not options.only or (sheet, row) in options.only


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
