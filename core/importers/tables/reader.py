"""One sheet of a table → its rows: each column through its parser, groups unfolded, problems at row and column."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.domain.period import Month
from core.importers.cells.refused import Refused
from core.importers.cells.text import DITTO, is_formula
from core.importers.problems import PROBLEMS, ImportProblem, Severity, build_problem
from core.importers.sheet import Cell
from core.importers.tables.cells import NUMERIC, Parser, parser_of
from core.importers.tables.spec import FieldSpec, Reading, TableKind, TableRow
from core.importers.tables.vocabulary import TableColumn


@dataclass(frozen=True, slots=True)
class Entry:
    """A column with everything that reading a cell of it needs at hand."""

    column: TableColumn
    spec: FieldSpec
    parse: Parser


@dataclass(slots=True)
class TableReader:
    """
    Reads the data rows of one sheet; problems gather in ``problems``.

    Attributes:
        header_row: Excel row number of the header.
        year: Year of bare months and of month columns.
        month: Month of the whole sheet, for kinds whose rows are of a month.
    """

    kind: TableKind
    sheet: str
    header_row: int
    year: int
    month: Month | None
    columns: tuple[TableColumn, ...]
    problems: list[ImportProblem]
    entries: list[Entry] = field(default_factory=list)
    _identity: tuple[FieldSpec, ...] = ()
    _above: dict[str, Any] = field(default_factory=dict)
    _texts: dict[tuple[str, Any], Any] = field(default_factory=dict)
    _has_carried: bool = False

    def prepare(self, rows: list[list[Cell]], title_year: int | None) -> None:
        """Choose a parser for each column; *rows* decide how percents are written."""
        self._identity = tuple(spec for spec in self.kind.fields if spec.code in identity_of(self.kind))
        for column in self.columns:
            if not column.is_read:
                continue
            spec = self.kind.field_of(column.field)
            values = [row[column.index] for row in rows if column.index < len(row)]
            year = column.year or title_year or (self.year if spec.reading is Reading.MONTH else None)
            parse, is_ratio = parser_of(
                spec, unit=column.unit, is_settled=column.is_settled and bool(column.unit), year=year, values=values
            )
            if is_ratio:
                self._say("percent_as_ratio", self.header_row, column)
            self.entries.append(Entry(column, spec, parse))

    @property
    def has_groups(self) -> bool:
        """Whether columns of this sheet are unfolded into rows."""
        return any(entry.column.group is not None for entry in self.entries)

    def read(self, cells: list[Cell], number: int, inherited: Mapping[str, Any]) -> list[TableRow]:
        """Return the rows that Excel row *number* holds: one, or one per group that says anything."""
        own: dict[str, Any] = {}
        groups: dict[Any, dict[str, Any]] = {}
        refused: set[str] = set()
        for entry in self.entries:
            column = entry.column
            value = cells[column.index] if column.index < len(cells) else None
            if value is None or value == "":
                continue
            try:
                parsed = self._parse(entry, value)
            except Refused as problem:
                self._say(problem.code, number, column, **problem.values)
                if PROBLEMS[problem.code].severity is Severity.REFUSE:
                    refused.add(column.field)
                if column.group is not None:
                    groups.setdefault(column.group, {})
                continue
            if parsed is None or parsed == ():
                continue
            if isinstance(parsed, str) and is_formula(parsed):
                self._say("formula_text", number, column, value=parsed)
            target = own if column.group is None else groups.setdefault(column.group, {})
            target[column.field] = parsed
        self._carry(own, number)
        base = {**inherited, **own}
        rows = [self._finish(values, number, refused) for values in self._unfold(base, groups)]
        return [TableRow(self.sheet, number, values) for values in rows]

    def _parse(self, entry: Entry, value: Cell) -> Any:
        key = (entry.column.field, entry.column.group)
        if isinstance(value, str) and value.strip() in DITTO:
            if entry.spec.reading in NUMERIC:
                raise Refused("ditto_amount", value=value)
            return self._texts.get(key)
        parsed = entry.parse(value)
        if entry.spec.limit and isinstance(parsed, str) and len(parsed) > entry.spec.limit:
            raise Refused("too_long", length=len(parsed), limit=entry.spec.limit)
        self._texts[key] = parsed
        return parsed

    def _carry(self, own: dict[str, Any], number: int) -> None:
        """Further nodes of a project need not repeat its name; that the name was taken over is said once."""
        carried = self.kind.carried
        if not carried:
            return
        if any(code in own for code in carried):
            self._above = {code: own[code] for code in carried if code in own}
        elif self._above and own:
            own.update(self._above)
            if not self._has_carried:
                self._has_carried = True
                self._say("carried_over", number, self._column(self.kind.anchors))

    def _unfold(self, base: dict[str, Any], groups: dict[Any, dict[str, Any]]) -> Iterable[dict[str, Any]]:
        """A month column names a month of the sheet's year; a sheet of one month speaks for every row."""
        field_code = self.kind.group_field
        if self.has_groups:
            return [{**base, **values, field_code: self._group_of(group)} for group, values in groups.items()]
        if self.month is not None and is_monthly(self.kind):
            return [{field_code: self.month, **base}]
        return [base]

    def _group_of(self, group: Any) -> Any:
        return Month(self.year, group) if isinstance(group, int) else group

    def _finish(self, values: dict[str, Any], number: int, refused: set[str]) -> dict[str, Any]:
        if self.kind.complete is not None:
            values = dict(self.kind.complete(values))
        for spec in self._identity:
            if values.get(spec.code) is None and spec.code not in refused:
                self._say("required_missing", number, self._column((spec.code,)), label=spec.label)
        one_of = self.kind.one_of
        if one_of and not any(code in values or code in refused for code in one_of):
            self._say("reference_missing", number, self._column(one_of))
        for check in self.kind.checks:
            for finding in check(values):
                self._say(finding.code, number, self._column((finding.about,)), **finding.values)
        return values

    def _column(self, codes: Iterable[str]) -> TableColumn | None:
        wanted = tuple(codes)
        return next((column for code in wanted for column in self.columns if column.field == code), None)

    def _say(self, code: str, number: int, column: TableColumn | None, **values: object) -> None:
        label = column.label if column else ""
        self.problems.append(build_problem(code, self.sheet, number, label, **values))


def identity_of(kind: TableKind) -> frozenset[str]:
    """Return the required fields that every key needs; the others are required of new rows only."""
    return frozenset(
        spec.code
        for spec in kind.fields
        if spec.is_required and spec.reading is not Reading.MONTH and all(spec.code in key for key in kind.keys)
    )


def is_monthly(kind: TableKind) -> bool:
    """Return whether rows of *kind* are of a month, which a title or the user may name for all of them."""
    return bool(kind.group_field) and kind.field_of(kind.group_field).reading is Reading.MONTH
