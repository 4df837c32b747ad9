"""That something went out: one audit row in the live store, also when the file shows a closed month."""

from collections.abc import Mapping

from core.domain.permissions import Actor
from core.services import figures
from db.session import live_store


def note_export(actor: Actor, kind: str, form: str, new: Mapping[str, object]) -> None:
    """Note in the audit that *actor* took *kind* out as *form*; a closed month is named in it."""
    sealed = figures.version().sealed
    with live_store().transaction(actor) as tx:
        tx.record("export", kind, form, new={**new, **({"closed_month": sealed} if sealed else {})})
