"""One plot and who stands on it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, case, func, select

from core.domain.scope import Scope
from core.domain.terms import FlagLevel, ParcelStatus
from db.models.figures import project_state
from db.models.land import Parcel, ParcelUse
from db.models.organisation import County
from db.models.project import Project
from db.models.supervision import FlagDecision
from db.queries.flags_of_record import latest_round_id, of_record
from db.queries.projects import in_scope


@dataclass(frozen=True, slots=True)
class PlotRecord:
    """A plot with its conditions; without corner points it has no place."""

    id: int
    code: str
    name: str
    county_name: str
    status: ParcelStatus
    area_sqm: int
    use_name: str
    plot_ratio: float | None
    location: str
    supplied_on: date | None
    start_due_on: date | None
    unused_reason: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class PlotProject:
    """A project on a plot; *flag* is that of the latest published round, live before the first."""

    id: int
    name: str
    flag: FlagLevel


def find_plot(connection: Connection, scope: Scope, plot_id: int) -> tuple[PlotRecord, tuple[PlotProject, ...]] | None:
    """Return the plot and its visible projects; None when neither its county nor any project on it is in *scope*."""
    row = connection.execute(
        select(Parcel.__table__, County.name.label("county_name"))
        .join(County, County.id == Parcel.county_id)
        .where(Parcel.id == plot_id)
    ).one_or_none()
    if row is None:
        return None
    # A project that the round did not judge has no flag of record; before the first round the live one is shown.
    unjudged = case((latest_round_id().is_(None), project_state.c.level), else_=FlagLevel.EXEMPT.value)
    projects = tuple(
        PlotProject(found.id, found.name, FlagLevel(found.level))
        for found in connection.execute(
            select(Project.id, Project.name, func.coalesce(FlagDecision.level, unjudged).label("level"))
            .join(ParcelUse, ParcelUse.project_id == Project.id)
            .join(project_state, project_state.c.project_id == Project.id)
            .join(FlagDecision, of_record(Project.id), isouter=True)
            .where(ParcelUse.parcel_id == plot_id, ParcelUse.to_on.is_(None), in_scope(scope))
            .order_by(project_state.c.urgency, Project.id)
        )
    )
    if not (scope.everything or row.county_id in scope.county_ids or projects):
        return None
    record = PlotRecord(
        id=row.id,
        code=row.code,
        name=row.name,
        county_name=row.county_name,
        status=ParcelStatus(row.status),
        area_sqm=row.area_sqm,
        use_name=row.use_name,
        plot_ratio=row.plot_ratio,
        location=row.location,
        supplied_on=row.supplied_on,
        start_due_on=row.start_due_on,
        unused_reason=row.unused_reason,
        longitude=row.center_longitude,
        latitude=row.center_latitude,
    )
    return record, projects
