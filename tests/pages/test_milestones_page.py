"""节点填报: who may see it, fill–save–read back, undo, both versions on a conflict, empty store, harmless text."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.domain.permissions import Actor
from core.domain.terms import Role
from core.services import figures, milestones
from db.models import Milestone
from pages.components import state
from pages.components.state import Key
from tests.factories import SYSTEM, make_actor, make_county, make_milestone, make_project
from tests.support.screens import texts

SCRIPT = "project/milestones.py"
TODAY = date(2026, 11, 22)
NASTY = "<img src=x onerror=alert(1)>" + "长" * 160


@dataclass(frozen=True)
class City:
    late: int
    soon: int
    filler: Actor
    supervisor: Actor


@pytest.fixture
def city(sqlite_store) -> City:
    with sqlite_store.transaction(SYSTEM) as tx:
        county = make_county(tx, "东湖区")
        project = make_project(tx, county, "东湖大桥")
        late = make_milestone(tx, project, date(2026, 11, 1), "桥墩完工", note="进场")
        soon = make_milestone(tx, make_project(tx, county, NASTY), date(2026, 11, 25), NASTY)
    figures.version()
    return City(late, soon, make_actor(Role.COUNTY, counties=[county]), make_actor(Role.SUPERVISOR))


def stored(milestone_id: int):
    from db.session import read

    with read() as connection:
        return connection.execute(select(Milestone.__table__).where(Milestone.id == milestone_id)).mappings().one()


def click_row(screen: AppTest, row: int) -> AppTest:
    """Click the first cell of a row, as the browser reports it."""
    key = next(name for name in screen.session_state if name.startswith(f"{Key.MILESTONE_TABLE.value}_"))
    screen.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": [[row, "项目"]]}}
    return screen.run()


def button(screen: AppTest, label: str):
    return next(item for item in screen.button if item.label == label)


def html(screen: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in screen.get("html"))


def test_milestones_page_anonymous_sees_nothing(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.dataframe


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_ADMIN, Role.DISPLAY])
def test_milestones_page_wrong_role_sees_nothing(city: City, open_screen, role: Role) -> None:
    screen = open_screen(SCRIPT, make_actor(role))
    assert "没有“查看项目”权限" in screen.warning[0].value
    assert not screen.dataframe


def test_milestones_page_list_row_done_is_stored_and_undone(city: City, open_screen) -> None:
    screen = click_row(open_screen(SCRIPT, city.filler), 0)
    assert "桥墩完工" in html(screen)
    assert screen.date_input[0].value == TODAY
    screen.text_area[0].set_value("桥墩全部完工")
    button(screen, "登记完成").click()
    screen.run()
    row = stored(city.late)
    assert (row["actual_on"], row["note"], row["version"]) == (TODAY, "桥墩全部完工", 2)
    assert "已登记完成：东湖大桥 · 桥墩完工" in html(screen)
    assert list(screen.dataframe[0].value["节点"]) == [NASTY]
    button(screen, "撤销").click()
    screen.run()
    row = stored(city.late)
    assert (row["actual_on"], row["note"], row["version"]) == (None, "进场", 3)
    assert "已撤销完成登记" in texts(screen)


def test_milestones_page_tells_every_refusal_and_keeps_what_was_typed(city: City, open_screen) -> None:
    screen = click_row(open_screen(SCRIPT, city.filler), 0)
    screen.date_input[0].set_value(date(2026, 12, 1))
    screen.text_area[0].set_value("长" * 1001)
    button(screen, "登记完成").click()
    screen.run()
    told = texts(screen)
    assert "晚于今天" in told.replace("\\", "")
    assert "超过 1000 个字" in told
    assert screen.text_area[0].value == "长" * 1001
    assert stored(city.late)["version"] == 1


def test_milestones_page_conflict_shows_both_and_mine_may_win(city: City, open_screen) -> None:
    screen = click_row(open_screen(SCRIPT, city.filler), 0)
    milestones.complete(SYSTEM, city.late, date(2026, 11, 10), "对方写的", 1)
    milestones.reopen(SYSTEM, city.late, "登记有误", 2)
    screen.text_area[0].set_value("我写的")
    button(screen, "登记完成").click()
    screen.run()
    assert "对方写的" in html(screen)
    assert "我写的" in html(screen)
    assert stored(city.late)["actual_on"] is None
    button(screen, "以我的为准再次提交").click()
    screen.run()
    row = stored(city.late)
    assert (row["actual_on"], row["note"]) == (TODAY, "我写的")


def test_milestones_page_conflict_may_be_given_up(city: City, open_screen) -> None:
    screen = click_row(open_screen(SCRIPT, city.filler), 0)
    milestones.complete(SYSTEM, city.late, date(2026, 11, 10), "对方写的", 1)
    button(screen, "登记完成").click()
    screen.run()
    button(screen, "采用对方版本").click()
    screen.run()
    assert stored(city.late)["version"] == 2
    assert "2026-11-10" in html(screen)
    assert [item.label for item in screen.button if item.label == "撤销完成"] == ["撤销完成"]


def test_milestones_page_forecast_and_baseline_follow_the_role(city: City, open_screen) -> None:
    screen = click_row(open_screen(SCRIPT, city.filler), 0)
    assert [tab.label for tab in screen.tabs] == ["登记完成", "预计完成"]
    screen = click_row(open_screen(SCRIPT, city.supervisor), 0)
    assert [tab.label for tab in screen.tabs] == ["调整基线"]
    screen.date_input[0].set_value(date(2026, 12, 20))
    screen.text_area[0].set_value("设计变更已批复")
    button(screen, "调整基线").click()
    screen.run()
    row = stored(city.late)
    assert (row["planned_on"], row["first_baseline_on"], row["moves"]) == (date(2026, 12, 20), date(2026, 11, 1), 1)
    assert "基线记录（2）" in html(screen)
    assert "已调整 1 次" in html(screen)


def test_milestones_page_leader_reads_only(city: City, open_screen) -> None:
    screen = click_row(open_screen(SCRIPT, make_actor(Role.LEADER)), 0)
    assert not screen.date_input
    assert "您可以查看该节点" in texts(screen)


def test_milestones_page_nasty_text_is_shown_as_text(city: City, open_screen) -> None:
    screen = click_row(open_screen(SCRIPT, city.filler), 1)
    assert "<img" not in html(screen)
    assert "&lt;img src=x onerror=alert(1)&gt;" in html(screen)
    screen.text_area[0].set_value(NASTY)
    button(screen, "登记完成").click()
    screen.run()
    assert stored(city.soon)["note"] == NASTY
    assert "<img" not in html(screen)
    screen.text_input[0].set_value(NASTY).run()
    assert not screen.exception


def test_milestones_page_address_presets_bucket_and_project(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.filler, bucket="week")
    assert list(screen.dataframe[0].value["节点"]) == [NASTY]
    screen = open_screen(SCRIPT, city.filler, bucket="nonsense", project="999999")
    assert "没有符合条件的节点" in texts(screen)


def test_milestones_page_empty_store(sqlite_store, open_screen) -> None:
    screen = open_screen(SCRIPT, make_actor(Role.SUPERVISOR))
    assert "没有待办节点" in texts(screen)
    assert not screen.exception
    assert not screen.error


def test_state_variant_keeps_the_registered_name() -> None:
    assert state.variant(Key.MILESTONE_TABLE, 1, "a") == "milestone_table_1_a"
