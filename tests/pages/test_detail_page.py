"""项目详情: who may, what is shown, edit and read back, both versions on a conflict, facts, a wrong address."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.domain.terms import LifecycleKind, Role
from core.services import figures, project_changes, project_details
from core.services.project_changes import ProjectEdit
from db.models import LifecycleEvent, Project
from db.session import transaction
from pages.components.state import Key
from tests.factories import (
    SYSTEM,
    YI,
    make_actor,
    make_county,
    make_funding,
    make_milestone,
    make_parcel,
    make_person,
    make_project,
)
from tests.support.screens import texts
from tests.support.sponsors import sponsor

SCRIPT = "project/detail.py"
SUPERVISOR = make_actor(Role.SUPERVISOR)
EVIL = '<script>alert("x")</script>安澜大桥'


@pytest.fixture
def project(sqlite_store) -> int:
    figures.version()
    with transaction(SYSTEM) as tx:
        county = make_county(tx, "北固县")
        project_id = make_project(
            tx, county, EVIL, done_yuan={1: YI}, started_on=date(2025, 5, 1), national_code="2402-999900-04-01-518827"
        )
        make_milestone(
            tx, project_id, date(2026, 10, 1), "主体封顶", is_key=True, first_baseline_on=date(2026, 9, 1), moves=1
        )
        make_milestone(tx, project_id, date(2026, 3, 1), "用地批复", actual_on=date(2026, 3, 7))
        make_funding(tx, project_id, "special_bond", 8 * YI, 4 * YI, YI)
        make_parcel(tx, county, project_id, name="兰台LT-0040号地块")
    return project_id


def _stored(store, project_id: int):
    with store.read() as connection:
        return connection.execute(select(Project).where(Project.id == project_id)).one()


def _field(screen, label: str):
    return next(widget for widget in (*screen.text_input, *screen.text_area) if widget.label == label)


def test_detail_anonymous_and_wrong_role_see_nothing(project, open_screen):
    assert open_screen(SCRIPT, None, id=str(project)).warning[0].value == "登录已失效，请重新登录。"
    refused = open_screen(SCRIPT, make_actor(Role.SECURITY_ADMIN), id=str(project))
    assert "没有“查看项目”权限" in refused.warning[0].value
    assert "安澜大桥" not in texts(refused)


def test_detail_shows_chain_money_milestones_reasons_and_history(project, open_screen):
    screen = open_screen(SCRIPT, SUPERVISOR, id=str(project))
    assert not screen.exception
    assert not screen.error
    shown = texts(screen)
    for words in (
        "■ 红 · 实时测算",
        "帮包服务·建设",
        "1.0 / 12.0 亿",
        "欠序时 75.0 个百分点",
        "50.0% · 25.0%",
        "逾期 52 天",
        "调整 1 次",
        "晚 6 天",
        "PRG-03 投资欠序时",
        "“主体封顶” 52 天",
        "资金来源合计比总投资少 220,000 万元，请核实。",
        "兰台LT-0040号地块",
        "新增节点“主体封顶”",
    ):
        assert words in shown, words
    assert "<script>" not in shown
    assert "data:image/svg+xml," in shown
    assert len(screen.get("plotly_chart")) == 1


@pytest.mark.parametrize("wrong", ["", "abc", "-1", "424242", "1 OR 1=1", "9" * 40])
def test_detail_wrong_address_says_what_to_do(project, open_screen, wrong):
    screen = open_screen(SCRIPT, SUPERVISOR, id=wrong)
    assert not screen.exception
    assert "返回列表" in screen.error[0].value or "项目台账" in screen.error[0].value


def test_detail_outside_the_scope_is_not_shown(project, open_screen):
    screen = open_screen(SCRIPT, make_actor(Role.COUNTY, counties=(999,)), id=str(project))
    assert "没有找到该记录" in screen.error[0].value


def test_detail_leader_has_no_edit_buttons(project, open_screen):
    assert not open_screen(SCRIPT, make_actor(Role.LEADER), id=str(project)).button


def test_detail_edit_is_stored_and_shown(project, sqlite_store, open_screen):
    screen = open_screen(SCRIPT, SUPERVISOR, id=str(project))
    screen.button(key=Key.PROJECT_EDIT.value).click().run()
    _field(screen, "项目名称").set_value("安澜大桥二期")
    _field(screen, "备注").set_value("已核")
    next(button for button in screen.button if button.label == "保存").click()
    screen.run()
    row = _stored(sqlite_store, project)
    assert (row.name, row.initials, row.remark, row.version) == ("安澜大桥二期", "aldqeq", "已核", 2)
    assert screen.success[0].value == "项目信息已保存。"
    assert "安澜大桥二期" in texts(screen)


def test_detail_wrong_values_are_all_told_and_nothing_is_stored(project, sqlite_store, open_screen):
    screen = open_screen(SCRIPT, SUPERVISOR, id=str(project))
    screen.button(key=Key.PROJECT_EDIT.value).click().run()
    _field(screen, "项目名称").set_value(" ")
    _field(screen, "项目代码").set_value("2402")
    next(button for button in screen.button if button.label == "保存").click()
    screen.run()
    told = screen.error[0].value
    assert "项目名称不能为空" in told
    assert "24 位形式" in told
    assert _stored(sqlite_store, project).version == 1


@pytest.mark.parametrize(("keep", "expected"), [(Key.PROJECT_KEEP_MINE, "我的"), (Key.PROJECT_KEEP_THEIRS, "对方的")])
def test_detail_conflict_shows_both_versions_and_keeps_the_chosen_one(
    project, sqlite_store, open_screen, monkeypatch, keep, expected
):
    screen = open_screen(SCRIPT, SUPERVISOR, id=str(project))
    screen.button(key=Key.PROJECT_EDIT.value).click().run()
    _field(screen, "备注").set_value("我的")
    next(button for button in screen.button if button.label == "保存").click()
    _meanwhile(project, monkeypatch)
    screen.run()
    assert "您的内容尚未保存" in screen.warning[0].value
    shown = screen.dataframe[0].value
    assert list(shown["字段"]) == ["备注"]
    assert (list(shown["系统现有内容"]), list(shown["您填写的内容"])) == (["对方的"], ["我的"])
    screen.button(key=keep.value).click().run()
    assert _stored(sqlite_store, project).remark == expected


def _meanwhile(project: int, monkeypatch) -> None:
    """Let somebody else save between the moment the form was drawn and the moment it is sent."""
    real, change = project_changes.edit, ProjectEdit.of(project_details.detail(SUPERVISOR, project).record)

    def edit(*args, **named):
        monkeypatch.setattr(project_changes, "edit", real)
        real(make_actor(Role.SUPERVISOR, login="other"), project, replace(change, remark="对方的"), 1)
        return real(*args, **named)

    monkeypatch.setattr(project_changes, "edit", edit)


def test_detail_event_is_recorded_and_moves_the_stage(project, sqlite_store, open_screen):
    screen = open_screen(SCRIPT, SUPERVISOR, id=str(project))
    screen.button(key=Key.PROJECT_EVENT.value).click().run()
    next(box for box in screen.selectbox if box.label == "事项").set_value(LifecycleKind.SUSPENDED)
    _field(screen, "原因或说明").set_value("冬季停工")
    next(button for button in screen.button if button.label == "登记").click()
    screen.run()
    assert _stored(sqlite_store, project).stage == "suspended"
    assert screen.success[0].value == "已登记“停工”。"
    with sqlite_store.read() as connection:
        assert connection.execute(select(LifecycleEvent.reason)).scalar_one() == "冬季停工"


def test_detail_event_without_reason_is_refused(project, sqlite_store, open_screen):
    screen = open_screen(SCRIPT, SUPERVISOR, id=str(project))
    screen.button(key=Key.PROJECT_EVENT.value).click().run()
    next(box for box in screen.selectbox if box.label == "事项").set_value(LifecycleKind.SUSPENDED)
    next(button for button in screen.button if button.label == "登记").click()
    screen.run()
    assert "须写明原因" in screen.error[0].value
    assert _stored(sqlite_store, project).stage == "construction"


def test_detail_names_who_is_missing_of_the_five(sqlite_store, project, open_screen):
    with sqlite_store.transaction(SYSTEM) as tx:
        leader = make_person(tx, "程立诚")
        sponsor(tx, project, leader, date(2026, 1, 1))
    shown = texts(open_screen(SCRIPT, SUPERVISOR, id=str(project)))
    assert f'包保领导<b><a href="/leaders?id={leader}" target="_self">程立诚</a></b>' in shown
    assert shown.count(">未明确</b>") == 4
