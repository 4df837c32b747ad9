"""Projects before and around their start, with the procedures they need; what of it falls due; who owes 入统."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from core.domain.readiness import Procedure, Readiness, assess, warned_until
from core.domain.reserve_pool import ReserveDates
from core.domain.scope import Scope
from core.domain.start_rules import SHIPPED, ReadinessRules
from core.domain.start_terms import ProcedureKind, ReadinessAlert
from core.domain.terms import Stage, Term, YearClass
from db.models import start as tables
from db.models.figures import project_state
from db.models.organisation import County, Headquarters, Unit
from db.models.project import ListMembership, Project
from db.queries.facts_statements import MAJOR_LIST
from db.queries.scoping import project_scope

_BEFORE_START = (Stage.IDEA, Stage.RESERVE, Stage.PREPARATION)


class StartGroup(Term):
    """Which projects are asked for."""

    NEW_STARTS = "new_starts", "新开工项目"
    POOL = "pool", "储备项目"


@dataclass(frozen=True, slots=True)
class StartFilter:
    """
    Which projects to look at; None and empty mean no narrowing.

    Attributes:
        has_started: Only started (True) or only other (False) projects.
        start_by: Only projects planned to start by that day.
    """

    group: StartGroup = StartGroup.NEW_STARTS
    county_id: int | None = None
    headquarters_id: int | None = None
    text: str = ""
    has_started: bool | None = False
    project_ids: tuple[int, ...] = ()
    start_by: date | None = None


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A procedure as stored, with the name of who handles it."""

    id: int
    version: int
    document_no: str
    unit_id: int | None
    unit_name: str
    blocker: str
    facts: Procedure


@dataclass(frozen=True, slots=True)
class StartRow:
    """
    A project before or around its start.

    Attributes:
        list_year: Year of the list it starts by; None = on no list of new starts.
    """

    project_id: int
    code: str
    name: str
    county_id: int
    county_name: str
    headquarters_id: int | None
    headquarters_name: str
    unit_id: int | None
    unit_name: str
    stage: Stage
    list_year: int | None
    total_investment_yuan: int
    reserved_on: date | None
    start_planned_on: date | None
    started_on: date | None
    procedures: tuple[ProcedureRow, ...] = ()

    @property
    def is_new_start(self) -> bool:
        """Whether it is on a list of new starts."""
        return self.list_year is not None

    def readiness(self, today: date, rules: ReadinessRules = SHIPPED.readiness) -> Readiness:
        """Return how ready the project is on *today*."""
        return assess(
            [row.facts for row in self.procedures],
            self.start_planned_on,
            today,
            is_new_start=self.is_new_start,
            has_started=self.started_on is not None and self.started_on <= today,
            rules=rules,
        )


@dataclass(frozen=True, slots=True)
class ReadinessDue:
    """A project whose missing procedures or owed papers are warned of, with how pressing that is."""

    row: StartRow
    readiness: Readiness


def list_starts(connection: Connection, scope: Scope, wanted: StartFilter, year: int, limit: int) -> list[StartRow]:
    """
    Return projects of a group with their procedures, the earliest planned start first.

    Args:
        year: Year of the list; new starts of the year after it belong to the group as well.
    """
    listed = _list_years(year)
    query = _selected(scope, listed).where(*_narrow(wanted, listed.c.year))
    rows = connection.execute(query.limit(limit)).mappings().all()
    papers = list_procedures(connection, [row["project_id"] for row in rows])
    return [
        StartRow(**{**row, "stage": Stage(row["stage"]), "procedures": tuple(papers.get(row["project_id"], ()))})
        for row in rows
    ]


def find_start(connection: Connection, scope: Scope, project_id: int, year: int) -> StartRow | None:
    """Return one project of any group inside *scope*."""
    listed = _list_years(year)
    row = connection.execute(_selected(scope, listed).where(Project.id == project_id)).mappings().first()
    if row is None:
        return None
    papers = list_procedures(connection, [project_id])
    return StartRow(**{**row, "stage": Stage(row["stage"]), "procedures": tuple(papers.get(project_id, ()))})


