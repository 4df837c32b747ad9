"""开工与储备: every part for every role, refresh and typing in the table, readiness in its dialog, empty store."""

from datetime import date

import pytest

from core.domain.start_terms import ProcedureKind, WatchList
from core.domain.terms import Role
from core.services import starts
from core.services.starts import ItemEdit, StartFilter, WatchFilter
from pages.components.state import Key
from tests import factories as make
from tests.support import start_city
from tests.support.screens import texts
from tests.support.start_city import SUPERVISOR

SCRIPT = "command/starts.py"
PARTS = ["未开工清单", "滞后清单", "负面清单", "开工条件", "项目储备", "入库入统"]


@pytest.fixture
def city(sqlite_store):
    return start_city.build(sqlite_store)


def button(screen, label):
    return next(found for found in screen.button if found.label.startswith(label))


def labels(screen) -> set[str]:
    return {found.label for found in screen.button}


def part(open_screen, actor, name):
    screen = open_screen(SCRIPT, actor)
    screen.session_state[Key.START_VIEW.value] = name
    screen.run()
    assert not screen.exception
    return screen


def items() -> dict[str, starts.WatchRow]:
    return {row.project_name: row for row in starts.find(SUPERVISOR, WatchFilter()).rows}


@pytest.mark.parametrize("name", PARTS)
def test_every_part_says_so_when_there_is_nothing(sqlite_store, open_screen, name) -> None:
    screen = part(open_screen, SUPERVISOR, name)
    assert len(screen.info) == 1
    assert not screen.error


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("role", [Role.LEADER, Role.HEADQUARTERS, Role.COUNTY, Role.UNIT, Role.SYSTEM_ADMIN])
def test_every_role_that_reads_projects_reads_every_part(city, open_screen, role, name) -> None:
    starts.refresh(SUPERVISOR)
    bound = (
        {"counties": [city["east"]]} if role is Role.COUNTY else {"units": [city["unit"]]} if role is Role.UNIT else {}
    )
    screen = part(open_screen, make.make_actor(role, **bound), name)
    assert not screen.error
    may_edit = role in (Role.HEADQUARTERS, Role.COUNTY)
    assert any(label.startswith("清单已是最新") for label in labels(screen)) == (may_edit and name in PARTS[:3])
    assert ("粘贴日期" in labels(screen)) == (may_edit and name == "开工条件")


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR])
def test_others_are_told_that_they_may_not(city, open_screen, role) -> None:
    assert "您没有“查看项目”权限" in texts(open_screen(SCRIPT, make.make_actor(role)))


def test_anonymous_visitor_is_asked_to_sign_in(sqlite_store, open_screen) -> None:
    assert "登录已失效" in texts(open_screen(SCRIPT, None))


def test_list_is_made_by_its_button_and_what_is_typed_is_saved(city, open_screen) -> None:
    screen = part(open_screen, SUPERVISOR, "未开工清单")
    button(screen, "更新清单（列入 2）").click().run()
    assert "列入 2 项，移出 0 项" in texts(screen)
    assert "在列 1 项，未填措施 1 项" in texts(screen)
    seen = screen.session_state[Key.START_SEEN.value]
    cells = {"整改措施": "每周调度", "责任单位": "交通局", "责任人": "王主任（主任）", "期限": "2026-12-31"}
    screen.session_state[seen.key] = {"edited_rows": {0: cells}, "added_rows": [], "deleted_rows": []}
    screen.run()
    button(screen, "保存 1 行").click().run()
    assert not screen.exception
    row = items()["迟开工程"]
    assert (row.measures, row.owner_unit_name, row.owner_person_name) == ("每周调度", "交通局", "王主任")
    assert row.due_on == date(2026, 12, 31)


