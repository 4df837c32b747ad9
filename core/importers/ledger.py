"""Bytes of a project ledger → rows, quarantine, problems, totals. Pure: no store, no clock."""

from dataclasses import replace

from core.importers.cells.refused import Refused
from core.importers.checks import run_checks
from core.importers.checks.check_sums import declared_sums
from core.importers.columns.column_reading import ColumnReading, column_readings
from core.importers.columns.fields import MONEY_FIELDS, Column, Field
from core.importers.columns.header import Header
from core.importers.columns.meaning import meaning_of
from core.importers.columns.resolve import Choices, ledger_year, samples_of, settle_columns
from core.importers.columns.units import settle_units
from core.importers.columns.words import header_words, title_month, year_in
from core.importers.columns.writing import settle_writing
from core.importers.merges import Merges, apply_merges
from core.importers.options import ReadOptions
from core.importers.outline import Outline, SumRow
from core.importers.problems import ImportProblem, Severity, build_problem
from core.importers.reading import Reader
from core.importers.row import DOUBTS, LedgerRow, ParsedLedger, QuarantinedRow, add_up
from core.importers.rows import RowKind, RowReader, shape_of
from core.importers.sheet import Cell, Sheet
from core.importers.sheet_rows import SheetRows
from core.importers.signals import coloured_columns
from core.importers.table import read_sheets
from core.importers.tables.schema_sheet import restore_headings
from core.importers.turned import lay_out, put_back


def parse_ledger(data: bytes, file_name: str, options: ReadOptions) -> ParsedLedger:
    """
    Return everything that the ledger *data* says.

    Every project row ends either in ``rows`` or in ``quarantined``; the latter have at least one refusing problem.

    Raises:
        UnreadableFile: The file cannot be opened at all.
    """
    problems: list[ImportProblem] = []
    sheets = []
    opened = read_sheets(data, file_name)
    read, notes = restore_headings(opened, "ledger", lambda text: meaning_of((text,)), options.mapping)
    problems.extend(notes)
    for sheet in read:
        problems.extend(sheet.problems)
        parsed = _parse_sheet(sheet, options, problems)
        if parsed is not None:
            sheets.append(parsed)
    if not any(sheet.rows for sheet in sheets):
        problems.append(build_problem("nothing_found"))
    problems.extend(run_checks(sheets, accept_large_amounts=options.accept_large_amounts))
    return _divide(sheets, problems, options)


def _divide(sheets: list[SheetRows], problems: list[ImportProblem], options: ReadOptions) -> ParsedLedger:
    """Set aside each row with a refusing problem, and every row of a sheet refused at its header."""
    refusals = [problem for problem in problems if problem.severity is Severity.REFUSE]
    refused = {(problem.sheet, problem.row) for problem in refusals}
    certain = {(problem.sheet, problem.row) for problem in refusals if problem.code not in DOUBTS}
    accepted: list[LedgerRow] = []
    doubted: list[LedgerRow] = []
    quarantined: list[QuarantinedRow] = []
    for sheet in sheets:
        is_sheet_refused = (sheet.name, sheet.header_row) in refused
        for row in sheet.rows:
            if not options.takes(sheet.name, row.row):
                continue
            if is_sheet_refused or (sheet.name, row.row) in refused:
                quarantined.append(_set_aside(row))
                if not {(sheet.name, sheet.header_row), row.place} & certain:
                    doubted.append(row)
            else:
                accepted.append(row)
    rows = tuple(accepted)
    headers = {(sheet.name, sheet.header_row) for sheet in sheets}
    turned = {sheet.name: sheet for sheet in sheets if sheet.is_turned}
    told = [
        put_back(one, turned[one.sheet].columns, turned[one.sheet].header_row) if one.sheet in turned else one
        for one in problems
        if not one.row or (one.sheet, one.row) in headers or options.takes(one.sheet, one.row)
    ]
    ordered = tuple(sorted(told, key=lambda problem: (problem.sheet, problem.row)))
    columns = tuple(reading for sheet in sheets for reading in sheet.readings)
    labels = {
        (sheet.name, column.field.value): column.label for sheet in sheets for column in sheet.columns if column.field
    }
    read = tuple(sheet.as_read() for sheet in sheets)
    declared = declared_sums(sheets)
    return ParsedLedger(
        rows, tuple(quarantined), ordered, add_up(rows), labels, read, declared, columns, tuple(doubted)
    )


def _set_aside(row: LedgerRow) -> QuarantinedRow:
    return QuarantinedRow(
        row.sheet, row.row, row.name or "", tuple(code for code in (row.code, row.national_code) if code)
    )


def _parse_sheet(sheet: Sheet, options: ReadOptions, problems: list[ImportProblem]) -> SheetRows | None:
    if not any(value not in (None, "") for row in sheet.cells for value in row):
        return None
    layout = lay_out(sheet, options)
    sheet, header = layout.sheet, layout.header
    if header is None:
        if sheet.visible:
            code = "header_not_found" if _has_numbers(sheet) else "sheet_skipped"
            problems.append(build_problem(code, sheet.name))
        return None
    if not sheet.visible:
        problems.append(build_problem("hidden_sheet", sheet.name))
        return None
    if layout.is_turned:
        problems.append(build_problem("table_turned", sheet.name))
    if layout.question and layout.asked:
        problems.append(build_problem(layout.question, sheet.name, header.first_row + 1, layout.asked.label))
    parsed = _SheetParser(sheet, header, options, problems).parse()
    return replace(parsed, is_turned=True) if layout.is_turned else parsed


