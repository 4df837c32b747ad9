"""Monthly reports of the desk: who has to report a month, what stands in it, how far the months are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from core.domain.period import Month
from core.domain.scope import Scope
from core.domain.terms import ReportStatus, Stage, YearClass
from db.models.figures import project_state
from db.models.money import InvestmentReport
from db.models.organisation import County, Headquarters
from db.models.project import ListMembership, Project
from db.queries.facts_statements import COUNTED_STATUSES, MAJOR_LIST
from db.queries.scoping import project_scope

_LEFT = (Stage.WITHDRAWN.value, Stage.TERMINATED.value, Stage.MERGED.value)


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """
    What the sheet is narrowed to; None and empty mean all.

    Attributes:
        names: Full names or codes, any of them.
        only_gaps: Only projects that miss a report up to the roll-ups' month (few, so counting them is cheap).
        name_parts: Parts of names, any of them.
    """

    county_id: int | None = None
    headquarters_id: int | None = None
    text: str = ""
    statuses: tuple[ReportStatus, ...] = ()
    project_ids: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    only_gaps: bool = False
    name_parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredReport:
    """One stored monthly report."""

    id: int
    version: int
    status: ReportStatus
    done_yuan: int | None
    statistics_yuan: int | None
    reported_ytd_yuan: int | None
    physical_progress: str
    difficulty: str
    next_step: str
    return_reason: str
    submitted_at: datetime | None
    submitted_by: str
    reviewed_at: datetime | None
    reviewed_by: str


@dataclass(frozen=True, slots=True)
class SheetProject:
    """A project that has to report, as the sheet names it."""

    id: int
    code: str
    national_code: str | None
    name: str
    county_id: int
    county_name: str
    headquarters_name: str | None
    total_investment_yuan: int


@dataclass(frozen=True, slots=True)
class ReportKey:
    """What is needed to judge a report before it is moved on."""

    id: int
    version: int
    status: ReportStatus
    project_id: int
    project_name: str
    month: Month
    done_yuan: int | None


_REPORT_COLUMNS = (
    InvestmentReport.id,
    InvestmentReport.version,
    InvestmentReport.status,
    InvestmentReport.done_yuan,
    InvestmentReport.statistics_yuan,
    InvestmentReport.reported_ytd_yuan,
    InvestmentReport.physical_progress,
    InvestmentReport.difficulty,
    InvestmentReport.next_step,
    InvestmentReport.return_reason,
    InvestmentReport.submitted_at,
    InvestmentReport.submitted_by,
    InvestmentReport.reviewed_at,
    InvestmentReport.reviewed_by,
)
SHORT_NAME = func.coalesce(func.nullif(Headquarters.short_name, ""), Headquarters.name)
finished_on = case(
    (Project.completed_on.is_(None), Project.commissioned_on),
    (Project.commissioned_on < Project.completed_on, Project.commissioned_on),
    else_=Project.completed_on,
)


def list_due(
    connection: Connection,
    scope: Scope,
    month: Month,
    today: date,
    wanted: ReportFilter,
    *,
    limit: int,
    offset: int = 0,
) -> list[SheetProject]:
    """
    Return one page of the projects that have to report *month*, by county and id.

    A report is due from every project in the year's list on *today* that is not mere reserve, up to the month in
    which it was finished: the same rule as the measures ``reports_due`` and ``reports_missing``.
    """
    query = (
        due_projects(scope, month, today, wanted)
        .with_only_columns(
            Project.id,
            Project.code,
            Project.national_code,
            Project.name,
            Project.county_id,
            County.name,
            SHORT_NAME,
            Project.total_investment_yuan,
        )
        .order_by(County.sort_order, Project.county_id, Project.id)
    )
    return [SheetProject(*row) for row in connection.execute(query.limit(limit).offset(offset))]


def count_due(connection: Connection, scope: Scope, month: Month, today: date, wanted: ReportFilter) -> int:
    """Return how many rows ``list_due`` has on all its pages."""
    query = due_projects(scope, month, today, wanted).with_only_columns(func.count())
    return int(connection.execute(query).scalar_one())


def load_reports(connection: Connection, project_ids: Sequence[int], month: Month) -> dict[int, StoredReport]:
    """Return the stored reports of *month* by project; the ids must come from ``list_due`` of the actor's scope."""
    query = select(InvestmentReport.project_id, *_REPORT_COLUMNS).where(
        InvestmentReport.project_id.in_(project_ids),
        InvestmentReport.year == month.year,
        InvestmentReport.month == month.number,
    )
    return {row[0]: _stored(row[1:]) for row in connection.execute(query)}


