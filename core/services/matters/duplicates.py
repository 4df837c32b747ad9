"""Which open matters a new one may repeat: proposed for 合并, never merged by itself."""

from rapidfuzz import fuzz

from core.domain.errors import NotFound
from core.domain.permissions import Actor, Permission, require
from db.queries import matters
from db.queries.matters import MatterFilter, MatterRow
from db.session import read

LEAST_RATIO = 45.0
_COMPARED = 300


def similar(actor: Actor, matter_id: int, most: int = 5) -> tuple[MatterRow, ...]:
    """
    Return open matters of the same list and project (without one: of the same county) with close titles.

    The closest comes first.

    Raises:
        NotFound: No such matter inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        row = matters.find_matter(connection, actor.scope, matter_id)
        if row is None:
            raise NotFound
        county_id = row.county_id if row.project_id is None else None
        wanted = MatterFilter((row.state.kind,), project_id=row.project_id, county_id=county_id, is_open=True)
        others = matters.list_matters(connection, actor.scope, wanted, limit=_COMPARED)
    marked = [(closeness(row.title, other.title), other) for other in others if other.id != row.id]
    marked.sort(key=lambda pair: (-pair[0], pair[1].id))
    return tuple(other for mark, other in marked if mark >= LEAST_RATIO)[:most]


def closeness(one: str, other: str) -> float:
    """Return how close two titles are, 0–100; a title that contains the other is as good as the same."""
    return max(fuzz.ratio(one, other), fuzz.partial_ratio(one, other) * 0.9)
