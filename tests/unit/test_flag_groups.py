"""Flags of groups: the ladders over sums, against fractions worked out by hand and a slow second opinion."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.flag_groups import decide_group
from core.domain.flag_rule_sets import DEFAULT_RULE_SET, SANYA, WUHAN, YINCHUAN
from core.domain.flag_words import rule_set_in_words
from core.domain.period import AsOf, Month
from core.domain.round_groups import GROUP_MEASURES
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel

JUNE = AsOf(date(2026, 7, 6), Month(2026, 6))
COUNTY = SubjectKind.COUNTY


def sums_of(**values: int) -> dict[str, int]:
    """Return sums of a group of ten projects: plan 1000, half of it due, half of it done."""
    known = dict.fromkeys(GROUP_MEASURES, 0) | {
        "projects": 10, "annual_plan_yuan": 1000, "curve_due_yuan": 500, "ytd_done_yuan": 500, "reports_due": 60,
    }  # fmt: skip
    return known | values


@pytest.mark.parametrize(
    ("values", "level", "codes"),
    [
        ({}, FlagLevel.OK, []),
        ({"ytd_done_yuan": 499}, FlagLevel.NOTICE, ["GRP-01"]),
        ({"ytd_done_yuan": 400}, FlagLevel.NOTICE, ["GRP-01"]),
        ({"ytd_done_yuan": 399}, FlagLevel.WARN, ["GRP-02"]),
        ({"ytd_done_yuan": 299}, FlagLevel.SEVERE, ["GRP-03"]),
        ({"level_severe": 2}, FlagLevel.OK, []),
        ({"level_severe": 3}, FlagLevel.WARN, ["GRP-04"]),
        ({"annual_plan_yuan": 0}, FlagLevel.NO_DATA, ["NOD-PLAN"]),
        ({"reports_missing": 60}, FlagLevel.NO_DATA, ["NOD-REPORT"]),
        ({"reports_missing": 60, "level_severe": 9}, FlagLevel.WARN, ["GRP-04", "NOD-REPORT"]),
    ],
)
def test_default_group_rules_at_their_bounds(values, level: FlagLevel, codes: list[str]) -> None:
    decision = decide_group(COUNTY, sums_of(**values), JUNE, DEFAULT_RULE_SET)
    assert (decision.level, [hit.rule_code for hit in decision.hits]) == (level, codes)


@pytest.mark.parametrize(("undone", "level"), [(0, FlagLevel.OK), (1, FlagLevel.WARN), (2, FlagLevel.SEVERE)])
def test_sanya_counts_the_months_a_county_left_undone_in_a_row(undone: int, level: FlagLevel) -> None:
    plans = {f"plan_m{month:02d}_yuan": 100 for month in range(1, 13)}
    done = {f"done_m{month:02d}_yuan": 100 - (month > 6 - undone) - (month == 2) for month in range(1, 7)}
    assert decide_group(COUNTY, sums_of(**plans, **done), JUNE, SANYA).level is level


def test_a_kind_without_rules_is_judged_by_the_progress_rules_of_the_set() -> None:
    behind = sums_of(ytd_done_yuan=199)  # 19.9 % done, 50 % due
    assert decide_group(SubjectKind.UNIT, behind, JUNE, YINCHUAN).level is FlagLevel.SEVERE
    assert decide_group(SubjectKind.UNIT, behind, JUNE, WUHAN).hits[0].rule_code == "WH-PRG-02"
    assert decide_group(SubjectKind.UNIT, behind, JUNE, SANYA).hits[0].rule_code == "SY-PRG-02"


@given(st.integers(0, 2000), st.integers(0, 1000), st.integers(1, 1000), st.integers(0, 10))
def test_default_levels_agree_with_a_slow_second_opinion(done: int, due: int, plan: int, red: int) -> None:
    sums = sums_of(ytd_done_yuan=done, curve_due_yuan=due, annual_plan_yuan=plan, level_severe=red)
    lag = 100 * Fraction(due, plan) - 100 * Fraction(done, plan)
    worst = 3 if lag > 20 else 2 if lag > 10 or Fraction(red, 10) > Fraction(1, 5) else 1 if lag > 0 else 0
    expected = (FlagLevel.OK, FlagLevel.NOTICE, FlagLevel.WARN, FlagLevel.SEVERE)[worst]
    decision = decide_group(COUNTY, sums, JUNE, DEFAULT_RULE_SET)
    assert (decision.level, decision.gap_pp) == (expected, -lag)


def test_rules_are_told_in_sentences_an_office_would_write() -> None:
    told = rule_set_in_words(SANYA)
    assert "只评年度计划投资 1000 万元及以上的项目。" in told
    assert "竣工投产、续建、新开工类项目：投资欠序时占序时比例超过 50%的，亮红旗（严重滞后）。" in told
    assert "县区：连续未完成月度任务达到或超过 2 个月的，亮红旗（严重滞后）。" in told
    assert "连续 2 轮亮黄旗的，亮红旗（不评的轮次不计也不中断），跨年连续计算。" in rule_set_in_words(DEFAULT_RULE_SET)
