"""Red, yellow and green cell fills of an xlsx workbook: they often stand for a flag that no word repeats."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from colorsys import rgb_to_hsv
from itertools import islice

from core.importers.columns.fields import Column, Field
from core.importers.sheet import Sheet

_FILLS = re.compile(rb"<(?:\w+:)?fills\b.*?</(?:\w+:)?fills>", re.DOTALL)
_FILL = re.compile(rb"<(?:\w+:)?fill>.*?</(?:\w+:)?fill>|<(?:\w+:)?fill/>", re.DOTALL)
_COLOUR = re.compile(rb'patternType="solid".*?fgColor\b[^>]*?\b(rgb|indexed)="(?:FF|00)?(\w+)"', re.DOTALL)
_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb'<(?:\w+:)?xf\b[^>]*?\bfillId="(\d+)"')
_INDEXED = {"2": "红", "10": "红", "5": "黄", "13": "黄", "3": "绿", "11": "绿", "17": "绿"}
_MOST_CELLS = 50_000
_LEAST_SATURATION = 0.15  # the usual pale green has 0.17; greys have less, pale blues another hue
_LEAST_BRIGHTNESS = 0.35
_HUES = (("红", 340, 380), ("红", 0, 20), ("黄", 38, 70), ("绿", 80, 165))  # degrees
_FLAG = re.compile(r"红|黄|绿|旗|灯|预警|状态|评价")
_WHOLE_ROWS = 3  # more coloured columns than this mean coloured rows


def signal_fills(styles: bytes, sheet: bytes) -> Iterator[tuple[bytes, bytes, str]]:
    """Yield (column letters, row number, 红 or 黄 or 绿) of the filled cells of a sheet part."""
    words = _words_by_format(styles)
    if words:
        numbers = b"|".join(str(number).encode() for number in words)
        cells = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bs="(' + numbers + rb')")[^>]*?\br="([A-Z]{1,3})(\d+)"')
        for match in islice(cells.finditer(sheet), _MOST_CELLS):
            yield match[2], match[3], words[int(match[1])]


def _words_by_format(styles: bytes) -> dict[int, str]:
    fills = _FILLS.search(styles)
    formats = _FORMATS.search(styles)
    if not fills or not formats:
        return {}
    words = [_word(fill) for fill in _FILL.findall(fills[0])]
    used = [int(number) for number in _FORMAT.findall(formats[0])]
    return {place: words[fill] for place, fill in enumerate(used) if fill < len(words) and words[fill]}


def _word(fill: bytes) -> str:
    match = _COLOUR.search(fill)
    if not match:
        return ""
    value = match[2].decode()
    if match[1] == b"indexed":
        return _INDEXED.get(value, "")
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", value):
        return ""
    red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, saturation, brightness = rgb_to_hsv(red, green, blue)
    if saturation < _LEAST_SATURATION or brightness < _LEAST_BRIGHTNESS:
        return ""
    return next((word for word, first, last in _HUES if first <= hue * 360 <= last), "")


def coloured_columns(sheet: Sheet, columns: tuple[Column, ...], data_row: int) -> list[tuple[Column, str]]:
    """
    Return the columns whose colours seem to mean something, with what was seen (``红2格、绿5格``).

    A flag column says so with one colour, any other with two; rows coloured as a whole are told once, at the name.
    """
    counts: Mapping[int, Counter[str]] = defaultdict(Counter)
    for (row, index), word in sheet.signals.items():
        if row >= data_row:
            counts[index][word] += 1
    found = [
        (column, "、".join(f"{word}{count}格" for word, count in sorted(counts[column.index].items())))
        for column in columns
        if len(counts[column.index]) >= (1 if _FLAG.search(column.header) else 2)
    ]
    if len(found) <= _WHOLE_ROWS:
        return found
    return [one for one in found if one[0].field is Field.NAME][:1] or found[:1]
