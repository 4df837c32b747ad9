"""The statements behind facts: the same six reads for one project, for some, and for a range of ids."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    ClauseElement,
    ColumnElement,
    Date,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from core.domain.supervision_terms import Severity
from core.domain.terms import FundingCategory, MatterKind, ReportStatus
from db.models.asset import FundingBid
from db.models.land import Parcel, ParcelUse
from db.models.matter import Matter
from db.models.milestone import Milestone
from db.models.money import AnnualPlan, FundingLine, InvestmentPlan, InvestmentReport
from db.models.project import ListMembership, Project
from db.models.supervision import ProcessFact
from db.prepared import Prepared

MAJOR_LIST = "major"
# A report counts once it was sent in; a returned one counts again when it is sent again.
COUNTED_STATUSES = (ReportStatus.SUBMITTED.value, ReportStatus.REVIEWED.value, ReportStatus.LOCKED.value)

_PROJECT_COLUMNS = (
    Project.id,
    Project.county_id,
    Project.headquarters_id,
    Project.responsible_unit_id,
    Project.category,
    Project.stage,
    Project.total_investment_yuan,
    Project.prior_done_yuan,
    Project.start_planned_on,
    Project.finish_planned_on,
)
_LATER_DATES = (
    Project.completed_on,
    Project.commissioned_on,
    Project.full_capacity_on,
    Project.signed_on,
    Project.fulfilled_on,
    Project.reserved_on,
    Project.entered_statistics_on,
)


_YEAR = bindparam("year", type_=Integer())
ON = bindparam("on", type_=Date())


@dataclass(frozen=True, slots=True)
class View:
    """
    What counts of the rows that carry their own dates: all that stands now, or what was known on a past day.

    Attributes:
        happened: The date of something that happened, None while it has not.
        report: Which reports count.
        node: Which milestones there are.
        planned_on: The date in force of a milestone.
        suspended_on: Start of the latest suspension; *resumed_on* likewise.
        problem_open: Which problems are open.
        problem_escalated: Which of them were escalated.
        land: Which uses of plots hold land.
    """

    happened: Callable[[Any], ColumnElement[Any]]
    report: ColumnElement[bool]
    node: ColumnElement[bool]
    planned_on: ColumnElement[date]
    suspended_on: ColumnElement[date | None]
    resumed_on: ColumnElement[date | None]
    problem_open: ColumnElement[bool]
    problem_escalated: ColumnElement[bool]
    land: ColumnElement[bool]


NOW = View(
    happened=lambda column: column.expression,
    report=or_(*(InvestmentReport.status == status for status in COUNTED_STATUSES)),
    node=true(),
    planned_on=Milestone.planned_on.expression,
    suspended_on=Project.suspended_on.expression,
    resumed_on=Project.resumed_on.expression,
    problem_open=Matter.closed_on.is_(None),
    problem_escalated=Matter.is_escalated.is_(True),
    land=or_(ParcelUse.to_on.is_(None), ParcelUse.to_on > ON),
)


class ProjectRow(NamedTuple):
    """One row of ``_project_rows``, in the order of its columns."""

    id: int
    county_id: int
    headquarters_id: int | None
    responsible_unit_id: int | None
    category: str
    stage: str
    total_investment_yuan: int
    prior_done_yuan: int
    start_planned_on: date | None
    finish_planned_on: date | None
    started_on: date | None
    suspended_on: date | None
    resumed_on: date | None
    completed_on: date | None
    commissioned_on: date | None
    full_capacity_on: date | None
    signed_on: date | None
    fulfilled_on: date | None
    reserved_on: date | None
    entered_statistics_on: date | None
    year_class: str | None
    plan_yuan: int | None
    later_done_yuan: int
    funds_planned_yuan: int
    funds_received_yuan: int
    funds_spent_yuan: int
    land_sqm: int
    problems_open: int
    problems_overdue: int
    problems_overdue_escalated: int


def _milestone_rows(view: View) -> Select[*tuple[Any, ...]]:
    return select(
        Milestone.project_id,
        Milestone.id,
        Milestone.name,
        Milestone.is_key,
        Milestone.first_baseline_on,
        view.planned_on,
        Milestone.forecast_on,
        view.happened(Milestone.actual_on),
    ).where(view.node)


def _project_rows(view: View) -> Select[*tuple[Any, ...]]:
    member = and_(
        ListMembership.project_id == Project.id,
        ListMembership.list_code == MAJOR_LIST,
        ListMembership.year == _YEAR,
        ListMembership.joined_on <= ON,
        or_(ListMembership.left_on.is_(None), ListMembership.left_on > ON),
    )
    plan = and_(AnnualPlan.project_id == Project.id, AnnualPlan.year == _YEAR)
    return (
        select(
            *_PROJECT_COLUMNS,
            view.happened(Project.started_on),
            view.suspended_on,
            view.resumed_on,
            *map(view.happened, _LATER_DATES),
            ListMembership.year_class,
            AnnualPlan.plan_yuan,
            _later_done(view),
            _funds(FundingLine.planned_yuan),
            _funds(FundingLine.received_yuan),
            _funds(FundingLine.spent_yuan),
            _land(view),
            _problems(view),
            _problems(view, Matter.due_on < ON),
            _problems(view, Matter.due_on < ON, view.problem_escalated),
        )
        .join_from(Project, ListMembership, member, isouter=True)
        .join(AnnualPlan, plan, isouter=True)
    )


def _later_done(view: View) -> ScalarSelect[int]:
    """Σ done in the years after the one up to which ``prior_done_yuan`` was stated, before this year."""
    return (
        select(func.coalesce(func.sum(InvestmentReport.done_yuan), 0))
        .where(
            InvestmentReport.project_id == Project.id,
            InvestmentReport.year < _YEAR,
            InvestmentReport.year > Project.prior_year,
            view.report,
        )
        .correlate(Project)
        .scalar_subquery()
    )


def _funds(column: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.sum(column), 0))
        .where(FundingLine.project_id == Project.id)
        .correlate(Project)
        .scalar_subquery()
    )


def _land(view: View) -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.sum(Parcel.area_sqm), 0))
        .select_from(ParcelUse)
        .join(Parcel, Parcel.id == ParcelUse.parcel_id)
        .where(ParcelUse.project_id == Project.id, view.land)
        .correlate(Project)
        .scalar_subquery()
    )


def _problems(view: View, *extra: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Matter)
        .where(
            Matter.project_id == Project.id,
            Matter.kind == MatterKind.PROBLEM.value,
            view.problem_open,
            *extra,
        )
        .correlate(Project)
        .scalar_subquery()
    )


Within = Callable[[Any], ColumnElement[bool]]
Runner = Callable[..., Iterable[Any]]


def _bond_rows() -> Select[*tuple[Any, ...]]:
    return select(
        FundingBid.project_id,
        FundingBid.id,
        FundingBid.name,
        FundingBid.granted_on,
        FundingBid.granted_yuan,
        func.coalesce(FundingBid.spent_yuan, 0),
    ).where(
        FundingBid.category == FundingCategory.SPECIAL_BOND.value,
        FundingBid.granted_on <= ON,
        FundingBid.granted_yuan > 0,
    )


def _finding_rows() -> Select[*tuple[Any, ...]]:
    return select(ProcessFact.project_id, ProcessFact.id, ProcessFact.severity, ProcessFact.due_on).where(
        ProcessFact.severity != Severity.NONE.value,
        ProcessFact.happened_on <= ON,
        or_(ProcessFact.mended_on.is_(None), ProcessFact.mended_on > ON),
    )


class Statements:
    """The six reads that make up facts, for one way of naming the projects and one view of the rows."""

    def __init__(self, within: Within, *, prepared: bool, view: View = NOW) -> None:
        self.plans = _runner(
            select(InvestmentPlan.project_id, InvestmentPlan.month, InvestmentPlan.plan_yuan).where(
                InvestmentPlan.year == _YEAR, within(InvestmentPlan.project_id)
            ),
            prepared,
        )
        self.reports = _runner(
            select(
                InvestmentReport.project_id,
                InvestmentReport.month,
                InvestmentReport.done_yuan,
                InvestmentReport.submitted_at,
            ).where(InvestmentReport.year == _YEAR, view.report, within(InvestmentReport.project_id)),
            prepared,
        )
        self.milestones = _runner(_milestone_rows(view).where(within(Milestone.project_id)), prepared)
        self.bonds = _runner(
            _bond_rows().where(within(FundingBid.project_id)).order_by(FundingBid.granted_on, FundingBid.id), prepared
        )
        self.findings = _runner(
            _finding_rows().where(within(ProcessFact.project_id)).order_by(ProcessFact.severity.desc(), ProcessFact.id),
            prepared,
        )
        self.projects = _runner(
            _project_rows(view).where(within(Project.id)).order_by(Project.id, ListMembership.id), prepared
        )


def _runner(statement: ClauseElement, prepared: bool) -> Runner:
    if prepared:
        return Prepared(statement).run
    return lambda connection, **values: connection.execute(statement, values)


# Few projects: compiled once, one after the other (the save path). Many: one statement for all of them.
FEW = 3
ONE = Statements(lambda column: column == bindparam("project_id", type_=BigInteger()), prepared=True)
AMONG = Statements(lambda column: column.in_(bindparam("ids", expanding=True)), prepared=False)


def between_ids(column: Any) -> ColumnElement[bool]:
    """Return the clause that keeps first_id ≤ *column* ≤ last_id."""
    first, last = bindparam("first_id", type_=BigInteger()), bindparam("last_id", type_=BigInteger())
    return cast("ColumnElement[bool]", column.between(first, last))


BETWEEN = Statements(between_ids, prepared=True)
