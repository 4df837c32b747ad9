"""The real server and a real browser for tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from core.commands import _server, _system
from core.settings import Settings
from db.seed.content.accounts import DEMO_PASSWORD
from tests.support.parts import need

_START_SECONDS = 120
_OWN_HOSTS = {"127.0.0.1", "localhost", ""}
_SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && app.getAttribute('data-test-connection-state') === 'CONNECTED';
}"""


@dataclass(slots=True)
class LiveServer:
    """A server process and where it answers."""

    settings: Settings
    log_path: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return self.settings.address

    def start(self) -> None:
        """Start the process and wait until ``/healthz`` answers 200."""
        environment = _server.server_environment(self.settings, os.environ)
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                _server.server_command(self.settings), cwd=_server.ROOT, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                pytest.fail(f"the server did not start:\n{self.log()}", pytrace=False)
            time.sleep(0.1)

    def kill(self) -> None:
        """Stop it at once, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False


@dataclass(slots=True)
class Watched:
    """A browser page with what it asked of other hosts and what it complained about."""

    page: object
    foreign_requests: list[str] = field(default_factory=list)
    console_errors: list[str] = field(default_factory=list)

    def open(self, url: str, timeout: float = 30_000) -> None:
        """Go to *url* and wait until the script behind it has run."""
        self.page.goto(url)
        self.settle(timeout)

    def settle(self, timeout: float = 30_000) -> None:
        """Wait until Streamlit is connected and idle."""
        self.page.wait_for_function(_SETTLED, timeout=timeout)


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the demo city as ``manage.py run`` builds it on first start."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {**os.environ, "WR_DATA_DIR": str(folder)}
    for command in (["migrate"], ["demo"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=_server.ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def live_server(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The server of ``manage.py run`` on a free port, on its own copy of the demo city; fresh for each test module."""
    folder = tmp_path_factory.mktemp("live")
    shutil.copytree(demo_folder, folder / "data")
    server = LiveServer(Settings(data_dir=folder / "data", port=free_port()), folder / "server.log")
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One Chromium for the whole run; names other than this machine's resolve to nothing."""
    path = need("chromium", _system.find_browser())
    from playwright.sync_api import sync_playwright

    rules = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", f"--host-resolver-rules={rules}"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def browser_page(browser) -> Iterator[Watched]:
    """A page in Chinese, 1440 × 1000; a request to another host fails the test."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 1000})
    watched = Watched(context.new_page())
    watch(context, watched)
    yield watched
    context.close()
    assert watched.foreign_requests == []


def watch(context, watched: Watched) -> None:
    """Record and refuse what leaves this machine; record errors of the console."""

    def guard(route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in {"data", "blob"} or address.hostname in _OWN_HOSTS:
            route.continue_()
        else:
            watched.foreign_requests.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    for page in context.pages:
        page.on("pageerror", lambda error: watched.console_errors.append(str(error)))
        page.on(
            "console",
            lambda message: watched.console_errors.append(message.text) if message.type == "error" else None,
        )
        page.on(
            "websocket",
            lambda socket_: (
                watched.foreign_requests.append(socket_.url)
                if urlsplit(socket_.url).hostname not in _OWN_HOSTS
                else None
            ),
        )


@contextmanager
def windows_of(
    browser, server: "LiveServer", logins: Sequence[str], path: str, heading: str, patience: int
) -> Iterator[dict[str, Watched]]:
    """Yield one window for each demo account, signed in at *path*; no window may have asked a foreign host."""
    contexts, windows = [], {}
    for login in logins:
        context = browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 1000}
        )
        windows[login] = Watched(context.new_page())
        watch(context, windows[login])
        page = windows[login].page
        page.goto(f"{server.url}/login?next={path}")
        page.fill("#login", login)
        page.fill("#password", DEMO_PASSWORD)
        page.click("button[type=submit]")
        page.get_by_role("heading", name=heading).wait_for(timeout=patience)
        windows[login].settle(patience)
        contexts.append(context)
    yield windows
    for context in contexts:
        context.close()
    assert [window.foreign_requests for window in windows.values()] == [[] for _ in windows]
