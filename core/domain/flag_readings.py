"""What each flag measure reads from a project's standing: unrounded quotients of whole numbers, None when undefined."""

from datetime import date

from core.domain.facts import MONTHS_PER_YEAR
from core.domain.flag_rules import FlagMeasure, Quotient, Reading, ScheduleBasis
from core.domain.standing import Standing


def due_share(standing: Standing, basis: ScheduleBasis) -> Quotient:
    """Return the share of the year that is due, as a quotient."""
    if basis is ScheduleBasis.CURVE and standing.has_curve and standing.plan_yuan > 0:
        return standing.curve_due_yuan, standing.plan_yuan
    return standing.month, MONTHS_PER_YEAR


def gap_pp(standing: Standing, due: Quotient) -> Quotient:
    """Return completed share minus due share of the year in pp; needs a plan. Negative = behind."""
    top, bottom = due
    plan = standing.plan_yuan
    if bottom == plan:
        return 100 * (standing.ytd_done_yuan - top), plan
    return 100 * (bottom * standing.ytd_done_yuan - top * plan), bottom * plan


def _lag_pp(standing: Standing, due: Quotient) -> Quotient:
    top, bottom = gap_pp(standing, due)
    return -top, bottom


def _relative_lag_pct(standing: Standing, due: Quotient) -> Quotient | None:
    expected = due[0] * standing.plan_yuan
    if expected <= 0:
        return None
    return 100 * (expected - due[1] * standing.ytd_done_yuan), expected


def _schedule_ratio_pct(standing: Standing, due: Quotient) -> Quotient | None:
    expected = due[0] * standing.plan_yuan
    if expected <= 0:
        return None
    return 100 * due[1] * standing.ytd_done_yuan, expected


def _start_overdue_months(standing: Standing, _due: Quotient) -> Quotient | None:
    """Months from the planned start month to the as-of month; 0 in the planned month itself."""
    planned = standing.facts.start_planned_on
    if planned is None or standing.started or planned > standing.last_day:
        return None
    last_day = standing.last_day
    return (last_day.year - planned.year) * MONTHS_PER_YEAR + last_day.month - planned.month, 1


def _statistics_wait_months(standing: Standing, _due: Quotient) -> Quotient | None:
    """Which month after the start it is, counted from the start day: 1 until one month has passed, then 2, …"""
    facts, on = standing.facts, standing.as_of.on
    started, entered = facts.started_on, facts.entered_statistics_on
    if started is None or started > on or (entered is not None and entered <= on):
        return None
    return _months_begun(started, on), 1


def _months_begun(start: date, on: date) -> int:
    whole = (on.year - start.year) * MONTHS_PER_YEAR + on.month - start.month
    return whole + 1 if on.day > start.day else max(whole, 1)


def _funds_lag_pp(standing: Standing, due: Quotient) -> Quotient | None:
    planned = standing.facts.funds_planned_yuan
    if planned <= 0:
        return None
    top, bottom = due
    return 100 * (top * planned - bottom * standing.facts.funds_received_yuan), bottom * planned


def _reports_missing_run(standing: Standing, _due: Quotient) -> Quotient:
    run = 0
    for done in reversed(standing.facts.month_done_yuan[: standing.month]):
        if done is not None:
            break
        run += 1
    return run, 1


def _suspended_days(standing: Standing, _due: Quotient) -> Quotient | None:
    """Days since the stop began; undefined while the project is not stopped."""
    since = standing.facts.suspended_on
    return ((standing.as_of.on - since).days, 1) if standing.suspended and since is not None else None


def _findings_overdue(standing: Standing, _due: Quotient) -> Quotient:
    on = standing.as_of.on
    return sum(finding.due_on is not None and finding.due_on < on for finding in standing.facts.findings), 1


READINGS: dict[FlagMeasure, Reading] = {
    FlagMeasure.LAG_PP: _lag_pp,
    FlagMeasure.RELATIVE_LAG_PCT: _relative_lag_pct,
    FlagMeasure.SCHEDULE_RATIO_PCT: _schedule_ratio_pct,
    FlagMeasure.START_OVERDUE_MONTHS: _start_overdue_months,
    FlagMeasure.PROBLEMS_OVERDUE: lambda standing, _due: (standing.facts.problems_overdue, 1),
    FlagMeasure.PROBLEMS_OVERDUE_ESCALATED: lambda standing, _due: (standing.facts.problems_overdue_escalated, 1),
    FlagMeasure.STATISTICS_WAIT_MONTHS: _statistics_wait_months,
    FlagMeasure.FUNDS_LAG_PP: _funds_lag_pp,
    FlagMeasure.REPORTS_MISSING_RUN: _reports_missing_run,
    FlagMeasure.REPORTS_LATE: lambda standing, _due: (standing.facts.reports_late, 1),
    FlagMeasure.SUSPENDED_DAYS: _suspended_days,
    FlagMeasure.FINDINGS_OPEN: lambda standing, _due: (len(standing.facts.findings), 1),
    FlagMeasure.FINDINGS_SERIOUS: lambda standing, _due: (sum(f.is_serious for f in standing.facts.findings), 1),
    FlagMeasure.FINDINGS_OVERDUE: _findings_overdue,
}


def source_of(measure: FlagMeasure, standing: Standing) -> str:
    """Return what a single reading was taken from, where it is not the project's own row."""
    if measure is FlagMeasure.REPORTS_MISSING_RUN:
        return f"report:{standing.as_of.month}"
    if measure in FINDING_MEASURES and standing.facts.findings:
        return f"process:{standing.facts.findings[0].id}"
    return ""


FINDING_MEASURES = frozenset({FlagMeasure.FINDINGS_OPEN, FlagMeasure.FINDINGS_SERIOUS, FlagMeasure.FINDINGS_OVERDUE})


def cut(value: Quotient, scale: int) -> int:
    """Return the value in 1/scale units, cut toward zero."""
    top, bottom = value
    return abs(top) * scale // bottom * (1 if top >= 0 else -1)


def shown(value: Quotient) -> str:
    """Return a count as it is and a quotient with one decimal, half-up; a sliver is worded, never shown as 0.0."""
    top, bottom = value
    if bottom == 1:
        return str(top)
    tenths = (20 * abs(top) + bottom) // (2 * bottom)
    if tenths == 0 and top != 0:
        return "不足 0.1"
    return f"{'-' if top < 0 else ''}{tenths // 10}.{tenths % 10}"
