"""
Gauss-Krüger zones of CGCS2000: which zone a coordinate belongs to, and its EPSG code.

A 3° zone n has the central meridian 3n, a 6° zone n has 6n - 3. Chinese practice writes the zone before the easting
(39623167.929 = zone 39, 623167.929 m); zones 13-23 are 6°, 25-45 are 3°, so the number alone tells the width.
Source: EPSG registry 4491-4554, verified with PROJ.
"""

from dataclasses import dataclass
from math import floor

THREE_DEGREE = range(25, 46)
SIX_DEGREE = range(13, 24)
FALSE_EASTING_M = 500_000
PREFIX_M = 1_000_000
CGCS2000 = "EPSG:4490"
# Where a northing, an easting without and one with zone can lie in China, metres (docs/imports.md).
NORTH_M = (1.9e6, 6.0e6)
EAST_M = (2.5e5, 7.5e5)
WIDE_EAST_M = (1.6e5, 8.4e5)  # 6° zones reach further from their meridian
LONGITUDE = (70.0, 140.0)
LATITUDE = (3.0, 55.0)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone by its number; ``THREE_DEGREE`` and ``SIX_DEGREE`` hold the numbers there are."""

    number: int

    @property
    def width(self) -> int:
        """Width in degrees, 3 or 6."""
        return 3 if self.number in THREE_DEGREE else 6

    @property
    def central_meridian(self) -> int:
        """Degrees east."""
        return 3 * self.number if self.width == 3 else 6 * self.number - 3

    @property
    def epsg(self) -> int:
        """EPSG code of the zone with its number before the easting."""
        return (4488 if self.width == 3 else 4478) + self.number

    @property
    def plain_epsg(self) -> int:
        """EPSG code of the zone without its number before the easting."""
        return 4534 + (self.central_meridian - 75) // 3 if self.width == 3 else 4489 + self.number

    def holds(self, longitude: float, slack_degrees: float = 0.5) -> bool:
        """Return whether *longitude* lies in the belt of the zone, or not far outside."""
        return abs(longitude - self.central_meridian) <= self.width / 2 + slack_degrees


def zone_numbered(number: int) -> Zone | None:
    """Return the zone called *number*; None when there is none in China."""
    return Zone(number) if number in THREE_DEGREE or number in SIX_DEGREE else None


def zone_at(longitude: float) -> Zone:
    """Return the 3° zone whose belt holds *longitude*."""
    return Zone(min(max(floor(longitude / 3 + 0.5), THREE_DEGREE[0]), THREE_DEGREE[-1]))


def zone_of_easting(easting: float) -> Zone | None:
    """Return the zone written before *easting*; None when there is none."""
    return zone_numbered(floor(easting / PREFIX_M)) if easting >= 1e7 else None


def zone_of_epsg(code: int) -> tuple[Zone, bool] | None:
    """Return zone and whether its number stands before the easting; None for other codes."""
    for number in (*THREE_DEGREE, *SIX_DEGREE):
        zone = Zone(number)
        if code in (zone.epsg, zone.plain_epsg):
            return zone, code == zone.epsg
    return None


def is_north(value: float) -> bool:
    """Return whether *value* can be a northing in China."""
    return NORTH_M[0] <= value <= NORTH_M[1]


def is_easting(value: float) -> bool:
    """Return whether *value* can be an easting in China, with or without zone."""
    zone = zone_of_easting(value)
    bare = value - zone.number * PREFIX_M if zone else value
    low, high = WIDE_EAST_M if zone and zone.width == 6 else EAST_M
    return low <= bare <= high


def is_longitude(value: float) -> bool:
    """Return whether *value* can be a longitude in China, degrees."""
    return LONGITUDE[0] <= value <= LONGITUDE[1]


def is_latitude(value: float) -> bool:
    """Return whether *value* can be a latitude in China, degrees."""
    return LATITUDE[0] <= value <= LATITUDE[1]
