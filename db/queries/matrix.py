"""County × headquarters: cells, and margins that are added up from the projects themselves, never from cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from core.domain.scope import Scope
from db.models.figures import project_state as state
from db.queries.scoping import project_scope

MATRIX_MEASURES = ("projects", "annual_plan_yuan", "curve_due_yuan", "ytd_done_yuan", "level_warn", "level_severe")
NOBODY = 0  # the column of projects that no headquarters owns (未归口)


@dataclass(frozen=True, slots=True)
class MatrixSums:
    """Sums of one cell or margin; money in 元."""

    projects: int = 0
    annual_plan_yuan: int = 0
    curve_due_yuan: int = 0
    ytd_done_yuan: int = 0
    level_warn: int = 0
    level_severe: int = 0


@dataclass(frozen=True, slots=True)
class MatrixRows:
    """Sums by (county, headquarters), by county, by headquarters (``NOBODY`` = none) and of all."""

    cells: dict[tuple[int, int], MatrixSums]
    counties: dict[int, MatrixSums]
    headquarters: dict[int, MatrixSums]
    total: MatrixSums


def matrix(connection: Connection, scope: Scope) -> MatrixRows:
    """Return the matrix of the listed projects inside *scope*; each margin is its own sum over projects."""
    owner = func.coalesce(state.c.headquarters_id, NOBODY)
    return MatrixRows(
        cells={(row[0], row[1]): sums for row, sums in _grouped(connection, scope, (state.c.county_id, owner))},
        counties={row[0]: sums for row, sums in _grouped(connection, scope, (state.c.county_id,))},
        headquarters={row[0]: sums for row, sums in _grouped(connection, scope, (owner,))},
        total=next((sums for _, sums in _grouped(connection, scope, ())), MatrixSums()),
    )


def _grouped(connection: Connection, scope: Scope, keys: Sequence[Any]) -> list[tuple[Any, MatrixSums]]:
    inside = project_scope(scope, state.c.county_id, state.c.headquarters_id, state.c.unit_id)
    sums = [func.coalesce(func.sum(state.c[code]), 0) for code in MATRIX_MEASURES]
    query = select(*keys, *sums).where(state.c.projects > 0, inside).group_by(*keys)
    count = len(keys)
    return [(row[:count], MatrixSums(*map(int, row[count:]))) for row in connection.execute(query)]
