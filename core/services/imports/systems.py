"""Coordinate systems that the user can declare for a land file that names none."""

from core.domain.offsets import BD09, GCJ02
from core.domain.permissions import Actor
from core.domain.zones import CGCS2000, THREE_DEGREE, Zone, zone_at
from core.services.imports.kinds import allowed_kinds
from db.queries.land_targets import load_label_longitudes
from db.session import read

_WGS84 = "EPSG:4326"


def list_systems(actor: Actor) -> tuple[tuple[str, str], ...]:
    """
    Return code and label of the systems to choose from: those of the city first, the other 3° zones last.

    A zone is named by its code without prefix; eastings that carry the number of the zone are read as well.
    """
    allowed_kinds(actor)
    with read() as connection:
        longitudes = load_label_longitudes(connection)
    own = sorted({zone_at(longitude).number for longitude in longitudes})
    others = [number for number in THREE_DEGREE if number not in own]
    return (
        (CGCS2000, "CGCS2000 经纬度"),
        *map(_zone, own),
        (_WGS84, "WGS 84 经纬度"),
        (GCJ02, "GCJ-02（高德、腾讯地图）"),
        (BD09, "BD-09（百度地图）"),
        *map(_zone, others),
    )


def _zone(number: int) -> tuple[str, str]:
    zone = Zone(number)
    return f"EPSG:{zone.plain_epsg}", f"CGCS2000 3度带 第{number}带（中央经线 {zone.central_meridian}°）"
