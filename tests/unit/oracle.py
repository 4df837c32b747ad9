"""A slow second opinion: every measure, rate and default flag recomputed from raw facts, one plain loop each.

Written from docs/metrics.md with dates and fractions; it shares no helper with core.domain.
"""

import calendar
import datetime as dt
import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from core.domain.facts import MilestoneFact, ProjectFacts
from core.domain.period import AsOf

Day = dt.date


class Seen:
    """One listed project as somebody with the paper ledger would see it on the day."""

    def __init__(self, row: ProjectFacts, as_of: AsOf) -> None:
        self.row = row
        self.today = as_of.on
        self.year, self.n = as_of.month.year, as_of.month.number
        self.month_end = Day(self.year, self.n, calendar.monthrange(self.year, self.n)[1])
        self.new_year = Day(self.year, 1, 1)
        self.kind = row.year_class.value if row.year_class else ""

    def by_today(self, day: Day | None) -> bool:
        return day is not None and not day > self.today

    @property
    def started(self) -> bool:
        if self.row.started_on is None:
            return self.kind == "continuing"
        return self.by_today(self.row.started_on)

    @property
    def stopped(self) -> bool:
        stop, again = self.row.suspended_on, self.row.resumed_on
        if not self.by_today(stop):
            return False
        assert stop is not None
        resumed = again is not None and self.by_today(again) and again >= stop
        return not resumed

    @property
    def finished(self) -> Day | None:
        days = [d for d in (self.row.completed_on, self.row.commissioned_on) if self.by_today(d)]
        return min(d for d in days if d) if days else None

    @property
    def plan(self) -> int:
        return self.row.annual_plan_yuan if self.row.annual_plan_yuan and self.row.annual_plan_yuan > 0 else 0

    @property
    def curve(self) -> bool:
        return any(m is not None for m in self.row.month_plan_yuan)

    def planned_through(self, months: int) -> int:
        """Plan for January..months in whole yuan; nothing without an annual plan."""
        if not self.plan:
            return 0
        if self.curve:
            return sum(self.row.month_plan_yuan[i] or 0 for i in range(months))
        return math.floor(Fraction(self.plan) * months / 12 + Fraction(1, 2))

    @property
    def done(self) -> int:
        total = 0
        for i in range(self.n):
            value = self.row.month_done_yuan[i]
            if value is not None:
                total += value
        return total

    @property
    def since_start(self) -> int:
        return self.row.prior_done_yuan + self.done

    @property
    def due_start(self) -> bool:
        planned = self.row.start_planned_on
        return self.kind == "new_start" and planned is not None and planned <= self.month_end

    @property
    def due_finish(self) -> bool:
        planned = self.row.finish_planned_on
        return self.kind == "finishing" and planned is not None and planned <= self.month_end

    @property
    def old(self) -> bool:
        return self.kind in {"continuing", "finishing"}

    @property
    def statistics_due(self) -> bool:
        return self.started and self.row.total_investment_yuan >= 500 * 10_000

    def steps(self, length: int) -> bool:
        """Whether the first *length* links 签约, 履约, 开工, 投产, 达效 all happened."""
        row = self.row
        links = [
            self.by_today(row.signed_on),
            self.by_today(row.fulfilled_on),
            self.started,
            self.by_today(row.commissioned_on),
            self.by_today(row.full_capacity_on),
        ]
        return all(links[:length])

    @property
    def reserve(self) -> str:
        """'start', 'added' or '' : where the project stands among the year's reserve."""
        reserved, start = self.row.reserved_on, self.row.started_on
        if not self.by_today(reserved):
            return ""
        assert reserved is not None
        if self.started:
            if start is None:
                return ""
            if start < self.new_year or start < reserved:
                return ""
        return "start" if reserved < self.new_year else "added"

    @property
    def report_months(self) -> list[int]:
        if self.kind == "reserve":
            return []
        months = []
        for number in range(1, self.n + 1):
            if self.finished is None or Day(self.year, number, 1) <= self.finished:
                months.append(number)
        return months

    def nodes(self, wanted: Callable[[MilestoneFact], bool]) -> int:
        return sum(1 for node in self.row.milestones if wanted(node))

    def node_open(self, node: MilestoneFact) -> bool:
        return not self.by_today(node.actual_on)


def listed(city: Sequence[ProjectFacts], as_of: AsOf) -> list[Seen]:
    return [Seen(row, as_of) for row in city if row.year_class is not None]


def node_levels(s: Seen) -> list[str]:
    late = [
        (s.today - node.planned_on).days
        for node in s.row.milestones
        if node.is_key and node.planned_on is not None and s.node_open(node)
    ]
    return ["severe" if days > 30 else "warn" for days in late if days >= 1]


def progress_levels(s: Seen) -> list[str]:
    if s.kind == "reserve":
        return []
    if s.plan == 0 or all(s.row.month_done_yuan[i] is None for i in range(s.n)):
        return ["no_data"]
    due = Fraction(s.planned_through(s.n), s.plan) if s.curve else Fraction(s.n, 12)
    lag = 100 * (due - Fraction(s.done, s.plan))
    return ["severe"] if lag > 20 else ["warn"] if lag > 10 else ["notice"] if lag > 0 else []


