"""Everything one project page shows, one SELECT per kind. The caller has checked that the project is in scope."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from core.domain.scope import Scope
from core.domain.terms import (
    AssignmentRole,
    FundingSource,
    LifecycleKind,
    MatterKind,
    MatterStatus,
    ParcelStatus,
    ReportStatus,
)
from db.models.access import User
from db.models.land import Parcel, ParcelUse
from db.models.matter import Matter
from db.models.milestone import Milestone, MilestoneBaseline
from db.models.money import AnnualPlan, FundingLine, InvestmentPlan, InvestmentReport
from db.models.organisation import County, Headquarters, Person, Unit
from db.models.project import Assignment, LifecycleEvent, Project
from db.models.system import AuditEvent
from db.queries.scoping import project_scope

HISTORY_ROWS = 60


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """The stored row of a project, with the names behind its keys."""

    values: dict[str, Any]
    county_name: str
    county_boundary: str | None
    headquarters_name: str | None
    unit_name: str | None

    @property
    def version(self) -> int:
        """Version to give back with a change."""
        return int(self.values["version"])


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A milestone with the story of its moves: ``reason`` is that of the latest one."""

    id: int
    name: str
    is_key: bool
    first_baseline_on: date
    planned_on: date
    forecast_on: date | None
    actual_on: date | None
    moves: int
    reason: str
    responsible: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month's plan and report; None = no plan, not reported."""

    month: int
    plan_yuan: int | None
    done_yuan: int | None
    statistics_yuan: int | None
    status: ReportStatus
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FundingRow:
    """One source of money."""

    source: FundingSource
    planned_yuan: int
    received_yuan: int
    spent_yuan: int


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A problem, request or other matter of the project."""

    id: int
    code: str
    kind: MatterKind
    title: str
    status: MatterStatus
    lead_unit: str | None
    raised_on: date
    due_on: date | None
    is_escalated: bool
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class PlotRow:
    """A plot on which the project stands; geometry is GeoJSON text in CGCS2000, empty without corner points."""

    id: int
    code: str
    name: str
    status: ParcelStatus
    area_sqm: int
    use_name: str
    geometry: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """A dated fact in the project's life."""

    kind: LifecycleKind
    happened_on: date
    reason: str
    document_no: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """Who stands for the project: a person, a unit, or a person of a unit."""

    role: AssignmentRole
    person: str | None
    title: str | None
    unit: str | None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One write that touched the project; ``old`` and ``new`` are JSON objects of the changed fields."""

    seq: int
    at: datetime
    actor: str
    actor_name: str | None
    action: str
    entity: str
    entity_id: str
    old: str
    new: str
    reason: str
    headline: str


def find_project(connection: Connection, scope: Scope, project_id: int) -> ProjectRecord | None:
    """Return the project, or None when there is no such row inside *scope*."""
    query = (
        select(
            Project.__table__,
            County.name.label("county_name"),
            County.boundary,
            Headquarters.name.label("headquarters_name"),
            Unit.name.label("unit_name"),
        )
        .join(County, County.id == Project.county_id)
        .join(Headquarters, Headquarters.id == Project.headquarters_id, isouter=True)
        .join(Unit, Unit.id == Project.responsible_unit_id, isouter=True)
        .where(
            Project.id == project_id,
            project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id),
        )
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    values = {column.name: row[column.name] for column in Project.__table__.columns}
    return ProjectRecord(values, row["county_name"], row["boundary"], row["headquarters_name"], row["unit_name"])


def load_nodes(connection: Connection, project_id: int) -> list[NodeRow]:
    """Return the milestones in their order."""
    moved = {
        row.milestone_id: row.reason
        for row in connection.execute(
            select(MilestoneBaseline.milestone_id, MilestoneBaseline.reason)
            .join(Milestone, Milestone.id == MilestoneBaseline.milestone_id)
            .where(Milestone.project_id == project_id, MilestoneBaseline.number > 0)
            .order_by(MilestoneBaseline.number)
        )
    }
    query = select(Milestone.__table__).where(Milestone.project_id == project_id)
    return [
        NodeRow(
            id=row.id,
            name=row.name,
            is_key=row.is_key,
            first_baseline_on=row.first_baseline_on,
            planned_on=row.planned_on,
            forecast_on=row.forecast_on,
            actual_on=row.actual_on,
            moves=row.moves,
            reason=row.forecast_reason or moved.get(row.id, ""),
            responsible=row.responsible,
        )
        for row in connection.execute(query.order_by(Milestone.sequence, Milestone.id))
    ]


def load_months(connection: Connection, project_id: int, year: int) -> list[MonthRow]:
    """Return the twelve months of *year*."""
    planned = select(InvestmentPlan.month, InvestmentPlan.plan_yuan).where(
        InvestmentPlan.project_id == project_id, InvestmentPlan.year == year
    )
    plans = {row.month: row.plan_yuan for row in connection.execute(planned)}
    reports = {
        row.month: row
        for row in connection.execute(
            select(
                InvestmentReport.month,
                InvestmentReport.done_yuan,
                InvestmentReport.statistics_yuan,
                InvestmentReport.status,
                InvestmentReport.reviewed_at,
            ).where(InvestmentReport.project_id == project_id, InvestmentReport.year == year)
        )
    }
    return [_month(number, plans.get(number), reports.get(number)) for number in range(1, 13)]


def _month(number: int, plan_yuan: int | None, report: Any) -> MonthRow:
    status = ReportStatus(report.status) if report is not None else ReportStatus.MISSING
    counts = status not in (ReportStatus.MISSING, ReportStatus.RETURNED)
    return MonthRow(
        month=number,
        plan_yuan=plan_yuan,
        done_yuan=report.done_yuan if counts else None,
        statistics_yuan=report.statistics_yuan if counts else None,
        status=status,
        reviewed_at=report.reviewed_at if counts else None,
    )


def load_goal(connection: Connection, project_id: int, year: int) -> str:
    """Return the year's goal (年度建设目标), empty when none is stored."""
    query = select(AnnualPlan.goal).where(AnnualPlan.project_id == project_id, AnnualPlan.year == year)
    return connection.execute(query).scalar_one_or_none() or ""


