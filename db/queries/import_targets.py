"""What an import compares its rows with: keys of all projects, and everything a ledger can say about some of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from core.domain.scope import Scope
from db.models.money import AnnualPlan, FundingLine, InvestmentPlan, InvestmentReport
from db.models.organisation import County, Headquarters, Person, Unit
from db.models.project import Assignment, ListMembership, Project
from db.queries.facts_statements import MAJOR_LIST
from db.queries.scoping import project_scope

_CHUNK = 500
# Year of a prior-done figure etc. come along as plain columns of the project.
PROJECT_COLUMNS = tuple(column.name for column in Project.__table__.columns)


class ProjectKey(NamedTuple):
    """What identifies a project."""

    id: int
    code: str
    national_code: str | None
    name: str
    county_id: int


class StoredRow(NamedTuple):
    """A stored row of a sub-table: key, version, columns by name."""

    key: Any
    version: int
    values: Mapping[str, Any]


@dataclass(slots=True)
class Target:
    """
    One project as stored, for the year of an import.

    Attributes:
        month_plans, reports: By month.
        funding: By source code.
        assignments: Open ones by role code.
    """

    project: Mapping[str, Any]
    membership: StoredRow | None = None
    annual: StoredRow | None = None
    month_plans: dict[int, StoredRow] = field(default_factory=dict)
    reports: dict[int, StoredRow] = field(default_factory=dict)
    funding: dict[str, StoredRow] = field(default_factory=dict)
    assignments: dict[str, list[StoredRow]] = field(default_factory=lambda: defaultdict(list))


class Names(NamedTuple):
    """Names that ledger cells refer to."""

    counties: tuple[tuple[int, str, str], ...]  # id, name, code
    headquarters: tuple[tuple[int, str, str], ...]  # id, name, short name
    units: tuple[tuple[int, str], ...]
    people: tuple[tuple[int, str, str], ...]  # id, name, title


def load_keys(connection: Connection) -> list[ProjectKey]:
    """Return the keys of all projects: identity is unique over the whole store, whatever the actor may see."""
    statement = select(Project.id, Project.code, Project.national_code, Project.name, Project.county_id)
    return [ProjectKey(*row) for row in connection.execute(statement.order_by(Project.id))]


def load_visible_ids(connection: Connection, scope: Scope, ids: Sequence[int]) -> set[int]:
    """Return those of *ids* that lie inside *scope*."""
    clause = project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id)
    return {
        project_id
        for start in range(0, len(ids), _CHUNK)
        for project_id in connection.scalars(
            select(Project.id).where(Project.id.in_(ids[start : start + _CHUNK]), clause)
        )
    }


def load_names(connection: Connection) -> Names:
    """Return counties, headquarters, units and people."""
    return Names(
        _rows(connection, select(County.id, County.name, County.code)),
        _rows(connection, select(Headquarters.id, Headquarters.name, Headquarters.short_name)),
        _rows(connection, select(Unit.id, Unit.name)),
        _rows(connection, select(Person.id, Person.name, Person.title)),
    )


def _rows(connection: Connection, statement: Any) -> tuple[Any, ...]:
    return tuple(tuple(row) for row in connection.execute(statement))


def load_targets(connection: Connection, ids: Sequence[int], year: int, on: date) -> dict[int, Target]:
    """Return the projects *ids* with everything a ledger of *year* can say about them; *on* tells open assignments."""
    found: dict[int, Target] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = list(ids[start : start + _CHUNK])
        for row in connection.execute(select(Project.__table__).where(Project.id.in_(chunk))).mappings():
            found[row["id"]] = Target(dict(row))
        _load_year(connection, found, chunk, year)
        _load_lasting(connection, found, chunk, on)
    return found


def _load_year(connection: Connection, found: dict[int, Target], chunk: list[int], year: int) -> None:
    member = ListMembership.__table__
    of_year = (member.c.year == year, member.c.list_code == MAJOR_LIST, member.c.left_on.is_(None))
    for row in connection.execute(select(member).where(member.c.project_id.in_(chunk), *of_year)).mappings():
        found[row["project_id"]].membership = StoredRow(row["id"], row["version"], dict(row))
    plan = AnnualPlan.__table__
    for row in connection.execute(select(plan).where(plan.c.project_id.in_(chunk), plan.c.year == year)).mappings():
        found[row["project_id"]].annual = StoredRow(row["id"], row["version"], dict(row))
    months = InvestmentPlan.__table__
    for row in connection.execute(
        select(months).where(months.c.project_id.in_(chunk), months.c.year == year)
    ).mappings():
        key = (row["project_id"], row["year"], row["month"])
        found[row["project_id"]].month_plans[row["month"]] = StoredRow(key, row["version"], dict(row))
    report = InvestmentReport.__table__
    for row in connection.execute(
        select(report).where(report.c.project_id.in_(chunk), report.c.year == year)
    ).mappings():
        found[row["project_id"]].reports[row["month"]] = StoredRow(row["id"], row["version"], dict(row))


def _load_lasting(connection: Connection, found: dict[int, Target], chunk: list[int], on: date) -> None:
    line = FundingLine.__table__
    for row in connection.execute(select(line).where(line.c.project_id.in_(chunk))).mappings():
        found[row["project_id"]].funding[row["source"]] = StoredRow(row["id"], row["version"], dict(row))
    given = Assignment.__table__
    is_open = given.c.to_on.is_(None) | (given.c.to_on > on)
    for row in connection.execute(
        select(given).where(given.c.project_id.in_(chunk), is_open).order_by(given.c.id)
    ).mappings():
        found[row["project_id"]].assignments[row["role"]].append(StoredRow(row["id"], row["version"], dict(row)))


def load_project_names(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the names of projects by id."""
    found: dict[int, str] = {}
    for start in range(0, len(ids), _CHUNK):
        statement = select(Project.id, Project.name).where(Project.id.in_(ids[start : start + _CHUNK]))
        found.update((row[0], row[1]) for row in connection.execute(statement))
    return found
