"""What may be read of campaigns: the board of a year, one campaign, the grid of reports that are mine."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from core.domain.campaigns.acceptance import CLAIMABLE
from core.domain.campaigns.periods import Period, period_of, previous
from core.domain.campaigns.rules import CampaignRules
from core.domain.campaigns.words import CampaignStatus, ReportPeriod, TaskState
from core.domain.errors import NotFound
from core.domain.permissions import Actor, Permission, require
from core.domain.scope import Scope
from core.domain.weeks import WeekCounts, last_weeks
from core.services.campaigns.lines import CampaignCard, TaskLine, card_of, lines_of
from core.services.campaigns.rules import rules_in_force
from core.services.campaigns.writing import can_manage
from db.queries import campaign_records as records
from db.queries import campaigns as queries
from db.queries import matter_targets
from db.queries.campaign_records import (
    AcceptanceRow,
    AssessmentRow,
    EventRow,
    LinkedProject,
    PhaseRow,
    ProgressRow,
)
from db.queries.campaigns import CampaignRow, TaskRow
from db.session import current_store, read

EVENT_LIMIT = 200
PROGRESS_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Board:
    """
    The campaigns of a year by kind and code, the tasks that are overdue, the longest first, and those due soon.

    Attributes:
        tasks: All tasks without parts of campaigns that are launched, cancelled ones left out.
    """

    year: int
    years: tuple[int, ...]
    today: date
    cards: tuple[CampaignCard, ...]
    overdue: tuple[TaskLine, ...]
    due_soon: tuple[TaskLine, ...]
    claimed: tuple[TaskLine, ...]
    results: tuple[TaskLine, ...]
    tasks: tuple[TaskLine, ...]

    @property
    def weeks(self) -> tuple[WeekCounts, ...]:
        """Tasks that fell due by their latest plan (came) and tasks that were closed out (ended), twelve weeks."""
        return last_weeks(
            self.today,
            Counter(line.row.facts.planned_finish_on for line in self.tasks),
            Counter(line.row.closed_on for line in self.tasks if line.row.closed_on is not None),
        )

    def due_in(self, first: date, last: date) -> tuple[TaskLine, ...]:
        """Return the tasks whose latest plan ends between *first* and *last*, both inclusive."""
        return tuple(line for line in self.tasks if first <= line.row.facts.planned_finish_on <= last)

    def closed_in(self, first: date, last: date) -> tuple[TaskLine, ...]:
        """Return the tasks that were closed out between *first* and *last*, both inclusive."""
        return tuple(
            line for line in self.tasks if line.row.closed_on is not None and first <= line.row.closed_on <= last
        )


@dataclass(frozen=True, slots=True)
class CampaignView:
    """One campaign with everything on it; *manages* says whether the actor may edit, verify and accept it."""

    card: CampaignCard
    lines: tuple[TaskLine, ...]
    phases: tuple[PhaseRow, ...]
    progress: tuple[ProgressRow, ...]
    events: tuple[EventRow, ...]
    acceptances: tuple[AcceptanceRow, ...]
    assessments: tuple[AssessmentRow, ...]
    projects: tuple[LinkedProject, ...]
    manages: bool
    rules: CampaignRules
    today: date


@dataclass(frozen=True, slots=True)
class GridRow:
    """One task of the reporting grid, with the last report; *is_done* when this period's is in already."""

    line: TaskLine
    campaign: CampaignRow
    last: ProgressRow | None
    is_done: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """The tasks that the actor reports for *period*."""

    period: Period
    rows: tuple[GridRow, ...]


def board(actor: Actor, year: int | None = None) -> Board:
    """
    Return the campaigns of a year inside the actor's scope; None = the present one, or the latest with any.

    Raises:
        PermissionDenied: The actor may not look at projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    today = current_store().today()
    with read() as connection:
        if year is None:
            return read_latest_board(connection, actor.scope, today, actor)
        return read_board(connection, actor.scope, year, today, actor)


def read_latest_board(connection: Connection, scope: Scope, today: date, actor: Actor | None = None) -> Board:
    """Return the board of the present year, or while it has no campaign yet of the latest year before that has one."""
    known = [year for year in queries.list_years(connection, scope) if year <= today.year]
    return read_board(connection, scope, max(known, default=today.year), today, actor)


def read_board(connection: Connection, scope: Scope, year: int, today: date, actor: Actor | None = None) -> Board:
    """Return the board through *connection*; without *actor* nothing is anybody's to report."""
    rules = rules_in_force(connection)
    rows = queries.list_campaigns(connection, scope, year=year)
    trees = _trees(connection, scope, [row.id for row in rows])
    reported = _reported(connection, rows, today)
    scores = {one.campaign_id: one.score_milli for one in _latest(connection, rows)}
    cards, leaves, tasks = [], list[TaskLine](), list[TaskLine]()
    for row in rows:
        lines = lines_of(row, trees.get(row.id, []), today, rules, reported, actor)
        cards.append(card_of(row, lines, trees.get(row.id, []), today, rules, scores.get(row.id)))
        own = [line for line in lines if line.place.is_leaf]
        tasks += own if row.status is not CampaignStatus.DRAFT else []
        leaves += own if row.status is CampaignStatus.RUNNING else []
    overdue = [line for line in leaves if line.state is TaskState.OVERDUE]
    soon = [line for line in leaves if line.state is TaskState.DUE_SOON]
    return Board(
        year=year,
        years=tuple(queries.list_years(connection, scope)),
        today=today,
        cards=tuple(cards),
        overdue=tuple(sorted(overdue, key=lambda line: (-line.late_days, line.row.id))),
        due_soon=tuple(sorted(soon, key=lambda line: (line.row.facts.planned_finish_on, line.row.id))),
        claimed=tuple(line for line in leaves if line.state is TaskState.CLAIMED),
        results=tuple(line for line in leaves if line.row.target_milli and line.row.actual_milli is not None),
        tasks=tuple(tasks),
    )


