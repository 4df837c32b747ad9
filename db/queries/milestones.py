"""Milestones of the desk: the working list, one row with its baselines, who changed it last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, and_, bindparam, case, func, or_, select

from core.domain.scope import Scope
from core.domain.terms import Stage, Term
from db.models.access import User
from db.models.milestone import Milestone, MilestoneBaseline
from db.models.organisation import County, Headquarters
from db.models.project import Project
from db.models.system import AuditEvent
from db.prepared import Prepared
from db.queries.scoping import project_scope

# Projects that left take their open nodes with them: nobody is asked for them any more.
_LEFT = (Stage.WITHDRAWN.value, Stage.TERMINATED.value, Stage.MERGED.value)


class Bucket(Term):
    """Which part of the working list is wanted."""

    OPEN = "open", "全部未完成"
    LATE = "late", "已逾期"
    WEEK = "week", "7天内到期"
    MONTH = "month", "30天内到期"
    LATER = "later", "30天后"
    DONE = "done", "已完成"


@dataclass(frozen=True, slots=True)
class MilestoneFilter:
    """What the list is narrowed to; ids of None mean all."""

    bucket: Bucket = Bucket.OPEN
    text: str = ""
    county_id: int | None = None
    headquarters_id: int | None = None
    key_only: bool = False
    project_id: int | None = None


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days that part the list: today, the last day of the near week and of the near month."""

    today: date
    week_end: date
    month_end: date


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """One milestone with what a list shows of its project."""

    id: int
    version: int
    project_id: int
    project_code: str
    project_name: str
    county_name: str
    headquarters_name: str | None
    name: str
    is_key: bool
    first_baseline_on: date
    planned_on: date
    forecast_on: date | None
    actual_on: date | None
    forecast_reason: str
    note: str
    responsible: str
    moves: int
    reserved_on: date | None


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """One baseline: number 0 is the first; *days* moved against the one before."""

    number: int
    planned_on: date
    previous_on: date | None
    days: int
    reason: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class BucketCounts:
    """Open milestones by how near they are."""

    late: int
    week: int
    month: int


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed a row last, and when."""

    login: str
    name: str
    at: datetime


_COLUMNS = (
    Milestone.id,
    Milestone.version,
    Milestone.project_id,
    Project.code.label("project_code"),
    Project.name.label("project_name"),
    County.name.label("county_name"),
    func.coalesce(func.nullif(Headquarters.short_name, ""), Headquarters.name).label("headquarters_name"),
    Milestone.name,
    Milestone.is_key,
    Milestone.first_baseline_on,
    Milestone.planned_on,
    Milestone.forecast_on,
    Milestone.actual_on,
    Milestone.forecast_reason,
    Milestone.note,
    Milestone.responsible,
    Milestone.moves,
    Project.reserved_on,
)


def list_milestones(
    connection: Connection, scope: Scope, wanted: MilestoneFilter, days: Horizon, *, limit: int, offset: int
) -> list[MilestoneRow]:
    """
    Return one page of the list: open nodes by planned date (so late ones lead), done ones latest first.

    Args:
        connection: Read snapshot.
        scope: What the actor may see.
        wanted: Narrowing by bucket, text, county, headquarters, project.
        days: Today and the ends of the near week and month.
        limit: Rows on the page.
        offset: Rows before it.
    """
    query = _selected(scope).where(*_narrow(wanted), _in_bucket(wanted.bucket, days))
    if wanted.bucket is Bucket.DONE:
        latest = (Milestone.actual_on.desc(), Milestone.id.desc())
        if scope.everything and not _narrow(wanted):
            # Nothing narrows: find the page among the milestones alone before their projects are looked up.
            page = select(Milestone.id).where(Milestone.actual_on.is_not(None)).order_by(*latest)
            return _rows(connection, query.where(Milestone.id.in_(page.limit(limit).offset(offset))).order_by(*latest))
        query = query.order_by(*latest)
    else:
        query = query.order_by(Milestone.planned_on, Milestone.project_id, Milestone.id)
    return _rows(connection, query.limit(limit).offset(offset))


def count_buckets(connection: Connection, scope: Scope, wanted: MilestoneFilter, days: Horizon) -> BucketCounts:
    """Return how many open nodes are late, due in the near week, due in the near month (week included)."""

    def count_if(test: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((test, 1), else_=0)), 0)

    row = connection.execute(
        select(
            count_if(Milestone.planned_on < days.today),
            count_if(Milestone.planned_on.between(days.today, days.week_end)),
            count_if(Milestone.planned_on.between(days.today, days.month_end)),
        )
        .join_from(Milestone, Project, Project.id == Milestone.project_id)
        .where(
            Milestone.actual_on.is_(None),
            Milestone.planned_on <= days.month_end,
            Project.stage.not_in(_LEFT),
            _scope(scope),
            *_narrow(wanted),
        )
    ).one()
    return BucketCounts(*(int(value) for value in row))


def find_milestone(connection: Connection, scope: Scope, milestone_id: int) -> MilestoneRow | None:
    """Return one milestone inside *scope*."""
    rows = _one(scope).run(connection, milestone_id=milestone_id)
    return MilestoneRow(*rows[0]) if rows else None


@lru_cache(maxsize=256)
def _one(scope: Scope) -> Prepared:
    """The read of every save: compiled once per scope."""
    return Prepared(_selected(scope).where(Milestone.id == bindparam("milestone_id", type_=BigInteger())))


def list_baselines(connection: Connection, scope: Scope, milestone_id: int) -> list[BaselineRow]:
    """Return every baseline of a milestone inside *scope*, the first one first."""
    query = (
        select(
            MilestoneBaseline.number,
            MilestoneBaseline.planned_on,
            MilestoneBaseline.previous_on,
            MilestoneBaseline.days,
            MilestoneBaseline.reason,
            MilestoneBaseline.set_by,
            MilestoneBaseline.set_at,
        )
        .join_from(MilestoneBaseline, Milestone, Milestone.id == MilestoneBaseline.milestone_id)
        .join(Project, Project.id == Milestone.project_id)
        .where(MilestoneBaseline.milestone_id == milestone_id, _scope(scope))
        .order_by(MilestoneBaseline.number, MilestoneBaseline.id)
    )
    return [BaselineRow(*row) for row in connection.execute(query)]


def last_change(connection: Connection, entity: str, entity_id: int) -> LastChange | None:
    """Return who wrote the row last according to the audit chain."""
    row = connection.execute(
        select(AuditEvent.actor, func.coalesce(User.name, AuditEvent.actor), AuditEvent.at)
        .join_from(AuditEvent, User, User.login == AuditEvent.actor, isouter=True)
        .where(AuditEvent.entity == entity, AuditEvent.entity_id == str(entity_id))
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else LastChange(*row)


def _selected(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .join_from(Milestone, Project, Project.id == Milestone.project_id)
        .join(County, County.id == Project.county_id)
        .join(Headquarters, Headquarters.id == Project.headquarters_id, isouter=True)
        .where(_scope(scope))
    )


def _scope(scope: Scope) -> ColumnElement[bool]:
    return project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)


def _in_bucket(bucket: Bucket, days: Horizon) -> ColumnElement[bool]:
    if bucket is Bucket.DONE:
        return Milestone.actual_on.is_not(None)
    still_open = and_(Milestone.actual_on.is_(None), Project.stage.not_in(_LEFT))
    if bucket is Bucket.LATE:
        return and_(still_open, Milestone.planned_on < days.today)
    if bucket is Bucket.WEEK:
        return and_(still_open, Milestone.planned_on.between(days.today, days.week_end))
    if bucket is Bucket.MONTH:
        return and_(still_open, Milestone.planned_on.between(days.today, days.month_end))
    if bucket is Bucket.LATER:
        return and_(still_open, Milestone.planned_on > days.month_end)
    return still_open


def _narrow(wanted: MilestoneFilter) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    text = wanted.text.strip()
    if text:
        tests.append(
            or_(
                Project.name.contains(text, autoescape=True),
                Project.code.startswith(text, autoescape=True),
                Project.initials.startswith(text.lower(), autoescape=True),
                Milestone.name.contains(text, autoescape=True),
            )
        )
    if wanted.county_id is not None:
        tests.append(Project.county_id == wanted.county_id)
    if wanted.headquarters_id is not None:
        tests.append(Project.headquarters_id == wanted.headquarters_id)
    if wanted.key_only:
        tests.append(Milestone.is_key.is_(True))
    if wanted.project_id is not None:
        tests.append(Milestone.project_id == wanted.project_id)
    return tests


def _rows(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[MilestoneRow]:
    found: Sequence[Any] = connection.execute(query).all()
    return [MilestoneRow(*row) for row in found]
