"""Date cells. Ledgers write 2024年底, 2023.5-2025.12, 45597; a missing day is filled by the role of the column."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from core.importers.cells.money import narrow
from core.importers.cells.refused import Refused
from core.importers.cells.text import PLACEHOLDERS
from core.importers.sheet import BrokenCell, Cell

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = (date(1990, 1, 1) - _EXCEL_EPOCH).days, (date(2100, 12, 31) - _EXCEL_EPOCH).days
_YMD = re.compile(r"(\d{4})[年./\-](\d{1,2})(?:[月./\-](\d{1,2})日?|月)?(?:\d{1,2}:\d{2}(?::\d{2}(?:\.0+)?)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_YEAR = re.compile(r"(\d{4})年?度?")
_MONTH = re.compile(r"(\d{1,2})月份?")
_PARTS = {
    "底": 12, "末": 12, "年底": 12, "年末": 12, "下半年": 12, "四季度": 12, "第四季度": 12, "三季度": 9, "第三季度": 9,
    "上半年": 6, "年中": 6, "二季度": 6, "第二季度": 6, "一季度": 3, "第一季度": 3, "年初": 1, "初": 1,
}  # fmt: skip
_YEAR_PART = re.compile(rf"(\d{{4}})年?({'|'.join(sorted(_PARTS, key=len, reverse=True))})")
_MONTH_PART = re.compile(r"((?:\d{4}年)?\d{1,2}月)(?:份)?(底|末|初|中旬|上旬|下旬)")
_RANGE = re.compile(r"(?:至|到|—+|–|~|～|--+)")


@dataclass(frozen=True, slots=True)
class FuzzyDate:
    """A date as precise as it was written; ``month`` or ``day`` may be unknown."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def earliest(self) -> date:
        """First day it can mean: for starts."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """Last day it can mean: for ends and deadlines."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])


def parse_fuzzy_date(value: Cell, year: int | None) -> FuzzyDate | None:
    """
    Return the date written in a cell.

    Args:
        year: Year of a bare month (``5月``), known from the header or title; ``None`` refuses it.
    Raises:
        Refused: Not a date, or one that can be read in two ways.
    """
    if isinstance(value, datetime):
        return FuzzyDate(value.year, value.month, value.day)
    if isinstance(value, date):
        return FuzzyDate(value.year, value.month, value.day)
    if value is None:
        return None
    if isinstance(value, BrokenCell):
        raise Refused(value.value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    text = narrow(str(value))
    return None if text in PLACEHOLDERS else _from_text(text, year, value)


def _from_number(value: float) -> FuzzyDate:
    if _FIRST_YEAR <= value <= _LAST_YEAR and float(value).is_integer():
        return FuzzyDate(int(value))
    if _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return _exact(_EXCEL_EPOCH + timedelta(days=int(value)))
    year, _, month = repr(float(value)).partition(".")
    if len(year) == 4 and len(month) <= 2:
        if month == "1":  # a spreadsheet drops the zero of 2023.10
            raise Refused("ambiguous_date", value=value, year=year)
        return _checked(value, int(year), int(month))
    digits = str(int(value)) if float(value).is_integer() else ""
    match = _COMPACT.fullmatch(digits)
    if match is None:
        raise Refused("bad_date", value=value)
    return _checked(value, *(int(part) for part in match.groups() if part))


def _exact(day: date) -> FuzzyDate:
    return FuzzyDate(day.year, day.month, day.day)


def _from_text(text: str, year: int | None, value: object) -> FuzzyDate:
    text = text.removeprefix("预计").removeprefix("计划").removesuffix("前").removesuffix("完工").removesuffix("开工")
    if match := _YMD.fullmatch(text) or _COMPACT.fullmatch(text):
        return _checked(value, *(int(part) for part in match.groups() if part))
    if match := _YEAR.fullmatch(text):
        return _checked(value, int(match[1]))
    if match := _YEAR_PART.fullmatch(text):
        return _checked(value, int(match[1]), _PARTS[match[2]])
    if match := _MONTH_PART.fullmatch(text):
        return _from_text(match[1], year, value)
    if (match := _MONTH.fullmatch(text)) and year is not None:
        return _checked(value, year, int(match[1]))
    if text.isdigit() and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return _exact(_EXCEL_EPOCH + timedelta(days=int(text)))
    raise Refused("bad_date", value=value)


def _checked(value: object, year: int, month: int | None = None, day: int | None = None) -> FuzzyDate:
    try:
        date(year, month or 1, day or 1)
    except ValueError as error:
        raise Refused("bad_date", value=value) from error
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Refused("bad_date", value=value)
    return FuzzyDate(year, month, day)


@lru_cache(maxsize=4_000)
def parse_period(value: Cell) -> tuple[FuzzyDate | None, FuzzyDate | None]:
    """
    Return start and end of 建设起止年限 (``2023.5-2025.12``, ``2023年至2025年``, ``2023-2025``).

    A single year is both start and end; a single longer date is refused, for it can be either.

    Raises:
        Refused: Not a period.
    """
    if value is None or isinstance(value, BrokenCell):
        return (None, None) if value is None else _raise(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _FIRST_YEAR <= value <= _LAST_YEAR:
        only = _from_number(value)
        return only, only
    text = narrow(str(value))
    if text in PLACEHOLDERS:
        return None, None
    for first, last in _splits(text):
        try:
            start = _from_text(first, None, value)
            return start, _from_text(last, start.year, value)
        except Refused:
            continue
    only = _from_text(text, None, value)
    if only.month is not None:
        raise Refused("bad_date", value=value)
    return only, only


def _raise(value: BrokenCell) -> tuple[FuzzyDate | None, FuzzyDate | None]:
    raise Refused(value.value)


def _splits(text: str) -> list[tuple[str, str]]:
    """Return the ways to cut *text* in two at a range mark; a hyphen counts only in the middle."""
    found = [(text[: mark.start()], text[mark.end() :]) for mark in _RANGE.finditer(text)]
    parts = text.split("-")
    if len(parts) % 2 == 0:
        half = len(parts) // 2
        found.append(("-".join(parts[:half]), "-".join(parts[half:])))
    return found
