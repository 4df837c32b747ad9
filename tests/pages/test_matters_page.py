"""清单: who may see it, empty lists, a life from raising to closing by role, refusals, batches, rates."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.domain.matters.words import Outcome, Satisfaction
from core.domain.terms import MatterKind, MatterStatus, Role
from core.services import matters as service
from db.models import Matter
from pages.components import state
from pages.components.matters.assign_box import Batch
from pages.components.state import Key
from tests.factories import SYSTEM, make_actor, make_problem
from tests.support.matters import MatterCity, draft, drive, matter_city
from tests.support.screens import texts

SCRIPT = "lists/problems.py"
PAGES = ("problems", "policies", "suggestions", "decisions", "consultations", "supervised")


@pytest.fixture
def city(sqlite_store) -> MatterCity:
    return matter_city(sqlite_store)


def stored(store) -> list:
    with store.read() as connection:
        return list(connection.execute(select(Matter.__table__).order_by(Matter.id)).mappings())


def press(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def opened(open_screen, actor, key: int) -> AppTest:
    screen = open_screen(SCRIPT, actor)
    screen.session_state[Key.MATTER_OPEN.value] = key
    return screen.run()


@pytest.mark.parametrize("name", PAGES)
def test_lists_ask_strangers_to_sign_in_and_refuse_other_roles(city, open_screen, name) -> None:
    assert "请重新登录" in texts(open_screen(f"lists/{name}.py", None))
    refused = open_screen(f"lists/{name}.py", make_actor(Role.AUDITOR))
    assert "没有“查看项目”权限" in texts(refused)


@pytest.mark.parametrize("name", PAGES)
def test_lists_without_matters_say_so(city, open_screen, name) -> None:
    screen = open_screen(f"lists/{name}.py", city.county)
    assert not screen.exception
    assert "没有符合条件的事项" in texts(screen)
    view = next(one for one in screen.button_group if "统计" in one.options)
    assert "无从统计" in texts(view.set_value("统计").run())


def test_form_registers_a_problem_and_names_what_is_missing(sqlite_store, city, open_screen) -> None:
    screen = press(open_screen(SCRIPT, city.county), "登记事项")
    refused = press(screen, "登记")
    assert "请填写事项名称" in texts(refused)
    by_label = {field.label: field for field in refused.text_input}
    by_label["事项名称"].set_value("南岸没有通水")
    by_label["所属项目"].set_value("DHDQ")
    done = press(refused, "登记")
    assert "已登记“南岸没有通水”" in texts(done)
    (row,) = stored(sqlite_store)
    assert (row["title"], row["project_id"], row["status"]) == ("南岸没有通水", city.bridge, "registered")


def test_panel_leads_each_role_to_the_end(sqlite_store, city, open_screen) -> None:
    key = service.raise_(city.county, draft(city))
    screen = opened(open_screen, city.county, key)
    next(box for box in screen.selectbox if box.label == "类别" and "用地" in box.options and box.value is None).select(
        "用地"
    )
    assert "已研判" in texts(press(screen, "完成研判"))
    screen = opened(open_screen, city.county, key)
    next(box for box in screen.selectbox if box.label == "主办单位").select(city.bureau)
    assert "已交办 1 项" in texts(press(screen, "交办"))
    assert "已签收" in texts(press(opened(open_screen, city.unit, key), "签收"))
    for label, button, words in (("办理进展", "报送进展", "已上报"), ("答复意见", "回复", "批复已下达")):
        screen = opened(open_screen, city.unit, key)
        next(area for area in screen.text_area if area.label == label).set_value(words)
        press(screen, button)
    screen = opened(open_screen, city.unit, key)
    assert "请选择办理结果" in texts(press(screen, "报送结果"))
    next(one for one in screen.button_group if "部分解决" in one.options).set_value(Outcome.SOLVED)
    press(screen, "报送结果")
    screen = opened(open_screen, city.supervisor, key)
    next(one for one in screen.button_group if "基本满意" in one.options).set_value(Satisfaction.SATISFIED)
    press(screen, "记录回访")
    assert "已销号" in texts(press(opened(open_screen, city.supervisor, key), "销号"))
    (row,) = stored(sqlite_store)
    assert (row["status"], row["outcome"], row["satisfaction"]) == ("closed_out", "已解决", "满意")


def test_leader_sees_the_panel_without_any_step(city, open_screen) -> None:
    key = service.raise_(city.county, draft(city))
    screen = opened(open_screen, city.leader, key)
    assert "大桥南岸用地未批" in texts(screen)
    assert "完成研判" not in [button.label for button in screen.button]


def test_chosen_batch_is_assigned_at_once(sqlite_store, city, open_screen) -> None:
    keys = service.raise_many(city.county, [draft(city, f"问题{number}") for number in range(3)])
    versions = {key: drive(city, key, MatterStatus.CLASSIFIED) for key in keys}
    screen = open_screen(SCRIPT, city.county)
    screen.session_state[Key.MATTER_BATCH.value] = Batch(versions)
    shown = screen.run()
    assert "请选择主办单位" in texts(press(shown, "交办"))
    next(box for box in shown.selectbox if box.label == "主办单位").select(city.helper)
    assert "已交办 3 项" in texts(press(shown, "交办"))
    assert {row["lead_unit_id"] for row in stored(sqlite_store)} == {city.helper}


def test_hostile_titles_are_shown_as_text(sqlite_store, city, open_screen) -> None:
    with sqlite_store.transaction(SYSTEM) as tx:
        key = make_problem(tx, city.bridge, "<script>alert(1)</script> **粗** " + "长" * 150, due_on=None)
    screen = opened(open_screen, city.supervisor, key)
    assert not screen.exception
    assert "\\<script\\>" in texts(screen)


def test_rates_tab_counts_by_unit_and_policies_show_their_rates(city, open_screen) -> None:
    service.raise_(city.supervisor, draft(city, kind=MatterKind.POLICY, project=""))
    screen = open_screen("lists/policies.py", city.supervisor)
    screen.session_state[state.variant(Key.MATTER_VIEW, "policy")] = "rates"
    shown = screen.run()
    assert [metric.label for metric in shown.metric] == ["送达率", "兑现率"]
    assert [metric.value for metric in shown.metric] == ["—", "—"]
    assert list(shown.dataframe[0].value["责任单位"]) == ["合计", "未交办"]
