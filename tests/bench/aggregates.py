"""P1, P2: the eight aggregates of a wall through the product's own query layer, against raw SQL on them."""

from collections.abc import Callable, Iterator
from typing import Any

from core.domain.scope import Scope
from core.domain.terms import FlagLevel
from db.queries import figures
from db.session import Store
from tests.bench.harness import CLOCKS, Figure, paired

_KPI = "projects, total_investment_yuan, annual_plan_yuan, ytd_done_yuan, start_due, start_due_started"
_MONTHS = ", ".join(f"plan_m{month:02d}_yuan, done_m{month:02d}_yuan" for month in range(1, 13))
RAW = (
    f"SELECT c.name, t.key_id, {_KPI} FROM tally t JOIN county c ON c.id = t.key_id "
    "WHERE t.dimension = 'county' ORDER BY c.sort_order, c.id",
    f"SELECT h.name, t.key_id, {_KPI} FROM tally t JOIN headquarters h ON h.id = t.key_id "
    "WHERE t.dimension = 'headquarters' ORDER BY h.sort_order, h.id",
    "SELECT key_id, key_code, start_due, start_due_started, continuing, continuing_resumed FROM tally "
    "WHERE dimension = 'county_category'",
    f"SELECT {_MONTHS} FROM tally WHERE dimension = 'city'",
    "SELECT level_ok, level_notice, level_warn, level_severe, level_no_data, level_exempt FROM tally "
    "WHERE dimension = 'city'",
    "SELECT key_id, milestones_overdue FROM tally WHERE dimension = 'county'",
    "SELECT status, sum(parcels), sum(area_sqm) FROM parcel_tally GROUP BY status",
    "SELECT key_id, annual_plan_yuan, ytd_done_yuan FROM tally WHERE dimension = 'county'",
)
_KPI_MEASURES = (*_KPI.split(", "), "milestones_overdue")
_CITY_MEASURES = (*_MONTHS.split(", "), *(f"level_{level.value}" for level in FlagLevel))
_START_MEASURES = ("start_due", "start_due_started", "continuing", "continuing_resumed")


def product(store: Store) -> Callable[[], object]:
    """Return the eight answers as the product asks for them: the board, county × category, plots."""

    def work() -> object:
        with store.read() as connection:
            board = figures.board(connection, Scope.all(), _KPI_MEASURES)
            city = figures.city(connection, Scope.all(), _CITY_MEASURES)
            starts = figures.by_county_and_category(connection, Scope.all(), _START_MEASURES)
            return board, city, starts, figures.parcels_by_status(connection, Scope.all())

    return work


def floor(store: Store) -> Callable[[], object]:
    """Return the eight statements by the driver alone, on one open connection."""
    owner = store.engine.raw_connection()
    connection: Any = owner.driver_connection

    def work() -> object:
        cursor = connection.cursor()
        answers = [cursor.execute(statement).fetchall() for statement in RAW]
        connection.rollback()
        return answers, owner

    return work


def figures_of(store: Store, projects: int) -> Iterator[Figure]:
    """Yield P1 for one store; its value at several sizes gives P2."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    value, base, ratio = paired(product(store), floor(store), CLOCKS[kind], repeats=20)
    yield Figure("P1 eight aggregates", kind, projects, value, "ms", base, ratio, "ratio <= 2", ratio <= 2)
