"""Sponsor leaders: visits owed by rule, figures of a leader, against a slow count; what changed since a visit."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import Invalid
from core.domain.period import Month
from core.domain.sponsors import (
    DEFAULT_VISITS,
    Promise,
    SponsorLink,
    Visit,
    VisitRules,
    credited,
    is_visit_due,
    leader_figures,
    parse_rules,
    projects_owed,
    rules_to_dict,
    took_part,
)
from core.domain.terms import FlagLevel, Stage

TODAY = date(2026, 11, 22)
NAMES = {1: "程立诚", 2: "王守", 3: "王守正"}


def link(person: int = 1, project: int = 7, **values) -> SponsorLink:
    given_ = {"from_on": date(2026, 1, 1), "to_on": None, "stage": Stage.CONSTRUCTION, "started_on": None}
    return SponsorLink(
        **{"person_id": person, "project_id": project, "completed_on": None, "flag": FlagLevel.OK} | given_ | values
    )


@pytest.mark.parametrize(
    ("participants", "name", "others", "expected"),
    [
        ("程立诚", "程立诚", (), True),
        ("副市长程立诚、市发改委", "程立诚", (), True),
        ("市发改委，程立诚副市长", "程立诚", (), True),
        ("市发改委", "程立诚", (), False),
        ("王守正、市财政局", "王守", ("王守正",), False),
        ("王守、王守正", "王守", ("王守正",), True),
        ("", "程立诚", (), False),
        ("程立诚", "", (), False),
    ],
)
def test_participants_name_a_leader_with_or_without_title(participants, name, others, expected) -> None:
    assert took_part(participants, name, others) is expected


@pytest.mark.parametrize(
    ("changes", "month", "expected"),
    [
        ({}, 11, True),
        ({"from_on": None}, 1, True),
        ({"from_on": date(2026, 11, 1)}, 11, True),
        ({"from_on": date(2026, 11, 2)}, 11, False),
        ({"to_on": date(2026, 10, 31)}, 10, False),
        ({"to_on": date(2026, 11, 1)}, 10, True),
        ({"to_on": date(2026, 11, 22)}, 11, False),
        ({"stage": Stage.RESERVE}, 11, False),
        ({"stage": Stage.SUSPENDED}, 11, True),
        ({"stage": Stage.COMPLETED, "completed_on": date(2026, 10, 10)}, 10, False),
        ({"stage": Stage.COMPLETED, "completed_on": date(2026, 10, 10)}, 9, True),
        ({"started_on": date(2026, 6, 1)}, 3, True),
    ],
)
def test_visit_is_due_while_in_force_and_in_a_stage_of_the_rule(changes, month, expected) -> None:
    assert is_visit_due(DEFAULT_VISITS, link(**changes), Month(2026, month), TODAY) is expected


def test_visit_before_the_start_is_not_due_when_the_rule_begins_with_construction() -> None:
    rules = VisitRules(1, (Stage.CONSTRUCTION,))
    started = link(started_on=date(2026, 6, 1))
    assert [is_visit_due(rules, started, Month(2026, n), TODAY) for n in (5, 6)] == [False, True]


def test_figures_sum_money_and_never_mean_rates() -> None:
    links = [
        link(project=1, plan_yuan=100, due_yuan=80, done_yuan=100, flag=FlagLevel.SEVERE),
        link(project=2, plan_yuan=900, due_yuan=720, done_yuan=450, flag=FlagLevel.WARN),
        link(project=3, to_on=date(2026, 11, 1), plan_yuan=5000, due_yuan=5000),
    ]
    found = leader_figures(DEFAULT_VISITS, {1: "程立诚"}, links, [], [], TODAY)[1]
    assert (found.projects, found.severe, found.warn) == (2, 1, 1)
    assert found.gap_pp == Fraction(550 - 800, 1000) * 100
    assert found.now == found.months[10]
    assert (found.now.due, found.now.done, found.now.owed) == (2, 0, 2)


def test_figures_without_plan_have_no_gap() -> None:
    found = leader_figures(DEFAULT_VISITS, {1: "程立诚"}, [link()], [], [], TODAY)[1]
    assert found.gap_pp is None
    assert found.last_visit_on is None


def test_two_visits_on_one_day_count_once_and_one_covers_no_other_project() -> None:
    visits = [Visit(7, date(2026, 11, 3), "程立诚")] * 2 + [Visit(7, date(2026, 11, 9), "程立诚、市住建局")]
    found = leader_figures(DEFAULT_VISITS, {1: "程立诚"}, [link(), link(project=8)], visits, [], TODAY)[1]
    assert (found.now.done, found.now.due, found.now.owed) == (2, 2, 1)
    assert found.last_visits == {7: date(2026, 11, 9)}


def test_promises_of_projects_never_sponsored_are_not_his() -> None:
    promises = [
        Promise("程立诚", 7, True, False),
        Promise("程立诚", 7, False, True),
        Promise("程立诚", 99, False, True),
    ]
    found = leader_figures(DEFAULT_VISITS, {1: "程立诚"}, [link()], [], promises, TODAY)[1]
    assert (found.promised, found.solved, found.overdue) == (2, 1, 1)


@pytest.mark.parametrize("body", [{"per_month": 0, "stages": ["construction"]}, {"per_month": 32, "stages": []}])
def test_impossible_rules_are_refused(body) -> None:
    with pytest.raises(Invalid):
        parse_rules(body)


def test_rules_survive_their_stored_form() -> None:
    rules = VisitRules(2, (Stage.CONSTRUCTION,))
    assert parse_rules(rules_to_dict(rules)) == rules


_days = st.dates(date(2025, 6, 1), date(2026, 12, 31))
_links = st.builds(
    SponsorLink,
    person_id=st.sampled_from(sorted(NAMES)),
    project_id=st.integers(1, 4),
    from_on=st.none() | _days,
    to_on=st.none() | _days,
    stage=st.sampled_from(Stage),
    started_on=st.none() | _days,
    completed_on=st.none() | _days,
    flag=st.sampled_from(FlagLevel),
    plan_yuan=st.integers(0, 9),
    due_yuan=st.integers(0, 9),
    done_yuan=st.integers(0, 9),
)
_visits = st.builds(
    Visit,
    project_id=st.integers(1, 5),
    on=_days,
    participants=st.lists(st.sampled_from([*NAMES.values(), "副市长王守", "市发改委"]), max_size=3).map("、".join),
)


def slow_owed(rules, links, visits, person, month, today) -> int:
    """Day by day and visit by visit, as a clerk would with pencil and paper."""
    last = min(month.last_day, today)
    owed = 0
    for project in {one.project_id for one in links if one.person_id == person}:
        own = [one for one in links if (one.person_id, one.project_id) == (person, project)]
        if not any(
            one.is_in_force(month.first_day) and one.is_in_force(last) and one.stage_on(last) in rules.stages
            for one in own
        ):
            continue
        went, day = 0, month.first_day
        while day <= month.last_day:
            went += any(
                visit.on == day
                and visit.project_id == project
                and any(one.is_in_force(day) for one in own)
                and names_him(visit.participants, person, project, links)
                for visit in visits
            )
            day += timedelta(days=1)
        owed += max(0, rules.per_month - went)
    return owed


def names_him(participants: str, person: int, project: int, links) -> bool:
    words = participants.split("、")
    rivals = {NAMES[one.person_id] for one in links if one.project_id == project}
    if NAMES[person] == "王守" and "王守正" in rivals:
        words = [word for word in words if "王守正" not in word]
    return any(word.startswith(NAMES[person]) or word.endswith(NAMES[person]) for word in words)


@given(st.lists(_links, max_size=6), st.lists(_visits, max_size=8), st.integers(1, 3), _days)
def test_owed_visits_are_those_of_a_slow_count(links, visits, per_month, today) -> None:
    rules = VisitRules(per_month)
    found = leader_figures(rules, NAMES, links, visits, [], today)
    for person in NAMES:
        for number, month in enumerate(found[person].months, start=1):
            assert month.owed == slow_owed(rules, links, visits, person, Month(today.year, number), today)


@given(st.lists(_links, max_size=6), st.lists(_visits, max_size=8), _days)
def test_projects_owed_are_the_owed_visits_of_one_a_month(links, visits, today) -> None:
    found = projects_owed(DEFAULT_VISITS, NAMES, links, visits, today)
    slow = {person: slow_owed(DEFAULT_VISITS, links, visits, person, Month.of(today), today) for person in NAMES}
    assert found == {person: number for person, number in slow.items() if number}


@given(st.lists(_links, max_size=6), st.lists(_visits, max_size=8))
def test_credited_days_are_days_of_visits_in_force(links, visits) -> None:
    for (person, project), days in credited(NAMES, links, visits).items():
        for day in days:
            assert any(visit.project_id == project and visit.on == day for visit in visits)
            assert any((one.person_id, one.project_id) == (person, project) and one.is_in_force(day) for one in links)
