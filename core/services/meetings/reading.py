"""What may be read of meetings: lists with counts, one meeting, and the facts behind one item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from core.domain.errors import NotFound
from core.domain.matters.state import time_left
from core.domain.matters.words import Difficulty
from core.domain.meetings import DecisionState, ItemSubject, MeetingStatus, decision_due_on, decision_state
from core.domain.period import Month
from core.domain.permissions import Actor, Permission, require
from core.domain.scope import Scope
from core.domain.terms import MatterStatus
from core.domain.workdays import TimeLeft, time_to
from core.services import figures
from core.services.calendar import work_calendar
from core.services.matters.lapsing import sweep_when_due
from core.services.matters.rules import clock_at
from db.queries import matters, project_details, projects, rectifications
from db.queries import meetings as queries
from db.queries.matters import MatterFilter, MatterRow
from db.queries.meetings import DecisionRow, ItemRow, MeetingCounts, MeetingRow, NoteRow
from db.queries.project_details import NodeRow
from db.queries.projects import LedgerRow
from db.queries.rectifications import CaseRow
from db.session import current_store, is_sealed, read

PAGE_SIZE = 30
_NODES = 4
_MATTERS = 4
_LAST = 5


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """A meeting as lists show it."""

    row: MeetingRow
    counts: MeetingCounts


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One page of a list of meetings and how many there are in all."""

    cards: tuple[MeetingCard, ...]
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision and how far it has come; *left* is what is left until its deadline."""

    row: DecisionRow
    state: DecisionState
    left: TimeLeft | None


@dataclass(frozen=True, slots=True)
class MeetingView:
    """
    One meeting as a whole.

    Attributes:
        decisions: In the order of the agenda.
        previous: The meeting of the same body before it; *carried* are its decisions as they stand now.
        may_run: Whether the actor may change it now.
    """

    row: MeetingRow
    counts: MeetingCounts
    items: tuple[ItemRow, ...]
    decisions: tuple[Decision, ...]
    previous: MeetingRow | None
    carried: tuple[Decision, ...]
    notes: tuple[NoteRow, ...]
    may_run: bool
    today: date

    def decisions_of(self, item_id: int) -> tuple[Decision, ...]:
        """Return the decisions under one item."""
        return tuple(one for one in self.decisions if one.row.item_id == item_id)


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """
    What the room needs to know about an item.

    Attributes:
        project: Its figures and flag; None when the item concerns no project (or one that is not listed).
        nodes: Overdue and next open milestones, the earliest first.
        matters: Open matters of the project, the most urgent first.
        matter: The matter the item is about; *case* the rectification.
        last: What earlier meetings decided about the project.
        unit_id: The unit that would own a decision: of the matter, else the project's.
        due_on: Deadline by the ladder for a decision taken today.
        month: The last month whose investment is in the figures.
    """

    project: LedgerRow | None
    nodes: tuple[NodeRow, ...]
    matters: tuple[MatterRow, ...]
    matter: MatterRow | None
    matter_left: TimeLeft | None
    case: CaseRow | None
    last: tuple[Decision, ...]
    unit_id: int | None
    due_on: date
    today: date
    month: Month


def upcoming(actor: Actor) -> tuple[MeetingCard, ...]:
    """Return the meetings that are not closed, the next first."""
    return _page(actor, 1, is_closed=False).cards


def held(actor: Actor, page: int = 1) -> MeetingPage:
    """Return one page of the meetings that were held, the latest first."""
    return _page(actor, page, is_closed=True)


def _page(actor: Actor, page: int, *, is_closed: bool) -> MeetingPage:
    require(actor, Permission.VIEW_PROJECTS)
    number = max(1, page)
    with read() as connection:
        total = queries.count_meetings(connection, actor.scope, is_closed=is_closed)
        rows = queries.list_meetings(
            connection, actor.scope, is_closed=is_closed, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
        )
        counts = queries.counts_of(connection, [row.id for row in rows], current_store().today())
    cards = tuple(MeetingCard(row, counts.get(row.id, MeetingCounts())) for row in rows)
    return MeetingPage(cards, total, number)


def read_meeting(actor: Actor, meeting_id: int) -> MeetingView:
    """
    Return one meeting with its agenda and decisions, and what the one before decided, as it stands now.

    Raises:
        NotFound: Outside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    sweep_when_due()
    today = current_store().today()
    with read() as connection:
        row = queries.find_meeting(connection, actor.scope, meeting_id)
        if row is None:
            raise NotFound
        previous = None
        if row.previous_meeting_id is not None:
            previous = queries.find_meeting(connection, actor.scope, row.previous_meeting_id)
        carried = queries.list_decisions(connection, previous.id) if previous else []
        return MeetingView(
            row=row,
            counts=queries.counts_of(connection, [row.id], today).get(row.id, MeetingCounts()),
            items=tuple(queries.list_items(connection, row.id)),
            decisions=_told(connection, queries.list_decisions(connection, row.id), today),
            previous=previous,
            carried=_told(connection, carried, today),
            notes=tuple(queries.list_notes(connection, row.id)),
            may_run=actor.can(Permission.RUN_MEETING) and row.status is not MeetingStatus.CLOSED and not is_sealed(),
            today=today,
        )


