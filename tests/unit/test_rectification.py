"""The rectification as a state machine: steps, clocks, raising; against a plain model over random histories."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.domain import rectification as machine
from core.domain.errors import Invalid
from core.domain.rectification import Case, Clock
from core.domain.rectification_rules import SHIPPED, MeritTrigger, parse_rules, rules_to_dict
from core.domain.supervision_terms import MeritKind
from core.domain.supervision_terms import RectificationStep as Step
from core.domain.terms import FlagLevel
from core.domain.workdays import WorkCalendar

MONDAY = date(2026, 11, 23)
PLAIN = WorkCalendar()


def at(day: date, calendar: WorkCalendar = PLAIN) -> Clock:
    return Clock(day, calendar, SHIPPED)


def case_in(step: Step, day: date = MONDAY, level: FlagLevel = FlagLevel.WARN) -> Case:
    case = machine.open_case(level, at(day))
    if step is Step.NOTICE:
        return case
    case = machine.issue(case, at(day))
    if step is Step.PLAN:
        return case
    case = machine.submit_plan(case, day + timedelta(days=14), at(day))
    if step is Step.FEEDBACK:
        return case
    case = machine.submit_feedback(case, at(day))
    return case if step is Step.VERIFICATION else machine.verify(case, passed=True, clock=at(day))


def code_of(action, *arguments, **named) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        action(*arguments, **named)
    return [problem.code for problem in refusal.value.problems]


def test_steps_follow_each_other_with_their_deadlines():
    found = [(case_in(step).step, case_in(step).due_on) for step in Step]
    assert found == [
        (Step.NOTICE, date(2026, 11, 24)),
        (Step.PLAN, date(2026, 11, 30)),
        (Step.FEEDBACK, date(2026, 12, 7)),
        (Step.VERIFICATION, date(2026, 11, 30)),
        (Step.CLOSED, None),
    ]


def test_deadline_skips_the_office_s_own_days_off():
    own = WorkCalendar({date(2026, 11, 25): False, date(2026, 11, 28): True})
    case = machine.issue(machine.open_case(FlagLevel.WARN, at(MONDAY)), at(MONDAY, own))
    assert case.due_on == date(2026, 11, 30)  # Wednesday off, Saturday worked
    case = machine.issue(machine.open_case(FlagLevel.WARN, at(MONDAY)), at(MONDAY, WorkCalendar({MONDAY: True})))
    assert case.due_on == date(2026, 11, 30)


@pytest.mark.parametrize("level", [FlagLevel.OK, FlagLevel.NOTICE, FlagLevel.NO_DATA, FlagLevel.EXEMPT])
def test_only_yellow_and_red_are_rectified(level):
    assert code_of(machine.open_case, level, at(MONDAY)) == ["no_flag"]


STEPS = {
    "issue": (lambda case: machine.issue(case, at(MONDAY)), {Step.NOTICE}),
    "plan": (lambda case: machine.submit_plan(case, MONDAY, at(MONDAY)), {Step.PLAN}),
    "return": (lambda case: machine.return_plan(case, at(MONDAY)), {Step.FEEDBACK}),
    "feedback": (lambda case: machine.submit_feedback(case, at(MONDAY)), {Step.FEEDBACK}),
    "pass": (lambda case: machine.verify(case, passed=True, clock=at(MONDAY)), {Step.VERIFICATION}),
    "fail": (lambda case: machine.verify(case, passed=False, clock=at(MONDAY)), {Step.VERIFICATION}),
    "close": (lambda case: machine.close_out(case, at(MONDAY)), set(machine.OPEN_STEPS)),
    "extend": (
        lambda case: machine.request_extension(case, (case.due_on or MONDAY) + timedelta(days=3), at(MONDAY)),
        set(machine.UNIT_STEPS),
    ),
}


@pytest.mark.parametrize("action", STEPS)
@pytest.mark.parametrize("step", list(Step))
def test_step_is_taken_in_its_place_only_and_named_otherwise(action, step):
    act, allowed = STEPS[action]
    if step in allowed:
        assert act(case_in(step)).step is not None
    else:
        assert code_of(act, case_in(step)) == ["wrong_step"]


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "out_of_range"), (0, ""), (30, ""), (31, "out_of_range")], ids=["past", "0", "30", "31"]
)
def test_promise_lies_within_thirty_days(days, code):
    case, promised = case_in(Step.PLAN), MONDAY + timedelta(days=days)
    if code:
        assert code_of(machine.submit_plan, case, promised, at(MONDAY)) == [code]
    else:
        assert machine.submit_plan(case, promised, at(MONDAY)).due_on == promised
    assert code_of(machine.submit_plan, case, None, at(MONDAY)) == ["missing_date"]


def test_returned_plan_and_failed_verification_begin_a_new_clock():
    returned = machine.return_plan(case_in(Step.FEEDBACK), at(MONDAY))
    assert (returned.step, returned.due_on, returned.promised_on) == (Step.PLAN, date(2026, 11, 26), None)
    failed = machine.verify(case_in(Step.VERIFICATION), passed=False, clock=at(MONDAY))
    assert (failed.step, failed.due_on, failed.raise_on) == (Step.FEEDBACK, date(2026, 12, 7), date(2026, 12, 7))


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2026, 12, 4), []),  # Friday: Monday is the one working day left
        (date(2026, 12, 5), []),
        (date(2026, 12, 7), ["too_late"]),
        (date(2026, 12, 8), ["too_late"]),
    ],
)
def test_extension_is_asked_one_working_day_ahead(day, codes):
    case = case_in(Step.FEEDBACK)  # due on Monday, 7 December
    if codes:
        assert code_of(machine.request_extension, case, date(2026, 12, 20), at(day)) == codes
    else:
        assert machine.request_extension(case, date(2026, 12, 20), at(day)).extension_to == date(2026, 12, 20)


def test_extension_is_bounded_decided_once_and_counted():
    case = case_in(Step.FEEDBACK)
    assert code_of(machine.request_extension, case, case.due_on, at(MONDAY)) == ["out_of_range"]
    assert code_of(machine.request_extension, case, case.due_on + timedelta(days=31), at(MONDAY)) == ["out_of_range"]
    assert code_of(machine.grant_extension, case, date(2026, 12, 20), at(MONDAY)) == ["not_asked"]
    assert code_of(machine.refuse_extension, case) == ["not_asked"]
    asked = machine.request_extension(case, date(2026, 12, 31), at(MONDAY))
    assert code_of(machine.request_extension, asked, date(2026, 12, 31), at(MONDAY)) == ["asked_already"]
    assert machine.refuse_extension(asked) == case
    granted = machine.grant_extension(asked, date(2026, 12, 20), at(MONDAY))
    assert (granted.due_on, granted.raise_on, granted.promised_on, granted.extended_times, granted.extension_to) == (
        *(date(2026, 12, 20),) * 3,
        1,
        None,
    )
    often = replace(granted, extended_times=2)
    assert code_of(machine.request_extension, often, date(2026, 12, 31), at(MONDAY)) == ["too_often"]


def test_slipped_plan_raises_yellow_to_red_and_then_the_leaders():
    case = case_in(Step.PLAN)  # due on Monday, 30 November
    assert machine.raise_slipped(case, at(date(2026, 11, 30))) == (case, 0)
    raised, times = machine.raise_slipped(case, at(date(2026, 12, 1)))
    assert (times, raised.level, raised.raised_times, raised.due_on) == (1, FlagLevel.SEVERE, 1, case.due_on)
    assert raised.raise_on == date(2026, 12, 3)
    assert machine.raise_slipped(raised, at(date(2026, 12, 3))) == (raised, 0)
    again, times = machine.raise_slipped(raised, at(date(2026, 12, 4)))
    assert (times, again.raised_times, again.raise_on) == (1, 2, None)
    assert [SHIPPED.leader(n) for n in (0, 1, 2, 9)] == [*SHIPPED.leaders, SHIPPED.leaders[-1]]
    assert machine.raise_slipped(case, at(date(2027, 1, 1))) == (again, 2)


def test_office_s_own_slip_raises_nobody_and_an_open_request_waits():
    for step in machine.OFFICE_STEPS:
        case = case_in(step)
        assert machine.raise_slipped(case, at(date(2027, 1, 1))) == (case, 0)
        assert case.is_overdue(date(2027, 1, 1))
    asked = machine.request_extension(case_in(Step.PLAN), date(2026, 12, 10), at(MONDAY))
    assert machine.raise_slipped(asked, at(date(2026, 12, 8))) == (asked, 0)
    refused = machine.refuse_extension(asked)
    assert machine.raise_slipped(refused, at(date(2026, 12, 2)))[1] == 1


def test_interview_is_for_red_or_raised_cases():
    assert code_of(machine.require_interview, case_in(Step.PLAN)) == ["not_severe"]
    machine.require_interview(case_in(Step.PLAN, level=FlagLevel.SEVERE))
    machine.require_interview(replace(case_in(Step.PLAN), raised_times=1))
    assert code_of(machine.require_interview, case_in(Step.CLOSED, level=FlagLevel.SEVERE)) == ["wrong_step"]


def test_rules_survive_being_stored_and_old_bodies_get_what_they_lack():
    assert parse_rules(rules_to_dict(SHIPPED)) == SHIPPED
    assert parse_rules({}) == SHIPPED
    assert parse_rules({"ladder": {"plan": 7, "gone": 1}}).ladder.plan == 7


def test_rules_refuse_every_impossible_value_at_once():
    body = {
        "ladder": {"plan": 0, "notice": True, "verification": "5"},
        "leaders": [" "],
        "merits": [
            {"trigger": "interviewed", "times": 1, "kind": "praise", "points_tenths": 1001},
            {"trigger": "unknown", "times": 1, "kind": "praise", "points_tenths": 1},
            {"trigger": MeritTrigger.RAISED, "times": 1, "kind": MeritKind.PRAISE, "points_tenths": 1},
        ],
    }
    codes = code_of(parse_rules, body)
    assert codes == ["out_of_range"] * 3 + ["leaders"] + ["merits"] * 2


class History(RuleBasedStateMachine):
    """Random days and actions; the plain model knows step order, a deadline and how often it slipped."""

    @initialize(level=st.sampled_from([FlagLevel.WARN, FlagLevel.SEVERE]))
    def begin(self, level):
        self.today = MONDAY
        self.case = machine.open_case(level, at(self.today))
        self.step, self.slips, self.extensions = Step.NOTICE, 0, 0

    def go(self, case: Case, step: Step) -> None:
        self.case, self.step = case, step

    @rule(days=st.integers(1, 20))
    def wait(self, days):
        for _ in range(days):  # daily sweeps …
            self.today += timedelta(days=1)
            before = self.case
            self.case, times = machine.raise_slipped(self.case, at(self.today))
            self.slips += times
            # … raise only a unit's step that has slipped and has no request waiting
            if times:
                assert before.step in machine.UNIT_STEPS
                assert before.due_on < self.today
                assert before.extension_to is None

    @precondition(lambda self: self.step is Step.NOTICE)
    @rule()
    def issue(self):
        self.go(machine.issue(self.case, at(self.today)), Step.PLAN)

    @precondition(lambda self: self.step is Step.PLAN)
    @rule(days=st.integers(0, 30))
    def plan(self, days):
        self.go(machine.submit_plan(self.case, self.today + timedelta(days=days), at(self.today)), Step.FEEDBACK)

    @precondition(lambda self: self.step is Step.FEEDBACK)
    @rule()
    def give_back(self):
        self.go(machine.return_plan(self.case, at(self.today)), Step.PLAN)

    @precondition(lambda self: self.step is Step.FEEDBACK)
    @rule()
    def feed_back(self):
        self.go(machine.submit_feedback(self.case, at(self.today)), Step.VERIFICATION)

    @precondition(lambda self: self.step is Step.VERIFICATION)
    @rule(passed=st.booleans())
    def verify(self, passed):
        after = Step.CLOSED if passed else Step.FEEDBACK
        self.go(machine.verify(self.case, passed=passed, clock=at(self.today)), after)

    @precondition(lambda self: self.step in machine.UNIT_STEPS)
    @rule(days=st.integers(-3, 40), granted=st.booleans())
    def extend(self, days, granted):
        until = self.case.due_on + timedelta(days=days)
        try:
            asked = machine.request_extension(self.case, until, at(self.today))
        except Invalid:
            return
        assert 0 < days <= 30
        assert self.today < self.case.due_on
        assert self.extensions < 2
        if granted:
            self.extensions += 1
            self.case = machine.grant_extension(asked, until, at(self.today))
            assert self.case.due_on == until
        else:
            self.case = machine.refuse_extension(asked)

    @invariant()
    def agrees_with_the_model(self):
        if not hasattr(self, "case"):
            return
        assert self.case.step is self.step
        assert self.case.raised_times == self.slips <= len(SHIPPED.leaders) - 1
        assert self.case.extended_times == self.extensions <= 2
        assert (self.case.due_on is None) == (self.step is Step.CLOSED)
        assert self.case.closed_on is None or self.step is Step.CLOSED
        if self.slips:
            assert self.case.level is FlagLevel.SEVERE

    @invariant()
    def one_late_look_equals_daily_ones(self):
        if not hasattr(self, "case"):
            return
        later = self.today + timedelta(days=15)
        daily, total = self.case, 0
        for number in range(1, 16):
            daily, times = machine.raise_slipped(daily, at(self.today + timedelta(days=number)))
            total += times
        assert machine.raise_slipped(self.case, at(later)) == (daily, total)

    @invariant()
    def ends_or_becomes_overdue(self):
        if not hasattr(self, "case"):
            return
        assert not self.case.is_open or self.case.is_overdue(self.today + timedelta(days=400))


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
