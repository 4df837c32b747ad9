"""What a column may mean, told by its values alone: several answers where several fields look alike."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from core.importers.cells.codes import NATIONAL_CODE, normalise_code
from core.importers.cells.dates import parse_fuzzy_date
from core.importers.cells.numbers import narrow
from core.importers.cells.refused import Refused
from core.importers.columns.fields import Field
from core.importers.sheet import Cell
from core.importers.words import ONLY_YEAR_CLASS

_SHARE = 0.7  # of the values must look alike; the others are slips
_LEAST_VALUES = 3
_PROJECT = re.compile(r"项目|工程|建设|改造|产业园|基地|中心|公路|大桥|水库|学校|医院|片区|厂房|管网|生产线")
_COUNTY = re.compile(r"[\u4e00-\u9fff]{1,6}(?:县|区|市|旗)")
_OFFICE = re.compile(r"[\u4e00-\u9fff]{2,20}(?:局|委|办|厅|政府|管委会|街道|镇|乡)")
_COMPANY = re.compile(r"\S{2,40}(?:公司|集团|厂|合作社|研究院|大学)")
_PEOPLE = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:[、,， ]+[\u4e00-\u9fff·]{2,4})*")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_PERIOD = re.compile(r"20\d{2}[^至到~—–-]*[至到~—–-]+(?:20\d{2})?.*\d.*")
_PERCENT = re.compile(r"[+-]?\d+(?:\.\d+)?%")
_NUMBER = re.compile(r"[+-]?[\d,]+(?:\.\d+)?(?:亿元|万元|亿|万|元)?")
_YES_NO = frozenset({"是", "否", "√", "×", "已开工", "未开工", "已入统", "未入统", "已入库", "未入库", "Yes", "No"})
_LONG = 20


def fields_by_values(values: Sequence[Cell]) -> tuple[Field, ...]:
    """Return the fields whose values look like *values*, likeliest first; empty when too few or like none."""
    texts = [narrow(str(value)) for value in values]
    if len(values) < _LEAST_VALUES:
        return ()
    for looks_alike, fields in _KINDS:
        if looks_alike(values, texts):
            return fields
    return ()


def look_like_names(values: Sequence[Cell]) -> bool:
    """Return whether *values* are names of projects: different texts with words that projects bear."""
    texts = [narrow(value) for value in values if isinstance(value, str)]
    if len(texts) < _LEAST_VALUES or len(texts) < _SHARE * len(values):
        return False
    named = sum(bool(_PROJECT.search(text)) and 4 <= len(text) <= 80 for text in texts)
    return named >= _SHARE * len(texts) and len(set(texts)) >= 0.8 * len(texts)


def _most(pattern: re.Pattern[str]) -> Callable[[Sequence[Cell], list[str]], bool]:
    def check(_values: Sequence[Cell], texts: list[str]) -> bool:
        return sum(bool(pattern.fullmatch(text)) for text in texts) >= _SHARE * len(texts)

    return check


def _codes(_values: Sequence[Cell], texts: list[str]) -> bool:
    return sum(bool(NATIONAL_CODE.fullmatch(normalise_code(text))) for text in texts) >= _SHARE * len(texts)


def _sequence(_values: Sequence[Cell], texts: list[str]) -> bool:
    numbers = [text.removesuffix(".0") for text in texts]
    return numbers == [str(int(numbers[0]) + place) for place in range(len(numbers))] if numbers[0].isdigit() else False


def _dates(values: Sequence[Cell], texts: list[str]) -> bool:
    return sum(map(_is_date, values, texts)) >= _SHARE * len(values)


def _is_date(value: Cell, text: str) -> bool:
    if isinstance(value, (date, datetime)):
        return True
    if not isinstance(value, str) or not re.search(r"[年./\-]", text):
        return False
    try:
        found = parse_fuzzy_date(value, None)
    except Refused as refused:
        return refused.code == "day_or_month"
    return found is not None and found.month is not None


def _long(_values: Sequence[Cell], texts: list[str]) -> bool:
    return sum(len(text) >= _LONG for text in texts) >= _SHARE * len(texts)


def _numbers(values: Sequence[Cell], texts: list[str]) -> bool:
    pairs = zip(values, texts, strict=True)
    plain = sum(isinstance(value, (int, float)) or bool(_NUMBER.fullmatch(text)) for value, text in pairs)
    return plain >= _SHARE * len(values)


_KINDS: tuple[tuple[Callable[[Sequence[Cell], list[str]], bool], tuple[Field, ...]], ...] = (
    (_codes, (Field.NATIONAL_CODE,)),
    (_sequence, (Field.SEQUENCE,)),
    (_most(_PHONE), (Field.PHONE,)),
    (lambda _, texts: set(texts) <= _YES_NO, (Field.IS_STARTED,)),
    (_most(ONLY_YEAR_CLASS), (Field.YEAR_CLASS,)),
    (_most(_PERCENT), (Field.ANNUAL_RATE, Field.TOTAL_RATE)),
    (_dates, (Field.START_PLANNED, Field.FINISH_PLANNED, Field.STARTED, Field.COMPLETED)),
    (_most(_PERIOD), (Field.PERIOD,)),
    (_numbers, (Field.TOTAL, Field.ANNUAL_PLAN, Field.YTD_DONE, Field.SINCE_START_DONE)),
    (lambda values, _: look_like_names(values), (Field.NAME,)),
    (_most(_COUNTY), (Field.COUNTY,)),
    (_most(_OFFICE), (Field.RESPONSIBLE_UNIT, Field.LEAD_UNIT)),
    (_most(_COMPANY), (Field.OWNER,)),
    (_most(_PEOPLE), (Field.SPONSORS, Field.RESPONSIBLE_PERSONS, Field.CONTACTS)),
    (_long, (Field.CONTENT, Field.PROGRESS)),
)
