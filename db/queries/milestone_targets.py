"""The stored nodes that an import of schedules or node ledgers compares its rows with."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from db.models.milestone import Milestone

_CHUNK = 500


class StoredNode(NamedTuple):
    """A node as stored, with what an import may change."""

    id: int
    version: int
    project_id: int
    sequence: int
    name: str
    first_baseline_on: date
    planned_on: date
    forecast_on: date | None
    actual_on: date | None
    moves: int
    source_key: str


_COLUMNS = tuple(getattr(Milestone, name) for name in StoredNode._fields)


def load_nodes(connection: Connection, project_ids: Sequence[int]) -> dict[int, list[StoredNode]]:
    """Return the nodes of *project_ids* by project, in their order."""
    found: dict[int, list[StoredNode]] = defaultdict(list)
    for start in range(0, len(project_ids), _CHUNK):
        chunk = project_ids[start : start + _CHUNK]
        query = select(*_COLUMNS).where(Milestone.project_id.in_(chunk))
        for row in connection.execute(query.order_by(Milestone.project_id, Milestone.sequence, Milestone.id)):
            found[row.project_id].append(StoredNode(*row))
    return found
