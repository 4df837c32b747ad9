"""Header texts in one spelling, with unit, year and month taken out."""

import re
import unicodedata
from functools import lru_cache

_UNIT = r"亿元|千万元|百万元|万元|千元|元|亩|公顷|平方公里|万平方米|平方米|m2|%|百分比"
# English spellings in brackets or behind a comma; a number word alone names no currency.
_OWN = r"(?:rmb|cny|yuan|¥)"
_ENGLISH_UNITS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(pattern, re.IGNORECASE))
    for unit, pattern in (
        ("万元", rf"(?:10,?000|ten ?thousand|10k|wan)s?(?:of)?{_OWN}|{_OWN}(?:10,?000|10k|wan)|wan"),
        ("亿元", rf"(?:100million|hundredmillion|0\.1bn)s?(?:of)?{_OWN}|{_OWN}100(?:million|m)"),
        ("百万元", rf"(?:million|mn|m)s?(?:of)?{_OWN}|{_OWN}(?:million|mn|m)s?"),
        ("十亿元", rf"(?:billion|bn|b)s?(?:of)?{_OWN}|{_OWN}(?:billion|bn|b)s?"),
        ("千元", rf"(?:thousand|000|k)s?(?:of)?{_OWN}|{_OWN}(?:thousand|'?000|k)s?"),
        ("元", _OWN),
        ("亩", r"mu"),
        ("公顷", r"ha|hectares?"),
        ("平方米", r"sq\.?m|sqm|squaremet(?:er|re)s?"),
        ("%", r"pct|percent"),
    )
)
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,24})[)\]]$|,([a-z¥ ]{1,20})$", re.IGNORECASE)
_UNIT_AT_END = re.compile(rf"[(\[/:,、]*(?:单位:?)?({_UNIT})[)\]]*$")
_UNIT_ONLY = re.compile(rf"[(\[/:]*(?:单位:?)?({_UNIT})[)\]]*")
_UNIT_INSIDE = re.compile(rf"[(\[](?:单位:?)?({_UNIT})[)\]]")
_MARKS = re.compile(r"[\s*★●▲☆※]+|^\d+[.、](?=\D)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})年?")
_MONTH_SPAN = re.compile(r"1\s*(?:-+|—+|–|至|~|～)\s*(\d{1,2})\s*月")
_MONTH = re.compile(r"(?<![\d\-—–至~～])(\d{1,2})月")
# Files without merged cells write the parent before its child: 资金来源/银行贷款.
_PARENT_INSIDE = re.compile(r"(?<=^资金来源)/|(?<=^月度计划)/")
_TITLE_MONTH = re.compile(r"截[至止到].{0,8}?(\d{1,2})月|(\d{1,2})月份|年(\d{1,2})月(?!\d{1,2}日)")


@lru_cache(maxsize=4_000)
def header_words(text: str) -> str:
    """Return a header text narrow, without blanks, line breaks and marks such as ★."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).replace("_x000D_", ""))


def split_unit(words: str) -> tuple[str, str]:
    """Return header words without their unit, and the unit (``总投资(万元)`` → ``总投资``, ``万元``)."""
    if _UNIT_ONLY.fullmatch(words):
        return "", _UNIT_ONLY.fullmatch(words)[1]  # type: ignore[index]
    match = _UNIT_AT_END.search(words)
    # "3亿元" at the end of a title is an amount; a header's unit follows a word or stands in brackets.
    if match and not words[: match.start()][-1:].isdigit():
        return words[: match.start()], match[1]
    match = _UNIT_INSIDE.search(words)
    if match:
        return words[: match.start()] + words[match.end() :], match[1]
    return _split_english(words)


def _split_english(words: str) -> tuple[str, str]:
    """``TotalCost(RMBmillion)`` → ``TotalCost``, ``百万元``."""
    match = _IN_BRACKETS.search(words)
    inside = (match[1] or match[2]) if match else ""
    unit = next((unit for unit, pattern in _ENGLISH_UNITS if pattern.fullmatch(inside)), "")
    return (words[: match.start()], unit) if match and unit else (words, "")


def year_in(words: str) -> int | None:
    """Return the single year named in *words*."""
    years = {int(year) for year in _YEAR.findall(words)}
    return years.pop() if len(years) == 1 else None


def month_span_in(words: str) -> int | None:
    """Return N of ``1-N月``."""
    match = _MONTH_SPAN.search(words)
    return _valid(match[1]) if match else None


def month_in(words: str) -> int | None:
    """Return N of ``N月`` when one month is named."""
    months = set(_MONTH.findall(words))
    return _valid(months.pop()) if len(months) == 1 else None


def title_month(title: str) -> int | None:
    """Return the last month that a title names: 1-8月, 截至8月底, 8月份, 2026年8月 (but not 8月5日)."""
    words = "".join(title.split())
    match = _TITLE_MONTH.search(words)
    return month_span_in(words) or (_valid(next(filter(None, match.groups()))) if match else None)


def path_words(path: tuple[str, ...]) -> tuple[list[str], str]:
    """Return the words of a header path without units, 其中 as a parent of its own, and the lowest unit."""
    parts: list[str] = []
    unit = ""
    for piece in (piece for text in path for piece in _PARENT_INSIDE.split(text, maxsplit=1)):
        words, own_unit = split_unit(header_words(piece))
        unit = own_unit or unit
        if words.startswith("其中") and len(words) > 2:
            parts.append("其中")
            words = words[2:].lstrip(":：")
        if words:
            parts.append(words)
    return parts, unit


def _valid(month: str) -> int | None:
    return int(month) if 1 <= int(month) <= 12 else None
