"""
The ledger: which projects, in which order, and what they add up to.

A page is found first as a list of ids from ``project_state`` (walking its urgency index), then its rows are read by
key, so the first page costs the same over a thousand projects and over a hundred thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, nulls_last, or_, select

from core.domain.flag_hits import reasons_of
from core.domain.headquarters_chain import source_code
from core.domain.ledger import NO_HEADQUARTERS, Listing, ProjectFilter, ProjectSort
from core.domain.measures import MEASURE_BY_CODE
from core.domain.scope import Scope
from core.domain.terms import AssignmentRole, FlagLevel, ProjectLevel, Stage, YearClass
from db.models.figures import project_state, tally
from db.models.milestone import Milestone
from db.models.organisation import County, Headquarters, Person, Unit
from db.models.project import Assignment, ListMembership, Project
from db.models.supervision import FlagDecision
from db.queries.chains import at_steps
from db.queries.facts_statements import MAJOR_LIST
from db.queries.flags_of_record import flagged_in_record, of_record
from db.queries.scoping import project_scope
from db.rollup import urgency

TOTAL_CODES = (
    "projects",
    "total_investment_yuan",
    "annual_plan_yuan",
    "curve_due_yuan",
    "ytd_done_yuan",
    *(f"level_{level.value}" for level in FlagLevel),
)
_FAR = 10**9
_state = project_state.c


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """
    One project of the ledger with its figures of the year.

    Attributes:
        year_class: Class in the list of the year; None = not listed, then its figures are 0 and enter no total.
        curve_due_yuan: What the plan foresees up to the as-of month (序时应完成).
        gap_milli_pp: Completion minus 序时 in 1/1000 pp; None when it cannot be known.
        flag: Level by the live computation.
        record_flag: Level in the latest published round (督查旗色); None when the project was not in it.
        reasons: Chinese reasons of the live flag, worst first.
        next_due_on: Planned day of the earliest open milestone.
    """

    id: int
    code: str
    national_code: str | None
    name: str
    county_name: str
    headquarters_name: str | None
    unit_name: str | None
    sponsors: str
    level: ProjectLevel
    category: str
    stage: Stage
    year_class: YearClass | None
    flag: FlagLevel
    reasons: tuple[str, ...]
    total_investment_yuan: int
    annual_plan_yuan: int
    curve_due_yuan: int
    ytd_done_yuan: int
    gap_milli_pp: int | None
    next_due_on: date | None
    next_milestone: str | None
    record_flag: FlagLevel | None = None


@dataclass(frozen=True, slots=True)
class LedgerTotals:
    """Rows that match, and the Σ of the listed ones by measure code; ``from_tally`` = read from the roll-up."""

    rows: int
    sums: dict[str, int]
    from_tally: bool


def flag_range(level: FlagLevel) -> tuple[int, int]:
    """Return the lowest and highest sorting key that projects of *level* can have."""
    return urgency(level, -_FAR), urgency(level, _FAR)


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Return the clause that keeps the project states inside *scope*."""
    return project_scope(scope, _state.county_id, _state.headquarters_id, _state.unit_id)


def matching(scope: Scope, wanted: ProjectFilter, year: int) -> tuple[ColumnElement[bool], bool]:
    """Return the clause of *wanted* inside *scope*, and whether it also reads the table ``project``."""
    tests: list[ColumnElement[bool]] = [in_scope(scope), *_listing(wanted.listing)]
    if wanted.county_ids:
        tests.append(_state.county_id.in_(wanted.county_ids))
    if wanted.headquarters_ids:
        tests.append(_of_headquarters(wanted.headquarters_ids))
    if wanted.categories:
        tests.append(_state.category.in_(wanted.categories))
    if wanted.flags:
        tests.append(or_(*(_state.urgency.between(*flag_range(level)) for level in wanted.flags)))
    if wanted.record_flags:
        tests.append(_state.project_id.in_(flagged_in_record(wanted.record_flags)))
    if wanted.measure:
        tests.append(_state[MEASURE_BY_CODE[wanted.measure].code] > 0)
    if wanted.year_classes:
        tests.append(_state.project_id.in_(_of_classes(wanted.year_classes, year)))
    of_project = _project_tests(wanted)
    return and_(*tests, *of_project), bool(of_project)


def _of_headquarters(ids: Sequence[int]) -> ColumnElement[bool]:
    own = _state.headquarters_id.in_(ids)
    return or_(own, _state.headquarters_id.is_(None)) if NO_HEADQUARTERS in ids else own


def _listing(listing: Listing) -> list[ColumnElement[bool]]:
    if listing is Listing.ALL:
        return []
    return [_state.projects > 0 if listing is Listing.LISTED else _state.projects == 0]


