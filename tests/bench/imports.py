"""
P9: a ledger of 10 000 rows read, checked, set aside, audited and written, against the bare work it cannot avoid.

The **floor** reads the same file once with calamine and writes the rows that the product wrote – business tables,
batch, problems and every audit row, as the driver takes them – by one ``executemany`` per table in one transaction.
It recognises no header, parses no cell, checks nothing, hashes nothing and keeps no roll-up.

The **product** is what a person does: preview, then confirm. Each round has stores of its own and a process of its own,
so that memory is that of one import and nothing is warm but the imports of Python.
"""

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import select

from core.services import imports
from core.settings import get_settings
from db.migrate import upgrade
from db.models.base import Base
from db.session import Store, open_store, use_store
from tests.bench.harness import CLOCKS, Clock, Figure
from tests.bench.ledger_file import COUNTIES, build_workbook
from tests.factories import SYSTEM, make_county
from tests.support.memory import peak_mib

ROWS = 10_000
ROUNDS = 5
_DERIVED = {"project_state", "tally", "parcel_tally", "store_head"}
MEBIBYTE = 1024 * 1024


def figures_of(kind: str, new_store: Callable[[], str]) -> Iterator[Figure]:
    """
    Yield P9 for one database.

    Args:
        kind: ``sqlite`` or ``postgresql``.
        new_store: Returns the address of an empty, migrated store.
    """
    with tempfile.TemporaryDirectory(prefix="wr-imports-") as folder:
        file = Path(folder) / "台账.xlsx"
        file.write_bytes(build_workbook(ROWS))
        rounds = [_round(file, new_store(), new_store()) for _ in range(ROUNDS)]
    middle = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    ratio = statistics.median((one["preview"] + one["apply"]) / one["floor"] for one in rounds)
    total = middle["preview"] + middle["apply"]
    yield Figure(f"P9 import of {ROWS} rows", kind, 0, total, "s", middle["floor"], ratio, "ratio <= 4", ratio <= 4)
    yield Figure("P9 preview", kind, 0, middle["preview"], "s", goal="<= 2", ok=middle["preview"] <= 2)
    yield Figure("P9 confirmation", kind, 0, middle["apply"], "s")
    yield Figure("P9 memory added", kind, 0, middle["memory"], "MiB", goal="<= 150", ok=middle["memory"] <= 150)


def _round(file: Path, url: str, floor_url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.imports", str(file), url, floor_url]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


@contextlib.contextmanager
def sqlite_stores() -> Iterator[Callable[[], str]]:
    """Yield a maker of migrated SQLite stores that go with the context."""
    with tempfile.TemporaryDirectory(prefix="wr-stores-") as folder:
        numbers = iter(range(1_000_000))

        def new_store() -> str:
            url = f"sqlite:///{(Path(folder) / f'{next(numbers)}.db').as_posix()}"
            upgrade(url)
            return url

        yield new_store


def _measure(file: Path, url: str, floor_url: str) -> dict[str, float]:
    """One round, in a process of its own: first the product, then the floor with the rows that the product wrote."""
    data = file.read_bytes()
    store, floor_store = _opened(url), _opened(floor_url)
    use_store(store)
    imports.preview(SYSTEM, "ledger", "空.csv", "项目名称,县区,总投资（万元）\n甲,兰山区,1\n".encode())
    clock = CLOCKS["sqlite" if store.is_sqlite else "postgresql"]
    before = peak_mib(anew=True)
    start = clock()
    preview = imports.preview(SYSTEM, "ledger", file.name, data)
    shown = clock()
    result = imports.apply(SYSTEM, preview.batch_id)
    end = clock()
    memory = peak_mib() - before
    if not (result.quarantined and result.inserted + result.quarantined == ROWS):
        raise SystemExit(f"not the import that was meant: {result}")
    use_store(None)
    written = _written(store, floor_store)
    return {
        "preview": shown - start,
        "apply": end - shown,
        "memory": memory,
        "floor": _floor(floor_store, data, written, clock),
    }


def _opened(url: str) -> Store:
    store = open_store(url, settings=get_settings())
    with store.transaction(SYSTEM) as tx:
        for name in COUNTIES:
            make_county(tx, name)
    return store


Written = list[tuple[str, list[Any]]]


def _written(store: Store, bare: Store) -> Written:
    """Return each table's insert with the rows that *store* has and *bare* does not, as the driver takes them."""
    found: Written = []
    with store.read() as one, bare.read() as other:
        for table in Base.metadata.sorted_tables:
            if table.name in _DERIVED:
                continue
            keys = [column.name for column in table.primary_key]
            known = {tuple(row) for row in other.execute(select(*(table.c[name] for name in keys)))}
            query = f'SELECT * FROM "{table.name}"'
            result = one.exec_driver_sql(query)
            names = list(result.keys())
            places = [names.index(name) for name in keys]
            rows = [tuple(row) for row in result if tuple(row[place] for place in places) not in known]
            if rows:
                mark = "?" if store.is_sqlite else "%s"
                columns = ", ".join(f'"{name}"' for name in names)
                marks = ", ".join([mark] * len(names))
                found.append((f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', rows))
    return found


def _floor(store: Store, data: bytes, written: Written, clock: Clock) -> float:
    owner = store.engine.raw_connection()
    connection: Any = owner.driver_connection
    start = clock()
    with CalamineWorkbook.from_object(BytesIO(data)) as book:
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
    cursor = connection.cursor()
    if store.is_sqlite:
        cursor.execute("BEGIN IMMEDIATE")
    for statement, rows in written:
        cursor.executemany(statement, rows)
    connection.commit()
    return clock() - start


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))
