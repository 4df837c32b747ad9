"""Supervision rounds (督查轮次): draft → reviewed → published (→ superseded). Others import from here only."""

from core.services.rounds.computing import Computed, compute
from core.services.rounds.creating import ACTIVE_RULES, NewRound, create, proposal
from core.services.rounds.overrides import OverrideProposal, decide_override, propose_override, withdraw_override
from core.services.rounds.publishing import discard, publish, reopen, review, supersede
from core.services.rounds.reading import (
    DecisionPage,
    DecisionView,
    RoundView,
    decision,
    decision_of,
    decisions,
    latest_published,
    list_rounds,
    overrides,
    read_round,
)
from core.services.rounds.snapshots import read_snapshot, snapshot_body
from db.queries.round_decisions import DecisionFilter, DecisionRow, HistoryRow, OverrideRow
from db.queries.rounds import Movement, RoundRow

__all__ = [
    "ACTIVE_RULES",
    "Computed",
    "DecisionFilter",
    "DecisionPage",
    "DecisionRow",
    "DecisionView",
    "HistoryRow",
    "Movement",
    "NewRound",
    "OverrideProposal",
    "OverrideRow",
    "RoundRow",
    "RoundView",
    "compute",
    "create",
    "decide_override",
    "decision",
    "decision_of",
    "decisions",
    "discard",
    "latest_published",
    "list_rounds",
    "overrides",
    "proposal",
    "propose_override",
    "publish",
    "read_round",
    "read_snapshot",
    "reopen",
    "review",
    "snapshot_body",
    "supersede",
    "withdraw_override",
]
