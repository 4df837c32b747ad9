"""The year of one project as curves: what is planned and what is done, cumulated to the end of each month."""

from collections.abc import Sequence
from itertools import accumulate

from core.domain.facts import MONTHS_PER_YEAR
from core.domain.standing import linear_due_yuan


def cumulated_plan_yuan(month_plan_yuan: Sequence[int | None], annual_plan_yuan: int) -> list[int]:
    """Return the plan cumulated to the end of month 0..12: by month plans, or evenly when there are none."""
    if any(plan is not None for plan in month_plan_yuan):
        return [0, *accumulate(plan or 0 for plan in month_plan_yuan)]
    return [linear_due_yuan(annual_plan_yuan, number) for number in range(MONTHS_PER_YEAR + 1)]


def cumulated_done_yuan(month_done_yuan: Sequence[int | None], last_month: int) -> list[int]:
    """Return what was completed up to the end of month 0..*last_month*; a month without report adds nothing."""
    return [0, *accumulate(done or 0 for done in month_done_yuan[:last_month])]
