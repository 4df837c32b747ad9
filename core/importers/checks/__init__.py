"""Checks across cells and rows: one check = one module with ``check``; the runner lists them."""

from collections.abc import Sequence

from core.importers.checks import (
    check_annual_plan,
    check_cumulated,
    check_dates,
    check_duplicates,
    check_funding,
    check_magnitude,
    check_months,
    check_rates,
    check_sums,
)
from core.importers.problems import ImportProblem
from core.importers.sheet_rows import SheetRows

ROW_CHECKS = (
    check_duplicates.check,
    check_funding.check,
    check_annual_plan.check,
    check_months.check,
    check_cumulated.check,
    check_rates.check,
    check_dates.check,
    check_sums.check,
)


def run_checks(sheets: Sequence[SheetRows], *, accept_large_amounts: bool) -> list[ImportProblem]:
    """Return what all checks find; *accept_large_amounts* skips the check of magnitudes, which the user answered."""
    found = [problem for check in ROW_CHECKS for problem in check(sheets)]
    if not accept_large_amounts:
        found.extend(check_magnitude.check(sheets))
    return found
