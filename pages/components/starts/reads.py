"""What the screens of starting read, kept by data version."""

from datetime import date

from core.domain.permissions import Actor
from core.domain.reserve_pool import Conversion
from core.services import starts
from core.services.starts import (
    Entries,
    OwnerChoices,
    Pool,
    ReadinessRow,
    ReadinessTable,
    Refreshed,
    StartFilter,
    WatchFilter,
    WatchPage,
)
from pages.components.cached import cached_view


@cached_view()
def items(actor: Actor, wanted: WatchFilter, page: int) -> WatchPage:
    """Return one page of a watch list."""
    return starts.find(actor, wanted, page)


@cached_view()
def pending(actor: Actor) -> Refreshed:
    """Return what a refresh of the lists would change."""
    return starts.pending(actor)


@cached_view()
def owners(actor: Actor) -> OwnerChoices:
    """Return who may own an item."""
    return starts.owner_choices(actor)


@cached_view()
def matrix(actor: Actor, wanted: StartFilter) -> ReadinessTable:
    """Return projects with their readiness."""
    return starts.matrix(actor, wanted)


@cached_view(max_entries=128)
def readiness(actor: Actor, project_id: int) -> ReadinessRow:
    """Return one project with its readiness."""
    return starts.readiness_of(actor, project_id)


@cached_view()
def pool(actor: Actor, wanted: StartFilter) -> Pool:
    """Return the reserve by maturity."""
    return starts.pool(actor, wanted)


@cached_view()
def conversion(actor: Actor, first_on: date, last_on: date) -> Conversion:
    """Return the conversion of the reserve over a period."""
    return starts.conversion(actor, first_on, last_on)


@cached_view()
def entries(actor: Actor, county_id: int | None, text: str) -> Entries:
    """Return who is in the statistics library and who is late."""
    return starts.entries(actor, county_id, text)
