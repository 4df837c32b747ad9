"""
Files that no office should send and every attacker would: made in code, seeded, none kept in the repository.

``CASES`` holds them by name. ``python -m tests.faults.malformed FOLDER`` writes them out to be looked at.
"""

from dataclasses import replace

from tests.faults.malformed import archives, geometry, markup, mutations, texts, workbooks
from tests.faults.malformed.case import Case

__all__ = ["CASES", "Case"]

# Odd, yet read in full; and flipped bits in formats that have no checksum.
_HARMLESS = frozenset(
    {
        *(f"workbook/{name}" for name in ("noise-Content_Types", "unclosed-row", "dimension-lies", "2100-sheets")),
        *("workbook/merge-backwards", "workbook/20000-merges", "archive/docx-as-xlsx", "text/utf32"),
        *("archive/shapefile-as-xlsx", "shapefile/index-cyclic", "shapefile/attribute-count-lies", "geojson/area-nan"),
        *("shapefile/file-length-lies", "shapefile/file-length-negative"),
        *(f"flip/{kind}-{seed:02d}" for kind in ("xls", "geojson", "shapefile") for seed in range(mutations.FLIPS)),
    }
)

CASES: tuple[Case, ...] = tuple(
    replace(case, is_harmless=case.name in _HARMLESS)
    for group in (workbooks, archives, texts, geometry, markup, mutations)
    for case in group.cases()
)
