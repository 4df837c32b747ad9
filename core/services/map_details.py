"""What the map page needs beside its layers: where the land lies, the names on it, one plot in detail."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.domain.errors import NotFound
from core.domain.permissions import Actor, Permission, require
from core.domain.units import format_pct
from core.services.flags_of_record import flags_by
from core.services.map_standing import map_standing
from db.queries.plot_details import PlotProject, PlotRecord, find_plot
from db.queries.plots import load_counties
from db.queries.rounds import latest_published
from db.session import read

__all__ = ["CountyLabel", "MapGround", "PlotDetail", "PlotProject", "PlotRecord", "ground", "plot"]


@dataclass(frozen=True, slots=True)
class CountyLabel:
    """A county's name and figures where they stand on the map; *about* is empty outside the actor's scope."""

    id: int
    name: str
    about: str
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class MapGround:
    """The counties with a boundary, the box around them (west, south, east, north; degrees), the line printed below."""

    counties: tuple[CountyLabel, ...]
    box: tuple[float, float, float, float]
    standing: str = ""


@dataclass(frozen=True, slots=True)
class PlotDetail:
    """A plot and the projects on it that the actor may see."""

    plot: PlotRecord
    projects: tuple[PlotProject, ...]


def ground(actor: Actor) -> MapGround:
    """
    Return the labels of the counties and the box around them; no counties when no boundary was imported.

    Raises:
        PermissionDenied: The actor may not look at projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        rows = [row for row in load_counties(connection, actor.scope) if row.boundary]
        flags = flags_by(latest_published(connection))
        standing = f"{flags} · {map_standing(connection)}"
    labels, points = [], []
    for row in rows:
        own = list(_points(json.loads(row.boundary)["coordinates"]))
        points += own
        longitude = row.label_longitude if row.label_longitude is not None else sum(x for x, _ in own) / len(own)
        latitude = row.label_latitude if row.label_latitude is not None else sum(y for _, y in own) / len(own)
        labels.append(CountyLabel(row.id, row.name, _about(row), longitude, latitude))
    if not points:
        return MapGround((), (0.0, 0.0, 0.0, 0.0))
    longitudes, latitudes = [x for x, _ in points], [y for _, y in points]
    return MapGround(tuple(labels), (min(longitudes), min(latitudes), max(longitudes), max(latitudes)), standing)


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Yield every position of a polygon or multi-polygon."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from _points(part)


def _about(row: Any) -> str:
    if row.projects is None:
        return ""
    plan = row.annual_plan_yuan
    return f"{row.projects} 项 · {format_pct(Fraction(row.ytd_done_yuan, plan) if plan else None)}"


def plot(actor: Actor, plot_id: int) -> PlotDetail:
    """
    Return one plot with its projects.

    Raises:
        PermissionDenied: The actor may not look at projects.
        NotFound: No such plot inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        found = find_plot(connection, actor.scope, plot_id)
    if found is None:
        raise NotFound
    return PlotDetail(*found)