def read_facts(actor: Actor, item_id: int) -> ItemFacts:
    """
    Return the facts behind one item, inside the scope of its meeting's body.

    Raises:
        NotFound: Outside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    month, today = figures.version().month, current_store().today()
    with read() as connection:
        item = queries.find_item(connection, item_id)
        row = queries.find_meeting(connection, actor.scope, item.meeting_id) if item else None
        if item is None or row is None:
            raise NotFound
        scope, key = row.scope, item.subject_id or 0
        matter = matters.find_matter(connection, scope, key) if item.subject is ItemSubject.MATTER else None
        is_case = item.subject is ItemSubject.RECTIFICATION
        clock = clock_at(connection, today)
        found = projects.load_rows(connection, scope, [item.project_id], month.year) if item.project_id else []
        about = _about(connection, actor.scope, row, found[0], today) if found else _NOTHING
        return ItemFacts(
            project=found[0] if found else None,
            nodes=about.nodes,
            matters=about.matters,
            matter=matter,
            matter_left=time_left(matter.state, today, clock.calendar) if matter else None,
            case=rectifications.find_case(connection, scope, key) if is_case else None,
            last=about.last,
            unit_id=matter.lead_unit_id if matter and matter.lead_unit_id else about.unit_id,
            due_on=clock.after(clock.rules.answer_days[Difficulty.ORDINARY]),
            today=today,
            month=month,
        )


@dataclass(frozen=True, slots=True)
class _About:
    """What hangs on the project of an item."""

    nodes: tuple[NodeRow, ...] = ()
    matters: tuple[MatterRow, ...] = ()
    unit_id: int | None = None
    last: tuple[Decision, ...] = ()


_NOTHING = _About()


def _about(connection: Connection, own: Scope, row: MeetingRow, project: LedgerRow, today: date) -> _About:
    wanted = MatterFilter(project_id=project.id, is_open=True)
    decided = queries.last_decisions(connection, own, project.id, row.id, _LAST)
    return _About(
        _open_nodes(project_details.load_nodes(connection, project.id), today),
        tuple(matters.list_matters(connection, row.scope, wanted, limit=_MATTERS)),
        queries.responsible_unit(connection, project.id),
        _told(connection, decided, today),
    )


def _open_nodes(nodes: Sequence[NodeRow], today: date) -> tuple[NodeRow, ...]:
    """Return what is overdue, key nodes first, and then what comes next."""
    still_open = [node for node in nodes if node.actual_on is None]
    return tuple(
        sorted(still_open, key=lambda node: (node.planned_on >= today, not node.is_key, node.planned_on))[:_NODES]
    )


def _told(connection: Connection, rows: Sequence[DecisionRow], today: date) -> tuple[Decision, ...]:
    calendar = work_calendar(connection)
    found = []
    for row in rows:
        due_on = decision_due_on(row.matter) if row.matter else None
        # What waits for its closing only is done by the unit: nothing is left of its time.
        is_running = row.matter is not None and row.matter.status is not MatterStatus.RESOLVED and due_on is not None
        left = time_to(due_on, today, calendar) if is_running and due_on else None
        found.append(Decision(row, decision_state(row.matter, today), left))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Body:
    """Whose meeting it may be: a county, a headquarters, or (neither) the city."""

    label: str
    county_id: int | None = None
    headquarters_id: int | None = None


def bodies(actor: Actor, city: str) -> tuple[Body, ...]:
    """Return whose meetings the actor may hold; the city's first for those who see everything."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        found = queries.list_bodies(connection)
    scope = actor.scope
    own = tuple(
        Body(name, county_id, team_id)
        for name, county_id, team_id in found
        if scope.everything or county_id in scope.county_ids or team_id in scope.headquarters_ids
    )
    return (Body(city), *own) if scope.everything else own
