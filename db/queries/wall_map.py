"""What the wall's map draws: counties, courses, the plots that matter most, and plots by status."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, exists, or_, select, union_all

from core.domain.scope import Scope
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import CountyKind, FlagLevel, ParcelStatus
from db.models.figures import project_state as state
from db.models.land import MapFeature, Parcel, ParcelUse
from db.models.organisation import County, Headquarters
from db.models.project import Project
from db.models.supervision import FlagDecision
from db.queries.scoping import project_scope
from db.queries.wall import county_scope


@dataclass(frozen=True, slots=True)
class CountyRow:
    """A county with its boundary as GeoJSON text (CGCS2000) and the point of its label."""

    id: int
    name: str
    kind: CountyKind
    boundary: str | None
    label: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class HeadquartersRow:
    """A headquarters by name."""

    id: int
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """A course or lake: kind, name, GeoJSON geometry."""

    kind: str
    name: str
    geometry: str


@dataclass(frozen=True, slots=True)
class PlotRow:
    """A plot to draw; *level* is that of its project, None while no project stands on it."""

    id: int
    name: str
    geometry: str
    status: ParcelStatus
    level: FlagLevel | None
    project_id: int | None
    project: str


@dataclass(frozen=True, slots=True)
class SpotRow:
    """A flagged project that has coordinates but no plot."""

    project_id: int
    project: str
    level: FlagLevel
    longitude: float
    latitude: float


def list_counties(connection: Connection) -> tuple[CountyRow, ...]:
    """Return all counties in their order; a boundary is public, figures are not read here."""
    rows = connection.execute(
        select(
            County.id, County.name, County.kind, County.boundary, County.label_longitude, County.label_latitude
        ).order_by(County.sort_order, County.id)
    )
    return tuple(
        CountyRow(
            row.id,
            row.name,
            CountyKind(row.kind),
            row.boundary,
            None if row.label_longitude is None else (row.label_longitude, row.label_latitude),
        )
        for row in rows
    )


def list_headquarters(connection: Connection) -> tuple[HeadquartersRow, ...]:
    """Return all headquarters in their order."""
    rows = connection.execute(
        select(Headquarters.id, Headquarters.name, Headquarters.short_name).order_by(
            Headquarters.sort_order, Headquarters.id
        )
    )
    return tuple(HeadquartersRow(row.id, row.name, row.short_name) for row in rows)


def list_features(connection: Connection) -> tuple[FeatureRow, ...]:
    """Return the schematic courses of the map."""
    rows = connection.execute(select(MapFeature.kind, MapFeature.name, MapFeature.geometry).order_by(MapFeature.id))
    return tuple(FeatureRow(row.kind, row.name, row.geometry) for row in rows)


def _current(on: date) -> ColumnElement[bool]:
    return or_(ParcelUse.to_on.is_(None), ParcelUse.to_on > on)


def _listed(scope: Scope) -> ColumnElement[bool]:
    inside = project_scope(scope, state.c.county_id, state.c.headquarters_id, state.c.unit_id)
    return and_(state.c.projects > 0, inside)


def _first(scope: Scope, count: int, round_id: int | None) -> Subquery:
    """
    The *count* most urgent projects, straight from the index: a city of any size costs the same.

    By the published round *round_id*; without one, the listed projects by the live computation.
    """
    if round_id is not None:
        me = FlagDecision
        inside = project_scope(scope, me.county_id, me.headquarters_id, me.unit_id)
        return (
            select(me.subject_id.label("project_id"), me.urgency, me.level)
            .where(me.round_id == round_id, me.subject_kind == SubjectKind.PROJECT.value, inside)
            .order_by(me.urgency, me.subject_id)
            .limit(count)
            .subquery()
        )
    return (
        select(state.c.project_id, state.c.urgency, state.c.level)
        .where(_listed(scope))
        .order_by(state.c.urgency, state.c.project_id)
        .limit(count)
        .subquery()
    )


def list_used_plots(
    connection: Connection, scope: Scope, on: date, limit: int, round_id: int | None = None
) -> tuple[PlotRow, ...]:
    """
    Return drawable plots with a listed project on them, most urgent first; a shared plot shows its worst project.

    The flags are those of the published round *round_id*, or the live ones when it is None.

    Only the first 2 × *limit* projects are looked at for plots.
    """
    first = _first(scope, 2 * limit, round_id)
    rows = connection.execute(
        select(
            Parcel.id,
            Parcel.name,
            Parcel.geometry,
            Parcel.status,
            first.c.level,
            first.c.project_id,
            Project.name.label("project"),
        )
        .join_from(first, ParcelUse, and_(ParcelUse.project_id == first.c.project_id, _current(on)))
        .join(Parcel, Parcel.id == ParcelUse.parcel_id)
        .join(Project, Project.id == first.c.project_id)
        .where(Parcel.geometry != "")
        .order_by(first.c.urgency, first.c.project_id, Parcel.id)
        .limit(limit)
    )
    found: dict[int, PlotRow] = {}
    for row in rows:
        plot = PlotRow(
            id=row.id,
            name=row.name,
            geometry=row.geometry,
            status=ParcelStatus(row.status),
            level=FlagLevel(row.level),
            project_id=row.project_id,
            project=row.project,
        )
        found.setdefault(row.id, plot)
    return tuple(found.values())


def list_free_plots(connection: Connection, scope: Scope, on: date, limit: int) -> tuple[PlotRow, ...]:
    """
    Return drawable plots without a current project (待落地), at most *limit* of each status.

    Of each status the first 10 × *limit* plots are looked at.
    """
    rows = connection.execute(
        union_all(*(_free(scope, status, on, limit) for status in ParcelStatus if status is not ParcelStatus.IN_USE))
    )
    return tuple(PlotRow(row.id, row.name, row.geometry, ParcelStatus(row.status), None, None, "") for row in rows)


def _free(scope: Scope, status: ParcelStatus, on: date, limit: int) -> Select[*tuple[Any, ...]]:
    first = (
        select(Parcel.id, Parcel.name, Parcel.geometry, Parcel.status)
        .where(Parcel.status == status.value, Parcel.geometry != "", county_scope(scope, Parcel.__table__.c.county_id))
        .order_by(Parcel.id)
        .limit(10 * limit)
        .subquery()
    )
    used = exists().where(ParcelUse.parcel_id == first.c.id, _current(on))
    return select(select(first).where(~used).order_by(first.c.id).limit(limit).subquery())


def list_spots(
    connection: Connection, scope: Scope, on: date, limit: int, round_id: int | None = None
) -> tuple[SpotRow, ...]:
    """
    Return flagged projects with coordinates and without a drawable plot, most urgent first.

    Only the first 4 × *limit* projects are looked at.
    """
    first = _first(scope, 4 * limit, round_id)
    placed = exists().where(
        ParcelUse.project_id == first.c.project_id,
        _current(on),
        Parcel.id == ParcelUse.parcel_id,
        Parcel.geometry != "",
    )
    flagged = (FlagLevel.SEVERE.value, FlagLevel.WARN.value)
    rows = connection.execute(
        select(first.c.project_id, Project.name, first.c.level, Project.longitude, Project.latitude)
        .join_from(first, Project, Project.id == first.c.project_id)
        .where(
            first.c.level.in_(flagged),
            Project.longitude.is_not(None),
            Project.latitude.is_not(None),
            ~placed,
        )
        .order_by(first.c.urgency, first.c.project_id)
        .limit(limit)
    )
    return tuple(SpotRow(row.project_id, row.name, FlagLevel(row.level), row.longitude, row.latitude) for row in rows)
