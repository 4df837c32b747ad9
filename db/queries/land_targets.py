"""What land imports compare their features with: stored plots around them, counties with boundaries, map settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, or_, select

from core.domain.scope import Scope
from db.models.land import Parcel
from db.models.organisation import County
from db.models.system import Setting

_CHUNK = 500
PLOT_COLUMNS = (
    "id", "version", "code", "name", "county_id", "status", "area_sqm", "declared_area_sqm", "use_code", "use_name",
    "location", "geometry", "source_crs",
)  # fmt: skip
MAP_REVIEW_NUMBER = "map_review_number"
MAP_SOURCE = "map_source"


@dataclass(frozen=True, slots=True)
class CountyGround:
    """A county: its boundary as GeoJSON text, None where none was imported."""

    id: int
    code: str
    name: str
    boundary: str | None
    version: int


@dataclass(frozen=True, slots=True)
class StoredPlot:
    """A plot as stored: its columns by name (``PLOT_COLUMNS``)."""

    values: Mapping[str, Any]

    @property
    def id(self) -> int:
        """Key of the row."""
        return int(self.values["id"])

    @property
    def version(self) -> int:
        """Version for the optimistic lock."""
        return int(self.values["version"])


def load_county_grounds(connection: Connection) -> tuple[CountyGround, ...]:
    """Return all counties; their boundaries are no secret."""
    query = select(County.id, County.code, County.name, County.boundary, County.version).order_by(County.id)
    return tuple(CountyGround(*row) for row in connection.execute(query))


def load_label_longitudes(connection: Connection) -> tuple[float, ...]:
    """Return the longitudes at which counties are labelled: where the city lies; empty before boundaries came."""
    query = select(County.label_longitude)
    return tuple(found for found in connection.execute(query).scalars() if found is not None)


def load_plot_codes(connection: Connection) -> frozenset[str]:
    """Return the code of every plot: a code is taken wherever its plot lies."""
    return frozenset(connection.execute(select(Parcel.code)).scalars())


def load_plots_within(connection: Connection, box: tuple[float, float, float, float]) -> tuple[StoredPlot, ...]:
    """Return the plots whose centre lies in *box* (west, south, east, north), whatever the reader may see of them."""
    west, south, east, north = box
    query = select(*(getattr(Parcel, name) for name in PLOT_COLUMNS)).where(
        Parcel.geometry != "", Parcel.center_longitude.between(west, east), Parcel.center_latitude.between(south, north)
    )
    return tuple(StoredPlot(dict(row)) for row in connection.execute(query.order_by(Parcel.id)).mappings())


def load_plots_named(
    connection: Connection, codes: list[str], names: list[str], scope: Scope
) -> tuple[StoredPlot, ...]:
    """Return the plots with one of *codes*, and those of the scope's counties with one of *names*."""
    columns = [getattr(Parcel, name) for name in PLOT_COLUMNS]
    inside = Parcel.county_id.in_(sorted(scope.county_ids))
    found: dict[int, StoredPlot] = {}
    for start in range(0, max(len(codes), len(names)), _CHUNK):
        by_name = Parcel.name.in_(names[start : start + _CHUNK])
        named = by_name if scope.everything else and_(by_name, inside)
        query = select(*columns).where(or_(Parcel.code.in_(codes[start : start + _CHUNK]), named))
        for row in connection.execute(query).mappings():
            found[row["id"]] = StoredPlot(dict(row))
    return tuple(found[key] for key in sorted(found))


def load_map_settings(connection: Connection) -> dict[str, tuple[str, int]]:
    """Return key → (text, version) of what the last boundary import says about the map."""
    query = select(Setting.key, Setting.value, Setting.version).where(Setting.key.in_([MAP_REVIEW_NUMBER, MAP_SOURCE]))
    return {key: (str(json.loads(value)), version) for key, value, version in connection.execute(query)}


class PlotExportRow(NamedTuple):
    """A plot with what land files carry; ``geometry`` is empty where its corner points are not known."""

    code: str
    name: str
    county: str
    status: str
    area_sqm: int
    declared_area_sqm: int | None
    use_code: str
    use_name: str
    location: str
    geometry: str


class PlotCount(NamedTuple):
    """Plots of a scope, those of them with a geometry, and the numbers of the 3° zones these lie in."""

    total: int
    placed: int
    zones: tuple[int, ...]


def count_export_plots(connection: Connection, scope: Scope) -> PlotCount:
    """Return what ``load_export_plots`` would return, counted."""
    number = func.round(Parcel.center_longitude / 3)
    query = select(number, func.count()).group_by(number)
    if not scope.everything:
        query = query.where(Parcel.county_id.in_(sorted(scope.county_ids)))
    counts = {row[0]: int(row[1]) for row in connection.execute(query)}
    numbers = sorted(int(zone) for zone in counts if zone is not None)
    return PlotCount(sum(counts.values()), sum(counts.values()) - counts.get(None, 0), tuple(numbers))


def load_export_plots(connection: Connection, scope: Scope) -> tuple[PlotExportRow, ...]:
    """Return the plots of the scope's counties, by number; headquarters and units own no land."""
    columns = (
        Parcel.code,
        Parcel.name,
        County.name,
        Parcel.status,
        Parcel.area_sqm,
        Parcel.declared_area_sqm,
        Parcel.use_code,
        Parcel.use_name,
        Parcel.location,
        Parcel.geometry,
    )
    query = select(*columns).join(County, County.id == Parcel.county_id).order_by(Parcel.code)
    if not scope.everything:
        query = query.where(Parcel.county_id.in_(sorted(scope.county_ids)))
    return tuple(PlotExportRow._make(row) for row in connection.execute(query))
