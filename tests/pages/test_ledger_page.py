"""项目台账: who may, what is shown, how the address and the filters follow each other, what an export leaves behind."""

from datetime import date

import pytest
from sqlalchemy import select

from core.domain.ledger import ProjectFilter, ProjectSort
from core.domain.terms import FlagLevel, Role
from core.services import figures, projects
from db.models.system import AuditEvent
from db.session import transaction
from pages.components.state import Key
from tests.factories import SYSTEM, YI, make_actor, make_county, make_milestone, make_project
from tests.support.screens import texts

SCRIPT = "project/ledger.py"
LEADER = make_actor(Role.LEADER)
EVIL = '<img src=x onerror="alert(1)">=1+1'


@pytest.fixture
def city(sqlite_store):
    figures.version()
    with transaction(SYSTEM) as tx:
        north, south = make_county(tx, "北固县"), make_county(tx, "南岭区")
        done = dict.fromkeys(range(1, 11), YI)
        ok = make_project(tx, north, "安澜大桥", done_yuan=done)
        late = make_project(tx, south, EVIL, done_yuan={1: YI})
        make_milestone(tx, late, date(2026, 12, 1), "长" * 300)
    return {"north": north, "south": south, "ok": ok, "late": late}


def _names(screen) -> list[str]:
    return list(screen.dataframe[0].value["项目名称"])


def test_ledger_anonymous_is_sent_to_sign_in(city, open_screen):
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.dataframe


def test_ledger_without_permission_shows_nothing(city, open_screen):
    screen = open_screen(SCRIPT, make_actor(Role.AUDITOR))
    assert "没有“查看项目”权限" in screen.warning[0].value
    assert not screen.dataframe


def test_ledger_shows_rows_totals_and_shapes(city, open_screen):
    screen = open_screen(SCRIPT, LEADER)
    frame = screen.dataframe[0].value
    assert _names(screen) == [EVIL, "安澜大桥"]
    assert list(frame["实时测算"]) == ["■ 红", "● 绿"]
    assert list(frame["序时差"]) == [-75.0, 0.0]
    assert list(frame["累计完成"]) == [1.0, 10.0]
    shown = texts(screen)
    assert "24.0" in shown
    assert "欠序时 37.5 个百分点" in shown
    assert "<img" not in shown
    assert not screen.exception


def test_ledger_address_filters_the_list(city, open_screen):
    screen = open_screen(SCRIPT, LEADER, county=str(city["north"]))
    assert _names(screen) == ["安澜大桥"]
    assert screen.multiselect(key=Key.LEDGER_COUNTIES.value).value == [city["north"]]


def test_ledger_filter_is_written_into_the_address(city, open_screen):
    screen = open_screen(SCRIPT, LEADER)
    screen.multiselect(key=Key.LEDGER_FLAGS.value).set_value([FlagLevel.SEVERE]).run()
    assert _names(screen) == [EVIL]
    assert "● 0 <small>绿</small>" in texts(screen)
    assert screen.query_params["flag"] == "severe"
    screen.text_input(key=Key.LEDGER_TEXT.value).set_value("没有").run()
    assert screen.query_params["q"] == "没有"
    assert "没有符合条件的项目" in screen.info[0].value
    screen.button[0].click().run()
    assert _names(screen) == [EVIL, "安澜大桥"]
    assert not dict(screen.query_params)


def test_ledger_hand_made_address_is_harmless(city, open_screen):
    screen = open_screen(SCRIPT, LEADER, county="1 OR 1=1", measure="drop", flag="purple", sort="x", q="'--")
    assert not screen.exception
    assert "没有符合条件的项目" in screen.info[0].value


def test_ledger_opened_from_a_figure_shows_rate_and_basis(city, open_screen):
    screen = open_screen(SCRIPT, LEADER, measure="ytd_done_yuan", rate="investment_completion_rate")
    shown = texts(screen)
    assert "年度投资完成率 45.8%" in shown
    assert "110,000 万元 ÷ 240,000 万元" in shown
    assert "1—N月累计完成投资 ÷ 年度计划投资" in shown
    assert "2026年1—10月" in shown


def test_ledger_of_a_county_shows_its_own_rows(city, open_screen):
    screen = open_screen(SCRIPT, make_actor(Role.COUNTY, counties=(city["north"],)), county=str(city["south"]))
    assert _names(screen) == ["安澜大桥"]


def test_ledger_row_opens_the_project(city, open_screen, monkeypatch):
    opened = []
    monkeypatch.setattr("streamlit.switch_page", lambda script, query_params: opened.append((script, query_params)))
    screen = open_screen(SCRIPT, LEADER)
    screen.session_state[Key.LEDGER_TABLE.value] = {
        "selection": {"rows": [], "columns": [], "cells": [[1, "项目名称"]]}
    }
    screen.run()
    assert opened == [("pages/project/detail.py", {"id": str(city["ok"])})]


def test_ledger_empty_store_says_what_to_do(sqlite_store, open_screen):
    assert "导入中心" in open_screen(SCRIPT, make_actor(Role.SUPERVISOR)).info[0].value
    assert "联系督查部门" in open_screen(SCRIPT, LEADER).info[0].value


def test_ledger_export_is_audited_with_what_was_seen(city, sqlite_store):
    file = projects.export_ledger(LEADER, ProjectFilter(text="安"), ProjectSort.URGENCY, "包含：安")
    assert file.name == "云岭市重大项目台账_20261122.xlsx"
    with sqlite_store.read() as connection:
        row = connection.execute(select(AuditEvent).where(AuditEvent.action == "export")).one()
    assert (row.actor, row.entity) == ("leader", "ledger")
    assert row.new == '{"as_of":"2026-11-22","filter":"包含：安","rows":1}'
