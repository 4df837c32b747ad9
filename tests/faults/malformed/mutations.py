"""Good files cut at many places, and good files with some bytes turned; the seed is the name."""

import random
from collections.abc import Callable, Iterator
from functools import partial

from tests.faults.malformed.bases import geojson, good_csv, good_docx, good_xls, good_xlsx, shapefile
from tests.faults.malformed.case import Case

GOOD: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
    ("xlsx", "台账.xlsx", good_xlsx),
    ("xls", "台账.xls", good_xls),
    ("docx", "台账.docx", good_docx),
    ("shapefile", "地块.zip", shapefile),
    ("geojson", "地块.geojson", lambda: geojson().encode()),
)
SHARES = (1, 10, 30, 50, 70, 90, 99)
FLIPS = 12


def cases() -> Iterator[Case]:
    for kind, file_name, build in GOOD:
        for share in SHARES:
            yield Case(f"cut/{kind}-{share:02d}", file_name, partial(_cut, build, share))
    yield Case("cut/csv-in-quotes", "台账.csv", lambda: good_csv().encode()[:-30] + b'"')
    for kind, file_name, build in GOOD:
        for seed in range(FLIPS):
            yield Case(f"flip/{kind}-{seed:02d}", file_name, partial(_flipped, build, seed))


def _cut(build: Callable[[], bytes], share: int) -> bytes:
    data = build()
    return data[: max(4, len(data) * share // 100)]


def _flipped(build: Callable[[], bytes], seed: int) -> bytes:
    """Turn one bit in each of 1 to 200 places."""
    dice = random.Random(seed)
    data = bytearray(build())
    for _ in range(dice.choice((1, 3, 20, 200))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)
