"""P5, P7, P13: the running server, seen from outside: CPU and memory of its process, time until others see a save."""

import contextlib
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
from sqlalchemy import select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from core.services import displays, milestones
from core.settings import Settings
from db.models import Milestone
from db.session import Store
from tests.bench.harness import Figure, percentile
from tests.factories import SYSTEM
from tests.support.web import LiveServer, free_port

POLLS = 400
VIEWERS = 20
SAVES = 60


@contextlib.contextmanager
def serving(store: Store, data: Path) -> Iterator[LiveServer]:
    """Run a server on the store's database."""
    folder = Path(tempfile.mkdtemp(prefix="wr-bench-"))
    server = LiveServer(Settings(data_dir=data, database_url=store.url, port=free_port()), folder / "server.log")
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _client(server: LiveServer, key: str) -> httpx.Client:
    """A client that holds the wall's cookie."""
    jar = httpx.Cookies()
    with httpx.Client(base_url=server.url, timeout=30) as door:
        door.get("/wall", params={"key": key})
        jar.update(door.cookies)
    return httpx.Client(base_url=server.url, timeout=30, cookies=jar)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def first_run_seconds(server: LiveServer, client: httpx.Client) -> float:
    """Return the seconds from opening the wall's websocket to the end of its first script run."""
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
    message = BackMsg()
    message.rerun_script.query_string = ""
    message.rerun_script.context_info.url = f"{server.url}/wall"
    message.rerun_script.page_script_hash = ""
    message.rerun_script.page_name = "wall"
    start = time.perf_counter()
    with connect(address, additional_headers={"Cookie": cookies, "Origin": server.url}, max_size=None) as socket:
        socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(socket.recv(timeout=30))
            if answer.WhichOneof("type") == "script_finished":
                return time.perf_counter() - start


def start_up(store: Store, data: Path, projects: int) -> Iterator[Figure]:
    """Yield P13: start to health, first run of the wall's page, memory when idle."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    key = displays.create(SYSTEM, "bench").key
    starts, runs, sizes = [], [], []
    for _ in range(3):
        begun = time.perf_counter()
        with serving(store, data) as server:
            starts.append(time.perf_counter() - begun)
            with _client(server, key) as client:
                runs.append(first_run_seconds(server, client))
            assert server.process is not None
            sizes.append(psutil.Process(server.process.pid).memory_info().rss / 1024 / 1024)
    start, run, size = min(starts), min(runs), max(sizes)
    yield Figure("P13 start to health", kind, projects, start, "s", goal="<= 2.5", ok=start <= 2.5)
    yield Figure("P13 first page run", kind, projects, run, "s", goal="<= 1.5", ok=run <= 1.5)
    yield Figure("P13 memory after the first page", kind, projects, size, "MiB", goal="<= 250", ok=size <= 250)


def unchanged(store: Store, data: Path, projects: int) -> Iterator[Figure]:
    """Yield P5: server CPU of a 304, and of a viewer's unchanged refresh while it is held."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    key = displays.create(SYSTEM, "bench").key
    with serving(store, data) as server, _client(server, key) as client:
        assert server.process is not None
        process = psutil.Process(server.process.pid)
        name = client.get("/api/wall").headers["etag"].strip('"')
        for _ in range(20):
            client.get("/api/wall", params={"v": name, "hold": "0"})
        before = _cpu(process)
        for _ in range(POLLS):
            answer = client.get("/api/wall", params={"v": name, "hold": "0"})
            assert (answer.status_code, answer.content) == (304, b"")
        each = (_cpu(process) - before) * 1000 / POLLS
        held = _held(server, key, name, process)
    yield Figure("P5 JSON route, 304", kind, projects, each, "ms CPU", goal="<= 1.5", ok=each <= 1.5)
    yield Figure("P5 unchanged refresh, held", kind, projects, held, "ms CPU", goal="<= 15", ok=held <= 15)


def _held(server: LiveServer, key: str, name: str, process: psutil.Process) -> float:
    """Return the server's CPU per unchanged refresh of VIEWERS walls that wait, watcher included."""

    def view(results: list[int]) -> None:
        with _client(server, key) as client:
            for _ in range(2):
                results.append(client.get("/api/wall", params={"v": name}).status_code)

    results: list[int] = []
    threads = [threading.Thread(target=view, args=(results,)) for _ in range(VIEWERS)]
    before = _cpu(process)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(results) == {304}
    return (_cpu(process) - before) * 1000 / len(results)


def visible(store: Store, data: Path, projects: int) -> Iterator[Figure]:
    """Yield P7: from the commit of a save in this process until walls of two other processes have their answer."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    key = displays.create(SYSTEM, "bench").key
    with store.read() as connection:
        rows = connection.execute(
            select(Milestone.id, Milestone.version).where(Milestone.actual_on.is_(None)).limit(SAVES)
        ).all()
    waits: list[float] = []
    with serving(store, data) as first, serving(store, data) as second:
        clients = [_client(first, key), _client(second, key)]
        names = [client.get("/api/wall").headers["etag"].strip('"') for client in clients]
        for row in rows:
            waits += _one_save(store, clients, names, row.id, row.version)
        for client in clients:
            client.close()
    p50, p95, worst = percentile(waits, 0.5), percentile(waits, 0.95), max(waits)
    yield Figure("P7 save to other wall, p50", kind, projects, p50, "ms")
    yield Figure("P7 save to other wall, p95", kind, projects, p95, "ms", goal="<= 300", ok=p95 <= 300)
    yield Figure("P7 save to other wall, max", kind, projects, worst, "ms", goal="<= 2000", ok=worst <= 2000)


def _one_save(store: Store, clients: list[httpx.Client], names: list[str], key: int, version: int) -> list[float]:
    arrived: list[float] = [0.0] * len(clients)

    def wait(index: int) -> None:
        while True:
            answer = clients[index].get("/api/wall", params={"v": names[index]})
            if answer.status_code == 200:
                arrived[index] = time.perf_counter()
                names[index] = answer.headers["etag"].strip('"')
                return

    threads = [threading.Thread(target=wait, args=(index,)) for index in range(len(clients))]
    for thread in threads:
        thread.start()
    time.sleep(random.uniform(0.05, 0.4))
    day = store.today() + timedelta(days=random.randrange(1, 700))
    milestones.forecast(SYSTEM, key, day, "接口方案调整，预计顺延", version)
    committed = time.perf_counter()
    for thread in threads:
        thread.join(timeout=30)
    return [(moment - committed) * 1000 for moment in arrived]