def default_level(s: Seen) -> str:
    """The shipped default rules on one listed project, by hand."""
    planned = s.row.start_planned_on
    waiting = s.kind == "new_start" and not s.started and planned is not None
    if s.finished is not None or (waiting and planned > s.month_end):  # type: ignore[operator]
        return "exempt"
    found = node_levels(s) + progress_levels(s)
    if s.row.problems_overdue_escalated >= 1:
        found.append("severe")
    if waiting and (s.year - planned.year) * 12 + s.n - planned.month >= 3:  # type: ignore[union-attr]
        found.append("severe")
    for level in ("severe", "warn", "no_data", "notice"):
        if level in found:
            return level
    return "ok"


LEVELS = ("ok", "notice", "warn", "severe", "no_data", "exempt")
OF_PROJECT: dict[str, Callable[[Seen], int]] = {
    "projects": lambda s: 1,
    "total_investment_yuan": lambda s: s.row.total_investment_yuan,
    "annual_plan_yuan": lambda s: s.plan,
    "curve_due_yuan": lambda s: s.planned_through(s.n),
    "ytd_done_yuan": lambda s: s.done,
    "since_start_done_yuan": lambda s: s.since_start,
    "month_plan_yuan": lambda s: s.planned_through(s.n) - s.planned_through(s.n - 1),
    "month_done_yuan": lambda s: s.row.month_done_yuan[s.n - 1] or 0,
    "new_planned": lambda s: s.kind == "new_start",
    "new_started": lambda s: s.kind == "new_start" and s.started,
    "start_due": lambda s: s.due_start,
    "start_due_started": lambda s: s.due_start and s.started,
    "early_started": lambda s: s.kind == "new_start" and s.started and not s.due_start,
    "unstarted": lambda s: s.due_start and not s.started,
    "under_construction_or_done": lambda s: bool(s.finished) or (s.started and not s.stopped),
    "continuing": lambda s: s.old,
    "continuing_resumed": lambda s: s.old and not s.stopped,
    "suspended": lambda s: s.stopped,
    "finish_planned": lambda s: s.kind == "finishing",
    "finish_commissioned": lambda s: s.kind == "finishing" and s.by_today(s.row.commissioned_on),
    "finish_due": lambda s: s.due_finish,
    "finish_due_commissioned": lambda s: s.due_finish and s.by_today(s.row.commissioned_on),
    "finish_due_on_time": lambda s: (
        s.due_finish and s.by_today(s.row.completed_on) and s.row.completed_on <= s.row.finish_planned_on  # type: ignore[operator]
    ),
    "milestones_due": lambda s: s.nodes(lambda m: s.by_today(m.planned_on)),
    "milestones_on_time": lambda s: s.nodes(
        lambda m: s.by_today(m.planned_on) and s.by_today(m.actual_on) and m.actual_on <= m.planned_on  # type: ignore[operator]
    ),
    "milestones_overdue": lambda s: s.nodes(
        lambda m: m.planned_on is not None and m.planned_on < s.today and s.node_open(m)
    ),
    "milestones_due_soon": lambda s: s.nodes(
        lambda m: m.planned_on is not None and 0 <= (m.planned_on - s.today).days <= 7 and s.node_open(m)
    ),
    "milestones_due_first": lambda s: s.nodes(lambda m: s.by_today(m.first_baseline_on)),
    "milestones_on_time_first": lambda s: s.nodes(
        lambda m: s.by_today(m.first_baseline_on) and m.actual_on is not None and m.actual_on <= m.first_baseline_on  # type: ignore[operator]
    ),
    "statistics_eligible": lambda s: s.statistics_due,
    "statistics_entered": lambda s: s.statistics_due and s.by_today(s.row.entered_statistics_on),
    "funds_planned_yuan": lambda s: s.row.funds_planned_yuan,
    "funds_received_yuan": lambda s: s.row.funds_received_yuan,
    "funds_spent_yuan": lambda s: s.row.funds_spent_yuan,
    "land_sqm": lambda s: s.row.land_sqm,
    "land_investment_yuan": lambda s: s.since_start if s.row.land_sqm else 0,
    "signed": lambda s: s.steps(1),
    "fulfilled": lambda s: s.steps(2),
    "chain_started": lambda s: s.steps(3),
    "chain_commissioned": lambda s: s.steps(4),
    "chain_full_capacity": lambda s: s.steps(5),
    "reserve_at_start": lambda s: s.reserve == "start",
    "reserve_at_start_converted": lambda s: s.reserve == "start" and s.started,
    "reserve_added": lambda s: s.reserve == "added",
    "reserve_converted": lambda s: s.reserve != "" and s.started,
    "reports_due": lambda s: len(s.report_months),
    "reports_missing": lambda s: sum(1 for m in s.report_months if s.row.month_done_yuan[m - 1] is None),
    "problems_open": lambda s: s.row.problems_open,
    "problems_overdue": lambda s: s.row.problems_overdue,
    **{
        f"plan_m{month:02d}_yuan": (lambda s, month=month: s.planned_through(month) - s.planned_through(month - 1))
        for month in range(1, 13)
    },
    **{
        f"done_m{month:02d}_yuan": (lambda s, month=month: s.row.month_done_yuan[month - 1] or 0 if month <= s.n else 0)
        for month in range(1, 13)
    },
    **{f"level_{level}": (lambda s, level=level: default_level(s) == level) for level in LEVELS},
}


