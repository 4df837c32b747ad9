"""Visitors who save through the running app while its process is killed; they come back and go on."""

import itertools
import threading
from dataclasses import dataclass, field
from datetime import date, timedelta

import httpx
from websockets.exceptions import WebSocketException

from tests.support.streamlit_client import Visitor, wait_until_up

DAY = "预计完成日期"
REASON = "原因（晚于计划时必填）"
SAVE = "保存预计"
SAVED = "已保存预计完成日期"
_SAVES_PER_MILESTONE = 15
_CLICKS = 40
_GONE = (OSError, EOFError, TimeoutError, WebSocketException, httpx.HTTPError)


@dataclass(slots=True)
class Ledger:
    """What the visitors were told: acknowledged (milestone, version), what they typed last, what went wrong."""

    acks: list[tuple[int, int]] = field(default_factory=list)
    typed: dict[int, tuple[int, date, str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    returns: int = 0
    claims: dict[int, int] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def acknowledge(self, milestone: int, version: int, day: date, reason: str) -> None:
        with self.changed:
            self.acks.append((milestone, version))
            self.typed[milestone] = (version, day, reason)
            self.changed.notify_all()

    def claim(self, milestone: int, saver: int) -> bool:
        """Return whether *milestone* is the saver's own: whoever opens it first keeps it."""
        with self.changed:
            return self.claims.setdefault(milestone, saver) == saver

    def complain(self, words: str) -> None:
        with self.changed:
            self.errors.append(words)
            self.changed.notify_all()

    def wait_for(self, count: int, seconds: float) -> None:
        """Wait until *count* saves are acknowledged; fail as soon as something went wrong."""
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.acks) >= count or self.errors, seconds)
        assert not self.errors, self.errors
        assert arrived, f"only {len(self.acks)} of {count} saves were acknowledged in {seconds:.0f} s"


class Saver(threading.Thread):
    """
    One signed-in visitor who saves forecasts, one after another, on milestones nobody else saves on.

    A save counts as acknowledged when the screen that says so has arrived with the row's new version.
    """

    def __init__(self, url: str, cookie: str, ledger: Ledger, name: int) -> None:
        super().__init__(daemon=True)
        self._url, self._cookie, self._ledger, self._name = url, cookie, ledger, name
        self._row = 0
        self._numbers = itertools.count(1)
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                wait_until_up(self._url)
                with Visitor(self._url, self._cookie) as visitor:
                    visitor.run("milestones")
                    self._work(visitor)
            except _GONE:
                self._ledger.returns += 1
            except Exception as error:  # judged by the test
                self._ledger.complain(f"{type(error).__name__}: {error}")
                return

    def _work(self, visitor: Visitor) -> None:
        while not self.stopped.is_set():
            milestone, version = self._open_next(visitor)
            for _ in range(_SAVES_PER_MILESTONE if self._ledger.claim(milestone, self._name) else 0):
                if self.stopped.is_set():
                    return
                version = self._save(visitor, milestone, version)

    def _open_next(self, visitor: Visitor) -> tuple[int, int]:
        # A click on a list that was drawn before somebody else's save is not taken: click again, as a person would.
        for row in (self._row, self._row, *[0] * _CLICKS):  # behind the last row begin again
            visitor.select_cell(visitor.widget("dataframe"), row, "期限")
            if any(visitor.widgets("date_input")):
                self._row = row + 1
                return _opened(visitor)
        raise AssertionError(f"no row opens a milestone: {visitor.words('markdown', 'alert')}")

    def _save(self, visitor: Visitor, milestone: int, version: int) -> int:
        number = next(self._numbers)
        day, reason = date(2027, 1, 1) + timedelta(days=number % 700), f"接口方案调整 {self._name}-{number}"
        visitor.put(visitor.widget("date_input", label=DAY), day.strftime("%Y/%m/%d"))
        visitor.put(visitor.widget("text_area", label=REASON), reason)
        visitor.click(visitor.widget("button", label=SAVE))
        drawn, new = _opened(visitor)
        if (drawn, new) != (milestone, version + 1) or SAVED not in visitor.words("alert"):
            raise AssertionError(f"{milestone}: version {version} became {drawn} {new}; {visitor.words('alert')}")
        self._ledger.acknowledge(milestone, new, day, reason)
        return new


def _opened(visitor: Visitor) -> tuple[int, int]:
    """Return id and version of the milestone whose form is drawn."""
    *_, milestone, version = visitor.widget("date_input", label=DAY).key.split("_")
    return int(milestone), int(version)
