"""Supervision rounds (督查轮次): draft → reviewed → published (→ superseded). Others import from here only."""

from core.services.rounds.creating import ACTIVE_RULES, NewRound, create, proposal
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
from db.queries.round_decisions import DecisionFilter, DecisionRow, HistoryRow, OverrideRow
from db.queries.rounds import Movement, RoundRow

__all__ = [
    "ACTIVE_RULES",
    "DecisionFilter",
    "DecisionPage",
    "DecisionRow",
    "DecisionView",
    "HistoryRow",
    "Movement",
    "NewRound",
    "OverrideRow",
    "RoundRow",
    "RoundView",
    "create",
    "decision",
    "decision_of",
    "decisions",
    "latest_published",
    "list_rounds",
    "overrides",
    "proposal",
    "read_round",
]
