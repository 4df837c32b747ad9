"""Rounds in a row: escalation, resets, passing over, catch-up, across a year end; against a naive retelling."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.flag_rule_sets import DEFAULT_RULE_SET, OUHAI, YINCHUAN
from core.domain.flag_rules import Escalation
from core.domain.round_sequence import PastFlag, Settled, settle
from core.domain.terms import FlagLevel

WORD = {
    "G": FlagLevel.OK,
    "B": FlagLevel.NOTICE,
    "Y": FlagLevel.WARN,
    "R": FlagLevel.SEVERE,
    "-": FlagLevel.EXEMPT,
    "?": FlagLevel.NO_DATA,
}
LETTER = {level: letter for letter, level in WORD.items()}


def played(rules, told: str) -> tuple[str, list[int]]:
    """Play rounds one after the other, as the office would; return the published letters and the streaks."""
    past: list[PastFlag] = []
    for number, letter in enumerate(told, start=1):
        settled = settle(WORD[letter], past, rules)
        past.insert(0, PastFlag(number, WORD[letter], settled.level, settled.streak))
    return "".join(LETTER[flag.level] for flag in reversed(past)), [flag.streak for flag in reversed(past)]


@pytest.mark.parametrize(
    ("told", "published", "streaks"),
    [
        ("GYGYGY", "GYGYGY", [0, 1, 0, 1, 0, 1]),
        ("YY", "YR", [1, 2]),
        ("YYYG", "YRRG", [1, 2, 3, 0]),
        ("YBY", "YBY", [1, 0, 1]),  # 提示 breaks the run like green
        ("Y-Y", "Y-R", [1, 0, 1]),  # 免评 neither counts nor breaks it
        ("Y?Y", "Y?Y", [1, 0, 1]),  # no data breaks the run of the default rules
        ("RYY", "RYR", [1, 2, 3]),  # a red by the rules is no yellow to count
        ("YGYYGYYYGGYY", "YGYRGYRRGGYR", [1, 0, 1, 2, 0, 1, 2, 3, 0, 0, 1, 2]),
    ],
)
def test_two_yellows_in_a_row_become_red(told: str, published: str, streaks: list[int]) -> None:
    assert played(DEFAULT_RULE_SET, told) == (published, streaks)


def test_rules_without_escalation_leave_every_level() -> None:
    assert played(YINCHUAN, "YYYYRRYYGGYY")[0] == "YYYYRRYYGGYY"


def test_three_rounds_are_counted_where_the_rules_say_three() -> None:
    rules = replace(DEFAULT_RULE_SET, escalation=Escalation("S", 3))
    assert played(rules, "YYGYYYYG")[0] == "YYGYYRRG"


def test_a_yellow_set_to_green_by_hand_breaks_the_run() -> None:
    past = [PastFlag(4, FlagLevel.WARN, FlagLevel.OK, 0), PastFlag(3, FlagLevel.WARN, FlagLevel.WARN, 1)]
    assert settle(FlagLevel.WARN, past, DEFAULT_RULE_SET) == Settled(FlagLevel.WARN, 1)


def test_hit_names_the_round_before_and_the_run() -> None:
    past = [PastFlag(4, FlagLevel.WARN, FlagLevel.SEVERE, 2), PastFlag(3, FlagLevel.WARN, FlagLevel.WARN, 1)]
    settled = settle(FlagLevel.WARN, past, DEFAULT_RULE_SET)
    assert settled.level is FlagLevel.SEVERE
    assert settled.hit is not None
    assert (settled.hit.rule_code, settled.hit.source) == ("SEQ-01", "round:4")
    assert settled.hit.reason == "连续 3 轮黄旗，转为红旗"


@pytest.mark.parametrize(("letter", "level"), [("G", "Y"), ("Y", "Y"), ("R", "R")])
def test_missed_then_done_is_yellow_and_not_escalated(letter: str, level: str) -> None:
    past = [PastFlag(7, FlagLevel.WARN, FlagLevel.WARN, 1)]
    settled = settle(WORD[letter], past, OUHAI, ("用地批复",))
    assert (LETTER[settled.level], settled.streak) == (level, 2)
    assert settled.hit is not None
    assert settled.hit.reason == "关键节点“用地批复”上轮逾期、本轮已补完"
    assert settle(WORD["Y"], past, OUHAI).level is FlagLevel.SEVERE


def test_catch_up_is_ignored_by_rules_that_know_none() -> None:
    past = [PastFlag(7, FlagLevel.WARN, FlagLevel.WARN, 1)]
    assert settle(FlagLevel.OK, past, DEFAULT_RULE_SET, ("用地批复",)) == Settled(FlagLevel.OK, 0)


@given(st.text(alphabet="GBYR-?", min_size=1, max_size=12), st.integers(2, 4), st.sampled_from(["", "-", "-?"]))
def test_any_history_agrees_with_a_naive_retelling(told: str, rounds: int, over: str) -> None:
    rules = replace(
        DEFAULT_RULE_SET, escalation=Escalation("S", rounds, passes_over=tuple(WORD[letter] for letter in over))
    )
    published, streaks = played(rules, told)
    run = streak = 0
    for place, letter in enumerate(told):
        if letter == "Y":
            run += 1
        elif letter not in over:
            run = 0
        expected = "R" if letter == "Y" and run >= rounds else letter
        streak = streak + 1 if expected in "YR" else 0
        assert (published[place], streaks[place]) == (expected, streak)
