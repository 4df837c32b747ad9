"""Which version of a row the visitor had before their eyes: what they send rests on that one, not on a later one."""

from pages.components import state
from pages.components.state import Key


def version(name: str, now: int) -> int:
    """
    Return the version of *name* that was on the screen before this run, and note *now* for the next.

    A form that comes in carries what was typed over the version shown before; once the visitor was told of a newer
    one, the next submission rests on that.
    """
    known: dict[str, int] = state.get(Key.CAMPAIGN_SEEN) or {}
    before = known.get(name, now)
    state.put(Key.CAMPAIGN_SEEN, {**known, name: now})
    return before


def forget() -> None:
    """Forget all of them: the panel was closed, the next one starts afresh."""
    state.take(Key.CAMPAIGN_SEEN)
