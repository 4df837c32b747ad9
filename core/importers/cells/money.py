"""Money and area cells → int 元, int m². The unit comes from the cell, else from the column."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction

from core.domain.units import SQM_PER_HA, SQM_PER_MU, YUAN_PER_WAN, YUAN_PER_YI, round_exact
from core.importers.cells.refused import Refused
from core.importers.cells.text import DITTO, PLACEHOLDERS
from core.importers.sheet import BrokenCell, Cell

YUAN_PER_UNIT = {
    "亿元": YUAN_PER_YI,
    "亿": YUAN_PER_YI,
    "千万元": 1_000 * YUAN_PER_WAN,
    "百万元": 100 * YUAN_PER_WAN,
    "万元": YUAN_PER_WAN,
    "万": YUAN_PER_WAN,
    "千元": 1_000,
    "元": 1,
}
SQM_PER_UNIT = {
    "亩": SQM_PER_MU,
    "公顷": Fraction(SQM_PER_HA),
    "平方公里": Fraction(1_000_000),
    "万平方米": Fraction(10_000),
    "平方米": Fraction(1),
    "m2": Fraction(1),
    "㎡": Fraction(1),
}
_EXACT_FLOAT = 1e15
_MAX_YUAN = 10**16  # fits BIGINT with room for sums

_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_AMOUNT = re.compile(
    rf"(?:人民币|¥|￥|rmb)?({_NUMBER})(亿元|亿|千万元|百万元|万元|万|千元|元)?(?:人民币|整)?", re.IGNORECASE
)
_AREA = re.compile(rf"({_NUMBER})(亩|公顷|平方公里|万平方米|平方米|m2|㎡)?")
_NUMBERS = re.compile(_NUMBER)
_APPROXIMATE = re.compile(
    r"^(约|大约|近|超|逾|不少于|不低于|至少|左右)|(左右|上下|以上|余|多|约)(亿元|万元|元|亿|万)?$|[约≈~]\d"
)
_FOREIGN = re.compile(r"美元|美金|欧元|港元|港币|日元|英镑|韩元|卢布|新元|澳元|\$|€|£|usd|eur|hkd", re.IGNORECASE)
_QUANTITY = re.compile(
    r"\d[万千百亿]?(亩|公顷|平方|平米|㎡|m2|吨|件|片|台|套|个|户|人|千瓦|kw|mw|立方|公里|千米|km|米|辆|架|头|只|项|栋)"
)

MoneyParser = Callable[[Cell], int | None]


def money_parser(yuan_per_unit: int, *, may_be_negative: bool = False) -> MoneyParser:
    """Return the parser of a column whose bare numbers count *yuan_per_unit* 元 each; its result is int 元."""

    def parse(value: Cell) -> int | None:
        if type(value) is float or type(value) is int:
            yuan = to_integer(value, yuan_per_unit)
        else:
            amount = _amount_of(value, yuan_per_unit)
            if amount is None:
                return None
            yuan = amount
        if yuan < 0 and not may_be_negative:
            raise Refused("negative_amount", value=value)
        if abs(yuan) > _MAX_YUAN:
            raise Refused("bad_amount", value=value)
        return yuan

    return parse


def to_integer(value: float | Decimal, factor: int | Fraction) -> int:
    """Return *value* × *factor* as an integer, half up; the shortest decimal of a float counts (1.15 is 1.15)."""
    if isinstance(value, float) and isinstance(factor, int):
        product = value * factor
        # Nearly all cells are whole 元 up to the noise of a float; the exact way is ten times slower.
        if abs(product) < _EXACT_FLOAT and abs(product - round(product)) < 1e-6 * max(1.0, abs(product) * 1e-6):
            return round(product)
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite() or exact.copy_abs() > _MAX_YUAN:
        raise Refused("bad_amount", value=value)
    return int(round_exact(Fraction(exact) * factor, 0))


def _amount_of(value: Cell, yuan_per_unit: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, BrokenCell):
        raise Refused(value.value)
    if isinstance(value, (bool, date, time, timedelta)):
        raise Refused("bad_amount", value=value)
    text = narrow(str(value))
    if text in PLACEHOLDERS:
        return None
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise Refused(_why_no_amount(text), value=value)
    factor = YUAN_PER_UNIT[match[2]] if match[2] else yuan_per_unit
    return to_integer(Decimal(match[1].replace(",", "")), factor)


def _why_no_amount(text: str) -> str:
    if text in DITTO:
        return "ditto_amount"
    if _FOREIGN.search(text):
        return "foreign_currency"
    if _APPROXIMATE.search(text):
        return "approximate_amount"
    if _QUANTITY.search(text):
        return "not_money_unit"
    return "several_amounts" if len(_NUMBERS.findall(text)) > 1 else "bad_amount"


def narrow(text: str) -> str:
    """Return *text* in narrow characters without any blanks (`１，２００ 万元` → `1,200万元`)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def area_parser(sqm_per_unit: Fraction | None) -> MoneyParser:
    """Return the parser of an area column (int m²); without a column unit each cell must bring its own."""

    def parse(value: Cell) -> int | None:
        if value is None:
            return None
        if isinstance(value, BrokenCell):
            raise Refused(value.value)
        text = narrow(repr(value) if isinstance(value, float) else str(value))
        if text in PLACEHOLDERS:
            return None
        match = _AREA.fullmatch(text)
        factor = (SQM_PER_UNIT[match[2]] if match[2] else sqm_per_unit) if match else None
        if match is None or factor is None or match[1].startswith("-"):
            raise Refused("bad_area", value=value)
        return to_integer(Decimal(match[1].replace(",", "")), factor)

    return parse
