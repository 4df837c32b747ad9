"""Longitudes and latitudes as people write them → degrees: decimal, 度分秒 with marks, or packed as ddd.mmss."""

import re
from collections.abc import Iterable
from enum import Enum

_SIGN = re.compile(r"^(?:东经|北纬|[EN])?\s*|\s*(?:[EN])?$", re.IGNORECASE)
_MARKED = re.compile(
    r"^(\d{1,3})\s*[°度º˚]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[′'’分]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:[″\"”秒]|''|′′)?)?)?$"
)
_PARTED = re.compile(r"^(\d{1,3})[\s:\-](\d{1,2})[\s:\-](\d{1,2}(?:\.\d+)?)$")
_DECIMAL = re.compile(r"^\d{1,3}(\.\d{1,15})?$")


class Packing(Enum):
    """How bare numbers of a column are written."""

    DECIMAL = "decimal"
    PACKED = "packed"  # ddd.mmss
    UNKNOWN = "unknown"


def _plain(text: str) -> str:
    return _SIGN.sub("", text.strip())


def parse_marked(text: str) -> float | None:
    """Return the degrees of ``118°21′00″`` and its like; None when the text is not written in that way."""
    plain = _plain(text)
    match = _MARKED.match(plain) or _PARTED.match(plain)
    if match is None:
        return None
    degrees, minutes, seconds = int(match[1]), float(match[2] or 0), float(match[3] or 0)
    if minutes >= 60 or seconds >= 60 or ("." in (match[2] or "") and match[3]):
        return None
    return degrees + minutes / 60 + seconds / 3600


def parse_decimal(text: str) -> float | None:
    """Return the degrees of a bare decimal number up to 180; None for anything else."""
    plain = _plain(text)
    return float(plain) if _DECIMAL.match(plain) and float(plain) <= 180 else None


def parse_packed(text: str) -> float | None:
    """Return the degrees of ddd.mmss[s…] (``118.2100`` = 118°21′00″); None when minutes or seconds reach 60."""
    plain = _plain(text)
    if not _DECIMAL.match(plain):
        return None
    whole, _, fraction = plain.partition(".")
    digits = fraction.ljust(4, "0")
    minutes = int(digits[:2])
    seconds = float(f"{digits[2:4]}.{digits[4:] or '0'}")
    if minutes >= 60 or seconds >= 60 or int(whole) > 180:
        return None
    return int(whole) + minutes / 60 + seconds / 3600


def packing_of(texts: Iterable[str], words: str) -> Packing:
    """
    Return how a whole column of bare numbers is written.

    One value with minutes or seconds of 60 or more proves decimals, and so does a whole number of digits that no
    packed angle has; nothing proves the opposite except the heading.

    Args:
        texts: Bare numbers of the column.
        words: Heading of the column and title of the table.
    """
    if re.search(r"度分秒|dms|d\.?mmss|度\.分秒", words, re.IGNORECASE):
        return Packing.PACKED
    if re.search(r"十进制|小数|decimal|\bdd\b", words, re.IGNORECASE):
        return Packing.DECIMAL
    bare = [text for text in texts if parse_decimal(text) is not None]
    if not bare or any(parse_packed(text) is None for text in bare) or all("." not in text for text in bare):
        return Packing.DECIMAL
    return Packing.UNKNOWN
