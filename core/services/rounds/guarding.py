"""What every step of a round begins with: the row, held; its version; whether the step fits its status."""

from core.domain.errors import Conflict, NotFound, RoundAlreadyPublished, RoundRefused
from core.domain.supervision_terms import RoundStatus
from db.queries import rounds
from db.queries.rounds import RoundRow
from db.transaction import WriteTransaction


def hold(tx: WriteTransaction, round_id: int, expected_version: int | None, *statuses: RoundStatus) -> RoundRow:
    """
    Return the round, locked until the transaction ends.

    Every verb takes this lock before that of the store's head: two that took them the other way round would wait
    for each other on PostgreSQL.

    Raises:
        NotFound: No such round.
        RoundAlreadyPublished: It is frozen.
        RoundRefused: It is not in one of *statuses*.
        Conflict: Somebody else changed it.
    """
    row = rounds.find_round(tx.connection, round_id, lock=True)
    if row is None:
        raise NotFound
    if row.is_frozen and row.status not in statuses:
        raise RoundAlreadyPublished
    if row.status not in statuses:
        wanted = "或".join(status.label for status in statuses)
        raise RoundRefused(f"{row.label}当前为“{row.status.label}”，此步骤只能在“{wanted}”时办理。请刷新后再试。")
    if expected_version is not None and row.version != expected_version:
        raise Conflict({"status": row.status.label, "version": row.version}, {"version": expected_version})
    return row
