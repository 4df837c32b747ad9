"""到期一览 and the wall's scene 到期: who sees them, what an address asks for, empty store, hostile and long names."""

import json
from datetime import date

import pytest

from core.domain.terms import Role
from pages.components.wall import pictures, shell
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_project
from tests.support.screens import texts
from tests.support.todos import TodoCity, todo_city

SCRIPT = "account/deadlines.py"
WALL = "posture/wall.py"
NASTY = "<img src=x onerror=alert(1)>" + "长" * 160


@pytest.fixture(autouse=True)
def fresh_gallery(monkeypatch):
    monkeypatch.setattr(shell, "gallery", pictures.Gallery())


@pytest.fixture
def city(sqlite_store) -> TodoCity:
    return todo_city(sqlite_store)


def panels(screen) -> dict[str, str]:
    (component,) = screen.get("bidi_component")
    return json.loads(component.proto.json)[0]["picture"]["panels"]


def test_deadlines_ask_strangers_to_sign_in_and_refuse_other_roles(city, open_screen) -> None:
    assert "请重新登录" in texts(open_screen(SCRIPT, None))
    assert "没有“查看项目”权限" in texts(open_screen(SCRIPT, make_actor(Role.AUDITOR)))


@pytest.mark.parametrize("who", ["unit", "county", "headquarters", "supervisor", "leader", "sysadmin"])
def test_deadlines_show_each_role_what_falls_due_in_its_scope(city, open_screen, who) -> None:
    screen = open_screen(SCRIPT, city.actors[who])
    assert not screen.exception
    assert "桥墩完工" in texts(screen)


def test_address_narrows_to_what_a_figure_of_the_wall_counted(city, open_screen) -> None:
    leader = city.actors["leader"]
    late = texts(open_screen(SCRIPT, leader, group="overdue", kind="matter"))
    assert "南岸用地未批" in late
    assert "桥墩完工" not in late
    assert "共 2 项" in late
    team = texts(open_screen(SCRIPT, leader, group="overdue", hq=str(city.base)))
    assert "共 3 项" in team
    day = open_screen(SCRIPT, leader, on="2026-11-27")
    assert "洞门开挖" in texts(day)
    assert "共 1 项" in texts(day)
    day = next(button for button in day.button if "2026-11-27" in button.label).click().run()
    assert "共 11 项" in texts(day)


def test_unknown_words_of_an_address_narrow_nothing(city, open_screen) -> None:
    screen = open_screen(SCRIPT, city.actors["leader"], group="x", kind="'", hq="999", on="yesterday")
    assert not screen.exception
    assert "共 11 项" in texts(screen)


def test_deadlines_of_an_empty_store_say_what_would_stand_there(sqlite_store, open_screen) -> None:
    assert "没有符合条件的到期事项" in texts(open_screen(SCRIPT, make_actor(Role.LEADER)))


def test_scene_shows_numbers_that_open_their_rows(city, open_screen) -> None:
    shown = panels(open_screen(WALL, city.actors["leader"]))
    assert 'href="/deadlines?group=overdue"' in shown["due_head"]
    assert "<b>5</b>" in shown["due_head"]
    assert 'href="/deadlines?group=overdue&amp;kind=matter"' in shown["due_head"]
    assert 'href="/ledger?measure=reports_missing"' in shown["due_head"]
    assert 'href="/deadlines?on=2026-11-27"' in shown["due_days"]
    assert "2026年11月投资月报 11-25 截止" in shown["due_days"]
    assert f'href="/deadlines?group=overdue&amp;hq={city.base}"' in shown["due_teams"]
    assert "逾期 21 天" in shown["due_late"]
    assert "今天到期" in shown["due_soon"]


def test_scene_of_an_empty_store_has_words_and_a_display_has_no_links(sqlite_store, open_screen) -> None:
    shown = panels(open_screen(WALL, make_actor(Role.DISPLAY)))
    assert "7 天内没有到期事项" in shown["due_soon"]
    assert "没有逾期事项" in shown["due_late"]
    assert "各指挥部没有逾期事项" in shown["due_teams"]
    assert not any("href=" in shown[name] for name in shown if name.startswith("due_"))


def test_scene_and_list_show_hostile_names_as_text(sqlite_store, open_screen) -> None:
    with sqlite_store.transaction(SYSTEM) as tx:
        make_milestone(tx, make_project(tx, make_county(tx), NASTY), date(2026, 11, 1), NASTY)
    leader = make_actor(Role.LEADER)
    for html in (panels(open_screen(WALL, leader))["due_late"], texts(open_screen(SCRIPT, leader))):
        assert "&lt;img src=x" in html
        assert "<img src=x" not in html
