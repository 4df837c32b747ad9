"""A confirmed mapping beside the headers of another table: does it fit, and what does it say about each column?"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rapidfuzz import fuzz

from core.importers.columns.mapping import bare_key, header_key
from core.importers.options import MappedColumn
from core.importers.read_sheet import ReadSheet

LEAST_RATIO = 90  # of 100: one word more or another spelling
_TIMES = re.compile(r"20\d{2}年?|\d{1,2}\s*[-—–至~]\s*\d{1,2}月|\d{1,2}月")
# Words that make another column of a header that is spelled alike otherwise.
_TELLING = re.compile(r"\d|上年|本年|去年|今年|当年|上月|本月|当月|开工|竣工|投产|入统|计划|实际|完成|累计|[省市县区]")


@dataclass(frozen=True, slots=True)
class Profile:
    """A confirmed mapping with the answers that went with it."""

    columns: tuple[MappedColumn, ...]
    money_unit: str = ""
    date_order: str = ""
    decimal_mark: str = ""

    def to_text(self) -> str:
        """Return the profile as the store keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def parse(cls, text: str) -> "Profile":
        """Return the profile kept as *text*."""
        kept = json.loads(text)
        columns = tuple(MappedColumn(**column) for column in kept["columns"])
        return cls(columns, kept["money_unit"], kept["date_order"], kept.get("decimal_mark", ""))

    def fit(self, sheets: Sequence[ReadSheet]) -> tuple[MappedColumn, ...] | None:
        """Return what the profile says about the columns of *sheets*, or ``None`` when it fits none of them."""
        fits = [match_profile(self.columns, [column.header for column in sheet.columns]) for sheet in sheets]
        found = [column for fit in fits if fit is not None for column in fit]
        return tuple(dict.fromkeys(found)) if any(fit is not None for fit in fits) else None


def match_profile(profile: Sequence[MappedColumn], headers: Sequence[str]) -> tuple[MappedColumn, ...] | None:
    """
    Return the profile's columns with the headers of this table, or ``None`` when one of them is missing.

    Columns may stand elsewhere, be doubled, bear another year or month, or be spelled slightly otherwise; a header
    that fits word for word is taken before one that is only alike, and one that is alike only when it is the only one.
    Columns that the profile leaves out may be missing. A unit in the header outweighs the profile's.
    """
    free = list(range(len(headers)))
    found: dict[int, int] = {}
    for alike in (_same, _same_but_unit, _same_but_time, _spelled_alike):
        for number, mapped in enumerate(profile):
            places = [at for at in free if alike(mapped.header, headers[at])] if number not in found else []
            if places and (alike is _same or len(places) == 1):
                found[number] = places[0]
                free.remove(places[0])
    if any(mapped.field and number not in found for number, mapped in enumerate(profile)):
        return None
    return tuple(_placed(profile[number], headers, place) for number, place in sorted(found.items()))


def _placed(mapped: MappedColumn, headers: Sequence[str], place: int) -> MappedColumn:
    header = headers[place]
    key = header_key(header)
    occurrence = sum(header_key(other) == key for other in headers[:place])
    unit = mapped.unit if bare_key(header) == key else ""
    return MappedColumn(header, mapped.field, unit, occurrence)


def _same(one: str, other: str) -> bool:
    return header_key(one) == header_key(other)


def _same_but_unit(one: str, other: str) -> bool:
    return bare_key(one) == bare_key(other)


def _timeless(header: str) -> str:
    return _TIMES.sub("", bare_key(header))


def _same_but_time(one: str, other: str) -> bool:
    return bool(_timeless(one)) and _timeless(one) == _timeless(other)


def _spelled_alike(one: str, other: str) -> bool:
    one, other = _timeless(one), _timeless(other)
    is_near = fuzz.ratio(one, other) >= LEAST_RATIO
    return is_near and _TELLING.findall(one) == _TELLING.findall(other)
