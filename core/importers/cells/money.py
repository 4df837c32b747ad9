"""Money and area cells → int 元, int m². The unit comes from the cell, else from the column."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction

from core.domain.units import SQM_PER_HA, SQM_PER_MU, YUAN_PER_WAN, YUAN_PER_YI, round_exact
from core.importers.cells.numbers import NUMBERS, DecimalMark, plain, widths
from core.importers.cells.refused import Refused
from core.importers.cells.text import DITTO
from core.importers.cells.withheld import value_text
from core.importers.sheet import Cell

YUAN_PER_UNIT = {
    "亿元": YUAN_PER_YI,
    "亿": YUAN_PER_YI,
    "十亿元": 10 * YUAN_PER_YI,
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

# English words count 元, whatever the column counts.
_ENGLISH = {
    "billion": 10 * YUAN_PER_YI, "bn": 10 * YUAN_PER_YI, "million": 100 * YUAN_PER_WAN, "mn": 100 * YUAN_PER_WAN,
    "thousand": 1_000, "yuan": 1,
}  # fmt: skip
_ENGLISH_AREA = {"mu": "亩", "ha": "公顷", "hectare": "公顷", "hectares": "公顷", "sqm": "平方米", "km2": "平方公里"}
_OWN = r"人民币|rmb|cny|cn¥|¥"
_UNIT = rf"亿元|亿|十亿元|千万元|百万元|万元|万|千元|元|{'|'.join(_ENGLISH)}"
_B = r"\s*"
_AMOUNTS = {
    mark: re.compile(rf"(?:{_OWN})?{_B}({number}){_B}({_UNIT})?{_B}(?:{_OWN}|yuan|整)?", re.IGNORECASE)
    for mark, number in NUMBERS.items()
}
_RANGES = {
    mark: re.compile(
        rf"(?:{_OWN})?{_B}{number}{_B}(?:{_UNIT})?{_B}(?:-|–|—|~|至|到|to){_B}(?:{_OWN})?{_B}{number.removeprefix('[+-]?')}"
        rf"{_B}(?:{_UNIT})?{_B}(?:{_OWN})?",
        re.IGNORECASE,
    )
    for mark, number in NUMBERS.items()
}
_AREAS = {
    mark: re.compile(
        rf"({number}){_B}(亩|公顷|平方公里|万平方米|平方米|m2|㎡|{'|'.join(_ENGLISH_AREA)})?", re.IGNORECASE
    )
    for mark, number in NUMBERS.items()
}
_NUMBERS = re.compile(NUMBERS[DecimalMark.POINT])
_APPROXIMATE = re.compile(
    r"^(约|大约|近|超|逾|不少于|不低于|至少|左右)|(左右|上下|以上|余|多|约)(亿元|万元|元|亿|万)?$|[约≈~]\d"
)
FOREIGN = re.compile(
    r"美元|美金|欧元|港元|港币|日元|英镑|韩元|卢布|新元|澳元|加元|瑞郎|\$|€|£|₩|₹|(?<![a-z])(?:usd|eur|hkd|gbp|jpy|krw|chf|aud"
    r"|cad|sgd|inr|twd|mop|rub|dollars?|euros?|pounds?|sterling)(?![a-jln-z]|[km][a-mo-z])",
    re.IGNORECASE,
)
_LONGEST_LABEL = 12  # letters around a number; more of them are a sentence
_QUANTITY = re.compile(
    r"\d[万千百亿]?(亩|公顷|平方|平米|㎡|m2|吨|件|片|台|套|个|户|人|千瓦|kw|mw|立方|公里|千米|km|米|辆|架|头|只|项|栋)"
)

MoneyParser = Callable[[Cell], int | None]


def money_parser(
    yuan_per_unit: int, *, may_be_negative: bool = False, mark: DecimalMark = DecimalMark.POINT
) -> MoneyParser:
    """Return the parser of a column whose bare numbers count *yuan_per_unit* 元 each; its result is int 元."""

    def parse(value: Cell) -> int | None:
        if type(value) is float or type(value) is int:
            yuan = to_integer(value, yuan_per_unit)
        else:
            amount = _amount_of(value, yuan_per_unit, mark)
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


def _amount_of(value: Cell, yuan_per_unit: int, mark: DecimalMark) -> int | None:
    if isinstance(value, (bool, date, time, timedelta)):
        raise Refused("bad_amount", value=value)
    text = value_text(value)
    if text is None:
        return None
    match = _AMOUNTS[mark].fullmatch(_spaced(str(value)))
    if match is None:
        raise Refused(_why_no_amount(text, _spaced(str(value)), mark), value=value)
    unit = (match[2] or "").lower()
    factor = (_ENGLISH.get(unit) or YUAN_PER_UNIT[unit]) if unit else yuan_per_unit
    return to_integer(Decimal(plain(match[1], mark)), factor)


def _spaced(value: str) -> str:
    """Return *value* narrow, blanks kept inside: 300 and 200 on two lines are not 300200."""
    return widths(value).strip()


def _why_no_amount(text: str, spaced: str, mark: DecimalMark) -> str:
    if text in DITTO:
        return "ditto_amount"
    if FOREIGN.search(text):
        return "foreign_currency"
    if _RANGES[mark].fullmatch(spaced):
        return "amount_range"
    if _APPROXIMATE.search(text):
        return "approximate_amount"
    if _QUANTITY.search(text):
        return "not_money_unit"
    if sum(letter.isalpha() for letter in text) > _LONGEST_LABEL:
        return "sentence_amount"
    return "several_amounts" if len(_NUMBERS.findall(spaced)) > 1 else "bad_amount"


def area_parser(sqm_per_unit: Fraction | None, mark: DecimalMark = DecimalMark.POINT) -> MoneyParser:
    """Return the parser of an area column (int m²); without a column unit each cell must bring its own."""

    def parse(value: Cell) -> int | None:
        text = value_text(value)
        if text is None:
            return None
        if isinstance(value, float):
            match = _AREAS[DecimalMark.POINT].fullmatch(text)
        else:
            match = _AREAS[mark].fullmatch(_spaced(str(value)))
        factor = _area_factor(match[2], sqm_per_unit) if match else None
        if match is None or factor is None or match[1].startswith("-"):
            raise Refused("bad_area", value=value)
        number = match[1] if isinstance(value, float) else plain(match[1], mark)
        return to_integer(Decimal(number), factor)

    return parse


def _area_factor(unit: str | None, sqm_per_unit: Fraction | None) -> Fraction | None:
    words = (unit or "").lower()
    return SQM_PER_UNIT[_ENGLISH_AREA.get(words, words)] if words else sqm_per_unit
