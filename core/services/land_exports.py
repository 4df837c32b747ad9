"""Plots of the actor's scope as land files: GeoJSON, Shapefile, exchange txt."""

import io
import zipfile
from collections.abc import Sequence

import shapely

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import ParcelStatus
from core.domain.zones import Zone
from core.exporters.files import ExportFile
from core.exporters.land_geojson import GEOJSON, build_geojson
from core.exporters.land_plot import ExportPlot
from core.exporters.land_shapefile import ZIP, build_shapefile
from core.exporters.land_txt import build_txt
from core.services.export_notes import note_export
from core.services.export_requests import ExportForm, Outlook
from db.queries.land_targets import PlotExportRow, count_export_plots, load_export_plots
from db.session import current_store, read

TEXT = "text/plain"
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same plots give the same bytes
_NOTHING = (
    "没有可以导出的地块：管理范围内的地块都没有界址点坐标，或还没有地块。请先导入界址点、矢量文件或勘测定界 txt。"
)
_NAMED = 3


def outlook(actor: Actor) -> Outlook:
    """Return how many plots a land file of the actor's scope would hold, and the 3° zones they lie in."""
    require(actor, Permission.EXPORT)
    with read() as connection:
        found = count_export_plots(connection, actor.scope)
    return Outlook(found.placed, found.total - found.placed, tuple(Zone(number) for number in found.zones))


def export(actor: Actor, form: ExportForm, zone: Zone | None = None) -> ExportFile:
    """
    Return all plots of the actor's scope as a file, and note in the audit that they went out.

    Args:
        form: GeoJSON, Shapefile or txt.
        zone: Shapefile or txt in metres of this zone. None = a Shapefile in longitude/latitude, a zip of one txt for
            each 3° zone in which plots lie.

    Raises:
        PermissionDenied: The actor may not export.
        NotFound: No plot has corner points.
        Invalid: Plots lie far outside *zone*; nobody could read them back.
    """
    require(actor, Permission.EXPORT)
    store = current_store()
    with store.read() as connection:
        rows = load_export_plots(connection, actor.scope)
    plots = [_plot(row) for row in rows if row.geometry]
    if not plots:
        raise NotFound(_NOTHING)
    if zone is not None and form is not ExportForm.GEOJSON:
        _refuse_far(plots, zone)
    suffix, mime = kind_of_file(form, zone)
    name = f"地块_{store.today():%Y%m%d}{suffix}"
    content = _build(plots, form, zone, actor.name)
    told = {"file": name, "plots": len(plots), "left_out": len(rows) - len(plots)}
    note_export(actor, "parcel", form.value, told)
    return ExportFile(name, mime, content, len(plots), len(rows) - len(plots))


def kind_of_file(form: ExportForm, zone: Zone | None) -> tuple[str, str]:
    """Return how the name of a land file ends, and its media type."""
    if form is ExportForm.GEOJSON:
        return ".geojson", GEOJSON
    belt = f"_{zone.number}带" if zone else ""
    return (f"{belt}.txt", TEXT) if form is ExportForm.TXT and zone else (f"{belt}_{form.value}.zip", ZIP)


def _refuse_far(plots: Sequence[ExportPlot], zone: Zone) -> None:
    bounds = ((plot, plot.geometry.bounds) for plot in plots)
    far = [plot for plot, (west, _, east, _) in bounds if not (zone.holds(west) and zone.holds(east))]
    if far:
        names = "、".join(f"“{plot.name}”" for plot in far[:_NAMED])
        more = f"等 {len(far)} 个地块" if len(far) > _NAMED else ""
        text = f"{names}{more}远离{zone.number}带（中央经线 {zone.central_meridian}°）。请改选别的分带，或不指定分带。"
        raise Invalid([Problem("zone", "far_from_zone", text)])


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


def _build(plots: Sequence[ExportPlot], form: ExportForm, zone: Zone | None, made_by: str) -> bytes:
    if form is ExportForm.GEOJSON:
        return build_geojson(plots)
    if form is ExportForm.SHP:
        return build_shapefile(plots, zone)
    files = build_txt(plots, made_by, current_store().today(), zone)
    return _zip(files) if zone is None else next(iter(files.values()))


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
