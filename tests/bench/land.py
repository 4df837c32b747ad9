"""
Land files: 10 000 parcels from one Shapefile, and 1 000 plots from an exchange txt, previewed and confirmed.

The **floor** reads the same file (GDAL and GEOS for the Shapefile, splitting into numbers for the txt), turns it into
longitude/latitude, and writes the rows that the product wrote – plots and their audit rows, as the driver takes
them – by one ``executemany`` per table. It checks nothing, looks for no neighbour, no county and no stored plot.

Each round has stores and a process of its own. ``python -m tests.bench.land`` runs it alone on SQLite.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from sqlalchemy import select

from core.exporters.land_plot import ExportPlot
from core.exporters.land_shapefile import build_shapefile
from core.exporters.land_txt import build_txt
from core.services import imports
from core.settings import get_settings
from db.models import Parcel
from db.models.system import AuditEvent
from db.session import Store, open_store, use_store
from tests.bench.harness import CLOCKS, Clock, Figure
from tests.bench.imports import sqlite_stores
from tests.factories import SYSTEM, make_county
from tests.support.memory import peak_mib

PARCELS, TXT_PLOTS, ROUNDS = 10_000, 1_000, 3
ZONE = 39
MEBIBYTE = 1024 * 1024
_BOX = (118.0, 34.8, 118.45, 35.3)


def figures_of(kind: str, new_store: Callable[[], str]) -> Iterator[Figure]:
    """
    Yield preview, confirmation and memory of both files for one database.

    Args:
        kind: ``sqlite`` or ``postgresql``.
        new_store: Returns the address of an empty, migrated store.
    """
    with tempfile.TemporaryDirectory(prefix="wr-land-bench-") as folder:
        for file, title in _files(Path(folder)):
            rounds = [_round(file, new_store(), new_store()) for _ in range(ROUNDS)]
            middle = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
            ratio = statistics.median((one["preview"] + one["apply"]) / one["floor"] for one in rounds)
            total = middle["preview"] + middle["apply"]
            yield Figure(title, kind, 0, total, "ms", middle["floor"], ratio)
            shown, memory = middle["preview"], middle["memory"]
            yield Figure(f"{title}, preview", kind, 0, shown, "ms", goal="<= 2000", ok=shown <= 2000)
            yield Figure(f"{title}, memory added", kind, 0, memory, "MiB", goal="<= 150", ok=memory <= 150)


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    shapes = folder / "parcels.zip"
    shapes.write_bytes(build_shapefile(_plots(PARCELS)))
    yield shapes, f"land import of {PARCELS} parcels from a Shapefile"
    text = folder / "plots.txt"
    ((_name, content),) = build_txt(_plots(TXT_PLOTS), "自然资源局", date(2026, 11, 25)).items()
    text.write_bytes(content)
    yield text, f"land import of {TXT_PLOTS} plots from a txt"


def _plots(count: int) -> list[ExportPlot]:
    """Uneven eight-cornered plots on a grid, neighbours with a common street between them."""
    chance = np.random.default_rng(7)
    columns = int(np.ceil(np.sqrt(count)))
    west, south, east, north = _BOX
    step = min((east - west) / columns, (north - south) / columns) * 0.98
    turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    plots = []
    for number in range(count):
        x, y = west + (number % columns + 0.6) * step, south + (number // columns + 0.6) * step
        radius = step * chance.uniform(0.3, 0.48, 8)
        shape = shapely.Polygon(np.column_stack((x + radius * np.cos(turn), y + radius * np.sin(turn))))
        code = f"371301GB{number:06d}"
        plots.append(ExportPlot(code, f"地块{code}", "河东县", "待落地", 0, None, "0601", "工业用地", "路", shape))
    return plots


def _round(file: Path, url: str, floor_url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.land", str(file), url, floor_url]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _opened(url: str) -> Store:
    store = open_store(url, settings=get_settings())
    boundary = shapely.to_geojson(shapely.box(117.9, 34.7, 118.6, 35.4))
    with store.transaction(SYSTEM) as tx:
        make_county(tx, "河东县", boundary=boundary)
    return store


def _measure(file: Path, url: str, floor_url: str) -> dict[str, float]:
    """One round: first the product, then the floor with the rows that the product wrote; milliseconds and MiB."""
    data = file.read_bytes()
    store, floor_store = _opened(url), _opened(floor_url)
    use_store(store)
    clock = CLOCKS["sqlite" if store.is_sqlite else "postgresql"]
    imports.preview(SYSTEM, "land", "a.geojson", b'{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}')
    before = peak_mib(anew=True)
    start = clock()
    preview = imports.preview(SYSTEM, "land", file.name, data)
    shown = clock()
    result = imports.apply(SYSTEM, preview.batch_id)
    end = clock()
    memory = peak_mib() - before
    if result.inserted not in (PARCELS, TXT_PLOTS) or result.quarantined:
        raise SystemExit(f"not the import that was meant: {result}")
    use_store(None)
    written = _written(store, floor_store)
    return {
        "preview": (shown - start) * 1000,
        "apply": (end - shown) * 1000,
        "memory": memory,
        "floor": _floor(floor_store, file, written, clock) * 1000,
    }


def _written(store: Store, bare: Store) -> list[tuple[str, list[Any]]]:
    """Return the inserts of plots and audit rows as the driver takes them, without those of the opening."""
    with bare.read() as other:
        known = len(other.execute(select(AuditEvent.seq)).all())
    found = []
    with store.read() as one:
        for table, condition in ((Parcel.__tablename__, ""), (AuditEvent.__tablename__, f" WHERE seq > {known}")):
            result = one.exec_driver_sql(f'SELECT * FROM "{table}"{condition}')
            names = list(result.keys())
            marks = ", ".join(["?" if store.is_sqlite else "%s"] * len(names))
            columns = ", ".join(f'"{name}"' for name in names)
            found.append((f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', [tuple(row) for row in result]))
    return found


def _floor(store: Store, file: Path, written: list[tuple[str, list[Any]]], clock: Clock) -> float:
    owner = store.engine.raw_connection()
    connection: Any = owner.driver_connection
    start = clock()
    _bare_read(file)
    cursor = connection.cursor()
    if store.is_sqlite:
        cursor.execute("BEGIN IMMEDIATE")
    for statement, rows in written:
        cursor.executemany(statement, rows)
    connection.commit()
    return clock() - start


def _bare_read(file: Path) -> Any:
    if file.suffix == ".zip":
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(file) as archive:
                archive.extractall(folder)
            _meta, _fids, wkb, _columns = pyogrio.raw.read(Path(folder) / "plots.shp")
        return shapely.from_wkb(wkb)
    lines = [line.split(",") for line in file.read_text("gb18030").splitlines() if line.startswith("J")]
    points = np.array([(float(line[3]), float(line[2])) for line in lines])
    transformer = pyproj.Transformer.from_crs(4488 + ZONE, 4490, always_xy=True)
    return transformer.transform(points[:, 0], points[:, 1])


def main() -> None:
    """Run the figures alone, on SQLite."""
    with sqlite_stores() as new_store:
        for figure in figures_of("sqlite", new_store):
            figure.print()


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(_measure(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))
    else:
        main()
