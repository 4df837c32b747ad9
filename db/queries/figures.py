"""Sums of measures: from the roll-ups where everything is visible, over project states inside a narrower scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, func, select

from core.domain.measures import MEASURE_CODES
from core.domain.scope import Scope
from db.models import County, Headquarters, parcel_tally
from db.models.figures import project_state, tally
from db.queries.scoping import project_scope

Sums = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GroupSums:
    """Sums of one county, headquarters or category: key, shown name and measure code → value."""

    key_id: int
    key_code: str
    name: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class ParcelCount:
    """Plots of one county in one status: number and area in m²."""

    county_id: int
    status: str
    parcels: int
    area_sqm: int


@dataclass(frozen=True, slots=True)
class BoardRows:
    """City total and its counties and headquarters, in their sort order."""

    city: Sums
    counties: tuple[GroupSums, ...]
    headquarters: tuple[GroupSums, ...]


def board(connection: Connection, scope: Scope, measures: tuple[str, ...] = MEASURE_CODES) -> BoardRows:
    """Return the sums of everything in *scope*, by county and by headquarters (these two overlap, never add them)."""
    city: Sums = dict.fromkeys(measures, 0)
    counties: dict[int, Sums] = {}
    headquarters: dict[int, Sums] = {}
    for dimension, key_id, *values in _group_rows(connection, scope, measures):
        sums = dict(zip(measures, values, strict=True))
        if dimension == "city":
            city = sums
        elif dimension == "county":
            counties[key_id] = sums
        else:
            headquarters[key_id] = sums
    names = names_of(connection)
    return BoardRows(city, _named(counties, names.counties), _named(headquarters, names.headquarters))


def _named(groups: Mapping[int, Sums], names: Mapping[int, str]) -> tuple[GroupSums, ...]:
    return tuple(GroupSums(key_id, "", name, groups[key_id]) for key_id, name in names.items() if key_id in groups)


@dataclass(frozen=True, slots=True)
class Names:
    """Shown names by id, in sort order."""

    counties: Mapping[int, str]
    headquarters: Mapping[int, str]


_COUNTY_NAMES = select(County.id, County.name).order_by(County.sort_order, County.id)
_HEADQUARTERS_NAMES = select(Headquarters.id, Headquarters.name).order_by(Headquarters.sort_order, Headquarters.id)


def names_of(connection: Connection) -> Names:
    """Return the names of counties and headquarters."""
    return Names(
        dict(connection.execute(_COUNTY_NAMES).all()),
        dict(connection.execute(_HEADQUARTERS_NAMES).all()),
    )


def _group_rows(connection: Connection, scope: Scope, measures: tuple[str, ...]) -> list[Any]:
    if scope.everything:
        return list(connection.execute(_tally_board(measures)))
    inside = project_scope(scope, project_state.c.county_id, project_state.c.headquarters_id, project_state.c.unit_id)
    sums = [func.coalesce(func.sum(project_state.c[code]), 0) for code in measures]
    rows: list[Any] = [("city", 0, *row) for row in connection.execute(select(*sums).where(inside))]
    for dimension, column in (
        ("county", project_state.c.county_id),
        ("headquarters", project_state.c.headquarters_id),
    ):
        grouped = select(column, *sums).where(inside, column.is_not(None)).group_by(column)
        rows.extend((dimension, *row) for row in connection.execute(grouped))
    return rows


@lru_cache(maxsize=64)
def _tally_board(measures: tuple[str, ...]) -> Select[Any]:
    columns = [tally.c[code] for code in measures]
    return select(tally.c.dimension, tally.c.key_id, *columns).where(
        tally.c.dimension.in_(("city", "county", "headquarters"))
    )


def by_county_and_category(connection: Connection, scope: Scope, measures: tuple[str, ...]) -> tuple[GroupSums, ...]:
    """Return sums by county × category; ``key_code`` is the category."""
    if scope.everything:
        rows = connection.execute(_tally_categories(measures))
    else:
        inside = project_scope(
            scope, project_state.c.county_id, project_state.c.headquarters_id, project_state.c.unit_id
        )
        group = (project_state.c.county_id, project_state.c.category)
        rows = connection.execute(
            select(*group, *[func.sum(project_state.c[code]) for code in measures]).where(inside).group_by(*group)
        )
    return tuple(
        GroupSums(county_id, category, "", dict(zip(measures, values, strict=True)))
        for county_id, category, *values in rows
    )


@lru_cache(maxsize=64)
def _tally_categories(measures: tuple[str, ...]) -> Select[Any]:
    columns = [tally.c[code] for code in measures]
    return select(tally.c.key_id, tally.c.key_code, *columns).where(tally.c.dimension == "county_category")


_PARCELS = select(parcel_tally.c.county_id, parcel_tally.c.status, parcel_tally.c.parcels, parcel_tally.c.area_sqm)


def parcels_by_status(connection: Connection, scope: Scope) -> tuple[ParcelCount, ...]:
    """Return plots by county and status; plots belong to counties, so other scopes see those of their counties only."""
    statement = _PARCELS
    if not scope.everything:
        statement = statement.where(parcel_tally.c.county_id.in_(sorted(scope.county_ids)))
    return tuple(ParcelCount(*row) for row in connection.execute(statement).all())


def add_sums(rows: Sequence[Sums], measures: Sequence[str] = MEASURE_CODES) -> dict[str, int]:
    """Return the sum of *rows*, measure by measure."""
    return {code: sum(row[code] for row in rows) for code in measures}
