"""Flags: boundaries exactly as the rule text says, worst level wins, reasons kept, silence is never green."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from core.domain.errors import Invalid
from core.domain.facts import ProjectFacts
from core.domain.flags import (
    DEFAULT_RULE_SET,
    DEFAULT_SCHEME,
    FOUR_COLOURS,
    RULE_SETS,
    SANYA,
    WUHAN,
    YINCHUAN,
    FlagDecision,
    FlagMeasure,
    FlagRule,
    FlagRuleSet,
    Operator,
    ScheduleBasis,
    decide,
    parse_rule_set,
    rule_set_to_dict,
)
from core.domain.period import AsOf, Month
from core.domain.terms import FlagLevel, YearClass
from tests.unit.cities import OCTOBER, make_node, make_project

JUNE = AsOf(on=date(2026, 7, 3), month=Month(2026, 6))
PLAN = 1_000_000_000


def behind(lag_pp: str, plan: int = PLAN) -> ProjectFacts:
    """A project exactly *lag_pp* behind the linear half year."""
    done = (Fraction(1, 2) - Fraction(lag_pp) / 100) * plan
    assert done.denominator == 1
    return make_project(annual_plan_yuan=plan, month_done_yuan=(int(done),) + (0,) * 11)


def codes(decision: FlagDecision) -> list[str]:
    return [hit.rule_code for hit in decision.hits]


@pytest.mark.parametrize(
    ("lag", "level", "hits"),
    [
        pytest.param("-3", FlagLevel.OK, [], id="ahead"),
        pytest.param("0", FlagLevel.OK, [], id="lag 0"),
        pytest.param("0.0001", FlagLevel.NOTICE, ["PRG-01"], id="sliver"),
        pytest.param("10", FlagLevel.NOTICE, ["PRG-01"], id="lag 10"),
        pytest.param("10.01", FlagLevel.WARN, ["PRG-02"], id="lag 10.01"),
        pytest.param("20", FlagLevel.WARN, ["PRG-02"], id="lag 20"),
        pytest.param("20.01", FlagLevel.SEVERE, ["PRG-03"], id="lag 20.01"),
        pytest.param("30", FlagLevel.SEVERE, ["PRG-03"], id="lag 30"),
    ],
)
def test_default_progress_rules(lag: str, level: FlagLevel, hits: list[str]) -> None:
    decision = decide(behind(lag), JUNE, DEFAULT_RULE_SET)
    assert decision.level is level
    assert codes(decision) == hits
    assert decision.gap_pp == -Fraction(lag)


@pytest.mark.parametrize(
    ("lag", "level"),
    [
        ("0", FlagLevel.OK),
        ("9.99", FlagLevel.OK),
        ("10", FlagLevel.WARN),
        ("30", FlagLevel.WARN),
        ("30.01", FlagLevel.SEVERE),
    ],
)
def test_yinchuan_includes_both_ends(lag: str, level: FlagLevel) -> None:
    entered = date(2025, 4, 1)
    facts = make_project(
        annual_plan_yuan=PLAN, month_done_yuan=behind(lag).month_done_yuan, entered_statistics_on=entered
    )
    assert decide(facts, JUNE, YINCHUAN).level is level


@pytest.mark.parametrize(
    ("lag", "level"),
    [("0", FlagLevel.OK), ("0.01", FlagLevel.WARN), ("25", FlagLevel.WARN), ("25.01", FlagLevel.SEVERE)],
)
def test_sanya_is_relative_to_the_schedule(lag: str, level: FlagLevel) -> None:
    assert decide(behind(lag), JUNE, SANYA).level is level


@pytest.mark.parametrize(
    ("plan", "level"),
    [(9_999_800, FlagLevel.EXEMPT), (10_000_000, FlagLevel.SEVERE)],
    ids=["below 1000 万", "1000 万"],
)
def test_sanya_judges_from_ten_million(plan: int, level: FlagLevel) -> None:
    decision = decide(behind("40", plan), JUNE, SANYA)
    assert decision.level is level
    assert (codes(decision) == ["EXM-SMALL"]) is (level is FlagLevel.EXEMPT)


@pytest.mark.parametrize(
    ("lag", "level", "reason"),
    [
        ("10", FlagLevel.OK, None),
        ("10.01", FlagLevel.WARN, "投资仅完成序时的 80.0%"),
        ("20", FlagLevel.WARN, "投资仅完成序时的 60.0%"),
        ("20.01", FlagLevel.SEVERE, "投资仅完成序时的 60.0%"),
        ("50", FlagLevel.SEVERE, "投资仅完成序时的 0.0%"),
    ],
)
def test_wuhan_compares_with_the_schedule(lag: str, level: FlagLevel, reason: str | None) -> None:
    decision = decide(behind(lag), JUNE, WUHAN)
    assert decision.level is level
    assert decision.reasons == ((reason,) if reason else ())


@pytest.mark.parametrize(
    ("days", "level", "hits"),
    [
        (0, FlagLevel.OK, []),
        (1, FlagLevel.WARN, ["NODE-01"]),
        (30, FlagLevel.WARN, ["NODE-01"]),
        (31, FlagLevel.SEVERE, ["NODE-02"]),
        (66, FlagLevel.SEVERE, ["NODE-02"]),
    ],
)
def test_key_node_days(days: int, level: FlagLevel, hits: list[str]) -> None:
    node = make_node(JUNE.on - timedelta(days=days))
    decision = decide(make_project(milestones=(node,)), JUNE, DEFAULT_RULE_SET)
    assert decision.level is level
    assert codes(decision) == hits
    if hits:
        assert decision.reasons == (f"关键节点“用地批复”逾期 {days} 天",)
        assert decision.hits[0].measured == Decimal(days)


def test_ordinary_done_and_undated_nodes_raise_no_flag() -> None:
    late = JUNE.on - timedelta(days=90)
    nodes = (make_node(late, is_key=False), make_node(late, actual_on=JUNE.on), make_node(None))
    assert decide(make_project(milestones=nodes), JUNE, DEFAULT_RULE_SET).level is FlagLevel.OK
    future = make_node(late, actual_on=JUNE.on + timedelta(days=1))
    assert decide(make_project(milestones=(future,)), JUNE, DEFAULT_RULE_SET).level is FlagLevel.SEVERE


def test_worst_level_wins_and_all_reasons_are_kept_worst_first() -> None:
    node = make_node(JUNE.on - timedelta(days=66))
    other = make_node(JUNE.on - timedelta(days=5), name="主体封顶")
    facts = make_project(
        annual_plan_yuan=PLAN,
        month_done_yuan=behind("12.34").month_done_yuan,
        milestones=(other, node),
        problems_overdue_escalated=2,
    )
    decision = decide(facts, JUNE, DEFAULT_RULE_SET)
    assert decision.level is FlagLevel.SEVERE
    assert decision.reasons == (
        "关键节点“用地批复”逾期 66 天",
        "2 个问题提级后仍逾期未办结",
        "投资欠序时 12.3 个百分点",
        "关键节点“主体封顶”逾期 5 天",
    )
    assert [hit.level for hit in decision.hits] == [FlagLevel.SEVERE] * 2 + [FlagLevel.WARN] * 2
    assert decision.hits[2].measured == Decimal("12.340")
    assert decision.hits[2].threshold == Decimal(10)
    assert decision.gap_pp_milli == -12_340


@pytest.mark.parametrize(
    ("planned", "started", "level", "hits"),
    [
        pytest.param(date(2026, 7, 1), None, FlagLevel.EXEMPT, ["EXM-START"], id="next month"),
        pytest.param(date(2026, 6, 30), None, FlagLevel.OK, [], id="this month"),
        pytest.param(date(2026, 4, 30), None, FlagLevel.OK, [], id="two months late"),
        pytest.param(date(2026, 3, 31), None, FlagLevel.SEVERE, ["START-01"], id="three months late"),
        pytest.param(date(2025, 12, 1), None, FlagLevel.SEVERE, ["START-01"], id="since last year"),
        pytest.param(date(2026, 3, 31), date(2026, 7, 3), FlagLevel.OK, [], id="started today"),
        pytest.param(date(2026, 7, 1), date(2026, 5, 1), FlagLevel.OK, [], id="started early is judged"),
    ],
)
def test_start_rule(planned: date, started: date | None, level: FlagLevel, hits: list[str]) -> None:
    facts = make_project(year_class=YearClass.NEW_START, start_planned_on=planned, started_on=started)
    decision = decide(facts, JUNE, DEFAULT_RULE_SET)
    assert decision.level is level
    assert codes(decision) == hits


@pytest.mark.parametrize(
    ("planned", "level"),
    [(date(2026, 6, 1), FlagLevel.WARN), (date(2026, 5, 1), FlagLevel.WARN), (date(2026, 4, 30), FlagLevel.SEVERE)],
    ids=["planned month", "second month", "third month in a row"],
)
def test_yinchuan_start_counts_the_planned_month(planned: date, level: FlagLevel) -> None:
    facts = make_project(year_class=YearClass.NEW_START, start_planned_on=planned, started_on=None)
    assert decide(facts, JUNE, YINCHUAN).level is level


@pytest.mark.parametrize(
    ("started", "level"),
    [
        (date(2026, 6, 3), FlagLevel.OK),
        (date(2026, 6, 2), FlagLevel.WARN),
        (date(2026, 5, 3), FlagLevel.WARN),
        (date(2026, 5, 2), FlagLevel.SEVERE),
    ],
    ids=["one month", "one month and a day", "two months", "two months and a day"],
)
def test_yinchuan_statistics_clock(started: date, level: FlagLevel) -> None:
    facts = make_project(started_on=started)
    assert decide(facts, JUNE, YINCHUAN).level is level
    assert decide(make_project(started_on=started, entered_statistics_on=JUNE.on), JUNE, YINCHUAN).level is FlagLevel.OK


@pytest.mark.parametrize(
    ("values", "code", "reason"),
    [
        ({"annual_plan_yuan": None}, "NOD-PLAN", "没有年度计划投资"),
        ({"annual_plan_yuan": 0}, "NOD-PLAN", "没有年度计划投资"),
        ({"month_done_yuan": (None,) * 6 + (5,) * 6}, "NOD-REPORT", "本年度尚未报送月报"),
    ],
    ids=["no plan", "plan 0", "no report until June"],
)
def test_missing_data_is_never_green(values: dict[str, object], code: str, reason: str) -> None:
    for rule_set in (DEFAULT_RULE_SET, SANYA, WUHAN):
        decision = decide(make_project(**values), JUNE, rule_set)
        assert decision.level is FlagLevel.NO_DATA
        assert (codes(decision), decision.reasons) == ([code], (reason,))
        assert decision.gap_pp is None
        assert decision.gap_pp_milli is None


def test_missing_data_does_not_hide_an_overdue_node() -> None:
    facts = make_project(annual_plan_yuan=None, milestones=(make_node(JUNE.on - timedelta(days=40)),))
    decision = decide(facts, JUNE, DEFAULT_RULE_SET)
    assert decision.level is FlagLevel.SEVERE
    assert codes(decision) == ["NODE-02", "NOD-PLAN"]


def test_one_report_of_zero_is_data() -> None:
    facts = make_project(month_done_yuan=(0,) + (None,) * 11)
    assert decide(facts, JUNE, DEFAULT_RULE_SET).level is FlagLevel.SEVERE


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"year_class": None}, "EXM-LIST"),
        ({"completed_on": JUNE.on}, "EXM-DONE"),
        ({"commissioned_on": JUNE.on}, "EXM-DONE"),
    ],
    ids=["not listed", "completed", "commissioned"],
)
def test_exempt(values: dict[str, object], code: str) -> None:
    facts = make_project(milestones=(make_node(date(2026, 1, 1)),), **values)
    decision = decide(facts, JUNE, DEFAULT_RULE_SET)
    assert decision.level is FlagLevel.EXEMPT
    assert codes(decision) == [code]


def test_completion_after_the_day_does_not_exempt() -> None:
    facts = make_project(completed_on=JUNE.on + timedelta(days=1))
    assert decide(facts, JUNE, DEFAULT_RULE_SET).level is FlagLevel.OK


def test_reserve_is_judged_by_nodes_only() -> None:
    facts = make_project(year_class=YearClass.RESERVE, annual_plan_yuan=None, month_done_yuan=(None,) * 12)
    assert decide(facts, JUNE, DEFAULT_RULE_SET).level is FlagLevel.OK


def test_curve_basis_follows_month_plans_and_linear_does_not() -> None:
    winter = (0, 0, 0, 10, 20, 20, 20, 20, 10, 0, 0, 0)
    facts = make_project(
        annual_plan_yuan=100,
        month_plan_yuan=winter,
        month_done_yuan=(0,) * 12,
        entered_statistics_on=date(2025, 5, 1),
    )
    march = AsOf(on=date(2026, 4, 3), month=Month(2026, 3))
    assert decide(facts, march, DEFAULT_RULE_SET).level is FlagLevel.OK
    assert decide(facts, march, DEFAULT_RULE_SET).gap_pp == 0
    assert decide(facts, march, YINCHUAN).gap_pp == -25
    assert decide(facts, march, WUHAN).level is FlagLevel.SEVERE


@pytest.mark.parametrize("merged", [FlagLevel.OK, FlagLevel.WARN])
def test_three_colour_places_merge_notice(merged: FlagLevel) -> None:
    rules = FlagRuleSet("x", "x", 1, ScheduleBasis.LINEAR, DEFAULT_RULE_SET.rules, merge_notice_into=merged)
    decision = decide(behind("5"), JUNE, rules)
    assert decision.level is merged
    assert decision.hits[0].level is FlagLevel.NOTICE


@pytest.mark.parametrize(
    ("measure", "threshold", "values", "hit"),
    [
        (FlagMeasure.PROBLEMS_OVERDUE, 2, {"problems_overdue": 1}, False),
        (FlagMeasure.PROBLEMS_OVERDUE, 2, {"problems_overdue": 2}, True),
        (FlagMeasure.REPORTS_MISSING_RUN, 2, {"month_done_yuan": (1,) * 5 + (None,) * 7}, False),
        (FlagMeasure.REPORTS_MISSING_RUN, 2, {"month_done_yuan": (1,) * 4 + (None,) * 8}, True),
        (FlagMeasure.FUNDS_LAG_PP, 20, {"funds_planned_yuan": 100, "funds_received_yuan": 31}, False),
        (FlagMeasure.FUNDS_LAG_PP, 20, {"funds_planned_yuan": 100, "funds_received_yuan": 30}, True),
        (FlagMeasure.FUNDS_LAG_PP, 20, {"funds_planned_yuan": 0}, False),
    ],
)
def test_other_measures(measure: FlagMeasure, threshold: int, values: dict[str, object], hit: bool) -> None:
    rule = FlagRule("X-01", measure, Operator.GE, Decimal(threshold), FlagLevel.WARN, "{value}")
    rules = FlagRuleSet("x", "x", 1, ScheduleBasis.LINEAR, (rule,))
    assert codes(decide(make_project(**values), JUNE, rules)) == (["X-01"] if hit else [])


@pytest.mark.parametrize(("operator", "hit"), [("gt", False), ("ge", True), ("lt", False), ("le", True)])
def test_operators_at_the_threshold(operator: str, hit: bool) -> None:
    rule = FlagRule("X-01", FlagMeasure.LAG_PP, Operator(operator), Decimal("12.5"), FlagLevel.WARN, "{value}")
    rules = FlagRuleSet("x", "x", 1, ScheduleBasis.LINEAR, (rule,))
    assert bool(decide(behind("12.5"), JUNE, rules).hits) is hit


@pytest.mark.parametrize("rule_set", RULE_SETS, ids=lambda rule_set: rule_set.code)
def test_rule_set_survives_storage(rule_set: FlagRuleSet) -> None:
    read = parse_rule_set(rule_set_to_dict(rule_set))
    assert read == rule_set
    assert decide(behind("40"), JUNE, read) == decide(behind("40"), JUNE, rule_set)


def test_bad_rule_set_lists_every_problem() -> None:
    row = rule_set_to_dict(DEFAULT_RULE_SET)
    row["basis"] = "weekly"
    row["merge_notice_into"] = "severe"
    row["rules"][0] |= {"measure": "mood", "threshold": "many", "reason_template": "{value.__class__}"}
    row["rules"][1] |= {"code": "PRG-03", "level": "no_data", "operator": "eq", "applies": ["old"]}
    with pytest.raises(Invalid) as refused:
        parse_rule_set(row)
    assert {(problem.field, problem.code) for problem in refused.value.problems} == {
        ("basis", "unknown_term"),
        ("merge_notice_into", "merge_target"),
        ("rules[0].measure", "unknown_term"),
        ("rules[0].threshold", "not_a_number"),
        ("rules[0].reason_template", "template"),
        ("rules[1].level", "level"),
        ("rules[1].operator", "unknown_term"),
        ("rules[1].applies", "unknown_term"),
        ("rules", "code_twice"),
    }


def test_scheme_shows_word_shape_and_colour_together() -> None:
    shown = {level: DEFAULT_SCHEME.mark(level) for level in FlagLevel}
    assert {(level.value, mark.shape, mark.word) for level, mark in shown.items()} == {
        ("ok", "●", "绿"),
        ("notice", "●", "绿"),
        ("warn", "▲", "黄"),
        ("severe", "■", "红"),
        ("no_data", "◇", "无数据"),
        ("exempt", "—", "—"),
    }
    assert FOUR_COLOURS.mark(FlagLevel.NOTICE).word == "蓝"


def test_gap_is_cut_so_that_later_rounding_stays_right() -> None:
    facts = make_project(annual_plan_yuan=10**7, month_done_yuan=(10**7 - 10**7 // 2 + 129_496 * 10,) + (0,) * 11)
    decision = decide(facts, JUNE, DEFAULT_RULE_SET)
    assert decision.gap_pp == Fraction(129_496, 10_000)
    assert decision.gap_pp_milli == 12_949


def test_default_rules_stand_still_across_the_year_end() -> None:
    january = AsOf(on=date(2026, 2, 3), month=Month(2026, 1))
    facts = make_project(year_class=YearClass.NEW_START, start_planned_on=date(2025, 10, 31), started_on=None)
    assert codes(decide(facts, january, DEFAULT_RULE_SET)) == ["START-01"]
    assert decide(facts, OCTOBER, DEFAULT_RULE_SET).reasons == ("超过计划开工月份 12 个月仍未开工",)


def test_missing_data_outweighs_a_notice() -> None:
    rules = (
        *DEFAULT_RULE_SET.rules,
        FlagRule("X-01", FlagMeasure.PROBLEMS_OVERDUE, Operator.GE, Decimal(1), FlagLevel.NOTICE, "{value}"),
    )
    rule_set = FlagRuleSet("x", "x", 1, ScheduleBasis.LINEAR, rules)
    decision = decide(make_project(annual_plan_yuan=None, problems_overdue=1), JUNE, rule_set)
    assert decision.level is FlagLevel.NO_DATA
    assert codes(decision) == ["X-01", "NOD-PLAN"]


@pytest.mark.parametrize("measure", [FlagMeasure.SCHEDULE_RATIO_PCT, FlagMeasure.RELATIVE_LAG_PCT])
def test_ratios_to_the_schedule_are_undefined_while_nothing_is_due(measure: FlagMeasure) -> None:
    rule = FlagRule("X-01", measure, Operator.LE, Decimal(0), FlagLevel.WARN, "{value}")
    rule_set = FlagRuleSet("x", "x", 1, ScheduleBasis.CURVE, (rule,))
    facts = make_project(month_plan_yuan=(0,) * 11 + (120_000_000,), month_done_yuan=(0,) * 12)
    decision = decide(facts, JUNE, rule_set)
    assert (decision.level, decision.hits, decision.gap_pp) == (FlagLevel.OK, (), 0)
