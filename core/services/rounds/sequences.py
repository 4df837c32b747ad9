"""Looking back: what the rounds before make of a level, only for the subjects where it can move it."""

from sqlalchemy import Connection

from core.domain.flag_hits import hits_from_json, hits_to_json
from core.domain.round_sequence import settle
from core.domain.rounds import FLAGGED
from core.domain.terms import FlagLevel
from db import rollup, round_rows


def streak(level: FlagLevel, previous_level: str, previous_streak: int) -> int:
    """Return the run of rounds at WARN or worse that *level* ends."""
    if level not in FLAGGED:
        return 0
    return 1 + (previous_streak if previous_level in FLAGGED else 0)


def settle_all(connection: Connection, round_id: int, past_ids: list[int]) -> None:
    """Escalate where the published rounds *past_ids*, latest first, ask for it."""
    past = round_rows.past_flags(connection, round_id, past_ids)
    rows = []
    for key, kind, subject, rule_level, gap, hits in round_rows.to_be_settled(connection, round_id):
        settled = settle(FlagLevel(rule_level), past.get((kind, subject), []))
        if settled.hit is not None:
            rows.append(
                {
                    "k_id": key,
                    "to_level": settled.level.value,
                    "to_streak": settled.streak,
                    "to_urgency": rollup.urgency(settled.level, gap),
                    "to_hits": hits_to_json((settled.hit, *hits_from_json(hits))),
                }
            )
    round_rows.settle_rows(connection, rows)
