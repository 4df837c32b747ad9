"""包保领导: who may see it, empty store, own page of a linked account, visits with promises, sponsors, papers."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.domain.permissions import Actor
from core.domain.terms import Role
from core.services import sponsors
from core.services.sponsors import PaperForm
from db.models import Assignment, Matter, ProcessFact, RuleSet, User
from pages.components import state
from pages.components.sponsors import sponsor_box, visit_box
from pages.components.state import Key
from tests.factories import SYSTEM, make_actor, make_person
from tests.support.screens import texts
from tests.support.sponsors import SponsorCity, sponsor_city

SCRIPT = "command/leaders.py"


@pytest.fixture
def city(sqlite_store) -> SponsorCity:
    return sponsor_city(sqlite_store)


def stored(store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.__table__.c[0])).mappings())


def press(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button} | {button.proto.label for button in screen.get("download_button")}


def linked(store, city: SponsorCity) -> Actor:
    with store.transaction(SYSTEM) as tx:
        key = tx.insert(User, {"login": "cheng", "name": "程立诚", "password_hash": "", "person_id": city.cheng})
    return replace(make_actor(Role.LEADER, login="cheng"), user_id=key)


def field(group, label: str):
    return next(one for one in group if one.label == label)


def test_screen_asks_strangers_to_sign_in_and_refuses_other_roles(city, open_screen) -> None:
    assert "请重新登录" in texts(open_screen(SCRIPT, None))
    for role in (Role.AUDITOR, Role.SECURITY_ADMIN):
        assert "没有“查看项目”权限" in texts(open_screen(SCRIPT, make_actor(role)))


@pytest.mark.parametrize("role", [Role.LEADER, Role.SUPERVISOR, Role.SYSTEM_ADMIN])
def test_empty_store_says_what_to_do(sqlite_store, open_screen, role) -> None:
    screen = open_screen(SCRIPT, make_actor(role))
    assert not screen.exception
    assert "还没有包保领导" in texts(screen)


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("leader", {"导出 Excel"}),
        ("supervisor", {"保存为新版本", "新增包保", "导出 Excel"}),
        ("county", {"新增包保", "导出 Excel"}),
        ("unit", {"导出 Excel"}),
    ],
)
def test_list_offers_each_role_its_verbs(city, open_screen, who, shown) -> None:
    screen = open_screen(SCRIPT, getattr(city, who))
    assert not screen.exception
    assert labels(screen) == shown
    table = screen.dataframe[0].value
    assert table["领导"].tolist()[0] == "程立诚"
    assert table["本月尚欠"].tolist()[0] == "▲ 欠 1"


def test_list_shows_only_leaders_of_the_scope(city, open_screen) -> None:
    screen = open_screen(SCRIPT, city.stranger)
    assert screen.dataframe[0].value["领导"].tolist() == ["王守正"]
    refused = open_screen(SCRIPT, city.stranger, id=str(city.cheng))
    assert "不在您的管理范围内" in texts(refused)


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("leader", {"返回全部领导", "登记调研", "下载简报", "下载责任书"}),
        ("supervisor", {"返回全部领导", "登记调研", "调整包保", "下载简报", "下载责任书"}),
        ("unit", {"返回全部领导", "下载简报", "下载责任书"}),
    ],
)
def test_page_of_a_leader_offers_each_role_its_verbs(city, open_screen, who, shown) -> None:
    screen = open_screen(SCRIPT, getattr(city, who), id=str(city.cheng))
    assert not screen.exception
    assert labels(screen) == shown
    seen = texts(screen)
    assert "东湖大桥" in seen
    assert "43 天前" in seen
    assert "新逾期节点 1 个：合龙" in seen
    assert "▲ 本月欠 1 次" in seen


def test_linked_account_lands_on_its_own_projects(sqlite_store, city, open_screen) -> None:
    screen = open_screen(SCRIPT, linked(sqlite_store, city))
    assert "程立诚" in texts(screen)
    assert "返回全部领导" not in labels(screen)
    view = next(one for one in screen.button_group if "全部领导" in one.options)
    shown = view.set_value("全部领导").run()
    assert shown.dataframe[0].value["领导"].tolist() == ["程立诚", "王守正"]


def test_odd_addresses_open_the_list(city, open_screen) -> None:
    for asked in ("x", "-1", "9" * 40):
        screen = open_screen(SCRIPT, city.supervisor, id=asked)
        assert not screen.exception
        assert len(screen.dataframe) == 1


def opened(open_screen, actor: Actor, person: int, dialog: str) -> AppTest:
    screen = open_screen(SCRIPT, actor, id=str(person))
    screen.session_state[Key.LEADER_DIALOG.value] = dialog
    return screen.run()


def test_visit_is_recorded_from_the_form_with_a_promise(sqlite_store, city, open_screen) -> None:
    screen = opened(open_screen, city.leader, city.cheng, visit_box.VISIT)
    assert field(screen.multiselect, "调研项目").value == [city.bridge]
    field(screen.number_input, "现场交办问题（件）").set_value(1).run()
    field(screen.text_area, "现场情况").set_value("主塔已封顶。")
    refused = press(screen, "保存调研")
    assert "请选择主办单位" in texts(refused)
    assert field(refused.text_area, "现场情况").value == "主塔已封顶。"
    field(refused.text_input, "交办问题 1").set_value("南岸用地未批")
    field(refused.selectbox, "主办单位").select(city.bureau)
    done = press(refused, "保存调研")
    assert "调研已登记（1 个项目），交办问题 1 件" in texts(done)
    fact = stored(sqlite_store, ProcessFact)[-1]
    assert (fact["project_id"], fact["participants"], fact["summary"]) == (city.bridge, "程立诚", "主塔已封顶。")
    (matter,) = stored(sqlite_store, Matter)
    assert (matter["title"], matter["status"], matter["raised_by"]) == ("南岸用地未批", "assigned", "程立诚")
    assert "已到齐" in texts(done)


def test_sponsor_is_set_and_ended_from_the_forms(sqlite_store, city, open_screen) -> None:
    with sqlite_store.transaction(SYSTEM) as tx:
        person = make_person(tx, "沈清扬", title="副市长")
    screen = opened(open_screen, city.supervisor, city.cheng, sponsor_box.NEW)
    field(screen.text_input, "领导姓名").set_value("沈").run()
    assert "找不到该项目" in texts(press(screen, "登记包保"))
    field(screen.text_input, "项目").set_value("XSDD")
    assert "包保关系已登记" in texts(press(screen, "登记包保"))
    assert stored(sqlite_store, Assignment)[-1]["person_id"] == person
    screen = opened(open_screen, city.supervisor, city.cheng, sponsor_box.CHANGE)
    assert "请选择不再包保的项目" in texts(press(screen, "结束包保"))
    field(screen.selectbox, "不再包保的项目").select(city.cheng_bridge)
    assert "包保关系已结束" in texts(press(screen, "结束包保"))
    ended = next(row for row in stored(sqlite_store, Assignment) if row["id"] == city.cheng_bridge)
    assert ended["to_on"] == date(2026, 11, 22)


def test_unknown_name_is_said_to_be_missing_from_the_register(city, open_screen) -> None:
    screen = opened(open_screen, city.supervisor, city.cheng, sponsor_box.NEW)
    assert "名册中没有这个姓名" in texts(field(screen.text_input, "领导姓名").set_value("无此人").run())


def test_rule_of_visits_is_changed_by_who_maintains_rules(sqlite_store, city, open_screen) -> None:
    assert "保存为新版本" not in labels(open_screen(SCRIPT, city.county))
    screen = open_screen(SCRIPT, city.supervisor)
    field(screen.number_input, "每个项目每月调研次数").set_value(2)
    assert "请写明修改规则的原因" in texts(press(screen, "保存为新版本"))
    field(screen.text_input, "修改原因和依据").set_value("市委要求")
    assert "调研规则第 1 版已启用" in texts(press(screen, "保存为新版本"))
    assert [row["number"] for row in stored(sqlite_store, RuleSet) if row["kind"] == "visit"] == [1]


def test_hostile_and_very_long_names_are_shown_as_text(sqlite_store, city, open_screen) -> None:
    with sqlite_store.transaction(SYSTEM) as tx:
        tx.insert(
            ProcessFact,
            {
                "kind": "leader_visit", "subject_kind": "project", "subject_id": city.bridge,
                "project_id": city.bridge, "happened_on": date(2026, 11, 1),
                "participants": "程立诚、<script>alert(1)</script>", "summary": "**粗** " + "长" * 3000,
                "severity": "none", "recorded_at": tx.at, "recorded_by": "x",
            },
        )  # fmt: skip
    screen = open_screen(SCRIPT, city.supervisor, id=str(city.cheng))
    assert not screen.exception
    assert "<script>alert" not in texts(screen)
    assert "&lt;script&gt;alert" in texts(screen)


def test_promise_opens_with_its_steps(sqlite_store, city, open_screen) -> None:
    promise = sponsors.PromiseDraft(city.bridge, "南岸用地未批", city.bureau, date(2026, 12, 10))
    draft = sponsors.VisitDraft(city.cheng, (city.bridge,), date(2026, 11, 20), "", "察看。", (promise,))
    made = sponsors.record(city.leader, draft)
    screen = open_screen(SCRIPT, city.supervisor, id=str(city.cheng))
    assert screen.dataframe[0].value["事项"].tolist() == ["南岸用地未批"]
    screen.session_state[Key.MATTER_OPEN.value] = made.matter_ids[0]
    shown = texts(screen.run())
    assert "程立诚现场交办，主办市自然资源局" in shown


def test_choice_of_papers_is_kept_by_leader(city) -> None:
    assert state.variant(Key.LEADER_PAPER, city.cheng) != state.variant(Key.LEADER_PAPER, city.wang)
    file = sponsors.briefs(city.leader, city.cheng, [city.bridge], PaperForm.WORD)
    assert file.name == "东湖大桥项目简报_20261122.docx"
