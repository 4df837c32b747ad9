"""The picture of the wall at a data version, made once per process and scope, whoever asks for it.

A viewer names the picture it has; it gets the panels that have changed since, or all of them when the process does
not remember that picture.
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from core.domain.permissions import Actor, Permission
from core.services import system, wall
from core.services.figures import Version
from core.settings import get_settings
from pages.components import markup
from pages.components.wall import panels
from pages.components.wall.panels import Reader, Rendered

SCOPES_KEPT = 64
PICTURES_REMEMBERED = 64


@lru_cache(maxsize=1)
def build() -> str:
    """Return a stamp of templates, style, script and settings: another stamp means another release."""
    digest = hashlib.sha256(get_settings().model_dump_json(exclude={"database_url", "secret_key"}).encode())
    for path in sorted((markup.TEMPLATES / "wall").iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def edition(actor: Actor) -> str:
    """Return a stamp of everything but the data that decides what *actor* sees: scope, links, release."""
    return _edition(actor.scope.key, _has_links(actor))


@lru_cache(maxsize=1024)
def _edition(scope: str, links: bool) -> str:
    return hashlib.sha256(f"{scope}|{links}|{build()}".encode()).hexdigest()[:10]


def _has_links(actor: Actor) -> bool:
    return actor.can(Permission.VIEW_PROJECTS)


def name_of(actor: Actor, version: Version) -> str:
    """Return the name of the picture that *actor* sees at *version*; two actors with equal names see the same."""
    return f"{version.key}-{version.month}-{edition(actor)}"


@dataclass(slots=True)
class Picture:
    """
    One picture.

    Attributes:
        name: Its ETag; see ``name_of``.
        number: Place in the order in which this process made the pictures of this scope.
        changed: For each panel, the number of the picture in which its HTML last changed.
    """

    name: str
    number: int
    changed_at: datetime | None
    rendered: Mapping[str, Rendered]
    changed: Mapping[str, int]
    numbers: Mapping[str, int]
    _bodies: dict[int, bytes] = field(default_factory=dict)

    def body(self, since: str) -> bytes:
        """Return the answer for a viewer that shows the picture named *since* (JSON, UTF-8)."""
        number = self.numbers.get(since, 0)
        if number not in self._bodies:
            self._bodies[number] = json.dumps(self.content(since), ensure_ascii=False, separators=(",", ":")).encode()
        return self._bodies[number]

    def content(self, since: str = "") -> dict[str, object]:
        """Return what a viewer that shows *since* needs: name, release, age and the panels that differ."""
        number = self.numbers.get(since, 0)
        return {
            "version": self.name,
            "build": build(),
            "changed_at": self.changed_at.timestamp() if self.changed_at else None,
            "panels": {key: panel.html for key, panel in self.rendered.items() if self.changed[key] > number},
        }


class _Series:
    """The pictures of one scope: the latest one, and the names of some before it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.latest: Picture | None = None
        self._numbers: OrderedDict[str, int] = OrderedDict()

    def make(self, actor: Actor) -> Picture:
        view = wall.view(actor)
        name = name_of(actor, view.version)
        before = self.latest
        if before is not None and before.name == name:
            return before
        number = before.number + 1 if before else 1
        known = before.rendered if before else {}
        reader = Reader(_has_links(actor), actor.scope.everything, system.is_demo())
        rendered = panels.render(view, reader, known)
        changed = {
            key: before.changed[key] if before and key in known and known[key].html == panel.html else number
            for key, panel in rendered.items()
        }
        self._numbers[name] = number
        while len(self._numbers) > PICTURES_REMEMBERED:
            self._numbers.popitem(last=False)
        self.latest = Picture(name, number, view.changed_at, rendered, changed, dict(self._numbers))
        return self.latest


class Gallery:
    """The pictures of this process, by scope; thread-safe, one making at a time per scope."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._series: OrderedDict[str, _Series] = OrderedDict()

    def picture(self, actor: Actor, version: Version) -> Picture:
        """Return the picture for *actor* at *version* or later."""
        name = name_of(actor, version)
        series = self._of(f"{edition(actor)}{version.sealed}")
        with series.lock:
            if series.latest is not None and series.latest.name == name:
                return series.latest
            return series.make(actor)

    def _of(self, key: str) -> _Series:
        with self._guard:
            series = self._series.setdefault(key, _Series())
            self._series.move_to_end(key)
            while len(self._series) > SCOPES_KEPT:
                self._series.popitem(last=False)
            return series


gallery = Gallery()


def now() -> float:
    """Return the server's time in seconds, for the clock of the wall."""
    return datetime.now(UTC).timestamp()
