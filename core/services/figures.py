"""The figures that everything shows: one data version, one board of sums, one set of rates.

The roll-ups stand at an as-of point; when the day has moved on, the first reader has them recounted.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.period import AsOf, Month
from core.domain.permissions import Actor, Permission, require, system_actor
from core.domain.rates import Rate, evaluate
from core.services.rate_definitions import active_definitions
from db import audit, rollup
from db.queries import figures as queries
from db.queries.figures import BoardRows, Sums
from db.session import current_store, is_sealed, read, transaction

_recount_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Version:
    """
    What the store stands at: data version (audit head) and as-of point of its figures.

    Attributes:
        sealed: The closed month that is being looked at, e.g. ``2026-09``; empty = live.
    """

    seq: int
    on: date
    month: Month
    sealed: str = ""

    @property
    def key(self) -> str:
        """Text for cache keys and ETags; a closed month never shares one with the live store."""
        return f"{self.seq}-{self.on:%Y%m%d}{self.sealed and f'-{self.sealed}'}"

    @property
    def stamp(self) -> str:
        """Text for names of files: the day, or the closed month."""
        return f"{self.sealed}月结" if self.sealed else f"{self.on:%Y%m%d}"

    @property
    def as_of(self) -> AsOf:
        return AsOf(self.on, self.month)


def version() -> Version:
    """
    Return the data version: one single-row query while the day has not moved.

    On the first call of a new day (or after a rule change) the roll-ups are recounted first.
    """
    found = stored_version()
    return found if found is not None else _recount_if_stale()


def stored_version() -> Version | None:
    """Return the data version, or None when the roll-ups do not stand at today's as-of point."""
    with read() as connection:
        head = audit.read_head(connection)
    today = current_store().as_of()
    if head.figures != today:
        return None
    sealed = str(today.month) if is_sealed() else ""
    return Version(head.seq, today.on, today.month, sealed)


def _recount_if_stale() -> Version:
    with _recount_lock:
        found = stored_version()
        if found is None:
            _recount(system_actor())
            found = stored_version()
    assert found is not None  # noqa: S101 - just stamped under the lock
    return found


def recount(actor: Actor) -> int:
    """Make all roll-ups anew; return the number of projects counted."""
    require(actor, Permission.MANAGE_SYSTEM)
    return _recount(actor)


def _recount(actor: Actor) -> int:
    with transaction(actor) as tx:
        audit.lock_head(tx.connection)
        count = rollup.recount(tx.connection, tx.as_of)
        stamp = {"projects": count, "as_of": tx.as_of.on, "month": str(tx.as_of.month)}
        tx.record("recount", "store_head", 1, new=stamp)
    return count


@dataclass(frozen=True, slots=True)
class Board:
    """Sums of what the actor may see, with the as-of point they stand at."""

    version: Version
    city: Sums
    counties: tuple[queries.GroupSums, ...]
    headquarters: tuple[queries.GroupSums, ...]


def board(actor: Actor) -> Board:
    """Return the sums of the actor's scope: total, by county, by headquarters."""
    require(actor, Permission.VIEW_WALL)
    now = version()
    with read() as connection:
        rows: BoardRows = queries.board(connection, actor.scope)
    return Board(now, rows.city, rows.counties, rows.headquarters)


def rates(sums: Sums, as_of: AsOf) -> Mapping[str, Rate]:
    """Return every rate in force for *sums*, by code."""
    return {definition.code: evaluate(definition, sums, as_of) for definition in active_definitions()}
