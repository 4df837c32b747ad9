"""
Files that no office should send and every attacker would: made in code, seeded, none kept in the repository.

``CASES`` holds them by name. ``python -m tests.faults.malformed FOLDER`` writes them out to be looked at.
"""

from tests.faults.malformed import archives, geometry, markup, mutations, texts, workbooks
from tests.faults.malformed.case import Case

__all__ = ["CASES", "Case"]

CASES: tuple[Case, ...] = tuple(
    case for group in (workbooks, archives, texts, geometry, markup, mutations) for case in group.cases()
)
