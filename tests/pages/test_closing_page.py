"""月结 page, the correction form, and the time machine: one screen as of a closed month, live again by one click."""

from datetime import date

import pytest

from core.domain.period import Month
from core.domain.terms import Role
from core.services import calendar, closing
from pages.components.state import Key
from tests import factories as make
from tests.factories import SYSTEM, YI
from tests.support.screens import texts

CLOSING, REPORTS, LEDGER, WALL = "admin/closing.py", "project/reports.py", "project/ledger.py", "posture/wall.py"
OCTOBER = Month(2026, 10)
SUPERVISOR = make.make_actor(Role.SUPERVISOR, login="sup")


@pytest.fixture
def city(sqlite_store):
    with sqlite_store.transaction(SYSTEM) as tx:
        county = make.make_county(tx, "东县")
        first = make.make_project(tx, county, "一号工程", done_yuan=dict.fromkeys(range(1, 11), YI))
        make.make_project(tx, county, "二号工程", done_yuan=dict.fromkeys(range(1, 10), YI))
    return {"county": county, "one": first}


def button(screen, label):
    return next(found for found in screen.button if found.label.startswith(label))


def test_month_is_closed_from_the_screen_after_a_reason_and_a_confirmation(city, open_screen) -> None:
    screen = open_screen(CLOSING, SUPERVISOR)
    assert "请尽快报送2026年10月投资月报" in screen.code[0].value
    button(screen, "月结 2026年10月").click().run()
    assert "请先勾选确认" in texts(screen)
    screen.checkbox[0].check()
    button(screen, "月结 2026年10月").click().run()
    assert "还有 1 个项目未报2026年10月月报" in texts(screen)
    screen.text_input[0].set_value("二号工程停工")
    button(screen, "月结 2026年10月").click().run()
    assert "2026年10月已月结封存" in texts(screen)
    assert [row.month for row in closing.closed_months(SUPERVISOR)] == [OCTOBER]
    button(screen, "核验封存数据").click().run()
    assert "封存数据完好" in texts(screen)


def test_screen_shows_the_closed_month_and_comes_back(city, open_screen, sqlite_store) -> None:
    closing.close(SUPERVISOR, OCTOBER, "二号工程停工")
    with sqlite_store.transaction(SYSTEM) as tx:
        make.make_project(tx, city["county"], "新来工程")
    screen = open_screen(LEDGER, SUPERVISOR)
    live = texts(screen)
    screen.session_state[Key.AS_OF_MONTH.value] = "2026-10"
    screen.run()
    assert "正在查看 2026年10月 封存数据" in texts(screen)
    assert "共 2 项" in texts(screen).replace("**", "") or texts(screen) != live
    button(screen, "返回实时").click().run()
    assert "封存数据" not in texts(screen)


def test_wall_of_a_closed_month_says_so(city, open_screen) -> None:
    closing.close(SUPERVISOR, OCTOBER, "二号工程停工")
    screen = open_screen(WALL, SUPERVISOR, month="2026-10")
    assert not screen.exception
    screen = open_screen(WALL, SUPERVISOR, month="2026-09")
    assert "2026年9月还没有月结" in texts(screen)
    screen = open_screen(WALL, SUPERVISOR, month="九月")
    assert "月份请写成" in texts(screen)


def test_report_of_a_closed_month_offers_a_correction_that_supervision_decides(city, open_screen) -> None:
    closing.close(SUPERVISOR, OCTOBER, "二号工程停工")
    clerk = make.make_actor(Role.COUNTY, login="east", counties=[city["county"]])
    screen = open_screen(REPORTS, clerk, month="2026-10")
    assert "月报不能直接修改" in texts(screen)
    screen.session_state[Key.REPORT_SECTION.value] = "更正"
    screen.run()
    assert "2026年10月已月结封存" in texts(screen)
    fields = {field.label: field for field in screen.text_input}
    fields["本月完成更正为（万元）"].set_value("二十")
    button(screen, "提出更正").click().run()
    assert "不是数字，请填写万元数" in texts(screen)
    fields = {field.label: field for field in screen.text_input}
    fields["本月完成更正为（万元）"].set_value("20,000")
    fields["更正原因"].set_value("发票跨月核定")
    button(screen, "提出更正").click().run()
    (row,) = closing.list_corrections(SUPERVISOR)
    assert (row.project_id, row.new) == (city["one"], '{"done_yuan": 200000000}')
    desk = open_screen(CLOSING, SUPERVISOR)
    button(desk, "批准").click().run()
    assert closing.list_corrections(SUPERVISOR)[0].status.value == "approved"


def test_local_working_day_is_noted_with_its_notice(city, open_screen) -> None:
    screen = open_screen(CLOSING, SUPERVISOR)
    button(screen, "保存").click().run()
    assert "请选择日期" in texts(screen)
    calendar.set_day(SUPERVISOR, date(2026, 12, 5), True, "市政府办通知")
    assert calendar.read_year(SUPERVISOR, 2026).days[0].is_working is True


def test_closing_is_supervision_s_alone(city, open_screen) -> None:
    screen = open_screen(CLOSING, make.make_actor(Role.LEADER))
    assert "月结" in screen.warning[0].value
