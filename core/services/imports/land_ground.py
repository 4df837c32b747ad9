"""Which county a plot lies in, by its geometry; how much of it lies elsewhere; how far outside it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.domain.ellipsoid import area_sqm
from core.domain.zones import Zone, zone_at
from core.importers.cells.text import match_key
from core.importers.land.neighbours import OVERLAP_SQM
from db.queries.land_targets import CountyGround

_FAR_DEGREES = 0.5  # a wrong zone moves a plot by three degrees, a careless border by metres
_SHARE_SQM = 0.001


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Where a plot lies.

    Attributes:
        county: The county that holds a point inside the plot; None outside all of them.
        beyond: Counties into which it reaches, with the area there, m².
        is_far: Far from every county, as with a wrong zone or coordinate system.
    """

    county: CountyGround | None
    beyond: tuple[tuple[CountyGround, float], ...] = ()
    is_far: bool = False


class Ground:
    """The counties of the store, to be asked about many plots at once."""

    def __init__(self, counties: Sequence[CountyGround]) -> None:
        self.counties = tuple(counties)
        self._bounded = [county for county in counties if county.boundary]
        self._shapes = shapely.from_geojson([county.boundary for county in self._bounded]) if self._bounded else []
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    @property
    def is_complete(self) -> bool:
        """Whether every county has a boundary, so that outside all of them means outside the city."""
        return bool(self._bounded) and len(self._bounded) == len(self.counties)

    def named(self, name: str) -> CountyGround | None:
        """Return the county called *name*, also without its 县 or 区; None when none or several are."""
        key = match_key(name)
        found = [one for one in self.counties if match_key(one.name) == key]
        found = found or [one for one in self.counties if key and match_key(one.name)[:-1] == key]
        return found[0] if len(found) == 1 else None

    def stand(self, plots: Sequence[BaseGeometry]) -> list[Standing]:
        """Return where each plot lies; without boundaries nothing is known."""
        if not self._bounded:
            return [Standing(None) for _ in plots]
        shapes = np.array(plots, dtype=object)
        inside = self._first_of(*self._tree.query(shapely.point_on_surface(shapes), predicate="intersects"))
        touched = self._all_of(*self._tree.query(shapes, predicate="intersects"))
        return [self._standing(shape, inside.get(i), touched.get(i, [])) for i, shape in enumerate(plots)]

    @staticmethod
    def _first_of(plots: np.ndarray, counties: np.ndarray) -> dict[int, int]:
        found: dict[int, int] = {}
        for plot, county in zip(plots.tolist(), counties.tolist(), strict=True):
            found[plot] = min(county, found.get(plot, county))
        return found

    @staticmethod
    def _all_of(plots: np.ndarray, counties: np.ndarray) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for plot, county in zip(plots.tolist(), counties.tolist(), strict=True):
            found.setdefault(plot, []).append(county)
        return found

    def _standing(self, shape: BaseGeometry, own: int | None, touched: list[int]) -> Standing:
        if own is None:
            nearest = float(np.min(shapely.distance(self._shapes, shape)))
            return Standing(None, is_far=nearest > _FAR_DEGREES)
        beyond = []
        for other in touched:
            if other != own:
                shared = area_sqm(shapely.intersection(shape, self._shapes[other]))
                if shared > max(OVERLAP_SQM, _SHARE_SQM * area_sqm(shape)):
                    beyond.append((self._bounded[other], shared))
        return Standing(self._bounded[own], tuple(beyond))

    def zone(self) -> Zone | None:
        """Return the 3° zone of the middle of the counties; None without boundaries."""
        if not self._bounded:
            return None
        west, _south, east, _north = shapely.total_bounds(self._shapes)
        return zone_at((west + east) / 2)
