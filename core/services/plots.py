"""
The layers of the map as compressed GeoJSON, made once per data version, scope and filter.

Text is joined from SQL rows: geometry is stored as GeoJSON already, so nothing is parsed and built again.
"""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import Connection

from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import FlagLevel, ParcelStatus, Stage, Term
from core.domain.units import format_pct, format_pp, sqm_to_mu_tenths
from core.services import figures
from core.services.figures import Version
from db.queries import plots as queries
from db.queries import rounds
from db.queries.plots import MapFilter
from db.queries.projects import flag_range
from db.session import current_store, read

__all__ = ["Layer", "MapFilter", "Payload", "forget", "layer_tag", "payload"]
GZIP_LEVEL = 3
_CACHE_BYTES = 64 * 1024 * 1024


class Layer(Term):
    """A layer of the map that the browser fetches by address."""

    PLOTS = "plots", "地块"
    PROJECTS = "projects", "项目"
    COUNTIES = "counties", "县区"
    LINES = "lines", "河流与交通"


@dataclass(frozen=True, slots=True)
class Payload:
    """A layer ready to send: gzip bytes and the tag that changes whenever they may."""

    etag: str
    content: bytes


class _Cache:
    """The latest payloads, up to a number of bytes; one builder at a time, the others wait for its result."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit, self._held = limit_bytes, 0
        self._entries: OrderedDict[str, Payload] = OrderedDict()
        self._guard, self._building = threading.Lock(), threading.Lock()

    def get(self, tag: str) -> Payload | None:
        with self._guard:
            found = self._entries.get(tag)
            if found is not None:
                self._entries.move_to_end(tag)
            return found

    def put(self, payload: Payload) -> None:
        with self._guard:
            self._entries[payload.etag] = payload
            self._held += len(payload.content)
            while self._held > self._limit and len(self._entries) > 1:
                _tag, dropped = self._entries.popitem(last=False)
                self._held -= len(dropped.content)

    def clear(self) -> None:
        with self._guard:
            self._entries.clear()
            self._held = 0

    @property
    def building(self) -> threading.Lock:
        return self._building


_cache = _Cache(_CACHE_BYTES)


def layer_tag(actor: Actor, layer: Layer, wanted: MapFilter, version: Version) -> str:
    """Return the tag of a layer: it differs whenever data, day, scope or filter do."""
    parts = (current_store().url, layer.value, version.key, actor.scope.key, wanted.key)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def payload(actor: Actor, layer: Layer, wanted: MapFilter) -> Payload:
    """
    Return a layer as gzip-compressed GeoJSON; only rows of the actor's scope are in it.

    Raises:
        PermissionDenied: The actor may not look at projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    version = figures.version()
    tag = layer_tag(actor, layer, wanted, version)
    found = _cache.get(tag)
    if found is None:
        with _cache.building:
            found = _cache.get(tag) or _build(actor, layer, wanted, version, tag)
    return found


def _build(actor: Actor, layer: Layer, wanted: MapFilter, version: Version, tag: str) -> Payload:
    with read() as connection:
        features = ",".join(_features(connection, actor, layer, wanted, version))
    text = f'{{"type":"FeatureCollection","features":[{features}]}}'
    built = Payload(tag, gzip.compress(text.encode(), GZIP_LEVEL, mtime=0))
    _cache.put(built)
    return built


def forget() -> None:
    """Drop all payloads kept in this process."""
    _cache.clear()


def _features(connection: Connection, actor: Actor, layer: Layer, wanted: MapFilter, version: Version) -> Iterable[str]:
    if layer in (Layer.PLOTS, Layer.PROJECTS):
        published = rounds.latest_published(connection)
        asked = (connection, actor.scope, wanted, version.month.year, published.id if published else None)
        if layer is Layer.PLOTS:
            return map(_plot, queries.load_plots(*asked))
        return map(_point, queries.load_points(*asked))
    if layer is Layer.COUNTIES:
        return (_county(row) for row in queries.load_counties(connection, actor.scope) if row.boundary)
    return map(_line, queries.load_lines(connection))


@lru_cache(maxsize=1)
def _ranges() -> tuple[tuple[int, FlagLevel], ...]:
    return tuple(sorted((flag_range(level)[1], level) for level in FlagLevel))


@lru_cache(maxsize=16_384)
def level_of(worst: int) -> FlagLevel:
    """Return the level whose range of sorting keys holds *worst*."""
    return next(level for highest, level in _ranges() if worst <= highest)


@lru_cache(maxsize=16)
def _mark(level: FlagLevel) -> str:
    mark = DEFAULT_SCHEME.mark(level)
    return mark.word if mark.word == mark.shape else f"{mark.shape} {mark.word}"


_STATUS = {status.value: status.label for status in ParcelStatus}
# A plot in use whose project the visitor may not see is not called empty.
_NOBODY = {ParcelStatus.IN_USE.value: '""'}
_EMPTY = '"暂无项目"'
_quoted = lru_cache(maxsize=16_384)(encode_basestring)


@lru_cache(maxsize=16_384)
def _stands(worst: int, project: str) -> tuple[str, str]:
    """Return level and tooltip line of a plot's project, for plots that share it."""
    level = level_of(worst)
    return level.value, encode_basestring(f"{_mark(level)}　{project}")


def _plot(row: Any) -> str:
    plot_id, name, county, status, area_sqm, worst, project, geometry = row
    level, stands = ("", _NOBODY.get(status, _EMPTY)) if worst is None else _stands(worst, project)
    mu = sqm_to_mu_tenths(area_sqm)
    about = encode_basestring(f"{county} · {_STATUS[status]} · {mu // 10}.{mu % 10} 亩")
    return (
        f'{{"type":"Feature","properties":{{"id":{plot_id},"s":"{status}","f":"{level}",'
        f'"t":{encode_basestring(name)},"a":{about},"b":{stands}}},"geometry":{geometry}}}'
    )


def _point(row: Any) -> str:
    project_id, name, county, stage, worst, plan_yuan, done_yuan, longitude, latitude = row
    level = level_of(worst)
    mark = DEFAULT_SCHEME.mark(level)
    done = format_pct(Fraction(done_yuan, plan_yuan) if plan_yuan else None)
    about = f"{county} · {Stage(stage).label} · 年度完成 {done}"
    return (
        f'{{"type":"Feature","properties":{{"id":{project_id},"f":"{level}","g":{_quoted(mark.shape)},'
        f'"t":{encode_basestring(name)},"a":{encode_basestring(about)},"b":{_quoted(_mark(level))}}},'
        f'"geometry":{{"type":"Point","coordinates":[{longitude:.6f},{latitude:.6f}]}}}}'
    )


def _county(row: Any) -> str:
    about = stands = ""
    if row.projects is not None:
        plan, done, due = row.annual_plan_yuan, row.ytd_done_yuan, row.curve_due_yuan
        about = f"{row.projects} 项 · 年度完成 {format_pct(Fraction(done, plan) if plan else None)}"
        stands = f"与序时差 {format_pp(Fraction(100 * (done - due), plan) if plan else None)} 个百分点"
    return (
        f'{{"type":"Feature","properties":{{"id":{row.id},"t":{encode_basestring(row.name)},'
        f'"a":{encode_basestring(about)},"b":{encode_basestring(stands)}}},"geometry":{row.boundary}}}'
    )


def _line(row: Any) -> str:
    kind, name, geometry = row
    return (
        f'{{"type":"Feature","properties":{{"k":{encode_basestring(kind)},"t":{encode_basestring(name)}}},'
        f'"geometry":{geometry}}}'
    )