def list_procedures(connection: Connection, project_ids: Sequence[int]) -> dict[int, list[ProcedureRow]]:
    """Return the procedures of projects; the caller has checked the scope."""
    table = tables.Procedure
    found: dict[int, list[ProcedureRow]] = {}
    for start in range(0, len(project_ids), _CHUNK):
        query = (
            select(table.__table__, Unit.name.label("unit_name"))
            .join_from(table, Unit, Unit.id == table.unit_id, isouter=True)
            .where(table.project_id.in_(project_ids[start : start + _CHUNK]))
            .order_by(table.project_id, table.id)
        )
        for row in connection.execute(query).mappings():
            found.setdefault(row["project_id"], []).append(_procedure(row))
    return found


_CHUNK = 5000


def _procedure(row: Any) -> ProcedureRow:
    facts = Procedure(
        ProcedureKind(row["kind"]),
        bool(row["applies"]),
        row["planned_on"],
        row["done_on"],
        row["owed_papers"],
        row["owed_due_on"],
        row["supplied_on"],
    )
    return ProcedureRow(
        row["id"], row["version"], row["document_no"], row["unit_id"], row["unit_name"] or "", row["blocker"], facts
    )


def readiness_due(
    connection: Connection, scope: Scope, today: date, rules: ReadinessRules = SHIPPED.readiness
) -> list[ReadinessDue]:
    """
    Return what the start of projects waits for, the earliest deadline first: procedures missing within the days of
    warning or after the deadline, and papers owed by projects that have started. For 待办 and the wall's 到期.
    """
    until = warned_until(today, rules)
    # A new start may have to be ready months before its planned day (三月底前), but never in an earlier year.
    start_by = date(until.year, 12, 31)
    waiting = StartFilter(start_by=start_by)
    rows = list_starts(connection, scope, waiting, today.year, _MOST)
    owing = StartFilter(has_started=True, project_ids=tuple(_owing(connection, scope, today)))
    if owing.project_ids:
        rows += list_starts(connection, scope, owing, today.year, _MOST)
    found = [ReadinessDue(row, row.readiness(today, rules)) for row in rows]
    due = [one for one in found if one.readiness.alert is not ReadinessAlert.NONE]
    return sorted(due, key=lambda one: (one.readiness.due_on or date.max, one.row.project_id))


_MOST = 100_000


def _owing(connection: Connection, scope: Scope, today: date) -> list[int]:
    """Return projects with papers that are owed past their day."""
    table = tables.Procedure
    query = (
        select(table.project_id)
        .join(Project, Project.id == table.project_id)
        .where(
            _in_scope(scope),
            table.applies.is_(True),
            table.owed_due_on < today,
            table.done_on <= today,
            or_(table.supplied_on.is_(None), table.supplied_on > today),
        )
        .distinct()
        .order_by(table.project_id)
        .limit(_CHUNK)
    )
    return list(connection.execute(query).scalars())