def load_history(
    connection: Connection, project_ids: Sequence[int], month: Month
) -> dict[int, list[tuple[int, int, int | None]]]:
    """Return the counted months of the year before *month* by project: number, done, cumulated as typed, 元."""
    query = (
        select(
            InvestmentReport.project_id,
            InvestmentReport.month,
            InvestmentReport.done_yuan,
            InvestmentReport.reported_ytd_yuan,
        )
        .where(
            InvestmentReport.project_id.in_(project_ids),
            InvestmentReport.year == month.year,
            InvestmentReport.month < month.number,
            InvestmentReport.status.in_(COUNTED_STATUSES),
        )
        .order_by(InvestmentReport.project_id, InvestmentReport.month)
    )
    found: dict[int, list[tuple[int, int, int | None]]] = {}
    for project_id, number, done_yuan, ytd_yuan in connection.execute(query):
        found.setdefault(project_id, []).append((number, done_yuan or 0, ytd_yuan))
    return found


def find_reports(connection: Connection, scope: Scope, report_ids: Sequence[int]) -> dict[int, ReportKey]:
    """Return the named reports inside *scope*."""
    query = (
        select(
            InvestmentReport.id,
            InvestmentReport.version,
            InvestmentReport.status,
            InvestmentReport.project_id,
            Project.name,
            InvestmentReport.year,
            InvestmentReport.month,
            InvestmentReport.done_yuan,
        )
        .join_from(InvestmentReport, Project, Project.id == InvestmentReport.project_id)
        .where(InvestmentReport.id.in_(report_ids), _scope(scope))
    )
    return {
        row[0]: ReportKey(row[0], row[1], ReportStatus(row[2]), row[3], row[4], Month(row[5], row[6]), row[7])
        for row in connection.execute(query)
    }


def reviewed_ids(
    connection: Connection, scope: Scope, month: Month, today: date, wanted: ReportFilter
) -> list[tuple[int, int]]:
    """Return id and version of the reviewed reports of *month*, ready to be locked."""
    query = (
        due_projects(scope, month, today, wanted)
        .with_only_columns(InvestmentReport.id, InvestmentReport.version)
        .where(InvestmentReport.status == ReportStatus.REVIEWED.value)
        .order_by(InvestmentReport.id)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def listed_projects(scope: Scope, year: int, today: date, wanted: ReportFilter) -> Select[*tuple[Any, ...]]:
    """Select the listed, not merely reserved projects of the scope."""
    query = (
        select(Project.id)
        .join_from(Project, ListMembership, ListMembership.project_id == Project.id)
        .join(County, County.id == Project.county_id)
        .join(Headquarters, Headquarters.id == Project.headquarters_id, isouter=True)
        .where(
            ListMembership.list_code == MAJOR_LIST,
            ListMembership.year == year,
            ListMembership.year_class != YearClass.RESERVE.value,
            ListMembership.joined_on <= today,
            or_(ListMembership.left_on.is_(None), ListMembership.left_on > today),
            Project.stage.not_in(_LEFT),
            _scope(scope),
        )
    )
    return query.where(*_narrow(wanted))


def due_projects(scope: Scope, month: Month, today: date, wanted: ReportFilter) -> Select[*tuple[Any, ...]]:
    """Select the projects that have to report *month*, each with its report of the month where there is one."""
    report = and_(
        InvestmentReport.project_id == Project.id,
        InvestmentReport.year == month.year,
        InvestmentReport.month == month.number,
    )
    query = (
        listed_projects(scope, month.year, today, wanted)
        .join(InvestmentReport, report, isouter=True)
        .where(or_(finished_on.is_(None), month.first_day <= finished_on))
    )
    if wanted.statuses:
        codes = [status.value for status in wanted.statuses]
        tests = [InvestmentReport.status.in_(codes)]
        if ReportStatus.MISSING in wanted.statuses:
            tests.append(InvestmentReport.id.is_(None))
        query = query.where(or_(*tests))
    return query


def _narrow(wanted: ReportFilter) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    text = wanted.text.strip()
    if text:
        tests.append(
            or_(
                Project.name.contains(text, autoescape=True),
                Project.code.startswith(text, autoescape=True),
                Project.initials.startswith(text.lower(), autoescape=True),
            )
        )
    if wanted.county_id is not None:
        tests.append(Project.county_id == wanted.county_id)
    if wanted.headquarters_id is not None:
        tests.append(Project.headquarters_id == wanted.headquarters_id)
    if wanted.project_ids:
        tests.append(Project.id.in_(wanted.project_ids))
    if wanted.names:
        columns = (Project.name, Project.code, Project.national_code)
        tests.append(or_(*(column.in_(wanted.names) for column in columns)))
    if wanted.only_gaps:
        tests.append(Project.id.in_(select(project_state.c.project_id).where(project_state.c.reports_missing > 0)))
    if wanted.name_parts:
        tests.append(or_(*(Project.name.contains(part, autoescape=True) for part in wanted.name_parts)))
    return tests


def _scope(scope: Scope) -> ColumnElement[bool]:
    return project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)


def _stored(values: Sequence[Any]) -> StoredReport:
    id_, version, status, *rest = values
    return StoredReport(id_, version, ReportStatus(status), *rest)