def read_campaign(actor: Actor, campaign_id: int) -> CampaignView:
    """
    Return one campaign.

    Raises:
        NotFound: Outside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    today = current_store().today()
    with read() as connection:
        row = queries.find_campaign(connection, actor.scope, campaign_id)
        if row is None:
            raise NotFound
        rules = rules_in_force(connection)
        tasks = queries.list_tasks(connection, actor.scope, [campaign_id])
        lines = lines_of(row, tasks, today, rules, _reported(connection, [row], today), actor)
        assessments = records.list_assessments(connection, [campaign_id])
        return CampaignView(
            card=card_of(row, lines, tasks, today, rules, assessments[0].score_milli if assessments else None),
            lines=tuple(lines),
            phases=tuple(records.list_phases(connection, [campaign_id]).get(campaign_id, [])),
            progress=tuple(records.list_progress(connection, campaign_id, PROGRESS_LIMIT)),
            events=tuple(records.list_events(connection, campaign_id, EVENT_LIMIT)),
            acceptances=tuple(records.list_acceptances(connection, campaign_id)),
            assessments=tuple(assessments),
            projects=tuple(records.list_projects(connection, actor.scope, campaign_id)),
            manages=can_manage(actor, row),
            rules=rules,
            today=today,
        )


def grids(actor: Actor) -> dict[ReportPeriod, Grid]:
    """Return what the actor reports for the present week, ten days and month; kinds without a task are left out."""
    require(actor, Permission.VIEW_PROJECTS)
    today = current_store().today()
    with read() as connection:
        rules = rules_in_force(connection)
        running = [
            row for row in queries.list_campaigns(connection, actor.scope) if row.status is CampaignStatus.RUNNING
        ]
        trees = _trees(connection, actor.scope, [row.id for row in running])
        missing = _reported(connection, running, today)
        done = _reported_for(connection, [period_of(kind, today) for kind in ReportPeriod])
        lines = [
            (row, line)
            for row in running
            for line in lines_of(row, trees.get(row.id, []), today, rules, missing, actor)
            if line.place.is_leaf and line.is_mine and line.row.facts.status in CLAIMABLE
            and line.state is not TaskState.NOT_STARTED
        ]  # fmt: skip
        last = records.latest_progress(connection, [line.row.id for _, line in lines])
    found: dict[ReportPeriod, list[GridRow]] = {}
    for row, line in lines:
        item = GridRow(line, row, last.get(line.row.id), line.row.id in done)
        found.setdefault(row.report_period, []).append(item)
    return {kind: Grid(period_of(kind, today), tuple(found[kind])) for kind in ReportPeriod if kind in found}


def unit_names(actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return every unit that may lead a campaign or task, by name."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return tuple(matter_targets.list_units(connection))


def _trees(connection: Connection, scope: Scope, campaign_ids: Sequence[int]) -> dict[int, list[TaskRow]]:
    found: dict[int, list[TaskRow]] = {}
    for task in queries.list_tasks(connection, scope, campaign_ids) if campaign_ids else ():
        found.setdefault(task.campaign_id, []).append(task)
    return found


def _reported(connection: Connection, rows: Sequence[CampaignRow], today: date) -> set[int]:
    """Return the tasks whose report of the last full period is in."""
    return _reported_for(connection, [previous(period_of(kind, today)) for kind in {row.report_period for row in rows}])


def _reported_for(connection: Connection, periods: Sequence[Period]) -> set[int]:
    if not periods:
        return set()
    return records.reported_tasks(connection, [(period.kind.value, period.key) for period in periods])


def _latest(connection: Connection, rows: Sequence[CampaignRow]) -> list[AssessmentRow]:
    """Return the assessments, earlier ones first, so that the latest of each campaign wins."""
    found = records.list_assessments(connection, [row.id for row in rows]) if rows else []
    return found[::-1]
