"""
Areas and a local plane on the GRS80 ellipsoid (the ellipsoid of CGCS2000), without a projection library.

Areas go through the authalic (equal-area) cylinder x = a·λ, y = a·q(φ)/2, which keeps every area exactly; what is left
is that edges are straight there instead of geodesics: below 1e-6 of the area for a plot of a few hundred metres, below
1e-4 for a county, so always inside the 0.1 % promised. Longitude/latitude are degrees, plane coordinates kilometres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin, sqrt

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Point = tuple[float, float]

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257222101
ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)


def _to_cylinder(lonlat: np.ndarray) -> np.ndarray:
    """Return (n, 2) degrees as metres on the authalic cylinder (Snyder 1987, formula 3-12)."""
    eccentricity = sqrt(ECCENTRICITY_SQUARED)
    sine = np.sin(np.radians(lonlat[:, 1]))
    inner = sine / (1 - ECCENTRICITY_SQUARED * sine * sine) + np.arctanh(eccentricity * sine) / eccentricity
    q = (1 - ECCENTRICITY_SQUARED) * inner
    return SEMI_MAJOR_M * np.column_stack((np.radians(lonlat[:, 0]), q / 2))


def areas_sqm(geometries: Sequence[BaseGeometry]) -> np.ndarray:
    """Return the area of each polygon or multi-polygon in longitude/latitude degrees, m², holes taken off."""
    areas: np.ndarray = shapely.area(shapely.transform(np.array(geometries, dtype=object), _to_cylinder))
    return areas


def area_sqm(geometry: BaseGeometry) -> float:
    """Return the area of one polygon or multi-polygon in longitude/latitude degrees, m²."""
    return float(areas_sqm([geometry])[0])


def ring_area_sqm(ring: Sequence[Point]) -> float:
    """
    Return the area inside a ring of longitude/latitude points, m², whatever its direction.

    Args:
        ring: At least three (longitude, latitude) points in degrees; closed or not.
    """
    return area_sqm(shapely.Polygon(ring))


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """
    Kilometres east and north of a centre, for drawing on and measuring short distances.

    Attributes:
        longitude: Centre, degrees.
        latitude: Centre, degrees.
    """

    longitude: float
    latitude: float

    @property
    def _km_per_degree(self) -> Point:
        sine = sin(radians(self.latitude))
        w_squared = 1 - ECCENTRICITY_SQUARED * sine * sine
        meridian_m = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / (w_squared * sqrt(w_squared))
        parallel_m = SEMI_MAJOR_M / sqrt(w_squared) * cos(radians(self.latitude))
        return radians(parallel_m) / 1000, radians(meridian_m) / 1000

    def to_lonlat(self, point: Point) -> Point:
        """Return (longitude, latitude) of a plane point, rounded to 6 decimals (about 0.1 m)."""
        east, north = self._km_per_degree
        return round(self.longitude + point[0] / east, 6), round(self.latitude + point[1] / north, 6)

    def to_plane(self, point: Point) -> Point:
        """Return (east, north) kilometres of a longitude/latitude point."""
        east, north = self._km_per_degree
        return (point[0] - self.longitude) * east, (point[1] - self.latitude) * north
