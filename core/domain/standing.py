"""Where a project stands on one day: what measures and flags both need, worked out once per project.

This is the inner loop of a recount over 100 000 projects: whole numbers only, one pass over months and milestones.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.facts import MONTHS_PER_YEAR, MilestoneFact, ProjectFacts
from core.domain.period import AsOf
from core.domain.terms import YearClass

DUE_SOON = timedelta(days=7)  # 七日内到期


@dataclass(slots=True)
class NodeTally:
    """Milestones of one project counted on one day; *late_keys* pairs open key nodes with days overdue."""

    due: int
    on_time: int
    due_first: int
    on_time_first: int
    overdue: int
    due_soon: int
    next_due_on: date | None
    late_keys: list[tuple[MilestoneFact, int]]


@dataclass(slots=True)
class Standing:
    """
    A project on the as-of day.

    Attributes:
        month: Number of the as-of month, 1..12.
        plan_yuan: Annual plan, 0 when there is none.
        has_curve: Whether there is an annual plan broken down by months; months without an annual plan do not count.
        curve_due_yuan: Planned for January..month: month plans, or the linear share rounded half-up; 0 without plan.
        ytd_done_yuan: Completed January..month.
        reported_months: Months January..month with a report.
        finished_on: Day of completion or commissioning, whichever came first, if it has come.
    """

    facts: ProjectFacts
    as_of: AsOf
    month: int
    last_day: date
    plan_yuan: int
    has_curve: bool
    curve_due_yuan: int
    ytd_done_yuan: int
    reported_months: int
    started: bool
    suspended: bool
    finished_on: date | None
    nodes: NodeTally


def linear_due_yuan(plan_yuan: int, months: int) -> int:
    """Return plan × months / 12, rounded half-up to whole 元."""
    return (2 * plan_yuan * months + MONTHS_PER_YEAR) // (2 * MONTHS_PER_YEAR)


def curve_due_yuan(facts: ProjectFacts, months: int) -> int:
    """Return what the annual plan foresees for January..*months*; 0 when there is no annual plan."""
    plan = facts.annual_plan_yuan
    if plan is None or plan <= 0:
        return 0
    if facts.month_plan_yuan.count(None) == MONTHS_PER_YEAR:
        return linear_due_yuan(plan, months)
    return sum(filter(None, facts.month_plan_yuan[:months]))


def is_suspended(facts: ProjectFacts, on: date) -> bool:
    """Return whether the project is stopped (停工) on *on*: stopped by then and not resumed since."""
    stopped, resumed = facts.suspended_on, facts.resumed_on
    if stopped is None or stopped > on:
        return False
    return resumed is None or resumed < stopped or resumed > on


def has_started(facts: ProjectFacts, on: date) -> bool:
    """
    Return whether construction began (已开工) by *on*.

    A 续建 project without a recorded start date has started by definition (domain rule: it began in an earlier year).
    """
    if facts.started_on is None:
        return facts.year_class is YearClass.CONTINUING
    return facts.started_on <= on


def stand(facts: ProjectFacts, as_of: AsOf) -> Standing:
    """Return where *facts* stand at *as_of*."""
    on, month = as_of.on, as_of.month.number
    reports = facts.month_done_yuan[:month]
    plan = max(facts.annual_plan_yuan or 0, 0)
    return Standing(
        facts=facts,
        as_of=as_of,
        month=month,
        last_day=as_of.month.last_day,
        plan_yuan=plan,
        has_curve=plan > 0 and facts.month_plan_yuan.count(None) < MONTHS_PER_YEAR,
        curve_due_yuan=curve_due_yuan(facts, month),
        ytd_done_yuan=sum(filter(None, reports)),
        reported_months=month - reports.count(None),
        started=has_started(facts, on),
        suspended=is_suspended(facts, on),
        finished_on=_finished_on(facts, on),
        nodes=_tally(facts.milestones, on),
    )


def _finished_on(facts: ProjectFacts, on: date) -> date | None:
    completed, commissioned = facts.completed_on, facts.commissioned_on
    if completed is None or (commissioned is not None and commissioned < completed):
        completed = commissioned
    return completed if completed is not None and completed <= on else None


def _tally(milestones: tuple[MilestoneFact, ...], on: date) -> NodeTally:
    due = on_time = 0
    open_nodes: list[tuple[date, MilestoneFact]] = []
    for node in milestones:
        planned, actual = node.planned_on, node.actual_on
        if planned is None:
            continue
        if planned <= on:
            due += 1
        if actual is None or actual > on:
            open_nodes.append((planned, node))
        elif actual <= planned <= on:
            on_time += 1
    due_first, on_time_first = _tally_first(milestones, on)
    overdue = due_soon = 0
    late_keys: list[tuple[MilestoneFact, int]] = []
    soon = on + DUE_SOON
    for planned, node in open_nodes:
        if planned < on:
            overdue += 1
            if node.is_key:
                late_keys.append((node, (on - planned).days))
        elif planned <= soon:
            due_soon += 1
    next_due_on = min(planned for planned, _node in open_nodes) if open_nodes else None
    return NodeTally(due, on_time, due_first, on_time_first, overdue, due_soon, next_due_on, late_keys)


def _tally_first(milestones: tuple[MilestoneFact, ...], on: date) -> tuple[int, int]:
    """Count against the first baseline: what moving the date in force cannot mend."""
    due = on_time = 0
    for node in milestones:
        first, actual = node.first_baseline_on, node.actual_on
        if first is not None and first <= on:
            due += 1
            if actual is not None and actual <= first:
                on_time += 1
    return due, on_time
