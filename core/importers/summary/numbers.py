"""Figures of summary tables, exactly as printed: value, decimals, percent sign."""

import re
from dataclasses import dataclass
from decimal import Decimal

from core.importers.cells.money import YUAN_PER_UNIT
from core.importers.cells.numbers import narrow
from core.importers.cells.text import PLACEHOLDERS
from core.importers.sheet import Cell

_FIGURE = re.compile(
    r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(%|亿元|千万元|百万元|万元|千元|元|个?百分点|[个项件家户位名亩]|公顷)?"
)
_RANK = re.compile(r"(?:并列)?第?(\d{1,4})(?:位|名)?(?:\(并列\))?")
_DIGITS = 12  # what a binary float carries for certain; the rest is noise of its formula
_LARGEST = 1e15


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A number as printed.

    Attributes:
        value: In the unit of its column; ``61.1%`` is 61.1.
        decimals: Decimals printed.
        is_percent: It bears a percent sign.
        text: As the cell shows it.
        is_typed: The cell is text: no trailing zero was lost.
    """

    value: Decimal
    decimals: int
    is_percent: bool
    text: str
    is_typed: bool = False


def read_figure(value: Cell, unit: str = "") -> Figure | None:
    """Return the figure of a cell; *unit* is its column's, an amount in another unit is converted. None = no figure."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _of_number(value)
    match = _FIGURE.fullmatch(narrow(value)) if isinstance(value, str) and len(value) <= 40 else None
    if match is None:
        return None
    number = Decimal(match[1].replace(",", ""))
    decimals = _decimals(number)
    if abs(number) >= _LARGEST:
        return None
    own = match[2] or ""
    if own != unit and own in YUAN_PER_UNIT and unit in YUAN_PER_UNIT:
        shift = len(str(YUAN_PER_UNIT[own])) - len(str(YUAN_PER_UNIT[unit]))
        number, decimals = number.scaleb(shift), max(0, decimals - shift)
    return Figure(number, decimals, own == "%", " ".join(str(value).split()), is_typed=True)


def read_rank(value: Cell) -> Figure | None:
    """Return a rank (``3``, ``第3名``, ``并列第6``); None = no rank."""
    match = _RANK.fullmatch(narrow(value)) if isinstance(value, str) else None
    return Figure(Decimal(match[1]), 0, False, str(value).strip()) if match else read_figure(value)


def is_placeholder(value: Cell) -> bool:
    """Whether a cell says that there is no figure."""
    return value is None or (isinstance(value, str) and narrow(value) in PLACEHOLDERS)


def _of_number(value: float) -> Figure | None:
    if not abs(value) < _LARGEST:
        return None
    number = Decimal(value) if isinstance(value, int) else Decimal(format(value, f".{_DIGITS}g"))
    if number == number.to_integral_value():
        number = number.quantize(Decimal(1))
    return Figure(number, _decimals(number), False, f"{number:f}")


def _decimals(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))
