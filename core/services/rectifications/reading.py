"""What may be read of rectifications: board, list, one case, rates, who is flagged again and again."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.domain.errors import NotFound
from core.domain.evidence import EvidenceOwner
from core.domain.permissions import Actor, Permission, require
from core.domain.rectification import OFFICE_STEPS, UNIT_STEPS, Case, time_left
from core.domain.supervision_terms import RectificationAction as Action
from core.domain.supervision_terms import RectificationStep as Step
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel
from core.domain.workdays import TimeLeft, WorkCalendar
from core.services.rectifications.rules import clock_at
from core.services.rectifications.sweeping import sweep_when_due
from db.queries import attachments, offenders, rectifications
from db.queries.attachments import AttachmentRow
from db.queries.offenders import OffenderRow
from db.queries.rectifications import CaseFilter, CaseRow, CaseSums, EventRow, VisitRow
from db.session import current_store, read

PAGE_SIZE = 50
PER_STEP = 30


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case as board and list show it."""

    row: CaseRow
    left: TimeLeft | None
    leader: str


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One step of the board: all its cases, the overdue ones, and the first ``PER_STEP`` cards."""

    step: Step
    cases: int
    overdue: int
    cards: tuple[CaseCard, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """
    Rates of rectification over the cases shown (docs/metrics.md#rectification); None = nothing to divide by.

    Attributes:
        closed_pct: 销号率: closed out ÷ cases.
        in_time_pct: 按期整改率: closed out and never raised ÷ closed out.
    """

    sums: CaseSums

    @property
    def closed_pct(self) -> Decimal | None:
        return _pct(self.sums.closed, self.sums.cases)

    @property
    def in_time_pct(self) -> Decimal | None:
        return _pct(self.sums.closed_in_time, self.sums.closed)


@dataclass(frozen=True, slots=True)
class Board:
    """The five columns and the rates above them."""

    columns: tuple[BoardColumn, ...]
    rates: Rates
    today: date


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of the list and how many match in all."""

    cards: tuple[CaseCard, ...]
    total: int
    number: int
    today: date


@dataclass(frozen=True, slots=True)
class CaseView:
    """
    One case with its story.

    Attributes:
        files: Evidence handed in with events, by event id.
        photos: Evidence of the verifications on site, by process fact id.
        earlier: Cases of the same subject, latest first, this one left out.
        actions: What the actor may do now.
    """

    card: CaseCard
    events: tuple[EventRow, ...]
    visits: tuple[VisitRow, ...]
    files: dict[int, tuple[AttachmentRow, ...]]
    photos: dict[int, tuple[AttachmentRow, ...]]
    earlier: tuple[CaseRow, ...]
    actions: tuple[Action, ...]
    today: date


def mine(actor: Actor, wanted: CaseFilter) -> CaseFilter:
    """Return *wanted* narrowed to the steps the actor's side has to take; the office also sees open requests."""
    if is_office(actor):
        return replace(wanted, steps=OFFICE_STEPS, asked_too=True)
    return replace(wanted, steps=UNIT_STEPS)


def is_office(actor: Actor) -> bool:
    """Return whether *actor* is on the side that sends notices and verifies."""
    return actor.can(Permission.VERIFY_RECTIFICATION) or actor.can(Permission.MANAGE_ROUNDS)


def board(actor: Actor, wanted: CaseFilter | None = None) -> Board:
    """
    Return the board of the actor's scope; what has slipped since yesterday is raised first.

    Raises:
        PermissionDenied: The actor may not look at projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    sweep_when_due()
    wanted, today = wanted or CaseFilter(), current_store().today()
    with read() as connection:
        counts = rectifications.count_steps(connection, actor.scope, wanted, today)
        rows = rectifications.list_board(connection, actor.scope, wanted, per_step=PER_STEP)
        sums = rectifications.sums(connection, actor.scope, wanted, today)
        clock = clock_at(connection, today)
    cards = [_card(row, today, clock.calendar, clock.rules.leader(row.case.raised_times)) for row in rows]
    columns = []
    for step in Step:
        count = counts.get(step.value)
        own = tuple(card for card in cards if card.row.case.step is step)
        columns.append(BoardColumn(step, count.cases if count else 0, count.overdue if count else 0, own))
    return Board(tuple(columns), Rates(sums), today)


def cases(actor: Actor, wanted: CaseFilter | None = None, page: int = 1, *, size: int = PAGE_SIZE) -> CasePage:
    """Return one page of the list: open cases by deadline, then the closed ones, latest first."""
    require(actor, Permission.VIEW_PROJECTS)
    sweep_when_due()
    wanted, today, number = wanted or CaseFilter(), current_store().today(), max(1, page)
    with read() as connection:
        rows = rectifications.list_cases(connection, actor.scope, wanted, limit=size, offset=(number - 1) * size)
        total = rectifications.count_cases(connection, actor.scope, wanted)
        clock = clock_at(connection, today)
    cards = [_card(row, today, clock.calendar, clock.rules.leader(row.case.raised_times)) for row in rows]
    return CasePage(tuple(cards), total, number, today)


def read_case(actor: Actor, case_id: int) -> CaseView:
    """
    Return one case with events, evidence, verifications and what the actor may do.

    Raises:
        NotFound: No such case inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    sweep_when_due()
    today = current_store().today()
    with read() as connection:
        row = rectifications.find_case(connection, actor.scope, case_id)
        if row is None:
            raise NotFound
        events = rectifications.list_events(connection, [case_id]).get(case_id, [])
        visits = rectifications.list_visits(connection, row)
        own, fact = EvidenceOwner.RECTIFICATION_EVENT, EvidenceOwner.PROCESS_FACT
        files = attachments.list_attachments(connection, actor.scope, own, [event.id for event in events])
        photos = attachments.list_attachments(connection, actor.scope, fact, [visit.id for visit in visits])
        same = CaseFilter(subject=(row.kind, row.subject_id))
        others = rectifications.list_cases(connection, actor.scope, same, limit=PAGE_SIZE)
        clock = clock_at(connection, today)
    card = _card(row, today, clock.calendar, clock.rules.leader(row.case.raised_times))
    earlier = tuple(sorted((other for other in others if other.id != row.id), key=lambda other: -other.id))
    return CaseView(
        card,
        tuple(events),
        tuple(visits),
        _by_owner(files),
        _by_owner(photos),
        earlier,
        actions(actor, row.case),
        today,
    )


def today() -> date:
    """Return the local day that deadlines are judged against."""
    return current_store().today()


def rates(actor: Actor, wanted: CaseFilter | None = None) -> Rates:
    """Return 销号率 and 按期整改率 of the actor's scope."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        today = current_store().today()
        return Rates(rectifications.sums(connection, actor.scope, wanted or CaseFilter(), today))


def serial_offenders(
    actor: Actor, year: int, kind: SubjectKind = SubjectKind.PROJECT, *, at_least: int = 2, limit: int = 100
) -> tuple[OffenderRow, ...]:
    """Return who was yellow or red in *at_least* published rounds of *year*, the most rounds in a row first."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        found = offenders.list_offenders(connection, actor.scope, year, kind, at_least=at_least, limit=limit)
    return tuple(found)


_UNIT_ACTIONS = {
    Step.PLAN: (Action.PLAN_SUBMITTED, Action.EXTENSION_REQUESTED),
    Step.FEEDBACK: (Action.FEEDBACK_SUBMITTED, Action.EXTENSION_REQUESTED),
}
_OFFICE_ACTIONS = {
    Step.FEEDBACK: (Action.PLAN_RETURNED,),
    Step.VERIFICATION: (Action.VERIFIED, Action.FAILED),
}


def actions(actor: Actor, case: Case) -> tuple[Action, ...]:
    """Return what *actor* may do with *case* now, the next step first."""
    if not case.is_open:
        return ()
    found: list[Action] = []
    if case.step is Step.NOTICE and actor.can(Permission.MANAGE_ROUNDS):
        found.append(Action.NOTICE_ISSUED)
    if actor.can(Permission.RECTIFY):
        found += _UNIT_ACTIONS.get(case.step, ())
    if actor.can(Permission.VERIFY_RECTIFICATION):
        if case.extension_to is not None:
            found += [Action.EXTENSION_GRANTED, Action.EXTENSION_REFUSED]
        found += _OFFICE_ACTIONS.get(case.step, ())
        if case.level is FlagLevel.SEVERE or case.raised_times:
            found.append(Action.INTERVIEWED)
        found.append(Action.CLOSED)
    if case.extension_to is not None and Action.EXTENSION_REQUESTED in found:
        found.remove(Action.EXTENSION_REQUESTED)
    return tuple(found)


def _card(row: CaseRow, today: date, calendar: WorkCalendar, leader: str) -> CaseCard:
    return CaseCard(row, time_left(row.case, today, calendar), leader)


def _by_owner(rows: list[AttachmentRow]) -> dict[int, tuple[AttachmentRow, ...]]:
    found: dict[int, tuple[AttachmentRow, ...]] = {}
    for row in rows:
        found[row.entity_id] = (*found.get(row.entity_id, ()), row)
    return found


def _pct(part: int, whole: int) -> Decimal | None:
    return Decimal(part) * 100 / Decimal(whole) if whole else None
