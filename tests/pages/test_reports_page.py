"""投资月报: who may see it, fill–send–read back, refused rows, nothing typed is lost, conflict, paste, review, late."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.domain.period import Month
from core.domain.permissions import Actor
from core.domain.report_checks import TypedReport
from core.domain.terms import Role
from core.services import figures, report_entry
from core.services.report_entry import Entry
from db.models import InvestmentReport
from pages.components import state
from pages.components.state import Key
from tests.factories import SYSTEM, YI, make_actor, make_county, make_project
from tests.support.screens import texts

SCRIPT = "project/reports.py"
OCT, NOV = Month(2026, 10), Month(2026, 11)
NINE = dict.fromkeys(range(1, 10), YI)
NASTY = "<script>alert(1)</script>" + "长" * 170
WAN = 10_000


@dataclass(frozen=True)
class City:
    bridge: int
    road: int
    nasty: int
    filler: Actor
    supervisor: Actor


@pytest.fixture
def city(sqlite_store) -> City:
    with sqlite_store.transaction(SYSTEM) as tx:
        county = make_county(tx, "东湖区")
        bridge = make_project(tx, county, "东湖大桥", done_yuan=NINE)
        road = make_project(tx, county, "环湖公路", done_yuan={**NINE, 10: YI})
        nasty = make_project(tx, county, NASTY, done_yuan={**NINE, 10: YI})
    figures.version()
    return City(bridge, road, nasty, make_actor(Role.COUNTY, counties=[county]), make_actor(Role.SUPERVISOR))


def stored(project_id: int, month: Month):
    from db.session import read

    query = select(InvestmentReport.__table__).where(
        InvestmentReport.project_id == project_id,
        InvestmentReport.year == month.year,
        InvestmentReport.month == month.number,
    )
    with read() as connection:
        return connection.execute(query).mappings().one_or_none()


def button(screen: AppTest, label: str):
    return next(item for item in screen.button if item.label == label)


def html(screen: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in screen.get("html"))


def editor_key(screen: AppTest) -> str:
    return state.variant(Key.REPORT_GRID, screen.session_state[Key.REPORT_SEEN.value].generation)


def type_cells(screen: AppTest, cells: dict[int, dict[str, str]]) -> None:
    """Type into the grid without leaving it, as the browser reports it with the next action."""
    screen.session_state[editor_key(screen)] = {"edited_rows": cells, "added_rows": [], "deleted_rows": []}


def send(screen: AppTest, label: str = "提交") -> AppTest:
    button(screen, label).click()
    return screen.run()


def shown(screen: AppTest):
    """The grid as drawn: the only table of the section."""
    return screen.dataframe[0].value if screen.dataframe else screen.get("data_editor")[0].value


def go_to(screen: AppTest, *, section: str = "", month: str = "") -> AppTest:
    if section:
        screen.session_state[Key.REPORT_SECTION.value] = section
    if month:
        screen.session_state[Key.REPORT_MONTH.value] = month
    return screen.run()


def test_reports_page_anonymous_sees_nothing(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, None)
    assert screen.warning[0].value == "登录已失效，请重新登录。"
    assert not screen.button


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_ADMIN, Role.DISPLAY])
def test_reports_page_wrong_role_sees_nothing(city: City, open_screen, role: Role) -> None:
    screen = open_screen(SCRIPT, make_actor(role))
    assert "没有“查看项目”权限" in screen.warning[0].value
    assert not screen.button


def test_reports_page_starts_with_the_oldest_gap_and_says_when_it_counts(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.filler)
    assert screen.session_state[Key.REPORT_MONTH.value] == "2026-10"
    told = texts(screen)
    assert "未报 1" in told
    assert "报送截止 2026-10-25（已过 28 天），已计入大屏" in told
    assert "本年缺报：10月 1 份、11月 3 份" in told
    screen = go_to(screen, month="2026-11")
    assert "还有 3 天），2026-11-26 起计入大屏" in texts(screen)


def test_reports_page_fill_send_read_back(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.filler)
    type_cells(screen, {0: {"本月完成": "8,000", "形象进度": NASTY}})
    screen = send(screen)
    row = stored(city.bridge, OCT)
    assert (row["status"], row["done_yuan"], row["physical_progress"]) == ("submitted", 8000 * WAN, NASTY)
    assert "1 个项目已提交" in texts(screen)
    table = shown(screen)
    assert (table.loc[0, "状态"], table.loc[0, "本月完成"], table.loc[0, "年累计"]) == ("已报", "8000", "98,000")
    assert table.loc[2, "项目"] == NASTY
    assert "<script" not in html(screen)
    assert screen.session_state[Key.REPORT_MONTH.value] == "2026-10", "the month stays although October is complete"


def test_reports_page_saves_the_good_rows_and_keeps_the_refused_ones(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.filler, month="2026-11")
    type_cells(
        screen, {0: {"本月完成": "5000"}, 1: {"本月完成": "-1", "存在问题": "缺土方"}, 2: {"本月完成": "80000000"}}
    )
    screen = send(screen)
    assert stored(city.bridge, NOV)["done_yuan"] == 5000 * WAN
    assert stored(city.road, NOV) is None
    assert "2 行没有保存" in texts(screen)
    table = shown(screen)
    assert list(table["状态"]) == ["已报", "未保存", "未保存"]
    assert list(table["本月完成"]) == ["5000", "-1", "80000000"]
    assert table.loc[1, "存在问题"] == "缺土方"
    assert "不能为负数" in table.loc[1, "请核实"]
    assert "请改为 8000；" in html(screen)
    type_cells(screen, {1: {"本月完成": "1"}, 2: {"本月完成": "8000"}})
    screen = send(screen)
    assert stored(city.road, NOV)["difficulty"] == "缺土方"
    assert stored(city.nasty, NOV)["done_yuan"] == 8000 * WAN
    assert list(shown(screen)["状态"]) == ["已报", "已报", "已报"]
    assert "没有保存" not in texts(screen)


def test_reports_page_keeps_typed_cells_over_months_sections_and_filters(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.filler, month="2026-11")
    type_cells(screen, {0: {"本月完成": "5000"}})
    screen = go_to(screen, month="2026-09")
    assert shown(screen).loc[0, "本月完成"] == "10000"
    screen = go_to(screen, month="2026-11", section="未报名单")
    screen = go_to(screen, section="填报")
    assert shown(screen).loc[0, "本月完成"] == "5000"
    assert shown(screen).loc[0, "状态"] == "待提交"
    type_cells(screen, {1: {"本月完成": "6000"}})
    screen.text_input[0].set_value("东湖大桥").run()
    screen.text_input[0].set_value("").run()
    assert list(shown(screen)["本月完成"]) == ["5000", "6000", ""]
    send(screen)
    assert (stored(city.bridge, NOV)["done_yuan"], stored(city.road, NOV)["done_yuan"]) == (5000 * WAN, 6000 * WAN)
    assert stored(city.bridge, Month(2026, 9))["version"] == 1


def test_reports_page_typed_back_is_nothing_to_save(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.filler)
    type_cells(screen, {1: {"本月完成": "10000"}})
    screen = send(screen)
    assert "没有需要保存的内容" in texts(screen)
    assert stored(city.road, OCT)["version"] == 1


def test_reports_page_pending_may_be_given_up(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.filler)
    type_cells(screen, {0: {"本月完成": "5000"}})
    screen = screen.run()
    screen = send(screen, "放弃未提交的修改")
    assert shown(screen).loc[0, "本月完成"] == ""
    assert "没有需要保存的内容" in texts(send(screen))


def test_reports_page_draft_is_kept_and_sent_later(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.filler)
    type_cells(screen, {0: {"本月完成": "5000", "下步措施": "倒排工期"}})
    screen = send(screen, "保存草稿")
    assert (stored(city.bridge, OCT)["status"], stored(city.bridge, OCT)["done_yuan"]) == ("missing", 5000 * WAN)
    assert shown(screen).loc[0, "状态"] == "草稿"
    send(open_screen(SCRIPT, city.filler))
    assert stored(city.bridge, OCT)["status"] == "submitted"


def conflict(city: City, open_screen) -> AppTest:
    screen = open_screen(SCRIPT, city.filler)
    report_entry.submit(SYSTEM, OCT, [Entry(city.bridge, None, TypedReport("100", difficulty="对方写的"))])
    type_cells(screen, {0: {"本月完成": "200", "存在问题": "我写的"}})
    return send(screen)


def test_reports_page_conflict_shows_both_and_mine_may_win(city: City, open_screen) -> None:
    screen = conflict(city, open_screen)
    assert stored(city.bridge, OCT)["done_yuan"] == 100 * WAN
    assert "对方写的" in html(screen)
    assert "我写的" in html(screen)
    assert shown(screen).loc[0, "本月完成"] == "200"
    screen = send(screen, "以我的为准再次提交")
    assert (stored(city.bridge, OCT)["done_yuan"], stored(city.bridge, OCT)["difficulty"]) == (200 * WAN, "我写的")
    assert "对方写的" not in html(screen)


def test_reports_page_conflict_may_be_given_up(city: City, open_screen) -> None:
    screen = send(conflict(city, open_screen), "采用对方版本")
    assert shown(screen).loc[0, "本月完成"] == "100"
    assert shown(screen).loc[0, "状态"] == "已报"
    assert stored(city.bridge, OCT)["version"] == 1


def test_reports_page_doubts_stand_beside_the_row(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.filler)
    type_cells(screen, {0: {"本月完成": "80000", "填报年累计": "1"}})
    screen = send(screen)
    assert stored(city.bridge, OCT)["status"] == "submitted"
    assert "请核实" in shown(screen).loc[0, "请核实"]
    assert "低于 9 月已报累计" in html(screen)


def test_reports_page_paste_is_previewed_and_sent_only_on_request(city: City, open_screen) -> None:
    screen = go_to(open_screen(SCRIPT, city.filler), section="粘贴导入")
    screen.text_area[0].set_value(
        f"项目名称\t本月完成（亿元）\t存在问题\n东湖大桥\t0.5\t\n{NASTY}x\t1\t\n环湖公路\t很多\t缺土方"
    )
    screen = send(screen, "预览")
    preview = screen.dataframe[0].value
    assert list(preview["对应项目"]) == ["东湖大桥", "未找到", "环湖公路"]
    assert "没有找到" in preview.loc[1, "说明"]
    assert "不是数字" in preview.loc[2, "说明"]
    screen = send(screen, "采用 2 行")
    assert stored(city.bridge, OCT) is None
    screen = go_to(screen, section="填报")
    table = shown(screen)
    assert list(table["本月完成"]) == ["0.5亿元", "很多", "10000"]
    assert list(table["状态"]) == ["待提交", "待提交", "已报"]
    send(screen)
    assert stored(city.bridge, OCT)["done_yuan"] == 5000 * WAN
    assert (stored(city.road, OCT)["done_yuan"], stored(city.road, OCT)["version"]) == (YI, 1)


def review_table(screen: AppTest, rows: list[int]) -> AppTest:
    prefix = f"{Key.REPORT_REVIEW.value}_"
    key = next(
        name
        for name in screen.session_state
        if name.startswith(prefix) and isinstance(screen.session_state[name], dict)
    )
    screen.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return screen.run()


def test_reports_page_review_return_and_lock(city: City, open_screen) -> None:
    screen = review_table(go_to(open_screen(SCRIPT, city.filler), section="审核"), [1])
    assert [item.label for item in screen.button] == ["审核通过所选 1 份", "退回所选月报"]
    send(screen, "审核通过所选 1 份")
    assert (stored(city.road, OCT)["status"], stored(city.nasty, OCT)["status"]) == ("submitted", "reviewed")
    screen = review_table(go_to(open_screen(SCRIPT, city.filler), section="审核"), [0])
    screen = send(screen, "退回所选月报")
    assert "请写明原因" in texts(screen)
    screen.text_area[0].set_value("与凭证不符，请核对")
    screen = send(screen, "退回所选月报")
    assert (stored(city.road, OCT)["status"], stored(city.road, OCT)["return_reason"]) == (
        "returned",
        "与凭证不符，请核对",
    )
    screen = go_to(open_screen(SCRIPT, city.supervisor, month="2026-10"), section="审核")
    screen.session_state[Key.REPORT_STATE.value] = "reviewed"
    screen = send(screen.run(), "锁定 1 份")
    assert stored(city.nasty, OCT)["status"] == "locked"


def test_reports_page_returned_row_says_why(city: City, open_screen) -> None:
    from core.services import report_review

    report_review.return_for_revision(SYSTEM, stored(city.road, OCT)["id"], "与凭证不符，请核对", 1)
    table = shown(open_screen(SCRIPT, city.filler))
    assert (table.loc[1, "状态"], table.loc[1, "请核实"]) == ("已退回", "退回原因：与凭证不符，请核对")


def test_reports_page_locked_row_refuses_and_keeps_what_was_typed(city: City, open_screen) -> None:
    from core.services import report_review

    report_review.review(SYSTEM, [(stored(city.road, OCT)["id"], 1)])
    report_review.lock_month(SYSTEM, OCT)
    screen = open_screen(SCRIPT, city.filler)
    type_cells(screen, {1: {"本月完成": "1"}})
    screen = send(screen)
    assert "已锁定，不能直接修改" in shown(screen).loc[1, "请核实"]
    assert shown(screen).loc[1, "本月完成"] == "1"
    assert stored(city.road, OCT)["done_yuan"] == YI


def test_reports_page_late_list_names_and_days(city: City, open_screen) -> None:
    screen = go_to(open_screen(SCRIPT, city.filler), section="未报名单")
    counties, names = (table.value for table in screen.dataframe)
    assert list(counties.loc[0, ["县区", "应报", "已报", "未报"]]) == ["东湖区", 3, 2, 1]
    assert list(names["项目"]) == [f"/project?id={city.bridge}#东湖大桥"]
    assert list(names["时限"]) == ["逾期 28 天"]


def test_reports_page_supervisor_reads_the_sheet_only(city: City, open_screen) -> None:
    screen = open_screen(SCRIPT, city.supervisor)
    assert len(shown(screen)) == 3
    assert not screen.button
    assert not screen.get("data_editor")


def test_reports_page_empty_store(sqlite_store, open_screen) -> None:
    screen = open_screen(SCRIPT, make_actor(Role.HEADQUARTERS, headquarters=[1]))
    assert "没有需要报送的项目" in texts(screen)
    assert not screen.exception
    assert not screen.error
