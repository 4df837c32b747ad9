"""Shapefile, GeoPackage and DXF → plots, read by GDAL from a private folder that is always removed."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from shapely.geometry.base import BaseGeometry

from core.importers.land import fields
from core.importers.land.plot import RawFile, RawPlot
from core.importers.limits import MAX_ROWS
from core.importers.problems import ImportProblem, UnreadableFile, build_problem

_ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError, OSError, ValueError, RuntimeError)
# What a .cpg may say; anything else counts as not said.
_CODE_PAGES = {
    "utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8", "gbk": "gbk", "936": "gbk", "gb18030": "gb18030",
    "54936": "gb18030", "gb2312": "gb2312", "20936": "gb2312", "big5": "big5", "950": "big5", "1252": "cp1252",
    "iso-8859-1": "iso-8859-1", "88591": "iso-8859-1", "ascii": "gbk",
}  # fmt: skip
_DEFAULT_ENCODING = "GBK"


def read_shapefiles(layers: Mapping[str, Mapping[str, bytes]]) -> RawFile:
    """
    Return the features of all *layers* (name → suffix → content); rows count features from 1.

    Raises:
        UnreadableFile: Damaged.
    """
    return _joined([_read_shapefile(name, parts) for name, parts in layers.items()])


def _read_shapefile(name: str, parts: Mapping[str, bytes]) -> RawFile:
    encoding, is_assumed = dbf_encoding(parts[".dbf"], parts.get(".cpg", b""))
    crs = parts.get(".prj", b"").decode("utf-8", "replace").strip()
    with tempfile.TemporaryDirectory(prefix="wr-land-") as folder:
        for suffix in (".shp", ".shx", ".dbf"):
            (Path(folder) / f"layer{suffix}").write_bytes(parts[suffix])
        table = _read_layer(Path(folder) / "layer.shp", None, encoding)
    plots = _plots(name, table, crs)
    problems = (build_problem("attribute_encoding", name, encoding=encoding),) if is_assumed else ()
    return RawFile(plots.plots, (*problems, *plots.problems), plots.labels)


def dbf_encoding(dbf: bytes, cpg: bytes) -> tuple[str, bool]:
    """Return the encoding of a .dbf's texts, and whether it was assumed: no .cpg and letters beyond ASCII."""
    named = cpg.decode("ascii", "ignore").strip("\x00 \r\n\t").lower()
    known = _CODE_PAGES.get(named.removeprefix("ansi").strip().removeprefix("cp"))
    if known is not None:
        return known, False
    records = dbf[int.from_bytes(dbf[8:10], "little") :]
    if records.isascii():
        return _DEFAULT_ENCODING, False
    try:
        records.decode("utf-8")
    except UnicodeDecodeError:
        return _DEFAULT_ENCODING, True
    return "UTF-8", True


def read_geopackage(data: bytes, file_name: str) -> RawFile:
    """
    Return the features of all layers with areas.

    Raises:
        UnreadableFile: Damaged.
    """
    with tempfile.TemporaryDirectory(prefix="wr-land-") as folder:
        path = Path(folder) / "file.gpkg"
        path.write_bytes(data)
        try:
            names = [str(name) for name, kind in pyogrio.list_layers(path) if kind]
        except _ERRORS as error:
            raise UnreadableFile("file_damaged") from error
        tables = {name: _read_layer(path, name, None) for name in names}
    files = [_plots(name, table, str(table[0].get("crs") or "")) for name, table in tables.items()]
    joined = _joined(files)
    if len(files) > 1:
        note = build_problem("layers_read", file_name, count=len(files))
        return RawFile(joined.plots, (note, *joined.problems), joined.labels)
    return joined


def read_dxf(data: bytes, file_name: str) -> RawFile:
    """
    Return the closed polylines; a text inside one, if it is the only one there, is its name.

    Raises:
        UnreadableFile: Damaged, or not DXF.
    """
    with tempfile.TemporaryDirectory(prefix="wr-land-") as folder:
        path = Path(folder) / "drawing.dxf"
        path.write_bytes(data)
        _meta, geometries, columns = _read_layer(path, None, None)
    texts = [(g, t) for g, t in zip(geometries, columns.get("Text", ()), strict=False) if g is not None and t]
    plots, skipped = [], 0
    for number, geometry in enumerate(geometries, 1):
        area = _closed(geometry)
        if area is None:
            skipped += geometry is not None and geometry.geom_type != "Point"
            continue
        names = [text for point, text in texts if area.is_valid and area.contains(point)]
        values = {"name": str(names[0]).strip()} if len(names) == 1 else {}
        plots.append(RawPlot(file_name, number, values, area, ""))
    problems = (build_problem("lines_skipped", file_name, count=skipped),) if skipped else ()
    return RawFile(tuple(plots), problems)


def _closed(geometry: BaseGeometry | None) -> BaseGeometry | None:
    if geometry is None or geometry.is_empty:
        return None
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    is_line = geometry.geom_type == "LineString" and len(geometry.coords) > 3
    return shapely.Polygon(geometry.coords) if is_line and geometry.coords[0] == geometry.coords[-1] else None


_Table = tuple[Mapping[str, Any], Any, Mapping[str, Any]]


def _read_layer(path: Path, layer: str | None, encoding: str | None) -> _Table:
    """Return metadata, geometries and columns of one layer."""
    try:
        meta, _fids, wkb, columns = pyogrio.raw.read(
            path, layer=layer, encoding=encoding, force_2d=True, max_features=MAX_ROWS + 1, datetime_as_string=True
        )
        geometries = shapely.from_wkb(wkb, on_invalid="ignore") if wkb is not None else []
    except _ERRORS as error:
        raise UnreadableFile("file_damaged") from error
    return meta, geometries, dict(zip(meta["fields"], columns, strict=True))


def _plots(name: str, table: _Table, crs: str) -> RawFile:
    _meta, geometries, columns = table
    chosen = fields.choose(columns)
    used = {attribute: columns[attribute].tolist() for attribute in chosen.values()}
    plots = []
    for index, geometry in enumerate(geometries):
        values = fields.values_of({key: column[index] for key, column in used.items()}, chosen)
        plots.append(RawPlot(name, index + 1, values, geometry, crs))
    return RawFile(tuple(plots), (), chosen)


def _joined(files: list[RawFile]) -> RawFile:
    plots = tuple(plot for file in files for plot in file.plots)
    problems: tuple[ImportProblem, ...] = tuple(problem for file in files for problem in file.problems)
    labels = {code: label for file in files for code, label in file.labels.items()}
    return RawFile(plots, problems, labels)