def load_funding(connection: Connection, project_id: int) -> list[FundingRow]:
    """Return the sources of money, the largest first."""
    query = select(
        FundingLine.source, FundingLine.planned_yuan, FundingLine.received_yuan, FundingLine.spent_yuan
    ).where(FundingLine.project_id == project_id)
    rows = connection.execute(query.order_by(FundingLine.planned_yuan.desc(), FundingLine.id))
    return [FundingRow(FundingSource(source), *amounts) for source, *amounts in rows]


def load_matters(connection: Connection, project_id: int) -> list[MatterRow]:
    """Return the matters of the project: open ones first, the nearest deadline first."""
    query = (
        select(Matter.__table__, Unit.name.label("lead_unit"))
        .join(Unit, Unit.id == Matter.lead_unit_id, isouter=True)
        .where(Matter.project_id == project_id)
        .order_by(Matter.closed_on.is_not(None), Matter.due_on, Matter.id)
        .limit(50)
    )
    return [
        MatterRow(
            id=row.id,
            code=row.code,
            kind=MatterKind(row.kind),
            title=row.title,
            status=MatterStatus(row.status),
            lead_unit=row.lead_unit,
            raised_on=row.raised_on,
            due_on=row.due_on,
            is_escalated=row.is_escalated,
            closed_on=row.closed_on,
        )
        for row in connection.execute(query)
    ]


