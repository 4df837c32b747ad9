"""The demo city's leaders: visits in every month, some owed now, promises at every stage, the account is a person."""

import pytest

from core.domain.permissions import system_actor
from core.domain.terms import Role
from core.services import demo_accounts, sponsors
from db.queries.access import user_id_of
from db.seed.demo import build
from tests.factories import make_actor


@pytest.fixture
def city(sqlite_store):
    build(sqlite_store)
    return sqlite_store


def test_leaders_have_seen_most_projects_and_owe_some(city) -> None:
    rows = sponsors.leaders(make_actor(Role.SUPERVISOR))
    assert len(rows) == 16
    assert all(month.done for row in rows for month in row.figures.months[:-1] if month.due > 5)
    now = [row.figures.now for row in rows]
    assert 0.2 < sum(one.owed for one in now) / sum(one.due for one in now) < 0.6
    assert max(row.figures.last_visit_on for row in rows if row.figures.last_visit_on) <= city.today()


def test_account_of_the_leader_is_linked_and_has_promises(city) -> None:
    demo_accounts.create(system_actor())
    with city.read() as connection:
        key = user_id_of(connection, "leader")
    leader = make_actor(Role.LEADER)
    own = sponsors.own_person(type(leader)(leader.login, leader.name, leader.roles, leader.scope, key))
    assert own is not None
    view = sponsors.leader(leader, own)
    assert view.person.name == "程立诚"
    assert (view.figures.promised, view.figures.solved, view.figures.overdue) == (5, 3, 1)
    assert len(view.promises) == 5
    assert {card.row.source for card in view.promises} == {"领导调研"}
