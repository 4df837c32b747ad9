"""分指挥部: every role, empty stores, a first day from founding to the report, refusals, conflicts, hostile text."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.domain.headquarters import Post
from core.domain.headquarters_reports import ReportCycle
from core.domain.terms import Role
from core.services import headquarters as service
from core.services.headquarters import Charter, MemberDraft
from db.models import Headquarters, HeadquartersReport, HeadquartersStep
from pages.components.headquarters import board_box, matrix_box, member_box, rules_box
from tests.factories import SYSTEM, make_actor, make_headquarters
from tests.support.headquarters import City, make_city
from tests.support.screens import texts

SCRIPT = "command/headquarters.py"
READERS = [Role.LEADER, Role.HEADQUARTERS, Role.COUNTY, Role.UNIT, Role.SUPERVISOR, Role.SYSTEM_ADMIN]


@pytest.fixture
def city(sqlite_store) -> City:
    return make_city(sqlite_store)


def stored(store, model) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.id)).mappings())


def press(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def choose(screen: AppTest, option: str) -> AppTest:
    return next(group for group in screen.button_group if option in group.options).set_value(option).run()


def opened(open_screen, actor, key: int, tab: str = "fronts") -> AppTest:
    return open_screen(SCRIPT, actor, id=str(key), tab=tab)


def test_strangers_are_asked_to_sign_in_and_others_refused(city, open_screen) -> None:
    assert "请重新登录" in texts(open_screen(SCRIPT, None))
    for role in (Role.AUDITOR, Role.SECURITY_ADMIN):
        assert "没有“查看项目”权限" in texts(open_screen(SCRIPT, make_actor(role)))


@pytest.mark.parametrize("role", READERS)
def test_every_reader_sees_the_board_and_only_managers_found(city, open_screen, role) -> None:
    bound = {Role.COUNTY: {"counties": [city.north]}, Role.HEADQUARTERS: {"headquarters": [city.hall]}}
    screen = open_screen(SCRIPT, make_actor(role, **bound.get(role, {})))
    assert not screen.exception
    may = role in (Role.HEADQUARTERS, Role.SUPERVISOR)
    assert ("新建指挥部" in [button.label for button in screen.button]) is may


def test_empty_store_says_how_to_begin(sqlite_store, open_screen) -> None:
    screen = open_screen(SCRIPT, make_actor(Role.SUPERVISOR))
    assert "还没有分指挥部" in texts(screen)
    assert "还没有列入本年度的项目" in texts(choose(screen, "县区交叉表"))


def test_board_shows_progress_problems_and_set_up(city) -> None:
    service.start_set_up(city.manager, city.hall)
    table = board_box.table_of(service.board(city.supervisor)).set_index("指挥部")
    row = table.loc["会堂指挥部"]
    assert (row["指挥长"], row["项目"], row["完成/计划"], row["未办结问题"]) == (
        "周主帅",
        2,
        "12.0 / 30.0",
        "2（逾期 1）",
    )
    assert row["完成率"] == pytest.approx(40)
    assert row["组建"].startswith("○ 0/9")
    assert pd.isna(table.loc["港口指挥部"]["完成率"])


def test_first_day_founds_in_one_form_and_says_what_is_missing(sqlite_store, city, open_screen) -> None:
    screen = press(open_screen(SCRIPT, city.supervisor), "新建指挥部")
    refused = press(screen, "成立并生成组建清单")
    assert "请填写名称" in texts(refused)
    next(field for field in refused.text_input if field.label == "名称").set_value("滨江新城建设指挥部")
    done = press(refused, "成立并生成组建清单")
    assert "已成立，组建清单和期限已生成" in texts(done)
    key = next(row["id"] for row in stored(sqlite_store, Headquarters) if row["name"] == "滨江新城建设指挥部")
    assert len([row for row in stored(sqlite_store, HeadquartersStep) if row["headquarters_id"] == key]) == 9


@pytest.mark.parametrize("tab", ["fronts", "chain", "setup", "reports"])
@pytest.mark.parametrize("role", [Role.LEADER, Role.HEADQUARTERS, Role.COUNTY, Role.SUPERVISOR])
def test_every_tab_is_drawn_for_every_role(city, open_screen, role, tab) -> None:
    service.start_set_up(city.manager, city.hall)
    service.set_schedule(city.manager, city.hall, ReportCycle.MONTHLY, 3, date(2026, 10, 1))
    actor = {Role.HEADQUARTERS: city.manager, Role.COUNTY: city.county}.get(role, make_actor(role))
    screen = opened(open_screen, actor, city.hall, tab)
    assert not screen.exception
    assert "会堂指挥部" in texts(screen)
    assert [error.value for error in screen.error] == []


def test_fronts_lead_to_projects_problems_and_lists(city, open_screen) -> None:
    shown = texts(opened(open_screen, city.manager, city.hall))
    for part in ("大桥", "合龙", "用地未批", f"/problems?count=open&amp;hq={city.hall}", f"/ledger?hq={city.hall}"):
        assert part in shown


def test_headquarters_outside_the_scope_is_not_found(city, open_screen) -> None:
    assert "没有找到该记录" in texts(opened(open_screen, city.county, city.harbour))
    assert "没有找到该记录" in texts(opened(open_screen, city.supervisor, 999_999))


def test_charter_form_saves_and_a_conflict_keeps_what_was_typed(sqlite_store, city, open_screen) -> None:
    screen = press(opened(open_screen, city.manager, city.hall, "setup"), "修改章程")
    area = next(field for field in screen.text_area if field.label == "职责任务")
    area.set_value("统筹会堂片区")
    service.save_charter(city.supervisor, city.hall, Charter("会堂指挥部", mission="他人所写"), 1)
    refused = press(screen, "保存")
    assert "章程刚刚被他人修改" in texts(refused)
    assert next(field for field in refused.text_area if field.label == "职责任务").value == "统筹会堂片区"
    assert "章程已保存" in texts(press(refused, "保存"))
    row = next(row for row in stored(sqlite_store, Headquarters) if row["id"] == city.hall)
    assert (row["mission"], row["version"]) == ("统筹会堂片区", 3)


def test_step_is_ticked_off_on_the_screen(sqlite_store, city, open_screen) -> None:
    service.start_set_up(city.manager, city.hall)
    step = service.read_one(city.manager, city.hall).steps[5]
    screen = opened(open_screen, city.manager, city.hall, "setup")
    next(box for box in screen.selectbox if box.label == "办理组建事项").select(step.id).run()
    done = press(screen, "登记完成")
    assert f"“{step.name}”已登记完成" in texts(done)
    assert next(row for row in stored(sqlite_store, HeadquartersStep) if row["id"] == step.id)["done_on"] is not None


def test_typed_members_become_drafts_and_untouched_rows_none(city) -> None:
    service.save_members(city.manager, city.hall, [MemberDraft("张三", Post.SECONDED, phone="1")])
    seen = service.read_one(city.manager, city.hall).members
    table = member_box._frame(seen, date(2026, 11, 22))
    assert member_box.drafts_of(seen, table) == []
    table.loc[0, "期满"] = pd.Timestamp(2026, 12, 31)
    table.loc[1] = ["李四", "联络员", None, None, pd.Timestamp(2026, 11, 1), pd.NaT, None, None]
    table.loc[2] = [None] * 8
    changed, new = member_box.drafts_of(seen, table)
    assert (changed.id, changed.version, changed.to_on) == (seen[0].id, 1, date(2026, 12, 31))
    assert (new.name, new.post, new.from_on, new.id) == ("李四", Post.LIAISON, date(2026, 11, 1), None)


def test_report_is_previewed_and_noted_as_sent(sqlite_store, city, open_screen) -> None:
    service.set_schedule(city.manager, city.hall, ReportCycle.MONTHLY, 3, date(2026, 10, 1))
    screen = opened(open_screen, city.manager, city.hall, "reports")
    assert "关于2026年10月工作情况的报告" in texts(screen)
    next(field for field in screen.text_area if field.label == "下步打算").set_value("抓好开工").run()
    assert "抓好开工" in texts(screen)
    done = press(screen, "确认已报送")
    assert "2026年10月月报已登记报送" in texts(done)
    (row,) = stored(sqlite_store, HeadquartersReport)
    assert (row["first_on"], row["outlook"]) == (date(2026, 10, 1), "抓好开工")


def test_schedule_is_set_on_the_screen(city, open_screen) -> None:
    done = press(opened(open_screen, city.manager, city.hall, "reports"), "保存")
    assert "月报的报送计划已保存" in texts(done)
    (schedule,) = service.read_one(city.manager, city.hall).schedules
    assert (schedule.cycle, schedule.workdays) == (ReportCycle.MONTHLY, 3)


def test_leader_and_county_see_no_form(city, open_screen) -> None:
    service.start_set_up(city.manager, city.hall)
    for actor in (city.leader, city.county):
        labels = [button.label for button in opened(open_screen, actor, city.hall, "setup").button]
        assert not {"修改章程", "保存成员名单", "登记完成"} & set(labels)


def test_matrix_puts_every_project_into_one_cell(city) -> None:
    found = service.matrix(city.supervisor)
    table = matrix_box.table_of(found, lambda sums: sums.projects).set_index("县区")
    assert table.loc["合计"].to_dict() == {"合计": 3, "会堂指挥部": 2, "未归口": 1}
    assert table.loc["南溪县"].to_dict() == {"合计": 2, "会堂指挥部": 1, "未归口": 1}
    assert matrix_box._filter(found, 2, "未归口").headquarters_ids == (0,)
    assert matrix_box._filter(found, 0, "合计").county_ids == ()


def test_edited_checklist_keeps_the_codes_of_known_steps(city) -> None:
    rules = service.read_set_up(city.supervisor)
    typed = pd.DataFrame(
        [("指挥长到位", 5, "指挥长"), ("刻制印章", 2, None), (None, None, None)],
        columns=["事项", "工作日", "任命后自动完成"],
    )
    found = rules_box.rules_of(rules, typed)
    assert [(step.code, step.workdays, step.post) for step in found.steps] == [
        ("commander", 5, Post.COMMANDER),
        ("own2", 2, None),
    ]


def test_ledger_shows_and_drops_the_step_it_was_opened_with(city, open_screen) -> None:
    screen = open_screen("project/ledger.py", city.supervisor, chain="building", hq=str(city.hall), listing="all")
    assert not screen.exception
    assert "项目链条：建设" in texts(screen).replace("\\", "")
    assert "项目链条" not in texts(press(screen, "不限链条和来源"))
    nobody = open_screen("project/ledger.py", city.supervisor, hq="0")
    assert not nobody.exception


def test_hostile_and_long_names_are_shown_as_text(sqlite_store, city, open_screen) -> None:
    name = "<script>alert(1)</script> **粗** " + "长" * 60
    with sqlite_store.transaction(SYSTEM) as tx:
        key = make_headquarters(tx, name, mission="<img src=x onerror=alert(1)>", goals="[链接](javascript:alert(1))")
    service.start_set_up(city.supervisor, key)
    for tab in ("fronts", "setup"):
        screen = opened(open_screen, city.supervisor, key, tab)
        assert not screen.exception
        assert "<script>" not in texts(screen).replace("\\", "").replace(name, "")
        assert "<img src=x" not in texts(screen)
