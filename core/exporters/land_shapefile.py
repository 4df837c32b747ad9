"""Plots as a zipped Shapefile in CGCS2000: degrees (EPSG:4490), or metres of one 3° zone."""

import tempfile
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from core.domain.zones import CGCS2000, Zone
from core.exporters.land_plot import ATTRIBUTES, ExportPlot, project

ZIP = "application/zip"
_SUFFIXES = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_TEXT_BYTES = 254
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same plots give the same bytes


def build_shapefile(plots: Sequence[ExportPlot], zone: Zone | None = None, stem: str = "plots") -> bytes:
    """
    Return the zip of .shp, .shx, .dbf, .prj and .cpg (UTF-8).

    Args:
        zone: Metres of this zone, its number before the easting; None = longitude/latitude.
        stem: Name of the files inside.
    """
    shapes = [plot.geometry for plot in plots]
    if zone is not None and shapes:
        shapes = project(shapes, zone)
    with tempfile.TemporaryDirectory(prefix="wr-land-") as folder:
        path = Path(folder) / "plots.shp"
        _write(path, plots, shapes, CGCS2000 if zone is None else f"EPSG:{zone.epsg}")
        return _zip({f"{stem}{suffix}": path.with_suffix(suffix).read_bytes() for suffix in _SUFFIXES})


def _write(path: Path, plots: Sequence[ExportPlot], shapes: Sequence[shapely.Geometry], crs: str) -> None:
    rows = [plot.attributes for plot in plots]
    columns = [_column(name, [row[name] for row in rows]) for name in ATTRIBUTES]
    missing = [np.array([row[name] is None for row in rows], dtype=bool) for name in ATTRIBUTES]
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
        columns,
        list(ATTRIBUTES),
        field_mask=missing,
        driver="ESRI Shapefile",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        crs=crs,
        encoding="UTF-8",
    )


def _column(name: str, values: list[str | int | None]) -> np.ndarray:
    if name.endswith("_sqm"):
        return np.array([value or 0 for value in values], dtype=np.int64)
    return np.array([_text(value) for value in values], dtype=object)


def _text(value: str | int | None) -> str:
    """Return a text that fits the format; a longer one is left out, for half of it would come back as a change."""
    text = str(value or "")
    return text if len(text.encode()) <= _TEXT_BYTES else ""


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
