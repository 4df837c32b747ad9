"""A plot as the land exports write it, and the attribute names they share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from core.domain.zones import CGCS2000, Zone, zone_at

# At most ten bytes, for Shapefile; the importers know them all (core.importers.land.fields).
ATTRIBUTES = (
    "code", "name", "county", "status", "area_sqm", "use_code", "use_name", "location", "meas_sqm",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExportPlot:
    """
    One plot to be written.

    Attributes:
        status: Label of its state.
        area_sqm: Measured, m².
        declared_area_sqm: As its papers say; None = not stated.
        geometry: Polygon or multi-polygon in CGCS2000 longitude/latitude.
    """

    code: str
    name: str
    county: str
    status: str
    area_sqm: int
    declared_area_sqm: int | None
    use_code: str
    use_name: str
    location: str
    geometry: BaseGeometry

    @property
    def attributes(self) -> dict[str, str | int | None]:
        """Attribute name → value; ``area_sqm`` is the declared area, ``meas_sqm`` the measured one, never read back."""
        values = (self.code, self.name, self.county, self.status, self.declared_area_sqm)
        return dict(zip(ATTRIBUTES, (*values, self.use_code, self.use_name, self.location, self.area_sqm), strict=True))


def zone_of(plot: ExportPlot) -> Zone:
    """Return the 3° zone in which the middle of *plot* lies."""
    return zone_at(float(shapely.point_on_surface(plot.geometry).x))


def project(geometries: Sequence[BaseGeometry], zone: Zone) -> list[BaseGeometry]:
    """Return *geometries* in metres of *zone*, its number before the easting."""
    transformer = pyproj.Transformer.from_crs(CGCS2000, f"EPSG:{zone.epsg}", always_xy=True)
    shapes = shapely.transform(
        np.array(geometries, dtype=object),
        lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1])),
    )
    return list(shapes)
