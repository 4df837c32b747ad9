"""Plots of the demo city as rows, and which project stands on which."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from shapely import Polygon

from core.domain.period import add_months
from core.domain.terms import ParcelStatus
from db.models.land import MapFeature, Parcel, ParcelUse
from db.seed.cast import SEED, Role
from db.seed.content import texts
from db.seed.content.people import TOWNS
from db.seed.geography import Geography, ParcelLand
from db.seed.geojson import course_text, polygon_text
from db.seed.ledger import Site
from db.seed.moment import Moment
from db.seed.organisation import Organisation
from db.seed.rows import Rows

_LARGE_YUAN = 2_500_000_000
# Plots without a project: state and share.
_SPARE: tuple[tuple[ParcelStatus, float], ...] = (
    (ParcelStatus.PLANNED, 0.46),
    (ParcelStatus.APPROVED_NOT_SUPPLIED, 0.24),
    (ParcelStatus.SUPPLIED_NOT_BUILT, 0.12),
    (ParcelStatus.IDLE_LAND, 0.06),
    (ParcelStatus.INEFFICIENT_LAND, 0.12),
)


def share_out(roles: Sequence[Role], geography: Geography) -> tuple[dict[int, list[int]], dict[int, Site]]:
    """
    Give plots to the projects that need one, as far as their county has any.

    Returns:
        Indexes of plots by project number, and the site of every project (a spot of its county when it has no plot).
    """
    codes = {county.code: county.short_name for county in geography.counties}
    free: dict[str, list[int]] = {name: [] for name in codes.values()}
    for index, parcel in enumerate(geography.parcels):
        free[codes[parcel.county_code]].append(index)
    shapes = {county.short_name: Polygon(county.ring) for county in geography.counties}
    given: dict[int, list[int]] = {}
    sites: dict[int, Site] = {}
    for role in sorted(roles, key=lambda role: -role.total_yuan):
        wanted = 0 if role.kind.use is None else 2 if role.total_yuan >= _LARGE_YUAN else 1
        taken = [free[role.county].pop(0) for _ in range(min(wanted, len(free[role.county])))]
        if taken:
            given[role.number] = taken
            sites[role.number] = Site(*centre(geography.parcels[taken[0]]), has_plot=True)
        else:
            sites[role.number] = Site(*_spot(shapes[role.county], role.number), has_plot=False)
    return given, sites


def centre(parcel: ParcelLand) -> tuple[float, float]:
    """Return the centre of a plot, (longitude, latitude)."""
    point = Polygon(parcel.ring).centroid
    return round(point.x, 6), round(point.y, 6)


def _spot(shape: Polygon, number: int) -> tuple[float, float]:
    rng = np.random.default_rng([SEED, 40_000 + number])
    west, south, east, north = shape.bounds
    middle = shape.representative_point()
    for _ in range(60):
        x, y = float(rng.uniform(west, east)), float(rng.uniform(south, north))
        if shape.buffer(-0.008).contains(Polygon([(x, y), (x + 1e-4, y), (x, y + 1e-4)])):
            return round(x, 6), round(y, 6)
    return round(middle.x, 6), round(middle.y, 6)


def add_parcels(
    rows: Rows,
    geography: Geography,
    roles: Sequence[Role],
    given: dict[int, list[int]],
    organisation: Organisation,
    moment: Moment,
) -> dict[int, list[int]]:
    """Add all plots and return the keys of those of a project by its number."""
    holders = {index: role for role in roles for index in given.get(role.number, ())}
    short = {county.code: county.short_name for county in geography.counties}
    counters: dict[str, int] = {}
    keys: dict[int, list[int]] = {}
    for index, parcel in enumerate(geography.parcels):
        county = short[parcel.county_code]
        counters[county] = counters.get(county, 0) + 1
        key = _add_parcel(rows, index, counters[county], parcel, county, holders.get(index), organisation, moment)
        if index in holders:
            keys.setdefault(holders[index].number, []).append(key)
    for course in geography.courses:
        rows.add(MapFeature, kind=course.kind, name=course.name, geometry=course_text(course))
    return keys


def _add_parcel(
    rows: Rows,
    index: int,
    number: int,
    parcel: ParcelLand,
    county: str,
    holder: Role | None,
    organisation: Organisation,
    moment: Moment,
) -> int:
    rng = np.random.default_rng([SEED, 50_000 + index])
    status, supplied_on, start_due_on, reason = _standing(holder, rng, moment)
    spare = texts.SPARE_USES[int(rng.integers(len(texts.SPARE_USES)))]
    use = holder.kind.use if holder is not None and holder.kind.use is not None else spare
    towns = TOWNS[county]
    town = towns[int(rng.integers(len(towns)))]
    longitude, latitude = centre(parcel)
    return rows.add(
        Parcel,
        code=f"{parcel.county_code}001003GB{number:05d}",
        name=f"{county}LT-{index + 1:04d}号地块",
        county_id=organisation.counties[county],
        status=status.value,
        area_sqm=parcel.area_sqm,
        use_code=use[0],
        use_name=use[1],
        plot_ratio=round(float(rng.uniform(0.8, 2.8)), 1),
        location=f"{organisation.county_names[county]}{town}",
        supplied_on=supplied_on,
        start_due_on=start_due_on,
        unused_reason=reason,
        geometry=polygon_text(parcel.ring),
        crs="EPSG:4490",
        center_longitude=longitude,
        center_latitude=latitude,
    )


def _standing(
    holder: Role | None, rng: np.random.Generator, moment: Moment
) -> tuple[ParcelStatus, date | None, date | None, str]:
    """Return state, day of supply, agreed start and the reason why it lies unused."""
    if holder is not None and holder.is_listed:
        if holder.started_on is not None:
            supplied = holder.started_on - timedelta(days=int(rng.integers(60, 200)))
            return ParcelStatus.IN_USE, supplied, add_months(supplied, 9), ""
        if holder.start_planned_on < moment.today:
            supplied = moment.days_ago(int(rng.integers(150, 300)))
            return ParcelStatus.SUPPLIED_NOT_BUILT, supplied, add_months(supplied, 6), "项目尚未开工"
        return ParcelStatus.PLANNED, None, None, ""
    status = _SPARE[int(rng.choice(len(_SPARE), p=[share for _, share in _SPARE]))][0]
    reason = texts.PARCEL_REASONS[int(rng.integers(len(texts.PARCEL_REASONS)))]
    if status in (ParcelStatus.PLANNED, ParcelStatus.APPROVED_NOT_SUPPLIED):
        return status, None, None, reason if status is ParcelStatus.APPROVED_NOT_SUPPLIED else ""
    # 闲置 means more than a year behind the agreed start (国土资源部令第53号); the others are younger or in use.
    days = {ParcelStatus.IDLE_LAND: (820, 1300), ParcelStatus.SUPPLIED_NOT_BUILT: (190, 500)}.get(status, (1500, 3200))
    supplied = moment.days_ago(int(rng.integers(*days)))
    return status, supplied, add_months(supplied, 12), reason


def add_uses(rows: Rows, project_id: int, parcel_ids: Sequence[int], since: date) -> None:
    """Add which plots a project holds since when."""
    for parcel_id in parcel_ids:
        rows.add(ParcelUse, parcel_id=parcel_id, project_id=project_id, from_on=since, to_on=None)
