"""Every shipped rule set at every bound: just below, exactly at, just above the number the rule text names."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from core.domain.facts import BondFact, FindingFact
from core.domain.flag_items import months_since, required_share_pct
from core.domain.flag_rule_sets import OUHAI, RULE_SETS, TIANJIN
from core.domain.flag_rules import FlagMeasure
from core.domain.flags import DEFAULT_RULE_SET, SANYA, WUHAN, YINCHUAN, FlagRuleSet, decide
from core.domain.period import AsOf, Month
from core.domain.terms import FlagLevel, YearClass
from tests.unit.cities import make_node, make_project

OK, NOTICE, WARN, SEVERE = FlagLevel.OK, FlagLevel.NOTICE, FlagLevel.WARN, FlagLevel.SEVERE
JUNE = AsOf(date(2026, 7, 6), Month(2026, 6))  # 序时 50 % by the linear basis
PLAN = 1_200_000_000
ONE_HUNDREDTH = Fraction(1, 100)
BOND_YUAN = 40_000_000


def done_at(share_pct: Fraction) -> dict[str, object]:
    """Return facts in which exactly *share_pct* of the plan is done by June."""
    yuan = Fraction(PLAN) * share_pct / 100
    assert yuan.denominator == 1
    entered = {"entered_statistics_on": date(2025, 3, 1)}
    return {"annual_plan_yuan": PLAN, "month_done_yuan": (int(yuan), *(0,) * 11), **entered}


def at_lag(pp: Fraction) -> dict[str, object]:
    return done_at(50 - pp)


def near(bound: int) -> tuple[Fraction, Fraction, Fraction]:
    return bound - ONE_HUNDREDTH, Fraction(bound), bound + ONE_HUNDREDTH


LAGS = [
    (DEFAULT_RULE_SET, 0, (OK, OK, NOTICE)),
    (DEFAULT_RULE_SET, 10, (NOTICE, NOTICE, WARN)),
    (DEFAULT_RULE_SET, 20, (WARN, WARN, SEVERE)),
    (YINCHUAN, 10, (OK, WARN, WARN)),
    (YINCHUAN, 30, (WARN, WARN, SEVERE)),
]


@pytest.mark.parametrize(("rule_set", "bound", "levels"), LAGS, ids=[f"{r.code}-{b}" for r, b, _ in LAGS])
def test_lag_bounds_are_as_the_text_says(rule_set: FlagRuleSet, bound: int, levels: tuple[FlagLevel, ...]) -> None:
    found = tuple(decide(make_project(**at_lag(lag)), JUNE, rule_set).level for lag in near(bound))
    assert found == levels


@pytest.mark.parametrize(
    ("rule_set", "shares", "levels"),
    [
        # 三亚: below 序时 by up to 50 % of it (included) is yellow; 25 % done of 50 % due is exactly 50 % below.
        (SANYA, (Fraction(50), 50 - ONE_HUNDREDTH, Fraction(25), 25 - ONE_HUNDREDTH), (OK, WARN, WARN, SEVERE)),
        # 武汉: under 80 % of 序时 is 40 % of the plan, under 60 % is 30 %.
        (WUHAN, (Fraction(40), 40 - ONE_HUNDREDTH, Fraction(30), 30 - ONE_HUNDREDTH), (OK, WARN, WARN, SEVERE)),
    ],
    ids=["sanya", "wuhan"],
)
def test_relative_bounds_are_as_the_text_says(rule_set, shares, levels) -> None:
    assert tuple(decide(make_project(**done_at(share)), JUNE, rule_set).level for share in shares) == levels


def test_sanya_judges_no_project_planned_below_ten_million() -> None:
    small = make_project(annual_plan_yuan=9_999_999, month_done_yuan=(0,) * 12)
    assert decide(small, JUNE, SANYA).level is FlagLevel.EXEMPT
    assert decide(replace(small, annual_plan_yuan=10_000_000), JUNE, SANYA).level is SEVERE


@pytest.mark.parametrize(
    ("planned", "yinchuan", "default"),
    [
        (date(2026, 7, 1), FlagLevel.EXEMPT, FlagLevel.EXEMPT),
        (date(2026, 6, 30), WARN, OK),
        (date(2026, 5, 1), WARN, OK),
        (date(2026, 4, 30), SEVERE, OK),
        (date(2026, 3, 31), SEVERE, SEVERE),
    ],
)
def test_late_start_is_counted_in_months_from_the_planned_month(planned, yinchuan, default) -> None:
    project = make_project(
        year_class=YearClass.NEW_START, started_on=None, start_planned_on=planned, **at_lag(Fraction(0))
    )
    assert (decide(project, JUNE, YINCHUAN).level, decide(project, JUNE, DEFAULT_RULE_SET).level) == (yinchuan, default)


@pytest.mark.parametrize(
    ("days", "default", "ouhai"), [(0, OK, OK), (1, WARN, WARN), (30, WARN, WARN), (31, SEVERE, WARN)]
)
def test_overdue_key_node_is_counted_in_days(days: int, default: FlagLevel, ouhai: FlagLevel) -> None:
    node = make_node(JUNE.on - timedelta(days=days))
    project = make_project(milestones=(node,), **at_lag(Fraction(0)))
    decision = decide(project, JUNE, DEFAULT_RULE_SET)
    assert (decision.level, decide(project, JUNE, OUHAI).level) == (default, ouhai)
    assert [hit.source for hit in decision.hits] == ([f"milestone:{node.id}"] if days else [])


@pytest.mark.parametrize(
    ("start", "on", "months"),
    [
        (date(2026, 1, 15), date(2026, 4, 14), 2),
        (date(2026, 1, 15), date(2026, 4, 15), 3),
        (date(2025, 11, 30), date(2026, 2, 27), 2),
        (date(2025, 11, 30), date(2026, 2, 28), 3),
        (date(2025, 7, 6), date(2026, 7, 6), 12),
        (date(2026, 7, 6), date(2026, 7, 6), 0),
    ],
)
def test_full_months_end_on_the_last_day_of_a_short_month(start: date, on: date, months: int) -> None:
    assert months_since(start, on) == months


@pytest.mark.parametrize(
    ("months", "share"), [(2, None), (3, 25), (5, 25), (6, 50), (8, 50), (9, 75), (11, 75), (12, 97), (30, 97)]
)
def test_shanxi_share_steps_up_with_full_months(months: int, share: int | None) -> None:
    assert required_share_pct(months, 3) == share


def with_bond(granted_on: date, spent_yuan: int, granted_yuan: int = BOND_YUAN):
    bond = BondFact(5, "2026年一期", granted_on, granted_yuan, spent_yuan)
    return make_project(bonds=(bond,), **at_lag(Fraction(0)))


@pytest.mark.parametrize(
    ("spent_yuan", "level"),
    [(20_000_000, OK), (19_999_999, WARN), (10_000_000, WARN), (9_999_999, SEVERE)],
)
def test_bond_below_its_step_is_yellow_and_a_whole_step_below_is_red(spent_yuan: int, level: FlagLevel) -> None:
    decision = decide(with_bond(date(2026, 1, 6), spent_yuan), JUNE, DEFAULT_RULE_SET)  # six full months: 50 %
    assert decision.level is level
    if level is not OK:
        assert (decision.hits[0].source, "2026年一期" in decision.hits[0].reason) == ("bond:5", True)


def test_bond_of_thirty_million_is_not_asked_by_the_shanxi_steps() -> None:
    assert decide(with_bond(date(2026, 1, 6), 0, 30_000_000), JUNE, DEFAULT_RULE_SET).level is OK
    assert decide(with_bond(date(2026, 1, 6), 0, 30_000_001), JUNE, DEFAULT_RULE_SET).level is SEVERE


@pytest.mark.parametrize(
    ("granted_on", "spent_pct", "level"),
    [
        (date(2026, 7, 1), 0, OK),  # the month of issue: nothing is expected yet
        (date(2026, 5, 31), Fraction(100, 3), OK),  # k = 2: a third
        (date(2026, 5, 1), Fraction(100, 3) - ONE_HUNDREDTH, WARN),
        (date(2026, 1, 1), 70, WARN),  # k = 6: everything; 30 % behind is still yellow
        (date(2026, 1, 1), 70 - ONE_HUNDREDTH, SEVERE),
        (date(2025, 1, 1), 100, OK),
    ],
)
def test_tianjin_expects_a_sixth_each_month_after_the_issue(granted_on: date, spent_pct: Fraction, level) -> None:
    granted = 3_000_000_000
    spent = int(granted * Fraction(spent_pct) / 100)
    assert decide(with_bond(granted_on, spent, granted), JUNE, TIANJIN).level is level


def test_findings_count_until_mended_and_serious_ones_are_red() -> None:
    overdue = FindingFact(9, False, JUNE.on - timedelta(days=1))
    due_today = replace(overdue, due_on=JUNE.on)
    for finding, level in ((overdue, WARN), (due_today, OK), (replace(overdue, is_serious=True), SEVERE)):
        decision = decide(make_project(findings=(finding,), **at_lag(Fraction(0))), JUNE, DEFAULT_RULE_SET)
        assert decision.level is level
        assert {hit.source for hit in decision.hits} <= {"process:9"}


@pytest.mark.parametrize(
    ("measure", "values", "measured"),
    [
        (FlagMeasure.REPORTS_LATE, {"reports_late": 3}, "3.000"),
        (FlagMeasure.SUSPENDED_DAYS, {"suspended_on": JUNE.on - timedelta(days=40)}, "40.000"),
        (FlagMeasure.FINDINGS_OPEN, {"findings": (FindingFact(1, False, None),)}, "1.000"),
        (
            FlagMeasure.MILESTONE_OVERDUE_DAYS,
            {"milestones": (make_node(JUNE.on - timedelta(days=7), is_key=False),)},
            "7.000",
        ),
    ],
)
def test_measures_an_office_may_choose_read_what_they_say(measure, values, measured: str) -> None:
    rule = replace(DEFAULT_RULE_SET.rules[0], code="X", measure=measure, threshold=Decimal(1), applies=())
    rule = replace(rule, operator=YINCHUAN.rules[0].operator)  # ≥
    rules = replace(DEFAULT_RULE_SET, rules=(rule,))
    hits = decide(make_project(**values), JUNE, rules).hits
    assert [str(hit.measured) for hit in hits] == [measured]
    assert decide(make_project(), JUNE, rules).hits == ()


def test_every_shipped_rule_set_is_covered_here() -> None:
    assert {rules.code for rules in RULE_SETS} == {"default", "yinchuan", "sanya", "wuhan", "tianjin", "ouhai"}
