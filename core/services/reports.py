"""Monthly reports (投资月报): the month's sheet, how far the months are, who is late."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from core.domain.checks import Doubt, ReportedMonth, ReportEntry, check_report
from core.domain.facts import MONTHS_PER_YEAR, ProjectFacts
from core.domain.period import AsOf, Month
from core.domain.permissions import Actor, Permission, require
from core.domain.report_checks import deadline, enters_on, open_month
from core.domain.scope import Scope
from core.domain.standing import has_started, is_suspended, linear_due_yuan
from core.domain.terms import ReportStatus
from db.queries import report_progress
from db.queries import reports as queries
from db.queries.facts import load_facts
from db.queries.facts_statements import COUNTED_STATUSES
from db.queries.report_progress import GroupProgress, MonthProgress
from db.queries.reports import ReportFilter, SheetProject, StoredReport
from db.session import current_store, read

PAGE_SIZE = 100
LATE_LIMIT = 200
_NOT_COUNTED = (ReportStatus.MISSING, ReportStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """
    One project on the month's sheet.

    Attributes:
        report: What is stored for the month; None = nothing yet.
        month_plan_yuan: Planned for the month, linear where there is no month plan; None without annual plan.
        previous_done_yuan: Completed in the month before, None = not reported.
        ytd_before_yuan: Σ January..month before.
        doubts: Points to verify (请核实); they never block.
    """

    project: SheetProject
    report: StoredReport | None
    annual_plan_yuan: int | None
    month_plan_yuan: int | None
    previous_done_yuan: int | None
    ytd_before_yuan: int
    doubts: tuple[Doubt, ...]

    @property
    def status(self) -> ReportStatus:
        return self.report.status if self.report else ReportStatus.MISSING

    @property
    def ytd_done_yuan(self) -> int:
        """January..month, the stored value of the month included whatever its state."""
        return self.ytd_before_yuan + ((self.report.done_yuan or 0) if self.report else 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a month's sheet and the calendar around it."""

    month: Month
    rows: tuple[SheetRow, ...]
    total: int
    number: int
    deadline_on: date
    enters_on: date
    counts_now: bool


@dataclass(frozen=True, slots=True)
class MonthGap:
    """A month and the number of reports it misses."""

    month: Month
    missing: int


@dataclass(frozen=True, slots=True)
class LateList:
    """Who has not reported a month: *days_late* ≤ 0 while the deadline has not passed."""

    deadline_on: date
    days_late: int
    rows: tuple[SheetProject, ...]
    total: int
    counties: tuple[GroupProgress, ...]
    headquarters: tuple[GroupProgress, ...]


def months(actor: Actor, wanted: ReportFilter | None = None) -> tuple[MonthGap, ...]:
    """Return every month of the year that may be reported now, with the number of reports it misses."""
    require(actor, Permission.VIEW_PROJECTS)
    store, narrowed, last = current_store(), wanted or ReportFilter(), last_open_month()
    asked = [Month(last.year, number) for number in range(1, last.number + 1)]
    counted = [month for month in asked if month <= store.as_of().month]
    place = (actor.scope, store.today())
    with read() as connection:
        # The roll-ups know who misses anything up to their month: counting those few is enough.
        found = _progress(connection, *place, counted, replace(narrowed, only_gaps=True))
        found += _progress(connection, *place, [month for month in asked if month not in counted], narrowed)
    return tuple(MonthGap(item.month, item.missing) for item in found)


