"""The front door for land files: the content decides the format, then every plot goes through the same checks."""

import re

from core.importers.delimited import decode_text
from core.importers.land.bundle import open_bundle, shapefile_layers
from core.importers.land.corners import read_corners
from core.importers.land.finish import finish
from core.importers.land.geojson import read_geojson
from core.importers.land.kml import read_kml
from core.importers.land.plot import ParsedLand, RawFile
from core.importers.land.txt import is_land_txt, read_txt
from core.importers.land.vector import read_dxf, read_geopackage, read_shapefiles
from core.importers.limits import MAX_BYTES
from core.importers.options import ReadOptions
from core.importers.problems import UnreadableFile

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "PDF 文件"),
    (b"AC10", "DWG 图纸（请另存为 DXF）"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
)
_SHP = b"\x00\x00\x27\x0a"


def parse_land(data: bytes, file_name: str, options: ReadOptions) -> ParsedLand:
    """
    Return the plots of a land file in CGCS2000 longitude/latitude, with everything that is wrong with them.

    Args:
        options: ``crs`` answers ``crs_unknown``; ``mends`` replace lines or cells; ``only`` limits the rows taken.

    Raises:
        UnreadableFile: It cannot be opened at all.
    """
    return finish(read_land(data, file_name, options), options)


def read_land(data: bytes, file_name: str, options: ReadOptions) -> RawFile:
    """
    Return the features of a land file as they stand in it.

    Raises:
        UnreadableFile: Empty, too large, damaged, or not a land file.
    """
    if not data.strip(b"\x00 \r\n\t"):
        raise UnreadableFile("file_empty")
    if len(data) > MAX_BYTES:
        raise UnreadableFile("file_too_large", size=f"{len(data) / 2**20:.1f} MB", limit=f"{MAX_BYTES // 2**20} MB")
    if data.startswith(_ZIP):
        return _read_zip(data, file_name, options)
    return _read_plain(data, file_name, options)


def _read_zip(data: bytes, file_name: str, options: ReadOptions) -> RawFile:
    if b"xl/workbook" in data:
        return read_corners(data, file_name, options)
    members = open_bundle(data)
    layers = shapefile_layers(members)
    if layers:
        return read_shapefiles(layers)
    files = [
        _read_plain(content, name, options)
        for name, content in members.items()
        if not name.lower().endswith((".shx", ".dbf", ".prj", ".cpg"))
    ]
    if not files:
        raise UnreadableFile("land_type", kind="这个压缩包（里面没有地块文件）")
    labels = {code: label for file in files for code, label in file.labels.items()}
    plots = tuple(plot for file in files for plot in file.plots)
    return RawFile(plots, tuple(problem for file in files for problem in file.problems), labels)


def _read_plain(data: bytes, name: str, options: ReadOptions) -> RawFile:
    for magic, kind in _FOREIGN:
        if data.startswith(magic):
            raise UnreadableFile("land_type", kind=kind)
    if data.startswith(_SHP):
        raise UnreadableFile("shapefile_incomplete", missing=".shx、.dbf")
    if data.startswith(b"SQLite format 3\x00"):
        return read_geopackage(data, name)
    if data.startswith(_OLE):
        return read_corners(data, name, options)
    if data.startswith(b"AutoCAD Binary DXF") or re.match(rb"\s*(999\s[^\n]*\n\s*)*0\s+SECTION\b", data):
        return read_dxf(data, name)
    return _read_text(data, name, options)


def _read_text(data: bytes, name: str, options: ReadOptions) -> RawFile:
    if is_land_txt(data):
        return read_txt(data, name, options)
    start = decode_text(data).lstrip("\ufeff \r\n\t")[:400]
    if start.startswith(("{", "[")):
        return read_geojson(data, name, options)
    if re.match(r"<\?xml|<kml|<!--|<!DOCTYPE", start, re.IGNORECASE):
        return read_kml(data, name, options)
    return read_corners(data, name, options)
