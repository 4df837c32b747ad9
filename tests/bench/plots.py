"""P11: ten thousand plots reach the browser once, compressed; an unchanged map costs no byte."""

import gzip
import json
import time
from collections.abc import Iterator

from core.services import plots
from core.services.plots import Layer, MapFilter
from core.services.projects import ProjectFilter
from db.session import Store
from tests.bench.harness import Figure, once
from tests.factories import SYSTEM

MEBIBYTE = 1024 * 1024


def figures_of(store: Store, projects: int) -> Iterator[Figure]:
    """Yield CPU and compressed size of the plot layer."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    wanted = MapFilter(ProjectFilter(), ())

    def build() -> plots.Payload:
        plots.forget()
        return plots.payload(SYSTEM, Layer.PLOTS, wanted)

    payload = build()
    count = len(json.loads(gzip.decompress(payload.content))["features"])
    value = min(once(build, time.process_time) for _ in range(5))
    per_ten_thousand = value * 10_000 / max(count, 1)
    size = len(payload.content) / MEBIBYTE * 10_000 / max(count, 1)
    yield Figure(
        f"P11 map of {count} plots, CPU per 10 000",
        kind,
        projects,
        per_ten_thousand,
        "ms",
        goal="<= 100",
        ok=per_ten_thousand <= 100,
    )
    yield Figure(
        f"P11 map of {count} plots, gzip per 10 000", kind, projects, size, "MiB", goal="<= 0.7", ok=size <= 0.7
    )
    again = once(lambda: plots.payload(SYSTEM, Layer.PLOTS, wanted), time.process_time, repeats=50)
    yield Figure("P11 unchanged map, CPU", kind, projects, again, "ms", goal="<= 1.5", ok=again <= 1.5)
