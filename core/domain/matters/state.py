"""Where a matter stands, as a value: its state, its clocks, who owes the next step."""

from dataclasses import dataclass
from datetime import date

from core.domain.matters.rules import KindRules, MatterRules
from core.domain.matters.words import Difficulty, MatterLevel, Outcome, Owing, Satisfaction
from core.domain.terms import MatterKind, MatterStatus
from core.domain.workdays import TimeLeft, WorkCalendar, add_workdays, time_to

WORKING = (MatterStatus.IN_PROGRESS, MatterStatus.ESCALATED)
UNIT_STATES = (MatterStatus.ASSIGNED, *WORKING, MatterStatus.REPLIED)
OFFICE_STATES = (MatterStatus.REGISTERED, MatterStatus.CLASSIFIED, MatterStatus.OBJECTED, MatterStatus.RESOLVED)
ENDED = (MatterStatus.CLOSED_OUT, MatterStatus.MERGED)
UNANSWERED = (*OFFICE_STATES[:3], *UNIT_STATES[:3])


@dataclass(frozen=True, slots=True)
class Clock:
    """The day a step is taken, the days that are worked, and the rules in force."""

    today: date
    calendar: WorkCalendar
    rules: MatterRules

    def after(self, workdays: int, start: date | None = None) -> date:
        """Return the end of the *workdays*-th working day after *start* (default: today); 顺延 when 0 and off."""
        return add_workdays(start or self.today, workdays, self.calendar).on


@dataclass(frozen=True, slots=True)
class MatterState:
    """
    What the state machine knows of a matter.

    Attributes:
        due_on: Deadline of the reply (办理期限), inclusive; None = not assigned yet, or imported without one.
        first_due_on: The first deadline that was ever set; never changes (baselines are honest).
        step_due_on: Deadline of the present step where it is another one than ``due_on``.
        first_report_due_on: Deadline of the first report of 一事两报告.
        result_due_on: Deadline of the second one.
        press_on: Last day before a lapse is pressed (督办); None = nothing to press (any more).
        extension_to: Day an undecided request asks for.
        conditions: Under which condition it could be solved (可解决的条件).
        answer_workdays: Working days from the assignment to the reply.
    """

    kind: MatterKind
    status: MatterStatus
    level: MatterLevel
    difficulty: Difficulty = Difficulty.ORDINARY
    amount_yuan: int | None = None
    due_on: date | None = None
    first_due_on: date | None = None
    step_due_on: date | None = None
    assigned_on: date | None = None
    signed_on: date | None = None
    first_report_due_on: date | None = None
    first_reported_on: date | None = None
    result_due_on: date | None = None
    replied_on: date | None = None
    answer_workdays: int | None = None
    resolved_on: date | None = None
    closed_on: date | None = None
    press_on: date | None = None
    pressed_times: int = 0
    extension_to: date | None = None
    extended_times: int = 0
    redo_times: int = 0
    is_escalated: bool = False
    outcome: Outcome | None = None
    conditions: str = ""
    satisfaction: Satisfaction | None = None
    merged_into_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has not ended; a ledger may have dated the end without naming the state."""
        return self.closed_on is None and self.status not in ENDED

    @property
    def owing(self) -> Owing:
        """Which side has to take the next step."""
        if not self.is_open:
            return Owing.NOBODY
        return Owing.UNIT if self.status in UNIT_STATES else Owing.OFFICE

    @property
    def next_due_on(self) -> date | None:
        """Deadline of the present step; None once ended, or when an imported matter has none."""
        return (self.step_due_on or self.due_on) if self.is_open else None

    def is_overdue(self, today: date) -> bool:
        """Whether the deadline of the present step has passed."""
        return self.next_due_on is not None and self.next_due_on < today


def time_left(state: MatterState, today: date, calendar: WorkCalendar) -> TimeLeft | None:
    """Return how long the present step may still take; None once ended or without a deadline."""
    return None if state.next_due_on is None else time_to(state.next_due_on, today, calendar)


def needs_committee(own: KindRules, amount_yuan: int | None) -> bool:
    """Return whether the committee has to decide, because so much money is asked for (重大事项请示)."""
    return own.committee_from_yuan is not None and amount_yuan is not None and amount_yuan >= own.committee_from_yuan
