"""What is known of one project for one year: the raw material of every figure and flag.

Facts are undecided: dates after the as-of day and months after the as-of month may be present and count as
not happened. Money is whole 元, area whole m².
"""

from dataclasses import dataclass
from datetime import date

from core.domain.terms import Stage, YearClass

MONTHS_PER_YEAR = 12
NO_MONTHS: tuple[int | None, ...] = (None,) * MONTHS_PER_YEAR


@dataclass(frozen=True, slots=True)
class MilestoneFact:
    """
    One node (节点) of a project.

    Attributes:
        id: Stored id.
        is_key: Whether it is a key node (关键节点); only these raise flags.
        first_baseline_on: The date first promised; never changes.
        planned_on: The date in force (latest baseline); None when no date was ever set.
        forecast_on: The date expected now; information only.
        actual_on: The day it was reached.
        name: Chinese name, shown in reasons.
    """

    id: int
    is_key: bool
    first_baseline_on: date | None
    planned_on: date | None
    forecast_on: date | None
    actual_on: date | None
    name: str


@dataclass(frozen=True, slots=True)
class BondFact:
    """One batch of special bonds (专项债) granted to a project: day of issue, granted and spent 元."""

    id: int
    name: str
    granted_on: date
    granted_yuan: int
    spent_yuan: int


@dataclass(frozen=True, slots=True)
class FindingFact:
    """A finding of an inspection or patrol (督查发现问题) that is not mended yet; *due_on* None = without deadline."""

    id: int
    is_serious: bool
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """
    Inputs of one project for one year (the year of the as-of month).

    Attributes:
        year_class: Class in the year's list on the as-of day; None = not in the list (调出 or never listed).
        prior_done_yuan: Completed before 1 January of the year.
        annual_plan_yuan: Planned for the year; None or 0 = no plan, hence no own rate.
        month_plan_yuan: Twelve months; all None = no month plan (linear), otherwise a None month plans nothing.
            They count only beside an annual plan.
        month_done_yuan: Twelve months; None = not reported (未报), which is not zero.
        suspended_on: Start of the latest suspension; it lasts until *resumed_on* when that is not earlier.
        problems_open: Problems open on the as-of day.
        problems_overdue: Of these, past their deadline.
        problems_overdue_escalated: Of these, overdue although escalated (提级后仍逾期).
        reports_late: Months January..as-of month whose report came after its deadline (迟报).
        bonds: Batches issued by the as-of day, in the order of issue.
        findings: Findings not mended on the as-of day.
    """

    project_id: int
    county_id: int
    headquarters_id: int | None
    unit_id: int | None
    stage: Stage
    year_class: YearClass | None
    total_investment_yuan: int
    prior_done_yuan: int
    annual_plan_yuan: int | None
    month_plan_yuan: tuple[int | None, ...] = NO_MONTHS
    month_done_yuan: tuple[int | None, ...] = NO_MONTHS
    start_planned_on: date | None = None
    finish_planned_on: date | None = None
    started_on: date | None = None
    suspended_on: date | None = None
    resumed_on: date | None = None
    completed_on: date | None = None
    commissioned_on: date | None = None
    full_capacity_on: date | None = None
    signed_on: date | None = None
    fulfilled_on: date | None = None
    reserved_on: date | None = None
    entered_statistics_on: date | None = None
    funds_planned_yuan: int = 0
    funds_received_yuan: int = 0
    funds_spent_yuan: int = 0
    land_sqm: int = 0
    milestones: tuple[MilestoneFact, ...] = ()
    problems_open: int = 0
    problems_overdue: int = 0
    problems_overdue_escalated: int = 0
    reports_late: int = 0
    bonds: tuple[BondFact, ...] = ()
    findings: tuple[FindingFact, ...] = ()
