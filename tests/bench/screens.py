"""P2: what a wall, a first ledger page and a project's detail cost at 100 000 projects, against the same at 1 000."""

from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from core.services import project_details, projects, wall
from core.services.projects import ProjectFilter
from db.models import Project
from db.session import Store, use_store
from tests.bench.harness import CLOCKS, Figure, paired
from tests.factories import SYSTEM

GOAL = 1.5


def _middle(store: Store) -> int:
    with store.read() as connection:
        last = connection.execute(select(func.max(Project.id))).scalar_one()
    return max(1, last // 2)


def _works(store: Store) -> dict[str, Callable[[], object]]:
    key = _middle(store)

    def on_store(work: Callable[[], object]) -> Callable[[], object]:
        def switched() -> object:
            use_store(store)
            return work()

        return switched

    return {
        "wall view": on_store(lambda: wall.view(SYSTEM)),
        "first ledger page": on_store(lambda: projects.search(SYSTEM, ProjectFilter())),
        "project detail": on_store(lambda: project_details.detail(SYSTEM, key)),
    }


def figures_of(large: Store, small: Store, sizes: tuple[int, int]) -> Iterator[Figure]:
    """Yield P2 for the *large* store; the floor is the *small* one, alternated with it."""
    kind = "sqlite" if large.is_sqlite else "postgresql"
    ours, theirs = _works(large), _works(small)
    for name, work in ours.items():
        value, base, ratio = paired(work, theirs[name], CLOCKS[kind], repeats=5)
        label = f"P2 {name}, {sizes[0]} / {sizes[1]}"
        yield Figure(label, kind, sizes[0], value, "ms", base, ratio, f"ratio <= {GOAL}", ratio <= GOAL)