def sums(city: Sequence[ProjectFacts], as_of: AsOf) -> dict[str, int]:
    """Every measure of a group, summed project by project."""
    seen = listed(city, as_of)
    return {code: sum(int(value(s)) for s in seen) for code, value in OF_PROJECT.items()}


def rates(city: Sequence[ProjectFacts], as_of: AsOf) -> dict[str, Fraction | None]:
    """Every rate of a group, from project rows; 万元/亩 by real 万元 and 亩, the others as plain ratios."""
    seen = listed(city, as_of)

    def total(value: Callable[[Seen], int]) -> int:
        return sum(int(value(s)) for s in seen)

    def share(top: Callable[[Seen], int], bottom: Callable[[Seen], int]) -> Fraction | None:
        under = total(bottom)
        return None if under == 0 else Fraction(total(top), under)

    new = [s for s in seen if s.kind == "new_start"]
    old = [s for s in seen if s.old]
    running = sum(1 for s in old if not s.stopped)
    due = [s for s in new if s.due_start]
    begun_due = sum(1 for s in due if s.started)
    begun = sum(1 for s in new if s.started)
    landed = [s for s in seen if s.row.land_sqm]
    mu = Fraction(sum(s.row.land_sqm for s in landed)) / Fraction(2000, 3)
    at_start = [s for s in seen if s.reserve == "start"]
    any_reserve = [s for s in seen if s.reserve]
    finishing = [s for s in seen if s.kind == "finishing"]
    finish_due = [s for s in finishing if s.due_finish]

    def over(top: int, bottom: int) -> Fraction | None:
        return Fraction(top, bottom) if bottom else None

    return {
        "start_rate_planned": over(begun, len(new)),
        "start_rate_due": over(begun_due, len(due)),
        "start_rate_due_early": over(begun, len(due)),
        "start_rate_all": over(sum(1 for s in seen if s.finished or (s.started and not s.stopped)), len(seen)),
        "start_resume_rate": over(begun + running, len(new) + len(old)),
        "start_resume_rate_due": over(begun_due + running, len(due) + len(old)),
        "investment_completion_rate": share(lambda s: s.done, lambda s: s.plan),
        "total_investment_completion_rate": share(lambda s: s.since_start, lambda s: s.row.total_investment_yuan),
        "month_task_rate": share(
            lambda s: s.row.month_done_yuan[s.n - 1] or 0,
            lambda s: s.planned_through(s.n) - s.planned_through(s.n - 1),
        ),
        "planned_progress_rate": share(lambda s: s.planned_through(s.n), lambda s: s.plan),
        "schedule_completion_rate": share(lambda s: s.done, lambda s: s.planned_through(s.n)),
        "funds_received_rate": share(lambda s: s.row.funds_received_yuan, lambda s: s.row.funds_planned_yuan),
        "funds_spent_rate": share(lambda s: s.row.funds_spent_yuan, lambda s: s.row.funds_received_yuan),
        "investment_intensity": Fraction(sum(s.since_start for s in landed), 10_000) / mu if mu else None,
        "commissioning_rate": over(sum(1 for s in finishing if s.by_today(s.row.commissioned_on)), len(finishing)),
        "commissioning_rate_due": over(
            sum(1 for s in finish_due if s.by_today(s.row.commissioned_on)), len(finish_due)
        ),
        "on_time_finish_rate": share(OF_PROJECT["finish_due_on_time"], OF_PROJECT["finish_due"]),
        "on_time_milestone_rate": share(OF_PROJECT["milestones_on_time"], OF_PROJECT["milestones_due"]),
        "on_time_milestone_rate_first": share(
            OF_PROJECT["milestones_on_time_first"], OF_PROJECT["milestones_due_first"]
        ),
        "statistics_rate": share(
            lambda s: s.statistics_due and s.by_today(s.row.entered_statistics_on), lambda s: s.statistics_due
        ),
        "reporting_rate": share(
            lambda s: sum(1 for m in s.report_months if s.row.month_done_yuan[m - 1] is not None),
            lambda s: len(s.report_months),
        ),
        "fulfilment_rate": share(lambda s: s.steps(2), lambda s: s.steps(1)),
        "chain_start_rate": share(lambda s: s.steps(3), lambda s: s.steps(2)),
        "chain_commissioning_rate": share(lambda s: s.steps(4), lambda s: s.steps(3)),
        "full_capacity_rate": share(lambda s: s.steps(5), lambda s: s.steps(4)),
        "reserve_conversion_rate": over(sum(1 for s in at_start if s.started), len(at_start)),
        "reserve_conversion_rate_added": over(sum(1 for s in any_reserve if s.started), len(any_reserve)),
    }
