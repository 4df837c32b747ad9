"""Writes planned plots: new ones in bulk, changes under their versions."""

from collections.abc import Sequence
from typing import Any

from core.services.imports.kind import Progress
from core.services.imports.land_plan import LandPlan
from db.imports import reserve_ids
from db.models.land import Parcel
from db.queries.land_targets import load_plot_codes
from db.transaction import WriteTransaction

_BLOCK = 500
_STEP = "写入地块"
OWN_CODE = "DK"  # numbers that the software gave out itself


def write_plots(tx: WriteTransaction, plans: Sequence[LandPlan], reason: str, progress: Progress) -> None:
    """
    Write *plans* in the open transaction.

    Raises:
        Conflict: A plot changed between the check and now.
    """
    new = [plan for plan in plans if plan.target_id is None]
    changed = [plan for plan in plans if plan.target_id is not None]
    rows = _new_rows(tx, new)
    for start in range(0, len(rows), _BLOCK):
        progress(start, len(plans), _STEP)
        tx.insert_many(Parcel, rows[start : start + _BLOCK], reason=reason)
    for done, plan in enumerate(changed, len(rows)):
        if done % _BLOCK == 0:
            progress(done, len(plans), _STEP)
        tx.update(Parcel, plan.target_id, plan.values, expected_version=plan.version, reason=reason)
    progress(len(plans), len(plans), _STEP)


def _new_rows(tx: WriteTransaction, plans: Sequence[LandPlan]) -> list[dict[str, Any]]:
    """Return the columns of new plots; those without a number get the next free one of the form DK000123."""
    ids = reserve_ids(tx.connection, Parcel, len(plans))
    taken = set(load_plot_codes(tx.connection)) if any(not plan.values["code"] for plan in plans) else set()
    rows = []
    for row_id, plan in zip(ids, plans, strict=True):
        code = plan.values["code"] or _free_code(row_id, taken)
        taken.add(code)
        rows.append({**plan.values, "id": row_id, "code": code})
    return rows


def _free_code(row_id: int, taken: set[str]) -> str:
    number = row_id
    while f"{OWN_CODE}{number:06d}" in taken:
        number += 1
    return f"{OWN_CODE}{number:06d}"
