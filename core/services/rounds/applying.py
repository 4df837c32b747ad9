"""Putting approved overrides onto freshly computed flags, and marking those whose computed level has moved."""

from typing import Any

from core.domain.scope import Scope
from core.domain.supervision_terms import ApprovalStatus
from db import rollup, round_rows
from db.models.supervision import FlagOverride
from db.queries import round_decisions
from db.queries.round_decisions import OverrideRow
from db.transaction import WriteTransaction

LIVE = (ApprovalStatus.PROPOSED, ApprovalStatus.APPROVED)
_GONE = "对象已不在本轮范围，系统撤回"


def apply_overrides(tx: WriteTransaction, round_id: int) -> None:
    """Re-apply what was approved, mark what moved, and take back overrides of subjects that left the round."""
    kept = {row.id: row for row in round_decisions.list_overrides(tx.connection, Scope.all(), round_id)}
    flags = round_decisions.overridden(tx.connection, round_id)
    for key in round_decisions.live_override_ids(tx.connection, round_id):
        override = kept.get(key)
        if override is None:
            changes: dict[str, Any] = {"status": ApprovalStatus.WITHDRAWN.value, "decision_note": _GONE}
            tx.update(FlagOverride, key, changes, expected_version=None, reason=_GONE)
            continue
        computed, gap = flags[(override.kind, override.subject_id)]
        moved = computed is not override.computed_level
        if moved is not override.is_moved:
            tx.update(FlagOverride, key, {"is_moved": moved}, expected_version=None)
        if override.status is ApprovalStatus.APPROVED:
            apply_one(tx, override, gap)


def apply_one(tx: WriteTransaction, override: OverrideRow, gap_milli_pp: int | None) -> None:
    """Set the level that counts to the overridden one."""
    urgency = rollup.urgency(override.level, gap_milli_pp)
    round_rows.set_level(tx.connection, override.round_id, override.kind, override.subject_id, override.level, urgency)
