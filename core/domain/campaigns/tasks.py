"""One task on a day: its state by the clock, its 序时, its light. A task speaks for itself; sums are in ``tree.py``.

OPEN ──claim──► CLAIMED ──verify──► CLOSED_OUT
 ▲                │ ▲                   │
 └─(reports)      ▼ └──claim──┐         │
              RETURNED ───────┘◄─reopen─┘
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.domain.campaigns.rules import CampaignRules
from core.domain.campaigns.words import TaskState, TaskStatus
from core.domain.terms import FlagLevel

FULL = Fraction(100)
_ENDED = (TaskStatus.CLOSED_OUT, TaskStatus.DROPPED)


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """
    What is known of one task.

    Attributes:
        parent_id: Task it is part of; None = directly under the campaign.
        weight: Share among its siblings, ≥ 1.
        planned_start_on, planned_finish_on: Latest plan, both inclusive.
        first_finish_on: First baseline; never changes.
        percent: Latest reported progress 0..100; None = never reported.
        finished_on: Day it was claimed done; None while it is not.
    """

    id: int
    parent_id: int | None
    weight: int
    planned_start_on: date
    planned_finish_on: date
    first_finish_on: date
    status: TaskStatus = TaskStatus.OPEN
    percent: int | None = None
    finished_on: date | None = None

    @property
    def is_ended(self) -> bool:
        """Whether nobody owes anything for it any more."""
        return self.status in _ENDED


def state_of(task: TaskFacts, today: date, rules: CampaignRules) -> TaskState:
    """Return how a task stands on *today*; being overdue outranks having been returned."""
    settled = {
        TaskStatus.CLOSED_OUT: TaskState.CLOSED_OUT,
        TaskStatus.DROPPED: TaskState.DROPPED,
        TaskStatus.CLAIMED: TaskState.CLAIMED,
    }.get(task.status)
    if settled is not None:
        return settled
    if task.planned_finish_on < today:
        return TaskState.OVERDUE
    if task.status is TaskStatus.RETURNED:
        return TaskState.RETURNED
    if today < task.planned_start_on and not task.percent:
        return TaskState.NOT_STARTED
    if task.planned_finish_on <= today + timedelta(days=rules.soon_days):
        return TaskState.DUE_SOON
    return TaskState.RUNNING


def days_late(task: TaskFacts, today: date, *, first: bool = False) -> int:
    """
    Return by how many calendar days a task is or was late; 0 = in time.

    Args:
        first: Against the first baseline instead of the latest plan.
    """
    if task.status is TaskStatus.DROPPED:
        return 0
    due_on = task.first_finish_on if first else task.planned_finish_on
    return max(0, ((task.finished_on or today) - due_on).days)


def expected_pct(start_on: date, finish_on: date, today: date) -> Fraction:
    """Return 序时: the share of the days from start to finish, both inclusive, that are over at the end of *today*."""
    days = (finish_on - start_on).days + 1
    over = (today - start_on).days + 1
    return FULL * min(max(over, 0), days) / days


def actual_pct(task: TaskFacts, today: date) -> Fraction | None:
    """Return the progress of a task; None = it should have been reported and was not, which is not 0."""
    if task.status is TaskStatus.CLOSED_OUT:
        return FULL
    if task.percent is not None:
        return Fraction(task.percent)
    return Fraction(0) if today < task.planned_start_on else None


def gap_level(gap_pp: Fraction | None, rules: CampaignRules) -> FlagLevel:
    """Return the light of a gap to 序时 in percentage points, negative = behind; the limits themselves are still in."""
    if gap_pp is None:
        return FlagLevel.NO_DATA
    if gap_pp < -rules.severe_pp:
        return FlagLevel.SEVERE
    return FlagLevel.WARN if gap_pp < -rules.warn_pp else FlagLevel.OK


def level_of(task: TaskFacts, today: date, rules: CampaignRules) -> FlagLevel:
    """Return the light of a task: overdue is red whatever was reported, returned is at least yellow."""
    state = state_of(task, today, rules)
    if state in (TaskState.DROPPED, TaskState.NOT_STARTED):
        return FlagLevel.EXEMPT
    if state in (TaskState.CLOSED_OUT, TaskState.CLAIMED):
        return FlagLevel.OK
    if state is TaskState.OVERDUE:
        return FlagLevel.SEVERE
    actual = actual_pct(task, today)
    expected = expected_pct(task.planned_start_on, task.planned_finish_on, today)
    level = gap_level(None if actual is None else actual - expected, rules)
    if state is TaskState.RETURNED and level is not FlagLevel.SEVERE:
        return FlagLevel.WARN
    return level
