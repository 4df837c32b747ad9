"""Supervision rounds: making one, and who may see what of it."""

from datetime import date

import pytest

from core.domain.errors import Invalid, NotFound, PermissionDenied, RoundRefused
from core.domain.period import Month
from core.domain.rounds import RoundWindow
from core.domain.supervision_terms import RoundStatus
from core.domain.terms import Role
from core.services import rounds
from core.services.rounds import NewRound
from tests.factories import make_actor

SUPERVISOR = make_actor(Role.SUPERVISOR)
COUNTY = make_actor(Role.COUNTY, counties=[1])
WINDOW = RoundWindow(Month(2026, 9), Month(2026, 10), date(2026, 11, 22))


def test_create_without_number_takes_the_next_and_a_title(store):
    first = rounds.create(SUPERVISOR, NewRound(WINDOW))
    row = rounds.read_round(SUPERVISOR, first).row
    assert (row.year, row.number, row.revision, row.status) == (2026, 1, 1, RoundStatus.DRAFT)
    assert row.title == "2026年第1轮重点项目督查（2026年9—10月）"
    assert row.window == WINDOW
    assert rounds.proposal(SUPERVISOR).number == 2


def test_proposal_of_the_first_round_speaks_of_two_months_of_one_year(store):
    as_of = store.as_of()
    window = rounds.proposal(SUPERVISOR).window
    assert (window.first_month, window.last_month) == (
        max(as_of.month.shift(-1), Month(as_of.year, 1)),
        as_of.month,
    )
    assert window.cut_off_on == as_of.on


def test_create_the_same_number_again_is_refused(store):
    rounds.create(SUPERVISOR, NewRound(WINDOW, 3))
    with pytest.raises(RoundRefused, match="2026年第3轮已经建立"):
        rounds.create(SUPERVISOR, NewRound(WINDOW, 3))


def test_create_with_a_bad_window_names_every_problem(store):
    window = RoundWindow(Month(2027, 1), Month(2026, 12), date(2026, 11, 23))
    with pytest.raises(Invalid) as refused:
        rounds.create(SUPERVISOR, NewRound(window, 0))
    codes = {problem.code for problem in refused.value.problems}
    assert codes == {"order", "one_year", "future", "early", "range"}


def test_create_by_a_county_is_refused(store):
    with pytest.raises(PermissionDenied):
        rounds.create(COUNTY, NewRound(WINDOW))


def test_a_draft_is_unknown_beyond_supervision(store):
    key = rounds.create(SUPERVISOR, NewRound(WINDOW))
    assert [row.id for row in rounds.list_rounds(SUPERVISOR)] == [key]
    assert rounds.list_rounds(COUNTY) == ()
    for look in (rounds.read_round, rounds.decisions, rounds.overrides):
        with pytest.raises(NotFound):
            look(COUNTY, key)
    assert rounds.latest_published(COUNTY) is None
