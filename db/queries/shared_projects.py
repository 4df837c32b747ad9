"""Projects with the names that other systems know them by: county, owner, responsible unit."""

from typing import Any

from sqlalchemy import Connection, select

from core.domain.ledger import ProjectFilter
from core.domain.scope import Scope
from db.models.organisation import County, Unit
from db.models.project import Project
from db.queries.exports import matching_ids

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


def list_shared(connection: Connection, scope: Scope, wanted: ProjectFilter, year: int) -> list[tuple[Any, ...]]:
    """Return the projects inside *scope* that match, by code; columns as in ``core.exporters.oc4ids.SharedProject``."""
    query = (
        select(*_COLUMNS)
        .join_from(Project, County, County.id == Project.county_id)
        .outerjoin(Unit, Unit.id == Project.responsible_unit_id)
        .where(Project.id.in_(matching_ids(scope, wanted, year)))
        .order_by(Project.code)
    )
    return [tuple(row) for row in connection.execute(query)]
