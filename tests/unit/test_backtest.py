"""Scoring of a back-test: counted once more, slowly, over random cases; bounds and empty quotients by hand."""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.backtest import (
    Case,
    LeadTimes,
    LevelScore,
    Score,
    Signal,
    Verdict,
    alarm_codes,
    evaluate,
    thresholds_around,
    with_threshold,
)
from core.domain.flag_hits import RuleHit
from core.domain.flag_rule_sets import DEFAULT_RULE_SET
from core.domain.flags import decide
from core.domain.outcomes import Fate
from core.domain.period import Month
from core.domain.terms import FlagLevel
from tests.unit.cities import OCTOBER, make_project

RED_OR_YELLOW = ("warn", "severe")
_MONTHS = st.builds(Month, st.just(2026), st.integers(1, 12))
_FATES = st.one_of(
    st.none(), st.just(Fate(False)), st.builds(Fate, st.just(True), st.dates(date(2026, 1, 1), date(2027, 3, 1)))
)
_CASES = st.lists(
    st.builds(
        Case,
        project_id=st.integers(1, 4),
        month=_MONTHS,
        computed=st.sampled_from(FlagLevel),
        level=st.sampled_from(FlagLevel),
        self_alarm=st.sampled_from([None, True, False]),
        codes=st.sampled_from([(), ("A",), ("B",), ("A", "B")]),
        fate=_FATES,
        sweep=st.tuples(st.booleans(), st.booleans()),
    ),
    max_size=40,
)


def _by_hand(cases, is_alarm):
    """Count the four cells and the early hits by looking at one case after the other."""
    cells = Counter()
    for case in cases:
        alarm = is_alarm(case)
        if alarm is None:
            continue
        cells[("alarm" if alarm else "calm", "late" if case.fate.delayed else "fine")] += 1
        if alarm and case.fate.delayed:
            fact = case.fate.fact_on
            cells["early"] += (case.month.year, case.month.number) < (fact.year, fact.month)
    return Score(
        cells["alarm", "late"], cells["alarm", "fine"], cells["calm", "late"], cells["calm", "fine"], cells["early"]
    )


@settings(max_examples=300)
@given(_CASES)
def test_result_equals_a_count_by_hand(cases):
    found = evaluate(cases, thresholds=2)
    judged = [case for case in cases if "exempt" not in (case.level.value, case.computed.value)]
    decided = [case for case in judged if case.fate is not None]
    assert found.exempt == len(cases) - len(judged)
    assert found.undecided == len(judged) - len(decided)
    assert found.overridden == sum(case.level != case.computed for case in decided)
    expected = {
        Signal.COMPUTED: lambda case: case.computed.value in RED_OR_YELLOW,
        Signal.FINAL: lambda case: case.level.value in RED_OR_YELLOW,
        Signal.SELF_REPORT: lambda case: case.self_alarm,
        Signal.ALWAYS: lambda case: True,
        Signal.NEVER: lambda case: False,
    }
    assert found.signals == {signal: _by_hand(decided, rule) for signal, rule in expected.items()}
    assert list(found.sweep) == [_by_hand(decided, lambda case, n=n: case.sweep[n]) for n in range(2)]
    for rule in found.rules:
        score = _by_hand(decided, lambda case, code=rule.code: code in case.codes)
        assert rule.score == score
        assert rule.alone == sum(case.codes == (rule.code,) for case in decided)
    assert {rule.code for rule in found.rules} == {code for case in decided for code in case.codes}
    assert {row.level: (row.cases, row.delayed) for row in found.levels} == {
        level: (
            sum(case.level is level for case in decided),
            sum(case.level is level and case.fate.delayed for case in decided),
        )
        for level in {case.level for case in decided}
    }


@settings(max_examples=300)
@given(_CASES)
def test_lead_times_equal_a_count_by_hand(cases):
    decided = [c for c in cases if "exempt" not in (c.level.value, c.computed.value) and c.fate is not None]
    delays = {(case.project_id, case.fate.fact_on) for case in decided if case.fate.delayed}
    months, too_late, never = [], 0, 0
    for project, fact in delays:
        alarms = [
            case.month.year * 12 + case.month.number
            for case in decided
            if (case.project_id, case.fate.fact_on) == (project, fact) and case.level.value in RED_OR_YELLOW
        ]
        if not alarms:
            never += 1
        elif min(alarms) > fact.year * 12 + fact.month:
            too_late += 1
        else:
            months.append(fact.year * 12 + fact.month - min(alarms))
    assert evaluate(cases, thresholds=2).leads == LeadTimes(tuple(sorted(months)), too_late, never)