def _has_numbers(sheet: Sheet) -> bool:
    """A sheet without any number explains; it is no ledger."""
    return any(isinstance(value, (int, float)) or str(value).isdigit() for row in sheet.cells for value in row)


class _SheetParser:
    """One sheet with a header; problems go to the list of the whole file."""

    def __init__(
        self, sheet: Sheet, header: Header[Column], options: ReadOptions, problems: list[ImportProblem]
    ) -> None:
        self._sheet = sheet
        self._header = header
        self._options = options
        self._problems = problems
        self._readings: tuple[ColumnReading, ...] = ()
        self._cells = [list(row) for row in sheet.cells] if sheet.merges else sheet.cells

    def parse(self) -> SheetRows:
        """Return the project rows and the rows that state sums."""
        header, sheet = self._header, self._sheet
        title_year = year_in(header.title) or year_in(sheet.name)
        year = ledger_year(header.columns, title_year, self._options.year)
        columns = self._columns(year)
        if year != self._options.year:
            self._say("year_differs", 0, "", found=year, current=self._options.year)
        for column, seen in coloured_columns(sheet, columns, header.data_row):
            self._say("colour_meaning", header.first_row + 1, column.label, seen=seen)
        merges = apply_merges(sheet, columns, header.data_row, self._cells)
        reader = Reader(sheet.name, year, self._month(columns), columns, self._problems, title_year)
        reader.prepare(self._cells[header.data_row :])
        rows, sums = self._read_rows(reader, merges)
        if not rows:
            self._say("no_projects", 0, "")
        return SheetRows(sheet.name, header.first_row + 1, columns, rows, sums, sheet.cells, self._readings)

    def _columns(self, year: int) -> tuple[Column, ...]:
        header = self._header
        choices = Choices(
            self._sheet.name, header.first_row, list(header.columns), self._cells[header.data_row :], self._problems
        )
        settle_columns(choices, year)
        settle_units(choices, header.title, self._options.money_unit)
        settle_writing(choices, self._options.decimal_mark, self._options.date_order)
        self._readings = column_readings(
            self._sheet.name, header.columns, choices.columns, choices.proposals, samples_of(choices), self._problems
        )
        return tuple(choices.columns)

    def _month(self, columns: tuple[Column, ...]) -> int | None:
        months = {c.month for c in columns if c.month and c.field in (Field.YTD_DONE, Field.MONTH_DONE)}
        if months:
            return max(months)
        return title_month(self._header.title) or self._options.month

    def _say(self, code: str, row: int, column: str, **values: object) -> None:
        self._problems.append(build_problem(code, self._sheet.name, row, column, **values))

    def _read_rows(self, reader: Reader, merges: Merges) -> tuple[list[LedgerRow], list[SumRow]]:
        kinds = RowReader(shape_of(reader.columns), self._header_texts(), self._options.counties)
        outline = Outline(kinds)
        sheet_county = {Field.COUNTY: self._sheet.name} if self._sheet.name in self._options.counties else {}
        inherited: dict[Field, object] = dict(sheet_county)
        rows: list[LedgerRow] = []
        for index in range(self._header.data_row, len(self._cells)):
            cells = self._cells[index]
            if index in merges.continued:
                self._check_continuation(cells, reader, index, merges)
                continue
            reading = kinds.read(cells, index in merges.spread)
            if reading.kind is RowKind.PROJECT:
                self._check_shared(reader, index, merges)
                rows.append(reader.read(cells, index + 1, inherited))
                if index in self._sheet.hidden_rows:
                    self._say("hidden_row", index + 1, "")
            elif reading.kind is RowKind.GROUP:
                outline.heading(reading, index + 1, _amounts(reader, cells), len(rows))
                inherited = sheet_county | outline.inherited()
            elif reading.kind is RowKind.TOTAL:
                outline.total(reading, index + 1, _amounts(reader, cells), len(rows))
        return rows, outline.finish(len(rows))

    def _header_texts(self) -> set[str]:
        texts = {part for column in self._header.columns for part in column.header.split("/")}
        return {header_words(text) for text in texts} | {header_words(column.header) for column in self._header.columns}

    def _check_shared(self, reader: Reader, index: int, merges: Merges) -> None:
        """An amount merged over several projects belongs to none of them alone."""
        for column in reader.columns if index in merges.shared else ():
            if column.index in merges.shared[index]:
                self._say("shared_amount", index + 1, column.label)

    def _check_continuation(self, cells: list[Cell], reader: Reader, index: int, merges: Merges) -> None:
        """A project over several rows is read from the first; own amounts in the others would be lost."""
        for column in reader.columns:
            value = cells[column.index] if column.index < len(cells) else None
            if column.field in MONEY_FIELDS and isinstance(value, (int, float)) and value:
                self._say("several_rows", merges.continued[index] + 1, column.label)
                return


def _amounts(reader: Reader, cells: list[Cell]) -> dict[str, int]:
    """Return the readable amounts of a heading or total row."""
    amounts: dict[str, int] = {}
    for column, parse in reader.parsers:
        if column.field in _SUMMED and column.index < len(cells):
            try:
                amount = parse(cells[column.index])
            except Refused:
                continue
            if amount is not None:
                amounts[column.field] = amount
    return amounts


_SUMMED = MONEY_FIELDS - {Field.MONTH_PLAN, Field.MONTH_ACTUAL, Field.FUNDING, Field.CUMULATIVE_DONE}
