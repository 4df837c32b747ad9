"""One sheet → draft rows: each mapped cell through its parser, problems placed at row and column."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Any

from core.importers.cells.codes import has_region, parse_local_code, parse_national_code
from core.importers.cells.dates import parse_fuzzy_date, parse_period
from core.importers.cells.money import SQM_PER_UNIT, YUAN_PER_UNIT, area_parser, money_parser
from core.importers.cells.people import PersonName, parse_people
from core.importers.cells.percents import is_ratio_column, parse_percent
from core.importers.cells.refused import Refused
from core.importers.cells.text import DITTO, cell_text, is_formula, parse_long_text, parse_name
from core.importers.columns.fields import MONEY_FIELDS, RATE_FIELDS, Column, Field
from core.importers.problems import ImportProblem, build_problem
from core.importers.row import NO_MONTHS, LedgerRow
from core.importers.sheet import Cell
from core.importers.words import LEVEL_WORDS, NOT_LISTED, STAGE_WORDS, YEAR_CLASS_WORDS, parse_yes_no, term_parser

Parser = Callable[[Cell], Any]

_LONG_TEXTS = frozenset(
    {
        Field.CONTENT, Field.ANNUAL_GOAL, Field.PROGRESS, Field.PROBLEM, Field.COORDINATION, Field.MEASURES,
        Field.REMARK, Field.LOCATION,
    }
)  # fmt: skip
_NAMES = frozenset(
    {
        Field.NAME, Field.COUNTY, Field.OWNER, Field.RESPONSIBLE_UNIT, Field.LEAD_UNIT, Field.SUPPORTING_UNIT,
        Field.SERVICE_UNIT, Field.HEADQUARTERS, Field.NATURE, Field.CATEGORY, Field.INVESTOR, Field.STATISTICS_CODE,
    }
)  # fmt: skip
_PEOPLE = frozenset({Field.SPONSORS, Field.RESPONSIBLE_PERSONS, Field.CONTACTS})
_FIRST_DAYS = frozenset({Field.START_PLANNED, Field.STARTED, Field.ENTERED_STATISTICS})
_LAST_DAYS = frozenset({Field.FINISH_PLANNED, Field.COMPLETED, Field.COMMISSIONED})
# A cell that spans several projects speaks for each of them, except for amounts and identity.
SHARED_FIELDS = _NAMES - {Field.NAME, Field.STATISTICS_CODE} | _LONG_TEXTS | _PEOPLE | _FIRST_DAYS | _LAST_DAYS | {
    Field.YEAR_CLASS, Field.STAGE, Field.LEVEL, Field.PERIOD, Field.IS_STARTED, Field.IN_STATISTICS, Field.PHONE,
}  # fmt: skip
# A refused cell here sets the row aside: a silent gap would falsify sums or identity.
MAX_LENGTHS = {
    Field.NAME: 200, Field.OWNER: 200, Field.RESPONSIBLE_UNIT: 200, Field.LEAD_UNIT: 200, Field.SUPPORTING_UNIT: 200,
    Field.SERVICE_UNIT: 200, Field.LOCATION: 400, Field.NATURE: 64, Field.INVESTOR: 64, Field.CATEGORY: 32,
    Field.STATISTICS_CODE: 64, Field.CODE: 32, Field.PROGRESS: 1000, Field.PROBLEM: 1000, Field.MEASURES: 1000,
    Field.REMARK: 1000,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Entry:
    """A column with everything that reading a cell of it needs at hand."""

    column: Column
    index: int
    parse: Parser
    attribute: str
    limit: int
    is_special: bool
    is_shared: bool


def _entry(column: Column, parse: Parser) -> _Entry:
    wanted = column.field or Field.ELSEWHERE
    limit = MAX_LENGTHS.get(wanted, 0)
    return _Entry(column, column.index, parse, wanted.value, limit, wanted in _SPECIAL, wanted in SHARED_FIELDS)


def _check_length(text: str, limit: int) -> None:
    if len(text) > limit:
        raise Refused("too_long", length=len(text), limit=limit)


@dataclass(slots=True)
class Reader:
    """Reads project rows of one sheet; problems gather in ``problems``."""

    sheet: str
    year: int
    month: int | None
    columns: tuple[Column, ...]
    problems: list[ImportProblem]
    title_year: int | None = None
    parsers: list[tuple[Column, Parser]] = field(default_factory=list)
    _plan: list[_Entry] = field(default_factory=list)
    _last_texts: dict[str, Any] = field(default_factory=dict)

    def prepare(self, rows: list[list[Cell]]) -> None:
        """Choose a parser for each column; *rows* decide how percents are written."""
        self.parsers = [(column, self._parser(column, rows)) for column in self.columns if column.field in _READABLE]
        self._plan = [_entry(column, parse) for column, parse in self.parsers]

    def _parser(self, column: Column, rows: list[list[Cell]]) -> Parser:
        wanted = column.field
        if wanted in MONEY_FIELDS:
            # A month may take back what was reported too high, and so may a year that begins with it.
            is_done = wanted in (Field.MONTH_DONE, Field.MONTH_ACTUAL, Field.YTD_DONE)
            return money_parser(YUAN_PER_UNIT.get(column.unit, 1), may_be_negative=is_done, mark=column.decimal_mark)
        if wanted in RATE_FIELDS:
            values = [row[column.index] for row in rows if column.index < len(row)]
            mark = column.decimal_mark
            return partial(parse_percent, as_ratio=is_ratio_column(values, mark), mark=mark)
        if wanted is Field.LAND_AREA:
            return area_parser(SQM_PER_UNIT.get(column.unit), column.decimal_mark)
        if wanted in _FIRST_DAYS or wanted in _LAST_DAYS:
            return self._date_parser(column, is_first=wanted in _FIRST_DAYS)
        return _READABLE[wanted] if wanted is not None else parse_name

    def _date_parser(self, column: Column, *, is_first: bool) -> Parser:
        @lru_cache(maxsize=4_000)
        def parse(value: Cell) -> date | None:
            found = parse_fuzzy_date(value, column.year or self.title_year, column.date_order)
            return None if found is None else found.earliest if is_first else found.latest

        return parse

    def read(self, cells: list[Cell], number: int, inherited: dict[Field, object]) -> LedgerRow:
        """Return the row of Excel row *number*; *inherited* fills what the row itself leaves blank."""
        values: dict[str, Any] = {wanted.value: value for wanted, value in inherited.items()}
        extra = _Extra()
        withheld: list[str] = []
        width = len(cells)
        for entry in self._plan:
            value = cells[entry.index] if entry.index < width else None
            if value is None or value == "":
                continue
            try:
                parsed: Any = self._ditto(entry.column, value) if value in DITTO else entry.parse(value)
                if entry.limit and parsed is not None:
                    _check_length(parsed, entry.limit)
            except Refused as refused:
                self._say(refused, number, entry.column)
                if refused.code == "withheld":
                    withheld.append(f"{entry.column.words}：{cell_text(value)}")
                continue
            if parsed is None or parsed == ():
                continue
            if entry.is_special:
                extra.take(entry.column, parsed)
            else:
                self._take(entry, parsed, number, values)
        extra.put_into(values)
        self._keep_withheld(values, withheld)
        if values.get(Field.YEAR_CLASS.value) == NOT_LISTED:
            values[Field.YEAR_CLASS.value], values["is_listed"] = None, False
        self._check_identity(values, number)
        return LedgerRow(sheet=self.sheet, row=number, year=self.year, month=self.month, **values)

    def _take(self, entry: _Entry, parsed: Any, number: int, values: dict[str, Any]) -> None:
        values[entry.attribute] = parsed
        if entry.is_shared:
            self._last_texts[entry.attribute] = parsed
        if isinstance(parsed, str) and is_formula(parsed):
            self._say(Refused("formula_text", value=parsed), number, entry.column)

    def _keep_withheld(self, values: dict[str, Any], texts: list[str]) -> None:
        """What keeps a figure back stays readable in the remark, if the sheet has one; nothing else is overwritten."""
        if texts and self._column(Field.REMARK):
            said = [values.get(Field.REMARK.value), *texts]
            values[Field.REMARK.value] = "；".join(text for text in said if text)[: MAX_LENGTHS[Field.REMARK]]

    def _ditto(self, column: Column, value: Cell) -> object:
        if column.field in MONEY_FIELDS:
            raise Refused("ditto_amount", value=value)
        return self._last_texts.get(column.field or "")

    def _say(self, refused: Refused, number: int, column: Column | None) -> None:
        label = column.label if column else ""
        self.problems.append(build_problem(refused.code, self.sheet, number, label, **refused.values))

    def _check_identity(self, values: dict[str, Any], number: int) -> None:
        code = values.get(Field.NATIONAL_CODE.value)
        if code and not has_region(code):
            self._say(Refused("unusual_region_code", value=code[5:11]), number, self._column(Field.NATIONAL_CODE))
        name = self._column(Field.NAME)
        if values.get(Field.NAME.value) is None and not self._is_refused(number, name):
            self._say(Refused("missing_name"), number, name)

    def _is_refused(self, number: int, column: Column | None) -> bool:
        """Whether a cell of this row and column was refused already."""
        label = column.label if column else ""
        return any(problem.row == number and problem.column == label for problem in self.problems[-60:])

    def _column(self, wanted: Field) -> Column | None:
        return next((column for column in self.columns if column.field is wanted), None)


class _Extra:
    """Cells that do not fill one attribute: months, sources, periods, telephone numbers."""

    def __init__(self) -> None:
        self._months: dict[Field, list[int | None]] = {}
        self._funding: dict[Any, int] = {}
        self._period: tuple[Any, Any] = (None, None)
        self._phone = ""

    def take(self, column: Column, parsed: Any) -> None:
        """Keep one parsed cell."""
        if column.field is Field.FUNDING:
            self._funding[column.source] = self._funding.get(column.source, 0) + parsed
        elif column.field is Field.PERIOD:
            self._period = parsed
        elif column.field is Field.PHONE:
            self._phone = parsed
        elif column.month and column.field:
            self._months.setdefault(column.field, list(NO_MONTHS))[column.month - 1] = parsed

    def put_into(self, values: dict[str, Any]) -> None:
        """Set what was kept into the attributes it belongs to; a dated column outweighs the period."""
        for wanted, months in self._months.items():
            values[wanted.value] = tuple(months)
        if self._funding:
            values[Field.FUNDING.value] = tuple(self._funding.items())
        start, end = self._period
        if start is not None:
            values.setdefault(Field.START_PLANNED.value, start.earliest)
        if end is not None:
            values.setdefault(Field.FINISH_PLANNED.value, end.latest)
        if self._phone:
            _add_phone(values, self._phone)


def _add_phone(values: dict[str, Any], phone: str) -> None:
    """A telephone column belongs to the contact, else to the responsible person."""
    for wanted in (Field.CONTACTS, Field.RESPONSIBLE_PERSONS):
        people = values.get(wanted.value)
        if people:
            first = people[0]
            values[wanted.value] = (PersonName(first.name, first.duty, first.phone or phone), *people[1:])
            return


def _parse_year_class(value: Cell) -> Any:
    """Return the class, or ``NOT_LISTED`` as it stands."""
    return NOT_LISTED if isinstance(value, str) and value.strip() == NOT_LISTED else _YEAR_CLASS(value)


_YEAR_CLASS = term_parser(YEAR_CLASS_WORDS)
_SPECIAL = frozenset({Field.MONTH_PLAN, Field.MONTH_ACTUAL, Field.FUNDING, Field.PERIOD, Field.PHONE})
_READABLE: dict[Field, Parser] = {
    **dict.fromkeys(_NAMES, parse_name),
    **dict.fromkeys(_LONG_TEXTS, parse_long_text),
    **dict.fromkeys(_PEOPLE, parse_people),
    **dict.fromkeys(MONEY_FIELDS - {Field.CUMULATIVE_DONE}, parse_name),
    **dict.fromkeys(RATE_FIELDS | _FIRST_DAYS | _LAST_DAYS | {Field.LAND_AREA}, parse_name),
    Field.CODE: parse_local_code,
    Field.NATIONAL_CODE: parse_national_code,
    Field.YEAR_CLASS: _parse_year_class,
    Field.STAGE: term_parser(STAGE_WORDS),
    Field.LEVEL: term_parser(LEVEL_WORDS),
    Field.PERIOD: parse_period,
    Field.PHONE: parse_name,
    Field.IS_STARTED: parse_yes_no,
    Field.IN_STATISTICS: parse_yes_no,
}
