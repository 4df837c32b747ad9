"""What repeated rounds make of a level: the second yellow in a row becomes red (docs/metrics.md#flags)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.domain.flag_hits import RuleHit
from core.domain.rounds import FLAGGED
from core.domain.terms import FlagLevel

ESCALATION_CODE = "SEQ-YELLOW"
YELLOWS_TO_RED = 2  # 连续两轮黄旗转红旗（三亚市 2022 年考核办法的做法）


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


def settle(rule_level: FlagLevel, past: Sequence[PastFlag]) -> Settled:
    """
    Return what *rule_level* becomes after *past*, the same subject's flags in earlier rounds, latest first.

    A yellow counts only when it stood when published: one that was set to green by hand breaks the run, and so does
    a round the subject was not in (the caller passes only the unbroken rounds right before this one).
    """
    if rule_level not in FLAGGED:
        return Settled(rule_level, 0)
    streak = 1 + (past[0].streak if past and past[0].level in FLAGGED else 0)
    run = 1
    for flag in past:
        if flag.rule_level is not FlagLevel.WARN or flag.level not in FLAGGED:
            break
        run += 1
    if rule_level is not FlagLevel.WARN or run < YELLOWS_TO_RED:
        return Settled(rule_level, streak)
    reason = f"连续{run}轮黄旗，转为红旗"
    hit = RuleHit(
        ESCALATION_CODE,
        Decimal(run),
        Decimal(YELLOWS_TO_RED),
        FlagLevel.SEVERE,
        reason,
        f"round:{past[0].round_id}",
    )
    return Settled(FlagLevel.SEVERE, streak, hit)
