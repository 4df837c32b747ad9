"""One project on one page (一项目一链条): everything that is known of it, read in one snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from core.domain.errors import NotFound
from core.domain.flag_report import RuleOutcome, explain
from core.domain.flags import FlagRuleSet
from core.domain.lifecycle import ChainStep, chain
from core.domain.permissions import Actor, Permission, require
from core.domain.scope import Scope
from core.domain.standing import stand
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import LifecycleKind, MatterKind, Stage
from core.domain.workdays import WorkCalendar, workdays_between
from core.services import figures
from core.services.calendar import work_calendar
from core.services.figures import Version
from core.services.map_standing import map_standing
from core.services.project_history import HistoryLine, tell
from db import audit, rollup
from db.queries import project_details as queries
from db.queries import round_decisions, rounds
from db.queries.facts import load_facts
from db.queries.project_details import (
    EventRow,
    FundingRow,
    MatterRow,
    MonthRow,
    NodeRow,
    PlotRow,
    ProjectRecord,
    RoleRow,
)
from db.queries.projects import LedgerRow, load_rows
from db.queries.round_decisions import DecisionRow, HistoryRow
from db.queries.rounds import RoundRow
from db.session import read

# Dates kept on the project itself; a lifecycle event of the same kind wins.
_OWN_DATES = {
    "reserved_on": LifecycleKind.RESERVED,
    "signed_on": LifecycleKind.SIGNED,
    "fulfilled_on": LifecycleKind.FULFILLED,
    "started_on": LifecycleKind.STARTED,
    "completed_on": LifecycleKind.COMPLETED,
    "commissioned_on": LifecycleKind.COMMISSIONED,
    "full_capacity_on": LifecycleKind.FULL_CAPACITY,
    "entered_statistics_on": LifecycleKind.ENTERED_STATISTICS,
}


@dataclass(frozen=True, slots=True)
class OpenProblems:
    """
    The open problems in one line.

    Attributes:
        workdays_left: Working days to the nearest deadline; negative = overdue; None without a deadline.
    """

    open: int
    escalated: int
    overdue: int
    workdays_left: int | None


@dataclass(frozen=True, slots=True)
class ProjectDetail:
    """
    Everything on the page of a project.

    Attributes:
        row: The ledger row: flag, figures of the year, gap.
        outcomes: Every rule group that was applied live (旗色依据); empty when the project is not judged.
        published: The latest published round; ``record_flag`` is what it says of the project, None when not in it.
        past_flags: What the published rounds said of it, the latest first.
    """

    version: Version
    record: ProjectRecord
    row: LedgerRow
    steps: tuple[ChainStep, ...]
    nodes: tuple[NodeRow, ...]
    months: tuple[MonthRow, ...]
    goal: str
    funding: tuple[FundingRow, ...]
    matters: tuple[MatterRow, ...]
    problems: OpenProblems
    plots: tuple[PlotRow, ...]
    events: tuple[EventRow, ...]
    roles: tuple[RoleRow, ...]
    rule_set: FlagRuleSet
    outcomes: tuple[RuleOutcome, ...]
    history: tuple[HistoryLine, ...]
    map_standing: str
    published: RoundRow | None = None
    record_flag: DecisionRow | None = None
    past_flags: tuple[HistoryRow, ...] = ()


def detail(actor: Actor, project_id: int) -> ProjectDetail:
    """
    Return everything known of one project, as of the roll-ups' day.

    Raises:
        PermissionDenied: The actor may not look at projects.
        NotFound: No such project inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    version = figures.version()
    with read() as connection:
        record = queries.find_project(connection, actor.scope, project_id)
        rows = load_rows(connection, actor.scope, [project_id], version.month.year)
        if record is None or not rows:
            raise NotFound
        events = queries.load_events(connection, project_id)
        matters = queries.load_matters(connection, project_id)
        rule_set, outcomes = _outcomes(connection, project_id, version)
        published, record_flag, past_flags = _record(connection, actor.scope, project_id)
        return ProjectDetail(
            version=version,
            map_standing=map_standing(connection),
            record=record,
            row=rows[0],
            steps=chain(_dates(record, events, version.on), Stage(record.values["stage"])),
            nodes=tuple(queries.load_nodes(connection, project_id)),
            months=tuple(queries.load_months(connection, project_id, version.month.year)),
            goal=queries.load_goal(connection, project_id, version.month.year),
            funding=tuple(queries.load_funding(connection, project_id)),
            matters=tuple(matters),
            problems=_open_problems(matters, version.on, work_calendar(connection)),
            plots=tuple(queries.load_plots(connection, project_id, version.on)),
            events=tuple(events),
            roles=tuple(queries.load_roles(connection, project_id, version.on)),
            rule_set=rule_set,
            outcomes=outcomes,
            history=_history(connection, project_id),
            published=published,
            record_flag=record_flag,
            past_flags=past_flags,
        )


def _record(
    connection: Connection, scope: Scope, project_id: int
) -> tuple[RoundRow | None, DecisionRow | None, tuple[HistoryRow, ...]]:
    published, kind = rounds.latest_published(connection), SubjectKind.PROJECT
    if published is None:
        return None, None, ()
    flag = round_decisions.find_decision_of(connection, scope, published.id, kind, project_id)
    return published, flag, tuple(round_decisions.history(connection, scope, kind, project_id))


def _dates(record: ProjectRecord, events: Sequence[EventRow], on: date) -> dict[LifecycleKind, date]:
    """Return the first date of each kind of event up to *on*."""
    dates = {kind: record.values[column] for column, kind in _OWN_DATES.items() if record.values[column] is not None}
    for event in reversed(events):
        dates[event.kind] = event.happened_on
    return {kind: day for kind, day in dates.items() if day <= on}


def _open_problems(matters: Sequence[MatterRow], on: date, calendar: WorkCalendar) -> OpenProblems:
    found = [row for row in matters if row.kind is MatterKind.PROBLEM and row.closed_on is None]
    due = [row.due_on for row in found if row.due_on is not None]
    return OpenProblems(
        open=len(found),
        escalated=sum(row.is_escalated for row in found),
        overdue=sum(day < on for day in due),
        workdays_left=workdays_between(on, min(due), calendar) if due else None,
    )


def _outcomes(connection: Connection, project_id: int, version: Version) -> tuple[FlagRuleSet, tuple[RuleOutcome, ...]]:
    rule_set = rollup.load_rule_set(connection, audit.read_head(connection).flag_rule_id)
    facts = load_facts(connection, [project_id], version.as_of)
    return rule_set, explain(stand(facts[0].facts, version.as_of), rule_set) if facts else ()


def _history(connection: Connection, project_id: int) -> tuple[HistoryLine, ...]:
    return tell(
        queries.load_history(connection, project_id),
        queries.load_subjects(connection, project_id),
        queries.load_owner_names(connection),
    )