def test_typed_cells_stay_when_somebody_else_was_faster(city, open_screen) -> None:
    starts.refresh(SUPERVISOR)
    screen = part(open_screen, SUPERVISOR, "未开工清单")
    seen = screen.session_state[Key.START_SEEN.value]
    typed = {"edited_rows": {0: {"整改措施": "我的"}}, "added_rows": [], "deleted_rows": []}
    screen.session_state[seen.key] = typed
    screen.run()
    other = ItemEdit.of(items()["迟开工程"])
    starts.save_items(SUPERVISOR, [ItemEdit(other.item_id, other.expected_version, None, None, other.due_on, "别人的")])
    button(screen, "保存 1 行").click().run()
    assert "刚刚被他人修改" in texts(screen)
    assert items()["迟开工程"].measures == "别人的"
    assert "保存 1 行" in labels(screen)
    button(screen, "放弃修改").click().run()
    assert [row.measures for row in screen.session_state[Key.START_SEEN.value].found.rows] == ["别人的"]
    assert "保存 1 行" not in labels(screen)


def test_matrix_shows_marks_and_the_dialog_saves_days(city, open_screen) -> None:
    screen = part(open_screen, SUPERVISOR, "开工条件")
    shown = screen.dataframe[0].value.to_string()
    assert "● 已办" in shown
    assert "？ 未填" in shown
    assert "共 2 项，条件齐备 0 项" in texts(screen)
    screen.session_state[Key.START_PROJECT.value] = city["reserve"]
    screen.run()
    assert "尚缺" in texts(screen)
    assert "储备工程" in texts(screen)
    assert not screen.exception


def test_pool_and_statistics_print_their_definitions(city, open_screen) -> None:
    screen = part(open_screen, SUPERVISOR, "项目储备")
    assert "储备转化率（含新增储备口径）**33.3%**" in texts(screen)
    assert "1 ÷ 3 项" in texts(screen)
    screen = part(open_screen, SUPERVISOR, "入库入统")
    assert "入统率 0.0%（0 ÷ 2 项）" in texts(screen)
    assert "总投资 500 万元以上" in texts(screen)


def test_rules_are_edited_by_supervision_with_a_reason(city, open_screen) -> None:
    screen = part(open_screen, SUPERVISOR, "规则")
    next(one for one in screen.number_input if one.label.startswith("WCH-11")).set_value(80)
    button(screen, "保存为新版本").click().run()
    assert "请写明调整规则的原因" in texts(screen)
    screen.text_input[0].set_value("按市政府调度会要求")
    button(screen, "保存为新版本").click().run()
    assert "规则第 1 版已生效" in texts(screen)
    assert [rule.threshold for rule in starts.read_rules(SUPERVISOR).of(WatchList.LAGGING)] == [80, 15]
    assert "规则" not in open_screen(SCRIPT, make.make_actor(Role.LEADER)).segmented_control[0].options


def test_project_page_shows_readiness_until_it_began_without_any(city, open_screen) -> None:
    shown = texts(open_screen("project/detail.py", SUPERVISOR, id=str(city["reserve"])))
    assert "开工条件" in shown
    assert "具备 1/8" in shown
    assert "开工条件" not in texts(open_screen("project/detail.py", SUPERVISOR, id=str(city["good"])))


def test_filter_keeps_only_what_is_named(city, open_screen) -> None:
    table = starts.matrix(SUPERVISOR, StartFilter(text="储备"))
    assert [one.row.name for one in table.rows] == ["储备工程"]
    assert table.rules.readiness.required == tuple(ProcedureKind)


def test_address_names_the_part_and_opens_the_project_once(city, open_screen) -> None:
    screen = open_screen(SCRIPT, SUPERVISOR, view="readiness", project=str(city["reserve"]))
    assert "尚缺" in texts(screen)
    assert screen.segmented_control[0].value == "开工条件"
    assert "project" not in screen.query_params
    west = make.make_actor(Role.COUNTY, counties=[city["west"]])
    assert "没有找到该记录" in texts(open_screen(SCRIPT, west, view="readiness", project=str(city["reserve"])))
