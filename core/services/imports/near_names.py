"""New projects whose names are close to another project: proposed to the user, never merged by themselves."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from core.importers.cells.text import match_key

LEAST_RATIO = 88  # of 100; below it, other projects of the same park or street begin
_SAME = 100
_CHUNK = 256
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
    families: dict[str, list[tuple[str, int, Named]]] = defaultdict(list)
    for one in stored:
        key = match_key(one.name)
        families[_family(key)].append((key, -1, one))
    wanted: dict[str, list[tuple[str, int, Named]]] = defaultdict(list)
    for position, one in enumerate(new):
        key = match_key(one.name)
        wanted[_family(key)].append((key, position, one))
    found: dict[int, Named] = {}
    for family, queries in wanted.items():
        found.update(_nearest(queries, families.get(family, []) + queries))
    return found


def _family(key: str) -> str:
    return "".join(_TELLING.findall(key)).lower()


def _nearest(queries: Sequence[tuple[str, int, Named]], others: Sequence[tuple[str, int, Named]]) -> dict[int, Named]:
    if len(others) < 2:
        return {}
    texts = [key for key, _, _ in others]
    positions = np.array([position for _, position, _ in others])
    counties = np.array([one.county_id or 0 for _, _, one in others])
    codes = np.array([one.code for _, _, one in others])
    found = {}
    for start in range(0, len(queries), _CHUNK):
        chunk = queries[start : start + _CHUNK]
        ratios = process.cdist(
            [key for key, _, _ in chunk], texts, scorer=fuzz.ratio, score_cutoff=LEAST_RATIO, dtype=np.uint8
        )
        for row in map(int, np.flatnonzero(ratios.any(axis=1))):
            _, position, one = chunk[row]
            # A new project is compared with those before it; the pair is told once.
            fits = (ratios[row] >= LEAST_RATIO) & (positions < position)
            if one.county_id:
                fits &= (counties == one.county_id) | (counties == 0)
            if one.code:
                fits &= (codes == one.code) | (codes == "") | (ratios[row] == _SAME)
            if fits.any():
                found[position] = others[int(np.where(fits, ratios[row], 0).argmax())][2]
    return found
