"""Percent cells. Whether 0.97 means 97 % is decided by the whole column."""

import re
from collections.abc import Iterable

from core.importers.cells.numbers import NUMBERS, DecimalMark, plain, widths
from core.importers.cells.refused import Refused
from core.importers.cells.withheld import value_text
from core.importers.sheet import Cell

_PERCENTS = {mark: re.compile(rf"({number})\s*(%)?") for mark, number in NUMBERS.items()}
_LARGEST = 1e6
_RATIO_LIMIT = 2.0  # a completion above 200 % is rarer than a column of ratios


def is_ratio_column(values: Iterable[Cell], mark: DecimalMark = DecimalMark.POINT) -> bool:
    """Return whether the bare numbers of a column are ratios (0.97) rather than percents (97)."""
    numbers = [abs(number) for number in (_bare_number(value, mark) for value in values) if number]
    return bool(numbers) and max(numbers) <= _RATIO_LIMIT


def _bare_number(value: Cell, mark: DecimalMark) -> float | None:
    if isinstance(value, (int, float)):
        return float(value)
    match = _PERCENTS[mark].fullmatch(widths(value).strip()) if isinstance(value, str) else None
    return float(plain(match[1], mark)) if match and not match[2] else None


def parse_percent(value: Cell, *, as_ratio: bool, mark: DecimalMark = DecimalMark.POINT) -> float | None:
    """
    Return percent 0–100 (and beyond); *as_ratio* says that bare numbers are ratios.

    Raises:
        Refused: Not a number.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _bounded(float(value) * 100 if as_ratio else float(value), value)
    text = value_text(value)
    if text is None:
        return None
    match = _PERCENTS[mark].fullmatch(widths(str(value)).strip())
    if match is None:
        raise Refused("bad_percent", value=value)
    number = float(plain(match[1], mark))
    return _bounded(number * 100 if as_ratio and not match[2] else number, value)


def _bounded(percent: float, value: Cell) -> float:
    """A rate of a project is no astronomical number, and never nan."""
    if not abs(percent) <= _LARGEST:
        raise Refused("bad_percent", value=value)
    return percent
