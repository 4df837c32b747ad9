"""Campaigns and tasks as lists show them: state, light, progress against 序时, what is late and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.domain.campaigns.acceptance import CLAIMABLE
from core.domain.campaigns.periods import is_owed, period_of, previous
from core.domain.campaigns.rules import CampaignRules
from core.domain.campaigns.tasks import actual_pct, days_late, expected_pct, level_of, state_of
from core.domain.campaigns.tree import Placed, Rollup, outline, roll_up
from core.domain.campaigns.words import CampaignStatus, TaskState
from core.domain.permissions import Actor
from core.domain.terms import FlagLevel
from core.services.campaigns.writing import can_report
from db.queries.campaigns import CampaignRow, TaskRow


@dataclass(frozen=True, slots=True)
class TaskLine:
    """
    One task as trees show it; what is summed up of its parts, if it has any.

    Attributes:
        late_days: Calendar days behind the latest plan; first_late_days behind the first baseline.
        is_missing: The report of the period before the present one is missing.
        is_mine: The actor may report it.
    """

    row: TaskRow
    place: Placed
    state: TaskState
    level: FlagLevel
    percent: Fraction | None
    expected: Fraction | None
    late_days: int
    first_late_days: int
    is_missing: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """
    One campaign as the board shows it.

    Attributes:
        level: Its light; EXEMPT while it is planned and after acceptance passed.
        missing: Reports of the last full period that are missing.
        is_acceptance_overdue: The day of acceptance has passed without a pass.
        score_milli: Latest third-party score in thousandths; None = not assessed.
    """

    row: CampaignRow
    sums: Rollup
    level: FlagLevel
    missing: int
    is_acceptance_overdue: bool
    score_milli: int | None


def lines_of(
    row: CampaignRow,
    tasks: Sequence[TaskRow],
    today: date,
    rules: CampaignRules,
    reported: set[int],
    actor: Actor | None,
) -> list[TaskLine]:
    """Return the living tasks of a campaign in reading order, parents with the sums of their parts."""
    by_id = {task.id: task for task in tasks}
    facts = [task.facts for task in tasks]
    before = previous(period_of(row.report_period, today))
    is_running = row.status is CampaignStatus.RUNNING
    found = []
    for place in outline(facts):
        task = by_id[place.id]
        mine = is_running and place.is_leaf and actor is not None and can_report(actor, row, task)
        if not place.is_leaf:
            found.append(_sum_line(task, place, roll_up(facts, today, rules, place.id), today, rules))
            continue
        owed = (
            is_running
            and task.facts.status in CLAIMABLE
            and is_owed(task.facts.planned_start_on, task.facts.finished_on, before)
        )
        found.append(
            TaskLine(
                row=task,
                place=place,
                state=state_of(task.facts, today, rules),
                level=level_of(task.facts, today, rules),
                percent=actual_pct(task.facts, today),
                expected=expected_pct(task.facts.planned_start_on, task.facts.planned_finish_on, today),
                late_days=days_late(task.facts, today),
                first_late_days=days_late(task.facts, today, first=True),
                is_missing=owed and task.id not in reported,
                is_mine=mine,
            )
        )
    return found


def _sum_line(task: TaskRow, place: Placed, sums: Rollup, today: date, rules: CampaignRules) -> TaskLine:
    """Return the line of a task with parts: closed out when all of them are, overdue when one of them is."""
    state = TaskState.RUNNING
    if sums.overdue:
        state = TaskState.OVERDUE
    elif sums.closed_out == sums.tasks:
        state = TaskState.CLOSED_OUT
    elif today < task.facts.planned_start_on and not sums.percent:
        state = TaskState.NOT_STARTED
    level = FlagLevel.EXEMPT if state is TaskState.NOT_STARTED else sums.level(rules)
    late = days_late(task.facts, today) if state is not TaskState.CLOSED_OUT else 0
    first = days_late(task.facts, today, first=True) if state is not TaskState.CLOSED_OUT else 0
    return TaskLine(
        task, place, state, level, sums.percent, sums.expected, late, first, is_missing=False, is_mine=False
    )


def card_of(
    row: CampaignRow,
    lines: Sequence[TaskLine],
    tasks: Sequence[TaskRow],
    today: date,
    rules: CampaignRules,
    score_milli: int | None,
) -> CampaignCard:
    """Return a campaign with the sums of its tasks."""
    sums = roll_up([task.facts for task in tasks], today, rules)
    is_running = row.status is CampaignStatus.RUNNING
    return CampaignCard(
        row=row,
        sums=sums,
        level=sums.level(rules) if is_running else FlagLevel.EXEMPT,
        missing=sum(line.is_missing for line in lines),
        is_acceptance_overdue=is_running and row.acceptance_due_on < today,
        score_milli=score_milli,
    )
