"""Rows of ``milestone_baseline``: one shape for the desk, for tables and for schedules."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from db.transaction import WriteTransaction


def baseline_row(
    tx: WriteTransaction, milestone_id: int, number: int, planned_on: date, previous_on: date | None, reason: str
) -> dict[str, Any]:
    """Return baseline *number* of a milestone, without its id; *previous_on* is the plan it moved away from."""
    return {
        "milestone_id": milestone_id,
        "number": number,
        "planned_on": planned_on,
        "previous_on": previous_on,
        "days": (planned_on - previous_on).days if previous_on else 0,
        "reason": reason,
        "set_by": tx.actor.login,
        "set_at": tx.at,
    }


def first_baselines(
    tx: WriteTransaction, milestone_id: int, first_on: date, planned_on: date, reason: str
) -> Iterator[dict[str, Any]]:
    """Yield the first baseline, and the move to the present plan where a file knows both."""
    yield baseline_row(tx, milestone_id, 0, first_on, None, reason)
    if first_on != planned_on:
        yield baseline_row(tx, milestone_id, 1, planned_on, first_on, reason)
