"""攻坚·改革·惠民: who may see it, an empty year, and a campaign from deployment to acceptance by role."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.domain.campaigns.words import Verdict
from core.domain.terms import Role
from core.services import campaigns as service
from core.services.campaigns import TaskReport
from db.models import Campaign, CampaignProgress, CampaignTask
from pages.components import state
from pages.components.campaigns import deploy_box
from pages.components.state import Key
from tests.factories import make_actor
from tests.support.campaigns import (
    CampaignCity,
    campaign_city,
    campaign_draft,
    finish,
    launched,
    task_drafts,
    tasks_of,
)
from tests.support.screens import texts

SCRIPT = "command/campaigns.py"


@pytest.fixture
def city(sqlite_store) -> CampaignCity:
    return campaign_city(sqlite_store)


def rows(store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.id)).mappings())


def press(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def choose(screen: AppTest, option: str, value: object = None) -> AppTest:
    return next(one for one in screen.button_group if option in one.options).set_value(value or option).run()


def opened(open_screen, actor, key: int, task_id: int) -> AppTest:
    screen = open_screen(SCRIPT, actor, id=str(key))
    screen.session_state[Key.CAMPAIGN_TASK.value] = (key, task_id)
    return screen.run()


def dialog(open_screen, actor, name: str, key: int) -> AppTest:
    screen = open_screen(SCRIPT, actor, id=str(key))
    screen.session_state[Key.CAMPAIGN_DIALOG.value] = (name, key)
    return screen.run()


def area(screen: AppTest, label: str):
    return next(one for one in screen.text_area if one.label == label)


def test_screen_asks_strangers_to_sign_in_and_refuses_other_roles(city, open_screen) -> None:
    assert "请重新登录" in texts(open_screen(SCRIPT, None))
    assert "没有“查看项目”权限" in texts(open_screen(SCRIPT, make_actor(Role.AUDITOR)))


def test_empty_year_says_so_and_offers_to_deploy_only_to_who_may(city, open_screen) -> None:
    screen = open_screen(SCRIPT, city.commander)
    assert not screen.exception
    assert "还没有部署" in texts(screen)
    assert "部署行动" in [button.label for button in screen.button]
    other = open_screen(SCRIPT, city.leader)
    assert "部署行动" not in [button.label for button in other.button]
    assert "没有由您填报的任务" in texts(choose(open_screen(SCRIPT, city.unit), "进展填报"))


def test_form_deploys_a_campaign_and_names_what_is_missing(sqlite_store, city, open_screen) -> None:
    screen = press(open_screen(SCRIPT, city.commander), "部署行动")
    refused = press(screen, "部署")
    assert "请填写行动名称" in texts(refused)
    next(field for field in refused.text_input if field.label == "名称").set_value("交通大会战")
    done = press(refused, "部署")
    assert "已部署“交通大会战”" in texts(done)
    (row,) = rows(sqlite_store, Campaign)
    assert (row["name"], row["headquarters_id"], row["status"]) == ("交通大会战", city.base, "draft")


def test_pasted_lines_become_tasks_and_wrong_cells_are_named(sqlite_store, city, open_screen) -> None:
    key = service.create(city.commander, campaign_draft(city))
    screen = dialog(open_screen, city.commander, deploy_box.TASKS, key)
    wrong = "编号\t任务\n1\t主线\t市交通运输局\t\t\t三月\t2026-12-20\t重\n"
    area(screen, "任务清单").set_value(wrong)
    refused = texts(press(screen, "添加粘贴的任务"))
    assert "第 2 行“三月”不是日期" in refused
    assert "权重“重”不是整数" in refused
    right = (
        "1\t主线\t市交通运输局\t\t\t2026年3月1日\t2026/12/20\t3\n"
        "1.1\t桥梁\t市交通运输局\t市财政局\t李桥\t2026.3.1\t2026-11-27\t\t里程\t公里\t1,200\n"
    )
    area(screen, "任务清单").set_value(right)
    assert "已添加 2 项任务" in texts(press(screen, "添加粘贴的任务"))
    main, bridge = rows(sqlite_store, CampaignTask)
    assert (main["weight"], main["planned_start_on"]) == (3, date(2026, 3, 1))
    assert (bridge["parent_id"], bridge["target_milli"], bridge["responsible_person"]) == (
        main["id"],
        1_200_000,
        "李桥",
    )


def test_unfinished_plan_is_not_launched_and_the_missing_clarity_is_named(sqlite_store, city, open_screen) -> None:
    key = service.create(city.commander, campaign_draft(city, results=""))
    service.add_tasks(city.commander, key, task_drafts(), 1)
    screen = press(open_screen(SCRIPT, city.commander, id=str(key)), "启动")
    assert "还缺成效" in texts(screen)
    assert rows(sqlite_store, Campaign)[0]["status"] == "draft"


def test_panel_leads_from_report_to_close_out_by_role(sqlite_store, city, open_screen) -> None:
    key = launched(city)
    task_id = tasks_of(city, key)["1.1"].row.id
    screen = opened(open_screen, city.unit, key, task_id)
    next(field for field in screen.number_input if field.label == "进度（%）").set_value(100)
    area(screen, "进展情况").set_value("合龙段浇筑完成。")
    assert "已填报“桥梁合龙”的进展" in texts(press(screen, "填报进展"))
    assert rows(sqlite_store, CampaignProgress)[0]["text"] == "合龙段浇筑完成。"
    screen = opened(open_screen, city.unit, key, task_id)
    assert "请写明完成情况" in texts(press(screen, "申请销号"))
    area(screen, "完成情况").set_value("全桥合龙。")
    assert "请等待核验" in texts(press(screen, "申请销号"))
    assert "核验销号" not in [button.label for button in opened(open_screen, city.unit, key, task_id).button]
    screen = opened(open_screen, city.commander, key, task_id)
    assert "请写明退回原因" in texts(press(screen, "退回"))
    area(screen, "核验意见").set_value("现场核实。")
    assert "“桥梁合龙”已销号" in texts(press(screen, "核验销号"))
    assert {row["id"]: row["status"] for row in rows(sqlite_store, CampaignTask)}[task_id] == "closed_out"


def test_second_person_is_told_and_what_was_typed_stays(sqlite_store, city, open_screen) -> None:
    key = launched(city)
    line = tasks_of(city, key)["1.1"]
    screen = opened(open_screen, city.unit, key, line.row.id)
    service.report(city.commander, [TaskReport(line.row.id, line.row.version, 30, "指挥部代报。")])
    next(field for field in screen.number_input if field.label == "进度（%）").set_value(60)
    area(screen, "进展情况").set_value("本单位填报。")
    told = press(screen, "填报进展")
    assert "刚刚被他人修改" in texts(told)
    assert area(told, "进展情况").value == "本单位填报。"
    assert "已填报" in texts(press(told, "填报进展"))
    assert [row["percent"] for row in rows(sqlite_store, CampaignProgress)] == [30, 60]


def test_acceptance_form_refuses_a_pass_with_open_tasks_and_records_it_later(sqlite_store, city, open_screen) -> None:
    key = launched(city)
    screen = choose(open_screen(SCRIPT, city.supervisor, id=str(key)), "验收与销号")
    assert "未销号 3 项，其中逾期 1 项" in texts(screen).replace("\\", "")
    next(one for one in screen.button_group if "有条件通过" in one.options).set_value(Verdict.PASSED)
    area(screen, "验收情况").set_value("逐项核对。")
    assert "还有 3 项任务没有销号" in texts(press(screen, "登记验收"))
    finish(city, key)
    assert "验收通过" in texts(press(screen, "登记验收"))
    assert rows(sqlite_store, Campaign)[0]["status"] == "accepted"


def test_parts_of_a_campaign_are_drawn_with_hostile_names(city, open_screen) -> None:
    key = launched(city, name="<script>alert(1)</script> **粗** " + "长" * 150)
    for part in ("四个清晰", "任务清单", "时间表", "路线图", "成效", "验收与销号", "第三方评估", "过程"):
        screen = choose(open_screen(SCRIPT, city.commander, id=str(key)), part)
        assert not screen.exception
        assert not screen.error
        assert "<script>alert" not in texts(screen)


def test_board_lists_overdue_tasks_and_the_screen_of_a_foreign_campaign_is_not_found(city, open_screen) -> None:
    key = launched(city)
    screen = open_screen(SCRIPT, city.supervisor)
    assert "综合交通大会战" in texts(screen)
    assert "逾期任务 1" in texts(screen)
    lists = choose(screen, "逾期与核验")
    assert "资金到位" in lists.dataframe[0].value["任务"].tolist()
    assert "没有找到该记录" in texts(open_screen(SCRIPT, city.stranger, id=str(key)))


def test_rules_form_puts_a_new_version_in_force(city, open_screen) -> None:
    screen = choose(open_screen(SCRIPT, city.supervisor), "预警规则")
    assert "请写明修改规则的原因" in texts(press(screen, "启用新规则"))
    next(field for field in screen.number_input if "临近" in field.label).set_value(10)
    next(field for field in screen.text_input if "原因" in field.label).set_value("年底加密调度")
    assert "第 1 版已启用" in texts(press(screen, "启用新规则"))
    assert service.read_rules(city.leader).soon_days == 10


def test_address_opens_a_task_once_and_the_list_of_overdue_tasks(city, open_screen) -> None:
    key = launched(city)
    task_id = tasks_of(city, key)["2"].row.id
    screen = open_screen(SCRIPT, city.supervisor, id=str(key), task=str(task_id))
    assert screen.session_state[Key.CAMPAIGN_TASK.value] == (key, task_id)
    assert "task" not in screen.query_params
    lists = open_screen(SCRIPT, city.supervisor, view="tasks")
    assert "资金到位" in lists.dataframe[0].value["任务"].tolist()


@pytest.mark.parametrize(
    ("name", "heading", "tasks"),
    [
        ("due", "11-16 至 11-22 到期任务 1", {"资金到位": "2026-11-22 销号，逾期 2 天完成"}),
        (
            "closed",
            "11-16 至 11-22 核验销号 3",
            {
                "桥梁合龙": "2026-11-22 销号",
                "路面铺筑": "2026-11-22 销号",
                "资金到位": "2026-11-22 销号，逾期 2 天完成",
            },
        ),
    ],
)
def test_address_of_a_week_lists_its_tasks_until_it_is_left(city, open_screen, name, heading, tasks) -> None:
    finish(city, launched(city))
    screen = open_screen(SCRIPT, city.leader, view="tasks", **{name: "2026-11-16"})
    assert heading in texts(screen)
    shown = screen.dataframe[0].value
    assert dict(zip(shown["任务"], shown["时限"], strict=True)) == tasks
    left = press(screen, "收起这一周")
    assert heading not in texts(left)
    assert name not in left.query_params


def test_week_of_a_mangled_address_is_ignored(city, open_screen) -> None:
    launched(city)
    screen = open_screen(SCRIPT, city.leader, view="tasks", due="2026-13-45")
    assert not screen.exception
    assert "收起这一周" not in [button.label for button in screen.button]
    assert "逾期任务 1" in texts(screen)


def test_grid_sends_changed_rows_and_those_ticked_as_unchanged(sqlite_store, city, open_screen) -> None:
    launched(city)
    screen = choose(open_screen(SCRIPT, city.unit), "进展填报")
    assert "应报 2 项，已报 0 项，上期漏报 2 项" in texts(screen).replace("\\", "")
    assert "没有改动" in texts(press(screen, "提交填报"))
    editor = state.variant(Key.CAMPAIGN_FORM, "report_editor", "2026-W47", 1)
    screen.session_state[editor] = {
        "edited_rows": {0: {"进度（%）": 70, "进展情况": "合龙段。"}, 1: {"本期无变化": True}},
        "added_rows": [],
        "deleted_rows": [],
    }
    done = press(screen, "提交填报")
    assert not done.exception
    kept = rows(sqlite_store, CampaignProgress)
    assert [(row["percent"], row["text"]) for row in kept] == [(70, "合龙段。"), (0, "")]
