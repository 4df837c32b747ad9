"""The domain of campaigns: clock of a task, sums of a tree against a slow count, periods, structure, acceptance."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.campaigns.acceptance import Judgement, check_claim, check_judgement, check_verifier
from core.domain.campaigns.periods import is_owed, period_of, previous
from core.domain.campaigns.rules import DEFAULT, CampaignRules, parse_rules, rules_to_dict
from core.domain.campaigns.tasks import (
    TaskFacts,
    actual_pct,
    days_late,
    expected_pct,
    level_of,
    state_of,
)
from core.domain.campaigns.tree import check_tree, leaf_weights, outline, roll_up
from core.domain.campaigns.words import ReportPeriod, TaskState, TaskStatus, Verdict
from core.domain.errors import Invalid
from core.domain.terms import FlagLevel

START, FINISH = date(2026, 3, 2), date(2026, 12, 6)  # 280 days
TODAY = date(2026, 9, 12)


def task(key: int = 1, parent: int | None = None, **values) -> TaskFacts:
    base = {
        "id": key,
        "parent_id": parent,
        "weight": 1,
        "planned_start_on": START,
        "planned_finish_on": FINISH,
        "first_finish_on": FINISH,
    }
    return TaskFacts(**{**base, **values})


def codes(action, *arguments, **named) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        action(*arguments, **named)
    return [problem.code for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("values", "today", "state"),
    [
        ({}, date(2026, 3, 1), TaskState.NOT_STARTED),
        ({"percent": 5}, date(2026, 3, 1), TaskState.RUNNING),
        ({}, START, TaskState.RUNNING),
        ({}, date(2026, 11, 28), TaskState.RUNNING),
        ({}, date(2026, 11, 29), TaskState.DUE_SOON),
        ({}, FINISH, TaskState.DUE_SOON),
        ({"percent": 100}, date(2026, 12, 7), TaskState.OVERDUE),
        ({"status": TaskStatus.RETURNED}, TODAY, TaskState.RETURNED),
        ({"status": TaskStatus.RETURNED}, date(2026, 12, 7), TaskState.OVERDUE),
        ({"status": TaskStatus.CLAIMED}, date(2026, 12, 7), TaskState.CLAIMED),
        ({"status": TaskStatus.CLOSED_OUT}, date(2027, 1, 1), TaskState.CLOSED_OUT),
        ({"status": TaskStatus.DROPPED}, date(2027, 1, 1), TaskState.DROPPED),
    ],
)
def test_state_follows_the_clock(values, today, state) -> None:
    assert state_of(task(**values), today, DEFAULT) is state


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (START - timedelta(days=1), Fraction(0)),
        (START, Fraction(100, 280)),
        (START + timedelta(days=139), Fraction(50)),
        (FINISH, Fraction(100)),
        (FINISH + timedelta(days=30), Fraction(100)),
    ],
)
def test_expected_share_counts_both_days(today, expected) -> None:
    assert expected_pct(START, FINISH, today) == expected


@pytest.mark.parametrize(
    ("percent", "level"),
    [(50, FlagLevel.OK), (40, FlagLevel.OK), (39, FlagLevel.WARN), (30, FlagLevel.WARN), (29, FlagLevel.SEVERE)],
    ids=["even", "10 behind", "11 behind", "20 behind", "21 behind"],
)
def test_light_turns_beyond_the_limits(percent, level) -> None:
    half = START + timedelta(days=139)
    assert level_of(task(percent=percent), half, DEFAULT) is level


def test_unreported_is_no_data_and_not_yet_begun_is_nothing_at_all() -> None:
    assert actual_pct(task(), TODAY) is None
    assert level_of(task(), TODAY, DEFAULT) is FlagLevel.NO_DATA
    assert actual_pct(task(), START - timedelta(days=1)) == 0
    assert level_of(task(), START - timedelta(days=1), DEFAULT) is FlagLevel.EXEMPT
    assert level_of(task(percent=99), FINISH + timedelta(days=1), DEFAULT) is FlagLevel.SEVERE


def test_delay_is_told_against_latest_and_first_baseline() -> None:
    moved = task(planned_finish_on=date(2026, 12, 31))
    day = date(2027, 1, 2)
    assert (days_late(moved, day), days_late(moved, day, first=True)) == (2, 27)
    done = task(planned_finish_on=date(2026, 12, 31), finished_on=date(2026, 12, 20))
    assert (days_late(done, day), days_late(done, day, first=True)) == (0, 14)


@pytest.mark.parametrize(
    ("kind", "day", "key", "first", "last", "label"),
    [
        (ReportPeriod.WEEK, date(2026, 1, 1), "2026-W01", date(2025, 12, 29), date(2026, 1, 4), "2026年第1周"),
        (ReportPeriod.WEEK, date(2027, 1, 3), "2026-W53", date(2026, 12, 28), date(2027, 1, 3), "2026年第53周"),
        (ReportPeriod.TEN_DAYS, date(2026, 2, 10), "2026-02-1", date(2026, 2, 1), date(2026, 2, 10), "2026年2月上旬"),
        (ReportPeriod.TEN_DAYS, date(2026, 2, 11), "2026-02-2", date(2026, 2, 11), date(2026, 2, 20), "2026年2月中旬"),
        (ReportPeriod.TEN_DAYS, date(2026, 2, 28), "2026-02-3", date(2026, 2, 21), date(2026, 2, 28), "2026年2月下旬"),
        (ReportPeriod.MONTH, date(2026, 12, 31), "2026-12", date(2026, 12, 1), date(2026, 12, 31), "2026年12月"),
    ],
)
def test_period_of_a_day(kind, day, key, first, last, label) -> None:
    found = period_of(kind, day)
    assert (found.key, found.first_on, found.last_on, found.label) == (key, first, last, label)


@given(st.sampled_from(list(ReportPeriod)), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_periods_follow_one_another_without_gap(kind, day) -> None:
    found = period_of(kind, day)
    assert found.first_on <= day <= found.last_on
    assert previous(found).last_on == found.first_on - timedelta(days=1)
    if kind is not ReportPeriod.WEEK:
        assert found.last_on.day <= monthrange(day.year, day.month)[1]
        assert found.first_on.month == found.last_on.month


def test_report_is_owed_from_the_start_until_it_is_done() -> None:
    week = period_of(ReportPeriod.WEEK, date(2026, 9, 9))
    assert is_owed(week.last_on, None, week)
    assert not is_owed(week.last_on + timedelta(days=1), None, week)
    assert is_owed(START, week.first_on, week)
    assert not is_owed(START, week.first_on - timedelta(days=1), week)


@st.composite
def trees(draw) -> list[TaskFacts]:
    count = draw(st.integers(1, 14))
    found = []
    for key in range(1, count + 1):
        parent = draw(st.one_of(st.none(), st.integers(1, key - 1))) if key > 1 else None
        start = START + timedelta(days=draw(st.integers(0, 200)))
        finish = start + timedelta(days=draw(st.integers(0, 200)))
        status = draw(st.sampled_from(list(TaskStatus)))
        percent = draw(st.one_of(st.none(), st.integers(0, 100)))
        found.append(TaskFacts(key, parent, draw(st.integers(1, 100)), start, finish, finish, status, percent, None))
    return found


def slow_shares(tasks: list[TaskFacts]) -> dict[int, Fraction]:
    """Multiply shares from each leaf up to the root, one leaf at a time."""
    by_id = {one.id: one for one in tasks}

    def is_alive(one: TaskFacts) -> bool:
        while one.status is not TaskStatus.DROPPED:
            if one.parent_id is None:
                return True
            one = by_id[one.parent_id]
        return False

    alive = [one for one in tasks if is_alive(one)]
    shares = {}
    for leaf in alive:
        if any(other.parent_id == leaf.id for other in alive):
            continue
        share, here = Fraction(1), leaf
        while True:
            siblings = [one for one in alive if one.parent_id == here.parent_id]
            share *= Fraction(here.weight, sum(one.weight for one in siblings))
            if here.parent_id is None:
                break
            here = by_id[here.parent_id]
        shares[leaf.id] = share
    return shares


@settings(max_examples=300, deadline=None)
@given(trees(), st.dates(START, date(2027, 6, 1)))
def test_sums_agree_with_a_slow_count(tasks, today) -> None:
    shares = slow_shares(tasks)
    assert leaf_weights(tasks) == shares
    if shares:
        assert sum(shares.values()) == 1
    by_id = {one.id: one for one in tasks}
    known = {key: actual_pct(by_id[key], today) for key in shares}
    known = {key: value for key, value in known.items() if value is not None}
    weight = sum((shares[key] for key in known), Fraction(0))
    sums = roll_up(tasks, today, DEFAULT)
    assert sums.known_weight == weight
    assert (sums.percent is None) == (not known)
    if known:
        assert sums.percent == sum(shares[key] * value for key, value in known.items()) / weight
        assert 0 <= sums.percent <= 100
    late = [key for key in shares if state_of(by_id[key], today, DEFAULT) is TaskState.OVERDUE]
    assert sums.overdue == len(late)
    if late:
        assert sums.level(DEFAULT) in (FlagLevel.WARN, FlagLevel.SEVERE)


@given(trees())
def test_outline_names_every_living_task_once_after_its_parent(tasks) -> None:
    placed = outline(tasks)
    numbers = {one.id: one.number for one in placed}
    assert len(set(numbers.values())) == len(placed)
    for one in placed:
        above = next(item.parent_id for item in tasks if item.id == one.id)
        assert one.number.rpartition(".")[0] == (numbers[above] if above is not None else "")
    assert {one.id for one in placed if one.is_leaf} == set(slow_shares(tasks))


def test_structure_checks_name_every_fault() -> None:
    def found(*tasks: TaskFacts) -> list[str]:
        names = {one.id: f"任务{one.id}" for one in tasks}
        return [problem.code for problem in check_tree(tasks, names, START, FINISH)]

    assert found(task(1), task(2, 1)) == []
    assert found(task(1, 2), task(2, 1)) == ["cycle", "cycle"]
    assert found(task(1, 9)) == ["no_parent"]
    assert found(task(1, weight=0), task(2, weight=101)) == ["out_of_range", "out_of_range"]
    assert found(task(1, planned_finish_on=START - timedelta(days=1))) == ["out_of_order"]
    assert found(task(1, planned_finish_on=FINISH + timedelta(days=1))) == ["outside_parent"]
    short = task(1, planned_finish_on=TODAY)
    assert found(short, task(2, 1)) == ["outside_parent"]
    assert found(task(1), task(2, 1), task(3, 2), task(4, 3), task(5, 4)) == ["too_deep"]
    assert found(task(1, status=TaskStatus.DROPPED, weight=0)) == []


def test_claim_is_refused_with_all_reasons() -> None:
    done = task(percent=100)
    check_claim(done, is_leaf=True, has_target=False, has_actual=False, note="完成。")
    faults = codes(
        check_claim,
        task(status=TaskStatus.CLOSED_OUT, percent=90),
        is_leaf=False,
        has_target=True,
        has_actual=False,
        note=" ",
    )
    assert faults == ["not_leaf", "wrong_step", "not_full", "missing", "missing"]


def test_judge_is_nobody_who_reported() -> None:
    check_verifier("verifier", {"unit"})
    assert codes(check_verifier, "unit", {"unit", "hq"}) == ["same_person"]


def test_pass_needs_all_closed_out_and_everything_else_a_next_day() -> None:
    closed, open_ = task(status=TaskStatus.CLOSED_OUT), task(2)
    check_judgement(Judgement(Verdict.PASSED, TODAY, "属实。"), [closed], TODAY)
    later = TODAY + timedelta(days=30)
    check_judgement(Judgement(Verdict.FAILED, TODAY, "不实。", "返工。", later), [open_], TODAY)
    assert codes(check_judgement, Judgement(Verdict.PASSED, TODAY, "属实。"), [closed, open_], TODAY) == ["tasks_open"]
    assert codes(check_judgement, Judgement(Verdict.PASSED, TODAY, "属实。"), [], TODAY) == ["no_tasks"]
    future = Judgement(Verdict.CONDITIONAL, later, "", "", TODAY)
    assert codes(check_judgement, future, [closed], TODAY) == ["future", "missing", "missing", "out_of_range"]


def test_rules_survive_the_store_and_refuse_impossible_numbers() -> None:
    assert parse_rules(rules_to_dict(CampaignRules(3, 5, 15, 10))) == CampaignRules(3, 5, 15, 10)
    assert parse_rules({}) == DEFAULT
    assert codes(parse_rules, {"soon_days": 0, "warn_pp": "10"}) == ["out_of_range", "out_of_range"]
    assert codes(parse_rules, {"warn_pp": 20, "severe_pp": 20}) == ["out_of_order"]