def _of_classes(classes: Sequence[YearClass], year: int) -> Select[int]:
    return select(ListMembership.project_id).where(
        ListMembership.list_code == MAJOR_LIST,
        ListMembership.year == year,
        ListMembership.year_class.in_([item.value for item in classes]),
        ListMembership.left_on.is_(None),
    )


def _project_tests(wanted: ProjectFilter) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    if wanted.levels:
        tests.append(Project.level.in_([level.value for level in wanted.levels]))
    if wanted.stages:
        tests.append(Project.stage.in_([stage.value for stage in wanted.stages]))
    if wanted.chain_steps:
        tests.append(at_steps(wanted.chain_steps))
    if wanted.sources:
        tests.append(Project.source.in_([source_code(source) for source in wanted.sources]))
    text = wanted.text.strip()
    if text:
        found = [
            column.icontains(text, autoescape=True) for column in (Project.name, Project.code, Project.national_code)
        ]
        tests.append(or_(*found, Project.initials.startswith(text.lower(), autoescape=True)))
    return tests


def find_ids(
    connection: Connection,
    scope: Scope,
    wanted: ProjectFilter,
    sort: ProjectSort,
    year: int,
    *,
    limit: int,
    offset: int = 0,
) -> list[int]:
    """Return the ids of one page, in order."""
    clause, reads_project = matching(scope, wanted, year)
    query = select(_state.project_id)
    if reads_project or sort is ProjectSort.NAME:
        query = query.join(Project, Project.id == _state.project_id)
    query = query.where(clause).order_by(*_order(sort)).limit(limit).offset(offset)
    return list(connection.scalars(query))


def _order(sort: ProjectSort) -> tuple[Any, ...]:
    completion = case((_state.annual_plan_yuan > 0, _state.ytd_done_yuan * 10_000 / _state.annual_plan_yuan))
    first: dict[ProjectSort, tuple[Any, ...]] = {
        ProjectSort.URGENCY: (_state.urgency,),
        ProjectSort.NAME: (Project.initials, Project.name),
        ProjectSort.TOTAL_INVESTMENT: (_state.total_investment_yuan.desc(),),
        ProjectSort.COMPLETION: (nulls_last(completion),),
        ProjectSort.GAP: (nulls_last(_state.gap_milli_pp),),
        ProjectSort.NEXT_DUE: (nulls_last(_state.next_due_on),),
    }
    return (*first[sort], Project.id if sort is ProjectSort.NAME else _state.project_id)


def load_rows(connection: Connection, scope: Scope, ids: Sequence[int], year: int) -> list[LedgerRow]:
    """Return the rows of *ids* that lie inside *scope*, in the order of *ids*."""
    rows = {row.id: row for row in connection.execute(_rows_of(ids, year).where(in_scope(scope)))}
    sponsors = sponsors_of(connection, tuple(rows))
    return [_to_row(rows[project_id], sponsors.get(project_id, "")) for project_id in ids if project_id in rows]


