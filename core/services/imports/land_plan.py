"""A plot of a file beside the stored one → what would be written. Nothing is written here."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from core.domain.terms import ParcelStatus
from core.domain.units import NOTHING, format_mu, format_number
from core.domain.zones import CGCS2000
from core.importers.land.neighbours import is_same
from core.importers.land.plot import LandPlot
from core.services.imports.kind import FieldChange
from db.queries.land_targets import CountyGround, StoredPlot

_DECIMALS = 9
_CENTRE_DECIMALS = 6
_LABELS = {
    "code": "地块编号",
    "name": "地块名称",
    "county_id": "县区",
    "status": "状态",
    "declared_area_sqm": "申报面积（亩）",
    "use_code": "地类编码",
    "use_name": "用途",
    "location": "位置",
    "geometry": "边界",
}


@dataclass(frozen=True, slots=True)
class LandPlan:
    """
    One plot that would be written.

    Attributes:
        values: Columns of a new plot, or those that change; ``geometry`` is GeoJSON text.
        version: Of the stored row; 0 for a new one.
    """

    plot: LandPlot
    target_id: int | None
    version: int
    values: Mapping[str, Any]
    changes: tuple[FieldChange, ...]

    @property
    def sheet(self) -> str:
        """Layer or file."""
        return self.plot.sheet

    @property
    def row_number(self) -> int:
        """Line, row or number of the feature."""
        return self.plot.row

    @property
    def title(self) -> str:
        """Name of the plot."""
        return self.plot.name

    @property
    def code(self) -> str:
        """Number of the plot; empty for a new one that brings none."""
        return str(self.values.get("code") or self.plot.code)


def geometry_text(geometry: BaseGeometry) -> str:
    """Return compact GeoJSON of a geometry in degrees, 9 decimals (0.1 mm)."""
    return str(shapely.to_geojson(shapely.transform(geometry, lambda points: points.round(_DECIMALS)))).replace(" ", "")


def corner_count(geometry: BaseGeometry) -> int:
    """Return how many corners a polygon or multi-polygon has, closing points not counted."""
    rings = sum(1 + len(part.interiors) for part in shapely.get_parts(geometry))
    return int(shapely.get_num_coordinates(geometry)) - rings


def plan_new(plot: LandPlot, county: CountyGround) -> LandPlan:
    """Return the plan of a plot that the store does not have."""
    values = {
        "code": plot.code,
        "name": plot.name,
        "county_id": county.id,
        "status": (plot.status or ParcelStatus.PLANNED).value,
        "declared_area_sqm": plot.declared_area_sqm,
        "use_code": plot.use_code,
        "use_name": plot.use_name,
        "location": plot.location,
        **_place(plot),
    }
    return LandPlan(plot, None, 0, values, ())


def plan_change(
    plot: LandPlot, stored: StoredPlot, shape: BaseGeometry | None, county: CountyGround, names: Mapping[int, str]
) -> LandPlan | None:
    """
    Return what *plot* would change of *stored*; None when it says nothing new.

    Args:
        shape: The stored geometry; None where there is none yet.
        names: County id → name.
    """
    old = stored.values
    said: dict[str, Any] = {
        "name": plot.name if plot.is_named else "",
        "code": plot.code,
        "status": plot.status.value if plot.status else "",
        "use_code": plot.use_code,
        "use_name": plot.use_name,
        "location": plot.location,
        "county_id": county.id,
    }
    values = {name: value for name, value in said.items() if value and not _is_spelled_alike(value, old[name])}
    if plot.declared_area_sqm not in (None, old["declared_area_sqm"]) and not _is_measured_again(plot, old):
        values["declared_area_sqm"] = plot.declared_area_sqm
    has_moved = shape is None or not is_same(shape, plot.geometry)
    changes = [_change(name, old[name], value, names) for name, value in values.items()]
    if has_moved:
        values |= _place(plot)
        before = _extent(shape, old["area_sqm"]) if shape is not None else NOTHING
        changes.append(FieldChange(_LABELS["geometry"], before, _extent(plot.geometry, plot.area_sqm)))
    return LandPlan(plot, stored.id, stored.version, values, tuple(changes)) if values else None


def _is_spelled_alike(new: Any, old: Any) -> bool:
    """Exchange files have no half-width commas inside a name; the width of a mark is no change."""
    if isinstance(new, str) and isinstance(old, str):
        return unicodedata.normalize("NFKC", new) == unicodedata.normalize("NFKC", old)
    return bool(new == old)


def _is_measured_again(plot: LandPlot, old: Mapping[str, Any]) -> bool:
    """An exchange file must state an area; where the papers state none, exports write the measured one."""
    return old["declared_area_sqm"] is None and abs((plot.declared_area_sqm or 0) - old["area_sqm"]) <= 1


def _place(plot: LandPlot) -> dict[str, Any]:
    centre = shapely.point_on_surface(plot.geometry)
    return {
        "area_sqm": plot.area_sqm,
        "geometry": geometry_text(plot.geometry),
        "crs": CGCS2000,
        "source_crs": plot.source_crs,
        "center_longitude": round(centre.x, _CENTRE_DECIMALS),
        "center_latitude": round(centre.y, _CENTRE_DECIMALS),
    }


def _extent(shape: BaseGeometry, area_sqm: int) -> str:
    return f"{format_number(area_sqm, 0)} ㎡（{format_mu(area_sqm)} 亩），{corner_count(shape)} 个界址点"


def _change(name: str, old: Any, new: Any, names: Mapping[int, str]) -> FieldChange:
    return FieldChange(_LABELS[name], _shown(name, old, names), _shown(name, new, names))


def _shown(name: str, value: Any, names: Mapping[int, str]) -> str:
    if value in (None, ""):
        return NOTHING
    if name == "status":
        return ParcelStatus(value).label
    if name == "declared_area_sqm":
        return format_mu(value)
    return names.get(value, NOTHING) if name == "county_id" else str(value)


def digest_keys(plans: Sequence[LandPlan]) -> list[tuple[Any, ...]]:
    """Return what makes two sets of plans write the same."""
    return [
        (plan.sheet, plan.row_number, plan.target_id, plan.version, sorted(plan.values.items(), key=str))
        for plan in plans
    ]
