"""What the ledger and the map may be filtered by."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.domain.scope import Scope
from db.models.figures import tally
from db.models.organisation import County, Headquarters


@dataclass(frozen=True, slots=True)
class LedgerChoices:
    """Counties and headquarters as (id, name) in their order, and the categories in use."""

    counties: tuple[tuple[int, str], ...]
    headquarters: tuple[tuple[int, str], ...]
    categories: tuple[str, ...]


def load_choices(connection: Connection, scope: Scope) -> LedgerChoices:
    """Return the choices inside *scope*: bound to counties (headquarters) only, others are not offered."""
    counties = select(County.id, County.name).order_by(County.sort_order, County.id)
    headquarters = select(Headquarters.id, Headquarters.name).order_by(Headquarters.sort_order, Headquarters.id)
    if not scope.everything and scope.county_ids and not (scope.headquarters_ids or scope.unit_ids):
        counties = counties.where(County.id.in_(sorted(scope.county_ids)))
    if not scope.everything and scope.headquarters_ids and not (scope.county_ids or scope.unit_ids):
        headquarters = headquarters.where(Headquarters.id.in_(sorted(scope.headquarters_ids)))
    categories = select(tally.c.key_code).where(tally.c.dimension == "category").order_by(tally.c.key_code)
    return LedgerChoices(
        tuple((row.id, row.name) for row in connection.execute(counties)),
        tuple((row.id, row.name) for row in connection.execute(headquarters)),
        tuple(connection.scalars(categories)),
    )


@dataclass(frozen=True, slots=True)
class OwnerNames:
    """All counties and headquarters as (id, name) in their order, whoever asks: names are no secret, rows are."""

    counties: tuple[tuple[int, str], ...]
    headquarters: tuple[tuple[int, str], ...]


def load_names(connection: Connection) -> OwnerNames:
    """Return the names of the owners of projects."""
    counties = select(County.id, County.name).order_by(County.sort_order, County.id)
    headquarters = select(Headquarters.id, Headquarters.name).order_by(Headquarters.sort_order, Headquarters.id)
    return OwnerNames(
        tuple((row.id, row.name) for row in connection.execute(counties)),
        tuple((row.id, row.name) for row in connection.execute(headquarters)),
    )
