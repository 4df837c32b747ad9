"""The dated facts of several projects at once, one SELECT per kind: what changed since a visit is told from them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from core.domain.period import Month
from core.domain.sponsor_changes import (
    DatedFacts,
    EventFact,
    FlagFact,
    MoneyFact,
    MoveFact,
    NodeFact,
    ProblemFact,
)
from core.domain.supervision_terms import RoundStatus, SubjectKind
from core.domain.terms import FlagLevel, LifecycleKind, MatterKind, MatterStatus, ReportStatus
from db.models.matter import Matter
from db.models.milestone import Milestone, MilestoneBaseline
from db.models.money import InvestmentReport
from db.models.project import LifecycleEvent
from db.models.supervision import FlagDecision, SupervisionRound

F = TypeVar("F")
_UNCOUNTED = (ReportStatus.MISSING.value, ReportStatus.RETURNED.value)


def load_dated_facts(
    connection: Connection, project_ids: Sequence[int], since: date, zone: tzinfo
) -> dict[int, DatedFacts]:
    """
    Return what is dated of each project; the caller has checked the scope.

    Args:
        since: Earlier facts are left out where they cannot matter (flags are kept: the last one before counts).
        zone: Local calendar of instants.
    """
    ids = list(project_ids)
    flags, nodes = _grouped(_flags(connection, ids, zone)), _grouped(_nodes(connection, ids))
    moves, money = _grouped(_moves(connection, ids, zone)), _grouped(_money(connection, ids, since, zone))
    problems, events = _grouped(_problems(connection, ids, since)), _grouped(_events(connection, ids, since))
    return {
        key: DatedFacts(
            tuple(flags[key]),
            tuple(nodes[key]),
            tuple(moves[key]),
            tuple(money[key]),
            tuple(problems[key]),
            tuple(events[key]),
        )
        for key in ids
    }


def _grouped(pairs: Iterator[tuple[int, F]]) -> dict[int, list[F]]:
    found: dict[int, list[F]] = defaultdict(list)
    for key, fact in pairs:
        found[key].append(fact)
    return found


def _flags(connection: Connection, ids: list[int], zone: tzinfo) -> Iterator[tuple[int, FlagFact]]:
    its = SupervisionRound
    query = (
        select(FlagDecision.subject_id, its.published_at, its.cut_off_on, FlagDecision.level)
        .join(its, its.id == FlagDecision.round_id)
        .where(
            its.status == RoundStatus.PUBLISHED.value,
            FlagDecision.subject_kind == SubjectKind.PROJECT.value,
            FlagDecision.subject_id.in_(ids),
        )
        .order_by(its.year, its.number, its.revision)
    )
    for key, at, cut_off_on, level in connection.execute(query):
        yield key, FlagFact(_local(at, zone) if at else cut_off_on, FlagLevel(level))


def _nodes(connection: Connection, ids: list[int]) -> Iterator[tuple[int, NodeFact]]:
    own = Milestone
    query = select(own.project_id, own.name, own.planned_on, own.actual_on).where(own.project_id.in_(ids))
    for row in connection.execute(query.order_by(own.project_id, own.sequence, own.id)):
        yield row.project_id, NodeFact(row.name, row.planned_on, row.actual_on)


def _moves(connection: Connection, ids: list[int], zone: tzinfo) -> Iterator[tuple[int, MoveFact]]:
    own = MilestoneBaseline
    query = (
        select(Milestone.project_id, Milestone.name, own.set_at, own.days)
        .join(Milestone, Milestone.id == own.milestone_id)
        .where(Milestone.project_id.in_(ids), own.number > 0)
        .order_by(own.id)
    )
    for key, name, at, days in connection.execute(query):
        yield key, MoveFact(name, _local(at, zone), days)


def _money(connection: Connection, ids: list[int], since: date, zone: tzinfo) -> Iterator[tuple[int, MoneyFact]]:
    """A report without the day on which it came in (imported) counts from the end of its month."""
    own = InvestmentReport
    query = select(own.project_id, own.year, own.month, own.submitted_at, own.done_yuan).where(
        own.project_id.in_(ids),
        own.year >= since.year - 1,
        own.status.not_in(_UNCOUNTED),
    )
    for key, year, number, at, done_yuan in connection.execute(query.order_by(own.year, own.month)):
        if done_yuan is None:
            continue
        month = Month(year, number)
        yield key, MoneyFact(month, _local(at, zone) if at else month.last_day, done_yuan)


def _problems(connection: Connection, ids: list[int], since: date) -> Iterator[tuple[int, ProblemFact]]:
    own = Matter
    query = select(own.project_id, own.title, own.raised_on, own.resolved_on, own.closed_on).where(
        own.project_id.in_(ids),
        own.kind == MatterKind.PROBLEM.value,
        own.status != MatterStatus.MERGED.value,
        (own.closed_on.is_(None)) | (own.closed_on >= since),
    )
    for key, title, raised_on, resolved_on, closed_on in connection.execute(query.order_by(own.id)):
        if key is not None:
            yield key, ProblemFact(title, raised_on, resolved_on or closed_on)


def _events(connection: Connection, ids: list[int], since: date) -> Iterator[tuple[int, EventFact]]:
    own = LifecycleEvent
    query = select(own.project_id, own.kind, own.happened_on).where(own.project_id.in_(ids), own.happened_on >= since)
    for key, kind, happened_on in connection.execute(query.order_by(own.happened_on, own.id)):
        yield key, EventFact(LifecycleKind(kind), happened_on)


def _local(at: Any, zone: tzinfo) -> date:
    day: date = at.astimezone(zone).date()
    return day
