"""Measuring: product and floor alternate in one run, the median of the paired ratios is the figure."""

import gc
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

Clock = Callable[[], float]
ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the bench: a value beside its floor, and whether the goal is met (None = no goal)."""

    name: str
    store: str
    projects: int
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    goal: str = ""
    ok: bool | None = None

    def print(self) -> None:
        rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(self).items()}
        print(json.dumps(rounded, ensure_ascii=False), flush=True)


def once(work: Callable[[], object], clock: Clock, repeats: int = 1) -> float:
    """Return milliseconds per call of *work*."""
    start = clock()
    for _ in range(repeats):
        work()
    return (clock() - start) * 1000 / repeats


def paired(
    product: Callable[[], object], floor: Callable[[], object], clock: Clock, repeats: int = 1, rounds: int = ROUNDS
) -> tuple[float, float, float]:
    """
    Return (product ms, floor ms, median of the paired ratios).

    Both are warmed up, then measured in turn, so that whatever else the machine does meets both alike.
    """
    product()
    floor()
    gc.collect()
    pairs = [(once(product, clock, repeats), once(floor, clock, repeats)) for _ in range(rounds)]
    ratio = statistics.median(one / two for one, two in pairs)
    return statistics.median(one for one, _ in pairs), statistics.median(two for _, two in pairs), ratio


def percentile(values: list[float], share: float) -> float:
    """Return the value below which *share* (0..1) of *values* lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# CPU of this process where the database works inside it (SQLite), wall time where it works elsewhere (PostgreSQL).
CLOCKS: dict[str, Clock] = {"sqlite": time.process_time, "postgresql": time.perf_counter}