@settings(max_examples=100)
@given(_CASES)
def test_list_behind_the_numbers_has_as_many_rows_as_the_numbers_say(cases):
    found = evaluate(cases, thresholds=2)
    counted = Counter(row.verdict for row in found.listed)
    assert counted[Verdict.HIT] == found.score.hits
    assert counted[Verdict.FALSE_ALARM] == found.score.false_alarms
    assert counted[Verdict.MISSED] == found.score.missed
    assert counted[Verdict.QUIET] == 0


def test_nothing_to_divide_by_is_none_not_zero():
    empty = evaluate([]).score
    assert (empty.precision, empty.recall, empty.false_alarm_share, empty.base_rate) == (None, None, None, None)
    calm = Score(missed=2, quiet=8)
    assert (calm.precision, calm.recall, calm.base_rate) == (None, 0, Fraction(1, 5))
    assert evaluate([]).leads.quartiles is None


def test_shares_are_quotients_of_counts():
    score = Score(hits=31, false_alarms=9, missed=10, quiet=50)
    assert (score.alarms, score.delayed, score.total) == (40, 41, 100)
    assert (score.precision, score.recall) == (Fraction(31, 40), Fraction(31, 41))
    assert (score.false_alarm_share, score.base_rate) == (Fraction(9, 40), Fraction(41, 100))


@pytest.mark.parametrize(
    ("months", "expected"),
    [((3,), (3, 3, 3)), ((0, 2), (0.5, 1, 1.5)), ((0, 1, 2, 3, 4), (1, 2, 3)), ((1, 1, 2, 6), (1, 1.5, 3))],
)
def test_quartiles_of_lead_times_are_inclusive(months, expected):
    assert LeadTimes(months, 0, 0).quartiles == expected


def test_no_data_is_no_alarm_but_is_counted():
    case = Case(1, Month(2026, 5), FlagLevel.NO_DATA, FlagLevel.NO_DATA, None, (), Fate(True, date(2026, 6, 30)))
    found = evaluate([case])
    assert found.score == Score(missed=1)
    assert found.levels == (LevelScore(FlagLevel.NO_DATA, 1, 1),)
    assert found.signals[Signal.SELF_REPORT].total == 0


def _lagging(lag_pp: int):
    """A project that lags *lag_pp* percentage points after ten months of a plan of 1.2 亿元."""
    return make_project(month_done_yuan=(100_000_000 - lag_pp * 1_200_000, *(0,) * 9, None, None))


@pytest.mark.parametrize(
    ("threshold", "alarms"), [("5", [True, True, True]), ("10", [False, True, True]), ("15", [False, False, True])]
)
def test_other_threshold_decides_anew_and_leaves_other_rules_alone(threshold, alarms):
    rules = with_threshold(DEFAULT_RULE_SET, "PRG-02", Decimal(threshold))
    levels = [decide(_lagging(lag), OCTOBER, rules).level for lag in (10, 15, 25)]
    assert [level.value in RED_OR_YELLOW for level in levels] == alarms
    assert levels[2] is FlagLevel.SEVERE
    assert DEFAULT_RULE_SET.rules[1].threshold == 10


def test_thresholds_tried_surround_the_one_in_force_and_are_never_negative():
    rules = {rule.code: rule for rule in DEFAULT_RULE_SET.rules}
    assert [str(value) for value in thresholds_around(rules["PRG-02"])] == [
        "2.5", "5.0", "7.5", "10.0", "12.5", "15.0", "17.5", "20.0", "22.5",
    ]  # fmt: skip
    assert thresholds_around(rules["NODE-01"])[0] == 0
    assert rules["NODE-01"].threshold in thresholds_around(rules["NODE-01"])


def _hit(code: str, level: FlagLevel) -> RuleHit:
    return RuleHit(code, Decimal(1), Decimal(0), level, "")


@pytest.mark.parametrize(
    ("hits", "level", "expected"),
    [
        ([("N", FlagLevel.WARN), ("N", FlagLevel.WARN), ("P", FlagLevel.NOTICE)], FlagLevel.WARN, ("N",)),
        ([("P", FlagLevel.NOTICE)], FlagLevel.NOTICE, ()),
        ([("P", FlagLevel.NOTICE)], FlagLevel.WARN, ("P",)),
        ([("NOD-PLAN", FlagLevel.NO_DATA)], FlagLevel.NO_DATA, ()),
        ([("S", FlagLevel.SEVERE), ("W", FlagLevel.WARN)], FlagLevel.SEVERE, ("S", "W")),
    ],
    ids=["each once", "notice is no alarm", "notice merged into warn", "no data", "worst first"],
)
def test_alarm_codes_are_the_rules_that_asked_for_the_alarm(hits, level, expected):
    assert alarm_codes([_hit(*hit) for hit in hits], level) == expected