def reserve_dates(connection: Connection, scope: Scope, on: date) -> list[ReserveDates]:
    """Return the dates of the listed projects that were in the reserve by *on*; undated starts are left out."""
    state = project_state.c
    query = (
        select(Project.reserved_on, Project.started_on)
        .join(project_state, state.project_id == Project.id)
        .where(
            project_scope(scope, state.county_id, state.headquarters_id, state.unit_id),
            state.projects > 0,
            Project.reserved_on <= on,
            or_(Project.started_on.is_not(None), state.continuing == 0, state.finish_planned > 0),
        )
    )
    return [ReserveDates(reserved, started) for reserved, started in connection.execute(query) if reserved]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A listed project on its way into the statistics library."""

    project_id: int
    code: str
    name: str
    county_name: str
    unit_name: str
    total_investment_yuan: int
    started_on: date | None
    entered_on: date | None
    statistics_code: str
    has_started: bool


def list_entries(connection: Connection, scope: Scope, county_id: int | None, text: str, limit: int) -> list[EntryRow]:
    """Return the listed projects that have begun, the latest start last."""
    state = project_state.c
    tests: list[ColumnElement[bool]] = [
        project_scope(scope, state.county_id, state.headquarters_id, state.unit_id),
        state.projects > 0,
        or_(Project.started_on.is_not(None), state.statistics_eligible > 0),
    ]
    if county_id is not None:
        tests.append(state.county_id == county_id)
    if text:
        tests.append(or_(*(part.icontains(text, autoescape=True) for part in (Project.name, Project.code))))
    query = (
        select(
            Project.id.label("project_id"),
            Project.code,
            Project.name,
            County.name.label("county_name"),
            func.coalesce(Unit.name, "").label("unit_name"),
            Project.total_investment_yuan,
            Project.started_on,
            Project.entered_statistics_on.label("entered_on"),
            Project.statistics_code,
            case((state.statistics_eligible > 0, 1), else_=0).label("has_started"),
        )
        .join(project_state, state.project_id == Project.id)
        .join(County, County.id == Project.county_id)
        .join(Unit, Unit.id == Project.responsible_unit_id, isouter=True)
        .where(*tests)
        .order_by(Project.started_on, Project.id)
        .limit(limit)
    )
    return [
        EntryRow(**{**row, "has_started": bool(row["has_started"])}) for row in connection.execute(query).mappings()
    ]


def _list_years(year: int) -> Any:
    """Return project → the first year, this or next, in whose list it is a new start."""
    member = ListMembership
    return (
        select(member.project_id, func.min(member.year).label("year"))
        .where(
            member.list_code == MAJOR_LIST,
            member.year.in_((year, year + 1)),
            member.year_class == YearClass.NEW_START.value,
            member.left_on.is_(None),
        )
        .group_by(member.project_id)
        .subquery()
    )


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    return project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)


def _selected(scope: Scope, listed: Any) -> Select[Any]:
    query: Any = (
        select(
            Project.id.label("project_id"),
            Project.code,
            Project.name,
            Project.county_id,
            County.name.label("county_name"),
            Project.headquarters_id,
            func.coalesce(Headquarters.name, "").label("headquarters_name"),
            Project.responsible_unit_id.label("unit_id"),
            func.coalesce(Unit.name, "").label("unit_name"),
            Project.stage,
            listed.c.year.label("list_year"),
            Project.total_investment_yuan,
            Project.reserved_on,
            Project.start_planned_on,
            Project.started_on,
        )
        .join(County, County.id == Project.county_id)
        .join(Headquarters, Headquarters.id == Project.headquarters_id, isouter=True)
        .join(Unit, Unit.id == Project.responsible_unit_id, isouter=True)
        .join(listed, listed.c.project_id == Project.id, isouter=True)
        .where(_in_scope(scope))
        .order_by(Project.start_planned_on.is_(None), Project.start_planned_on, Project.id)
    )
    return query  # type: ignore[no-any-return]


def _narrow(wanted: StartFilter, list_year: Any) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    if wanted.project_ids:
        tests.append(Project.id.in_(wanted.project_ids))
    elif wanted.group is StartGroup.POOL:
        tests.append(and_(Project.stage.in_([stage.value for stage in _BEFORE_START]), Project.started_on.is_(None)))
    else:
        tests.append(list_year.is_not(None))
    if wanted.has_started is not None:
        tests.append(Project.started_on.is_not(None) if wanted.has_started else Project.started_on.is_(None))
    if wanted.county_id is not None:
        tests.append(Project.county_id == wanted.county_id)
    if wanted.headquarters_id is not None:
        tests.append(Project.headquarters_id == wanted.headquarters_id)
    if wanted.start_by is not None:
        tests.append(Project.start_planned_on <= wanted.start_by)
    if wanted.text:
        tests.append(or_(*(part.icontains(wanted.text, autoescape=True) for part in (Project.name, Project.code))))
    return tests
