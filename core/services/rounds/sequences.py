"""Looking back: what the rounds before make of a level, only for the subjects where it can move it."""

from sqlalchemy import Connection

from core.domain.flag_hits import hits_from_json, hits_to_json
from core.domain.flag_rules import LEVEL_RANK, FlagRuleSet
from core.domain.round_sequence import settle
from core.domain.rounds import FLAGGED
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel
from db import rollup, round_rows
from db.queries.rounds import RoundRow


def streak(level: FlagLevel, previous_level: str, previous_streak: int) -> int:
    """Return the run of rounds at WARN or worse that *level* ends."""
    if level not in FLAGGED:
        return 0
    return 1 + (previous_streak if previous_level in FLAGGED else 0)


def settle_all(connection: Connection, row: RoundRow, rules: FlagRuleSet, past_ids: list[int]) -> None:
    """Apply escalation and catch-up where the published rounds *past_ids*, latest first, ask for it."""
    if not past_ids or (rules.escalation is None and rules.catch_up is None):
        return
    levels, previous = _concerned(rules)
    past = round_rows.past_flags(connection, row.id, past_ids, levels, previous)
    found = round_rows.to_be_settled(connection, row.id, levels, previous)
    caught_up = _caught_up(connection, row, found, past_ids[0]) if rules.catch_up else {}
    rows = []
    for key, kind, subject, rule_level, gap, hits in found:
        names = caught_up.get(subject, ()) if kind == SubjectKind.PROJECT.value else ()
        settled = settle(FlagLevel(rule_level), past.get((kind, subject), []), rules, names)
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


def _concerned(rules: FlagRuleSet) -> tuple[set[FlagLevel], set[FlagLevel]]:
    """Return the levels now and before that looking back may move."""
    levels, previous = set(), set(FLAGGED)
    if rules.escalation is not None:
        levels.add(rules.escalation.from_level)
        previous.update(rules.escalation.passes_over)
    if rules.catch_up is not None:
        levels.update(LEVEL_RANK)
    return levels, previous


def _caught_up(
    connection: Connection, row: RoundRow, found: list[tuple[int, str, int, str, int | None, str]], before_id: int
) -> dict[int, tuple[str, ...]]:
    """Return project id → names of the nodes that were a reason in the round before and are reached since."""
    before = round_rows.node_hits(connection, before_id)
    missed = {
        subject: _nodes(before[subject]) - _nodes(hits)
        for _, kind, subject, _, _, hits in found
        if kind == SubjectKind.PROJECT.value and subject in before
    }
    reached = round_rows.nodes_reached(connection, set().union(*missed.values()), row.window.cut_off_on)
    return {
        subject: tuple(reached[node] for node in sorted(nodes) if node in reached)
        for subject, nodes in missed.items()
        if nodes & reached.keys()
    }


def _nodes(hits: str) -> set[int]:
    sources = (hit.source.partition(":") for hit in hits_from_json(hits) if hit.level in FLAGGED)
    return {int(key) for kind, _, key in sources if kind == "milestone"}
