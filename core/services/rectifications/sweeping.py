"""Raising what has slipped (逾期升级): by command, or by the first reader of a day. Idempotent."""

from datetime import date

from core.domain import rectification as machine
from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.permissions import Actor, Permission, require, system_actor
from core.domain.supervision_terms import RectificationAction
from core.services.rectifications.rules import clock_at
from core.services.rectifications.writing import move, note
from db.queries import rectifications as queries
from db.session import current_store, is_sealed, read, transaction

_BATCH = 500


def sweep(actor: Actor, today: date | None = None) -> int:
    """
    Raise every case whose unit let a deadline pass before *today* (default: now); return how many were raised.

    Raises:
        PermissionDenied: The actor may not organise rounds.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    day = today or current_store().today()
    raised = 0
    while count := _sweep_batch(actor, day):
        raised += count
    return raised


def sweep_when_due() -> None:
    """Sweep in the system's name when anything has slipped: the first reader of a day finds it raised."""
    if is_sealed():
        return  # a closed month shows the cases as they stood
    with read() as connection:
        is_due = queries.has_slipped(connection, current_store().today())
    if is_due:
        sweep(system_actor())


def _sweep_batch(actor: Actor, today: date) -> int:
    with transaction(actor) as tx:
        clock = clock_at(tx.connection, today)
        rows = queries.slipped(tx.connection, today, _BATCH)
        for row in rows:
            following, times = machine.raise_slipped(row.case, clock)
            word = DEFAULT_SCHEME.mark(row.case.level).word
            was = "" if following.level is row.case.level else f"{word}旗升级为红旗，"
            text = f"“{row.case.step.label}”逾期，{was}由{clock.rules.leader(following.raised_times)}督办"
            move(tx, row, following)
            if times:
                note(tx, row, RectificationAction.RAISED, text=text, new_due_on=row.case.due_on)
        return len(rows)
