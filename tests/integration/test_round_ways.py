"""Both ways of computing a round give the same flags after any history (property)."""

import json
import os
import random
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.domain.flag_hits import hits_from_json
from core.domain.flag_rule_sets import DEFAULT_RULE_SET
from core.domain.flag_rules import ScheduleBasis
from core.domain.flags import rule_set_to_dict
from core.domain.rounds import facts_from_json
from core.services import figures, rounds
from core.services.rounds import computing
from db.models import FlagDecision, RuleSet
from db.session import Store, read, transaction
from tests.conftest import Clock
from tests.factories import SYSTEM
from tests.support.histories import RandomHistory

HISTORIES = int(os.environ.get("WR_TEST_ROUND_HISTORIES", "25"))
STEPS = 12


def flags(round_id: int) -> dict[tuple[str, int], tuple[object, ...]]:
    """Every column of a round's flags but the id, JSON read."""
    with read() as connection:
        rows = connection.execute(select(FlagDecision.__table__).where(FlagDecision.round_id == round_id)).mappings()
        return {
            (row["subject_kind"], row["subject_id"]): (
                *(value for name, value in row.items() if name not in ("id", "hits", "facts")),
                hits_from_json(row["hits"]),
                facts_from_json(row["facts"]),
            )
            for row in rows
        }


def put_in_force(basis: ScheduleBasis) -> None:
    """Store the default rules with another 序时 and have the roll-ups made by them."""
    rules = rule_set_to_dict(replace(DEFAULT_RULE_SET, code="office", basis=basis))
    body = json.dumps(rules, ensure_ascii=False)
    with transaction(SYSTEM) as tx:
        tx.insert(RuleSet, {"kind": "flag", "code": "office", "name": "本地规则", "body": body})
    figures.recount(SYSTEM)


@pytest.mark.parametrize("basis", list(ScheduleBasis), ids=lambda basis: basis.value)
def test_rollups_and_facts_give_the_same_round_after_any_history(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, basis: ScheduleBasis
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    city, stands_at = RandomHistory(seed, clock), computing.stands_at
    put_in_force(basis)
    compared, start = 0, clock.now
    for _ in range(HISTORIES):
        clock.now = start  # days change inside a history; in another year the list would be empty
        for _ in range(STEPS):
            city.step()
        key = rounds.create(SYSTEM, rounds.proposal(SYSTEM))
        monkeypatch.setattr(computing, "stands_at", stands_at)
        fast = rounds.compute(SYSTEM, key, 1)
        expected = flags(key)
        monkeypatch.setattr(computing, "stands_at", lambda head, row: False)
        slow = rounds.compute(SYSTEM, key, fast.version)
        assert (fast.from_rollups, slow.from_rollups) == (True, False)
        assert flags(key) == expected, f"seed {seed}"
        assert slow.sha256 == fast.sha256
        compared += len(expected)
    assert compared > 4 * HISTORIES
