"""Percent cells. Whether 0.97 means 97 % is decided by the whole column."""

import re
from collections.abc import Iterable

from core.importers.cells.money import narrow
from core.importers.cells.refused import Refused
from core.importers.cells.text import PLACEHOLDERS
from core.importers.sheet import BrokenCell, Cell

_PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?)(%)?")
_RATIO_LIMIT = 2.0  # a completion above 200 % is rarer than a column of ratios


def is_ratio_column(values: Iterable[Cell]) -> bool:
    """Return whether the bare numbers of a column are ratios (0.97) rather than percents (97)."""
    numbers = [abs(number) for number in map(_bare_number, values) if number]
    return bool(numbers) and max(numbers) <= _RATIO_LIMIT


def _bare_number(value: Cell) -> float | None:
    if isinstance(value, (int, float)):
        return float(value)
    match = _PERCENT.fullmatch(narrow(value)) if isinstance(value, str) else None
    return float(match[1]) if match and not match[2] else None


def parse_percent(value: Cell, *, as_ratio: bool) -> float | None:
    """
    Return percent 0–100 (and beyond); *as_ratio* says that bare numbers are ratios.

    Raises:
        Refused: Not a number.
    """
    if value is None:
        return None
    if isinstance(value, BrokenCell):
        raise Refused(value.value)
    text = narrow(repr(value) if isinstance(value, float) else str(value))
    if text in PLACEHOLDERS:
        return None
    match = _PERCENT.fullmatch(text)
    if match is None:
        raise Refused("bad_percent", value=value)
    number = float(match[1])
    return number * 100 if as_ratio and not match[2] else number
