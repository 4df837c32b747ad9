"""The definitions (口径) of rates in force: rows of the store, or the shipped ones while there are none."""

import json
from functools import lru_cache

from sqlalchemy import Connection, select

from core.domain.rates import RATE_DEFINITIONS, RateDefinition, parse_definition
from db.models import RuleSet
from db.session import read

KIND = "rate"


@lru_cache(maxsize=512)
def _parse(body: str) -> RateDefinition:
    return parse_definition(json.loads(body))


def active_definitions() -> tuple[RateDefinition, ...]:
    """Return the rate definitions in force, shipped order first, own additions after them."""
    with read() as connection:
        return read_definitions(connection)


def read_definitions(connection: Connection) -> tuple[RateDefinition, ...]:
    """Return the rate definitions in force, read through *connection*."""
    bodies = connection.execute(
        select(RuleSet.body).where(RuleSet.kind == KIND, RuleSet.is_active).order_by(RuleSet.code, RuleSet.number)
    ).scalars()
    stored = {definition.code: definition for definition in map(_parse, bodies)}
    shipped = tuple(stored.pop(definition.code, definition) for definition in RATE_DEFINITIONS)
    return shipped + tuple(stored.values())
