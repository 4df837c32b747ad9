"""What the screen of headquarters reads, kept by data version."""

from core.domain.permissions import Actor
from core.services import headquarters as service
from core.services.headquarters import Board, Chain, Headquarters, Matrix, Situation
from pages.components.cached import cached_view


@cached_view()
def board(actor: Actor) -> Board:
    """Return all headquarters of the scope."""
    return service.board(actor)


@cached_view()
def one(actor: Actor, headquarters_id: int) -> Headquarters:
    """Return one headquarters."""
    return service.read_one(actor, headquarters_id)


@cached_view()
def situation(actor: Actor, headquarters_id: int) -> Situation:
    """Return its fronts."""
    return service.situation(actor, headquarters_id)


@cached_view()
def chain(actor: Actor, headquarters_id: int) -> Chain:
    """Return its chain."""
    return service.chain(actor, headquarters_id)


@cached_view()
def matrix(actor: Actor) -> Matrix:
    """Return county × headquarters."""
    return service.matrix(actor)
