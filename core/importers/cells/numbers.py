"""Typed numbers: which mark parts the decimals is decided from the whole column, for 1,234 can be two numbers."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class DecimalMark(StrEnum):
    """How a column parts decimals: 1,234.5 (``POINT``, usual in China) or 1.234,5 (``COMMA``)."""

    POINT = "."
    COMMA = ","


# Within a number only; blanks are kept so that two numbers in a cell are not read as one.
_THOUSANDS = {
    DecimalMark.POINT: r"\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d+",
    DecimalMark.COMMA: r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d+",
}
NUMBERS = {
    mark: rf"[+-]?(?:{whole})(?:{re.escape(mark)}\d+)?" for mark, whole in _THOUSANDS.items()
}  # a pattern to build on, without groups
_NUMBER_LIKE = re.compile(r"(?<![\d.,])[+-]?\d[\d.,' ]*")
_PROOFS = {
    DecimalMark.POINT: re.compile(
        r"[\d,]*\d,\d{3}\.\d+|\d{1,3}(?:,\d{3}){2,}|\d*\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d+|0\.\d+|[\d ]+ \d{3}\.\d+"
    ),
    DecimalMark.COMMA: re.compile(
        r"[\d.]*\d\.\d{3},\d+|\d{1,3}(?:\.\d{3}){2,}|\d*,(?:\d{1,2}|\d{4,})|\d{4,},\d+|0,\d+|[\d ]+ \d{3},\d+"
    ),
}
_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@dataclass(frozen=True, slots=True)
class MarkEvidence:
    """
    What the typed texts of a column tell about its decimal mark.

    Attributes:
        point, comma: A text that can only be read with this mark; empty when there is none.
        either: A text that is a number with both marks, and another one with each; empty when there is none.
        writes_commas: Most numbers are typed as texts and most texts with a mark prove the comma; a lone 12,34 among
            stored numbers is a slip, not a way of writing.
    """

    point: str = ""
    comma: str = ""
    either: str = ""
    writes_commas: bool = False


def mark_evidence(values: Iterable[object]) -> MarkEvidence:
    """Return what the texts among *values* tell; numbers stored as numbers tell nothing."""
    found: dict[str, list[str]] = {"point": [], "comma": [], "either": [], "": []}
    stored = 0
    for value in values:
        stored += isinstance(value, (int, float))
        for number in _NUMBER_LIKE.findall(widths(value)) if isinstance(value, str) else ():
            text = number.strip(" +-").rstrip(".,")
            found[_tells(text)].append(text)
    texts = sum(map(len, found.values()))
    writes_commas = texts > stored and len(found["comma"]) > len(found["point"])
    first = {name: texts[0] if texts else "" for name, texts in found.items() if name}
    return MarkEvidence(**first, writes_commas=writes_commas)


def _tells(text: str) -> str:
    if _EITHER.fullmatch(text):
        return "either"
    if _PROOFS[DecimalMark.POINT].fullmatch(text):
        return "point"
    return "comma" if _PROOFS[DecimalMark.COMMA].fullmatch(text) else ""


def narrow(text: str) -> str:
    """Return *text* in narrow characters without any blanks (`１，２００ 万元` → `1,200万元`)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def widths(value: str) -> str:
    """Return *value* in narrow characters, line breaks kept, other blanks plain and single."""
    return re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", value))


def plain(number: str, mark: DecimalMark) -> str:
    """Return a text that matched ``NUMBERS[mark]`` as Python writes numbers (``1.234,5`` → ``1234.5``)."""
    digits = re.sub(r"[ ']", "", number)
    return digits.replace(",", "") if mark is DecimalMark.POINT else digits.replace(".", "").replace(",", ".")
