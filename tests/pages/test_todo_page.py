"""待办: who may see it, its groups and narrowing, empty list, harmless text, links that open what they name."""

from datetime import date

import pytest

from core.domain.terms import Role
from pages.components import state
from pages.components.state import Key
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_project
from tests.support.screens import texts
from tests.support.todos import TodoCity, todo_city

SCRIPT = "account/todo.py"
NASTY = "<img src=x onerror=alert(1)>" + "长" * 160


@pytest.fixture
def city(sqlite_store) -> TodoCity:
    return todo_city(sqlite_store)


def test_todo_asks_strangers_to_sign_in_and_refuses_administrators_of_access(sqlite_store, open_screen) -> None:
    assert "请重新登录" in texts(open_screen(SCRIPT, None))
    for role in (Role.AUDITOR, Role.SECURITY_ADMIN):
        assert "没有“查看项目”权限" in texts(open_screen(SCRIPT, make_actor(role)))


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("unit", "南岸用地未批"),
        ("helper", "协办回复"),
        ("county", "县里新登记的事"),
        ("headquarters", "市里新登记的请示"),
        ("supervisor", "核查"),
        ("leader", "/rounds?round=2"),
        ("sysadmin", "没有待办事项"),
    ],
)
def test_todo_shows_each_role_what_waits_for_it(city, open_screen, who, seen) -> None:
    screen = open_screen(SCRIPT, city.actors[who])
    assert not screen.exception
    assert seen in texts(screen)


def test_todo_says_how_long_something_is_overdue_and_groups_by_it(city, open_screen) -> None:
    shown = texts(open_screen(SCRIPT, city.actors["unit"]))
    places = [shown.index(word) for word in (">逾期</td>", "逾期 21 天", ">今天</td>", "今天到期", ">7天内</td>")]
    assert places == sorted(places)
    assert "共 6 项" in shown


def test_todo_narrows_to_a_group_and_a_kind(city, open_screen) -> None:
    screen = open_screen(SCRIPT, city.actors["unit"])
    by_key = {one.key: one for one in screen.button_group}
    assert by_key[Key.TODO_GROUP.value].options == ["逾期 3", "今天 1", "7天内 1", "以后 1"]
    screen = by_key[Key.TODO_GROUP.value].set_value("overdue").run()
    screen = {one.key: one for one in screen.button_group}[Key.TODO_KIND.value].set_value("matter").run()
    shown = texts(screen)
    assert "南岸用地未批" in shown
    assert "桥墩完工" not in shown
    assert "共 1 项" in shown


def test_todo_shows_hostile_names_as_text(sqlite_store, open_screen) -> None:
    with sqlite_store.transaction(SYSTEM) as tx:
        county = make_county(tx, "东湖区")
        make_milestone(tx, make_project(tx, county, NASTY), date(2026, 11, 1), NASTY)
    shown = texts(open_screen(SCRIPT, make_actor(Role.COUNTY, counties=[county])))
    assert "&lt;img src=x" in shown
    assert "<img src=x" not in shown


def test_links_of_the_list_open_what_they_name_once(city, open_screen) -> None:
    unit = city.actors["unit"]
    matter = open_screen("lists/problems.py", unit, id="1")
    assert "南岸用地未批" in texts(matter)
    assert "matter" not in matter.query_params
    case = open_screen("supervision/rectification.py", unit, case="1")
    assert state.Key.CASE_OPEN.value in case.session_state
    node = open_screen("project/milestones.py", unit, node="1")
    assert "桥墩完工" in texts(node)
    foreign = open_screen("project/milestones.py", unit, node="5")
    assert "路基完成" not in texts(foreign)
    assert not open_screen("lists/problems.py", unit, id="x' OR 1=1").exception
