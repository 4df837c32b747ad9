"""The rows of every exported table as one SELECT each, inside a scope; columns are labelled by field code."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from core.domain.ledger import ProjectFilter
from core.domain.period import Month
from core.domain.scope import Scope
from core.domain.terms import MatterKind
from db.models.access import User, UserRole
from db.models.asset import Asset, FundingBid
from db.models.land import Parcel, ParcelUse
from db.models.matter import Matter, PolicyTerms
from db.models.milestone import Milestone
from db.models.money import InvestmentReport
from db.models.organisation import County, Headquarters, Person, Unit
from db.models.project import Project
from db.queries.exports import matching_ids
from db.queries.scoping import project_scope

Statement = Select[*tuple[Any, ...]]
_PROJECT = (
    Project.code.label("project_code"),
    Project.national_code.label("national_code"),
    Project.name.label("project_name"),
    County.name.label("county"),
)
_lead = aliased(Unit)


def reports(scope: Scope, wanted: ProjectFilter, month: Month) -> Statement:
    """Return the monthly reports of the year of *month*, by project and month."""
    report = InvestmentReport
    return (
        select(
            *_PROJECT,
            report.year.label("year"),
            *_fields(report, "month", "done_yuan", "reported_ytd_yuan", "statistics_yuan", "physical_progress"),
            *_fields(report, "difficulty", "next_step"),
        )
        .join(Project, Project.id == report.project_id)
        .join(County, County.id == Project.county_id)
        .where(report.year == month.year, Project.id.in_(matching_ids(scope, wanted, month.year)))
        .order_by(County.sort_order, Project.id, report.month)
    )


def milestones(scope: Scope, wanted: ProjectFilter, month: Month) -> Statement:
    """Return the milestones, by project and sequence."""
    node = Milestone
    return (
        select(
            *_PROJECT,
            *_fields(node, "sequence", "name", "is_key", "first_baseline_on", "planned_on", "forecast_on", "actual_on"),
            *_fields(node, "responsible", "note", "forecast_reason", "moves"),
        )
        .join(Project, Project.id == node.project_id)
        .join(County, County.id == Project.county_id)
        .where(Project.id.in_(matching_ids(scope, wanted, month.year)))
        .order_by(County.sort_order, Project.id, node.sequence, node.id)
    )


def problems(scope: Scope, wanted: ProjectFilter, month: Month) -> Statement:
    """Return the problems, the latest raised first; without a filter also those of no project."""
    return _matters(scope, wanted, month, MatterKind.PROBLEM, ())


def policies(scope: Scope, wanted: ProjectFilter, month: Month) -> Statement:
    """Return the policies with what they grant and how far they were honoured."""
    terms = _fields(
        PolicyTerms,
        *("document_no", "clause", "level", "audience", "conditions", "delivery_channel", "delivered_on"),
        *("target_count", "delivered_count", "applied_count", "approved_yuan", "honoured_yuan", "honoured_count"),
        "unhonoured_reason",
    )
    return _matters(scope, wanted, month, MatterKind.POLICY, terms)


def _matters(scope: Scope, wanted: ProjectFilter, month: Month, kind: MatterKind, more: tuple[Any, ...]) -> Statement:
    where = func.coalesce(Matter.county_id, Project.county_id)
    inside = project_scope(
        scope,
        where,
        Project.headquarters_id,
        func.coalesce(Matter.lead_unit_id, Project.responsible_unit_id),
    )
    query = (
        select(
            Project.code.label("project_code"),
            Project.national_code.label("national_code"),
            Project.name.label("project_name"),
            County.name.label("county"),
            _lead.name.label("lead_unit"),
            *_fields(Matter, "code", "title", "description", "category", "source", "raised_by", "raised_on"),
            *_fields(Matter, "supporting_units", "responsible_leader", "assigned_on", "due_on", "progress", "answer"),
            *_fields(Matter, "replied_on", "outcome", "resolved_on", "satisfaction", "is_escalated", "closed_on"),
            *_fields(Matter, "status", "remark"),
            *more,
        )
        .join(Project, Project.id == Matter.project_id, isouter=True)
        .join(County, County.id == (Matter.county_id if more else where), isouter=True)
        .join(_lead, _lead.id == Matter.lead_unit_id, isouter=True)
        .where(Matter.kind == kind.value, inside, *_narrowed(Matter.project_id, scope, wanted, month))
        .order_by(Matter.raised_on.desc(), Matter.id)
    )
    return query.join(PolicyTerms, PolicyTerms.matter_id == Matter.id, isouter=True) if more else query


def _narrowed(project_id: Any, scope: Scope, wanted: ProjectFilter, month: Month) -> tuple[ColumnElement[bool], ...]:
    """Rows that may belong to no project are narrowed only when a filter asks for some projects."""
    if wanted == ProjectFilter(listing=wanted.listing):
        return ()
    return (project_id.in_(matching_ids(scope, wanted, month.year)),)


def parcels(scope: Scope, _wanted: ProjectFilter, _month: Month) -> Statement:
    """Return the plots of the scope's counties, and those on which its projects stand."""
    owner = and_(ParcelUse.parcel_id == Parcel.id, ParcelUse.to_on.is_(None), Project.id == ParcelUse.project_id)
    inside = project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)
    return (
        select(
            County.name.label("county"),
            *_fields(Parcel, "declared_area_sqm", "area_sqm"),
            *_fields(Parcel, "code", "name", "location", "use_code", "use_name", "plot_ratio", "building_density_pct"),
            *_fields(Parcel, "green_ratio_pct", "approval_no", "approved_on", "supply_method", "supplied_on"),
            *_fields(Parcel, "contract_no", "start_due_on", "finish_due_on", "started_on", "status", "unused_reason"),
            *_fields(Parcel, "disposal_measure", "disposal_due_on", "intended_project", "standard_terms", "remark"),
        )
        .join(County, County.id == Parcel.county_id)
        .where(true() if scope.everything else or_(_in_counties(scope), exists().where(owner, inside)))
        .order_by(County.sort_order, Parcel.code)
    )


