"""How far the months are: reports due and counted by month, county and headquarters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select

from core.domain.period import Month
from core.domain.scope import Scope
from core.domain.terms import ReportStatus
from db.models.money import InvestmentReport
from db.models.organisation import County, Headquarters
from db.models.project import Project
from db.queries.facts_statements import COUNTED_STATUSES
from db.queries.reports import SHORT_NAME, ReportFilter, due_projects, finished_on, listed_projects


@dataclass(frozen=True, slots=True)
class MonthProgress:
    """How many reports of a month are due, and where they stand; drafts count as missing."""

    month: Month
    due: int
    submitted: int
    reviewed: int
    returned: int
    locked: int

    @property
    def missing(self) -> int:
        return self.due - self.submitted - self.reviewed - self.locked


@dataclass(frozen=True, slots=True)
class GroupProgress:
    """Due and counted reports of one county or headquarters."""

    name: str
    due: int
    counted: int


def progress_by_month(
    connection: Connection, scope: Scope, months: Sequence[Month], today: date, wanted: ReportFilter
) -> list[MonthProgress]:
    """Return the progress of *months* (all of one year), in their order."""
    due = _due_by_finish(connection, scope, months[0], today, wanted)
    counted = _count_by_status(connection, scope, months, today, wanted)
    return [
        MonthProgress(
            month,
            sum(count for finished, count in due if finished is None or finished >= month.first_day),
            *(
                counted.get((month.number, status.value), 0)
                for status in (
                    ReportStatus.SUBMITTED,
                    ReportStatus.REVIEWED,
                    ReportStatus.RETURNED,
                    ReportStatus.LOCKED,
                )
            ),
        )
        for month in months
    ]


def progress_by_group(
    connection: Connection, scope: Scope, month: Month, today: date, wanted: ReportFilter
) -> tuple[list[GroupProgress], list[GroupProgress]]:
    """Return due and counted reports of *month* by county and by headquarters; the two overlap, never add them."""
    counted = func.count(InvestmentReport.id).filter(InvestmentReport.status.in_(COUNTED_STATUSES))
    query = (
        due_projects(scope, month, today, wanted)
        .with_only_columns(Project.county_id, Project.headquarters_id, func.count(), counted)
        .group_by(Project.county_id, Project.headquarters_id)
    )
    rows = connection.execute(query).all()
    counties = _fold((row[0], row[2], row[3]) for row in rows)
    headquarters = _fold((row[1], row[2], row[3]) for row in rows if row[1] is not None)
    county_names = select(County.id, County.name).order_by(County.sort_order, County.id)
    headquarters_names = select(Headquarters.id, SHORT_NAME).order_by(Headquarters.sort_order, Headquarters.id)
    return (
        [GroupProgress(row[1], *counties[row[0]]) for row in connection.execute(county_names) if row[0] in counties],
        [
            GroupProgress(row[1], *headquarters[row[0]])
            for row in connection.execute(headquarters_names)
            if row[0] in headquarters
        ],
    )


def _fold(rows: Iterable[tuple[int, int, int]]) -> dict[int, tuple[int, int]]:
    sums: dict[int, tuple[int, int]] = {}
    for key, due, counted in rows:
        before = sums.get(key, (0, 0))
        sums[key] = (before[0] + due, before[1] + counted)
    return sums


def month_totals_yuan(connection: Connection, county_ids: Sequence[int], month: Month, today: date) -> dict[int, int]:
    """Return what each county's listed projects have reported for *month* so far, 元."""
    query = (
        due_projects(Scope(county_ids=frozenset(county_ids)), month, today, ReportFilter())
        .with_only_columns(Project.county_id, func.sum(InvestmentReport.done_yuan))
        .where(InvestmentReport.status.in_(COUNTED_STATUSES))
        .group_by(Project.county_id)
    )
    return {row[0]: int(row[1] or 0) for row in connection.execute(query)}


def _due_by_finish(
    connection: Connection, scope: Scope, month: Month, today: date, wanted: ReportFilter
) -> list[tuple[date | None, int]]:
    query = (
        listed_projects(scope, month.year, today, wanted)
        .with_only_columns(finished_on, func.count())
        .group_by(finished_on)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def _count_by_status(
    connection: Connection, scope: Scope, months: Sequence[Month], today: date, wanted: ReportFilter
) -> dict[tuple[int, str], int]:
    still_due = or_(
        *(
            and_(
                InvestmentReport.month == month.number,
                or_(finished_on.is_(None), month.first_day <= finished_on),
            )
            for month in months
        )
    )
    query = (
        listed_projects(scope, months[0].year, today, wanted)
        .join(
            InvestmentReport,
            and_(InvestmentReport.project_id == Project.id, InvestmentReport.year == months[0].year),
        )
        .with_only_columns(InvestmentReport.month, InvestmentReport.status, func.count())
        .where(still_due)
        .group_by(InvestmentReport.month, InvestmentReport.status)
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}
