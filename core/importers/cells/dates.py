"""Date cells. Ledgers write 2024年底, 2023.5-2025.12, 45597; a missing day is filled by the role of the column."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from core.importers.cells.numbers import narrow
from core.importers.cells.refused import Refused
from core.importers.cells.withheld import value_text
from core.importers.sheet import Cell

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = (date(1990, 1, 1) - _EXCEL_EPOCH).days, (date(2100, 12, 31) - _EXCEL_EPOCH).days
_CLOCK = r"(?:T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|\+00:00)?)?"
_YMD = re.compile(rf"(\d{{4}})[年./\-](\d{{1,2}})(?:[月./\-](\d{{1,2}})日?|月)?{_CLOCK}")
_NUMERIC = re.compile(rf"(\d{{1,2}})([./\-])(\d{{1,2}})\2(\d{{4}}){_CLOCK}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_YEAR = re.compile(r"(\d{4})年?度?")
_MONTH = re.compile(r"(\d{1,2})月份?")
# Word → (last month, how many months it spans).
_PARTS = {
    "底": (12, 1), "末": (12, 1), "年底": (12, 1), "年末": (12, 1), "年中": (6, 1), "年初": (1, 1), "初": (1, 1),
    "上半年": (6, 6), "下半年": (12, 6),
    **{f"{di}{name}季度": (3 * quarter, 3) for di in ("", "第")
       for quarter, names in enumerate(("一1", "二2", "三3", "四4"), 1) for name in names},
    **{f"q{quarter}": (3 * quarter, 3) for quarter in (1, 2, 3, 4)},
}  # fmt: skip
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_YEAR_PART = re.compile(rf"(\d{{4}})年?[/\-]?({_PART})", re.IGNORECASE)
_PART_YEAR = re.compile(r"(q[1-4])[/\-,]?(\d{4})", re.IGNORECASE)
_BARE_PART = re.compile(rf"({_PART})", re.IGNORECASE)
_MONTH_PART = re.compile(r"((?:\d{4}年)?\d{1,2}月)(?:份)?(底|末|初|中旬|上旬|下旬)")
_RANGE = re.compile(r"(?:至|到|—+|–|~|～|--+)")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_NAME = rf"({'|'.join(_MONTH_NAMES)})[a-z]{{0,6}}\.?"
_DAY_NAME = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?(?:of)?[/\-.,]?{_NAME}[/\-,]?(\d{{4}})", re.IGNORECASE)
_NAME_DAY = re.compile(rf"{_NAME}[/\-]?(?:(\d{{1,2}})(?:st|nd|rd|th)?)?[/\-,]?(\d{{4}})", re.IGNORECASE)
_YEAR_NAME = re.compile(rf"(\d{{4}})[/\-]?{_NAME}(?:[/\-]?(\d{{1,2}}))?", re.IGNORECASE)
# 财年 begin in April, July or October; which one is not written in the cell.
_FISCAL = re.compile(r"(?<![a-z])fy\d{2}|财年|\d{4}[/\-]\d{2}(?:财年)?$|fiscal", re.IGNORECASE)


class DateOrder(StrEnum):
    """How a column orders dates such as 03/04/2025; ``UNKNOWN`` refuses those that can be two days."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class FuzzyDate:
    """
    A date as precise as it was written; ``month`` or ``day`` may be unknown.

    Attributes:
        month: The last month it can mean (2025年三季度: 9).
        months: How many months it spans (2025年三季度: 3).
    """

    year: int
    month: int | None = None
    day: int | None = None
    months: int = 1

    @property
    def earliest(self) -> date:
        """First day it can mean: for starts."""
        return date(self.year, (self.month or self.months) - self.months + 1, self.day or 1)

    @property
    def latest(self) -> date:
        """Last day it can mean: for ends and deadlines."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])


@dataclass(frozen=True, slots=True)
class OrderEvidence:
    """
    What the texts of a column tell about the order of day and month.

    Attributes:
        day_first, month_first: A text that proves the order (31/12/2025); empty when there is none.
        either: A text that can be two days (03/04/2025); empty when there is none.
    """

    day_first: str = ""
    month_first: str = ""
    either: str = ""


def order_evidence(values: Iterable[object]) -> OrderEvidence:
    """Return what the texts among *values* tell."""
    found = {"day_first": "", "month_first": "", "either": ""}
    for value in values:
        match = _NUMERIC.fullmatch(narrow(value)) if isinstance(value, str) else None
        if match is None:
            continue
        first, second = int(match[1]), int(match[3])
        name = "day_first" if first > 12 else "month_first" if second > 12 else "either" if first != second else ""
        if name and not found[name]:
            found[name] = match[0]
    return OrderEvidence(**found)


def parse_fuzzy_date(value: Cell, year: int | None, order: DateOrder = DateOrder.UNKNOWN) -> FuzzyDate | None:
    """
    Return the date written in a cell.

    Args:
        year: Year of a bare month (``5月``), known from the header or title; ``None`` refuses it.
        order: How the column orders day and month.
    Raises:
        Refused: Not a date, or one that can be read in two ways.
    """
    if isinstance(value, (date, datetime)):
        return FuzzyDate(value.year, value.month, value.day)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    text = value_text(value)
    return None if text is None else _from_text(text, year, value, order)


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


def _from_text(text: str, year: int | None, value: object, order: DateOrder = DateOrder.UNKNOWN) -> FuzzyDate:
    text = text.removeprefix("预计").removeprefix("计划").removesuffix("前").removesuffix("完工").removesuffix("开工")
    if match := _YMD.fullmatch(text) or _COMPACT.fullmatch(text):
        parts = [int(part) for part in match.groups() if part]
        if len(parts) == 2 and 12 < parts[1] == (parts[0] + 1) % 100:  # 2023/24
            raise Refused("fiscal_period", value=value)
        return _checked(value, *parts)
    if match := _YEAR.fullmatch(text):
        return _checked(value, int(match[1]))
    if match := _MONTH_PART.fullmatch(text):
        return _from_text(match[1], year, value)
    if (match := _MONTH.fullmatch(text)) and year is not None:
        return _checked(value, year, int(match[1]))
    if text.isdecimal() and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return _exact(_EXCEL_EPOCH + timedelta(days=int(text)))
    found = _part_of_year(text, year, value) or _foreign(text, value, order)
    if found is None:
        raise Refused("fiscal_period" if _FISCAL.search(text) else "bad_date", value=value)
    return found


def _part_of_year(text: str, year: int | None, value: object) -> FuzzyDate | None:
    """2024年底, 2025年三季度, 2025Q2, Q2 2025; a bare 二季度 is one of the year of the column."""
    if match := _YEAR_PART.fullmatch(text):
        return _part(value, int(match[1]), match[2])
    if match := _PART_YEAR.fullmatch(text):
        return _part(value, int(match[2]), match[1])
    match = _BARE_PART.fullmatch(text)
    return _part(value, year, match[1]) if match and year is not None else None


def _part(value: object, year: int, words: str) -> FuzzyDate:
    month, months = _PARTS[words.lower()]
    return FuzzyDate(_checked(value, year, month).year, month, None, months)


def _foreign(text: str, value: object, order: DateOrder) -> FuzzyDate | None:
    """31/12/2025, 12/31/2025, 31 Dec 2025, Dec 2025."""
    if match := _NUMERIC.fullmatch(text):
        return _ordered(int(match[1]), int(match[3]), int(match[4]), value, order)
    if match := _DAY_NAME.fullmatch(text):
        return _checked(value, int(match[3]), _NAMES[match[2].lower()], int(match[1]))
    if match := _NAME_DAY.fullmatch(text):
        return _checked(value, int(match[3]), _NAMES[match[1].lower()], int(match[2]) if match[2] else None)
    if match := _YEAR_NAME.fullmatch(text):
        return _checked(value, int(match[1]), _NAMES[match[2].lower()], int(match[3]) if match[3] else None)
    return None


def _ordered(first: int, second: int, year: int, value: object, order: DateOrder) -> FuzzyDate:
    if first > 12 or first == second or (order is DateOrder.DAY_FIRST and second <= 12):
        return _checked(value, year, second, first)
    if second > 12 or order is DateOrder.MONTH_FIRST:
        return _checked(value, year, first, second)
    raise Refused("day_or_month", value=value)


def _checked(value: object, year: int, month: int | None = None, day: int | None = None) -> FuzzyDate:
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
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
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _FIRST_YEAR <= value <= _LAST_YEAR:
        only = _from_number(value)
        return only, only
    text = value_text(value)
    if text is None:
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


def _splits(text: str) -> list[tuple[str, str]]:
    """Return the ways to cut *text* in two at a range mark; a hyphen counts only in the middle."""
    found = [(text[: mark.start()], text[mark.end() :]) for mark in _RANGE.finditer(text)]
    parts = text.split("-")
    if len(parts) % 2 == 0:
        half = len(parts) // 2
        found.append(("-".join(parts[:half]), "-".join(parts[half:])))
    return found
