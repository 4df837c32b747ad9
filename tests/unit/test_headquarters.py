"""Headquarters without a store: checklist, terms, periods of reports, the chain and its funnel."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import Invalid
from core.domain.headquarters import (
    DEFAULT_SET_UP,
    Post,
    Presence,
    StepDates,
    StepState,
    parse_set_up,
    presence,
    set_up_standing,
    set_up_to_dict,
    step_state,
)
from core.domain.headquarters_chain import (
    STEPS,
    ChainCount,
    ChainFacts,
    ChainStep,
    ProjectSource,
    chain_place,
    funnel,
    source_code,
    source_of,
)
from core.domain.headquarters_checks import check_charter, check_member
from core.domain.headquarters_reports import ReportCycle, owed, period_of
from core.domain.terms import Stage
from core.domain.workdays import WorkCalendar

TODAY = date(2026, 11, 22)
CALENDAR = WorkCalendar()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("due_on", "done_on", "expected"),
    [
        (ago(1), None, StepState.OVERDUE),
        (TODAY, None, StepState.DUE_SOON),
        (ago(-3), None, StepState.DUE_SOON),
        (ago(-4), None, StepState.OPEN),
        (ago(9), ago(1), StepState.DONE),
    ],
    ids=["yesterday", "today", "in three days", "in four days", "done late"],
)
def test_step_is_late_only_after_its_day(due_on, done_on, expected):
    assert step_state(StepDates(due_on, done_on), TODAY) is expected


def test_standing_counts_done_and_late_steps_and_the_days_to_the_last_open_one():
    steps = [StepDates(ago(5), ago(6)), StepDates(ago(2), None), StepDates(ago(-8), None)]
    found = set_up_standing(steps, TODAY)
    assert (found.total, found.done, found.overdue, found.due_on, found.days_left) == (3, 1, 1, ago(-8), 8)
    assert not found.is_complete
    assert set_up_standing([], TODAY).is_complete
    assert set_up_standing(steps[:1], TODAY).days_left is None


@pytest.mark.parametrize(
    ("from_on", "to_on", "expected"),
    [
        (None, None, Presence.PRESENT),
        (ago(-1), None, Presence.COMING),
        (ago(300), ago(1), Presence.ENDED),
        (ago(300), TODAY, Presence.ENDING),
        (ago(300), ago(-30), Presence.ENDING),
        (ago(300), ago(-31), Presence.PRESENT),
    ],
)
def test_term_of_a_member_is_named_thirty_days_before_its_end(from_on, to_on, expected):
    assert presence(from_on, to_on, TODAY) is expected


def test_checklist_survives_the_store_and_names_every_bad_row():
    assert parse_set_up(set_up_to_dict(DEFAULT_SET_UP)) == DEFAULT_SET_UP
    rows = [
        {"code": "a", "name": "", "workdays": 3, "post": None},
        {"code": "a", "name": "印章", "workdays": 0, "post": "boss"},
    ]
    with pytest.raises(Invalid) as caught:
        parse_set_up({"steps": rows})
    assert [problem.code for problem in caught.value.problems] == [
        "set_up_code",
        "set_up_name",
        "set_up_workdays",
        "set_up_post",
    ]
    with pytest.raises(Invalid):
        parse_set_up({"steps": []})


def test_checklist_waits_for_the_posts_that_a_headquarters_needs():
    assert {step.post for step in DEFAULT_SET_UP.steps if step.post} == {
        Post.COMMANDER,
        Post.DEPUTY,
        Post.LIAISON,
        Post.SECONDED,
    }


def test_charter_and_member_say_what_is_wrong():
    charter = {"name": " ", "short_name": "很" * 13, "founded_on": TODAY, "set_up_due_on": ago(1)}
    assert [(p.field, p.code) for p in check_charter(charter)] == [
        ("name", "required"),
        ("short_name", "too_long"),
        ("set_up_due_on", "wrong_order"),
    ]
    (problem,) = check_member({"name": "", "from_on": None, "to_on": None})
    assert problem.message == "请填写成员姓名。"


@pytest.mark.parametrize(
    ("cycle", "day", "first", "last", "label"),
    [
        (ReportCycle.WEEKLY, date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22), "2026年11月16日—11月22日"),
        (ReportCycle.WEEKLY, date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3), "2026年12月28日—2027年1月3日"),
        (ReportCycle.TEN_DAY, date(2026, 2, 10), date(2026, 2, 1), date(2026, 2, 10), "2026年2月上旬"),
        (ReportCycle.TEN_DAY, date(2026, 2, 11), date(2026, 2, 11), date(2026, 2, 20), "2026年2月中旬"),
        (ReportCycle.TEN_DAY, date(2028, 2, 29), date(2028, 2, 21), date(2028, 2, 29), "2028年2月下旬"),
        (ReportCycle.MONTHLY, date(2026, 2, 3), date(2026, 2, 1), date(2026, 2, 28), "2026年2月"),
    ],
)
def test_period_of_a_day(cycle, day, first, last, label):
    found = period_of(cycle, day)
    assert (found.first_on, found.last_on, found.label) == (first, last, label)


@given(
    cycle=st.sampled_from(list(ReportCycle)),
    day=st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31)),
)
def test_periods_cover_every_day_once(cycle, day):
    found = period_of(cycle, day)
    assert found.first_on <= day <= found.last_on
    assert period_of(cycle, found.first_on) == period_of(cycle, found.last_on) == found
    assert period_of(cycle, found.last_on + timedelta(days=1)).first_on == found.last_on + timedelta(days=1)


def test_owed_reports_end_with_the_present_period_and_leave_out_what_was_sent():
    found = owed(ReportCycle.MONTHLY, date(2026, 8, 20), 3, {date(2026, 9, 1)}, TODAY, CALENDAR)
    assert [(item.period.label, item.due_on, item.is_over, item.is_overdue) for item in found] == [
        ("2026年8月", date(2026, 9, 3), True, True),
        ("2026年10月", date(2026, 11, 4), True, True),
        ("2026年11月", date(2026, 12, 3), False, False),
    ]


def test_report_is_not_late_on_its_day_and_holidays_are_skipped():
    (september, _october) = owed(ReportCycle.MONTHLY, date(2025, 9, 1), 3, (), date(2025, 10, 11), CALENDAR)
    assert september.due_on == date(2025, 10, 11)  # a Saturday that is worked after the long holiday
    assert not september.is_overdue


@pytest.mark.parametrize(
    ("facts", "step", "since"),
    [
        (ChainFacts(Stage.IDEA), ChainStep.PLANNED, None),
        (ChainFacts(Stage.RESERVE, reserved_on=ago(9)), ChainStep.PACKAGED, ago(9)),
        (ChainFacts(Stage.RESERVE, reserved_on=ago(-1)), ChainStep.PLANNED, None),
        (ChainFacts(Stage.PREPARATION, contended_on=ago(3)), ChainStep.CONTENDED, ago(3)),
        (ChainFacts(Stage.PREPARATION, landed_on=TODAY), ChainStep.LANDED, TODAY),
        (ChainFacts(Stage.PREPARATION, has_plot=True), ChainStep.LANDED, None),
        (ChainFacts(Stage.PREPARATION, landed_on=ago(-5), has_plot=True), ChainStep.LANDED, None),
        (ChainFacts(Stage.CONSTRUCTION, reserved_on=ago(90), started_on=ago(8)), ChainStep.BUILDING, ago(8)),
        (ChainFacts(Stage.CONSTRUCTION), ChainStep.BUILDING, None),
        (ChainFacts(Stage.CONSTRUCTION, landed_on=ago(9), started_on=ago(-1)), ChainStep.LANDED, ago(9)),
        (ChainFacts(Stage.COMPLETED, started_on=ago(400)), ChainStep.BUILDING, ago(400)),
        (ChainFacts(Stage.COMMISSIONED), ChainStep.PRODUCING, None),
        (ChainFacts(Stage.COMMISSIONED, producing_on=ago(1)), ChainStep.PRODUCING, ago(1)),
    ],
)
def test_project_stands_at_the_farthest_proven_step(facts, step, since):
    found = chain_place(facts, TODAY)
    assert found is not None
    assert (found.step, found.since_on) == (step, since)


@pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.TERMINATED, Stage.MERGED])
def test_project_that_left_stands_at_no_step(stage):
    assert chain_place(ChainFacts(stage, started_on=ago(9)), TODAY) is None


def test_funnel_reaches_what_went_beyond_and_divides_the_sums():
    known, other = ProjectSource.PLANNED, ProjectSource.UNKNOWN
    counts = [
        ChainCount(ChainStep.PLANNED, known, 2, 20),
        ChainCount(ChainStep.LANDED, known, 1, 5),
        ChainCount(ChainStep.LANDED, other, 2, 7),
        ChainCount(ChainStep.PRODUCING, other, 1, 100),
    ]
    lines = funnel(counts)
    assert [line.present for line in lines] == [2, 0, 0, 3, 0, 1]
    assert [line.reached for line in lines] == [6, 4, 4, 4, 1, 1]
    assert [line.reached_yuan for line in lines] == [132, 112, 112, 112, 100, 100]
    assert [line.conversion for line in lines] == [
        None,
        Fraction(2, 3),
        Fraction(1),
        Fraction(1),
        Fraction(1, 4),
        Fraction(1),
    ]
    assert [line.conversion for line in funnel([])] == [None] * len(STEPS)


def test_source_that_is_not_known_is_stored_as_nothing():
    assert source_of("") is ProjectSource.UNKNOWN
    assert source_code(ProjectSource.UNKNOWN) == ""
    assert {source_of(source_code(source)) for source in ProjectSource} == set(ProjectSource)
