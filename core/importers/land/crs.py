"""
Coordinate systems: what a file or a user calls one, and the way from it to CGCS2000 longitude/latitude.

CGCS2000 and WGS84 agree to some centimetres and are taken as one. 1980西安 and 1954北京 have no public parameters:
they are recognised and refused. GCJ-02 and BD-09 exist by declaration only.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
from pyproj.exceptions import CRSError

from core.domain import offsets, zones
from core.domain.zones import CGCS2000, Zone

_CODE_LIMIT = 32
_WORDS = (
    (re.compile(r"bd-?0?9|百度", re.IGNORECASE), offsets.BD09),
    (re.compile(r"gcj-?0?2|火星|高德|腾讯", re.IGNORECASE), offsets.GCJ02),
    (re.compile(r"^(wgs[ _-]?(19)?84|crs:?84|.*[:/]crs84)$", re.IGNORECASE), "EPSG:4326"),
    (re.compile(r"^(cgcs[ _-]?2000|(2000)?国家大地坐标系|2000.*|国家2000.*)$", re.IGNORECASE), CGCS2000),
)
_EPSG = re.compile(r"^(?:urn:ogc:def:crs:)?(?:epsg:{1,2}(?:[\d.]*:)?)?(\d{4,5})$", re.IGNORECASE)
_OLD = (
    (re.compile(r"xian|西安|1980|西安80", re.IGNORECASE), "1980西安坐标系"),
    (re.compile(r"beijing|北京|1954|krass", re.IGNORECASE), "1954北京坐标系"),
)
_NEW = re.compile(r"cgcs|china[ _]2000|china geodetic|wgs[ _]?(19)?84|world geodetic|itrf", re.IGNORECASE)


class UnknownCrs(Exception):
    """The text names no coordinate system that can be converted; ``old`` names an old datum, else empty."""

    def __init__(self, text: str, old: str = "") -> None:
        super().__init__(text)
        self.old = old


@dataclass(frozen=True, slots=True)
class SourceCrs:
    """
    A coordinate system that can be converted.

    Attributes:
        code: As kept in ``parcel.source_crs``.
        definition: What the projection library is asked for; empty for the shifted systems.
        zone: Gauss-Krüger zone of CGCS2000; None for everything else.
        is_prefixed: Eastings carry the number of the zone.
        is_geographic: Longitude and latitude in degrees.
    """

    code: str
    definition: str
    zone: Zone | None = None
    is_prefixed: bool = False
    is_geographic: bool = False


def old_datum(text: str) -> str:
    """Return the name of the old datum that *text* speaks of, else empty."""
    return next((name for pattern, name in _OLD if pattern.search(text)), "")


@lru_cache(maxsize=256)
def parse_crs(text: str) -> SourceCrs:
    """
    Return the system meant by an EPSG code, a usual name or a WKT text (.prj).

    Raises:
        UnknownCrs: None, or one that cannot be converted reliably.
    """
    text = text.strip()
    for pattern, code in _WORDS:
        if len(text) < 40 and pattern.search(text):
            if code in (offsets.GCJ02, offsets.BD09):
                return SourceCrs(code, "", is_geographic=True)
            return SourceCrs(code, code, is_geographic=True)
    number = _EPSG.match(text)
    if number is not None:
        return _of_epsg(int(number[1]))
    if len(text) < 40 and old_datum(text):
        raise UnknownCrs(text, old_datum(text))
    try:
        return _of_definition(pyproj.CRS.from_user_input(text), text)
    except CRSError as error:
        raise UnknownCrs(text[:60]) from error


def _of_epsg(code: int) -> SourceCrs:
    found = zones.zone_of_epsg(code)
    definition = f"EPSG:{code}"
    if found is not None:
        return SourceCrs(definition, definition, found[0], found[1])
    try:
        return _of_definition(pyproj.CRS.from_epsg(code), definition)
    except CRSError as error:
        raise UnknownCrs(definition) from error


def _of_definition(crs: pyproj.CRS, text: str) -> SourceCrs:
    datum = crs.geodetic_crs
    names = f"{datum.name} {datum.datum.name if datum.datum else ''}" if datum is not None else ""
    if not _NEW.search(names) or crs.is_compound or crs.is_geocentric:
        raise UnknownCrs(crs.name[:60], old_datum(names))
    if crs.is_geographic:
        return SourceCrs("EPSG:4326" if "84" in names else CGCS2000, text, is_geographic=True)
    zone, is_prefixed = _zone_of(crs)
    if zone is not None:
        code = f"EPSG:{zone.epsg if is_prefixed else zone.plain_epsg}"
        return SourceCrs(code, code, zone, is_prefixed)
    authority = crs.to_authority(min_confidence=70)
    return SourceCrs((":".join(authority) if authority else crs.name)[:_CODE_LIMIT], text)


def _zone_of(crs: pyproj.CRS) -> tuple[Zone | None, bool]:
    """Return the CGCS2000 zone that a projected system equals, by its parameters rather than its name."""
    operation = crs.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None, False
    given = {parameter.name: float(parameter.value) for parameter in operation.params}
    meridian = given.get("Longitude of natural origin", 0.0)
    easting = given.get("False easting", 0.0)
    if given.get("Scale factor at natural origin", 1.0) != 1 or given.get("False northing", 0.0):
        return None, False
    prefix = int(easting // zones.PREFIX_M)
    if easting % zones.PREFIX_M != zones.FALSE_EASTING_M:
        return None, False
    if prefix:
        zone = zones.zone_numbered(prefix)
        return (zone, True) if zone and zone.central_meridian == meridian else (None, False)
    zone = zones.zone_numbered(round(meridian / 3))
    return (zone, False) if zone and zone.width == 3 and zone.central_meridian == meridian else (None, False)


@lru_cache(maxsize=64)
def _transformer(definition: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(definition, CGCS2000, always_xy=True)


def converter(source: SourceCrs) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function from (n, 2) coordinates of *source*, x = east, to CGCS2000 longitude/latitude."""
    if source.code == offsets.GCJ02:
        return offsets.from_gcj02
    if source.code == offsets.BD09:
        return offsets.from_bd09
    if source.code in (CGCS2000, "EPSG:4326"):
        return lambda points: points
    transformer = _transformer(source.definition)
    return lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
