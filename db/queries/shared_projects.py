"""Projects with the names that other systems know them by: county, owner, responsible unit."""

from typing import Any

from sqlalchemy import Connection, select

from core.domain.scope import Scope
from db.models.organisation import County, Unit
from db.models.project import Project
from db.queries.scoping import project_scope

_COLUMNS = (
    Project.code,
    Project.national_code,
    Project.name,
    Project.content,
    Project.stage,
    Project.level,
    Project.category,
    Project.nature,
    Project.total_investment_yuan,
    Project.start_planned_on,
    Project.finish_planned_on,
    Project.completed_on,
    Project.location,
    County.name.label("county"),
    Project.longitude,
    Project.latitude,
    Project.owner_name,
    Unit.name.label("responsible_unit"),
)


def list_shared(connection: Connection, scope: Scope) -> list[tuple[Any, ...]]:
    """Return every project inside *scope* by code; columns stand as in ``core.exporters.oc4ids.SharedProject``."""
    query = (
        select(*_COLUMNS)
        .join_from(Project, County, County.id == Project.county_id)
        .outerjoin(Unit, Unit.id == Project.responsible_unit_id)
        .where(project_scope(scope, Project.county_id, Project.headquarters_id, Project.responsible_unit_id))
        .order_by(Project.code)
    )
    return [tuple(row) for row in connection.execute(query)]
