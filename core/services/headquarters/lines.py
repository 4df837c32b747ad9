"""The figures of headquarters: progress, starts and flags as the wall shows them, those without a project included."""

from collections.abc import Sequence

from sqlalchemy import Connection

from core.domain.measures import MEASURE_CODES
from core.domain.rates import evaluate
from core.domain.scope import Scope
from core.services import flags_of_record, rate_definitions
from core.services.figures import Version
from core.services.flags_of_record import Published
from core.services.wall_view import GroupLine, line_of, with_flags
from db import audit, rollup
from db.queries import figures as sums_queries
from db.queries.figures import GroupSums
from db.queries.headquarters import HeadquartersRow

START_RATE = "start_rate_due"
_ZERO = dict.fromkeys(MEASURE_CODES, 0)


def lines_of(
    connection: Connection, scope: Scope, now: Version, rows: Sequence[HeadquartersRow]
) -> tuple[dict[int, GroupLine], Published | None]:
    """Return the line of each headquarters by id, and the round whose flags they show (None = live ones)."""
    rules = rollup.load_rule_set(connection, audit.read_head(connection).flag_rule_id)
    rates = {definition.code: definition for definition in rate_definitions.read_definitions(connection)}
    sums = {group.key_id: group.sums for group in sums_queries.board(connection, scope).headquarters}
    published = flags_of_record.read_published(connection, scope)
    as_of = now.as_of
    lines = []
    for row in rows:
        own = sums.get(row.id, _ZERO)
        start = evaluate(rates[START_RATE], own, as_of)
        lines.append(line_of(GroupSums(row.id, "", row.name, own), start, rules, as_of))
    if published is not None:
        lines = list(with_flags(lines, published.by(lambda item: item.headquarters_id)))
    return {line.key_id: line for line in lines}, published