def _in_counties(scope: Scope) -> ColumnElement[bool]:
    return Parcel.county_id.in_(sorted(scope.county_ids))


def assets(scope: Scope, _wanted: ProjectFilter, _month: Month) -> Statement:
    """Return the ledger of state resources, assets and funds."""
    holder, responsible = aliased(Unit), aliased(Unit)
    return (
        select(
            County.name.label("county"),
            holder.name.label("holder_unit"),
            responsible.name.label("responsible_unit"),
            *_fields(Asset, "code", "name", "category", "kind", "location", "area_sqm", "title_no", "acquired_on"),
            *_fields(Asset, "original_book_value_yuan", "net_book_value_yuan", "appraised_value_yuan", "appraised_on"),
            *_fields(Asset, "status", "disposal_method", "disposal_measure", "disposal_due_on", "revitalized_yuan"),
            *_fields(Asset, "received_yuan", "problem", "remark"),
        )
        .join(County, County.id == Asset.county_id, isouter=True)
        .join(holder, holder.id == Asset.holder_unit_id, isouter=True)
        .join(responsible, responsible.id == Asset.responsible_unit_id, isouter=True)
        .where(project_scope(scope, Asset.county_id, None, Asset.responsible_unit_id))
        .order_by(Asset.code)
    )


def funding(scope: Scope, wanted: ProjectFilter, month: Month) -> Statement:
    """Return the requests for money from above."""
    bid = FundingBid
    inside = project_scope(
        scope,
        func.coalesce(bid.county_id, Project.county_id),
        Project.headquarters_id,
        func.coalesce(bid.responsible_unit_id, Project.responsible_unit_id),
    )
    return (
        select(
            Project.code.label("project_code"),
            Project.name.label("project_name"),
            County.name.label("county"),
            Unit.name.label("responsible_unit"),
            *_fields(bid, "code", "name", "category", "higher_authority", "requested_yuan", "requested_on"),
            *_fields(bid, "grant_document_no", "granted_on", "granted_yuan", "received_on", "received_yuan"),
            *_fields(bid, "spent_yuan", "is_competitive", "verdict", "remark"),
        )
        .join(Project, Project.id == bid.project_id, isouter=True)
        .join(County, County.id == func.coalesce(bid.county_id, Project.county_id), isouter=True)
        .join(Unit, Unit.id == bid.responsible_unit_id, isouter=True)
        .where(inside, *_narrowed(bid.project_id, scope, wanted, month))
        .order_by(bid.code)
    )


def people(_scope: Scope, _wanted: ProjectFilter, _month: Month) -> Statement:
    """Return everybody who stands for projects."""
    query = select(*_fields(Person, "name", "title", "phone"), Unit.name.label("unit"))
    return query.join(Unit, Unit.id == Person.unit_id, isouter=True).order_by(Person.name, Person.id)


def units(_scope: Scope, _wanted: ProjectFilter, _month: Month) -> Statement:
    """Return the units."""
    query = select(*_fields(Unit, "name", "kind"), County.name.label("county"))
    return query.join(County, County.id == Unit.county_id, isouter=True).order_by(Unit.name)


def users(_scope: Scope, _wanted: ProjectFilter, _month: Month) -> Statement:
    """Return accounts with their roles, a row per role; never a password."""
    return (
        select(
            *_fields(User, "login", "name"),
            UserRole.role.label("role"),
            County.name.label("county"),
            Headquarters.name.label("headquarters"),
            Unit.name.label("unit"),
        )
        .join(UserRole, UserRole.user_id == User.id)
        .join(County, County.id == UserRole.county_id, isouter=True)
        .join(Headquarters, Headquarters.id == UserRole.headquarters_id, isouter=True)
        .join(Unit, Unit.id == UserRole.unit_id, isouter=True)
        .order_by(User.login, UserRole.id)
    )


def _fields(model: Any, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(model, name).label(name) for name in names)


STATEMENTS: dict[str, Callable[[Scope, ProjectFilter, Month], Statement]] = {
    "reports": reports,
    "milestones": milestones,
    "problems": problems,
    "policies": policies,
    "parcels": parcels,
    "assets": assets,
    "funding": funding,
    "people": people,
    "units": units,
    "users": users,
}
