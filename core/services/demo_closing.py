"""The demo city's closed months: the two before the present one, so that there is a way back to try."""

from core.domain.permissions import Actor
from core.services import closing
from db.session import live_store

MONTHS = 2
_WHY = "演示：个别项目停工未报"


def create(supervisor: Actor) -> None:
    """Close the months before the latest one that is due, oldest first."""
    last = live_store().as_of().month
    for back in range(MONTHS, 0, -1):
        closing.close(supervisor, last.shift(-back), _WHY)
