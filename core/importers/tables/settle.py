"""Columns of one sheet settled: groups or single rows, one column per field, a unit for every amount and area."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.importers.cells.money import SQM_PER_UNIT, YUAN_PER_UNIT
from core.importers.cells.refused import Refused
from core.importers.columns.units import sheet_units
from core.importers.columns.words import header_words
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, build_problem
from core.importers.sheet import BrokenCell, Cell
from core.importers.tables.cells import parser_of
from core.importers.tables.spec import Reading, TableKind
from core.importers.tables.vocabulary import ELSEWHERE, TableColumn

_SAMPLE_ROWS = 3_000
_DATES = (Reading.DAY, Reading.LAST_DAY)


@dataclass(slots=True)
class Settling:
    """Columns of one sheet while they are being settled; *header_row* is an Excel row number."""

    kind: TableKind
    sheet: str
    header_row: int
    columns: list[TableColumn]
    rows: list[list[Cell]]
    problems: list[ImportProblem]

    def say(self, column: TableColumn, code: str, **values: object) -> None:
        self.problems.append(build_problem(code, self.sheet, self.header_row, column.label, **values))

    def change(self, column: TableColumn, **values: object) -> None:
        self.columns[self.columns.index(column)] = replace(column, **values)  # type: ignore[arg-type]

    def values(self, column: TableColumn) -> list[Cell]:
        """Return the non-blank sampled values of *column*."""
        found = [row[column.index] for row in self.rows[:_SAMPLE_ROWS] if column.index < len(row)]
        return [value for value in found if value is not None and value != "" and not isinstance(value, BrokenCell)]

    def of(self, *readings: Reading) -> list[TableColumn]:
        """Return the columns whose field is read in one of *readings*."""
        return [c for c in self.columns if c.is_read and self.kind.field_of(c.field).reading in readings]


def settle(choices: Settling, title: str, options: ReadOptions) -> None:
    """Settle *choices* in place; afterwards each (field, group) stands at most once and every amount has its unit."""
    _settle_codes(choices)
    _settle_groups(choices)
    _drop_duplicates(choices)
    _settle_money(choices, title, options)
    _settle_area(choices, title)
    for column in choices.columns:
        if not column.field:
            choices.say(column, "unknown_column")
        elif column.field == ELSEWHERE and not column.is_settled:
            choices.say(column, "kept_elsewhere")


def _settle_codes(choices: Settling) -> None:
    """A mapping may name a field or group that the kind does not have (a profile of another release)."""
    known = {spec.code for spec in choices.kind.fields}
    for column in [c for c in choices.columns if c.is_read and c.field not in known]:
        choices.change(column, field="", group=None)
    for column in [c for c in choices.columns if c.group is not None and not choices.kind.group_field]:
        choices.change(column, group=None)


def _settle_groups(choices: Settling) -> None:
    """Where rows name their node or month, no column does; a node guessed from one header cell must hold dates."""
    grouped = [column for column in choices.columns if column.group is not None]
    if any(column.field == choices.kind.group_field and column.group is None for column in choices.columns):
        for column in grouped:
            choices.change(column, group=None)
        return
    for column in grouped:
        spec = choices.kind.field_of(column.field)
        is_certain = column.is_settled or "/" in column.header
        if spec.reading in _DATES and not is_certain and not _holds_dates(choices, column):
            choices.change(column, field="", group=None)


def _holds_dates(choices: Settling, column: TableColumn) -> bool:
    values = choices.values(column)
    spec = choices.kind.field_of(column.field)
    parse, _ = parser_of(spec, unit="", is_settled=False, year=2000, values=())
    return not values or 2 * sum(_can_read(parse, value) for value in values) >= len(values)


def _can_read(parse: object, value: Cell) -> bool:
    try:
        parse(value)  # type: ignore[operator]
    except Refused:
        return False
    return True


def _drop_duplicates(choices: Settling) -> None:
    """Of two columns for one field the settled one is read, else the one with its own heading, else the fuller."""
    for key in dict.fromkeys((c.field, c.group) for c in choices.columns if c.is_read):
        same = [column for column in choices.columns if (column.field, column.group) == key]
        if len(same) < 2:
            continue
        best = max(same, key=lambda column: _rank(choices, column))
        for column in same:
            if column is not best:
                choices.say(column, "duplicate_column", other=best.label)
                choices.change(column, field=ELSEWHERE, group=None, is_settled=True)


def _rank(choices: Settling, column: TableColumn) -> tuple[bool, bool, int, int]:
    spec = choices.kind.field_of(column.field)
    is_own = header_words(column.header).startswith(header_words(spec.label))
    return column.is_settled, is_own, len(choices.values(column)), -column.index


def _settle_money(choices: Settling, title: str, options: ReadOptions) -> None:
    columns = choices.of(Reading.MONEY)
    open_columns = [column for column in columns if column.unit not in YUAN_PER_UNIT]
    if not open_columns:
        return
    stated = Counter(column.unit for column in columns if column.unit in YUAN_PER_UNIT)
    unit = sheet_units(title)[0] or options.money_unit
    if not unit and stated:
        unit = stated.most_common(1)[0][0]
        for column in open_columns:
            choices.say(column, "unit_assumed", unit=unit)
    _give_unit(choices, open_columns, unit, "unit_unknown")


def _settle_area(choices: Settling, title: str) -> None:
    open_columns = [column for column in choices.of(Reading.AREA) if column.unit not in SQM_PER_UNIT]
    _give_unit(choices, open_columns, sheet_units(title)[1], "area_unit_missing")


def _give_unit(choices: Settling, columns: Sequence[TableColumn], unit: str, code: str) -> None:
    """A column without any unit is refused as soon as one of its numbers is bare; nothing is guessed from sizes."""
    for column in columns:
        if unit:
            choices.change(column, unit=unit)
        elif any(_is_bare(value) for value in choices.values(column)):
            choices.say(column, code)


def _is_bare(value: Cell) -> bool:
    if isinstance(value, (int, float)):
        return True
    return isinstance(value, str) and value.replace(",", "").replace(".", "", 1).strip().isdigit()
