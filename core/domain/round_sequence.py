"""What the rounds before make of a level: escalation and catch-up, by the rule set (docs/metrics.md#flags)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.domain.flag_hits import RuleHit
from core.domain.flag_rules import LEVEL_RANK, CatchUp, FlagRuleSet
from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.rounds import FLAGGED
from core.domain.terms import FlagLevel


@dataclass(frozen=True, slots=True)
class PastFlag:
    """The flag of the same subject in an earlier published round."""

    round_id: int
    rule_level: FlagLevel
    level: FlagLevel
    streak: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The level after looking back, the run of rounds at WARN or worse, and the hit that says why it moved."""

    level: FlagLevel
    streak: int
    hit: RuleHit | None = None


def settle(
    rule_level: FlagLevel, past: Sequence[PastFlag], rule_set: FlagRuleSet, caught_up: Sequence[str] = ()
) -> Settled:
    """
    Return what *rule_level* becomes after *past*, the same subject's flags in earlier rounds, latest first.

    A flag counts only when it stood when published: one that was set to green by hand breaks the run, and so does a
    round the subject was not in (the caller passes only the unbroken rounds right before this one). Years do not
    matter: November-December and January-February are consecutive rounds.

    Args:
        caught_up: Names of key nodes that the round before found overdue and that were reached since (补完).
    """
    streak = _streak(rule_level, past)
    if caught_up and rule_set.catch_up is not None:
        return _caught_up(rule_level, past, rule_set.catch_up, caught_up)
    rule = rule_set.escalation
    if rule is None or rule_level is not rule.from_level:
        return Settled(rule_level, streak)
    run, first = 1, None
    for flag in past:
        if flag.level in rule.passes_over:
            continue
        if flag.rule_level is not rule.from_level or flag.level not in FLAGGED:
            break
        run, first = run + 1, first or flag
    if first is None or run < rule.rounds:
        return Settled(rule_level, streak)
    before, after = (DEFAULT_SCHEME.mark(level).word for level in (rule.from_level, rule.to_level))
    reason = f"连续 {run} 轮{before}旗，转为{after}旗"
    hit = RuleHit(rule.code, Decimal(run), Decimal(rule.rounds), rule.to_level, reason, f"round:{first.round_id}")
    return Settled(rule.to_level, _streak(rule.to_level, past), hit)


def _streak(level: FlagLevel, past: Sequence[PastFlag]) -> int:
    if level not in FLAGGED:
        return 0
    return 1 + (past[0].streak if past and past[0].level in FLAGGED else 0)


def _caught_up(rule_level: FlagLevel, past: Sequence[PastFlag], rule: CatchUp, names: Sequence[str]) -> Settled:
    level = max(rule_level, rule.level, key=lambda known: LEVEL_RANK.get(known, 0))
    reason = f"关键节点“{'”“'.join(names)}”上轮逾期、本轮已补完"
    hit = RuleHit(rule.code, None, None, rule.level, reason, f"round:{past[0].round_id}" if past else "")
    return Settled(level, _streak(level, past), hit)
