"""What a matter points to, found by what people type: projects, units, plots, policies; who supports it already."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from core.domain.scope import Scope
from core.domain.terms import MatterKind
from db.models.land import Parcel
from db.models.matter import Matter, MatterSupport
from db.models.organisation import Unit
from db.models.project import Project
from db.queries.matters import matter_scope
from db.queries.scoping import project_scope


@dataclass(frozen=True, slots=True)
class ProjectTarget:
    """A project that a matter may belong to."""

    id: int
    county_id: int


@dataclass(frozen=True, slots=True)
class LinkTargets:
    """Ids of what was typed; None = not found, or not exactly one."""

    project: int | None
    parcel: int | None
    policy: int | None


def find_projects(connection: Connection, scope: Scope, names: Sequence[str]) -> dict[str, tuple[ProjectTarget, ...]]:
    """Return the projects inside *scope* whose code or full name is among *names*, by what was typed."""
    if not names:
        return {}
    query = select(Project.id, Project.county_id, Project.code, Project.name).where(
        or_(Project.code.in_(names), Project.name.in_(names)),
        project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id),
    )
    found: dict[str, tuple[ProjectTarget, ...]] = {}
    for key, county_id, code, name in connection.execute(query.order_by(Project.id)):
        for typed in {code, name} & set(names):
            found[typed] = (*found.get(typed, ()), ProjectTarget(key, county_id))
    return found


def find_projects_by_id(connection: Connection, scope: Scope, project_ids: Sequence[int]) -> dict[int, ProjectTarget]:
    """Return the projects of *project_ids* inside *scope*, by id."""
    query = select(Project.id, Project.county_id).where(
        Project.id.in_(project_ids),
        project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id),
    )
    return {key: ProjectTarget(key, county_id) for key, county_id in connection.execute(query)}


def unit_names(connection: Connection, unit_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of units by id."""
    rows = connection.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids)))
    return {row.id: row.name for row in rows}


def list_units(connection: Connection) -> list[tuple[int, str]]:
    """Return every unit that a matter may be assigned to, by name."""
    return [(key, name) for key, name in connection.execute(select(Unit.id, Unit.name).order_by(Unit.name, Unit.id))]


def supports_of(connection: Connection, matter_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return (matter, unit) → id of the support that stands already."""
    own = MatterSupport
    query = select(own.matter_id, own.unit_id, own.id).where(own.matter_id.in_(matter_ids))
    return {(matter_id, unit_id): key for matter_id, unit_id, key in connection.execute(query)}


def find_links(connection: Connection, scope: Scope, project: str, parcel: str, policy: str) -> LinkTargets:
    """Return what a matter is to be linked to, each inside *scope*; empty texts find nothing."""
    projects = find_projects(connection, scope, [project] if project else []).get(project, ())
    land = select(Parcel.id).where(Parcel.code == parcel)
    if not scope.everything:
        land = land.where(Parcel.county_id.in_(sorted(scope.county_ids)))
    rule = (
        select(Matter.id)
        .join(Project, Project.id == Matter.project_id, isouter=True)
        .where(Matter.code == policy, Matter.kind == MatterKind.POLICY.value, matter_scope(scope))
    )
    return LinkTargets(
        projects[0].id if len(projects) == 1 else None,
        connection.execute(land).scalar_one_or_none() if parcel else None,
        connection.execute(rule).scalar_one_or_none() if policy else None,
    )
