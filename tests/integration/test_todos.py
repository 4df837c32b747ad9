"""待办: who owes what, in which order and group; nothing of others; one reading for everybody deals out the same."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.domain.errors import PermissionDenied
from core.domain.terms import Role
from core.domain.todo import TodoCounts, TodoGroup, TodoKind
from core.services import todos
from core.services.todos import gathering
from db.models import User
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_person, make_project
from tests.support.sponsors import sponsor
from tests.support.todos import TODAY, TodoCity, todo_city


@pytest.fixture
def city(store) -> TodoCity:
    return todo_city(store)


def told(page) -> list[tuple]:
    return [(todo.due_on, todo.step, todo.title) for todo in page.items]


def day(number: int, month: int = 11) -> date:
    return date(2026, month, number)


def test_unit_sees_its_own_steps_the_longest_overdue_first(city) -> None:
    page = todos.page_of(city.actors["unit"])
    assert told(page) == [
        (day(1), "登记完成", "桥墩完工"),
        (day(10), "回复", "南岸用地未批"),
        (day(19), "报送方案", "东湖大桥"),
        (TODAY, "登记完成", "合龙"),
        (day(24), "回复", "管线迁改慢"),
        (day(20, 12), "签收", "资金未到位"),
    ]
    assert page.counts == TodoCounts(overdue=3, today=1, week=1, later=1)
    assert page.items[1].link == "/problems?id=1"


def test_supporting_unit_owes_its_opinion_until_it_is_given(city) -> None:
    assert told(todos.page_of(city.actors["helper"])) == [(day(20), "协办回复", "管线迁改慢")]


def test_county_sees_its_table_and_not_what_lies_above(city) -> None:
    assert told(todos.page_of(city.actors["county"])) == [
        (day(1), "登记完成", "桥墩完工"),
        (day(19), "报送方案", "东湖大桥"),
        (TODAY, "研判分类", "县里新登记的事"),
        (TODAY, "登记完成", "合龙"),
        (day(24), "审批延期", "管线迁改慢"),
        (day(25), "填报", "2026年11月投资月报待报 1 个项目"),
        (day(27), "登记完成", "洞门开挖"),
        (None, "审核", "投资月报待审核 21 份（最早 2026年1月）"),
    ]


def test_reports_past_their_deadline_are_one_line_with_their_number(city) -> None:
    first = todos.page_of(city.actors["stranger"]).items[0]
    assert (first.title, first.due_on, first.amount) == ("投资月报已过期未报 2 份", day(25, 10), 2)


def test_supervisor_gets_the_office_steps_and_never_the_units(city) -> None:
    assert {(todo.step, todo.title) for todo in todos.page_of(city.actors["supervisor"]).items} == {
        ("研判分类", "县里新登记的事"),
        ("研判分类", "市里新登记的请示"),
        ("核查", "西山公路"),
        ("审批延期", "管线迁改慢"),
        ("审核", "投资月报待审核 29 份（最早 2026年1月）"),
    }


def test_override_waits_for_a_second_person_not_for_its_proposer(city) -> None:
    (todo,) = todos.page_of(city.actors["leader"]).items
    assert (todo.kind, todo.title, todo.link) == (TodoKind.OVERRIDE, "东湖大桥", "/rounds?round=2")
    assert TodoKind.OVERRIDE not in todos.page_of(city.actors["supervisor"]).by_kind
    other = make_actor(Role.SUPERVISOR, login="another")
    assert todos.page_of(other).by_kind[TodoKind.OVERRIDE].undated == 1


def test_narrowing_by_kind_and_group_keeps_the_counts_of_all(city) -> None:
    page = todos.page_of(city.actors["unit"], TodoKind.MATTER, TodoGroup.OVERDUE)
    assert [todo.title for todo in page.items] == ["南岸用地未批"]
    assert (page.total, page.counts.total) == (1, 6)


def test_pages_follow_one_another_without_gap_or_repetition(city) -> None:
    actor = city.actors["county"]
    whole = todos.page_of(actor).items
    pages = [todos.page_of(actor, page=number, size=3).items for number in (1, 2, 3, 4)]
    assert tuple(todo for page in pages for todo in page) == whole
    assert [len(page) for page in pages] == [3, 3, 2, 0]


def test_long_sources_are_counted_where_they_lie_and_give_the_same_numbers(city) -> None:
    actor = city.actors["county"]
    whole = todos.page_of(actor)
    short = todos.page_of(actor, size=1)
    assert (short.counts, short.by_kind, short.total) == (whole.counts, whole.by_kind, whole.total)
    late = todos.page_of(actor, TodoKind.MILESTONE, TodoGroup.WEEK, size=1)
    assert ([todo.title for todo in late.items], late.total) == (["洞门开挖"], 1)


def test_who_may_not_look_at_projects_has_no_list(city) -> None:
    with pytest.raises(PermissionDenied):
        todos.page_of(make_actor(Role.AUDITOR))
    assert todos.count(make_actor(Role.AUDITOR)) == TodoCounts()
    assert todos.count(city.actors["sysadmin"]) == TodoCounts()


def test_node_of_a_project_that_left_is_nobodys(store) -> None:
    with store.transaction(SYSTEM) as tx:
        county = make_county(tx)
        make_milestone(tx, make_project(tx, county, year_class=None, stage="withdrawn"), day(1), "不再追的节点")
    assert todos.page_of(make_actor(Role.COUNTY, counties=[county])).items == ()


@pytest.mark.parametrize("days", [0, 3])
def test_one_reading_for_everybody_deals_out_what_each_would_read(store, clock, city, days) -> None:
    """Every role signs in as a leader of the bridge; his visit falls due within a week from the 23rd on."""
    clock.advance(days=days)
    today = TODAY + timedelta(days=days)
    actors, people = {}, {}
    with store.transaction(SYSTEM) as tx:
        for name, actor in city.actors.items():
            person = make_person(tx, f"领导{name}")
            sponsor(tx, city.bridge, person)
            values = {"login": actor.login, "name": name, "password_hash": "", "person_id": person}
            actors[name] = replace(actor, user_id=tx.insert(User, values))
            people[name] = gathering.Reader(actors[name], person)
    dealt = gathering.gather(people, today)
    for name, actor in actors.items():
        items = todos.page_of(actor).items
        assert sum(todo.kind is TodoKind.VISIT for todo in items) == 1, name
        near = [todo for todo in items if todo.group(today) is not TodoGroup.LATER]
        assert list(dealt[name].items) == near, name
