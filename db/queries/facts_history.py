"""Facts as they were known on a past day: the same reads as today's, through a view of the rows as they stood then.

What a row dates itself is read at the day: list membership, reports by the time they were sent in, dates in force of
milestones by the moves recorded since, suspensions by their events, problems by raised and closed, plots by use.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, exists, func, not_, or_, select, true

from core.domain.period import AsOf
from core.domain.terms import LifecycleKind, MatterStatus
from core.settings import get_settings
from db.models.base import UtcDateTime
from db.models.land import ParcelUse
from db.models.matter import Matter, MatterEvent
from db.models.milestone import Milestone, MilestoneBaseline
from db.models.money import InvestmentReport
from db.models.project import LifecycleEvent, Project
from db.queries.facts import CategorisedFacts, load_with
from db.queries.facts_statements import NOW, ON, Statements, View, between_ids

ALL_KNOWN = datetime(9999, 1, 1, tzinfo=UTC)
_KNOWN = bindparam("known", type_=UtcDateTime())


def load_facts_at(
    connection: Connection, first_id: int, last_id: int, as_of: AsOf, *, hindsight: bool = False
) -> list[CategorisedFacts]:
    """
    Return the facts of all projects with first_id ≤ id ≤ last_id as they were known at the end of ``as_of.on``.

    For today's as-of point this equals ``load_facts_between``, rows dated in the future apart.

    Args:
        as_of: A past day and the month up to which money counts.
        hindsight: Count reports and milestones that were entered later too, at their present values; for a history
            that was imported in one go and would otherwise be unknown before the import.
    """
    known = ALL_KNOWN if hindsight else end_of_day(as_of.on)
    return load_with(connection, _PAST, as_of, {"first_id": first_id, "last_id": last_id, "known": known})


def end_of_day(on: date) -> datetime:
    """Return the first moment after the local day *on*, as aware UTC time."""
    zone = ZoneInfo(get_settings().timezone)
    return datetime.combine(on + timedelta(days=1), time.min, zone).astimezone(UTC)


def _was_known() -> ColumnElement[bool]:
    """Nodes whose first baseline was set later did not exist yet; nodes without baselines always did."""
    later = exists().where(
        MilestoneBaseline.milestone_id == Milestone.id,
        MilestoneBaseline.number == 0,
        MilestoneBaseline.set_at >= _KNOWN,
    )
    return not_(later)


def _planned_on() -> ColumnElement[date]:
    """The date that the earliest move since then moved away from; without such a move the date in force now."""
    moved_from = (
        select(func.coalesce(MilestoneBaseline.previous_on, Milestone.first_baseline_on))
        .where(
            MilestoneBaseline.milestone_id == Milestone.id,
            MilestoneBaseline.number > 0,
            MilestoneBaseline.set_at >= _KNOWN,
        )
        .order_by(MilestoneBaseline.number)
        .limit(1)
        .correlate(Milestone)
        .scalar_subquery()
    )
    return func.coalesce(moved_from, Milestone.planned_on)


def _happened(column: Any) -> ColumnElement[Any]:
    return case((column <= ON, column))


def _latest(column: Any, kind: LifecycleKind) -> ColumnElement[date | None]:
    """The column, or where it lies behind the day, the latest event of *kind* up to the day."""
    event = (
        select(func.max(LifecycleEvent.happened_on))
        .where(
            LifecycleEvent.project_id == Project.id,
            LifecycleEvent.kind == kind.value,
            LifecycleEvent.happened_on <= ON,
        )
        .correlate(Project)
        .scalar_subquery()
    )
    return case((column > ON, event), else_=column)


def _was_escalated() -> ColumnElement[bool]:
    first = (
        select(func.min(MatterEvent.happened_at))
        .where(MatterEvent.matter_id == Matter.id, MatterEvent.kind == MatterStatus.ESCALATED.value)
        .correlate(Matter)
        .scalar_subquery()
    )
    return and_(Matter.is_escalated.is_(True), func.coalesce(first < _KNOWN, true()))


_PAST = Statements(
    between_ids,
    prepared=True,
    view=View(
        happened=_happened,
        report=and_(NOW.report, or_(InvestmentReport.submitted_at.is_(None), InvestmentReport.submitted_at < _KNOWN)),
        node=_was_known(),
        planned_on=_planned_on(),
        suspended_on=_latest(Project.suspended_on, LifecycleKind.SUSPENDED),
        resumed_on=_latest(Project.resumed_on, LifecycleKind.RESUMED),
        problem_open=and_(Matter.raised_on <= ON, or_(Matter.closed_on.is_(None), Matter.closed_on > ON)),
        problem_escalated=_was_escalated(),
        land=and_(NOW.land, or_(ParcelUse.from_on.is_(None), ParcelUse.from_on <= ON)),
    ),
)
