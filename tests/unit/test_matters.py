"""The matter engine: steps, deadlines across holidays and unknown years, 一事两报告, extensions, pressing, rules."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.domain.errors import Invalid
from core.domain.matters import lapses, machine
from core.domain.matters.rules import DEFAULT, LADDER_LABELS, QUANZHOU, MatterLadder, parse_rules, rules_to_dict
from core.domain.matters.state import Clock, MatterState, time_left
from core.domain.matters.words import Difficulty, MatterLevel, Outcome, Owing, Satisfaction
from core.domain.terms import MatterKind, MatterStatus
from core.domain.workdays import WorkCalendar

MONDAY = date(2026, 11, 23)
PLAIN = WorkCalendar()


def at(day: date, rules=DEFAULT, calendar: WorkCalendar = PLAIN) -> Clock:
    return Clock(day, calendar, rules)


def assigned(day: date = MONDAY, kind=MatterKind.PROBLEM, difficulty=Difficulty.ORDINARY, rules=DEFAULT, amount=0):
    state = machine.raise_(kind, MatterLevel.COUNTY, None, at(day, rules))
    state = machine.classify(state, difficulty, amount, at(day, rules))
    return machine.assign(state, None, at(day, rules))


def working(day: date = MONDAY, **named) -> MatterState:
    state = assigned(day, **named)
    return state if state.status is MatterStatus.IN_PROGRESS else machine.sign_for(state, at(day))


def resolved(day: date = MONDAY, **named) -> MatterState:
    state = machine.reply(machine.report_progress(working(day, **named), at(day)), at(day))
    return machine.resolve(state, Outcome.SOLVED, "", "", at(day))


def codes(action, *arguments) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        action(*arguments)
    return [problem.code for problem in refusal.value.problems]


def test_steps_follow_each_other_with_their_own_deadlines():
    clock = at(MONDAY)
    state = machine.raise_(MatterKind.PROBLEM, MatterLevel.COUNTY, None, clock)
    found = [(state.status.value, state.owing, state.next_due_on)]
    for step in (
        lambda now: machine.classify(now, Difficulty.COMPLEX, None, clock),
        lambda now: machine.assign(now, None, clock),
        lambda now: machine.sign_for(now, clock),
        lambda now: machine.report_progress(now, clock),
        lambda now: machine.reply(now, clock),
        lambda now: machine.resolve(now, Outcome.SOLVED, "", "", clock),
        lambda now: machine.record_satisfaction(now, Satisfaction.SATISFIED, clock),
        lambda now: machine.close_out(now, clock),
    ):
        state = step(state)
        found.append((state.status.value, state.owing, state.next_due_on))
    assert found == [
        ("registered", Owing.OFFICE, MONDAY),
        ("classified", Owing.OFFICE, date(2026, 11, 24)),
        ("assigned", Owing.UNIT, date(2026, 11, 24)),
        ("in_progress", Owing.UNIT, date(2026, 11, 25)),  # the first report
        ("in_progress", Owing.UNIT, date(2026, 12, 2)),  # the reply, 7 working days
        ("replied", Owing.UNIT, date(2026, 12, 4)),  # the result, 2 working days after it
        ("resolved", Owing.OFFICE, date(2026, 11, 26)),
        ("resolved", Owing.OFFICE, date(2026, 11, 25)),
        ("closed_out", Owing.NOBODY, None),
    ]
    assert state.closed_on == MONDAY
    assert state.answer_workdays == 0


@pytest.mark.parametrize(
    ("start", "difficulty", "due_on", "is_published"),
    [
        (date(2025, 9, 26), Difficulty.ORDINARY, date(2025, 10, 10), True),
        (date(2025, 9, 30), Difficulty.COMPLEX, date(2025, 10, 16), True),
        (date(2026, 2, 13), Difficulty.SIMPLE, date(2026, 2, 25), True),
        (date(2026, 2, 13), Difficulty.HARD, date(2026, 3, 12), True),
        (date(2026, 4, 30), Difficulty.SIMPLE, date(2026, 5, 8), True),
        (date(2026, 12, 21), Difficulty.HARD, date(2027, 1, 12), False),
    ],
)
def test_reply_is_due_at_the_end_of_the_last_working_day(start, difficulty, due_on, is_published):
    state = assigned(start, difficulty=difficulty)
    assert state.due_on == state.first_due_on == due_on
    reported = machine.report_progress(machine.sign_for(state, at(start)), at(start))
    left = time_left(reported, start, PLAIN)
    assert left is not None
    assert (left.workdays, left.is_published) == (DEFAULT.answer_days[difficulty], is_published)


def test_own_calendar_of_the_office_moves_the_deadline():
    own = WorkCalendar({date(2026, 11, 24): False, date(2026, 11, 28): True})
    state = machine.raise_(MatterKind.PROBLEM, MatterLevel.CITY, None, at(MONDAY))
    state = machine.classify(state, Difficulty.ORDINARY, None, at(MONDAY))
    assert machine.assign(state, None, at(MONDAY, calendar=own)).due_on == date(2026, 11, 30)
    assert machine.assign(state, None, at(MONDAY)).due_on == date(2026, 11, 30)
    without = WorkCalendar({date(2026, 11, 24): False})
    assert machine.assign(state, None, at(MONDAY, calendar=without)).due_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "amount", "level"),
    [
        (MatterKind.DECISION_REQUEST, 4_999_999, MatterLevel.COUNTY),
        (MatterKind.DECISION_REQUEST, 5_000_000, MatterLevel.COMMITTEE),
        (MatterKind.DECISION_REQUEST, 5_000_001, MatterLevel.COMMITTEE),
        (MatterKind.PROBLEM, 50_000_000, MatterLevel.COUNTY),
    ],
)
def test_requests_from_five_million_go_to_the_committee(kind, amount, level):
    assert assigned(kind=kind, amount=amount).level is level


def test_committee_matter_is_resolved_only_with_its_decision():
    state = working(kind=MatterKind.DECISION_REQUEST, amount=5_000_000)
    state = machine.reply(machine.report_progress(state, at(MONDAY)), at(MONDAY))
    assert codes(machine.resolve, state, Outcome.SOLVED, "", " ", at(MONDAY)) == ["missing"]
    assert machine.resolve(state, Outcome.SOLVED, "", "纪要〔2026〕8号", at(MONDAY)).status is MatterStatus.RESOLVED


def test_request_without_amount_cannot_be_classified():
    state = machine.raise_(MatterKind.DECISION_REQUEST, MatterLevel.CITY, None, at(MONDAY))
    assert codes(machine.classify, state, Difficulty.SIMPLE, None, at(MONDAY)) == ["missing"]
    assert codes(machine.classify, state, Difficulty.SIMPLE, -1, at(MONDAY)) == ["out_of_range"]


@pytest.mark.parametrize(
    ("day", "refused"),
    [(MONDAY, []), (date(2026, 11, 24), []), (date(2026, 11, 25), ["too_late"])],
    ids=["same day", "last day", "day after"],
)
def test_objection_is_made_within_one_working_day(day, refused):
    if refused:
        assert codes(machine.object_, assigned(), at(day)) == refused
    else:
        assert machine.object_(assigned(), at(day)).status is MatterStatus.OBJECTED


def test_consultation_begins_without_signature_and_supervision_cannot_be_objected_to():
    assert assigned(kind=MatterKind.CONSULTATION).status is MatterStatus.IN_PROGRESS
    assert codes(machine.object_, assigned(kind=MatterKind.SUPERVISION), at(MONDAY)) == ["cannot_object"]


def test_two_reports_are_both_owed():
    state = working()
    assert codes(machine.reply, state, at(MONDAY)) == ["no_first_report"]
    replied = machine.reply(machine.report_progress(state, at(MONDAY)), at(date(2026, 11, 30)))
    assert (replied.answer_workdays, replied.result_due_on) == (5, date(2026, 12, 2))
    late = machine.reply(machine.report_progress(state, at(MONDAY)), at(date(2026, 12, 18)))
    assert late.next_due_on == late.result_due_on == date(2026, 12, 22)


def test_what_cannot_be_solved_says_under_which_condition_it_could():
    replied = machine.reply(machine.report_progress(working(), at(MONDAY)), at(MONDAY))
    assert codes(machine.resolve, replied, None, "", "", at(MONDAY)) == ["missing"]
    assert codes(machine.resolve, replied, Outcome.UNSOLVABLE, "  ", "", at(MONDAY)) == ["missing"]
    told = machine.resolve(replied, Outcome.UNSOLVABLE, " 指标下达后 ", "", at(MONDAY))
    assert (told.outcome, told.conditions) == (Outcome.UNSOLVABLE, "指标下达后")


def test_discontent_is_done_again_once_and_then_may_be_closed():
    assert codes(machine.close_out, resolved(), at(MONDAY)) == ["not_visited_yet"]
    unhappy = machine.record_satisfaction(resolved(), Satisfaction.DISSATISFIED, at(MONDAY))
    assert codes(machine.close_out, unhappy, at(MONDAY)) == ["dissatisfied"]
    again = machine.redo(unhappy, at(date(2026, 11, 26)))
    assert (again.due_on, again.first_due_on) == (date(2026, 12, 3), date(2026, 11, 30))
    assert (again.outcome, again.replied_on, again.redo_times) == (None, None, 1)
    tried = replace(unhappy, redo_times=1)
    assert machine.close_out(tried, at(MONDAY)).status is MatterStatus.CLOSED_OUT


def test_policy_is_closed_without_visit():
    state = resolved(kind=MatterKind.POLICY)
    assert codes(machine.record_satisfaction, state, Satisfaction.SATISFIED, at(MONDAY)) == ["not_visited"]
    assert machine.close_out(state, at(MONDAY)).closed_on == MONDAY


def test_escalation_climbs_to_the_committee_and_keeps_the_deadline():
    state, levels = working(), []
    due_on = state.due_on
    for _ in range(3):
        state = machine.escalate(state, at(MONDAY))
        levels.append(state.level)
    assert levels == [MatterLevel.CITY, MatterLevel.VICE_MAYOR, MatterLevel.COMMITTEE]
    assert (state.status, state.is_escalated, state.due_on) == (MatterStatus.ESCALATED, True, due_on)
    assert codes(machine.escalate, state, at(MONDAY)) == ["top"]
    anew = machine.assign(state, None, at(date(2026, 11, 27)))
    assert (anew.due_on, anew.first_due_on) == (date(2026, 12, 4), due_on)


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        (date(2026, 11, 27), []),  # Friday: Monday 30 is the one working day left
        (date(2026, 11, 29), []),
        (date(2026, 11, 30), ["too_late"]),
        (date(2026, 12, 1), ["too_late"]),
    ],
)
def test_extension_is_asked_one_working_day_ahead(day, refused):
    until = date(2026, 12, 10)
    if refused:
        assert codes(lapses.request_extension, working(), until, at(day)) == refused
    else:
        assert lapses.request_extension(working(), until, at(day)).extension_to == until


def test_extension_moves_deadline_and_result_but_not_the_first_deadline():
    state = machine.report_progress(working(), at(MONDAY))
    latest = date(2026, 12, 21)  # 15 working days after Monday 30
    assert codes(lapses.request_extension, state, latest + timedelta(days=1), at(MONDAY)) == ["out_of_range"]
    asked = lapses.request_extension(state, latest, at(MONDAY))
    assert codes(lapses.request_extension, asked, latest, at(MONDAY)) == ["asked_already"]
    granted = lapses.grant_extension(asked, latest, at(MONDAY))
    assert (granted.due_on, granted.next_due_on, granted.press_on) == (latest, latest, latest)
    assert (granted.first_due_on, granted.result_due_on) == (date(2026, 11, 30), date(2026, 12, 23))
    assert lapses.refuse_extension(asked).due_on == date(2026, 11, 30)
    assert codes(lapses.grant_extension, granted, latest, at(MONDAY)) == ["not_asked"]
    twice = replace(granted, extended_times=2)
    assert codes(lapses.request_extension, twice, date(2026, 12, 25), at(MONDAY)) == ["too_often"]


def test_lapse_is_pressed_then_summoned_whenever_somebody_looks():
    state = machine.report_progress(working(), at(MONDAY))  # reply due on Monday 30
    pressed = [lapses.press_lapsed(state, at(date(2026, 12, day)))[0].pressed_times for day in range(1, 8)]
    assert pressed == [1, 1, 1, 2, 2, 2, 2]  # 1 = the day after; again three working days after the deadline
    last, times = lapses.press_lapsed(state, at(date(2027, 3, 1)))
    assert (times, last.press_on) == (2, None)
    assert lapses.press_lapsed(last, at(date(2027, 3, 1)))[1] == 0
    told = machine.report_progress(last, at(date(2027, 3, 1)))
    assert (told.pressed_times, told.press_on) == (2, None)
    lapses.require_interview(told)
    assert codes(lapses.require_interview, state) == ["not_pressed"]


def test_undecided_request_keeps_pressing_away_but_not_the_lapse():
    asked = lapses.request_extension(working(), date(2026, 12, 10), at(MONDAY))
    assert lapses.press_lapsed(asked, at(date(2026, 12, 20))) == (asked, 0)
    assert asked.is_overdue(date(2026, 12, 20))


def test_duplicate_is_merged_only_into_an_open_matter_of_its_kind():
    state, clock = working(), at(MONDAY)
    merged = machine.merge(state, 9, assigned(), clock)
    assert (merged.status, merged.merged_into_id, merged.closed_on) == (MatterStatus.MERGED, 9, MONDAY)
    assert codes(machine.merge, state, 9, merged, clock) == ["bad_target"]
    assert codes(machine.merge, state, 9, assigned(kind=MatterKind.POLICY), clock) == ["bad_target"]
    assert codes(machine.merge, merged, 9, state, clock) == ["ended"]
    assert codes(machine.merge, resolved(), 9, state, clock) == ["wrong_step"]


def test_imported_matter_without_clock_is_worked_on_from_where_it_is():
    found = MatterState(MatterKind.PROBLEM, MatterStatus.IN_PROGRESS, MatterLevel.CITY, due_on=date(2026, 10, 1))
    assert (found.next_due_on, found.is_overdue(MONDAY)) == (date(2026, 10, 1), True)
    told = machine.report_progress(found, at(MONDAY))
    assert told.next_due_on == date(2026, 10, 1)
    assert machine.reply(found, at(MONDAY)).answer_workdays is None
    dated = MatterState(MatterKind.PROBLEM, MatterStatus.RESOLVED, MatterLevel.CITY, closed_on=MONDAY)
    assert (dated.is_open, dated.owing, dated.next_due_on) == (False, Owing.NOBODY, None)


def test_rules_survive_their_stored_form_and_older_bodies_are_filled():
    for rules in (DEFAULT, QUANZHOU):
        assert parse_rules(rules_to_dict(rules)) == rules
    assert parse_rules({}) == DEFAULT
    assert set(LADDER_LABELS) == set(rules_to_dict(DEFAULT)["ladder"])
    assert QUANZHOU.answer_days[Difficulty.SIMPLE] == 7
    assert QUANZHOU.ladder == MatterLadder()


def test_impossible_rules_are_refused_all_at_once():
    body = {
        "ladder": {"sign": 0, "register": 0, "result": 366, "unknown": 1},
        "answer_days": {"simple": 0},
        "redos": -1,
        "pressing": [],
        "kinds": {"nothing": {}, "problem": {"committee_from_yuan": 0}},
    }
    with pytest.raises(Invalid) as refusal:
        parse_rules(body)
    assert [problem.field for problem in refusal.value.problems] == [
        "sign", "result", "answer_days", "redos", "pressing", "kinds", "kinds",
    ]  # fmt: skip