def progress(actor: Actor, month: Month, wanted: ReportFilter | None = None) -> MonthProgress:
    """Return how many reports of *month* are due and where they stand."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return _progress(connection, actor.scope, current_store().today(), [month], wanted or ReportFilter())[0]


def _progress(
    connection: Connection, scope: Scope, today: date, asked: Sequence[Month], wanted: ReportFilter
) -> list[MonthProgress]:
    return report_progress.progress_by_month(connection, scope, asked, today, wanted) if asked else []


def default_month(gaps: Sequence[MonthGap]) -> Month:
    """Return the month to start with: the oldest one that misses something, else the latest one."""
    return next((item.month for item in gaps if item.missing > 0), gaps[-1].month)


def last_open_month() -> Month:
    """Return the latest month that may be reported today."""
    store = current_store()
    return open_month(store.today(), store.settings.report_due_next_month)


def sheet(actor: Actor, month: Month, wanted: ReportFilter | None = None, page: int = 1) -> Sheet:
    """
    Return a page of the month's sheet: every project of the actor's scope that has to report.

    Args:
        actor: Who asks.
        month: Which month.
        wanted: Narrowing by county, headquarters, text, state.
        page: Number from 1.
    """
    require(actor, Permission.VIEW_PROJECTS)
    store, number, narrowed = current_store(), max(1, page), wanted or ReportFilter()
    offset = (number - 1) * PAGE_SIZE
    with read() as connection:
        projects = queries.list_due(
            connection, actor.scope, month, store.today(), narrowed, limit=PAGE_SIZE, offset=offset
        )
        total = queries.count_due(connection, actor.scope, month, store.today(), narrowed)
        rows = load_rows(connection, projects, month, store.today())
    calendar = (month, store.settings.report_due_day, store.settings.report_due_next_month)
    return Sheet(
        month, tuple(rows), total, number, deadline(*calendar), enters_on(*calendar), month <= store.as_of().month
    )


def late(actor: Actor, month: Month, wanted: ReportFilter | None = None) -> LateList:
    """Return who has not reported *month*, days since the deadline, and the progress by county and headquarters."""
    require(actor, Permission.VIEW_PROJECTS)
    store, narrowed = current_store(), wanted or ReportFilter()
    today = store.today()
    missing = ReportFilter(narrowed.county_id, narrowed.headquarters_id, narrowed.text, _NOT_COUNTED)
    due_on = deadline(month, store.settings.report_due_day, store.settings.report_due_next_month)
    with read() as connection:
        place = (connection, actor.scope, month, today)
        counties, headquarters = report_progress.progress_by_group(*place, narrowed)
        return LateList(
            due_on,
            (today - due_on).days,
            tuple(queries.list_due(*place, missing, limit=LATE_LIMIT)),
            sum(group.due - group.counted for group in counties),
            tuple(counties),
            tuple(headquarters),
        )


def load_rows(connection: Connection, projects: Sequence[SheetProject], month: Month, today: date) -> list[SheetRow]:
    """Return the sheet rows of *projects*, in their order; five set-based reads whatever their number."""
    ids = [project.id for project in projects]
    facts = {item.facts.project_id: item.facts for item in load_facts(connection, ids, AsOf(today, month))}
    stored = queries.load_reports(connection, ids, month)
    before = queries.load_reports(connection, ids, month.shift(-1))
    history = queries.load_history(connection, ids, month)
    return [
        _row(project, month, facts[project.id], stored.get(project.id), before.get(project.id), history)
        for project in projects
    ]


def _row(
    project: SheetProject,
    month: Month,
    facts: ProjectFacts,
    report: StoredReport | None,
    before: StoredReport | None,
    history: dict[int, list[tuple[int, int, int | None]]],
) -> SheetRow:
    earlier = history.get(project.id, [])
    return SheetRow(
        project=project,
        report=report,
        annual_plan_yuan=facts.annual_plan_yuan,
        month_plan_yuan=_month_plan(facts, month),
        previous_done_yuan=before.done_yuan if before and before.status in COUNTED_STATUSES else None,
        ytd_before_yuan=sum(done for _, done, _ in earlier),
        doubts=tuple(check_report(_entry(facts, month, report, earlier))) if report else (),
    )


def _month_plan(facts: ProjectFacts, month: Month) -> int | None:
    plan = facts.annual_plan_yuan
    if not plan:
        return None
    if facts.month_plan_yuan.count(None) < MONTHS_PER_YEAR:
        return facts.month_plan_yuan[month.number - 1] or 0
    return linear_due_yuan(plan, month.number) - linear_due_yuan(plan, month.number - 1)


def _entry(
    facts: ProjectFacts, month: Month, report: StoredReport, earlier: list[tuple[int, int, int | None]]
) -> ReportEntry:
    return ReportEntry(
        month=month,
        done_yuan=report.done_yuan,
        cumulative_yuan=report.reported_ytd_yuan,
        history=_with_running_sums(earlier),
        annual_plan_yuan=facts.annual_plan_yuan,
        total_investment_yuan=facts.total_investment_yuan,
        prior_done_yuan=facts.prior_done_yuan,
        is_started=has_started(facts, month.last_day),
        is_suspended=is_suspended(facts, month.first_day) and is_suspended(facts, month.last_day),
    )


def _with_running_sums(earlier: list[tuple[int, int, int | None]]) -> tuple[ReportedMonth, ...]:
    """Cumulated figures nobody typed are the running sums of the months."""
    total, made = 0, []
    for number, done_yuan, typed_yuan in earlier:
        total += done_yuan
        made.append(ReportedMonth(number, done_yuan, total if typed_yuan is None else typed_yuan))
    return tuple(made)
