"""How the cells of a column are read: one parser per ``Reading``."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Any

from core.domain.period import Month
from core.importers.cells.dates import parse_fuzzy_date
from core.importers.cells.money import SQM_PER_UNIT, YUAN_PER_UNIT, area_parser, money_parser
from core.importers.cells.numbers import narrow
from core.importers.cells.people import parse_people
from core.importers.cells.percents import is_ratio_column, parse_percent
from core.importers.cells.refused import Refused
from core.importers.cells.text import PLACEHOLDERS, cell_text, parse_long_text, parse_name, tidy_line
from core.importers.sheet import Cell
from core.importers.tables.spec import FieldSpec, Reading
from core.importers.words import parse_yes_no

Parser = Callable[[Cell], Any]

NUMERIC = frozenset({Reading.MONEY, Reading.AREA, Reading.COUNT, Reading.NUMBER, Reading.PERCENT})
_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.0+)?[个户家项次宗人件]?")
_MONTH_ONLY = re.compile(r"(\d{1,2})月?份?")
_LONGEST_EXACT = 10**15
_LARGEST_AREA_SQM = 2_000_000_000  # fits a 32-bit column; a county has at most a few hundred million 亩·⅒


def parser_of(
    spec: FieldSpec, *, unit: str, is_settled: bool, year: int | None, values: Iterable[Cell]
) -> tuple[Parser, bool]:
    """
    Return the parser of a column, and whether it reads percents as ratios.

    Args:
        unit: Unit of bare numbers; must be known for money and area columns that hold any.
        is_settled: The unit was settled by hand or by a schema, so a percent is never taken for a ratio.
        year: Year of bare months and days.
        values: The whole column, which decides how percents are written.
    """
    reading = spec.reading
    if reading is Reading.MONEY:
        return money_parser(YUAN_PER_UNIT.get(unit, 1), may_be_negative=spec.may_be_negative), False
    if reading is Reading.AREA:
        return _bounded_area(area_parser(SQM_PER_UNIT.get(unit))), False
    if reading is Reading.PERCENT:
        as_ratio = is_ratio_column(values) and not is_settled
        return partial(_percent, as_ratio=as_ratio), as_ratio
    if reading in (Reading.DAY, Reading.LAST_DAY):
        return _day_parser(year, is_first=reading is Reading.DAY), False
    if reading is Reading.MONTH:
        return partial(_month, year=year), False
    if reading is Reading.TERM:
        return _term_parser(spec), False
    return _PLAIN[reading], False


def _code(value: Cell) -> str | None:
    """A code keeps its letters; a long number has lost its last digits in the spreadsheet."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) >= _LONGEST_EXACT:
        raise Refused("code_as_number")
    text = narrow(cell_text(value))
    return None if text in PLACEHOLDERS else text


def _count(value: Cell) -> int | None:
    text = narrow(cell_text(value))
    if text in PLACEHOLDERS:
        return None
    match = _COUNT.fullmatch(text)
    if match is None:
        raise Refused("bad_count", value=value)
    return int(match[1].replace(",", ""))


def _number(value: Cell) -> Decimal | None:
    text = narrow(repr(value) if isinstance(value, float) else cell_text(value))
    if text in PLACEHOLDERS:
        return None
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise Refused("bad_number", value=value) from error
    if not number.is_finite() or abs(number) >= _LONGEST_EXACT:
        raise Refused("bad_number", value=value)
    return number


def _percent(value: Cell, *, as_ratio: bool) -> Decimal | None:
    number = parse_percent(value, as_ratio=as_ratio)
    return None if number is None else Decimal(repr(round(number, 6)))


def _bounded_area(parse: Parser) -> Parser:
    def bounded(value: Cell) -> int | None:
        sqm: int | None = parse(value)
        if sqm is not None and sqm > _LARGEST_AREA_SQM:
            raise Refused("bad_area", value=value)
        return sqm

    return bounded


def _day_parser(year: int | None, *, is_first: bool) -> Parser:
    @lru_cache(maxsize=4_000)
    def parse(value: Cell) -> date | None:
        found = parse_fuzzy_date(value, year)
        return None if found is None else found.earliest if is_first else found.latest

    return parse


def _month(value: Cell, *, year: int | None) -> Month | None:
    text = narrow(cell_text(value))
    if text in PLACEHOLDERS:
        return None
    bare = _MONTH_ONLY.fullmatch(text)
    if bare and year is not None and 1 <= int(bare[1]) <= 12:
        return Month(year, int(bare[1]))
    try:
        found = parse_fuzzy_date(value, year)
    except Refused as refused:
        if refused.code != "bad_date":
            raise
        raise Refused("bad_month", value=value) from refused
    if found is None or found.month is None:
        raise Refused("bad_month", value=value)
    return Month(found.year, found.month)


def _term_parser(spec: FieldSpec) -> Parser:
    """Only whole words count: 未闲置 is not 闲置."""
    if spec.terms is None:
        raise ValueError(f"{spec.code} names no terms")
    known: dict[str, Any] = {_key(word): term for word, term in spec.words.items()}
    known |= {_key(form): term for term in spec.terms for form in (term.value, term.label)}
    allowed = "、".join(term.label for term in spec.terms)

    @lru_cache(maxsize=2_000)
    def find(text: str) -> Any:
        if _key(text) not in known:
            raise Refused("unknown_word", value=text, allowed=allowed)
        return known[_key(text)]

    def parse(value: Cell) -> Any:
        text = parse_name(value)
        return None if text is None else find(text)

    return parse


def _key(text: str) -> str:
    return narrow(tidy_line(text)).lower()


_PLAIN: dict[Reading, Parser] = {
    Reading.CODE: _code,
    Reading.NAME: parse_name,
    Reading.TEXT: parse_long_text,
    Reading.COUNT: _count,
    Reading.NUMBER: _number,
    Reading.YES_NO: parse_yes_no,
    Reading.PEOPLE: parse_people,
}
