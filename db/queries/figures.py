"""Sums of measures: from the roll-ups where everything is visible, over project states inside a narrower scope."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, literal, or_, select

from core.domain.measures import MEASURE_CODES
from core.domain.scope import Scope
from db.models import County, Headquarters, parcel_tally
from db.models.figures import project_state, tally
from db.prepared import Prepared
from db.queries.scoping import project_scope

Sums = Mapping[str, int]


class SumsRow(Mapping[str, int]):
    """Sums as they came from the store, read by measure code; no dictionary is built for figures nobody asks for."""

    __slots__ = ("_index", "_values")

    def __init__(self, index: Mapping[str, int], values: Sequence[int]) -> None:
        self._index = index
        self._values = values

    def __getitem__(self, code: str) -> int:
        return int(self._values[self._index[code]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def __len__(self) -> int:
        return len(self._index)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]


class GroupSums(NamedTuple):
    """Sums of one county, headquarters or category: key, shown name and measure code → value."""

    key_id: int
    key_code: str
    name: str
    sums: Sums


class ParcelCount(NamedTuple):
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
    index = _index(measures)
    total: Sums = dict.fromkeys(measures, 0)
    groups: dict[str, list[GroupSums]] = {"county": [], "headquarters": []}
    for row in (
        _tally_board(measures).run(connection) if scope.everything else _state_board(connection, scope, measures)
    ):
        sums = SumsRow(index, row[3:])
        if row[0] == "city":
            total = sums
        else:
            groups[row[0]].append(GroupSums(row[1], "", row[2], sums))
    return BoardRows(total, tuple(groups["county"]), tuple(groups["headquarters"]))


def city(connection: Connection, scope: Scope, measures: tuple[str, ...]) -> Sums:
    """Return the sums of everything in *scope*: for what is shown of the whole only, as the year's curve."""
    if scope.everything:
        rows: Sequence[Sequence[Any]] = _tally_city(measures).run(connection)
    else:
        inside = project_scope(
            scope, project_state.c.county_id, project_state.c.headquarters_id, project_state.c.unit_id
        )
        rows = connection.execute(select(*[func.sum(project_state.c[code]) for code in measures]).where(inside)).all()
    if not rows or rows[0][0] is None:
        return dict.fromkeys(measures, 0)
    return SumsRow(_index(measures), rows[0])


@lru_cache(maxsize=64)
def _index(measures: tuple[str, ...]) -> Mapping[str, int]:
    return {code: position for position, code in enumerate(measures)}


def _state_board(connection: Connection, scope: Scope, measures: tuple[str, ...]) -> list[Sequence[Any]]:
    inside = project_scope(scope, project_state.c.county_id, project_state.c.headquarters_id, project_state.c.unit_id)
    sums = [func.coalesce(func.sum(project_state.c[code]), 0) for code in measures]
    rows: list[Sequence[Any]] = [("city", 0, "", *row) for row in connection.execute(select(*sums).where(inside))]
    for dimension, column, owner in (
        ("county", project_state.c.county_id, County),
        ("headquarters", project_state.c.headquarters_id, Headquarters),
    ):
        grouped = (
            select(literal(dimension), owner.id, owner.name, *sums)
            .join(owner, owner.id == column)
            .where(inside)
            .group_by(owner.id, owner.name, owner.sort_order)
            .order_by(owner.sort_order, owner.id)
        )
        rows.extend(connection.execute(grouped))
    return rows


@lru_cache(maxsize=64)
def _tally_board(measures: tuple[str, ...]) -> Prepared:
    """City, counties and headquarters with their names in one read; a row has either a county or a headquarters."""
    columns = [tally.c[code] for code in measures]
    name = func.coalesce(County.name, Headquarters.name, "")
    return Prepared(
        select(tally.c.dimension, tally.c.key_id, name, *columns)
        .outerjoin(County, and_(tally.c.dimension == "county", County.id == tally.c.key_id))
        .outerjoin(Headquarters, and_(tally.c.dimension == "headquarters", Headquarters.id == tally.c.key_id))
        .where(or_(*(tally.c.dimension == dimension for dimension in ("city", "county", "headquarters"))))
        .order_by(County.sort_order, County.id, Headquarters.sort_order, Headquarters.id)
    )


@lru_cache(maxsize=64)
def _tally_city(measures: tuple[str, ...]) -> Prepared:
    return Prepared(select(*[tally.c[code] for code in measures]).where(tally.c.dimension == "city"))


def by_county_and_category(connection: Connection, scope: Scope, measures: tuple[str, ...]) -> tuple[GroupSums, ...]:
    """Return sums by county × category; ``key_code`` is the category."""
    rows: Iterable[Sequence[Any]]
    if scope.everything:
        rows = _tally_categories(measures).run(connection)
    else:
        inside = project_scope(
            scope, project_state.c.county_id, project_state.c.headquarters_id, project_state.c.unit_id
        )
        group = (project_state.c.county_id, project_state.c.category)
        rows = connection.execute(
            select(*group, *[func.sum(project_state.c[code]) for code in measures]).where(inside).group_by(*group)
        ).all()
    index = _index(measures)
    return tuple([GroupSums(row[0], row[1], "", SumsRow(index, row[2:])) for row in rows])


@lru_cache(maxsize=64)
def _tally_categories(measures: tuple[str, ...]) -> Prepared:
    columns = [tally.c[code] for code in measures]
    return Prepared(select(tally.c.key_id, tally.c.key_code, *columns).where(tally.c.dimension == "county_category"))


_PARCELS = select(parcel_tally.c.county_id, parcel_tally.c.status, parcel_tally.c.parcels, parcel_tally.c.area_sqm)
_ALL_PARCELS = Prepared(_PARCELS)


def parcels_by_status(connection: Connection, scope: Scope) -> tuple[ParcelCount, ...]:
    """Return plots by county and status; plots belong to counties, so other scopes see those of their counties only."""
    if scope.everything:
        return tuple(map(ParcelCount._make, _ALL_PARCELS.run(connection)))
    inside = _PARCELS.where(parcel_tally.c.county_id.in_(sorted(scope.county_ids)))
    return tuple(ParcelCount(*row) for row in connection.execute(inside))


def add_sums(rows: Sequence[Sums], measures: Sequence[str] = MEASURE_CODES) -> dict[str, int]:
    """Return the sum of *rows*, measure by measure."""
    return {code: sum(row[code] for row in rows) for code in measures}
