"""待办 of sponsor leaders: the projects that wait for this month's visit, by the rule in force; the digest the same."""

from dataclasses import replace
from datetime import date

import pytest

from core.domain.permissions import Actor
from core.domain.sponsors import VisitRules
from core.domain.terms import Role, Stage
from core.domain.todo import Todo, TodoCounts, TodoKind
from core.services import sponsors, todos
from core.services.todos import gathering
from db.models import Person, User
from tests.factories import SYSTEM, make_actor
from tests.support.sponsors import SponsorCity, sponsor, sponsor_city, visit

LATE, LAST = date(2026, 11, 25), date(2026, 11, 30)


@pytest.fixture
def city(store) -> SponsorCity:
    return sponsor_city(store)


def linked(store, person: int, actor: Actor | None = None) -> Actor:
    """An account of *actor*'s rights that the person signs in with; a leader's without."""
    own = actor or make_actor(Role.LEADER)
    with store.transaction(SYSTEM) as tx:
        values = {"login": f"{own.login}-{person}", "name": own.name, "password_hash": "", "person_id": person}
        return replace(own, user_id=tx.insert(User, values))


def told(actor: Actor) -> list[tuple]:
    return [(one.title, one.step, one.owner, one.due_on) for one in todos.page_of(actor, TodoKind.VISIT).items]


def dealt(actor: Actor, person: int | None, on: date = LATE) -> list[Todo]:
    items = gathering.gather({"reader": gathering.Reader(actor, person)}, on)["reader"].items
    return [one for one in items if one.kind is TodoKind.VISIT]


def owed(number: int, name: str = "程立诚") -> list[tuple]:
    return [(f"本月尚欠调研 {number} 个项目", "调研", name, LAST)]


def test_leader_is_told_of_the_projects_he_has_not_seen_this_month(store, city) -> None:
    cheng, wang = linked(store, city.cheng), linked(store, city.wang)
    assert told(cheng) == owed(1)
    assert told(wang) == owed(1, "王守正")
    assert todos.count(cheng) == TodoCounts(later=1)
    (todo,) = todos.page_of(cheng).items
    assert (todo.link, todo.amount, todo.entity, todo.entity_id) == ("/leaders", 1, "person", city.cheng)
    with store.transaction(SYSTEM) as tx:
        visit(tx, city.bridge, date(2026, 11, 21), "常务副市长程立诚")
    assert told(cheng) == []
    assert told(wang) == owed(1, "王守正")


def test_visit_of_another_leader_of_the_project_or_of_a_longer_name_is_not_his(store, city) -> None:
    with store.transaction(SYSTEM) as tx:
        short = tx.insert(Person, {"name": "王守", "title": "副市长"})
        sponsor(tx, city.port, short)
        sponsor(tx, city.bridge, city.wang)
        visit(tx, city.bridge, date(2026, 11, 20), "王守正")
    assert told(linked(store, short)) == owed(1, "王守")  # the port was seen by 王守正
    assert told(linked(store, city.cheng)) == owed(1)
    assert told(linked(store, city.wang)) == owed(1, "王守正")  # the road


def test_number_follows_the_rule_in_force(store, city) -> None:
    cheng = linked(store, city.cheng)
    sponsors.save_rules(city.supervisor, VisitRules(per_month=2), "重点项目每月调研两次")
    assert told(cheng) == owed(2)
    sponsors.save_rules(city.supervisor, VisitRules(stages=(Stage.SUSPENDED,)), "只看停工项目")
    assert told(cheng) == []


def test_whoever_is_not_the_leader_or_no_longer_stands_for_a_project_is_told_nothing(store, city) -> None:
    with store.transaction(SYSTEM) as tx:
        idle = tx.insert(Person, {"name": "郑远航"})
        sponsor(tx, city.bridge, idle, to_on=date(2026, 11, 10))
        sponsor(tx, city.road, idle, from_on=date(2026, 11, 2))
    assert told(linked(store, idle)) == []
    for actor in (city.leader, city.supervisor, city.county, city.unit):
        assert told(actor) == []
        assert dealt(actor, None) == []
        assert dealt(actor, idle) == []


@pytest.mark.parametrize("role", ["leader", "supervisor", "county", "stranger", "unit"])
def test_digest_deals_out_the_line_of_the_list_in_the_last_week(store, clock, city, role) -> None:
    """The leader answers for all his projects, wherever his account is bound."""
    actor = linked(store, city.cheng, getattr(city, role))
    assert dealt(actor, city.cheng, date(2026, 11, 22)) == []  # eight days are left
    clock.advance(days=3)
    page = todos.page_of(actor, TodoKind.VISIT)
    assert told(actor) == owed(1)
    assert dealt(actor, city.cheng) == list(page.items)