def load_plots(connection: Connection, project_id: int, on: date) -> list[PlotRow]:
    """Return the plots that the project holds on *on*, the largest first."""
    query = (
        select(Parcel.id, Parcel.code, Parcel.name, Parcel.status, Parcel.area_sqm, Parcel.use_name, Parcel.geometry)
        .join(ParcelUse, ParcelUse.parcel_id == Parcel.id)
        .where(ParcelUse.project_id == project_id, or_(ParcelUse.to_on.is_(None), ParcelUse.to_on > on))
        .order_by(Parcel.area_sqm.desc(), Parcel.id)
        .limit(20)
    )
    return [
        PlotRow(row.id, row.code, row.name, ParcelStatus(row.status), row.area_sqm, row.use_name, row.geometry)
        for row in connection.execute(query)
    ]


def load_events(connection: Connection, project_id: int) -> list[EventRow]:
    """Return the dated facts in the order in which they happened."""
    query = select(LifecycleEvent.__table__).where(LifecycleEvent.project_id == project_id)
    return [
        EventRow(LifecycleKind(row.kind), row.happened_on, row.reason, row.document_no, row.recorded_by)
        for row in connection.execute(query.order_by(LifecycleEvent.happened_on, LifecycleEvent.id))
    ]


def load_roles(connection: Connection, project_id: int, on: date) -> list[RoleRow]:
    """Return who stands for the project on *on*."""
    query = (
        select(
            Assignment.role, Person.name.label("person"), Person.title, Unit.name.label("unit"), Assignment.person_id
        )
        .join(Person, Person.id == Assignment.person_id, isouter=True)
        .join(Unit, Unit.id == Assignment.unit_id, isouter=True)
        .where(Assignment.project_id == project_id, or_(Assignment.to_on.is_(None), Assignment.to_on > on))
        .order_by(Assignment.id)
    )
    return [
        RoleRow(AssignmentRole(row.role), row.person, row.title, row.unit, row.person_id)
        for row in connection.execute(query)
    ]


def load_history(connection: Connection, project_id: int, limit: int = HISTORY_ROWS) -> list[AuditLine]:
    """Return the latest writes that touched the project, newest first."""
    query = (
        select(AuditEvent.__table__, User.name.label("actor_name"))
        .join(User, User.login == AuditEvent.actor, isouter=True)
        .where(AuditEvent.project_id == project_id)
        .order_by(AuditEvent.seq.desc())
        .limit(limit)
    )
    return [
        AuditLine(
            seq=row.seq,
            at=row.at,
            actor=row.actor,
            actor_name=row.actor_name,
            action=row.action,
            entity=row.entity,
            entity_id=row.entity_id,
            old=row.old,
            new=row.new,
            reason=row.reason,
            headline=row.headline,
        )
        for row in connection.execute(query)
    ]


def load_subjects(connection: Connection, project_id: int) -> dict[tuple[str, str], str]:
    """Return the names of the project's rows by (entity, id), as the audit refers to them."""
    found = {
        ("milestone", str(row.id)): row.name
        for row in connection.execute(select(Milestone.id, Milestone.name).where(Milestone.project_id == project_id))
    }
    reports = select(InvestmentReport.id, InvestmentReport.year, InvestmentReport.month)
    for row in connection.execute(reports.where(InvestmentReport.project_id == project_id)):
        found["investment_report", str(row.id)] = f"{row.year}年{row.month}月"
    for matter in connection.execute(select(Matter.id, Matter.title).where(Matter.project_id == project_id)):
        found["matter", str(matter.id)] = matter.title
    lines = select(FundingLine.id, FundingLine.source).where(FundingLine.project_id == project_id)
    for line in connection.execute(lines):
        found["funding_line", str(line.id)] = FundingSource(line.source).label
    return found


def load_owner_names(connection: Connection) -> dict[tuple[str, int], str]:
    """Return the names behind the owning keys of a project, by (column, id)."""
    columns: tuple[tuple[str, Any], ...] = (
        ("county_id", County),
        ("headquarters_id", Headquarters),
        ("responsible_unit_id", Unit),
    )
    return {
        (column, row.id): row.name
        for column, model in columns
        for row in connection.execute(select(model.id, model.name))
    }
