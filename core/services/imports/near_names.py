"""New projects whose names are close to another project: proposed to the user, never merged by themselves."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from core.importers.cells.text import match_key

LEAST_RATIO = 88  # of 100; below it, other projects of the same park or street begin
# What tells projects of one family apart: 一期 and 二期, 1号 and 2号, 东区 and 西区, A and B.
_TELLING = re.compile(r"[0-9一二三四五六七八九十甲乙丙丁东南西北上下左右a-z]", re.IGNORECASE)


class Named(NamedTuple):
    """
    A project by its name.

    Attributes:
        county_id: ``None`` = not known; then it may be any.
        where: How the sentence names the place of the other project (``第5行``, ``系统中``).
        code: National code; two projects with different ones are near only when their names are the same.
    """

    name: str
    county_id: int | None
    where: str
    code: str = ""


def find_near(new: Sequence[Named], stored: Iterable[Named]) -> dict[int, Named]:
    """
    Return position in *new* → the stored project or the earlier new one that it is closest to.

    Only names with the same telling marks in the same order are compared, so numbered series do not warn.
    """
    families: dict[str, _Family] = defaultdict(_Family)
    for one in stored:
        key = match_key(one.name)
        families[_marks(key)].add(key, one)
    found: dict[int, Named] = {}
    # A new project is compared with those before it, so each pair is told once.
    for position, one in enumerate(new):
        key = match_key(one.name)
        family = families[_marks(key)]
        near = family.nearest(key, one)
        if near is not None:
            found[position] = near
        family.add(key, one)
    return found


def _marks(key: str) -> str:
    return "".join(_TELLING.findall(key)).lower()


class _Family:
    """
    Names with the same telling marks, in groups that may hold the same project: by county, with and without a code.

    Two projects that both have a code of their own are near only when their names are the same, so those are looked up
    and not compared.
    """

    def __init__(self) -> None:
        self._same: dict[str, list[_Member]] = defaultdict(list)
        self._groups: dict[tuple[int | None, bool], _Group] = defaultdict(_Group)
        self._count = 0

    def add(self, key: str, one: Named) -> None:
        member = _Member(self._count, key, one)
        self._count += 1
        self._same[key].append(member)
        self._groups[one.county_id, bool(one.code)].add(member)

    def nearest(self, key: str, one: Named) -> Named | None:
        """Return the member closest to *one*, the first among equals, if any is close enough."""
        for member in self._same.get(key, ()):
            if _may_share_place(one.county_id, member.one.county_id):
                return member.one
        found: list[tuple[int, int, Named]] = []
        for (county_id, has_code), group in self._groups.items():
            if not (one.code and has_code) and _may_share_place(one.county_id, county_id):
                found.extend(group.near(key))
        return min(found, key=lambda near: near[:2])[2] if found else None


class _Member(NamedTuple):
    number: int
    key: str
    one: Named


class _Group:
    """
    Names found by pairs of neighbouring characters.

    A name that is close enough lost few of its pairs, so it shares one of the rarest; only those are compared.
    """

    def __init__(self) -> None:
        self._members: list[_Member] = []
        self._indexed = 0
        self._places: dict[str, list[int]] = defaultdict(list)

    def add(self, member: _Member) -> None:
        self._members.append(member)

    def _index(self) -> None:
        """Most groups have one member and are never asked: pairs are made when they are needed."""
        for place in range(self._indexed, len(self._members)):
            for pair in _pairs(self._members[place].key):
                self._places[pair].append(place)
        self._indexed = len(self._members)

    def near(self, key: str) -> Iterator[tuple[int, int, Named]]:
        """Yield (100 − ratio, number, project) of each member that is close enough to *key*."""
        self._index()
        pairs = _pairs(key)
        places = sorted((self._places[pair] for pair in pairs if pair in self._places), key=len)
        lost = len(pairs) - len(places)
        # Each edit costs at most two pairs; more edits than this and the ratio is below the least one.
        most_edits = int(len(key) * (100 - LEAST_RATIO) / (LEAST_RATIO / 2))
        needed = max(0, 2 * most_edits + 1 - lost)
        for place in {place for group in places[:needed] for place in group}:
            number, other_key, other = self._members[place]
            ratio = int(fuzz.ratio(key, other_key, score_cutoff=LEAST_RATIO))
            if ratio >= LEAST_RATIO:
                yield 100 - ratio, number, other


def _pairs(key: str) -> set[str]:
    return {key[at : at + 2] for at in range(len(key) - 1)} or {key}


def _may_share_place(county_id: int | None, other_id: int | None) -> bool:
    return not county_id or not other_id or county_id == other_id