def _rows_of(ids: Sequence[int], year: int) -> Select[*tuple[Any, ...]]:
    listed = (
        select(ListMembership.year_class)
        .where(
            ListMembership.project_id == Project.id,
            ListMembership.list_code == MAJOR_LIST,
            ListMembership.year == year,
        )
        .order_by(ListMembership.joined_on.desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )
    node = (
        select(Milestone.name)
        .where(
            Milestone.project_id == Project.id,
            Milestone.actual_on.is_(None),
            Milestone.planned_on == _state.next_due_on,
        )
        .order_by(Milestone.sequence)
        .limit(1)
        .correlate(Project, project_state)
        .scalar_subquery()
    )
    return (
        select(
            Project.id,
            Project.code,
            Project.national_code,
            Project.name,
            Project.level,
            Project.category,
            Project.stage,
            Project.total_investment_yuan,
            County.name.label("county_name"),
            Headquarters.name.label("headquarters_name"),
            Unit.name.label("unit_name"),
            _state.projects.label("listed"),
            _state.level.label("flag"),
            FlagDecision.level.label("record_flag"),
            _state.hits,
            _state.annual_plan_yuan,
            _state.curve_due_yuan,
            _state.ytd_done_yuan,
            _state.gap_milli_pp,
            _state.next_due_on,
            listed.label("year_class"),
            node.label("next_milestone"),
        )
        .select_from(project_state)
        .join(Project, Project.id == _state.project_id)
        .join(County, County.id == Project.county_id)
        .join(Headquarters, Headquarters.id == Project.headquarters_id, isouter=True)
        .join(Unit, Unit.id == Project.responsible_unit_id, isouter=True)
        .join(FlagDecision, of_record(_state.project_id), isouter=True)
        .where(_state.project_id.in_(ids))
    )


def _to_row(row: Any, sponsors: str) -> LedgerRow:
    return LedgerRow(
        id=row.id,
        code=row.code,
        national_code=row.national_code,
        name=row.name,
        county_name=row.county_name,
        headquarters_name=row.headquarters_name,
        unit_name=row.unit_name,
        sponsors=sponsors,
        level=ProjectLevel(row.level),
        category=row.category,
        stage=Stage(row.stage),
        year_class=YearClass(row.year_class) if row.listed and row.year_class else None,
        flag=FlagLevel(row.flag),
        record_flag=FlagLevel(row.record_flag) if row.record_flag else None,
        reasons=reasons_of(row.hits),
        total_investment_yuan=row.total_investment_yuan,
        annual_plan_yuan=row.annual_plan_yuan,
        curve_due_yuan=row.curve_due_yuan,
        ytd_done_yuan=row.ytd_done_yuan,
        gap_milli_pp=row.gap_milli_pp,
        next_due_on=row.next_due_on,
        next_milestone=row.next_milestone,
    )


def sponsors_of(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the names of the present sponsor leaders (包保领导) by project, joined by 、."""
    found: dict[int, list[str]] = {}
    query = (
        select(Assignment.project_id, Person.name)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Assignment.project_id.in_(ids),
            Assignment.role == AssignmentRole.SPONSOR_LEADER.value,
            Assignment.to_on.is_(None),
        )
        .order_by(Assignment.id)
    )
    for project_id, name in connection.execute(query):
        found.setdefault(project_id, []).append(name)
    return {project_id: "、".join(names) for project_id, names in found.items()}


def totals(
    connection: Connection, scope: Scope, wanted: ProjectFilter, year: int, codes: Sequence[str] = TOTAL_CODES
) -> LedgerTotals:
    """
    Return how many projects match and what they add up to: from the roll-up where one fits, else counted.

    Args:
        codes: Measures to add up; ``projects`` is among them.
    """
    group = _tally_group(scope, wanted)
    if group is not None:
        query = select(*(func.coalesce(func.sum(tally.c[code]), 0) for code in codes)).where(group)
        sums = dict(zip(codes, map(int, connection.execute(query).one()), strict=True))
        return LedgerTotals(sums["projects"], sums, from_tally=True)
    clause, reads_project = matching(scope, wanted, year)
    query = select(func.count(), *(func.coalesce(func.sum(_state[code]), 0) for code in codes))
    query = query.select_from(project_state)
    if reads_project:
        query = query.join(Project, Project.id == _state.project_id)
    count, *values = connection.execute(query.where(clause)).one()
    return LedgerTotals(count, dict(zip(codes, map(int, values), strict=True)), from_tally=False)


def _tally_group(scope: Scope, wanted: ProjectFilter) -> ColumnElement[bool] | None:
    """Return the tally rows that are exactly the wanted projects, None when no such group is kept."""
    plain = ProjectFilter(
        county_ids=wanted.county_ids, headquarters_ids=wanted.headquarters_ids, categories=wanted.categories
    )
    if wanted != plain or NO_HEADQUARTERS in wanted.headquarters_ids:
        return None
    counties = _narrowed(scope.everything, scope.county_ids, wanted.county_ids)
    headquarters = _narrowed(scope.everything, scope.headquarters_ids, wanted.headquarters_ids)
    if not scope.everything:
        bound = [ids for ids in (scope.county_ids, scope.headquarters_ids, scope.unit_ids) if ids]
        if len(bound) != 1 or scope.unit_ids:
            return None
        if scope.county_ids and not wanted.headquarters_ids:
            headquarters = None
        elif scope.headquarters_ids and not wanted.county_ids:
            counties = None
        else:
            return None
    return _group_of(counties, headquarters, wanted.categories)


def _narrowed(everything: bool, allowed: frozenset[int], asked: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the ids both allowed and asked for; None = no restriction."""
    if everything:
        return asked or None
    return tuple(sorted(allowed & set(asked) if asked else allowed))


def _group_of(
    counties: tuple[int, ...] | None, headquarters: tuple[int, ...] | None, categories: tuple[str, ...]
) -> ColumnElement[bool] | None:
    t = tally.c
    if headquarters is not None:
        if counties is not None or categories:
            return None
        return and_(t.dimension == "headquarters", t.key_id.in_(headquarters))
    if counties is not None and categories:
        return and_(t.dimension == "county_category", t.key_id.in_(counties), t.key_code.in_(categories))
    if counties is not None:
        return and_(t.dimension == "county", t.key_id.in_(counties))
    if categories:
        return and_(t.dimension == "category", t.key_code.in_(categories))
    return t.dimension == "city"
