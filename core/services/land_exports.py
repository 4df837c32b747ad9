"""Plots of the actor's scope as land files: GeoJSON, Shapefile, exchange txt."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date

import shapely

from core.domain.permissions import Actor, Permission, require
from core.domain.terms import ParcelStatus, Term
from core.domain.zones import Zone
from core.exporters.land_geojson import GEOJSON, build_geojson
from core.exporters.land_plot import ExportPlot
from core.exporters.land_shapefile import ZIP, build_shapefile
from core.exporters.land_txt import build_txt
from db.queries.land_targets import PlotExportRow, load_export_plots
from db.session import current_store, transaction

_TEXT = "text/plain"
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same plots give the same bytes


class LandForm(Term):
    """A form in which plots go out."""

    GEOJSON = "geojson", "GeoJSON"
    SHAPEFILE = "shapefile", "Shapefile（CGCS2000）"
    TXT = "txt", "勘测定界 txt"


@dataclass(frozen=True, slots=True)
class LandFile:
    """
    A file to hand out.

    Attributes:
        plots: How many are in it.
        without_geometry: How many of the scope are not, because their corner points are not known.
    """

    name: str
    content: bytes
    mime: str
    plots: int
    without_geometry: int


def export(actor: Actor, form: LandForm, zone: Zone | None = None) -> LandFile:
    """
    Return all plots of the actor's scope as a file, and note in the audit that they went out.

    Args:
        zone: Shapefile in metres of this 3° zone; None = longitude/latitude.

    Raises:
        PermissionDenied: The actor may not export.
    """
    require(actor, Permission.EXPORT)
    store = current_store()
    with store.read() as connection:
        rows = load_export_plots(connection, actor.scope)
    plots = [_plot(row) for row in rows if row.geometry]
    file = _build(plots, form, zone, actor.name, store.today(), len(rows) - len(plots))
    with transaction(actor) as tx:
        tx.record("export", "parcel", form.value, new={"file": file.name, "plots": file.plots})
    return file


def _plot(row: PlotExportRow) -> ExportPlot:
    return ExportPlot(
        row.code,
        row.name,
        row.county,
        ParcelStatus(row.status).label,
        row.area_sqm,
        row.declared_area_sqm,
        row.use_code,
        row.use_name,
        row.location,
        shapely.from_geojson(row.geometry),
    )


def _build(
    plots: list[ExportPlot], form: LandForm, zone: Zone | None, made_by: str, on: date, without: int
) -> LandFile:
    stem = f"地块_{on:%Y%m%d}"
    if form is LandForm.GEOJSON:
        return LandFile(f"{stem}.geojson", build_geojson(plots), GEOJSON, len(plots), without)
    if form is LandForm.SHAPEFILE:
        suffix = f"_{zone.number}带" if zone else ""
        return LandFile(f"{stem}{suffix}.zip", build_shapefile(plots, zone), ZIP, len(plots), without)
    files = build_txt(plots, made_by, on)
    if len(files) == 1:
        ((name, content),) = files.items()
        return LandFile(name, content, _TEXT, len(plots), without)
    return LandFile(f"{stem}_勘测定界.zip", _zip(files), ZIP, len(plots), without)


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
