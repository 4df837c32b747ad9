"""
What the map draws, as rows of plain values: plots, projects, counties, lines.

``worst`` is the sorting key of the worst project on a plot (db.rollup.urgency), so that one number carries the flag.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, true

from core.domain.ledger import Listing, ProjectFilter
from core.domain.scope import Scope
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel, ParcelStatus
from db.models.figures import project_state, tally
from db.models.land import MapFeature, Parcel, ParcelUse
from db.models.organisation import County
from db.models.project import Project
from db.models.supervision import FlagDecision
from db.queries.projects import matching
from db.rollup import urgency

MAX_PLOTS = 20_000
MAX_PROJECTS = 20_000


@dataclass(frozen=True, slots=True)
class MapFilter:
    """Which plots and projects are drawn; ``statuses`` narrows plots only."""

    projects: ProjectFilter
    statuses: tuple[ParcelStatus, ...] = ()

    @property
    def key(self) -> str:
        """Stable text of the filter, for cache keys."""
        return repr(self)

    @property
    def asks_for_projects(self) -> bool:
        """Whether only plots of matching projects are wanted, not all plots of the counties."""
        return self.projects != ProjectFilter(county_ids=self.projects.county_ids)


def load_plots(
    connection: Connection, scope: Scope, wanted: MapFilter, year: int, round_id: int | None
) -> Sequence[Row[Any]]:
    """
    Return (id, name, county, status, area_sqm, worst, project name, geometry) of the plots with corner points, by id.

    The project named is the worst one; None where nobody stands on the plot or nobody visible does. The flags are those
    of the published round *round_id*, or the live ones when it is None.
    """
    worst = _worst(round_id)
    asked = wanted.projects if wanted.asks_for_projects else ProjectFilter(listing=Listing.ALL)
    clause, _reads_project = matching(scope, asked, year)
    held = (
        select(
            ParcelUse.parcel_id,
            worst.label("worst"),
            Project.name.label("project"),
            func.row_number().over(partition_by=ParcelUse.parcel_id, order_by=(worst, Project.id)).label("rank"),
        )
        .join(project_state, project_state.c.project_id == ParcelUse.project_id)
        .join(Project, Project.id == ParcelUse.project_id)
        .where(ParcelUse.to_on.is_(None), clause)
    )
    ranked = _with_record(held, round_id).subquery()
    uses = select(ranked).where(ranked.c.rank == 1).subquery()
    query = (
        select(
            Parcel.id,
            Parcel.name,
            County.name.label("county"),
            Parcel.status,
            Parcel.area_sqm,
            uses.c.worst,
            uses.c.project,
            Parcel.geometry,
        )
        .join(County, County.id == Parcel.county_id)
        .join(uses, uses.c.parcel_id == Parcel.id, isouter=not wanted.asks_for_projects)
        .where(Parcel.geometry != "", _plots_in_scope(scope, uses), *_plot_tests(wanted))
        .order_by(Parcel.id)
        .limit(MAX_PLOTS)
    )
    return connection.execute(query).all()


def _worst(round_id: int | None) -> ColumnElement[int]:
    """Return the sorting key of a project's flag; a project that was not in the round is not judged."""
    if round_id is None:
        return project_state.c.urgency
    return func.coalesce(FlagDecision.urgency, urgency(FlagLevel.EXEMPT, None))


def _with_record(query: Select[Any], round_id: int | None) -> Select[Any]:
    """Join the flags of a published round to *query*, which reads ``project_state``."""
    if round_id is None:
        return query
    me = FlagDecision
    same = and_(
        me.round_id == round_id,
        me.subject_kind == SubjectKind.PROJECT.value,
        me.subject_id == project_state.c.project_id,
    )
    return query.join(me, same, isouter=True)


def _plots_in_scope(scope: Scope, uses: Any) -> ColumnElement[bool]:
    """Plots of the scope's counties, and those on which its projects stand."""
    if scope.everything:
        return true()
    return or_(Parcel.county_id.in_(sorted(scope.county_ids)), uses.c.parcel_id.is_not(None))


def _plot_tests(wanted: MapFilter) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    if wanted.projects.county_ids:
        tests.append(Parcel.county_id.in_(wanted.projects.county_ids))
    if wanted.statuses:
        tests.append(Parcel.status.in_([status.value for status in wanted.statuses]))
    return tests


def load_points(
    connection: Connection, scope: Scope, wanted: MapFilter, year: int, round_id: int | None
) -> Sequence[Row[Any]]:
    """
    Return (id, name, county, stage, worst, plan, done, longitude, latitude) of the projects that have a place.

    A project without coordinates of its own stands in the middle of its largest plot that has a place. The flags are
    those of the published round *round_id*, or the live ones when it is None.
    """
    worst = _worst(round_id)
    held = (
        select(
            ParcelUse.project_id,
            Parcel.center_longitude,
            Parcel.center_latitude,
            func.row_number()
            .over(partition_by=ParcelUse.project_id, order_by=(Parcel.area_sqm.desc(), Parcel.id))
            .label("rank"),
        )
        .join(Parcel, Parcel.id == ParcelUse.parcel_id)
        .where(ParcelUse.to_on.is_(None), Parcel.center_longitude.is_not(None))
        .subquery()
    )
    clause, _reads_project = matching(scope, wanted.projects, year)
    longitude = func.coalesce(Project.longitude, held.c.center_longitude)
    latitude = func.coalesce(Project.latitude, held.c.center_latitude)
    query = (
        select(
            Project.id,
            Project.name,
            County.name.label("county"),
            Project.stage,
            worst.label("worst"),
            project_state.c.annual_plan_yuan,
            project_state.c.ytd_done_yuan,
            longitude.label("longitude"),
            latitude.label("latitude"),
        )
        .select_from(project_state)
        .join(Project, Project.id == project_state.c.project_id)
        .join(County, County.id == Project.county_id)
        .join(held, and_(held.c.project_id == Project.id, held.c.rank == 1), isouter=True)
        .where(clause, longitude.is_not(None), latitude.is_not(None))
        .order_by(worst.desc(), Project.id)
        .limit(MAX_PROJECTS)
    )
    return connection.execute(_with_record(query, round_id)).all()


def load_counties(connection: Connection, scope: Scope) -> Sequence[Row[Any]]:
    """
    Return (id, name, boundary, label place, projects, plan, due, done) of every county.

    Boundaries are no secret; the sums of counties outside the scope are left out (None).
    """
    t = tally.c
    visible = and_(t.key_id == County.id, t.dimension == "county", _county_sums_visible(scope))
    query = (
        select(
            County.id,
            County.name,
            County.boundary,
            County.label_longitude,
            County.label_latitude,
            t.projects,
            t.annual_plan_yuan,
            t.curve_due_yuan,
            t.ytd_done_yuan,
        )
        .join(tally, visible, isouter=True)
        .order_by(County.sort_order, County.id)
    )
    return connection.execute(query).all()


def _county_sums_visible(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.everything else County.id.in_(sorted(scope.county_ids))


def load_lines(connection: Connection) -> Sequence[Row[str, str, str]]:
    """Return (kind, name, geometry) of rivers, lakes, railways and roads."""
    query = select(MapFeature.kind, MapFeature.name, MapFeature.geometry).order_by(MapFeature.id)
    return connection.execute(query).all()
